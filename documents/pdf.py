"""The paper: a plan or its calendar as PDF/UA-1 on US Letter, from a snapshot. The only importer of WeasyPrint.

The same text gives the same bytes: dates come from the record, the identifier from the content, nothing from the clock
or from the reader's time zone.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from mispa.ground import dates
from mispa.ground.text import Text

Json = Mapping[str, Any]

_FOLDER: Final = Path(settings.BASE_DIR, "mispa", "static", "mispa")
_BASE: Final = f"{_FOLDER.as_uri()}/"
_VARIANT: Final = "pdf/ua-1"


def work_plan_pdf(text: Json, record: Json, language: str) -> bytes:
    """The whole plan; `text` and `record` are those of a snapshot, `language` is the reader's."""
    return _made("pdf/work_plan.html", text, record, language)


def calendar_pdf(text: Json, record: Json, language: str) -> bytes:
    """The plan's calendar alone, under the same head."""
    return _made("pdf/calendar.html", {**text, "rows": []}, record, language)


def _made(template: str, text: Json, record: Json, language: str) -> bytes:
    # Where the pages do not speak the reader's language, the words around the text are in one that they do speak.
    of_pages = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(of_pages):
        html, document = _laid_out(template, _context(_in_language(text, language), record, language))
    identifier = hashlib.sha256(html.encode()).hexdigest()[:32]
    made: bytes = document.write_pdf(pdf_variant=_VARIANT, pdf_identifier=identifier.encode())
    return made


def _in_language(value: Any, language: str) -> Any:
    """The snapshot, each text in it in the one wording that a reader of this language gets."""
    if isinstance(value, Text):
        return Text.of(value.in_language(language), value.language_for(language))
    if isinstance(value, Mapping):
        return {key: _in_language(item, language) for key, item in value.items()}
    if isinstance(value, list):
        return [_in_language(item, language) for item in value]
    return value


class _OwnFiles(URLFetcher):
    """Opens the stylesheet and the fonts beside it, and nothing else: no network, no other file."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        if not url.startswith(_BASE) or ".." in url:
            raise ValueError(f"{url} is none of the paper's own files")
        return super().fetch(url, headers)


# What is printed --------------------------------------------------------


def _context(text: Json, record: Json, language: str) -> dict[str, Any]:
    group = text["group"]
    changed = dates.in_zone(record["last_change_at"], group["timezone"])
    paper_date = _adopted_on(record) or record["issued_on"] or changed.date()
    word, status_line, foot = _state(record, changed, str(group["place"]))
    meetings = [_meeting(meeting, group) for meeting in text["meetings"]]
    sessions = [meeting for meeting in meetings if meeting["kind"] == "session"]
    return {
        "text": text,
        "record": record,
        "language": language,
        "group_name": _in_a_sentence(group["name"]),
        "group_short_name": _in_a_sentence(group["short_name"]),
        "paper": True,
        "notes": text["notes"],
        # What is not adopted looks like a draft, however widely it has been opened.
        "rule": "adopted" if record["status"] == "adopted" else "draft",
        "word": word,
        "status_line": status_line,
        "foot": foot,
        "paper_date": paper_date,
        "created": paper_date.isoformat(),
        "modified": record["last_change_at"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "original": get_language_info(text["plan"]["original_language"])["name_translated"],
        "is_strict": False,
        "sections": list(_sections(text["narrative"])),
        "sessions": sessions,
        "has_hours": any(meeting["has_hours"] for meeting in sessions),
        "coming": [meeting for meeting in meetings if meeting["kind"] == "ministerial"],
    }


def _in_a_sentence(name: Text) -> str:
    """The name of the group where a heading of ours goes on with it; only one in the same language fits there."""
    return str(name) if name.lang == translation.get_language() else _("Working Group")


def _adopted_on(record: Json) -> date | None:
    adopted: date | None = record["adopted"]["on"] if record["adopted"] else None
    return adopted


def _state(record: Json, changed: datetime, place: str) -> tuple[str, str, str]:
    """How settled the text is: the word under the rule, the line under the title, the foot of every page."""
    edition = _("edition %(number)s") % {"number": record["edition"]} if record["edition"] else _("working text")
    if adopted_on := _adopted_on(record):
        word = _("Adopted · %(edition)s") % {"edition": edition}
        return word, _("Adopted at the meeting of %(day)s") % {"day": dates.day(adopted_on)}, word
    when = {"day": dates.day(changed), "hour": dates.hour(changed), "place": place}
    word = _("DRAFT · %(edition)s") % {"edition": edition}
    last_change = _("last change %(day)s, %(hour)s (%(place)s)") % when
    return word, _("As it stood on %(day)s, at %(hour)s, %(place)s") % when, f"{word} · {last_change}"


def _sections(narrative: Json) -> Iterator[dict[str, Any]]:
    headings = {
        "background": _("Background"),
        "mandate": _("Mandate"),
        "considerations": _("Other considerations"),
    }
    for key, heading in headings.items():
        if narrative[key]:
            yield {"heading": heading, "paragraphs": narrative[key]}


def _meeting(meeting: Json, group: Json) -> dict[str, Any]:
    """A meeting and what its lines in the calendar depend on."""
    has_hours = bool(meeting["starts"]) and not meeting["all_day"] and meeting["precision"] == "exact"
    city = str(meeting["city"]["name"]) if meeting["city"] else ""
    return {
        **meeting,
        "has_hours": has_hours,
        "is_one_day": bool(meeting["starts"]) and f"{meeting['starts']:%F}" == f"{meeting['ends']:%F}",
        "is_elsewhere": city != str(group["place"]) if city else bool(meeting["country"]),
        # The hours of the Group are named once, under the table.
        "other_zone": (city or meeting["timezone"]) if meeting["timezone"] != group["timezone"] else "",
    }


def _deadline_worth_printing(mandate: Json) -> Json | None:
    """The deadline, where it says more than the mandate's own wording does."""
    deadline: Json | None = mandate["deadline"]
    if not deadline or deadline["refined_by"]:
        return deadline
    return None if str(deadline["words"]).casefold() in str(mandate["text"]).casefold() else deadline


