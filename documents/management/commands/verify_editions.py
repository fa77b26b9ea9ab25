"""Recomputes every seal and all that hangs on it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from documents.verifying.audit import Audit
from mandates.models import WorkPlan


class Command(BaseCommand):
    help = "Recomputes every seal, chain, correction and file, and names what differs; exit 1 if anything does."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--group", metavar="SLUG", help="only this group; default: all")

    def handle(self, *args: Any, **options: Any) -> None:
        plans = WorkPlan.objects.select_related("group").order_by("group__slug")
        if options["group"]:
            plans = plans.filter(group__slug=options["group"])
            if not plans.exists():
                raise CommandError(f"There is no group “{options['group']}”.")
        audit, wrong = Audit(), 0
        for plan in plans:
            for difference in audit.of(plan):
                self.stdout.write(str(difference))
                wrong += 1
        looked_at = f"editions: {audit.editions}, files: {audit.files}"
        if wrong:
            raise CommandError(f"{looked_at}, differences: {wrong}")
        self.stdout.write(f"{looked_at}; all is as it was sealed")
