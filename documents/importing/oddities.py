"""What is odd in the words of a plan, whatever kind of file it came in: symbols, titles, capitals, brackets."""

import re
from collections.abc import Iterator, Mapping, Set
from itertools import pairwise
from typing import Any, Final

from documents.importing.brought import Anomaly, Oddity, Place
from mandates.prose import NOTE_CALL
from mandates.symbols import Hit, find_all
from mispa.ground.text import search_key

Json = Mapping[str, Any]

_OPENING: Final = {")": "(", "]": "["}
# “a)” and “1)” count the parts of a sentence.
_COUNTING: Final = re.compile(
    r"(?:^|[;:,.]\s+|\s(?:and|y|e|et|or|o|ou)\s+)(?:[a-z]|[ivx]{1,5}|[0-9]{1,2})\)(?=\s)", re.IGNORECASE | re.MULTILINE
)
_ESCAPED: Final = re.compile(r"\\([\\*_\[])")
_JOINED: Final = re.compile(r"[)\s”\"]*,?\s*(?:or|o|u|ou)\s", re.IGNORECASE)
_SENTENCE_ENDS: Final = re.compile(r"[.;]\s+\w")


def oddities_of(text: Json, places: Mapping[str, Place], organs: Set[str]) -> Iterator[Anomaly]:
    """The oddities of a whole text, each at the place where the file has it."""
    passages = [(words, _place(path, places), path) for path, words in _passages(text)]
    yield from _brackets(passages)
    yield from _capitals(passages)
    yield from _same_titles(text, places)
    hits = [(hit, words, place, path) for words, place, path in passages for hit in find_all(words, organs)]
    yield from _two_forms(hits)
    yield from _doubtful(hits)
    yield from _two_documents(hits)


def _passages(text: Json) -> Iterator[tuple[str, str]]:
    """Each wording with its path, as the file prints it."""
    for section, listed in text["narrative"].items():
        for place, one in enumerate(listed):
            yield f"narrative/{section}/{place}", _ESCAPED.sub(r"\1", NOTE_CALL.sub("", _wording(one["text"])))
    for place, note in enumerate(text["notes"]):
        yield f"notes/{place}", _wording(note["text"])
    for place, row in enumerate(text["rows"]):
        yield f"rows/{place}/symbol", row["symbol_as_printed"]
        if row["title"]:
            yield f"rows/{place}/title", _wording(row["title"])
        for area in row["areas"]:
            yield f"rows/{place}/areas", _wording(area["name"])
        for number, mandate in enumerate(row["mandates"]):
            yield f"rows/{place}/mandates/{number}", _wording(mandate["text"])
            for area in mandate["areas"]:
                yield f"rows/{place}/mandates/{number}/areas", _wording(area["name"])
    for place, meeting in enumerate(text["meetings"]):
        for number, topic in enumerate(meeting["topics"]):
            yield f"meetings/{place}/topics/{number}", _wording(topic["text"])


def _wording(text: Json) -> str:
    return str(text[text["original"]])


def _place(path: str, places: Mapping[str, Place]) -> Place:
    """Where the part stood, or the smallest part around it that is known."""
    while path:
        if path in places:
            return places[path]
        path = path.rpartition("/")[0]
    return Place()


Passages = list[tuple[str, Place, str]]
Hits = list[tuple[Hit, str, Place, str]]


def _brackets(passages: Passages) -> Iterator[Anomaly]:
    for words, place, _path in passages:
        counting = {match.end() - 1 for match in _COUNTING.finditer(words)}
        open_ones: list[tuple[str, int]] = []
        stray: list[int] = []
        for position, sign in enumerate(words):
            if sign in "([":
                open_ones.append((sign, position))
            elif sign in _OPENING:
                if open_ones and open_ones[-1][0] == _OPENING[sign]:
                    open_ones.pop()
                elif position not in counting:
                    stray.append(position)
        for position in sorted(stray + [position for _sign, position in open_ones]):
            yield Anomaly(Oddity.BRACKET, words[max(0, position - 40) : position + 20].strip(), place)


def _capitals(passages: Passages) -> Iterator[Anomaly]:
    for words, place, path in passages:
        letters = [letter for letter in words if letter.isalpha()]
        if not path.endswith("/symbol") and len(letters) > 12 and " " in words.strip() and words.isupper():
            yield Anomaly(Oddity.CAPITALS, words, place)


def _same_titles(text: Json, places: Mapping[str, Place]) -> Iterator[Anomaly]:
    """Resolutions that share a title, whatever its case and spaces; the later one is told."""
    first: dict[str, str] = {}
    for number, row in enumerate(text["rows"]):
        title, symbol = _wording(row["title"]) if row["title"] else "", str(row["symbol"] or row["symbol_as_printed"])
        key = search_key(title)
        if key and first.setdefault(key, symbol) != symbol:
            yield Anomaly(Oddity.SAME_TITLE, title, _place(f"rows/{number}", places), (first[key], symbol))


def _two_forms(hits: Hits) -> Iterator[Anomaly]:
    forms: dict[str, dict[str, Place]] = {}
    for hit, _words, place, _path in hits:
        if hit.symbol:
            # A no-break space or two spaces print no other form.
            forms.setdefault(str(hit.symbol), {}).setdefault(" ".join(hit.printed.split()), place)
    for printed in forms.values():
        for form, place in list(printed.items())[1:]:
            yield Anomaly(Oddity.TWO_FORMS, form, place, tuple(printed))


def _doubtful(hits: Hits) -> Iterator[Anomaly]:
    for hit, _words, place, path in hits:
        if hit.error and not path.endswith("/symbol"):  # that of a row is told where the row is read
            yield Anomaly(Oddity.DOUBTFUL_SYMBOL, hit.printed, place)


def _two_documents(hits: Hits) -> Iterator[Anomaly]:
    """Two symbols of one note that “or” joins."""
    for (first, words, place, path), (second, _words, _place, path_of_second) in pairwise(hits):
        if path != path_of_second or not path.startswith("notes/"):
            continue
        between = words[first.end : second.start]
        if _JOINED.match(between) and not _SENTENCE_ENDS.search(between):
            yield Anomaly(Oddity.TWO_DOCUMENTS, words[first.start : second.end], place, (first.printed, second.printed))