# Where pages end --------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """What stands of a row on one page: nearly always all of it."""

    row: Json
    mandates: Sequence[tuple[int, Json, Json | None]]
    is_first: bool
    is_last: bool
    is_trial: bool

    @property
    def has_areas_by_mandate(self) -> bool:
        return any(mandate["areas"] for mandate in self.row["mandates"])

    @property
    def classes(self) -> str:
        names = {
            "trial": self.is_trial,
            "first": self.is_first,
            "last": self.is_last,
            "continued": not (self.is_first or self.is_trial),
            "goes-on": not (self.is_last or self.is_trial),
        }
        return " ".join(name for name, holds in names.items() if holds)


def _laid_out(template: str, context: Json) -> tuple[str, Document]:
    """The pages, every note under its call and every row whole where a page can hold it.

    A longer row is laid out mandate by mandate on trial, to see where its pages end, and then cut there, so that each
    part can name its resolution again.
    """
    rows = context["text"]["rows"]
    whole = [part for row in rows for part in _parts(row, ())]
    html, document = _render(template, context, whole)
    if not _notes_are_with_their_calls(document):
        context = {**context, "is_strict": True}
        html, document = _render(template, context, whole)
    too_long = _longer_than_a_page(rows, document)
    if not too_long:
        return html, document
    every = {row["id"]: [mandate["id"] for mandate in row["mandates"]] for row in too_long}
    trial = [part for row in rows for part in _parts(row, every.get(row["id"], ()), is_trial=row["id"] in every)]
    cuts = set(_beginning_a_page(too_long, _pages(_render(template, context, trial)[1])))
    return _render(template, context, [part for row in rows for part in _parts(row, cuts)])


def _render(template: str, context: Json, parts: Sequence[Part]) -> tuple[str, Document]:
    html = render_to_string(template, {**context, "parts": parts})
    style, fonts = _style()
    paper = HTML(string=html, base_url=_BASE, url_fetcher=_OwnFiles())
    return html, paper.render(stylesheets=[style], font_config=fonts, pdf_variant=_VARIANT)


@cache
def _style() -> tuple[CSS, FontConfiguration]:
    """The stylesheet and the fonts that it names, unpacked once per process."""
    fonts = FontConfiguration()
    return CSS(filename=_FOLDER / "pdf.css", base_url=_BASE, font_config=fonts, url_fetcher=_OwnFiles()), fonts


def _parts(row: Json, cuts: Collection[str], is_trial: bool = False) -> Iterator[Part]:
    numbered = [(number, item, _deadline_worth_printing(item)) for number, item in enumerate(row["mandates"], start=1)]
    begins = [number - 1 for number, mandate, _deadline in numbered[1:] if mandate["id"] in cuts]
    for begin, end in pairwise([0, *begins, len(numbered)]):
        yield Part(row, numbered[begin:end], begin == 0, end == len(numbered), is_trial)


def _pages(document: Document) -> dict[str, set[int]]:
    """The pages on which the things with an id stand."""
    pages: dict[str, set[int]] = {}
    for number, page in enumerate(document.pages, start=1):
        for anchor in page.anchors:
            pages.setdefault(anchor, set()).add(number)
    return pages


def _notes_are_with_their_calls(document: Document) -> bool:
    pages = _pages(document)
    calls = {anchor for anchor in pages if anchor.startswith("call-")}
    return all(pages[call] == pages[call.replace("call-", "note-")] for call in calls)


def _longer_than_a_page(rows: Sequence[Json], document: Document) -> list[Json]:
    """The rows that no page can hold; for the first row, no page that begins with the heading of the table."""
    pages = _pages(document)
    found = []
    for place, row in enumerate(rows):
        anchors = [_anchor(mandate) for mandate in row["mandates"]]
        if anchors and place == 0:
            anchors.append("plan")
        if len(set().union(*(pages[anchor] for anchor in anchors))) > 1:
            found.append(row)
    return found


def _beginning_a_page(rows: Sequence[Json], pages: Mapping[str, set[int]]) -> Iterator[str]:
    """The mandates that begin a page in the middle of their row."""
    for row in rows:
        for before, mandate in pairwise(row["mandates"]):
            if min(pages[_anchor(mandate)]) > max(pages[_anchor(before)]):
                yield mandate["id"]


def _anchor(mandate: Json) -> str:
    return f"mandate-{mandate['id']}"
