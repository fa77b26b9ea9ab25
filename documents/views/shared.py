"""What the reading views share: the group before the reader, and files as answers."""

import hashlib
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, tzinfo
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _

from documents.editions import corrections, standing
from documents.editions.snapshot import symbols_in
from documents.models import Edition, Rendering
from documents.printing.files import as_json, sealed_calendar
from documents.printing.rendering import file_of
from documents.reading.attention import moved_since, note_flags, row_flags
from documents.reading.frame import group_or_404
from documents.reading.gaps.in_text import names_an_area
from documents.reading.past import Past
from documents.reading.texts import Reading, address_of, editions_for, links_for, text_for
from mandates.models import ResponsibleArea, WorkingGroup
from meetings.ical import CONTENT_TYPE
from meetings.models import Meeting
from mispa.ground.models import Tracked
from mispa.ground.text import LANGUAGES

A_WRITE: Final = 60  # seconds that the longest may take
LARGEST: Final = 20 * 1024 * 1024


class InMemory(FileUploadHandler):
    """Holds what is sent in memory, up to LARGEST bytes of all files together, and never writes it anywhere."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.parts: list[bytes] = []
        self.size = 0

    @classmethod
    def of(cls, request: HttpRequest) -> "InMemory":
        """The handler of a request; what is sent without a file may have been read already, and needs none."""
        handler = cls(request)
        if request.content_type == "multipart/form-data":
            request.upload_handlers = [handler]
        return handler

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.parts = []

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.size += len(raw_data)
        if self.size > LARGEST:
            self.parts = []
            raise SkipFile
        self.parts.append(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        return SimpleUploadedFile(self.file_name or "", b"".join(self.parts))


def reading_or_404(request: HttpRequest, group: WorkingGroup, at: datetime | None = None) -> Reading:
    """The text in force or released to this reader, now or at an instant; where there is none, a page that says so."""
    reading = text_for(request.user, group, at)
    if reading is None and at:
        raise Http404(_("No text of this work plan was in force or released at that time."))
    if reading is None:
        raise Http404(_("No text of this work plan has been released yet."))
    return reading


def edition_or_404(request: HttpRequest, group: str, number: int, corrigendum: int | None = None) -> Edition:
    """An edition, or one of its corrigenda, whose numbers begin with 1."""
    found = group_or_404(request, group)
    editions = editions_for(request.user, found).filter(number=number, corrigendum=corrigendum or 0)
    edition: Edition | None = None if corrigendum == 0 else editions.first()
    if edition is None:
        raise Http404(_("There is no edition %(number)s of this work plan that you may read.") % {"number": number})
    return edition


MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def text_context(request: HttpRequest, reading: Reading, past: Past | None = None) -> dict[str, Any]:
    """What templates need to print a snapshot; `links` leads from symbols to what this reader may see.

    Of a text of the past nothing is said that became known later.
    """
    by_note = {} if past else note_flags(request, reading.text)
    meetings = reading.text["meetings"]
    symbols = symbols_in(reading.json_text)
    return {
        "text": reading.text,
        "record": reading.record,
        "edition": reading.edition,
        "seal": reading.seal,
        "file_query": reading.file_query,
        "is_open_to_all": "public" in reading.record["audiences"],
        "is_settled": reading.is_settled,
        "text_title": reading.title,
        "status_line": reading.status_line,
        "corrections": corrections.in_words(reading.json_text, reading.record["corrections"]),
        "original": reading.original,
        "rows": rows_of(reading, past),
        "notes": [note | {"flags": by_note.get(note["id"], [])} for note in reading.text["notes"]],
        "sessions": [meeting for meeting in meetings if meeting["kind"] == Meeting.Kind.SESSION],
        "ministerial": [meeting for meeting in meetings if meeting["kind"] == Meeting.Kind.MINISTERIAL],
        "mandate_count": sum(len(row["mandates"]) for row in reading.text["rows"]),
        "moved": moved_since(request, reading.text) if reading.edition else [],
        "links": past.links(symbols) if past else links_for(request.user, symbols),
    }


def withdrawn(noun: str, things: Iterable[Tracked], address: Callable[[Any], Sequence[Any]]) -> list[dict[str, Any]]:
    """What was withdrawn, for those who may restore it; `noun` is that of its addresses, such as mandates:note."""
    return [
        {
            "thing": thing,
            "kind": noun.partition(":")[2],
            "label": thing._meta.verbose_name,
            "restore": reverse(f"{noun}-restore", args=address(thing)),
            "history": reverse(f"{noun}-history", args=address(thing)),
        }
        for thing in things
    ]


def page_of(group: WorkingGroup, reading: Reading, past: Past | None) -> str:
    """The page of a text; that of a working text of the past is the one of that instant."""
    return address_of(group, reading) + (past.query if past and not reading.edition else "")


def rows_of(reading: Reading, past: Past | None = None) -> list[dict[str, Any]]:
    """The rows of a text with what pages add to them: flags, numbers of mandates, addresses of areas and mandates.

    `past` is given on pages of the past, whose areas lead to pages of that instant.
    """
    rows, flags = reading.text["rows"], row_flags(reading.text)
    named = [area for row in rows for area in row["areas"]]
    named += [area for row in rows for mandate in row["mandates"] for area in mandate["areas"]]
    ids = {one["id"] for area in named for one in (area, area["unit"]) if one}
    found = past.rows(ResponsibleArea, id__in=ids) if past else ResponsibleArea.objects.standing().filter(pk__in=ids)
    query = past.query if past else ""
    urls = {str(area.pk): area.get_absolute_url() + query for area in found}

    def linked(areas: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            area
            | {"url": urls.get(area["id"], "")}
            | {"unit": area["unit"] and area["unit"] | {"url": urls.get(area["unit"]["id"], "")}}
            for area in areas
        ]

    return [
        row
        | {"flags": flags[row["id"]], "has_area": names_an_area(row), "areas": linked(row["areas"])}
        | {
            "mandates": [
                mandate
                | {"number": number, "areas": linked(mandate["areas"])}
                | {"url": reverse("documents:mandate-detail", args=[mandate["id"]]) + query}
                for number, mandate in enumerate(row["mandates"], start=1)
            ]
        }
        for row in rows
    ]


def file_response(
    request: HttpRequest,
    content: bytes,
    media_type: str,
    name: str,
    etag: str,
    inline: bool = False,
    last_modified: datetime | None = None,
) -> HttpResponse:
    """A file with a name that says what it is; answered with 304 where the reader has it already."""
    disposition = "inline" if inline else "attachment"
    response = HttpResponse(
        content,
        content_type=media_type,
        headers={
            "Content-Disposition": f'{disposition}; filename="{name}"',
            "ETag": quote_etag(etag),
            "Cache-Control": "private, no-cache",
            "X-Content-Type-Options": "nosniff",
        },
    )
    patch_vary_headers(response, ["Cookie"])
    seconds = int(last_modified.timestamp()) if last_modified else None
    if seconds is not None:
        response["Last-Modified"] = http_date(seconds)
    answer = get_conditional_response(request, etag=response["ETag"], last_modified=seconds, response=response)
    assert isinstance(answer, HttpResponse)  # noqa: S101 (for the type checker: not None where a response is given)
    return answer


def settled(*instants: datetime | None, zones: Iterable[tzinfo] = ()) -> datetime | None:
    """The latest of the instants at which a feed changed; at midnight, all of it counts as new: in UTC and in `zones`.

    A program that knows only an instant is not told what went out of a feed and left none there, and so has it for a
    day at most. None while more may follow: in the same second, or from who began to write before and is not done yet.
    """
    now = timezone.now()
    midnights = (datetime.combine(now.astimezone(one).date(), time.min, one) for one in (UTC, *zones))
    latest = max(filter(None, (*midnights, *instants)))
    return latest if (now - latest).total_seconds() > A_WRITE else None


def json_response(request: HttpRequest, value: Any, name: str) -> HttpResponse:
    content = as_json(value)
    return file_response(request, content, "application/json", name, digest(content), inline=True)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def paper(request: HttpRequest, reading: Reading, name: str, inline: bool = True) -> HttpResponse:
    """A paper of a text, kept or made now; while a long one is being made, a page that says how far it is."""
    language = paper_language(request, reading)
    found = file_of(reading.json_text, reading.record, reading.edition, name, language)
    what, _dot, extension = name.partition(".")
    if isinstance(found, Rendering):
        return being_made(request, reading.plan.group, file_title(reading, name), found)
    shown = file_name(reading, extension, what, language)
    is_shown = inline and extension == "pdf"
    return file_response(request, found, MEDIA_TYPES[extension], shown, digest(found), inline=is_shown)


def being_made(
    request: HttpRequest, group: WorkingGroup, what: str, asked: Rendering, place: str = "plan"
) -> HttpResponse:
    """Says how far a file is, and comes again by itself; says so where it cannot be made."""
    context = {"group": group, "place": place, "asked": asked, "what": what}
    answer = render(request, "documents/being_made.html", context, status=503 if asked.problem else 202)
    answer["Cache-Control"] = "no-store"
    if not asked.problem:
        answer["Refresh"] = "5"
    return answer


def calendar_of(request: HttpRequest, reading: Reading) -> HttpResponse:
    """The calendar file of a text, as it prints its meetings."""
    language = paper_language(request, reading)
    content = sealed_calendar(reading.json_text, reading.record["last_change_at"], language)
    name = file_name(reading, "ics", "calendar", language)
    return file_response(request, content, CONTENT_TYPE, name, digest(content))


def file_title(reading: Reading, name: str) -> str:
    return f"{reading.title} ({name})"


def paper_language(request: HttpRequest, reading: Reading) -> str:
    """The original language unless `?lang=` names another: one address, one content."""
    return language_asked(request, reading.original)


def file_name(reading: Reading, extension: str, what: str = "work-plan", language: str = "") -> str:
    """Such as MISPA-IV_work-plan_adopted-2013-09-05_en.pdf: what it is, how settled, in which language."""
    group = reading.json_text["group"]["slug"].upper()
    ending = f"_{language}" if language else ""
    return f"{group}_{what}_{standing.in_file_names(reading.record)}{ending}.{extension}"


# Lists that can be narrowed, and their files -----------------------------


def one_of(request: HttpRequest, name: str, values: Container[str], otherwise: str) -> str:
    """What the address asks for behind the question mark; a page that says so where there is no such choice."""
    value = request.GET.get(name, "")
    if value not in values:
        raise Http404(otherwise)
    return value


def filter_of(name: str, label: str, chosen: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """One row of links; each leads to the same list with this one choice changed."""
    choices = [{"value": value, "label": word, "is_chosen": value == chosen} for value, word in values.items()]
    return {"name": name, "label": label, "choices": choices}


def language_asked(request: HttpRequest, original: str) -> str:
    """Of a file: the group's original language unless `?lang=` names one of the others."""
    language = request.GET.get("lang", original)
    if language not in LANGUAGES:
        raise Http404(_("The address names a language that mispa does not have."))
    return language
