"""One look at a file: whether it is taken, and its words."""

from collections.abc import Callable, Iterator
from typing import Final

from documents.files import opendocument, pdf, word
from documents.files.formats import Format

MOST_LETTERS: Final = 1_000_000  # of the words of a file that are kept for the search
_READERS: Final[dict[Format, Callable[[bytes], Iterator[str]]]] = {
    Format.PDF: pdf.read,
    Format.DOCX: word.read,
    Format.ODT: opendocument.read,
}


def look(data: bytes, its_format: Format) -> Iterator[str]:
    """The words in pieces, to be set on lines of their own. Raises Refused before the first piece.

    What the pieces bring is bounded; that they come in time is what `apart` sees to.
    """
    pieces = _READERS[its_format](data)
    return _bounded(pieces)


def _bounded(pieces: Iterator[str]) -> Iterator[str]:
    left = MOST_LETTERS
    for piece in pieces:
        words = cleaned(piece)[:left]
        left -= len(words) + 1
        if words:
            yield words
        if left <= 0:
            return


def cleaned(words: str) -> str:
    """Single spaces, and nothing that a database refuses: NUL, and halves of letters."""
    return " ".join(words.replace("\0", " ").encode("utf-8", "ignore").decode().split())
