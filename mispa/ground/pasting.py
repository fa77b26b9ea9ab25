"""Lists as people paste them: bullets, numbers and letters taken off, lines that were broken joined again."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mispa.ground.text import search_key

# What stands before an item. A drawn bullet is never part of a word (those of Word come as private characters). What
# may be one needs a space behind it, a letter its bracket or full stop, a number one of them (“1.-” and “1º” too) or a
# tab, and a Word bullet of the second level (o) its tab: “a” and “o” are words as well.
_MARK: Final = re.compile(
    r"""\s*(?:
      [•‣\u2043∙◦●○◆◇■□▪▫▶►▸➢➤➔→☐☑✓✔✗✘❖★\uf000-\uf0ff]+
    | [·§*–—-]+(?=\s|$)
    | o(?=\t)
    | \(?(?P<number>\d{1,3}(?:\.\d{1,2})*)(?:(?:[.)]|\.-|\.?[º°])(?=\s|$)|(?=\t))
    | \(?(?:[ivxl]{1,5}|[a-z])[.)]-?(?=\s|$)
    | \(?(?:[IVXL]{1,5}|[A-Z])\)(?=\s|$)
    )\s*""",
    re.VERBOSE,
)
_BROKEN_WORD: Final = re.compile(r"\w[-\u00ad]$")
_SPACES: Final = re.compile(r"[ \t\u00a0\u2007\u202f]+")


@dataclass(frozen=True)
class Item:
    """One item of a list. `number` is the number that stood before it."""

    wording: str
    number: str = ""


def items_of(pasted: str) -> list[Item]:
    """The items of a pasted list, in order.

    Where there are bullets or numbers, a line without one goes on with the item above it, unless an empty line lies
    between them; where there are none, every line is an item.
    """
    lines = pasted.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").split("\n")
    found: list[tuple[list[str], str]] = []
    has_marks = any(_MARK.match(line) for line in lines if line.strip())
    goes_on = False
    for line in lines:
        mark = _MARK.match(line) if line.strip() else None
        words = _SPACES.sub(" ", line[mark.end() :] if mark else line).strip()
        if mark:
            found.append(([words], mark["number"] or ""))
        elif words and goes_on and has_marks:
            found[-1][0].append(words)
        elif words:
            found.append(([words], ""))
        goes_on = bool(found) and (bool(words) or mark is not None)
    items = [Item(_joined(parts), number) for parts, number in found]
    return [item for item in items if item.wording]


def _joined(parts: Iterable[str]) -> str:
    """The lines of an item as one; where a line ended in a hyphen, no space comes into the word."""
    joined = ""
    for part in filter(None, parts):
        joined += part if not joined or _BROKEN_WORD.search(joined) else f" {part}"
    return joined.replace("\u00ad", "")


def is_counted(items: Iterable[Item]) -> bool:
    """Whether the numbers only count the items of this list, from 1 on: then they say nothing of a resolution."""
    numbers = [item.number for item in items if item.number]
    return numbers == [str(place) for place in range(1, len(numbers) + 1)]


def folded(wording: str) -> str:
    """By which two wordings are the same for whoever reads them."""
    return search_key(wording).rstrip(" .;,")
