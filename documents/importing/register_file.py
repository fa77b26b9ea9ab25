"""A register as a file, JSON or CSV as mispa writes it (`documents.reading.register`) or a person in a spreadsheet.

What a file does not say is not in `said` and stays as it is here; in a CSV an empty cell says that there is nothing,
but for the cells of translations and those without which there is no paper. What is derived (what superseded a text,
what is to be checked) is not read.
"""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from documents.models import Document, DocumentLink
from documents.models.papers import SETS, TEXTUAL
from mandates.symbols import SymbolError, parse
from mispa.ground.csv_files import as_meant
from mispa.ground.fields import valid_year
from mispa.ground.forms import without_controls
from mispa.ground.text import LANGUAGES, Text

LARGEST: Final = 5 * 1024 * 1024
MOST: Final = 5_000  # states of papers
LONGEST: Final = 2_000  # letters of one value
Json = Mapping[str, Any]


class NoRegister(Exception):
    """The file is no register; the sentence says why, and how it can be one."""


class _Wrong(ValueError):
    """A value that cannot be; the sentence says how to mend it."""


@dataclass(frozen=True)
class Fault:
    """What is wrong at a place of the file."""

    place: str
    sentence: str


@dataclass
class Title:
    """The wordings that a file gives of a title. `is_whole`: there are no others, and `made_from` is said too."""

    original: str
    wordings: dict[str, str]
    made_from: dict[str, str] = field(default_factory=dict)
    is_whole: bool = False

    def as_text(self) -> Text:
        translated = {code: words for code, words in self.wordings.items() if code != self.original}
        if self.is_whole:
            return Text(self.original, self.wordings, self.made_from)
        return Text.of(self.wordings[self.original], self.original, **translated)

    def over(self, ours: Text) -> Text:
        """Our title as the file has it: what the file leaves out stays; the same object where nothing differs."""
        if self.is_whole:
            same = ours.original == self.original and dict(ours.wordings) == self.wordings
            return ours if same else self.as_text()
        if ours.original != self.original:
            return self.as_text()
        found = ours
        # The original first: a translation that comes with it was made from it.
        for code, words in sorted(self.wordings.items(), key=lambda one: one[0] != self.original):
            if found.wordings.get(code) != words:
                found = found.with_wording(code, words)
        return found


@dataclass
class ReadState:
    """A state of a paper. `symbol` and `printed` are None where the file says nothing of them."""

    place: str
    id: UUID | None = None
    symbol: str | None = None
    printed: str | None = None
    title: Title | None = None  # as it was issued
    said: dict[str, Any] = field(default_factory=dict)  # state, dated, issued_on, languages


@dataclass
class ReadPaper:
    """A paper with its states in order. `is_own` is false of what is only cited, and of the paper of the plan."""

    place: str
    id: UUID | None = None
    base: str = ""
    is_own: bool = True
    of_plan: bool = False
    title: Title | None = None
    submitted_by: str | None = None  # code, address or name; "" for nobody
    said: dict[str, Any] = field(default_factory=dict)  # columns of Document
    states: list[ReadState] = field(default_factory=list)
    links: dict[str, list[str]] = field(default_factory=dict)  # by relation: ids or symbols


@dataclass
class ReadRegister:
    papers: list[ReadPaper] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_register(data: bytes, language: str, organs: Set[str]) -> ReadRegister:
    """Papers and faults in a file. Raises NoRegister.

    `language` is that of titles for which the file names none, `organs` are those with which symbols may begin.
    """
    if len(data) > LARGEST:
        raise NoRegister(_("The file has more than 5 MB; a register of 5,000 texts has less."))
    found = _Reader(language, organs)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        found.read_json(data)
    else:
        found.read_csv(data)
    _refuse_doubles(found.register)
    return found.register


# Values ------------------------------------------------------------------


