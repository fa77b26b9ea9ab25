"""Holds the files of papers against the storage."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from documents.files.verifying import Fault, Finding, Inspection

QUIET = timedelta(hours=1)  # what is younger may belong to a change that is being saved at this moment


class Command(BaseCommand):
    help = (
        "Reads every file of a paper in the storage and names what is lost, what was altered and what belongs to no "
        "row; exit 1 if anything is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="the findings as one object")
        parser.add_argument(
            "--sweep", action="store_true", help="delete what belongs to no row and is older than an hour"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        inspection = Inspection()
        found = [one for one in inspection.all() if not (options["sweep"] and _swept(one))]
        if options["json"]:
            told = {"files": inspection.files, "findings": [asdict(one) for one in found]}
            self.stdout.write(json.dumps(told, indent=1))
        else:
            for one in found:
                self.stdout.write(str(one))
        if found:
            raise CommandError(f"files: {inspection.files}, findings: {len(found)}")
        if not options["json"]:
            self.stdout.write(f"files: {inspection.files}; all is as it was sent")


def _swept(finding: Finding) -> bool:
    if finding.fault != Fault.ORPHANED:
        return False
    if timezone.now() - default_storage.get_created_time(finding.name) < QUIET:
        return False
    default_storage.delete(finding.name)  # untracked: no row ever named it
    return True
