"""The lives of meetings as a calendar shows them: what each is set for, and the days for which it was set before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from documents.reading.live import is_on
from documents.reading.past import Past
from meetings.life import Done, Step, earlier_times, name_places, steps_of, versions_in
from meetings.models import Meeting

Lives = dict[UUID, list[Step]]
_OFF = {Meeting.Status.CANCELLED, Meeting.Status.POSTPONED}


def lives_of(meetings: Sequence[Meeting], past: Past | None = None) -> Lives:
    """By meeting the steps of its life, now or until an instant, with the names of their places."""
    steps = steps_of(meetings, past.at if past else None)
    versions = versions_in(steps)
    if past:
        past.with_places(versions)
    else:
        name_places(versions)
    return steps


def last_move(steps: Iterable[Step]) -> Step | None:
    """The latest of the moves, if there was one."""
    return next((step for step in reversed(list(steps)) if step.done == Done.MOVED), None)


@dataclass
class Entry:
    """A line of the calendar: a meeting, and a time for which it is or was set."""

    meeting: Meeting
    set_for: Meeting  # the same meeting, where it has moved since as it was set then
    moved: Step | None  # the last time that it was
    is_old: bool
    is_over: bool
    is_on: bool
    days_after: int | None = None
    comes_first: bool = False  # of all that are not over

    @property
    def is_off(self) -> bool:
        """Whether nobody meets at that time."""
        return self.is_old or self.meeting.status in _OFF

    @property
    def is_soft(self) -> bool:
        """Whether its days are only those that words can mean."""
        return self.set_for.precision == Meeting.Precision.IMPRECISE

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last; where words have a first day alone, that one."""
        first = self.set_for.starts_on
        assert first is not None  # noqa: S101 (what has no day is no entry)
        return first, self.set_for.ends_on or first

    @property
    def status(self) -> str:
        """How it is marked: the days that a meeting had before are those from which it has moved."""
        return "moved" if self.is_old else self.meeting.status


def entries_of(meetings: Sequence[Meeting], lives: Lives, now: datetime) -> list[Entry]:
    """All that stands under a day, in order of time: meetings moved, put off or cancelled keep their old ones."""
    found = []
    for meeting in meetings:
        steps = lives.get(meeting.pk, [])
        before = [one for one in earlier_times(meeting, steps) if one.precision != Meeting.Precision.IMPRECISE]
        for set_for in [*before, meeting]:
            if set_for.starts_on is not None:
                is_old = set_for is not meeting
                is_over, on = set_for.lies_before(now), not is_old and is_on(meeting, now)
                found.append(Entry(meeting, set_for, last_move(steps), is_old, is_over, on))
    found.sort(key=lambda one: _by_time(one.set_for))
    _count_days(found)
    first = next((one for one in found if not one.is_over), None)
    if first:
        first.comes_first = True
    return found


def _by_time(meeting: Meeting) -> tuple[Any, ...]:
    has_hour, hour = meeting.starts_at is not None, meeting.starts_at or time.min
    return meeting.starts_on, has_hour, hour, meeting.number or 0, str(meeting.pk)


def _count_days(entries: Iterable[Entry]) -> None:
    """How many days lie between meetings; an earliest day that words can mean is none of them."""
    previous: date | None = None
    for one in entries:
        if one.is_off or not one.meeting.is_exact or one.set_for.starts_on is None:
            continue
        if previous:
            one.days_after = (one.set_for.starts_on - previous).days
        previous = one.set_for.starts_on


def by_month(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Entries under the first day of their month."""
    months: dict[date, list[Entry]] = {}
    for one in entries:
        if one.set_for.starts_on:
            months.setdefault(one.set_for.starts_on.replace(day=1), []).append(one)
    return [{"first": first, "lines": lines} for first, lines in months.items()]