def _words(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _Wrong(_("Here words are expected."))
    words = without_controls(value).strip()
    if len(words) > LONGEST:
        raise _Wrong(_("This is longer than any value of a register."))
    if any("\ud800" <= letter <= "\udfff" for letter in words):
        raise _Wrong(_("It holds a sign that cannot be kept."))
    return words


def _day(value: Any) -> date | None:
    words = _words(value)
    if not words:
        return None
    try:
        day = date.fromisoformat(words)
        valid_year(day)
    except ValidationError as error:
        raise _Wrong(" ".join(error.messages)) from error
    except ValueError as error:
        raise _Wrong(_("“%(words)s” is no day. Write days like 2013-09-05.") % {"words": words}) from error
    return day


def _id(value: Any) -> UUID | None:
    words = _words(value)
    try:
        return UUID(words) if words else None
    except ValueError as error:
        raise _Wrong(_("“%(words)s” is no id. Leave it out where mispa gave none.") % {"words": words}) from error


def _yes(value: Any) -> bool:
    words = value if isinstance(value, bool) else _words(value).casefold()
    if words in (True, "yes", "true", "1"):
        return True
    if words in (False, "no", "false", "0", ""):
        return False
    raise _Wrong(_("Write yes or no."))


def _one_of(values: Sequence[str]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        words = _words(value)
        if words in values:
            return words
        choices = ", ".join(one for one in values if one)
        raise _Wrong(_("“%(words)s” is none of: %(choices)s.") % {"words": words, "choices": choices})

    return read


def _language_set(value: Any) -> str:
    words = _words(value).replace(" ", "")
    if words in {"", TEXTUAL}:
        return words
    codes = words.split("/")
    ordered = "/".join(code for code in LANGUAGES if code in codes)
    if ordered not in SETS or len(set(codes)) != len(codes) or set(codes) - set(LANGUAGES):
        raise _Wrong(_("“%(words)s” names no languages. Write them like en/es.") % {"words": words})
    return ordered


_kind: Final = _one_of(Document.Kind.values)
_distribution: Final = _one_of(Document.Distribution.values)
_language: Final = _one_of(LANGUAGES)


def _sign(value: Any) -> str:
    """From which original a translation was made (`mispa.ground.text.fingerprint`); empty where that is not said."""
    return value if isinstance(value, str) and re.fullmatch("[0-9a-f]{12}", value) else ""


def _is_issued(value: Any) -> bool:
    return _one_of(("working", "issued", "superseded"))(value) != "working"


# By the keys of the JSON, which are the columns of the table with “_” for spaces: the field, how it is read, and
# whether an empty cell says that there is none.
_OF_PAPER: Final[dict[str, tuple[str, Callable[[Any], Any], bool]]] = {
    "kind": ("kind", _kind, False),
    "series_line": ("series_line", _words, True),
    "original": ("original_languages", _language_set, True),
    "registered_on": ("registered_on", _day, True),
    "distribution": ("distribution", _distribution, False),
    "open_to_all": ("is_public", _yes, False),
}
_OF_STATE: Final[dict[str, tuple[str, Callable[[Any], Any], bool]]] = {
    "state": ("is_issued", _is_issued, False),
    "dated": ("dated", _day, True),
    "issued_on": ("issued_on", _day, False),
    "concerns": ("languages", _language_set, True),
}


# Reading -----------------------------------------------------------------


class _Reader:
    def __init__(self, language: str, organs: Set[str]) -> None:
        self.language, self.organs = language, organs
        self.register = ReadRegister()

    def wrong(self, place: str, sentence: str) -> None:
        self.register.faults.append(Fault(place, sentence))

    def value(self, place: str, name: str, read: Callable[[Any], Any], value: Any) -> Any:
        """The value as it is read; None after a fault."""
        try:
            return read(value)
        except _Wrong as wrong:
            self.wrong(place, f"{name.replace('_', ' ')}: {wrong}")
            return None

    def fields(self, place: str, part: Json, known: Mapping[str, tuple[str, Callable[[Any], Any], bool]]) -> Json:
        said = {}
        for key, (name, read, may_be_empty) in known.items():
            if key in part and (may_be_empty or part[key] not in (None, "")):
                said[name] = self.value(place, key, read, part[key])
        return said

    # ---- JSON

    def read_json(self, data: bytes) -> None:
        try:
            value = json.loads(data.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise NoRegister(_("The file is no JSON that can be read: %(why)s") % {"why": error}) from error
        papers = value.get("papers") if isinstance(value, dict) else None
        if not isinstance(papers, list):
            raise NoRegister(_("This JSON is no register: it has no list of “papers”."))
        if sum(len(one["texts"]) for one in papers if isinstance(one, dict) and _is_list(one.get("texts"))) > MOST:
            raise NoRegister(_too_many())
        for number, part in enumerate(papers, start=1):
            place = _("paper %(number)s") % {"number": number}
            if isinstance(part, dict) and _is_list(part.get("texts")) and part["texts"]:
                self.register.papers.append(self.paper_of_json(place, part))
            else:
                self.wrong(place, _("A paper has “title”, “kind” and at least one of “texts”."))

    def paper_of_json(self, place: str, part: Json) -> ReadPaper:
        paper = ReadPaper(
            place=place,
            id=self.value(place, "id", _id, part.get("id")),
            base=self.value(place, "symbol", _words, part.get("symbol")) or "",
            is_own=self.value(place, "own", _yes, part.get("own", True)) is not False,
            of_plan=bool(self.value(place, "of_plan", _yes, part.get("of_plan", False))),
            title=self.title_of_json(place, part.get("title")),
            said=dict(self.fields(place, part, _OF_PAPER)),
        )
        if {"delegation", "area"} & set(part):
            paper.submitted_by = self.value(place, "delegation", _words, part.get("delegation") or part.get("area"))
        elif "submitted_by" in part:
            paper.submitted_by = self.value(place, "submitted_by", _words, part["submitted_by"])
        for number, text in enumerate(part["texts"], start=1):
            where = _("%(paper)s, text %(number)s") % {"paper": place, "number": number}
            if isinstance(text, dict):
                paper.states.append(self.state_of_json(where, text))
            else:
                paper.states.append(ReadState(where))
                self.wrong(where, _("Here an object in braces is expected."))
        if "links" in part:
            self.links_of_json(place, part["links"], paper)
        return paper

    def state_of_json(self, place: str, part: Json) -> ReadState:
        return ReadState(
            place=place,
            id=self.value(place, "id", _id, part.get("id")),
            symbol=self.value(place, "symbol", _words, part["symbol"]) if "symbol" in part else None,
            printed=self.value(place, "as_printed", _words, part["as_printed"]) if "as_printed" in part else None,
            title=self.title_of_json(place, part["title"]) if part.get("title") else None,
            said=dict(self.fields(place, part, _OF_STATE)),
        )

    def title_of_json(self, place: str, value: Any) -> Title | None:
        if value is None:
            return None
        if not isinstance(value, dict):
            self.wrong(place, _("title: write it as {“original”: “en”, “en”: “…”}."))
            return None
        original = self.value(place, "title", _language, value.get("original"))
        wordings = self.wordings(place, {code: value[code] for code in LANGUAGES if value.get(code)})
        if original is None or wordings is None:
            return None
        if original not in wordings:
            self.wrong(place, _("title: it is missing in its original language."))
            return None
        signs = value.get("from")
        made_from = signs if isinstance(signs, dict) else {}
        known = {code: _sign(made_from.get(code)) for code in wordings if code != original}
        return Title(original, wordings, {code: sign for code, sign in known.items() if sign}, is_whole=True)

    def wordings(self, place: str, written: Json) -> dict[str, str] | None:
        """The wordings of a title in which something can be seen; None after a fault."""
        found = {code: self.value(place, "title", _words, words) for code, words in written.items()}
        return None if None in found.values() else {code: words for code, words in found.items() if words}

    def links_of_json(self, place: str, value: Any, paper: ReadPaper) -> None:
        paper.links = {relation.value: [] for relation in DocumentLink.Relation}
        for one in value if _is_list(value) else [None]:
            one = one if isinstance(one, dict) else {}
            relation = one.get("relation")
            if not isinstance(relation, str) or relation not in paper.links:
                choices = ", ".join(paper.links)
                self.wrong(place, _("links: each has a “relation”, one of: %(choices)s.") % {"choices": choices})
                continue
            named = [self.value(place, "links", _words, one.get(key)) for key in ("symbol", "id")]
            # By id where mispa wrote both, which stays right when a symbol was corrected.
            paper.links[relation].append(next(filter(None, reversed(named)), ""))

    # ---- CSV

    def read_csv(self, data: bytes) -> None:
        rows = list(_rows(_decoded(data)))
        header = [name.strip().casefold() for name in rows[0][1]] if rows else []
        if "title" not in header or not {"symbol", "as printed"} & set(header):
            sentence = _("The first line names no columns of a register, such as symbol, title, kind.")
            raise NoRegister(sentence)
        if len(rows) > MOST + 1:
            raise NoRegister(_too_many())
        papers: dict[Any, tuple[ReadPaper, Json]] = {}
        for number, cells in rows[1:]:
            place = _("line %(number)s") % {"number": number}
            if len(cells) > len(header) and any(cells[len(header) :]):
                self.wrong(place, _("It has more cells than the first line has columns."))
                continue
            meant = (as_meant(cell).strip() for cell in cells)
            part = {name.replace(" ", "_"): cell for name, cell in zip(header, meant, strict=False) if name}
            key = part.get("paper_id") or part.get("paper") or self.base_in(part) or number
            known = papers.get(key)
            if known is None:
                paper = self.paper_of_row(place, part)
                papers[key] = (paper, part)
                self.register.papers.append(paper)
            else:
                paper = known[0]
                self.same_paper(place, part, *known)
            paper.states.append(self.state_of_row(place, part, paper))

    def base_in(self, part: Json) -> str:
        """The paper to which the symbol of a line belongs; empty where that cannot be read."""
        try:
            return str(parse(part.get("symbol") or part.get("as_printed", ""), self.organs).base)
        except SymbolError:
            return ""

    def paper_of_row(self, place: str, part: Json) -> ReadPaper:
        paper = ReadPaper(
            place=place,
            id=self.value(place, "paper_id", _id, part.get("paper_id")),
            base=self.value(place, "paper", _words, part.get("paper")) or "",
            is_own=self.value(place, "own", _yes, part.get("own") or "yes") is not False,
            of_plan=bool(self.value(place, "of_the_plan", _yes, part.get("of_the_plan", ""))),
            submitted_by=self.value(place, "submitted_by", _words, part["submitted_by"])
            if "submitted_by" in part
            else None,
            said=dict(self.fields(place, part, _OF_PAPER)),
        )
        for relation in DocumentLink.Relation:
            if (column := relation.value.replace(" ", "_")) in part:
                named = [self.value(place, relation.value, _words, one) for one in part[column].split(";")]
                paper.links[relation.value] = [one for one in named if one]
        return paper

    def same_paper(self, place: str, part: Json, paper: ReadPaper, first: Json) -> None:
        """What is said of the paper is said alike in all of its lines."""
        columns = [*_OF_PAPER, "submitted_by", "own", *(one.value.replace(" ", "_") for one in DocumentLink.Relation)]
        for name in columns:
            if part.get(name, "") != first.get(name, ""):
                words = {"column": name.replace("_", " "), "place": paper.place}
                self.wrong(place, _("%(column)s: it is another one in %(place)s, and both are of one paper.") % words)

    def state_of_row(self, place: str, part: Json, paper: ReadPaper) -> ReadState:
        language = self.value(place, "title_language", _language, part.get("title_language") or self.language)
        words = self.value(place, "title", _words, part.get("title", ""))
        state = ReadState(
            place=place,
            id=self.value(place, "id", _id, part.get("id")),
            symbol=self.value(place, "symbol", _words, part["symbol"]) if "symbol" in part else None,
            printed=self.value(place, "as_printed", _words, part["as_printed"]) if "as_printed" in part else None,
            said=dict(self.fields(place, part, _OF_STATE)),
        )
        if not words or not language:
            self.wrong(place, _("title: a paper has one."))
            return state
        translations = self.wordings(place, {code: part.get(f"title_{code}") for code in LANGUAGES})
        if translations is None:
            return state
        title = Title(language, {**translations, language: words})
        today = self.value(place, "paper_title", _words, part.get("paper_title", ""))
        other = self.value(place, "paper_title_language", _language, part.get("paper_title_language") or language)
        self.called(place, paper, Title(other, {other: today}) if today and other else title)
        if state.said.get("is_issued"):
            state.title = title
        return state

    def called(self, place: str, paper: ReadPaper, title: Title) -> None:
        """The title of the paper, which all its lines give alike; the fullest is taken."""
        if paper.title and paper.title.wordings[paper.title.original] != title.wordings[title.original]:
            sentence = _("title: %(place)s calls this paper otherwise. Its title of today goes into “paper title”.")
            self.wrong(place, sentence % {"place": paper.place})
        elif paper.title is None or len(title.wordings) > len(paper.title.wordings):
            paper.title = title


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _too_many() -> str:
    return _("The file has more than %(most)s texts. Divide it.") % {"most": f"{MOST:,}"}


def _decoded(data: bytes) -> str:
    """UTF-8 with or without its mark, or what spreadsheets call Unicode text."""
    try:
        if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoRegister(_("The letters of this file are not UTF-8. Save it as “CSV UTF-8”.")) from error


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, with the lines on which they begin; however their cells are separated."""
    skipped = 0
    if text[:4].casefold() == "sep=":  # a line by which spreadsheets are told the separator
        _first, _end, text = text.partition("\n")
        skipped = 1
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    rows = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = skipped + 1
    try:
        for cells in rows:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = skipped + rows.line_num + 1
    except csv.Error as error:
        words = {"number": begins, "why": error}
        raise NoRegister(_("Line %(number)s is no line of a table: %(why)s") % words) from error


def _refuse_doubles(register: ReadRegister) -> None:
    """An id stands for one thing, and a symbol for one text."""
    seen: dict[tuple[str, str], str] = {}
    for paper in register.papers:
        keys = [(paper.place, "id", str(paper.id or "")), (paper.place, "paper", paper.base.casefold())]
        keys += [(state.place, "id", str(state.id or "")) for state in paper.states]
        keys += [(state.place, "symbol", _said_to_be_one(state).casefold()) for state in paper.states]
        for place, what, value in keys:
            if not value:
                continue
            if (what, value) in seen:
                words = {"value": value, "place": seen[what, value]}
                register.faults.append(Fault(place, _("“%(value)s” stands in %(place)s already.") % words))
            seen.setdefault((what, value), place)


def _said_to_be_one(state: ReadState) -> str:
    """By what a text is known: its symbol, or what is printed where it has no id. Several can print a half of one."""
    return state.symbol or ("" if state.id else state.printed) or ""
