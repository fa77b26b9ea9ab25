"""Where everything stands on a line of time at true scale: days as points, what is not exact as spans with soft ends.

Pure geometry. Words stand beside their mark and never over other words; each band takes as many lanes as that needs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from meetings.timeline import GAP, LEFT, PER_LETTER, RIGHT, SMALL, WIDTH

LANE, LANE_OF_SPANS, POINT, BAND_HEAD = 26, 42, 8, 30
TOP = 34  # the axis with its years and months
MONTHS_UP_TO = 3 * 366  # days; a longer line shows years alone
NARROWEST_TICK = 52  # so that the name of a month has room


@dataclass(frozen=True)
class Mark:
    """Something that happens on a day or within days. `is_soft`: it can be any of them. `thing` is what it is."""

    first: date
    last: date
    words: str
    thing: Any = None
    is_soft: bool = False


@dataclass(frozen=True)
class Placed:
    """A mark at its place: from `x` to `end`; its words begin or end at `words_x`, as `anchor` says.

    What is soft is a span, and so is what is long; other marks are points. Words stand beside a point, and under a
    span, from its beginning.
    """

    mark: Mark
    x: float
    end: float
    y: float
    words_x: float
    words_y: float
    anchor: str
    lane: int
    is_span: bool

    @property
    def taken(self) -> tuple[float, float]:
        """What mark and words cover together."""
        width = width_of(self.mark.words)
        ends = (self.words_x, self.words_x + width) if self.anchor == "start" else (self.words_x - width, self.words_x)
        return min(self.x - POINT, ends[0]), max(self.end + POINT, ends[1])

    @property
    def width(self) -> float:
        return self.end - self.x


@dataclass(frozen=True)
class Tick:
    x: float
    day: date
    is_year: bool


@dataclass(frozen=True)
class Band:
    """Marks of one kind under their heading, which stands at `y`."""

    name: str
    y: float
    placed: Sequence[Placed]


@dataclass(frozen=True)
class Line:
    ticks: Sequence[Tick]
    bands: Sequence[Band]
    height: float
    today: float | None  # None where today lies before or after all of it
    width: float = field(default=WIDTH)


def width_of(words: str) -> float:
    return len(words) * SMALL * PER_LETTER


def lay_out(bands: Sequence[tuple[str, Sequence[Mark]]], today: date) -> Line:
    """Bands one below the other on one scale, each with its marks in the order of time. At least one mark is there."""
    marks = [mark for _name, found in bands for mark in found]
    scale = _Scale(min(mark.first for mark in marks), max(mark.last for mark in marks))
    y = float(TOP)
    drawn = []
    for name, found in bands:
        if not found:
            continue
        placed = _placed(sorted(found, key=lambda mark: (mark.first, mark.last)), scale, y + BAND_HEAD)
        drawn.append(Band(name, y + BAND_HEAD - 12, placed))
        y += BAND_HEAD + scale.lane(found) * (1 + max(one.lane for one in placed))
    is_within = scale.first <= today <= scale.last
    return Line(scale.ticks(), drawn, y + GAP, scale.x(today) if is_within else None)


class _Scale:
    """Days to places. A little room is left at both ends, so that the outermost marks are whole."""

    def __init__(self, first: date, last: date) -> None:
        days = max((last - first).days, 28)
        room = timedelta(days=max(days // 25, 3))
        self.first, self.last = first - room, last + room
        self._per_day = (RIGHT - LEFT) / ((self.last - self.first).days + 1)

    def x(self, day: date) -> float:
        return round(LEFT + (day - self.first).days * self._per_day, 1)

    def is_span(self, mark: Mark) -> bool:
        return mark.is_soft or self.x(mark.last) - self.x(mark.first) > 2 * POINT

    def lane(self, marks: Sequence[Mark]) -> int:
        """How high the lanes of a band are: spans have their words under them."""
        return LANE_OF_SPANS if any(map(self.is_span, marks)) else LANE

    def ticks(self) -> list[Tick]:
        """Years; and months between them, every one or every second, third or sixth as there is room."""
        months = self._months() if (self.last - self.first).days <= MONTHS_UP_TO else 12
        found = []
        for year in range(self.first.year, self.last.year + 1):
            for month in range(1, 13, months):
                day = date(year, month, 1)
                if self.first <= day <= self.last and self.x(day) <= RIGHT - NARROWEST_TICK / 2:
                    found.append(Tick(self.x(day), day, month == 1))
        return found

    def _months(self) -> int:
        steps = (step for step in (1, 2, 3, 6) if step * 30.4 * self._per_day >= NARROWEST_TICK)
        return next(steps, 12)


def _placed(marks: Sequence[Mark], scale: _Scale, y: float) -> list[Placed]:
    """Each mark in the first lane where it and its words are free of all that was placed there."""
    height = scale.lane(marks)
    lanes: list[list[Placed]] = []
    found = []
    for mark in marks:
        lane = 0
        while True:
            one = _at(mark, scale, y + height * lane, lane)
            if lane == len(lanes):
                lanes.append([])
            if all(_are_apart(one, other) for other in lanes[lane]):
                break
            lane += 1
        lanes[lane].append(one)
        found.append(one)
    return found


def _at(mark: Mark, scale: _Scale, top: float, lane: int) -> Placed:
    """The words to the right of a point, to its left where they would run over the end; under a span."""
    x, width, y = scale.x(mark.first), width_of(mark.words), top + LANE / 2
    if scale.is_span(mark):
        end = max(scale.x(mark.last + timedelta(days=1)), x + POINT)
        return Placed(mark, x, end, y, max(min(x, RIGHT - width), LEFT), y + 19, "start", lane, is_span=True)
    beside = x + POINT + GAP
    if beside + width <= RIGHT:
        return Placed(mark, x, x, y, beside, y + 5, "start", lane, is_span=False)
    return Placed(mark, x, x, y, x - POINT - GAP, y + 5, "end", lane, is_span=False)


def _are_apart(one: Placed, other: Placed) -> bool:
    (a, b), (c, d) = one.taken, other.taken
    return b + GAP <= c or d + GAP <= a
