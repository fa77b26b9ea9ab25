"""The files of a text: what goes into one, how it is made, and what an edition keeps of it; and sheets without one.

A file is a function of its `inputs` alone: text, what of the record stays, seal, calendar. Papers of an edition in its
complete languages are kept in the sealed `EditionFile`; how all others come about is in `rendering`.
"""

import hashlib
import json
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import rfc8785
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _
from django.utils.translation import override

from documents.editions import snapshot
from documents.editions.corrections import in_words
from documents.editions.record import envelope, from_plain
from documents.editions.standing import is_settled
from documents.models import Edition, EditionFile
from documents.printing.docx import work_plan_docx
from documents.printing.pdf import Enclosure, calendar_pdf, sheet_pdf, work_plan_pdf
from mandates.models import WorkingGroup
from meetings.ical import calendar_file, stamps
from meetings.models import City, Meeting, Room, Topic
from mispa.ground.text import Text

Json = dict[str, Any]

PAPERS: Final = ("work-plan.pdf", "calendar.pdf", "work-plan.docx")
# Letters beyond which papers are made outside the request: some 18 pages, about three seconds of a processor.
LONG: Final = 30_000
LONG_LIST: Final = 250  # lines of a sheet beyond which it is: as many pages
# All that the bytes of a paper depend on beside its inputs.
MAKERS: Final = (
    "documents/editions/*.py",
    "documents/printing/*.py",
    "documents/printing/pdf/*.py",
    "documents/printing/docx/*.py",
    "mandates/prose.py",
    "mandates/symbols.py",
    "mandates/templatetags/prose_tags.py",
    "mispa/ground/dates.py",
    "mispa/ground/text.py",
    "mispa/ground/templatetags/*.py",
    "mispa/static/mispa/pdf.css",
    "mispa/static/mispa/fonts/*",
    "templates/pdf/*",
    "templates/docx/*",
    "locale/*/LC_MESSAGES/*.mo",
    "requirements.lock",
)


# ---- what goes into a file


def inputs_for(text: Json, record: Json, edition: Edition | None, name: str, language: str) -> Json:
    """All that a file depends on, as plain JSON. To whom a text is open, and whether a later one has taken its place,
    is not printed: it may change, and the file does not.
    """
    stable = {key: value for key, value in record.items() if key not in {"status", "audiences"}}
    return {
        "name": name,
        "language": language,
        "envelope": envelope(text, stable, edition),
        "address": f"{settings.ORIGIN}/verify/{edition.sha256}/" if edition else "",
        "calendar": sealed_calendar(text, record["last_change_at"], language).decode(),
        "edition": edition.pk if edition else None,
        "standing": standing_of(record),
    }


def inputs_of_sheet(sheet: Json, name: str, language: str) -> Json:
    """The same for a sheet, which belongs to no edition; its words are in the language already."""
    return {"name": name, "language": language, "sheet": sheet, "edition": None}


def standing_of(record: Json) -> str:
    if is_settled(record):
        return EditionFile.Standing.ADOPTED.value
    return (EditionFile.Standing.AD_REFERENDUM if record["adopted"] else EditionFile.Standing.DRAFT).value


def sealed_calendar(text: Json, at: datetime, language: str) -> bytes:
    """The calendar file of a text: group and meetings as it prints them, with their stamps as of an instant."""
    printed = snapshot.objects(text)
    slug, names = text["group"]["slug"], printed["group"]
    group = WorkingGroup(id=names["id"], slug=slug, short_name=names["short_name"], timezone=names["timezone"])
    meetings = [_meeting(group, one) for one in printed["meetings"]]
    known = stamps(meetings, at)
    return calendar_file(
        group,
        [meeting for meeting in meetings if meeting.pk in known],
        stamps=known,
        page_url=lambda meeting: f"{settings.ORIGIN}/{slug}/meetings/{meeting.number}/",
        language=language,
    )


