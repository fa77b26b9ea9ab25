"""Loads the MISPA IV working group of 2013."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import serializers
from django.core.management.base import BaseCommand
from django.db import transaction

from documents.actions import issue_plan, release_plan
from documents.models import Release
from documents.reading.texts import working_text
from mandates.models import WorkingGroup
from mispa.ground.changes import changes

FIXTURE = Path(settings.BASE_DIR) / "fixtures" / "mispa_iv.json"


class Command(BaseCommand):
    help = "Saves the MISPA IV group through one change-set and releases its draft; does nothing where it exists."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if WorkingGroup.objects.filter(slug="mispa-iv").exists():
            self.stdout.write("The MISPA IV group is there already; nothing was changed.")
            return
        reason = "The working group of 2013, as its draft work plan and the public record give it"
        with changes(by=None, reason=reason, source="command"):
            items = list(serializers.deserialize("json", FIXTURE.read_text(encoding="utf-8")))
            for item in items:
                item.object.full_clean()
                item.object.save()  # not item.save(), which is raw and would leave no history
            plan = WorkingGroup.objects.get(slug="mispa-iv").plan
            edition = issue_plan(plan=plan, by=None, reason=reason, seen=working_text(plan).seal, source="command")
            release_plan(
                edition=edition,
                audience=Release.Audience.PUBLIC,
                by=None,
                consent="Presumed for this demonstration: the draft of 2013 is a public paper.",
                reason=reason,
                source="command",
            )
        self.stdout.write(
            f"The MISPA IV group is loaded: {len(items)} records, edition 1 of its draft work plan released."
        )
