"""Words as the search compares them: without case and accents, and symbols however they are spelt."""

import re
import unicodedata
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from mandates.symbols import SymbolError, find_all, parse
from mispa.ground.text import search_key

MOST_WORDS: Final = 12
_WORD: Final = re.compile(r"[^\W_]+")
# Endings of the four languages that one idea takes on; what stays must have four letters. The longest comes first.
_ENDINGS: Final = (
    "iones",
    "ions",
    "aux",
    "aes",
    "ies",
    "ing",
    "ion",
    "oes",
    "al",
    "ao",
    "as",
    "ed",
    "es",
    "os",
    "s",
    "y",
)
_SHORTEST_STEM: Final = 4


def words_of(text: str) -> list[str]:
    return _WORD.findall(search_key(text))


def key_of(text: str, organs: Set[str]) -> str:
    """The words of a text with a space between; its symbols in their canonical form, whatever was printed."""
    if "/" in text:
        for hit in reversed(find_all(text, organs)):
            if hit.symbol:
                text = f"{text[: hit.start]} {hit.symbol} {text[hit.end :]}"
    return " ".join(words_of(text))


def stem_of(word: str) -> str:
    """What a word shares with its other forms: reunión, reuniones; country, countries."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word


@dataclass(frozen=True)
class Word:
    """A word that is looked for; only itself, or whatever begins with its stem."""

    text: str
    is_whole: bool

    @cached_property
    def stem(self) -> str:
        return self.text if self.is_whole else stem_of(self.text)

    def is_met_by(self, word: str) -> bool:
        return word == self.text if self.is_whole else word.startswith(self.stem)


@dataclass(frozen=True)
class AskedSymbol:
    canonical: str
    base: str


@dataclass(frozen=True)
class Query:
    """What was typed: the words, which must all be there, as a phrase, and the symbols among them."""

    words: Sequence[Word]
    phrase: str
    symbols: Sequence[AskedSymbol]

    def names(self, symbol: str) -> int:
        """Whether a symbol was asked for: 2 is the very one, 1 another state of that paper, 0 none."""
        if any(symbol == asked.canonical for asked in self.symbols):
            return 2
        return int(any(f"{symbol} ".startswith(f"{asked.base} ") for asked in self.symbols))

    def score(self, title_words: str) -> tuple[int, int]:
        """How well a title answers: 3 has the phrase, 2 all words, 1 some, 0 none; and how many as they were typed."""
        there = title_words.split()
        whole = len({word.text for word in self.words} & set(there))
        if f" {self.phrase} " in f" {title_words} ":
            return 3, whole
        met = [word.text in there or any(map(word.is_met_by, there)) for word in self.words]
        return 2 if all(met) else int(any(met)), whole


def read(typed: str, organs: Set[str]) -> Query:
    """A symbol asks for its paper in whichever state; the last word may be unfinished, and so may longer ones."""
    symbols, rest = _symbols_in(typed, organs)
    others = words_of(rest)
    whole = [word for symbol in symbols for word in words_of(symbol.base)]
    found = {word: Word(word, is_whole=True) for word in whole}
    for place, word in enumerate(others, start=1):
        is_name = len(word) < 3 or word.isdigit()
        found.setdefault(word, Word(word, is_whole=is_name and place < len(others)))
    return Query([*found.values()][:MOST_WORDS], " ".join([*whole, *others]), symbols)


def _symbols_in(typed: str, organs: Set[str]) -> tuple[list[AskedSymbol], str]:
    """The symbols, and what is left without them."""
    if "/" not in typed:
        return [], typed
    try:
        symbol = parse(typed, organs)
    except SymbolError:
        pass
    else:
        return [AskedSymbol(str(symbol), str(symbol.base))], ""
    found: list[AskedSymbol] = []
    rest = typed
    for hit in reversed(find_all(typed, organs)):
        if hit.symbol:
            found.insert(0, AskedSymbol(str(hit.symbol), str(hit.symbol.base)))
            rest = f"{rest[: hit.start]} {rest[hit.end :]}"
    return found, rest


# What is shown -----------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """Some of a text; `is_met` where it is a word that was looked for."""

    text: str
    is_met: bool


def marked(text: str, query: Query) -> list[Piece]:
    """The text in pieces, its letters and accents composed; whoever prints them escapes them."""
    text = unicodedata.normalize("NFC", text)
    pieces, done = [], 0
    for start, end in _places(text, query):
        if start > done:
            pieces.append(Piece(text[done:start], is_met=False))
        pieces.append(Piece(text[start:end], is_met=True))
        done = end
    return [*pieces, Piece(text[done:], is_met=False)] if done < len(text) else pieces


def excerpt(text: str, query: Query, letters: int = 240) -> list[Piece]:
    """The same of what stands around the first word that was looked for, with an ellipsis where it was cut."""
    text = unicodedata.normalize("NFC", text)
    first = next(_places(text, query), (0, 0))[0]
    start = 0 if len(text) <= letters else max(0, min(first - letters // 3, len(text) - letters))
    if start:
        start = text.find(" ", start) + 1 or start
    end = len(text) if len(text) - start <= letters else max(text.rfind(" ", start, start + letters), first) or start
    if end <= start:
        end = start + letters
    pieces = marked(text[start:end], query)
    before, after = [Piece("… ", is_met=False)] * bool(start), [Piece(" …", is_met=False)] * (end < len(text))
    return [*before, *pieces, *after]


def _places(text: str, query: Query) -> Iterator[tuple[int, int]]:
    for match in _WORD.finditer(text):
        if any(looked.is_met_by(word) for word in words_of(match[0]) for looked in query.words):
            yield match.span()
