"""Plain text as Word saves it: a paragraph a line, and tabs where the borders of cells were.

Two habits are read. In one each cell begins with a tab on a line of its own; in the other a tab stands between the
cells of a row, and a row begins where a line begins with a symbol or with a day. Where a program broke the lines at
one width, they are joined again first.
"""

import codecs
import re
from collections.abc import Sequence, Set
from typing import Final

from django.utils.translation import gettext as _

from documents.importing.brought import NoPlan, Place
from documents.importing.days import begins_with_a_time
from documents.importing.headings import columns, section_of
from documents.importing.lines import MOST_COLUMNS, MOST_LETTERS, MOST_LINES, Cell, Line, Paper, Table, too_much
from documents.importing.notes import first_of_notes
from documents.importing.wrapped import unwrapped
from mandates.symbols import find_all

_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
# Signs inside of a word, as “Sim¢n”: letters that DOS or an old Macintosh wrote.
_NO_LETTERS: Final = re.compile("[a-zA-Z][\u2021\u2020\xa2\xa1\xa4\xa3\xa5\u017d\u201a\u201e\u0192\u2030][a-z]")
_AFTER_BULLET: Final = re.compile(r"(^|\t)( *(?:[^\w\s]|\(?\w{1,3}[.)]))\t")


def read_text(data: bytes, organs: Set[str]) -> Paper:
    text = _decoded(data)
    if len(text) > MOST_LETTERS or text.count("\n") > MOST_LINES:
        raise too_much()
    lines = [Line.of(words, Place(line=number)) for number, words in enumerate(text.split("\n"), start=1)]
    return Paper(_Reader(unwrapped(lines), organs).blocks())


def _decoded(data: bytes) -> str:
    """The text with plain line ends; Word's soft breaks stay as U+2028."""
    if len(data) > 4 * MOST_LETTERS + 4:  # no code takes more for a letter
        raise too_much()
    text = _without_code(data).removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    if _BINARY.search(text.replace("\x0b", "")):
        raise NoPlan(_("This is not a text file. Bring in the plan as .docx, .txt or .json."))
    return re.sub("\r\n?|\x0c|\x85|\u2029", "\n", text).replace("\x0b", "\u2028")


def _without_code(data: bytes) -> str:
    code = next((code for mark, code in _BYTE_ORDER_MARKS if data.startswith(mark)), "")
    try:
        if code:
            return data.decode(code)
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise _unreadable() from None
    if _NO_LETTERS.search(text):
        raise _unreadable()
    return text


def _unreadable() -> NoPlan:
    return NoPlan(_("The letters of this file cannot be read. Save it again as plain text, with the encoding UTF-8."))


