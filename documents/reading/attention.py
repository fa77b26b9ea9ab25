"""What needs somebody's attention in a group: gaps and printed peculiarities, each with its place."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from documents.reading.texts import Reading
from mandates.models import WorkingGroup
from mandates.permissions import is_editor
from mandates.symbol_words import explain
from mandates.symbols import SymbolError, parse
from meetings.models import Meeting
from mispa.ground import dates
from mispa.ground.text import Text


@dataclass(frozen=True)
class Point:
    """`says` is the sentence, `more` what to know beside it, `url` where to look."""

    says: str
    more: str
    url: str


def points_for(request: HttpRequest, group: WorkingGroup, reading: Reading | None) -> list[Point]:
    """All points in the text that the reader may read and in the calendar and process that she may see."""
    found = [*_in_process(request, group), *_in_calendar(request, group)]
    return [*_in_text(group, reading), *found] if reading else found


def address_of(group: WorkingGroup, reading: Reading) -> str:
    """The page of a text: its edition, or the working text."""
    return (
        reading.edition.get_absolute_url() if reading.edition else reverse("documents:draft-detail", args=[group.slug])
    )


def _in_text(group: WorkingGroup, reading: Reading) -> list[Point]:
    plan = address_of(group, reading)
    points = []
    for row in reading.text["rows"]:
        place = f"{plan}#row-{row['id']}"
        if not names_an_area(row):
            says = _("%(symbol)s has no responsible area.") % {"symbol": row["symbol_as_printed"]}
            points.append(Point(says, _("The plan assigns its mandates to no area."), place))
        if printed_otherwise(row["symbol_as_printed"], row["symbol"]):
            names = {"symbol": row["symbol"], "printed": row["symbol_as_printed"]}
            says = _("%(symbol)s is printed as %(printed)s.") % names
            points.append(Point(says, _("One resolution, written in two ways. The printed form is kept."), place))
    for first, second in _with_one_title(reading.text["rows"]):
        says = _("%(one)s and %(other)s have the same title.") % {"one": first["symbol"], "other": second["symbol"]}
        more = _("They are two resolutions. Tell them apart by their symbols.")
        points.append(Point(says, more, f"{plan}#row-{second['id']}"))
    for document in reading.text["documents"]:
        if document["review"]:
            says = _("“%(printed)s” cannot be read as a symbol.") % {"printed": document["as_printed"]}
            points.append(Point(says, why_doubtful(document["as_printed"]), f"{plan}{_note_of(reading, document)}"))
    return points


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


def _note_of(reading: Reading, document: dict[str, Any]) -> str:
    called = (note["number"] for note in reading.text["notes"] if document["as_printed"] in str(note["text"]))
    number = next(called, None)
    return f"#note-{number}" if number else ""


def _with_one_title(rows: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [
        (first, second)
        for place, first in enumerate(rows)
        for second in rows[place + 1 :]
        if folded(first["resolution_title"]) == folded(second["resolution_title"])
    ]


def folded(title: Text) -> str:
    """A title for comparing: its original wording without case and double spaces."""
    return " ".join(title.wordings[title.original].casefold().split())


# What stands beside a row or a note of the text, in sentences ----------------------------------


def row_flags(text: dict[str, Any]) -> dict[str, list[str]]:
    """By the id of a row: what is peculiar about the symbol and title that it prints."""
    flags: dict[str, list[str]] = {row["id"]: [] for row in text["rows"]}
    for row in text["rows"]:
        if printed_otherwise(row["symbol_as_printed"], row["symbol"]):
            printed, registered = _what_differs(row)
            names = {"printed": printed, "registered": registered}
            flags[row["id"]].append(_("Printed here as %(printed)s, registered as %(registered)s") % names)
        flags[row["id"]] += _title_flags(row)
    for first, second in _with_one_title(text["rows"]):
        for row, other in ((first, second), (second, first)):
            flags[row["id"]].append(_("Same title as %(symbol)s") % {"symbol": other["symbol"].split(" (")[0]})
    return flags


def _what_differs(row: dict[str, Any]) -> tuple[str, str]:
    """Printed and registered form of the bracket where all before it is the same, else of the whole symbol."""
    printed, symbol = row["symbol_as_printed"], row["symbol"]
    head, own_head = printed.partition("(")[0], symbol.partition("(")[0]
    if "(" in printed and not printed_otherwise(head, own_head):
        return printed.removeprefix(head), symbol.removeprefix(own_head)
    return printed, symbol


def _title_flags(row: dict[str, Any]) -> list[str]:
    printed, registered = str(row["title"]), str(row["resolution_title"])
    if printed == registered:
        return []
    if registered.startswith(printed):
        return [
            _("Registered with “%(rest)s” at the end of its title") % {"rest": registered.removeprefix(printed).strip()}
        ]
    if folded(row["title"]) != folded(row["resolution_title"]):
        return [_("Registered with the title “%(title)s”") % {"title": registered}]
    if printed.isupper():
        return [_("Title printed here in capitals")]
    return [_("Title printed here with other capitals or spaces")]


def note_flags(request: HttpRequest, text: dict[str, Any]) -> dict[str, list[str]]:
    """By the id of a note: a paper in it that has no proper symbol, and days that the record contradicts."""
    doubtful = [document["as_printed"] for document in text["documents"] if document["review"]]
    meetings = [note["meeting"] for note in text["notes"] if note["meeting"]]
    known = Meeting.objects.visible_to(request.user).filter(checked_starts_on__isnull=False)
    checked = {str(one.pk): one for one in known.filter(pk__in=meetings)}
    flags: dict[str, list[str]] = {}
    for note in text["notes"]:
        flags[note["id"]] = [why_doubtful(printed) for printed in doubtful if printed in str(note["text"])]
        if one := checked.get(note["meeting"]):
            flags[note["id"]].append(contradiction(one))
    return flags


def contradiction(meeting: Meeting) -> str:
    """The printed days of a meeting beside those of the record."""
    return _("The plan prints %(printed)s; the record says %(checked)s.") % {
        "printed": _days(meeting.starts_on, meeting.ends_on),
        "checked": _days(meeting.checked_starts_on, meeting.checked_ends_on),
    }


def _days(first: date | None, last: date | None) -> str:
    return dates.days(first, last) if first and last else ""


# Meetings ------------------------------------------------------------------


def _in_process(request: HttpRequest, group: WorkingGroup) -> list[Point]:
    process = reverse("documents:process", args=[group.slug])
    series = group.meetings.filter(series__isnull=False).values("series_id")
    contradicted = Meeting.objects.visible_to(request.user).filter(series__in=series, checked_starts_on__isnull=False)
    return [
        Point(
            _("%(name)s: %(fact)s") % {"name": meeting, "fact": contradiction(meeting)},
            str(meeting.checked_source),
            f"{process}#meeting-{meeting.pk}",
        )
        for meeting in contradicted.order_by("starts_on", "id")
    ]


def _in_calendar(request: HttpRequest, group: WorkingGroup) -> list[Point]:
    calendar = Meeting.objects.visible_to(request.user).in_calendar(group).with_places()
    meetings = list(calendar.filter(status=Meeting.Status.CONVENED))
    points = [
        Point(
            _("%(meeting)s: the city is not in the plan.") % {"meeting": meeting.short_title},
            "",
            meeting.get_absolute_url(),
        )
        for meeting in meetings
        if meeting.short_title and meeting.place_city is None
    ]
    if is_editor(request.user, group):
        points += _not_recorded(group, meetings, timezone.now())
    return points


def _not_recorded(group: WorkingGroup, meetings: list[Meeting], now: datetime) -> list[Point]:
    over = [meeting for meeting in meetings if meeting.is_over(now)]
    if not over:
        return []
    says = ngettext(
        "%(number)s meeting lies in the past and is not recorded as held.",
        "%(number)s meetings lie in the past and are not recorded as held.",
        len(over),
    ) % {"number": len(over)}
    more = _("Record each as held, or as cancelled with the reason.")
    return [Point(says, more, reverse("documents:calendar", args=[group.slug]))]


def moved_since(request: HttpRequest, text: dict[str, Any]) -> list[Point]:
    """Where the live calendar has left a sealed text: for each such meeting, what is so now."""
    printed = {meeting["id"]: meeting for meeting in text["meetings"]}
    live = Meeting.objects.visible_to(request.user).filter(pk__in=list(printed)).with_places()
    points = []
    for meeting in live.in_order():
        names = {"meeting": meeting.short_title or str(meeting)}
        before = printed.pop(str(meeting.pk))
        if meeting.status == Meeting.Status.CANCELLED:
            points.append(Point(_("%(meeting)s has been cancelled since.") % names, "", meeting.get_absolute_url()))
        elif _time_printed(before) != _time_now(meeting) or _place_printed(before) != _place_now(meeting):
            says = _("%(meeting)s has moved since.") % names
            points.append(Point(says, _when_and_where(meeting, before), meeting.get_absolute_url()))
    calendar = reverse("documents:calendar", args=[text["group"]["slug"]])
    for gone in printed.values():
        points.append(Point(_("%(meeting)s is not in the calendar now.") % {"meeting": _name(gone)}, "", calendar))
    return points


def _name(printed: dict[str, Any]) -> str:
    if printed["title"] and printed["kind"] != Meeting.Kind.SESSION:
        return str(printed["title"])
    return _("Meeting %(number)s") % {"number": printed["number"]}


def _time_printed(printed: dict[str, Any]) -> tuple[Any, ...]:
    when = [printed[name] for name in ("starts", "ends", "precision", "timezone")]
    return (*when, _original(printed["words"]))


def _time_now(meeting: Meeting) -> tuple[Any, ...]:
    starts, ends = _moment(meeting.starts_on, meeting.starts_at), _moment(meeting.ends_on, meeting.ends_at)
    return starts, ends, meeting.precision, meeting.timezone, _original(meeting.words)


def _place_printed(printed: dict[str, Any]) -> tuple[str | None, ...]:
    return tuple(printed[name]["id"] if printed[name] else None for name in ("room", "city"))


def _place_now(meeting: Meeting) -> tuple[str | None, ...]:
    return tuple(str(pk) if pk else None for pk in (meeting.room_id, meeting.city_id))


def _original(words: Text | None) -> str:
    """A translation that came later moves no meeting."""
    return words.wordings[words.original] if words else ""


def _moment(day: date | None, hour: time | None) -> date | None:
    """To the minute, as it is printed."""
    return datetime.combine(day, hour.replace(second=0, microsecond=0)) if day and hour else day


def _when_and_where(meeting: Meeting, printed: dict[str, Any]) -> str:
    """When it is now; and its zone and place if these are not the printed ones."""
    in_words = meeting.precision == Meeting.Precision.IMPRECISE or not meeting.starts_on
    parts = [str(meeting.words or "") if in_words else _days(meeting.starts_on, meeting.ends_on)]
    if meeting.starts_at and meeting.ends_at:
        parts.append(dates.hours(meeting.starts_at, meeting.ends_at))
    if meeting.timezone != printed["timezone"]:
        parts.append(meeting.timezone)
    if _place_now(meeting) != _place_printed(printed):
        parts += [str(place) for place in (meeting.room, meeting.city and meeting.city.name) if place]
    now = ", ".join(part for part in parts if part)
    return now if in_words else _("It is now set for %(day)s.") % {"day": now}
