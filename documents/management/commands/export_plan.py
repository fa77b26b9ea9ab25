"""Writes what the pages show: a plan, or its calendar, as a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from documents.models import Edition
from documents.printing.files import as_json, sealed_calendar
from documents.printing.rendering import file_at_once
from documents.reading.asof import NotAnInstant, read_instant
from documents.reading.texts import Reading, issued_text, of_edition, working_text
from mandates.models import WorkingGroup
from meetings.ical import feed
from meetings.models import Meeting
from mispa.ground.text import LANGUAGES


class Command(BaseCommand):
    help = (
        "Writes the work plan as PDF, Word or JSON, or its calendar file, byte for byte as the pages give it. Without "
        "--draft and --edition: the text in force, else the latest edition; as calendar file the public calendar of "
        "now, unless --as-of is given."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--group", required=True, metavar="SLUG")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--draft", action="store_true", help="the working text")
        which.add_argument("--edition", type=int, metavar="N")
        parser.add_argument("--corrigendum", type=int, metavar="M", help="the edition as this corrigendum has it")
        parser.add_argument("--as-of", metavar="T", help="what was so then: 2013-09-12, or 2013-09-12T11:42-04:00")
        parser.add_argument("--lang", choices=LANGUAGES, help="default: the original language")
        parser.add_argument("--format", required=True, choices=["pdf", "json", "docx", "ics"])
        parser.add_argument("-o", "--output", required=True, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        group = WorkingGroup.objects.standing().filter(slug=options["group"]).select_related("plan").first()
        if group is None:
            raise CommandError(f"There is no group “{options['group']}”.")
        is_live = options["format"] == "ics" and not _names_a_text(options)
        content = _calendar(group, options["lang"]) if is_live else self.file(_reading(group, options), options)
        try:
            Path(options["output"]).write_bytes(content)
        except OSError as error:
            raise CommandError(f"{options['output']} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{options['output']}: {len(content):,} bytes")

    def file(self, reading: Reading, options: dict[str, Any]) -> bytes:
        text, record, extension = reading.json_text, reading.record, options["format"]
        language = options["lang"] or reading.original
        if extension == "json":
            return as_json(reading.as_json())
        if extension == "ics":
            return sealed_calendar(text, record["last_change_at"], language)
        return file_at_once(text, record, reading.edition, f"work-plan.{extension}", language, self.tell)

    def tell(self, page: int) -> None:
        self.stderr.write(f"Page {page} is being set.", style_func=str)


def _names_a_text(options: dict[str, Any]) -> bool:
    return options["draft"] or any(options[name] is not None for name in ("edition", "corrigendum", "as_of"))


def _reading(group: WorkingGroup, options: dict[str, Any]) -> Reading:
    """The text that is asked for, whoever may read it: who has the shell has the database."""
    number, corrigendum, typed = options["edition"], options["corrigendum"], options["as_of"]
    if number is None and corrigendum is not None:
        raise CommandError("--corrigendum goes with --edition: it corrects one.")
    if number is not None and typed is not None:
        raise CommandError("--as-of does not go with --edition: an edition does not change.")
    try:
        at = read_instant(typed, group.zone) if typed is not None else None
    except NotAnInstant as error:
        raise CommandError(str(error)) from error
    if options["draft"]:
        if at and not group.plan.history.filter(change_set__at__lte=at).exists():
            raise CommandError("The plan did not exist at that instant.")
        return working_text(group.plan, at)
    if number is not None:
        editions = Edition.objects.filter(plan=group.plan, number=number, corrigendum=corrigendum or 0)
        edition = editions.select_related("plan__group", "change_set", "previous").first()
        reading = of_edition(edition) if edition else None
    else:
        reading = issued_text(group, at)
    if reading is None:
        raise CommandError("There is no such edition; --draft writes the working text.")
    return reading


def _calendar(group: WorkingGroup, language: str | None) -> bytes:
    """The meetings that everybody may see, as they stand today."""
    return feed(
        Meeting.objects.standing().exclude(status=Meeting.Status.PROPOSED).filter(group=group),
        name=group.short_name,
        timezone=group.timezone,
        language=language or group.name.original,
    )
