"""Which part of a file is which object here: by what names it for certain, then by its words, then by its place.

A changed wording is a change of that object and not another one, and what is inserted between two shifts nothing.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, Final

from mispa.ground.text import search_key

Words = Sequence[str]  # what an object says, in as many wordings as are known of it
Key = Callable[[Any], Hashable]  # what names an object; None where nothing does

_ALIKE: Final = 0.6  # two wordings with so much in common are one text, wherever they stand
_PERHAPS: Final = 0.3  # … or with so much, where their neighbours leave them no other partner
_WORD: Final = re.compile(r"\w+")
# Comparing takes words times words. When so many are through, wordings that stand far from each other stay strangers.
_MOST_COMPARED: Final = 12_000_000
_MOST_PAIRS: Final = 100_000


def pairs(
    theirs: Sequence[Any],
    ours: Sequence[Any],
    *,
    certain: Sequence[Key],
    their_words: Callable[[Any], Words],
    our_words: Callable[[Any], Words],
    standing: int,
    by_place: bool = True,
) -> dict[int, int]:
    """Place among theirs → place among ours. `certain` names both sides, the surest first; who is taken is taken.

    Of ours the first `standing` have a place; those after them do not stand any more. What has no words that could be
    compared, because ours are in another language, is paired by its place between the others; unless not `by_place`.
    """
    found: dict[int, int] = {}
    left = _Left(dict.fromkeys(range(len(theirs))), dict.fromkeys(range(len(ours))), found)
    for key in certain:
        left.take(_of_one_name({i: [key(theirs[i])] for i in left.theirs}, {j: [key(ours[j])] for j in left.ours}))
    said = {i: [_words(one) for one in their_words(theirs[i])] for i in left.theirs}
    known = {j: [_words(one) for one in our_words(ours[j])] for j in left.ours}
    left.take(_of_one_name(said, known))
    shares = _shares(left, said, known)
    best = sorted(shares, key=lambda pair: (-shares[pair], abs(pair[0] - pair[1]), pair))
    left.take([pair for pair in best if shares[pair] >= _ALIKE])
    for i, j in left.neighbours(standing) if by_place else ():
        if not known[j] or shares.get((i, j), 0) >= _PERHAPS:
            left.take([(i, j)])
    return found


class _Left:
    """Who has no partner yet, on both sides, in order."""

    def __init__(self, theirs: dict[int, None], ours: dict[int, None], found: dict[int, int]) -> None:
        self.theirs, self.ours, self.found = theirs, ours, found

    def take(self, wanted: Sequence[tuple[int, int]]) -> None:
        for i, j in wanted:
            if i in self.theirs and j in self.ours:
                self.found[i] = j
                del self.theirs[i]
                del self.ours[j]

    def neighbours(self, standing: int) -> list[tuple[int, int]]:
        """Those that stand alone, or in equal number, between the same partners on both sides."""
        gaps: dict[int, tuple[list[int], list[int]]] = {}
        stand = sorted((place, other) for place, other in self.found.items() if other < standing)
        before, there = [place for place, _other in stand], sorted(other for _place, other in stand)
        for i in self.theirs:
            gaps.setdefault(bisect_left(before, i), ([], []))[0].append(i)
        for j in self.ours:
            if j < standing:
                gaps.setdefault(bisect_left(there, j), ([], []))[1].append(j)
        return [
            pair for here, other in gaps.values() if len(here) == len(other) for pair in zip(here, other, strict=True)
        ]


def _of_one_name(theirs: dict[int, list[Any]], ours: dict[int, list[Any]]) -> list[tuple[int, int]]:
    """The pairs that share a name, in the order of theirs and then of ours; each has the first that is left."""
    named: dict[Any, dict[int, None]] = {}
    for j, names in ours.items():
        for name in names:
            if name:
                named.setdefault(name, {})[j] = None
    found = []
    for i, names in theirs.items():
        first = min((next(iter(named[name])) for name in names if named.get(name)), default=None)
        if first is not None:
            found.append((i, first))
            for name in ours[first]:
                named.get(name, {}).pop(first, None)
    return found


def _words(wording: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(search_key(wording)))


def _shares(
    left: _Left, said: dict[int, list[tuple[str, ...]]], known: dict[int, list[tuple[str, ...]]]
) -> dict[tuple[int, int], float]:
    """How much of two wordings is the same, from 0 to 1, the nearest compared first."""
    shares: dict[tuple[int, int], float] = {}
    compared = 0
    for i, j in sorted(_near(list(left.theirs), list(left.ours)), key=lambda pair: abs(pair[0] - pair[1])):
        compared += sum(len(one) * len(other) for one in said[i] for other in known[j])
        if compared > _MOST_COMPARED:
            break
        shares[i, j] = _share(said[i], known[j])
    return shares


def _near(theirs: Sequence[int], ours: Sequence[int]) -> Iterator[tuple[int, int]]:
    """All pairs, or of very many those that stand at about the same place."""
    reach = len(ours) if len(theirs) * len(ours) <= _MOST_PAIRS else _MOST_PAIRS // (2 * len(theirs))
    for rank, i in enumerate(theirs):
        centre = rank * len(ours) // len(theirs)
        yield from ((i, j) for j in ours[max(0, centre - reach) : centre + reach + 1])


def _share(said: Sequence[tuple[str, ...]], known: Sequence[tuple[str, ...]]) -> float:
    """How much of two wordings is the same: of those that are most alike."""
    best = 0.0
    for one in said:
        for other in known:
            match = SequenceMatcher(None, one, other, autojunk=False)
            if match.real_quick_ratio() > best and match.quick_ratio() > best:
                best = max(best, match.ratio())
    return best
