"""A meeting as an event: the same in every file of a language, whoever reads it (RFC 5545, 3.6.1).

Words alone make no event: “early September” is no day. A VTODO would be no better (3.6.2: it is something to be done,
and calendars show it among the tasks of the reader). So a meeting of which only words tell the time is in no feed,
unless it was set for a day before: then that day is called off, and the event says so.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Self

from django.utils.translation import gettext as _

from mandates.models import WorkingGroup
from meetings.ical.lines import escaped, instant, wall_time
from meetings.ical.stamps import STATUS, Stamp
from meetings.life import Done, Step
from meetings.models import Meeting
from mispa.ground import dates
from mispa.ground.text import Text

_EXACT = {Meeting.Precision.EXACT, Meeting.Precision.ALL_DAY}


def uid(meeting: Meeting) -> str:
    """Of the event, in every file and mail for ever: from the meeting's identity, never from what may change."""
    return f"{meeting.pk}@mispa"


@dataclass(frozen=True)
class Event:
    """A meeting at the time of which an event tells, and what else it tells of its life."""

    meeting: Meeting
    at: Meeting  # the meeting itself, or as it was last set for a day
    agenda: Sequence[Text] = field(default=(), kw_only=True)
    before: Meeting | None = None  # as it was set before it last moved
    tells_notice: bool = field(default=False, kw_only=True)  # the notice to its readers

    @classmethod
    def of(cls, meeting: Meeting, steps: Sequence[Step], agenda: Sequence[Text] = ()) -> Self | None:
        """The event of a meeting as it stands; None where it never was set for a day, or was held without one."""
        at = meeting if meeting.precision in _EXACT else _last_set(steps)
        if at is None or (at is not meeting and meeting.status in {Meeting.Status.PROPOSED, Meeting.Status.HELD}):
            return None
        moved = next((step for step in reversed(steps) if step.done == Done.MOVED and step.was is not at), None)
        return cls(meeting, at, moved.was if moved else None, agenda=agenda, tells_notice=True)

    @property
    def is_off(self) -> bool:
        """Whether nobody meets at its time."""
        return self.status == "CANCELLED"

    @property
    def status(self) -> str:
        return STATUS[Meeting.Status(self.meeting.status)] if self.at is self.meeting else "CANCELLED"

    @property
    def has_hours(self) -> bool:
        return self.at.starts_at is not None

    @property
    def years(self) -> set[int]:
        """The years for which a file must tell its zone."""
        days = [self.at.starts_on, self.at.ends_on] if self.has_hours else []
        return {day.year for day in days if day}

    @property
    def told(self) -> list[Meeting]:
        """The versions whose places it names beside those of now."""
        return [one for one in (self.at, self.before) if one is not None and one is not self.meeting]


def _last_set(steps: Iterable[Step]) -> Meeting | None:
    """As it was last set for days that can be told."""
    versions = [one for step in steps for one in (step.was, step.set_for) if one and one.precision in _EXACT]
    return versions[-1] if versions else None


def event_lines(event: Event, stamp: Stamp, *, title: str, url: str, language: str) -> Iterator[str]:
    """Its lines but for the last, so that what is the reader's own can still be said; `title` is its `summary`."""
    meeting = event.meeting
    yield "BEGIN:VEVENT"
    yield f"UID:{uid(meeting)}"
    yield f"DTSTAMP:{instant(stamp.changed_at)}"
    yield f"CREATED:{instant(stamp.created_at)}"
    yield f"LAST-MODIFIED:{instant(stamp.changed_at)}"
    yield f"SEQUENCE:{stamp.sequence}"
    yield f"STATUS:{event.status}"
    yield from _times(event.at)
    yield f"SUMMARY:{escaped(title)}"
    yield f"DESCRIPTION:{escaped(_description(event, url, language))}"
    if place := _place(event.at, language):
        yield f"LOCATION:{escaped(place)}"
    yield f"URL:{url}"


