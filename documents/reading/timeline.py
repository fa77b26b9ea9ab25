"""From the resolutions over the meetings to the ministerial meeting: what stands on the line of time of a group."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from documents.reading.axis import Line, Mark, lay_out
from documents.reading.gaps.in_text import called
from documents.reading.texts import Reading
from documents.reading.ties import is_put_off, name_of
from mandates.models import Resolution
from meetings.models import Meeting
from mispa.ground import dates

# Days. Who names days names one or a few in a row; more than a week is what words such as “early September” can mean.
NAMED = 7
LONGEST = 64  # letters on the drawing; the list has all words


@dataclass(frozen=True)
class Event:
    """What the list tells: a kind, words, when in words, and a link. `mark` is None where no days are known."""

    kind: str
    words: str
    when: str
    url: str
    mark: Mark | None


@dataclass(frozen=True)
class Timeline:
    events: Sequence[Event]  # by time; those without days last
    line: Line | None
    today: date

    @property
    def undrawn(self) -> list[Event]:
        return [event for event in self.events if event.mark is None]


def timeline_of(
    resolutions: Iterable[Resolution], meetings: Iterable[Meeting], reading: Reading | None, today: date
) -> Timeline:
    """Of meetings and resolutions that the reader may see, and the deadlines in her text."""
    events = [
        *map(_of_resolution, resolutions),
        *map(_of_meeting, meetings),
        *(_of_deadlines(reading) if reading else []),
    ]
    bands = [
        (_("Resolutions"), "resolution"),
        (_("Meetings"), "meeting"),
        (_("Deadlines"), "deadline"),
    ]
    marks = [(name, [one.mark for one in events if one.kind == kind and one.mark]) for name, kind in bands]
    line = lay_out(marks, today) if any(found for _name, found in marks) else None
    events.sort(key=lambda one: (one.mark is None, one.mark.first if one.mark else date.max))
    return Timeline(events, line, today)


def _of_resolution(resolution: Resolution) -> Event:
    """By the day of its adoption; where that is not known, somewhere in the year of its symbol."""
    symbol, parsed = resolution.symbol.display, resolution.symbol.parsed
    url = resolution.get_absolute_url()
    words = f"{symbol} · {resolution.title}"
    if day := resolution.adopted_on:
        return Event("resolution", words, dates.day(day), url, Mark(day, day, symbol, "resolution"))
    if parsed and parsed.year:
        year = str(parsed.year)
        when = _("in %(year)s, by its symbol; the day is not entered") % {"year": year}
        span = Mark(date(parsed.year, 1, 1), date(parsed.year, 12, 31), f"{symbol}, {year}", "resolution", True)
        return Event("resolution", words, when, url, span)
    return Event("resolution", words, _("the day is not entered"), url, None)


def _of_meeting(meeting: Meeting) -> Event:
    """On its days; one that is only told in words can be any of the days that are known of it."""
    words = f"{meeting.short_title or meeting}, {meeting.get_status_display()}"
    url = meeting.get_absolute_url()
    first, last = meeting.starts_on, meeting.ends_on
    is_soft = meeting.precision == Meeting.Precision.IMPRECISE
    if first is None or last is None or not meeting.has_day:
        # Of a time in words a first day alone says nothing of its end; of what was put off, no day is known.
        when = str(meeting.words) if meeting.words and not is_put_off(meeting) else _("the day is not set")
        return Event("meeting", words, when, url, None)
    when = str(meeting.words) if is_soft else dates.days(first, last)
    return Event("meeting", words, when, url, Mark(first, last, short(name_of(meeting)), meeting, is_soft))


def _of_deadlines(reading: Reading) -> Iterable[Event]:
    for row in reading.text["rows"]:
        for number, mandate in enumerate(row["mandates"], start=1):
            if deadline := mandate["deadline"]:
                yield from _of_deadline(mandate["id"], called(row, number), deadline)


def _of_deadline(pk: str, name: str, deadline: dict[str, Any]) -> Iterable[Event]:
    """The days that its words can mean, and those to which a later resolution refined it.

    What can be any of several days is soft, and never a point.
    """
    url = reverse("documents:mandate-detail", args=[pk])
    words = f"{name}: {deadline['words']}"
    first, last = deadline["earliest"], deadline["latest"]
    if first and last:
        is_soft = (last - first).days >= NAMED
        when = _("not exact: %(days)s") % {"days": dates.days(first, last)} if is_soft else dates.days(first, last)
        yield Event("deadline", words, when, url, Mark(first, last, short(words), "deadline", is_soft))
    else:
        yield Event("deadline", words, _("its days are not known"), url, None)
    if deadline["refined_by"]:
        first, last = deadline["refined_earliest"], deadline["refined_latest"]
        fixed = _("%(name)s, fixed by %(symbol)s") % {"name": name, "symbol": deadline["refined_by"]}
        yield Event("deadline", fixed, dates.days(first, last), url, Mark(first, last, short(fixed), "deadline"))


def short(words: str) -> str:
    """Whole words, as many as a drawing has room for."""
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rsplit(' ', 1)[0]}…"
