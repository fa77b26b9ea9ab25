"""A paper becomes a plan: sections, tables and notes are found by their words, in four languages, in any order."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import groupby, islice, pairwise
from typing import Any, Final

from django.utils.translation import gettext as _

from documents.editions.snapshot import SECTIONS
from documents.importing import listed, ours, resolutions, sessions
from documents.importing.brought import Anomaly, NoPlan, Place
from documents.importing.bullets import marked
from documents.importing.headings import Column, columns, section_of
from documents.importing.lines import MOST_LETTERS, Line, Paper, Table, tables_in, too_much
from documents.importing.markdown import paragraphs
from documents.importing.notes import Calls, first_of_notes, typed_notes
from documents.importing.oddities import oddities_of
from documents.importing.resolutions import Resolutions
from documents.importing.sessions import Sessions
from documents.importing.tongues import language_of
from documents.importing.wording import Wordings
from mandates.symbols import SymbolError, find_all, parse

Json = dict[str, Any]

_MOST_ANOMALIES: Final = 1_000  # more than any person looks at
_SENTENCE: Final = 80  # letters from which on a line before the plan is a passage, not part of the head


def plan_of(paper: Paper, organs: Set[str]) -> tuple[Json, str, list[Anomaly], dict[str, Place]]:
    """The plan that a paper holds: its text, its language, what is odd in it and where its parts stood."""
    if sum(len(words) for words in _words(paper.blocks)) > MOST_LETTERS:
        raise too_much()
    text, language, anomalies, places = _Reading(paper, organs).plan()
    if len(anomalies) > _MOST_ANOMALIES:
        raise NoPlan(_("Too much in this file is doubtful. Compare it with the plan by hand, or bring in another one."))
    return text, language, anomalies, places


def _words(blocks: Sequence[Line | Table]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Line):
            yield block.words
        else:
            yield from (cell.words for row in block.rows for cell in row)


@dataclass
class _Sorted:
    """The blocks of a paper by what they belong to."""

    before: list[Line | Table] = field(default_factory=list)  # the first heading
    narrative: dict[str, list[Line]] = field(default_factory=dict)
    tables: list[tuple[str, Table, Sequence[Column | None]]] = field(default_factory=list)
    listed: list[Line] = field(default_factory=list)  # beside the table of resolutions
    loose: list[Line] = field(default_factory=list)  # beside the calendar
    strange: list[Line | Table] = field(default_factory=list)
    sections: set[str] = field(default_factory=set)
    title: Line | None = None


class _Reading:
    def __init__(self, paper: Paper, organs: Set[str]) -> None:
        self.paper, self.organs = paper, organs
        self.words = Wordings(paper.language or language_of(_words(paper.blocks)))
        self.blocks = list(paper.blocks)
        self.notes = self._notes()
        self.sorted = _Sorted()
        self.places: dict[str, Place] = {}

    def plan(self) -> tuple[Json, str, list[Anomaly], dict[str, Place]]:
        self._sort(self.blocks)
        rows = Resolutions(self.words, self.organs, self.paper.is_ours)
        meetings = Sessions(self.words, self.organs, self.paper.is_ours)
        narrative = self._narrative()
        self._from_lines()
        for kind, table, roles in self.sorted.tables:
            (rows if kind == "plan" else meetings).read(table, roles)
        if not rows.rows and not meetings.meetings and len(self.sorted.sections) < 2:
            raise NoPlan(
                _(
                    "No part of a work plan is in this file. Bring in a file that has the table of resolutions, the "
                    "calendar, or the sections under their headings."
                )
            )
        self._loose(meetings)
        for words, place in _passages(self.sorted.strange):
            self.words.strange(words, place)
        self.places |= rows.places | meetings.places
        text = {
            "plan": self._plan(),
            "narrative": narrative,
            "notes": self._note_texts(),
            "rows": rows.rows,
            "meetings": meetings.meetings,
        }
        found = [*self.words.anomalies, *self.notes.anomalies, *self._oddities(text)]
        return text, self.words.language, found, self.places

    def _oddities(self, text: Json) -> Iterator[Anomaly]:
        return islice(oddities_of(text, self.places, self.organs), _MOST_ANOMALIES + 1)

    # ---- notes

    def _notes(self) -> Calls:
        """The notes of the file, or those typed at its end, which are then no longer among the blocks."""
        if self.paper.notes:
            return Calls(self.paper.notes, are_typed=False)
        tables = [place for place, block in enumerate(self.blocks) if isinstance(block, Table)]
        last = tables[-1] + 1 if tables else 0
        lines = [block for block in self.blocks if isinstance(block, Line)]
        tail = [block for block in self.blocks[last:] if isinstance(block, Line)]
        count = len(lines) - max(first_of_notes(lines), len(lines) - len(tail))
        notes = typed_notes(lines[len(lines) - count :]) if count else {}
        self.blocks = self.blocks[: len(self.blocks) - count]
        return Calls(notes, are_typed=True)

    def _note_texts(self) -> list[Json]:
        made: list[Json] = []
        for number, note in self.notes.numbered():
            self.places[f"notes/{len(made)}"] = note.place
            hits = find_all(note.words, self.organs)
            made.append(
                {
                    "id": None,
                    "key": f"n{number}",
                    "number": number,
                    "text": self.words.text(note.words, note.language),
                    "symbols": [str(hit.symbol or hit.printed) for hit in hits],
                    "meeting": None,
                }
            )
        return made

    # ---- sorting

    def _sort(self, blocks: Sequence[Line | Table]) -> None:
        section: str | None = None  # before the first heading
        for block in blocks:
            if isinstance(block, Table):
                section = self._sort_table(block, section)
                continue
            if self.paper.is_ours and block.outline == 2:
                return  # corrections and the proof of an edition, which are no part of the plan
            if self.paper.is_ours and block.style == "title":
                self.sorted.title = block
                continue
            opened = section_of(block)
            if opened == "plan" and section is None and self.sorted.title is None and not _has_numeral(block):
                # The title of a paper has the words of the section; the section comes after others.
                self.sorted.title = block
            elif opened is not None and not (opened == "" and section is None):
                section = opened
                self.sorted.sections.add(opened)
                if opened == "":
                    self.sorted.strange.append(block)
            else:
                self._sort_line(block, section)

    def _sort_line(self, line: Line, section: str | None) -> None:
        if section is None:
            self.sorted.before.append(line)
        elif section in SECTIONS:
            self.sorted.narrative.setdefault(section, []).append(line)
        elif section == "calendar":
            self.sorted.loose.append(line)
        elif section == "plan" and not self.paper.is_ours:
            self.sorted.listed.append(line)
        elif not (line.is_empty or ours.is_said_of_nothing(line.words) or line.style == "table note"):
            self.sorted.strange.append(line)

    def _sort_table(self, table: Table, section: str | None) -> str | None:
        """Keeps a table for later if it is one of ours, or one is inside it; what section goes on after it."""
        kind = self._kind(table, section)
        if kind:
            self.sorted.tables.append((kind[0], table, kind[1]))
            return kind[0] if section is None or section in SECTIONS else section
        if any(inner is not table and self._kind(inner, section) for inner in tables_in(table)):
            self._sort([block for row in table.rows for cell in row for block in cell.blocks])
            return section
        (self.sorted.before if section is None else self.sorted.strange).append(table)
        return section

    def _kind(self, table: Table, section: str | None) -> tuple[str, Sequence[Column | None]] | None:
        """Which table it is and what its columns hold, by its headings or else by what stands in it."""
        if self.paper.is_ours and table.style != "plan table":
            return None
        for row in table.rows[:3]:
            found = columns([cell.words for cell in row])
            if found:
                roles: list[Column | None] = [None] * max(cell.column + cell.span for cell in row)
                for cell, role in zip(row, found[1], strict=True):
                    roles[cell.column : cell.column + cell.span] = [role] * cell.span
                return found[0], roles
        if roles_found := resolutions.by_content(table, self.organs):
            return "plan", roles_found
        if roles_found := sessions.by_content(table, fewest=2 if section is None else 1):
            return "calendar", roles_found
        return None

    def _from_lines(self) -> None:
        """A plan or a calendar that is written in lines where others have a table; what is neither is told."""
        if self.paper.is_ours:
            return
        has = {kind for kind, _table, _roles in self.sorted.tables}
        if "plan" not in has:
            table, self.sorted.listed = listed.resolutions(self.sorted.listed, self.organs)
            self.sorted.tables += [("plan", table, listed.PLAN)] if table else []
        if "calendar" not in has:
            table, self.sorted.loose = listed.meetings(self.sorted.loose)
            self.sorted.tables += [("calendar", table, listed.CALENDAR)] if table else []
        said = [line for line in self.sorted.listed if not line.is_empty and not ours.is_said_of_nothing(line.words)]
        self.sorted.strange.extend(said)

    # ---- parts

    def _narrative(self) -> dict[str, list[Json]]:
        made: dict[str, list[Json]] = {}
        for section in SECTIONS:
            made[section] = []
            lines = [line for line in self.sorted.narrative.get(section, []) if not line.is_empty]
            joined = self.notes.joined(lines)
            called = [self.notes.called(line) for line in (joined if self.paper.is_ours else _listed(joined))]
            for markdown, line in paragraphs(called):
                self.places[f"narrative/{section}/{len(made[section])}"] = line.place
                made[section].append({"id": None, "text": self.words.text(markdown, line.language)})
        return made

    def _plan(self) -> Json:
        """What the head of the paper says of the plan itself."""
        symbol, original = None, ""
        for words, place in _lines_of(self.sorted.before):
            original = original or ours.original_language(words)
            symbol = symbol or self._symbol(words)
            if not self.paper.is_ours and len(words) >= _SENTENCE and words.rstrip().endswith((".", ";", ":")):
                self.words.strange(words, place)
        title = self.sorted.title
        if title:
            self.places["plan/title"] = title.place
        return {
            "id": None,
            "symbol": symbol,
            "title": self.words.text(" ".join(title.words.split("\n")).strip(), title.language) if title else None,
            "original_language": original or self.words.language,
        }

    def _symbol(self, words: str) -> str | None:
        try:
            symbol = parse(words, self.organs)
        except SymbolError:
            return None
        return None if symbol.kind == "Ser" else str(symbol)

    def _loose(self, meetings: Sessions) -> None:
        """What stands beside the calendar: in papers of ours the ministerial meeting, and the note on hours."""
        lines = [line for line in self.sorted.loose if not line.is_empty and line.style != "table note"]
        lines = [line for line in lines if not ours.is_said_of_nothing(line.words)]
        if not self.paper.is_ours:
            self.sorted.strange.extend(lines)
            return
        starts = [place for place, line in enumerate(lines) if line.style == "day"]
        self.sorted.strange.extend(lines[: starts[0]] if starts else lines)
        for start, end in pairwise([*starts, len(lines)]):
            facts = [line for line in lines[start:end] if line.style in ("day", "fact")]
            meeting = meetings.timed(facts, facts[0].place, "ministerial")
            titles = [line for line in lines[start:end] if line not in facts]
            meeting["title"] = self.words.text(titles[0].words.strip(), titles[0].language) if titles else None
            self.places[f"meetings/{len(meetings.meetings)}"] = facts[0].place
            meetings.meetings.append(meeting)


def _listed(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines with their typed bullets told. Numbers make a list only after a colon; else they count paragraphs."""
    is_list, before = False, ""
    for line in lines:
        told = marked(line)
        is_list = told.mark is not None and (told.mark.number is None or is_list or before.endswith(":"))
        before = line.words.rstrip()
        yield told if is_list else replace(line, mark=None)


def _has_numeral(line: Line) -> bool:
    return line.outline > 0 or re.match(r"\s*(?:[IVX]{1,4}|[1-9])[.)]", line.words) is not None


def _lines_of(blocks: Sequence[Line | Table]) -> Iterator[tuple[str, Place]]:
    for block in blocks:
        if isinstance(block, Line):
            yield from ((line.words, line.place) for line in block.broken())
        else:
            yield from ((line.words, line.place) for row in block.rows for cell in row for line in cell.lines)


def _passages(blocks: Sequence[Line | Table]) -> Iterator[tuple[str, Place]]:
    """What is shown and not taken, lines that follow each other as one passage."""
    for _key, group in groupby(enumerate(blocks), key=lambda pair: (pair[1].place.line or 0) - pair[0]):
        passage = [block for _place, block in group]
        yield "\n".join(filter(str.strip, _words(passage))), passage[0].place


def sorted_by_place(anomalies: Sequence[Anomaly]) -> list[Anomaly]:
    """In the order in which a reader of the file meets them."""

    def key(one: Anomaly) -> tuple[int, int, int, int, str]:
        place = one.place
        return (place.table or 0, place.row or 0, place.column or 0, place.line or 0, one.oddity)

    return sorted(anomalies, key=key)
