"""Lines with their looks, written in the Markdown of narrative paragraphs.

Only as much is escaped as has to be: what comes back from a file that was made here is what went into it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Final

from documents.importing.lines import Line, Piece
from mandates.prose import tokens

_SIGNS: Final = re.compile(r"([\\*_\[])")
_LIST_BEGINS: Final = re.compile(r"^(\s*)([-+]|[0-9]{1,9}(?=[.)]))(?=[.)]?(?:\s|$))(?:([.)]))?", re.MULTILINE)
# Above these many letters, or signs, nothing is tried: signs are escaped, and looks are left out.
_LONGEST: Final = 10_000
_MOST_SIGNS: Final = 200

_AHEAD: Final = 50  # pieces that are looked at to find which of two looks lasts longer

Look = tuple[bool, bool]


def paragraph(line: Line) -> str:
    """One line of text as Markdown; soft breaks and calls of notes are kept."""
    pieces = list(_tidy(line.pieces))
    words = "".join(piece.words for piece in pieces)
    has_looks = any(piece.is_bold or piece.is_italic for piece in pieces)
    if not has_looks and not _SIGNS.search(words) and not _LIST_BEGINS.search(words):
        return _written(pieces, is_escaped=False)
    if len(words) <= _LONGEST and len(_SIGNS.findall(words)) <= _MOST_SIGNS:
        for is_escaped in (False, True):
            written = _written(pieces, is_escaped)
            if _read_back(written) == list(_looks(pieces)):
                return written
    return _written([replace(piece, is_bold=False, is_italic=False) for piece in pieces], is_escaped=True)


def _tidy(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces without empty ones, each as long as its look; white space at its ends has no look of its own."""
    for piece in pieces:
        words = piece.words
        if piece.note:
            yield Piece("", note=piece.note)
        elif not words.strip():
            yield Piece(words)
        elif piece.is_bold or piece.is_italic:
            core = words.strip()
            start = words.index(core)
            yield Piece(words[:start])
            yield replace(piece, words=core, is_raised=False)
            yield Piece(words[start + len(core) :])
        else:
            yield Piece(words)


def _written(pieces: Sequence[Piece], is_escaped: bool) -> str:
    """The pieces with stars where the look changes; what is open stays open as long as it can."""
    written = ""
    is_open: list[str] = []
    said = [piece for piece in pieces if piece.words or piece.note]
    wanted = _wanted(said)
    for place, piece in enumerate(said):
        while set(is_open) - wanted[place]:
            written += is_open.pop()
        for stars in sorted(wanted[place] - set(is_open), key=lambda one: -_lasts(one, wanted[place : place + _AHEAD])):
            written += stars
            is_open.append(stars)
        if piece.note:
            written += f"[^{piece.note}]"
            continue
        words = _SIGNS.sub(r"\\\1", piece.words) if is_escaped else piece.words
        written += words.replace("\n", "\\\n")
    written = (written + "".join(reversed(is_open))).strip()
    return _LIST_BEGINS.sub(_escaped_list, written) if is_escaped else written


def _wanted(pieces: Sequence[Piece]) -> list[set[str]]:
    """The stars that belong round each piece; round a blank or a call those that both its neighbours have."""
    own = [_stars(piece) if piece.words.strip() else None for piece in pieces]
    before = list(accumulate(own, _last_told))
    after = list(accumulate(reversed(own), _last_told))[::-1]
    return [(one or set()) & (other or set()) for one, other in zip(before, after, strict=True)]


def _stars(piece: Piece) -> set[str]:
    return {stars for stars, is_on in (("**", piece.is_bold), ("*", piece.is_italic)) if is_on}


def _last_told(before: set[str] | None, own: set[str] | None) -> set[str] | None:
    return before if own is None else own


def _lasts(stars: str, wanted: Sequence[set[str]]) -> int:
    """For how many pieces a look goes on."""
    return next((place for place, one in enumerate(wanted) if stars not in one), len(wanted))


