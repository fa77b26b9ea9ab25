"""Differences between two wordings, word by word, as HTML."""

import re
from difflib import SequenceMatcher
from html import escape
from typing import Final

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

# Keeps “2026–2027”, “programa-presupuesto” and “3.2” whole.
_TOKEN: Final = re.compile(r"\w+(?:[-–/.]\w+)*|\s+|[^\w\s]")
# Comparing takes tokens times tokens; beyond this (two texts of some 1,000 words) the whole is one change.
_LIMIT: Final = 4_000_000

Piece = tuple[str, str]  # what stood there, what stands there now


def pieces(before: str, after: str) -> list[Piece]:
    """The two wordings cut at the same places: where both sides of a piece are equal, nothing changed.

    A single unchanged word between two changes belongs to them: phrases read better than fragments.
    """
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    middle = _changes(old[start : len(old) - end], new[start : len(new) - end])
    head, tail = "".join(old[:start]), "".join(old[len(old) - end :])
    return [piece for piece in [(head, head), *middle, (tail, tail)] if any(piece)]


def _common(old: list[str], new: list[str]) -> int:
    """How many tokens are the same from the beginning on."""
    for place, (left, right) in enumerate(zip(old, new, strict=False)):
        if left != right:
            return place
    return min(len(old), len(new))


def _changes(old: list[str], new: list[str]) -> list[Piece]:
    if not old and not new:
        return []
    if len(old) * len(new) > _LIMIT:
        return [("".join(old), "".join(new))]
    found: list[Piece] = []
    # Without white space as junk, texts that share little but spaces take the third power of their length.
    codes = SequenceMatcher(str.isspace, old, new, autojunk=False).get_opcodes()
    for place, (tag, a, b, c, d) in enumerate(codes):
        between_changes = 0 < place < len(codes) - 1
        lone = tag == "equal" and between_changes and sum(word[0].isalnum() for word in old[a:b]) <= 1
        piece = ("".join(old[a:b]), "".join(new[c:d]))
        grows = found and found[-1][0] != found[-1][1] and (lone or tag != "equal")
        if grows:
            found[-1] = (found[-1][0] + piece[0], found[-1][1] + piece[1])
        else:
            found.append(piece)
    return found


def differences(before: str, after: str) -> SafeString:
    """The newer wording with what was removed struck and what was added underlined, in words for screen readers too."""
    html = []
    removed, added = _("removed:"), _("added:")
    for old, new in pieces(before, after):
        if old == new:
            html.append(_lines(old))
            continue
        if old:
            html.append(f'<del><span class="vh">{removed} </span>{_lines(old)}</del>')
        if new:
            html.append(f'<ins><span class="vh">{added} </span>{_lines(new)}</ins>')
    return mark_safe("".join(html))  # noqa: S308 (every piece is escaped)


def plain(wording: str) -> SafeString:
    """A wording as it stands, with its line breaks."""
    return mark_safe(_lines(wording))  # noqa: S308 (escaped)


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
