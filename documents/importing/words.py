"""A proposal in words: what an item is called, where it stood in the file, what a value means, what is odd."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from documents.importing.brought import Anomaly, Oddity, Place
from documents.importing.proposal import Field, Item, Proposal
from mandates.models import Paragraph
from mandates.prose import NOTE_CALL
from meetings.models import Meeting, Topic
from mispa.ground import dates
from mispa.ground.merging import LANGUAGE_NAMES
from mispa.ground.text import Text

_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_ESCAPED: Final = re.compile(r"\\([\\*_\[.)+-])")
_FIELDS: Final = {
    "text": gettext_lazy("wording"),
    "title": gettext_lazy("title"),
    "original_language": gettext_lazy("original language"),
    "symbol": gettext_lazy("resolution"),
    "symbol_as_printed": gettext_lazy("symbol as printed"),
    "areas": gettext_lazy("responsible areas"),
    "paragraph": gettext_lazy("paragraph number"),
    "deadline": gettext_lazy("deadline in words"),
    "days": gettext_lazy("first and last day of the deadline"),
    "refined": gettext_lazy("refined by"),
    "when": pgettext_lazy("of a thing in a file", "time"),
    "words": gettext_lazy("when, in words"),
    "timezone": gettext_lazy("time zone"),
    "room": gettext_lazy("room"),
    "city": gettext_lazy("city"),
    "country": gettext_lazy("country, where no city is named"),
    "basis": gettext_lazy("bases"),
    "kind": gettext_lazy("kind"),
    "mandates": gettext_lazy("mandates that it serves"),
    "documents": pgettext_lazy("of a thing in a file", "papers"),
    "order": pgettext_lazy("of a thing in a file", "order"),
}
_ODDITIES: Final = {
    Oddity.WEEKDAY: gettext_lazy("The weekday does not fit the day."),
    Oddity.IMPRECISE: gettext_lazy("The time is given in words; it is kept in words."),
    Oddity.NO_AREA: gettext_lazy("No area is named; the place stays empty."),
    Oddity.NO_SYMBOL: gettext_lazy("The row names no resolution that can be read."),
    Oddity.NO_TITLE: gettext_lazy("No title is printed; the one known here is taken, else the symbol."),
    Oddity.DOUBTFUL_SYMBOL: gettext_lazy("The symbol cannot be read for certain; it is kept as printed."),
    Oddity.TWO_FORMS: gettext_lazy("One symbol is printed in two ways."),
    Oddity.SAME_TITLE: gettext_lazy("Two resolutions have this title."),
    Oddity.CAPITALS: gettext_lazy("It is printed in capitals."),
    Oddity.BRACKET: gettext_lazy("A bracket opens or closes nothing."),
    Oddity.MARK_WITHOUT_NOTE: gettext_lazy("A mark calls a note that is not there."),
    Oddity.NOTE_WITHOUT_MARK: gettext_lazy("No mark calls this note."),
    Oddity.AREA_WITH_UNIT: gettext_lazy("An area with its unit in brackets."),
    Oddity.TWO_DOCUMENTS: gettext_lazy("Two papers are joined by “or”."),
    Oddity.NOT_UNDERSTOOD: gettext_lazy("This passage has no place in a plan; it is not taken."),
}
_ORDERS: Final = {
    "paragraph": gettext_lazy("Order of the paragraphs"),
    "row": gettext_lazy("Order of the resolutions"),
    "mandate": gettext_lazy("Order of the mandates"),
    "topic": gettext_lazy("Order of the topics"),
}


def oddity(anomaly: Anomaly) -> str:
    return str(_ODDITIES[anomaly.oddity])


def place(where: Place | None, kind: str) -> str:
    """Such as “table 1, row 3, column 2” or “line 63”; empty where nothing is known."""
    if where is None:
        return ""
    line = (
        pgettext("place in a file", "paragraph %(number)s")
        if kind == "docx"
        else pgettext("place in a file", "line %(number)s")
    )
    parts = [
        (pgettext("place in a file", "table %(number)s"), where.table),
        (pgettext("place in a file", "row %(number)s"), where.row),
        (pgettext("place in a file", "column %(number)s"), where.column),
        (line, where.line),
    ]
    return ", ".join(form % {"number": number} for form, number in parts if number)


def name(item: Item) -> str:
    """What an item is called: mandate 2 of AG/RES. 2735 (XLII-O/12)."""
    numbered: dict[str, Any] = {"number": item.number}
    match item.kind:
        case "plan":
            return _("The plan")
        case "paragraph":
            return _("Paragraph %(number)s") % numbered
        case "note":
            return _("Note %(number)s") % numbered
        case "row":
            return str(item.part["symbol_as_printed"] or item.part["symbol"])
        case "mandate":
            return _("Mandate %(number)s") % numbered
        case "meeting":
            return _meeting(item)
        case "order":
            return str(_ORDERS[item.part["kind"]])
    return _("Topic %(number)s") % numbered


def full_name(item: Item) -> str:
    """The name with that of what the item belongs to."""
    if item.kind == "paragraph":
        names = {"section": dict(Paragraph.Section.choices)[item.section], "number": item.number}
        return _("%(section)s, paragraph %(number)s") % names
    return f"{name(item.parent)}: {name(item)}" if item.parent else name(item)


def _meeting(item: Item) -> str:
    if item.part["kind"] == Meeting.Kind.MINISTERIAL:
        return _first(item.part.get("title")) or _("Ministerial meeting")
    if item.part.get("starts"):
        return _("Meeting of %(day)s") % {"day": dates.day(date.fromisoformat(item.part["starts"][:10]))}
    if words := _first(item.part.get("words")):
        return _("Meeting, %(words)s") % {"words": words}
    return _("Meeting %(number)s") % {"number": item.part.get("number") or item.number}


def _first(text: Any) -> str:
    return str(Text.from_json(text)) if text else ""


def saying(proposal: Proposal, item: Item) -> str:
    """The words of an item as a paper prints them, where it has some: “1/” where a note is called."""
    if item.kind == "order":
        return ""
    said = _first(item.part.get("text") or item.part.get("title"))
    return as_printed(said, proposal.note_numbers) if item.kind == "paragraph" else said


def as_printed(markdown: str, numbers: Mapping[str, Any]) -> str:
    called = NOTE_CALL.sub(
        lambda call: f"{numbers[call[1]]}/".translate(_RAISED) if call[1] in numbers else call[0], markdown
    )
    return _ESCAPED.sub(r"\1", called)


def field_name(field: Field) -> str:
    label = str(_FIELDS[field.name])
    return f"{label} ({LANGUAGE_NAMES[field.language]})" if field.language else label


def value(proposal: Proposal, field: Field, side: Any) -> str:
    """One side of a field as a reader knows it; empty where there is nothing."""
    if not side:
        return ""
    names = proposal.names
    match field.name:
        case "areas":
            return "; ".join(_area(proposal, key) for key in side)
        case "room" | "city":
            return names.name_of(side)
        case "when":
            return _time(side)
        case "days":
            return " – ".join(dates.day(date.fromisoformat(one)) for one in side)
        case "refined":
            return f"{side[0]}: " + " – ".join(dates.day(date.fromisoformat(one)) for one in side[1:])
        case "kind":
            return str(dict(Topic.Kind.choices).get(side, side))
        case "original_language":
            return str(LANGUAGE_NAMES.get(side, side))
        case "mandates":
            return "; ".join(full_name(item) for item in proposal.of("mandate") if item.id in side)
        case "order" | "basis" | "documents":
            return ", ".join(map(str, side))
    return str(side)


def _area(proposal: Proposal, key: str) -> str:
    area, *unit = (proposal.names.name_of(one) for one in key.split("/"))
    return f"{area} ({unit[0]})" if unit else area


def _time(side: Any) -> str:
    precision, starts, ends = side
    if not starts:
        return str(dict(Meeting.Precision.choices)[precision])
    first, last = datetime.fromisoformat(starts), datetime.fromisoformat(ends or starts)
    return dates.span(first, last) if "T" in starts else dates.days(first.date(), last.date())
