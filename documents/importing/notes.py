"""Notes that a file does not know as notes: typed at its end, and called by typed marks.

The second half of the mark that the Organization prints, “1/”, often stands alone: as a slash that begins a line. Then
note n belongs where the n-th such slash stands.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from documents.importing.brought import Anomaly, Oddity, Place
from documents.importing.lines import Line, NoteText, Piece
from mandates.prose import NOTE_CALL

LOST: Final = "\N{REPLACEMENT CHARACTER}"
_SUPERIORS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_OF_NOTE: Final = re.compile(
    rf"\s*(?:(?P<lost>{LOST})\s*[./)]?|\[(?P<a>[0-9]{{1,3}})\]|(?P<b>[0-9]{{1,3}})\s?[./)]|(?P<c>[⁰¹²³⁴-⁹]{{1,3}})/?)\s*(?=\S)"
)
_CALL: Final = re.compile(
    rf"(?P<lost>{LOST})\s?/?|\[(?P<a>[0-9]{{1,3}})\]|(?P<c>[⁰¹²³⁴-⁹]{{1,3}})/?"
    r"|(?<=[^\W\d_]|[.,;:)”’\"'\]])\s?(?P<b>[0-9]{1,3})/(?=[\s.,;:)]|$)"
)
_DIGITS: Final = re.compile("[0-9]{1,3}")


def first_of_notes(lines: Sequence[Line]) -> int:
    """Where the notes at the end of the lines begin; the number of lines where there are none.

    They count from 1, or have lost their numbers, and the text before them holds marks that call them.
    """
    start, expected = len(lines), None
    for place in range(len(lines) - 1, -1, -1):
        if lines[place].is_empty:
            continue
        number = _number_of(lines[place])
        if number is None or (expected is not None and number not in (0, expected)):
            break
        start, expected = place, number - 1
        if number == 1:
            break
    is_counted = start < len(lines) and (_number_of(lines[start]) or 1) == 1
    return start if is_counted and _is_called(lines[:start]) else len(lines)


def _number_of(line: Line) -> int | None:
    """The number that a note begins with, 0 for one that is lost, None for what is no note."""
    if line.mark and line.mark.number:
        return line.mark.number
    found = _OF_NOTE.match(line.words)
    if not found:
        return None
    digits = found["a"] or found["b"] or (found["c"] or "").translate(_SUPERIORS)
    return int(digits or 0)


def begins_a_note(words: str) -> bool:
    return _OF_NOTE.match(words) is not None


def _is_called(lines: Sequence[Line]) -> bool:
    return any(_is_stray(line) or _CALL.search(line.words) or _raised(line) for line in lines)


def _raised(line: Line) -> bool:
    return any(piece.is_raised and _DIGITS.fullmatch(piece.words.strip(" /")) for piece in line.pieces)


def _is_stray(line: Line) -> bool:
    return line.words == "/" or line.words.startswith("/ ") or line.words.startswith("/\t")


def typed_notes(lines: Sequence[Line]) -> dict[str, NoteText]:
    """The notes of these lines, by their numbers; lost numbers are counted again."""
    notes: dict[str, NoteText] = {}
    for line in lines:
        if line.is_empty:
            continue
        found = _OF_NOTE.match(line.words)
        words = line.words[found.end() :] if found else line.words
        notes[str(len(notes) + 1)] = NoteText(words.strip(), line.place)
    return notes


@dataclass
class Calls:
    """Puts calls of notes in the place of typed marks, and tells which note each one calls.

    `numbers` are those of the notes that were called, by their names; their keys are made of them.
    """

    notes: dict[str, NoteText]
    are_typed: bool
    numbers: dict[str, int] = field(default_factory=dict)
    anomalies: list[Anomaly] = field(default_factory=list)
    strays: int = 0

    def joined(self, lines: Sequence[Line]) -> list[Line]:
        """The paragraphs: a line that begins with a stray slash goes on with the one before it."""
        made: list[Line] = []
        for line in lines:
            if not (_is_stray(line) and made and self.are_typed):
                made.append(line)
                continue
            before = made[-1].pieces
            before = (*before[:-1], replace(before[-1], words=before[-1].words.rstrip()))
            rest = line.without_start(1).pieces
            made[-1] = replace(made[-1], pieces=(*before, Piece("", note=LOST), *rest))
        return made

    def called(self, line: Line) -> Line:
        """The line with its calls, under the names of the notes."""
        pieces: list[Piece] = []
        for piece in line.pieces:
            if piece.note:
                pieces.extend(self._call(piece.note, piece, line.place))
            else:
                pieces.extend(self._typed(piece, line.place))
        return replace(line, pieces=tuple(pieces))

    def _typed(self, piece: Piece, place: Place) -> list[Piece]:
        digits = piece.words.strip(" /")
        if piece.is_raised and _DIGITS.fullmatch(digits):
            if not self.are_typed and "/" not in piece.words:  # a square metre, or the like
                return [replace(piece, is_raised=False)]
            return self._call(digits, piece, place)
        if not self.are_typed:
            return self._keyed(piece, place)
        pieces, start = [], 0
        for found in _CALL.finditer(piece.words):
            number = found["a"] or found["b"] or (found["c"] or "").translate(_SUPERIORS)
            calls = self._call(number or LOST, replace(piece, words=found[0]), place)
            pieces += [replace(piece, words=piece.words[start : found.start()]), *calls]
            start = found.end()
        pieces.append(replace(piece, words=piece.words[start:]))
        return [one for one in pieces if one.words or one.note]

    def _keyed(self, piece: Piece, place: Place) -> list[Piece]:
        for key in NOTE_CALL.findall(piece.words):
            self.anomalies.append(Anomaly(Oddity.MARK_WITHOUT_NOTE, f"[^{key}]", place))
        return [piece]

    def _call(self, name: str, piece: Piece, place: Place) -> list[Piece]:
        """The call of a note; a mark that calls none goes, and is said."""
        if name == LOST:
            self.strays += 1
            name = str(self.strays)
        if name not in self.notes:
            printed = piece.words.strip() or (name if self.notes and not self.are_typed else "/")
            self.anomalies.append(Anomaly(Oddity.MARK_WITHOUT_NOTE, printed, place))
            # A number in brackets or before a slash may be something else, and stays.
            return [replace(piece, is_raised=False)] if piece.words.strip("/ ") not in ("", LOST) else []
        return [Piece("", note=f"n{self._number(name)}")]

    def _number(self, name: str) -> int:
        """The number that a note prints; one that nothing calls prints none, and gets the next."""
        if name not in self.numbers:
            self.numbers[name] = int(name) if name.isdigit() else max(self.numbers.values(), default=0) + 1
        return self.numbers[name]

    def numbered(self) -> list[tuple[int, NoteText]]:
        """All of the notes by their numbers, those that nothing calls too, which are said."""
        for name, note in self.notes.items():
            if name not in self.numbers:
                self._number(name)
                self.anomalies.append(Anomaly(Oddity.NOTE_WITHOUT_MARK, note.words, note.place))
        return sorted((number, self.notes[name]) for name, number in self.numbers.items())
