"""The ministerial process on a line of years, at true scale: where everything stands so that no words run together."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

WIDTH = 920
LEFT, RIGHT = 8, 912
PER_LETTER = 0.53  # the width of an average letter of Archivo, in parts of its size
NAME, PLACE, SMALL = 22, 15, 13.5  # sizes of letters
GAP = 8  # between words that stand beside each other
INSET = 3  # of words that run to one side of their stem
LANES = 6
LANE_BELOW, LANE_ABOVE = 26, 74

Anchor = Literal["start", "middle", "end"]


@dataclass
class Label:
    """Words at a place on the line: `lane` 0 is nearest to it, `anchor` says to which side of `x` they run."""

    x: float
    words_x: float
    lane: int
    anchor: Anchor
    start: float
    end: float

    def meets(self, other: "Label") -> bool:
        """Whether the words of one run into the words of the other, or into the stem that leads to them."""
        if self.lane == other.lane:
            return self.start < other.end + GAP and other.start < self.end + GAP
        near, far = sorted((self, other), key=lambda one: one.lane)
        return near.start - GAP / 2 < far.x < near.end + GAP / 2


@dataclass
class Line:
    """Everything at its place: `years` as (x, year), `above` and `below` in the order in which they were given.

    `x` is where a day stands.
    """

    x: Callable[[date], float]
    years: list[tuple[float, int]]
    above: list[Label]
    below: list[Label]
    top: float = field(init=False)
    height: float = field(init=False)

    def __post_init__(self) -> None:
        self.top = 120 + LANE_ABOVE * max((label.lane for label in self.above), default=0)
        self.height = self.top + 54 + LANE_BELOW * (1 + max((label.lane for label in self.below), default=-1))


def lay_out(above: Sequence[tuple[date, float]], below: Sequence[tuple[date, float]]) -> Line:
    """Places for ministerial meetings above the line and preparatory ones below it, each a day and a width of words."""
    days = [day for day, _width in (*above, *below)]
    first, last = min(days), max(days)
    span = max((last - first).days, 365)
    start, end = first.toordinal() - span * 0.06, last.toordinal() + span * 0.05

    def x(day: date) -> float:
        return round(LEFT + (RIGHT - LEFT) * (day.toordinal() - start) / (end - start), 1)

    years = [(x(date(year, 1, 1)), year) for year in range(first.year, last.year + 1)]
    inside = [(place, year) for place, year in years if LEFT <= place <= RIGHT - 40]
    return Line(
        x=x,
        years=inside,
        above=_placed([(x(day), width) for day, width in above], ["middle"]),
        below=_placed([(x(day), width) for day, width in below], ["middle", "end", "start"]),
    )


def width_of(words: str, size: float) -> float:
    return len(words) * size * PER_LETTER


def _placed(wanted: Sequence[tuple[float, float]], anchors: Sequence[Anchor]) -> list[Label]:
    """Each label in the nearest lane where it is free of those placed before it; order is kept.

    Words next to the line leave the places of all others free, so that a stem can pass. Where no lane is free, words
    may run into words: a crowded line is better than none.
    """
    placed: dict[int, Label] = {}
    for place in sorted(range(len(wanted)), key=lambda one: wanted[one][0]):
        others = [x for other, (x, _width) in enumerate(wanted) if other != place]
        candidates = [_label(*wanted[place], lane, anchor) for lane in range(LANES) for anchor in anchors]
        free = (one for one in candidates if not _is_in_the_way(one, others, placed.values()))
        placed[place] = next(free, candidates[-1])
    return [placed[place] for place in range(len(wanted))]


def _is_in_the_way(label: Label, others: Iterable[float], placed: Iterable[Label]) -> bool:
    covers = label.lane == 0 and any(label.start < x < label.end for x in others)
    return covers or any(label.meets(other) for other in placed)


def _label(x: float, width: float, lane: int, anchor: Anchor) -> Label:
    """The label, turned inwards where it would run over an end of the line."""
    if anchor == "middle" and x - width / 2 < LEFT:
        return Label(x, LEFT, lane, "start", LEFT, LEFT + width)
    if anchor == "middle" and x + width / 2 > RIGHT:
        return Label(x, RIGHT, lane, "end", RIGHT - width, RIGHT)
    if anchor == "end":
        return Label(x, x + INSET, lane, anchor, x + INSET - width, x + INSET)
    if anchor == "start":
        return Label(x, x - INSET, lane, anchor, x - INSET, x - INSET + width)
    return Label(x, x, lane, anchor, x - width / 2, x + width / 2)