def _meeting(group: WorkingGroup, printed: Json) -> Meeting:
    """A meeting as a text prints it; it is not saved."""
    room, city = printed["room"], printed["city"]
    country = printed["country"]
    starts, ends, fold = printed["starts"], printed["ends"], printed.get("fold") or {}
    meeting = Meeting(
        id=UUID(printed["id"]),
        group=group,
        number=printed["number"],
        kind=printed["kind"],
        status=Meeting.Status.CONVENED,
        title=printed["title"],
        precision=printed["precision"],
        words=printed["words"],
        starts_on=_day(starts),
        starts_at=starts.time() if isinstance(starts, datetime) else None,
        ends_on=_day(ends),
        ends_at=ends.time() if isinstance(ends, datetime) else None,
        starts_fold=fold.get("starts"),
        ends_fold=fold.get("ends"),
        timezone=printed["timezone"],
        room=Room(id=room["id"], name=room["name"]) if room else None,
        city=City(id=city["id"], name=city["name"], country=country) if city else None,
        country=None if city else country,
    )
    topics = [Topic(id=topic["id"], text=topic["text"], kind=topic["kind"]) for topic in printed["topics"]]
    meeting._prefetched_objects_cache = {"topics": topics}  # type: ignore[attr-defined]
    return meeting


def _day(moment: date | None) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment


def key_of(inputs: Json) -> str:
    """By what a file is found that is made already."""
    return hashlib.sha256(_makers().encode() + rfc8785.dumps(inputs)).hexdigest()


@cache
def _makers() -> str:
    """A digest of what makes the files: with another template, style or library they are others."""
    digest = hashlib.sha256()
    for place in sorted(place for pattern in MAKERS for place in Path(settings.BASE_DIR).glob(pattern)):
        if place.is_file():
            digest.update(place.read_bytes())
    return digest.hexdigest()


# ---- making


def made(inputs: Json) -> bytes:
    """The file of these inputs."""
    if "sheet" in inputs:
        return sheet_pdf(inputs["name"], snapshot.objects(inputs["sheet"]), inputs["language"])
    whole, language = inputs["envelope"], inputs["language"]
    text, record = snapshot.objects(whole["text"]), from_plain({"status": "", "audiences": []} | whole["record"])
    with override(language):
        record["corrections"] = in_words(whole["text"], record["corrections"])
        of_calendar, of_json = _("The calendar of this text"), _("This text, with its record and seal")
    seal = whole["seal"] and whole["seal"] | {"url": inputs["address"]}
    if inputs["name"].endswith(".docx"):
        return work_plan_docx(text, record, language, seal=seal)
    at = record["last_change_at"]
    enclosures = [
        Enclosure("calendar.ics", "text/calendar", inputs["calendar"].encode(), of_calendar, at),
        Enclosure("work-plan.json", "application/json", as_json(whole), of_json, at),
    ]
    make = calendar_pdf if inputs["name"] == "calendar.pdf" else work_plan_pdf
    return make(text, record, language, seal=seal, enclosures=enclosures)


def as_json(value: Any) -> bytes:
    """A JSON file, to be read by people too; in the order of its keys, since PostgreSQL keeps no other."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, cls=DjangoJSONEncoder).encode()


def is_long(text: Json, languages: int = 1) -> bool:
    """Whether a paper of this text, in so many languages, takes longer than anybody should wait for a page."""
    letters = 0

    def count(value: Any) -> None:
        nonlocal letters
        if isinstance(value, dict) and "original" in value:
            letters += len(Text.from_json(value).wordings[value["original"]])
        elif isinstance(value, dict | list):
            for inner in value.values() if isinstance(value, dict) else value:
                count(inner)

    count([text["narrative"], text["notes"], text["rows"], text["meetings"]])
    return letters * languages > LONG


def is_long_sheet(sheet: Json) -> bool:
    letters = sum(len(line["text"]) for line in sheet["lines"] if isinstance(line.get("text"), str))
    return len(sheet["lines"]) > LONG_LIST or letters > LONG


# ---- what an edition keeps


def is_to_be_kept(inputs: Json) -> bool:
    """Whether a file is kept with its edition, once for ever: in a language that is not complete it is not."""
    return inputs["edition"] is not None and inputs["language"] in inputs["envelope"]["record"]["languages"]


def keep(inputs: Json, content: bytes) -> None:
    """Puts a file into the sealed table; an IntegrityError where it is there."""
    EditionFile.objects.create(
        edition_id=inputs["edition"],
        standing=inputs["standing"],
        name=inputs["name"],
        language=inputs["language"],
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def is_kept(inputs: Json) -> bool:
    """Whether the edition has this file, if with what its record said at another time."""
    if inputs["edition"] is None:
        return False
    own = EditionFile.objects.filter(edition_id=inputs["edition"], standing=inputs["standing"])
    return own.filter(name=inputs["name"], language=inputs["language"]).exists()


def kept(edition: Edition, record: Json, name: str, language: str) -> bytes | None:
    """A file of an edition as it stands."""
    files = edition.files.filter(standing=standing_of(record), name=name, language=language)
    found = files.first()
    return bytes(found.content) if found else None
