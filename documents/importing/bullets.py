"""Marks that are typed before the items of a list: dots, dashes, numbers, letters."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from documents.importing import ours
from documents.importing.headings import says_nothing
from documents.importing.lines import Line, Mark

# With those that Word takes from its symbol fonts.
_BULLET: Final = re.compile(
    "[\N{MIDDLE DOT}\N{BULLET}\N{BULLET OPERATOR}\N{DOT OPERATOR}\N{TRIANGULAR BULLET}\N{HYPHEN BULLET}"
    "\N{WHITE BULLET}\N{BLACK SMALL SQUARE}\N{WHITE SMALL SQUARE}\N{BLACK CIRCLE}\N{WHITE CIRCLE}"
    "\N{BLACK SQUARE}\N{RIGHTWARDS ARROW}\N{CHECK MARK}\N{BLACK RIGHT-POINTING POINTER}"
    "\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf02d*o\N{EN DASH}\N{EM DASH}\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{MINUS SIGN}-]"
)
_DOT: Final = re.compile("[\N{MIDDLE DOT}\N{BULLET}\uf0b7]")  # these need no space behind them
_NUMBERED: Final = re.compile(r"\(?(?P<number>[0-9]{1,3})(?:[.)\N{MASCULINE ORDINAL INDICATOR}]|\.[)\N{EN DASH}-])\s+")
_LETTERED: Final = re.compile(r"\(?(?P<letter>[a-z]|[ivx]{1,5})(?:\)|\.)\s+")


def marked(line: Line) -> Line:
    """The line with its typed mark taken off and said apart; one that Word marks itself stays as it is."""
    words = line.words
    start = len(words) - len(words.lstrip())
    found = _mark(words[start:])
    if line.mark or not found:
        return line if line.mark or not start else line.without_start(start)
    mark, length = found
    rest = words[start + length :]
    length += len(rest) - len(rest.lstrip())
    bare = line.without_start(start + length)
    return replace(bare, mark=mark)


def telling(lines: Iterable[Line]) -> list[Line]:
    """The lines with their marks told, without those that only say that nothing is there."""
    told = [marked(line) for line in lines]
    return [one for one in told if not says_nothing(one.words) and not ours.is_said_of_nothing(one.words)]


def _mark(words: str) -> tuple[Mark, int] | None:
    if _BULLET.match(words) and (_DOT.match(words) or words[1:2].isspace()):
        return Mark(), 1
    if numbered := _NUMBERED.match(words):
        return Mark(numbered[0].strip(), int(numbered["number"])), numbered.end()
    if lettered := _LETTERED.match(words):
        return Mark(lettered[0].strip(), 0), lettered.end()
    return None
