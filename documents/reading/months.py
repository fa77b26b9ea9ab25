"""The calendar by months: the days of one in their weeks, and the twelve of a year on one line.

Of days alone, in the zone of each meeting. What is told in words stands on no day of a month; on the line of a year it
is a span.
"""

from calendar import Calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import get_format

from documents.reading.lives import Entry
from mispa.ground.fields import YEARS

LANES = 3  # of signs in a month of the year; more are counted
APART = 6  # days between two signs of a lane


@dataclass(frozen=True)
class Item:
    """An entry on one of its days: the `part`-th, `of` how many. `line` is its place among the lines of the month."""

    entry: Entry
    line: int
    part: int
    of: int


@dataclass(frozen=True)
class Day:
    day: date
    is_out: bool  # it belongs to the month before or after
    is_today: bool
    items: Sequence[Item]


@dataclass(frozen=True)
class Month:
    """`lines` are the entries on its days, and `soft` those in words that can be meant in it; each in order of time."""

    first: date
    weeks: Sequence[Sequence[Day]]
    lines: Sequence[Entry]
    soft: Sequence[Entry]

    @property
    def before(self) -> date | None:
        return _known(self.first - timedelta(days=1))

    @property
    def after(self) -> date | None:
        return _known(self.first + timedelta(days=31))


def month_of(entries: Iterable[Entry], first: date, today: date) -> Month:
    """The weeks of a month, beginning with the day with which they begin in the language of the page."""
    begins = (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7  # Django counts from Sunday, Python from Monday
    weeks = Calendar(begins).monthdatescalendar(first.year, first.month)
    shown: dict[date, list[Item]] = {day: [] for week in weeks for day in week}
    lines: list[Entry] = []
    soft: list[Entry] = []
    for entry in entries:
        starts, ends = entry.days
        if entry.is_soft:
            if starts <= _last(first) and first <= ends:
                soft.append(entry)
            continue
        on = [day for day in shown if starts <= day <= ends]
        for day in on:
            shown[day].append(Item(entry, len(lines), (day - starts).days + 1, (ends - starts).days + 1))
        if on:
            lines.append(entry)
    days = {day: Day(day, day.month != first.month, day == today, items) for day, items in shown.items()}
    return Month(first, [[days[day] for day in week] for week in weeks], lines, soft)


# The line of a year ---------------------------------------------------------


@dataclass(frozen=True)
class Sign:
    """A meeting in a month: from `x` to `end`, in parts of a hundred of its width; soft where it can be any day."""

    entry: Entry
    x: float
    end: float
    lane: int

    @property
    def is_span(self) -> bool:
        starts, ends = self.entry.days
        return self.entry.is_soft or (ends - starts).days >= APART


@dataclass(frozen=True)
class MonthOfYear:
    """`takes_place` counts what stands in it, `is_off` what no longer does; `more` are not drawn for want of room."""

    first: date
    signs: Sequence[Sign]
    takes_place: int
    is_off: int
    more: int
    today: float | None

    @property
    def days(self) -> int:
        return _last(self.first).day


@dataclass(frozen=True)
class Year:
    first: date
    months: Sequence[MonthOfYear]

    @property
    def before(self) -> date | None:
        """A month of the year before, to go there."""
        return _known(self.first.replace(year=self.first.year - 1, month=12))

    @property
    def after(self) -> date | None:
        return _known(self.first.replace(year=self.first.year + 1))

    @property
    def lanes(self) -> int:
        return max((sign.lane + 1 for month in self.months for sign in month.signs), default=1)


def year_of(entries: Sequence[Entry], year: int, today: date) -> Year:
    firsts = [date(year, number, 1) for number in range(1, 13)]
    return Year(firsts[0], [_month_of_year(entries, first, today) for first in firsts])


def _month_of_year(entries: Sequence[Entry], first: date, today: date) -> MonthOfYear:
    last = _last(first)
    here = [one for one in entries if one.days[0] <= last and first <= one.days[1]]
    signs, more = [], 0
    free = [first] * LANES  # by lane the day from which on there is room
    for entry in here:
        starts, ends = max(entry.days[0], first), min(entry.days[1], last)
        lane = next((lane for lane, day in enumerate(free) if day <= starts), None)
        if lane is None:
            more += 1
            continue
        free[lane] = ends + timedelta(days=APART)
        signs.append(Sign(entry, _part(starts, last), _part(ends, last), lane))
    is_off = sum(one.is_off for one in here)
    is_here = first <= today <= last
    return MonthOfYear(first, signs, len(here) - is_off, is_off, more, _part(today, last) if is_here else None)


def _part(day: date, last: date) -> float:
    """Where the middle of a day stands in its month, in parts of a hundred."""
    return round((day.day - 0.5) / last.day * 100, 1)


def _last(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _known(day: date) -> date | None:
    """The first day of a month, where it has an address."""
    return day.replace(day=1) if day.year in YEARS else None
