"""Plain text whose lines a program broke at one width: the lines of a paragraph are joined again.

A line was broken if the next word had no more room on it. What a person broke earlier, between two paragraphs, in a
list or in a cell, stays broken.
"""

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile
from typing import Final

from documents.importing.bullets import marked
from documents.importing.days import begins_with_a_time
from documents.importing.headings import section_of
from documents.importing.lines import Line
from documents.importing.notes import LOST, begins_a_note

_WIDEST: Final = 120  # letters; longer lines were not broken
_NARROWEST: Final = 40
_FEWEST: Final = 3  # lines that go on with a small letter: fewer prove nothing
_LISTS: Final = ("plan", "calendar")  # sections of short lines below each other
_NUMBER: Final = re.compile(rf"^\s*(?:{LOST}|\[?[0-9]{{1,3}}\]?)[./)]?\t")
_CUT: Final = re.compile(r"\b(?:rev|corr|add|doc|inf|res|dec|no|n[úu]m|art|p[áa]r[rf]?)\.\s*$", re.IGNORECASE)
_ENDS: Final = (".", ";", "!", "?")


def unwrapped(lines: Sequence[Line]) -> list[Line]:
    """The lines, those of one paragraph as one with the place of the first; as they are, where none was broken."""
    width = _width(lines)
    if not width:
        return list(lines)
    is_parted = _parts_by_blank_lines(lines, width)
    section: str | None = None
    made: list[Line] = []
    for place, line in enumerate(lines):
        section = section_of(line) or section
        before = lines[place - 1] if place else None
        if before and made and _is_full(before, line, width) and _goes_on(made[-1], before, line, section, is_parted):
            made[-1] = _joined(made[-1], line)
        else:
            made.append(line)
    return made


def _width(lines: Sequence[Line]) -> int:
    """How wide the lines were made; 0 where they were not broken."""
    if max((len(line.words.rstrip()) for line in lines), default=0) > _WIDEST:
        return 0
    pairs = pairwise(lines)
    broken = [
        len(line.words.rstrip()) for line, after in pairs if _is_plain(line) and after.words.lstrip()[:1].islower()
    ]
    return max(broken) if len(broken) >= _FEWEST and max(broken) >= _NARROWEST else 0


def _is_plain(line: Line) -> bool:
    """Whether it is a line of a paragraph, which may be the first of a cell; a tab behind a number is no border."""
    return not line.is_empty and "\t" not in _NUMBER.sub("", line.words).lstrip("\t") and section_of(line) is None


def _is_full(line: Line, after: Line, width: int) -> bool:
    if line.is_empty or after.is_empty:
        return False
    return len(line.words.rstrip()) + 1 + len(after.words.split(maxsplit=1)[0]) > width


def _parts_by_blank_lines(lines: Sequence[Line], width: int) -> bool:
    """Whether an empty line stands between the paragraphs before the plan: then no sentence ends one inside of them."""
    narrative = takewhile(lambda line: section_of(line) not in _LISTS, lines)
    return not any(
        _is_plain(line)
        and _may_go_on(after, line)
        and after.words.lstrip()[:1].isupper()
        and not _is_full(line, after, width)
        for line, after in pairwise(narrative)
    )


def _may_go_on(line: Line, after: Line) -> bool:
    """Whether a line can be one that goes on: it has no mark, heading or border."""
    words = line.words.strip()
    is_first = line.words.startswith("\t") or words.startswith(("/", LOST))
    return _is_plain(line) and not is_first and (marked(line).mark is None or _is_cut(after))


def _is_cut(line: Line) -> bool:
    """Whether a line ends inside of a symbol or the like, so that what follows is no number of a list."""
    return _CUT.search(line.words[-20:]) is not None


def _goes_on(paragraph: Line, before: Line, line: Line, section: str | None, is_parted: bool) -> bool:
    """Whether a line goes on with the paragraph that the full line before it belongs to."""
    if not _is_plain(before) or not _may_go_on(line, after=before):
        return False
    if _is_cut(before):
        return True
    words = line.words.strip()
    if words[0].islower():
        return True
    begins = marked(paragraph).mark or begins_a_note(paragraph.words) or begins_with_a_time(paragraph.words)
    if section in _LISTS and not begins:
        return False  # resolutions, topics and rooms stand below each other there
    is_sentence_over = before.words.rstrip().endswith(_ENDS)
    if words[0] in "([" or begins_with_a_time(words):
        return not is_sentence_over and not (section == "calendar" and begins_with_a_time(words))
    return is_parted or not is_sentence_over


def _joined(line: Line, more: Line) -> Line:
    words = line.words.rstrip()
    between = "" if words.endswith("-") and words[-2:-1].isalpha() else " "
    return Line.of(words + between + more.words.strip(), line.place)
