"""Where pages end: every note under its call, every row whole where a page can hold it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from documents.printing.pdf import tags  # noqa: F401 (it completes what WeasyPrint tags)
from documents.printing.printed import Json, deadline_worth_printing

_FOLDER: Final = Path(settings.BASE_DIR, "mispa", "static", "mispa")
_BASE: Final = f"{_FOLDER.as_uri()}/"
VARIANT: Final = "pdf/a-3a"


class _OwnFiles(URLFetcher):
    """Opens the stylesheet and the fonts beside it, and nothing else: no network, no other file."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        if not url.startswith(_BASE) or ".." in url:
            raise ValueError(f"{url} is none of the paper's own files")
        return super().fetch(url, headers)


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


def laid_out(template: str, context: Json) -> tuple[str, Document]:
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
    return html, paper.render(stylesheets=[style], font_config=fonts, pdf_variant=VARIANT)


@cache
def _style() -> tuple[CSS, FontConfiguration]:
    """The stylesheet and the fonts that it names, unpacked once per process."""
    fonts = FontConfiguration()
    return CSS(filename=_FOLDER / "pdf.css", base_url=_BASE, font_config=fonts, url_fetcher=_OwnFiles()), fonts


def _parts(row: Json, cuts: Collection[str], is_trial: bool = False) -> Iterator[Part]:
    numbered = [(number, item, deadline_worth_printing(item)) for number, item in enumerate(row["mandates"], start=1)]
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