class _Reader:
    """Goes through the lines once; `place` is the next one."""

    def __init__(self, lines: Sequence[Line], organs: Set[str]) -> None:
        self.lines, self.organs = lines, organs
        self.place, self.tables = 0, 0
        self.no_table_before = 0  # cells up to here have been looked at, and are none
        self.section: str | None = None
        self.notes_at = first_of_notes(lines)

    def blocks(self) -> list[Line | Table]:
        blocks: list[Line | Table] = []
        while self.place < len(self.lines):
            line = self.lines[self.place]
            if self.place < self.notes_at and (made := self.table()):
                blocks.append(made)
                continue
            section = section_of(line)
            self.section = section or self.section
            if not line.is_empty:
                blocks.append(_one_paragraph(line))
            self.place += 1
        return blocks

    def table(self) -> Table | None:
        """The table that begins here, if one does."""
        words = self.lines[self.place].words
        if "\t" not in words.strip(" "):
            return None
        is_led = words.startswith("\t") and "\t" not in _without_bullet_tabs(words[1:]).strip()
        groups = self._led() if is_led else self._parted()
        if groups is None:
            return None
        rows, self.place = groups
        self.tables += 1
        made = [
            [self._cell(cell, number, column) for column, cell in enumerate(row)]
            for number, row in enumerate(rows, start=1)
        ]
        return Table(made, Place(table=self.tables, line=made[0][0].place.line))

    def _cell(self, lines: Sequence[Line], row: int, column: int) -> Cell:
        place = Place(self.tables, row, column + 1, lines[0].place.line if lines else None)
        placed = [
            Line(line.pieces, Place(self.tables, row, column + 1, line.place.line)) for line in map(_soft_broken, lines)
        ]
        return Cell(placed, column, place)

    # ---- a tab before each cell

    def _led(self) -> tuple[list[list[list[Line]]], int] | None:
        if self.place < self.no_table_before:
            return None
        cells, end = self._led_cells()
        width = self._headed(cells) or self._width(cells)
        if not width:
            self.no_table_before = end
            return None
        return [cells[start : start + width] for start in range(0, len(cells), width)], end

    def _led_cells(self) -> tuple[list[list[Line]], int]:
        cells: list[list[Line]] = []
        place = self.place
        while place < self.notes_at:
            line = self.lines[place]
            if line.words.startswith("\t"):
                cells.append([line.without_start(1)])
            elif section_of(line):
                break
            else:
                cells[-1].append(line)
            place += 1
        return [[line for line in cell if not line.is_empty] for cell in cells], place

    def _headed(self, cells: Sequence[Sequence[Line]]) -> int:
        """How many of the cells are headings of a table of ours."""
        first = [cell[0].words if len(cell) == 1 else "" for cell in cells[:8]]
        return next((width for width in range(len(first), 1, -1) if _are_headings(first[:width])), 0)

    def _width(self, cells: Sequence[Sequence[Line]]) -> int:
        """Without headings: the cells from one that begins a row to the next that does, or to the end."""
        begins = [place for place, cell in enumerate(cells) if cell and self._begins_a_row(cell[0])]
        if not begins or begins[0] or len(cells) < 2:
            return 0
        return begins[1] if len(begins) > 1 else len(cells)

    def _begins_a_row(self, line: Line) -> bool:
        hits = find_all(line.words[:300], self.organs)
        leads = bool(hits) and not line.words[: hits[0].start].strip()
        return leads or begins_with_a_time(line.words)

    # ---- a tab between cells

    def _parted(self) -> tuple[list[list[list[Line]]], int] | None:
        headings = _split(self.lines[self.place])
        is_headed = _are_headings([line.words.strip() for line in headings])
        if not is_headed and not (
            self.section in ("plan", "calendar") and len(headings) > 1 and self._begins_a_row(headings[0])
        ):
            return None
        rows: list[list[list[Line]]] = []
        place = self.place
        while place < self.notes_at and not section_of(self.lines[place]):
            first, *more = _split(self.lines[place])
            is_next = rows and len(rows[0]) <= len(rows[-1]) and (not first.is_empty or more)
            if not rows or (is_next and (more or self._begins_a_row(first)) and self._may_begin(first, more, rows)):
                rows.append([[first]])
            else:
                rows[-1][-1].append(first)
            rows[-1].extend([line] for line in more)
            place += 1
        return [[[line for line in cell if not line.is_empty] for cell in row] for row in rows], place

    def _may_begin(self, first: Line, more: Sequence[Line], rows: Sequence[Sequence[object]]) -> bool:
        return self._begins_a_row(first) or len(more) + 1 >= len(rows[0])


def _are_headings(words: list[str]) -> bool:
    """Whether all of these are headings, none of them empty or strange."""
    known = columns(words)
    return known is not None and None not in known[1]


def _without_bullet_tabs(words: str) -> str:
    return _AFTER_BULLET.sub(r"\1\2 ", words)


def _split(line: Line) -> list[Line]:
    parts = _without_bullet_tabs(line.words).split("\t")
    if len(parts) > MOST_COLUMNS:
        raise too_much()
    return [Line.of(words, line.place) for words in parts]


def _soft_broken(line: Line) -> Line:
    return Line.of(line.words.replace("\u2028", "\n"), line.place)


def _one_paragraph(line: Line) -> Line:
    """A line outside of tables: white space around it is none of its words, and a tab inside is a space."""
    words = line.words.replace("\u2028", "\n").strip().replace("\t", " ")
    return Line.of(words, line.place)
