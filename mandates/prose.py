"""Wordings made into HTML: symbols in them marked and linked, the narrative's Markdown, and its calls of notes.

Whatever is in a wording comes out escaped. Of Markdown only paragraphs, emphasis, lists and backslashes are read: no
HTML, no pictures, and no links but those of symbols.
"""

import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from typing import Any, Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from mandates.symbols import Hit, find_all

NoteMaker = Callable[[str], SafeString]


def inline(wording: str, links: Mapping[str, str]) -> SafeString:
    """The wording as HTML, each symbol in it linked where `links` has an address for it or for its base."""
    return format_html_join("", "{}", ((piece,) for piece in _pieces(wording, links)))


def _pieces(wording: str, links: Mapping[str, str]) -> Iterator[str]:
    place = 0
    for hit in find_all(wording):
        yield wording[place : hit.start]
        yield _marked(hit, links)
        place = hit.end
    yield wording[place:]


def _marked(hit: Hit, links: Mapping[str, str]) -> SafeString:
    if hit.symbol is None:
        return format_html('<span class="sym sym-check">{}</span>', hit.printed)
    address = links.get(str(hit.symbol)) or links.get(str(hit.symbol.base))
    if address:
        return format_html('<a class="sym" href="{}">{}</a>', address, hit.printed)
    return format_html('<span class="sym">{}</span>', hit.printed)


# Markdown ---------------------------------------------------------------

NOTE_CALL: Final = re.compile(r"\[\^([a-z0-9-]+)\]")


def paragraph(markdown: str, links: Mapping[str, str], note: NoteMaker) -> SafeString:
    """A paragraph of the narrative as HTML; `note` gives what stands where `[^key]` calls a note."""
    html = _READER.render(markdown, {"links": links, "note": note})
    return SafeString(html.strip())  # every part of it is escaped by the renderer, by inline() or by note()


def tokens(markdown: str) -> list[Token]:
    """A paragraph as the reader takes it apart, for files that are not HTML; a `note_call` holds the key of a note."""
    return _READER.parse(markdown)


def note_calls(markdown: str) -> list[str]:
    """The keys of the notes that a paragraph calls, in order of appearance, as often as it calls them."""
    inside = (token for block in tokens(markdown) for token in block.children or ())
    return [token.content for token in inside if token.type == "note_call"]


def _read_note_call(state: StateInline, silent: bool) -> bool:
    match = NOTE_CALL.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        state.push("note_call", "", 0).content = match[1]
    state.pos = match.end()
    return True


def _text(renderer: Any, tokens: Sequence[Token], place: int, options: Any, env: MutableMapping[str, Any]) -> str:
    return inline(tokens[place].content, env["links"])


def _note_call(renderer: Any, tokens: Sequence[Token], place: int, options: Any, env: MutableMapping[str, Any]) -> str:
    made: SafeString = env["note"](tokens[place].content)
    return format_html("{}", made)


def _reader() -> MarkdownIt:
    reader = MarkdownIt("zero")
    reader.enable(["list", "emphasis", "escape"])
    reader.inline.ruler.push("note_call", _read_note_call)
    reader.add_render_rule("text", _text)
    reader.add_render_rule("note_call", _note_call)
    return reader


_READER: Final = _reader()
