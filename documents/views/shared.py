"""What the reading views share: the group before the reader, and files as answers."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag
from django.utils.translation import gettext as _

from documents.attention import moved_since, names_an_area, note_flags, row_flags
from documents.reading import Reading, links_for, text_for
from documents.snapshot import symbols_in
from mandates.models import ResponsibleArea, WorkingGroup
from meetings.models import Meeting
from mispa.ground.models import Tracked


def reading_or_404(request: HttpRequest, group: WorkingGroup) -> Reading:
    """The text that this reader may read; where there is none, a page that says so."""
    reading = text_for(request.user, group)
    if reading is None:
        raise Http404(_("No text of this work plan has been released yet."))
    return reading


def text_context(request: HttpRequest, reading: Reading) -> dict[str, Any]:
    """What templates need to print a snapshot; `links` leads from symbols to what this reader may see."""
    by_note = note_flags(request, reading.text)
    meetings = reading.text["meetings"]
    return {
        "text": reading.text,
        "record": reading.record,
        "edition": reading.edition,
        "seal": reading.seal,
        "file_query": reading.file_query,
        "is_open_to_all": "public" in reading.record["audiences"],
        "rows": rows_of(reading),
        "notes": [note | {"flags": by_note[note["id"]]} for note in reading.text["notes"]],
        "sessions": [meeting for meeting in meetings if meeting["kind"] == Meeting.Kind.SESSION],
        "ministerial": [meeting for meeting in meetings if meeting["kind"] == Meeting.Kind.MINISTERIAL],
        "mandate_count": sum(len(row["mandates"]) for row in reading.text["rows"]),
        "moved": moved_since(request, reading.text) if reading.edition else [],
        "links": links_for(request.user, symbols_in(reading.json_text)),
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


def rows_of(reading: Reading) -> list[dict[str, Any]]:
    """The rows of a text with what pages add to them: flags, numbers of mandates, addresses of areas and mandates."""
    rows, flags = reading.text["rows"], row_flags(reading.text)
    named = [area for row in rows for area in row["areas"]]
    named += [area for row in rows for mandate in row["mandates"] for area in mandate["areas"]]
    ids = {one["id"] for area in named for one in (area, area["unit"]) if one}
    urls = {str(area.pk): area.get_absolute_url() for area in ResponsibleArea.objects.standing().filter(pk__in=ids)}

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
                | {"url": reverse("documents:mandate-detail", args=[mandate["id"]])}
                for number, mandate in enumerate(row["mandates"], start=1)
            ]
        }
        for row in rows
    ]


def file_response(
    request: HttpRequest, content: bytes, media_type: str, name: str, etag: str, inline: bool = False
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
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    assert isinstance(answer, HttpResponse)  # noqa: S101 (for the type checker: not None where a response is given)
    return answer


def json_response(request: HttpRequest, value: Any, name: str, etag: str) -> HttpResponse:
    content = json.dumps(value, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder).encode()
    return file_response(request, content, "application/json", name, etag, inline=True)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def edition_file(request: HttpRequest, reading: Reading, name: str) -> HttpResponse:
    """A file that was made when the edition was issued, as it is."""
    assert reading.edition is not None  # noqa: S101 (the callers give editions)
    language = paper_language(request, reading)
    stored = reading.edition.files.get(name=name, language=language)
    shown = file_name(reading, "pdf", name.split(".")[0], language)
    return file_response(request, bytes(stored.content), "application/pdf", shown, stored.sha256, inline=True)


def paper_language(request: HttpRequest, reading: Reading) -> str:
    """The original language unless `?lang=` names another in which the text is complete: one address, one content."""
    language = request.GET.get("lang", reading.original)
    if language not in reading.record["languages"]:
        raise Http404(_("This text is not complete in the language that the address names."))
    return language


def file_name(reading: Reading, extension: str, what: str = "work-plan", language: str = "") -> str:
    """Such as MISPA-IV_work-plan_draft-edition-1_en.pdf: what it is, how settled, in which language."""
    group = reading.json_text["group"]["slug"].upper()
    state = f"draft-edition-{reading.edition.number}" if reading.edition else "working-text"
    return f"{group}_{what}_{state}_{language or reading.original}.{extension}"
