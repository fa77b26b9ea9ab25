"""The report of findings for a terminal: what is missing in a group's working text."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from documents.reading.gaps.finding import KINDS
from documents.reading.gaps.report import as_rows, open_in, report_of
from mandates.models import WorkingGroup


class Command(BaseCommand):
    help = (
        "Prints what is missing in the working text of a group, in its calendar and in its papers, as the page of "
        "findings has it; exit 1 if a finding is open, 0 if none is. Findings that are accepted as they are count not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--group", required=True, metavar="SLUG")
        parser.add_argument("--json", action="store_true", help="everything, accepted findings too, as one object")

    def handle(self, *args: Any, **options: Any) -> None:
        group = WorkingGroup.objects.standing().filter(slug=options["group"]).select_related("plan").first()
        if group is None:
            raise CommandError(f"There is no group “{options['group']}”.", returncode=2)
        if not hasattr(group, "plan"):
            raise CommandError("This group has no work plan yet.", returncode=2)
        with override(group.name.original):
            entries = report_of(group)
            if options["json"]:
                rows = as_rows(entries, lambda address: settings.ORIGIN + address)
                self.stdout.write(json.dumps({"group": group.slug, "findings": rows}, ensure_ascii=False, indent=2))
            else:
                self._print(entries)
        if found := open_in(entries):
            raise CommandError(f"open findings: {len(found)}")

    def _print(self, entries: list[Any]) -> None:
        for kind, title in KINDS.items():
            of_kind = [entry for entry in entries if entry.finding.kind == kind]
            if not of_kind:
                continue
            self.stdout.write(f"{title} ({len(of_kind)})")
            for entry in of_kind:
                self.stdout.write(f"  {entry.finding.says} {entry.finding.more}".rstrip())
                if entry.owner:
                    self.stdout.write(f"    taken care of by {entry.owner}")
                if entry.is_accepted:
                    self.stdout.write(f"    accepted as it is: {entry.because}")
