"""Which part of a file is which object here: by what names it for certain, then by its words, then by its place.

A changed wording is a change of that object and not another one, and what is inserted between two shifts nothing.
"""

import re
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from typing import Final, TypeVar

from mispa.ground.text import search_key

T = TypeVar("T")
O = TypeVar("O")  # noqa: E741 (of ours)
Words = Sequence[str]  # what an object says, in as many wordings as are known of it

_ALIKE: Final = 0.6  # two wordings with so much in common are one text, wherever they stand
_PERHAPS: Final = 0.3  # … or with so much, where their neighbours leave them no other partner
_WORD: Final = re.compile(r"\w+")


def pairs(
    theirs: Sequence[T],
    ours: Sequence[O],
    *,
    certain: Sequence[Callable[[T, O], bool]],
    their_words: Callable[[T], Words],
    our_words: Callable[[O], Words],
    standing: int,
    by_place: bool = True,
) -> dict[int, int]:
    """Place among theirs → place among ours. `certain` are tests, the surest first; who is taken is taken.

    Of ours the first `standing` have a place; those after them do not stand any more. What has no words that could be
    compared, because ours are in another language, is paired by its place between the others; unless not `by_place`.
    """
    found: dict[int, int] = {}
    left = _Left(list(range(len(theirs))), list(range(len(ours))), found)
    for is_same in certain:
        left.take([(i, j) for i in left.theirs for j in left.ours if is_same(theirs[i], ours[j])])
    said = {i: [_words(one) for one in their_words(theirs[i])] for i in left.theirs}
    known = {j: [_words(one) for one in our_words(ours[j])] for j in left.ours}
    left.take([(i, j) for i in left.theirs for j in left.ours if _same(said[i], known[j])])
    shares = {(i, j): _share(said[i], known[j]) for i in left.theirs for j in left.ours}
    best = sorted(shares, key=lambda pair: (-shares[pair], abs(pair[0] - pair[1]), pair))
    left.take([pair for pair in best if shares[pair] >= _ALIKE])
    for i, j in left.neighbours(standing) if by_place else ():
        if not known[j] or shares[i, j] >= _PERHAPS:
            left.take([(i, j)])
    return found


class _Left:
    """Who has no partner yet, on both sides."""

    def __init__(self, theirs: list[int], ours: list[int], found: dict[int, int]) -> None:
        self.theirs, self.ours, self.found = theirs, ours, found

    def take(self, wanted: Sequence[tuple[int, int]]) -> None:
        for i, j in wanted:
            if i in self.theirs and j in self.ours:
                self.found[i] = j
                self.theirs.remove(i)
                self.ours.remove(j)

    def neighbours(self, standing: int) -> list[tuple[int, int]]:
        """Those that stand alone, or in equal number, between the same partners on both sides."""
        gaps: dict[int, tuple[list[int], list[int]]] = {}
        for i in self.theirs:
            before = [place for place, other in self.found.items() if place < i and other < standing]
            gaps.setdefault(len(before), ([], []))[0].append(i)
        stand = [place for place in self.found.values() if place < standing]
        for j in self.ours:
            if j < standing:
                gaps.setdefault(sum(1 for place in stand if place < j), ([], []))[1].append(j)
        return [
            pair for here, there in gaps.values() if len(here) == len(there) for pair in zip(here, there, strict=True)
        ]


def _words(wording: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(search_key(wording)))


def _same(said: Sequence[tuple[str, ...]], known: Sequence[tuple[str, ...]]) -> bool:
    return any(one == other for one in said for other in known)


def _share(said: Sequence[tuple[str, ...]], known: Sequence[tuple[str, ...]]) -> float:
    """How much of two wordings is the same, from 0 to 1: of those that are most alike."""
    best = 0.0
    for one in said:
        for other in known:
            match = SequenceMatcher(None, one, other, autojunk=False)
            if match.real_quick_ratio() > best and match.quick_ratio() > best:
                best = max(best, match.ratio())
    return best
