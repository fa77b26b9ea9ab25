"""Where a text cites a paper or a resolution, and how it prints the symbol there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mandates.models import Paragraph, RegisteredSymbol, registered_organs
from mandates.symbol_words import explain
from mandates.symbols import Hit, find_all
from mispa.ground.text import Text


@dataclass(frozen=True)
class Citation:
    """`where` in words, `fragment` of the page of the text, and the symbol as it is printed there."""

    where: str
    fragment: str
    printed: str


def citations(text: dict[str, Any], symbol: RegisteredSymbol, organs: frozenset[str] | None = None) -> list[Citation]:
    """All places of a snapshot's text (as objects) that print a symbol or a revision of it, each form once a place.

    A symbol that cannot be read yet is found by what is printed. `organs`: those of today, if no others are given.
    """
    organs = registered_organs() if organs is None else organs
    found = []
    for where, fragment, wording in _wordings(text):
        original = wording.wordings[wording.original] if isinstance(wording, Text) else wording
        for hit in find_all(original, organs):
            if _names(hit, symbol):
                found.append(Citation(where, fragment, hit.printed))
    return list(dict.fromkeys(found))


def _names(hit: Hit, symbol: RegisteredSymbol) -> bool:
    if hit.symbol is None:
        return symbol.canonical is None and hit.printed == symbol.printed
    return symbol.canonical in {str(hit.symbol), str(hit.symbol.base)}


def _wordings(text: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for section, paragraphs in text["narrative"].items():
        for number, paragraph in enumerate(paragraphs, start=1):
            names = {"section": Paragraph.Section(section).label, "number": number}
            yield _("%(section)s, paragraph %(number)s") % names, f"paragraph-{paragraph['id']}", paragraph["text"]
    for note in text["notes"]:
        yield _("Note %(number)s") % {"number": note["number"]}, f"note-{note['number']}", note["text"]
    for row in text["rows"]:
        yield _("Work plan, resolution column"), f"row-{row['id']}", row["symbol_as_printed"]
        for number, mandate in enumerate(row["mandates"], start=1):
            names = {"symbol": row["symbol"], "number": number}
            yield _("%(symbol)s, mandate %(number)s") % names, f"mandate-{mandate['id']}", mandate["text"]


@dataclass(frozen=True)
class Doubt:
    """A place that prints what was probably meant as a symbol, and what is wrong with it."""

    citation: Citation
    why: str


def doubts(text: dict[str, Any], organs: frozenset[str]) -> list[Doubt]:
    """All places of a snapshot's text whose symbol cannot be read; nothing is linked there."""
    found = []
    for where, fragment, wording in _wordings(text):
        original = wording.wordings[wording.original] if isinstance(wording, Text) else wording
        for hit in find_all(original, organs):
            if hit.error:
                found.append(Doubt(Citation(where, fragment, hit.printed), explain(hit.error)))
    return list(dict.fromkeys(found))
