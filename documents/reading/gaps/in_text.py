"""What a text itself shows: rows without an area, symbols and titles that are printed oddly. For all its readers."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from documents.reading.gaps.finding import Finding
from mandates.symbol_words import explain
from mandates.symbols import SymbolError, parse
from mispa.ground.text import Text


def in_text(text: dict[str, Any], page: str) -> Iterator[Finding]:
    """`page` is the address of the text."""
    rows = text["rows"]
    for row in rows:
        yield from without_area(row, page)
        if printed_otherwise(row["symbol_as_printed"], row["symbol"]):
            names = {"symbol": row["symbol"], "printed": row["symbol_as_printed"]}
            says = _("%(symbol)s is printed as %(printed)s.") % names
            more = _("One resolution, written in two ways. The printed form is kept.")
            yield _of_row("printed-otherwise", row, page, says, more, (row["symbol"], row["symbol_as_printed"]))
    for first, second in with_one_title(rows):
        names = {name: row["symbol"] or row["symbol_as_printed"] for name, row in (("one", first), ("other", second))}
        says = _("%(one)s and %(other)s have the same title.") % names
        more = _("They are two resolutions. Tell them apart by their symbols.")
        facts = (folded(first["resolution_title"]), folded(second["resolution_title"]))
        mend = reverse("mandates:row-edit", args=[second["id"]])
        both = f"{first['id']}_{second['id']}"
        yield Finding("same-title", both, says, more, f"{page}#row-{second['id']}", mend, facts)
    for document in text["documents"]:
        if document["review"]:
            says = _("“%(printed)s” cannot be read as a symbol.") % {"printed": document["as_printed"]}
            note = _note_of(text, document)
            where = f"{page}#note-{note['number']}" if note else page
            mend = reverse("mandates:note-edit", args=[note["id"]]) if note else ""
            why = why_doubtful(document["as_printed"])
            yield Finding("symbol-to-check", document["id"], says, why, where, mend, (document["as_printed"],))


def without_area(row: dict[str, Any], page: str) -> Iterator[Finding]:
    """The row as a whole, or the single mandates in it that neither they nor the row assign to anybody."""
    lacking = [one for one in row["mandates"] if not row["areas"] and not one["areas"]]
    if not names_an_area(row):
        says = _("%(symbol)s has no responsible area.") % {"symbol": row["symbol_as_printed"]}
        more = ngettext(
            "The plan assigns its mandate to no area.",
            "The plan assigns its mandates to no area.",
            max(len(row["mandates"]), 1),
        )
        yield _of_row("no-area", row, page, says, more, tuple(mandate["id"] for mandate in row["mandates"]))
        return
    for number, mandate in enumerate(row["mandates"], start=1):
        if mandate in lacking:
            says = _("%(mandate)s has no responsible area.") % {"mandate": called(row, number)}
            more = _("Other mandates of this resolution have areas of their own; the resolution as a whole has none.")
            yield of_mandate("no-area", mandate, page, says, more)


def called(row: dict[str, Any], number: int) -> str:
    """What to call a mandate: by its resolution and its number there."""
    return _("%(symbol)s, mandate %(number)s") % {"symbol": row["symbol_as_printed"], "number": number}


def _of_row(kind: str, row: dict[str, Any], page: str, says: str, more: str, facts: tuple[Any, ...]) -> Finding:
    mend = reverse("mandates:row-edit", args=[row["id"]])
    return Finding(kind, row["id"], says, more, f"{page}#row-{row['id']}", mend, facts)


def of_mandate(
    kind: str, mandate: dict[str, Any], page: str, says: str, more: str = "", mend: str = "", *facts: Any
) -> Finding:
    mend = mend or reverse("mandates:mandate-edit", args=[mandate["id"]])
    return Finding(kind, mandate["id"], says, more, f"{page}#mandate-{mandate['id']}", mend, facts)


def names_an_area(row: dict[str, Any]) -> bool:
    return bool(row["areas"]) or any(mandate["areas"] for mandate in row["mandates"])


def printed_otherwise(printed: str, canonical: str | None) -> bool:
    """Whether print and canonical form differ by more than space and case."""
    return canonical is not None and "".join(printed.casefold().split()) != "".join(canonical.casefold().split())


def why_doubtful(printed: str) -> str:
    """Why a printed symbol is not clean, in the words of the grammar."""
    try:
        parse(printed)
    except SymbolError as error:
        return explain(error)
    return ""


def _note_of(text: dict[str, Any], document: dict[str, Any]) -> dict[str, Any] | None:
    return next((note for note in text["notes"] if document["as_printed"] in str(note["text"])), None)


def with_one_title(rows: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [
        (first, second)
        for place, first in enumerate(rows)
        for second in rows[place + 1 :]
        if folded(first["resolution_title"]) == folded(second["resolution_title"])
    ]


def folded(title: Text) -> str:
    """A title for comparing: its original wording without case and double spaces."""
    return " ".join(title.wordings[title.original].casefold().split())
