"""Writes what the pages show: a plan, or its calendar, as a file."""

import json
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from documents import snapshot
from documents.pdf import work_plan_pdf
from documents.reading import Reading, of_edition, working_record, working_text
from mandates.models import WorkingGroup
from meetings.ical import calendar_file, stamps
from meetings.models import Meeting


class Command(BaseCommand):
    help = (
        "Writes the work plan as PDF or JSON, or the calendar file; without --draft or --edition, the latest edition."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--group", required=True, metavar="SLUG")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--draft", action="store_true", help="the working text")
        which.add_argument("--edition", type=int, metavar="N")
        parser.add_argument(
            "--as-of", metavar="T", help="the working text at an instant, such as 2013-09-12T11:42-04:00"
        )
        parser.add_argument("--lang", choices=["en", "es", "fr", "pt"], help="default: the original language")
        parser.add_argument("--format", required=True, choices=["pdf", "json", "ics"])
        parser.add_argument("-o", "--output", required=True, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        group = WorkingGroup.objects.standing().filter(slug=options["group"]).select_related("plan").first()
        if group is None:
            raise CommandError(f"There is no group “{options['group']}”.")
        content = self.calendar(group) if options["format"] == "ics" else self.plan(group, options)
        try:
            Path(options["output"]).write_bytes(content)
        except OSError as error:
            raise CommandError(f"{options['output']} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{options['output']}: {len(content):,} bytes")

    def plan(self, group: WorkingGroup, options: dict[str, Any]) -> bytes:
        reading = self.reading(group, options)
        if options["format"] == "json":
            return json.dumps(reading.as_json(), ensure_ascii=False, indent=1, cls=DjangoJSONEncoder).encode()
        original = reading.json_text["plan"]["original_language"]
        language = options["lang"] or original
        if reading.edition and language == original:
            return bytes(reading.edition.files.get(name="work-plan.pdf", language=language).content)
        return work_plan_pdf(reading.text, reading.record, language)

    def reading(self, group: WorkingGroup, options: dict[str, Any]) -> Reading:
        if options["as_of"]:
            if not options["draft"]:
                raise CommandError("--as-of goes with --draft: an edition does not change.")
            at = _instant(options["as_of"])
            if not group.plan.history.filter(change_set__at__lte=at).exists():
                raise CommandError("The plan did not exist at that instant.")
            taken = snapshot.take(group.plan, at)
            return Reading(group.plan, taken.text, working_record(taken), None)
        if options["draft"]:
            return working_text(group.plan)
        editions = group.plan.editions.select_related("plan__group", "change_set", "previous").prefetch_related(
            "releases"
        )
        edition = editions.last() if options["edition"] is None else editions.filter(number=options["edition"]).first()
        if edition is None:
            raise CommandError("There is no such edition; --draft writes the working text.")
        return of_edition(edition)

    def calendar(self, group: WorkingGroup) -> bytes:
        """The meetings that everybody may see, with their pages under the first name of this installation."""
        host = next((name for name in settings.ALLOWED_HOSTS if name[0] not in "*."), "localhost")
        origin = f"{'https' if settings.HTTPS else 'http'}://{host}"
        meetings = list(
            Meeting.objects.standing()
            .exclude(status=Meeting.Status.PROPOSED)
            .in_calendar(group)
            .with_places()
            .prefetch_related("topics")
        )
        return calendar_file(
            group,
            meetings,
            stamps=stamps(meetings),
            page_url=lambda meeting: origin + meeting.get_absolute_url(),
            language=group.name.original,
        )


def _instant(typed: str) -> datetime:
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        at = datetime.min
    if at.tzinfo is None:
        raise CommandError(f"“{typed}” is no instant; write one with its offset: 2013-09-12T11:42-04:00.")
    return at
