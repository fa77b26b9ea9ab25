"""Makes the index of the search again."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from documents.models import SearchEntry
from documents.searching.indexing import rebuild
from documents.searching.tables import make_trigrams


class Command(BaseCommand):
    help = "Brings the index of the search up to date with everything that can be found; others may write meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        make_trigrams(connection)  # somebody may have created the extension since
        for source, done, number in rebuild():
            if options["verbosity"]:
                name = source.model._meta.verbose_name_plural
                self.stdout.write(f"\r{name}: {done} of {number}", ending="\n" if done == number else "")
                self.stdout.flush()
        self.stdout.write(f"entries: {SearchEntry.objects.count()}")
