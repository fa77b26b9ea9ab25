"""What every kind of file is taken apart into: lines and tables with their marks, before any meaning."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Self

from django.utils.translation import gettext as _

from documents.importing.brought import NoPlan, Place

# Five hundred pages, far above any plan; a few seconds of reading.
MOST_LINES: Final = 12_000
MOST_LETTERS: Final = 750_000
MOST_COLUMNS: Final = 64
MOST_PARTS: Final = 6_000  # objects of a plan and names beside them


def too_much() -> NoPlan:
    return NoPlan(_("This file holds more text than a plan can have. Bring in the plan alone."))


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in one look. `note` names the note that is called here; then there are no words.

    `language` is set where the file marks the words as being in another language than its own.
    """

    words: str
    is_bold: bool = False
    is_italic: bool = False
    is_raised: bool = False
    note: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands before an item of a list: a bullet, or a number or letter (`label`), at a depth from 0."""

    label: str = ""
    number: int | None = None  # None of a bullet
    level: int = 0
    of_list: str = ""  # the list of Word, where there is one


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or a line of one in a cell. Words hold line ends where the file breaks a line softly."""

    pieces: tuple[Piece, ...]
    place: Place
    style: str = ""
    mark: Mark | None = None
    outline: int = 0  # 1 of a heading of the first rank, 0 of what is no heading
    continues: int | None = None  # the depth of the list whose item goes on here

    @classmethod
    def of(cls, words: str, place: Place) -> Self:
        return cls((Piece(words),), place)

    @property
    def words(self) -> str:
        """All of its words, without the notes that they call."""
        return "".join(piece.words for piece in self.pieces)

    @property
    def language(self) -> str:
        """The language that the file marks all of its words with, if it is not the file's own."""
        return one_language(self.pieces)

    def language_of(self, words: str) -> str:
        """The language that the file marks these of its words with."""
        return next((one.language for one in self.pieces if one.language and words.strip() in one.words), "")

    @property
    def is_empty(self) -> bool:
        return not any(piece.note or piece.words.strip() for piece in self.pieces)

    @property
    def is_bold(self) -> bool:
        said = [piece for piece in self.pieces if piece.words.strip()]
        return bool(said) and all(piece.is_bold for piece in said)

    def without_start(self, length: int) -> Self:
        """The line without its first letters."""
        pieces = []
        for piece in self.pieces:
            cut = min(length, len(piece.words))
            length -= cut
            pieces.append(replace(piece, words=piece.words[cut:]))
        return replace(self, pieces=tuple(piece for piece in pieces if piece.words or piece.note))

    def broken(self) -> Iterator[Self]:
        """Its lines, where it is broken softly; the mark stays with the first."""
        lines: list[list[Piece]] = [[]]
        for piece in self.pieces:
            first, *later = piece.words.split("\n")
            lines[-1].append(replace(piece, words=first))
            lines.extend([replace(piece, words=words, note="")] for words in later)
        for place, pieces in enumerate(lines):
            yield replace(self, pieces=tuple(pieces), mark=self.mark if place == 0 else None)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell at a column of the grid. One that only goes on from the row above (`goes_on`) holds nothing itself."""

    blocks: Sequence["Line | Table"]
    column: int
    place: Place
    span: int = 1
    goes_on: bool = False

    @property
    def lines(self) -> list[Line]:
        """Its lines one by one, those of tables inside it too, without the empty ones."""
        return [line for block in self.blocks for line in _lines_of(block) if not line.is_empty]

    @property
    def words(self) -> str:
        return "\n".join(line.words for line in self.lines)


@dataclass(frozen=True, slots=True)
class Table:
    rows: Sequence[Sequence[Cell]]
    place: Place
    style: str = ""

    @property
    def width(self) -> int:
        return max((cell.column + cell.span for row in self.rows for cell in row), default=0)

    def filled(self, column: int) -> list[Cell]:
        return [cell for row in self.rows for cell in row if cell.column == column and cell.lines]

    def letters(self, column: int) -> int:
        return sum(len(cell.words) for row in self.rows for cell in row if cell.column == column)


@dataclass(frozen=True, slots=True)
class NoteText:
    """A note at the foot: what it says and where."""

    words: str
    place: Place
    language: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole file, taken apart. `notes` are those that the file itself knows as notes, by the names that pieces call.

    `is_ours` says that the file was made here: then what stands around the text can be told by its styles.
    """

    blocks: Sequence[Line | Table]
    notes: dict[str, NoteText] = field(default_factory=dict)
    language: str = ""
    is_ours: bool = False


def _lines_of(block: Line | Table) -> Iterator[Line]:
    if isinstance(block, Line):
        yield from block.broken()
        return
    for row in block.rows:
        for cell in row:
            yield from cell.lines


def one_language(pieces: Sequence[Piece]) -> str:
    """The language that all of the words are marked with, if there is one."""
    marked = {piece.language for piece in pieces if piece.words.strip()}
    return marked.pop() if len(marked) == 1 else ""


def tables_in(block: Line | Table) -> Iterator[Table]:
    """A table and those inside it."""
    if isinstance(block, Table):
        yield block
        for row in block.rows:
            for cell in row:
                for inner in cell.blocks:
                    yield from tables_in(inner)