def _escaped_list(match: re.Match[str]) -> str:
    if match[3]:
        return f"{match[1]}{match[2]}\\{match[3]}"
    return f"{match[1]}\\{match[2]}"


# ---- what a reader makes of it


def _looks(pieces: Sequence[Piece]) -> Iterator[tuple[str, Look]]:
    """Each letter with its look, calls as their keys; white space is one space without a look."""
    letters: list[tuple[str, Look]] = []
    for piece in pieces:
        if piece.note:
            letters.append((f"^{piece.note}", (False, False)))
        letters.extend((letter, (piece.is_bold, piece.is_italic)) for letter in piece.words)
    yield from _plain(letters)


def _plain(letters: Sequence[tuple[str, Look]]) -> Iterator[tuple[str, Look]]:
    text = [("\n" if one == "\n" else " ", (False, False)) if one.isspace() else (one, look) for one, look in letters]
    while text and text[0][0].isspace():
        text.pop(0)
    while text and text[-1][0].isspace():
        text.pop()
    yield from text


def _read_back(markdown: str) -> list[tuple[str, Look]]:
    blocks = tokens(markdown)
    if [token.type for token in blocks] != ["paragraph_open", "inline", "paragraph_close"]:
        return []
    letters: list[tuple[str, Look]] = []
    bold = italic = 0
    for child in blocks[1].children or ():
        match child.type:
            case "text":
                letters.extend((letter, (bold > 0, italic > 0)) for letter in child.content)
            case "hardbreak":
                letters.append(("\n", (False, False)))
            case "note_call":
                letters.append((f"^{child.content}", (False, False)))
            case "strong_open" | "strong_close":
                bold += child.nesting
            case "em_open" | "em_close":
                italic += child.nesting
    return list(_plain(letters))


# ---- lists


def paragraphs(lines: Sequence[Line]) -> Iterator[tuple[str, Line]]:
    """The paragraphs of a section, each with its first line: items of a list belong to the paragraph before them."""
    block: list[Line] = []
    for line in lines:
        if block and line.mark is None and line.continues is None:
            yield _block(block), block[0]
            block = []
        block.append(line)
    if block:
        yield _block(block), block[0]


def _block(lines: Sequence[Line]) -> str:
    """A paragraph and the list under it."""
    written, before = "", None
    indents: list[tuple[int, Line]] = []  # of each open depth, how far its items stand in
    for line in lines:
        words = paragraph(line)
        if line.mark is None:
            margin = " " * sum(width for width, _ in indents[: (line.continues or 0) + 1]) if before else ""
            written += ("\n\n" if written else "") + _indented(words, margin)
        else:
            level = min(line.mark.level, len(indents))
            above = indents[:level]
            sign = _sign(line, indents[level][1] if level < len(indents) else None)
            margin = " " * sum(width for width, _ in above)
            written += _between(before, line, bool(written), level >= len(indents)) + margin + sign
            written += _indented(words, margin + " " * len(sign)).lstrip()
            indents = [*above, (len(sign), line)]
        before = line
    return written


def _sign(line: Line, before: Line | None) -> str:
    """What stands before an item; another list at the same depth takes another sign, or it would go on."""
    mark = line.mark
    if mark is None or mark.number is None:
        return "- "
    is_other = before is not None and before.mark is not None and before.mark.of_list != mark.of_list
    return f"{mark.number}{')' if is_other else '.'} "


def _between(before: Line | None, line: Line, is_later: bool, is_deeper: bool) -> str:
    if not is_later:
        return ""
    is_loose = before is None or before.mark is None
    cannot_interrupt = is_deeper and line.mark is not None and line.mark.number not in (None, 1)
    return "\n\n" if is_loose or cannot_interrupt else "\n"


def _indented(words: str, margin: str) -> str:
    return "\n".join(margin + part for part in words.split("\n"))