def _times(meeting: Meeting) -> Iterator[str]:
    first, last = meeting.starts_on, meeting.ends_on
    if first is None or last is None:
        return
    if meeting.starts and meeting.ends and Meeting.Fold.SECOND in (meeting.starts_fold, meeting.ends_fold):
        # An hour with a zone is the first of two.
        yield f"DTSTART:{instant(meeting.starts)}"
        yield f"DTEND:{instant(meeting.ends)}"
        return
    if meeting.starts_at and meeting.ends_at:
        yield f"DTSTART;TZID={meeting.timezone}:{wall_time(first, meeting.starts_at)}"
        yield f"DTEND;TZID={meeting.timezone}:{wall_time(last, meeting.ends_at)}"
        return
    yield f"DTSTART;VALUE=DATE:{first:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}"  # the first day after
    if meeting.precision == Meeting.Precision.IMPRECISE:
        yield "TRANSP:TRANSPARENT"  # “early September” keeps nobody busy for days


# ---- words


def summary(group: WorkingGroup, event: Event, language: str) -> str:
    meeting = event.meeting
    short_name = group.short_name.in_language(language)
    if meeting.kind == Meeting.Kind.SESSION:
        words = _("%(group)s, meeting %(number)s: %(title)s") if meeting.title else _("%(group)s: meeting %(number)s")
        title = _wording(meeting.title, language) if meeting.title else ""
        named = words % {"group": short_name, "number": meeting.number, "title": title}
    elif meeting.title:
        named = _wording(meeting.title, language)
    else:
        named = f"{short_name}: {meeting.get_kind_display()}"
    if meeting.precision == Meeting.Precision.IMPRECISE:
        named += f" ({_wording(meeting.words, language)})"
    if meeting.status == Meeting.Status.CANCELLED:
        # Several calendars show a cancelled event like any other.
        return _("Cancelled: %(meeting)s") % {"meeting": named}
    if meeting.status == Meeting.Status.POSTPONED:
        return _("Postponed, no new day yet: %(meeting)s") % {"meeting": named}
    if event.at is not meeting:
        return _("Not on this day, no exact day yet: %(meeting)s") % {"meeting": named}
    return named


def _description(event: Event, url: str, language: str) -> str:
    """What became of it, its agenda, and where to read on."""
    agenda = [f"{number}. {_wording(topic, language)}" for number, topic in enumerate(event.agenda, start=1)]
    link = _("Topics and documents: %(address)s") % {"address": url}
    parts = ["\n".join(_life(event, language)), "\n".join(agenda), link]
    return "\n\n".join(part for part in parts if part)


def _life(event: Event, language: str) -> Iterator[str]:
    if event.tells_notice and event.meeting.notice:
        yield _wording(event.meeting.notice, language)
    if event.before and (before := ", ".join(_before(event.before, event.at, language))):
        yield _("Moved from: %(before)s") % {"before": before}


def _before(before: Meeting, now: Meeting, language: str) -> Iterator[str]:
    """Of an earlier time and place as much as is another one now."""
    time, place = _time(before, language), _place(before, language)
    if before.timezone != now.timezone:
        time = f"{time} ({before.timezone})"
    if time != _time(now, language):
        yield time
    if place and place != _place(now, language):
        yield place


def _time(meeting: Meeting, language: str) -> str:
    if meeting.precision == Meeting.Precision.IMPRECISE or not meeting.starts_on or not meeting.ends_on:
        return _wording(meeting.words, language) if meeting.words else ""
    return dates.span(*meeting.wall_times) if meeting.wall_times else dates.days(meeting.starts_on, meeting.ends_on)


def _place(meeting: Meeting, language: str) -> str:
    room = meeting.room.name if meeting.room else None
    city = meeting.place_city.name if meeting.place_city else None
    names = [room, city, meeting.place_country]
    return ", ".join(name.in_language(language) for name in names if name)


def _wording(text: Text, language: str) -> str:
    """The wording for this language; one in another language carries that language's mark."""
    given = text.language_for(language)
    wording = text.in_language(language)
    return wording if given == language else f"{wording} [{given}]"
