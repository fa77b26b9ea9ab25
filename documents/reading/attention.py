"""What needs somebody's attention in a group: gaps and printed peculiarities, each with its place."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from documents.models import Bundle
from documents.reading.gaps.finding import Finding
from documents.reading.gaps.in_text import folded, in_text, printed_otherwise, why_doubtful, with_one_title
from documents.reading.gaps.of_meetings import without_city
from documents.reading.gaps.of_symbols import contradicted, contradiction
from documents.reading.texts import Reading, address_of
from mandates.models import WorkingGroup
from mandates.permissions import is_editor
from meetings.clashes import clashes_of
from meetings.models import TITLED, Meeting
from mispa.ground import dates
from mispa.ground.text import Text


def points_for(
    request: HttpRequest, group: WorkingGroup, reading: Reading | None, meetings: list[Meeting]
) -> list[Finding]:
    """All findings in the text that the reader may read and in the calendar and process that she may see.

    `meetings` are those of her calendar, with their places.

    What a text is written without, and by whom it is mended, is the report's (`documents.reading.gaps`).
    """
    found = [*contradicted(group, Meeting.objects.visible_to(request.user)), *without_city(meetings)]
    if is_editor(request.user, group):
        now = timezone.now()
        found += [*_not_recorded(group, meetings, now), *_clashes(request, meetings, now), *_waiting_mails(group)]
    return [*in_text(reading.text, address_of(group, reading)), *found] if reading else found


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
    for first, second in with_one_title(text["rows"]):
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


def _days(first: date | None, last: date | None) -> str:
    return dates.days(first, last) if first and last else ""


# Meetings ------------------------------------------------------------------


def _not_recorded(group: WorkingGroup, meetings: list[Meeting], now: datetime) -> list[Finding]:
    over = [meeting for meeting in meetings if meeting.status == Meeting.Status.CONVENED and meeting.is_over(now)]
    if not over:
        return []
    says = ngettext(
        "%(number)s meeting lies in the past and is not recorded as held.",
        "%(number)s meetings lie in the past and are not recorded as held.",
        len(over),
    ) % {"number": len(over)}
    more = _("Record each as held, or as cancelled with the reason.")
    page = reverse("documents:calendar", args=[group.slug])
    return [Finding("meeting-not-recorded", str(group.pk), says, more, page)]


def _waiting_mails(group: WorkingGroup) -> list[Finding]:
    """Mails that call people and that no editor has let go yet."""
    number = Bundle.objects.waiting().filter(group=group, is_call=True, released_at=None, held_at=None).count()
    if not number:
        return []
    says = ngettext(
        "%(number)s mail to those who follow waits for you.",
        "%(number)s mails to those who follow wait for you.",
        number,
    ) % {"number": number}
    more = _("Read it and send it: it tells of a meeting that was convened, moved, postponed or cancelled.")
    return [Finding("mail-waiting", str(group.pk), says, more, reverse("documents:mail-list", args=[group.slug]))]


def _clashes(request: HttpRequest, meetings: list[Meeting], now: datetime) -> list[Finding]:
    """Of meetings that are to come: those that run into another one."""
    coming = [meeting for meeting in meetings if not meeting.is_over(now)]
    return [
        Finding(
            "meeting-clash", str(clash.meeting.pk), f"{clash.meeting}: {clash}", "", clash.meeting.get_absolute_url()
        )
        for found in clashes_of(coming, request.user).values()
        for clash in found
    ]


@dataclass(frozen=True)
class Move:
    """A meeting that the live calendar has elsewhere: the sentence, what to know beside it, where to look."""

    says: str
    more: str
    url: str


def moved_since(request: HttpRequest, text: dict[str, Any]) -> list[Move]:
    """Where the live calendar has left a sealed text: for each such meeting, what is so now."""
    printed = {meeting["id"]: meeting for meeting in text["meetings"]}
    live = Meeting.objects.visible_to(request.user).filter(pk__in=list(printed)).with_places()
    points = []
    for meeting in live.in_order():
        names = {"meeting": meeting.short_title or str(meeting)}
        before = printed.pop(str(meeting.pk))
        notice = str(meeting.notice or "")
        if meeting.status == Meeting.Status.CANCELLED:
            says = _("%(meeting)s has been cancelled since.") % names
            points.append(Move(says, notice, meeting.get_absolute_url()))
        elif meeting.status == Meeting.Status.POSTPONED:
            says = _("%(meeting)s has been postponed since. No new day is set yet.") % names
            points.append(Move(says, notice, meeting.get_absolute_url()))
        elif _time_printed(before) != _time_now(meeting) or _place_printed(before) != _place_now(meeting):
            says = _("%(meeting)s has moved since.") % names
            points.append(Move(says, _when_and_where(meeting, before), meeting.get_absolute_url()))
    calendar = reverse("documents:calendar", args=[text["group"]["slug"]])
    for gone in printed.values():
        points.append(Move(_("%(meeting)s is not in the calendar now.") % {"meeting": _name(gone)}, "", calendar))
    return points


def _name(printed: dict[str, Any]) -> str:
    if printed["title"] and printed["kind"] != Meeting.Kind.SESSION:
        return str(printed["title"])
    numbered = _("Meeting %(number)s") % {"number": printed["number"]}
    return str(TITLED).format(meeting=numbered, title=printed["title"]) if printed["title"] else numbered


def _time_printed(printed: dict[str, Any]) -> tuple[Any, ...]:
    when = [printed[name] for name in ("starts", "ends", "precision", "timezone")]
    fold = printed.get("fold") or {}
    return (*when, fold.get("starts"), fold.get("ends"), _original(printed["words"]))


def _time_now(meeting: Meeting) -> tuple[Any, ...]:
    starts, ends = _moment(meeting.starts_on, meeting.starts_at), _moment(meeting.ends_on, meeting.ends_at)
    folds = (meeting.starts_fold, meeting.ends_fold)
    return starts, ends, meeting.precision, meeting.timezone, *folds, _original(meeting.words)


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
    if meeting.wall_times:
        parts = [dates.span(*meeting.wall_times)]
    if meeting.timezone != printed["timezone"]:
        parts.append(meeting.timezone)
    if _place_now(meeting) != _place_printed(printed):
        parts += [str(place) for place in (meeting.room, meeting.city and meeting.city.name) if place]
    now = ", ".join(part for part in parts if part)
    return now if in_words else _("It is now set for %(day)s.") % {"day": now}
