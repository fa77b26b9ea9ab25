"""The calendar: its meetings, when and where they are, and their topics."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any, Final

from documents.importing import ours
from documents.importing.brought import Oddity, Place
from documents.importing.bullets import telling
from documents.importing.days import When, begins_with_a_time, read_when
from documents.importing.headings import Column, columns
from documents.importing.lines import Cell, Line, Piece, Table
from documents.importing.wording import Wordings
from mandates.symbols import SymbolError, parse

Json = dict[str, Any]

_ZONE: Final = re.compile(r"[A-Za-z_]+(?:/[A-Za-z_+-]+){1,2}")


@dataclass
class _Rows:
    """The rows of Word that tell of one meeting."""

    place: Place
    day: list[Cell] = field(default_factory=list)
    hours: list[Cell] = field(default_factory=list)
    room: list[Cell] = field(default_factory=list)
    topics: list[Cell] = field(default_factory=list)


class Sessions:
    """Reads calendars, one after the other, into the meetings of a plan."""

    def __init__(self, words: Wordings, organs: Set[str], is_ours: bool) -> None:
        self.words, self.organs, self.is_ours = words, organs, is_ours
        self.meetings: list[Json] = []
        self.places: dict[str, Place] = {}

    def read(self, table: Table, roles: Sequence[Column | None]) -> None:
        rows: _Rows | None = None
        for cells in table.rows:
            if not any(cell.lines for cell in cells) or columns([cell.words for cell in cells]):
                continue
            by_role, strange = self._by_role(cells, roles)
            for cell in strange:
                self.words.strange(cell.words, cell.place)
            day = by_role.get("date")
            if not by_role:
                continue
            if rows is None or (day and day.lines and not day.goes_on):
                if rows:
                    self._meeting(rows)
                rows = _Rows(cells[0].place)
            for role, one in by_role.items():
                if not one.goes_on:
                    {"date": rows.day, "time": rows.hours, "room": rows.room}.get(role, rows.topics).append(one)
        if rows:
            self._meeting(rows)

    def _by_role(self, cells: Sequence[Cell], roles: Sequence[Column | None]) -> tuple[dict[Column, Cell], list[Cell]]:
        found: dict[Column, Cell] = {}
        strange = []
        for cell in cells:
            role = roles[cell.column] if cell.column < len(roles) else None
            if role == "number":
                continue
            if role is None or role in found or cell.span >= len(roles) > 1:
                strange += [cell] if cell.lines else []
            else:
                found[role] = cell
        return found, strange

    # ---- a meeting

    def _meeting(self, rows: _Rows) -> None:
        place = f"meetings/{len(self.meetings)}"
        lines = [line for cell in (*rows.day, *rows.hours) for line in cell.lines]
        meeting = self.timed(lines, rows.place)
        self.places[place] = rows.place
        rooms = [line for cell in rows.room for line in cell.lines]
        if rooms:
            meeting["room"] = self._room([line.words.strip() for line in rooms], rooms[0].language)
        self.meetings.append(meeting)
        for topic in self._topics([line for cell in rows.topics for line in cell.lines], meeting):
            self.places[f"{place}/topics/{len(meeting['topics'])}"] = topic.place
            meeting["topics"].append(self._topic(topic))

    def timed(self, lines: Sequence[Line], at: Place, kind: str = "session") -> Json:
        """A meeting with the time and the place that these lines tell."""
        said = [line for line in lines if not ours.is_said_of_nothing(line.words)]
        when = read_when([line.words for line in said])
        language = next((line.language for line in said if line.language), "")
        if when.weekday_candidates:
            self.words.say(Oddity.WEEKDAY, when.weekday, at, *(day.isoformat() for day in when.weekday_candidates))
        is_exact = when.starts is not None and not when.words
        if not is_exact and (when.words or not lines):
            self.words.say(Oddity.IMPRECISE, when.words, at, *(day.isoformat() for day in when.candidates))
        meeting: Json = {
            "id": None,
            "number": None,
            "kind": kind,
            "title": None,
            "starts": _moment(when.starts, when.from_hour),
            "ends": _moment(when.ends, when.to_hour),
            "all_day": is_exact and when.from_hour is None,
            "precision": "imprecise" if not is_exact else "exact" if when.from_hour else "all-day",
            "words": self.words.text(when.words, language) if when.words else None,
            "timezone": when.zone if _ZONE.fullmatch(when.zone) else None,
            "room": None,
            "city": None,
            "country": None,
            "basis": [],
            "topics": [],
        }
        self._where(meeting, when, said)
        return meeting

    def _where(self, meeting: Json, when: When, lines: Sequence[Line]) -> None:
        """The room. Our own papers print a place elsewhere after it; other papers are not guessed at."""
        rest = list(when.rest)
        if self.is_ours and rest:
            last = rest[-1]
            is_place = len(rest) > 1 or meeting["kind"] == "ministerial" or (when.zone and last.startswith(when.zone))
            if is_place:
                city, comma, country = rest.pop().rpartition(", ")
                meeting["country"] = self.words.text(country, _language_of(country, lines))
                if comma:
                    meeting["city"] = {"id": None, "name": self.words.text(city, _language_of(city, lines))}
        if rest:
            meeting["room"] = self._room(rest, _language_of(rest[0], lines))

    def _room(self, lines: Sequence[str], language: str) -> Json:
        return {"id": None, "name": self.words.text(", ".join(lines), language)}

    # ---- topics

    def _topics(self, lines: Sequence[Line], meeting: Json) -> list[Line]:
        """The lines that are topics. Lines without a bullet go on where others have one; papers and titles are told."""
        lines = telling(lines)
        has_marks = any(line.mark for line in lines)
        depth = min((line.mark.level for line in lines if line.mark), default=0)
        topics: list[Line] = []
        for line in lines:
            if line.mark is None and not topics and meeting["title"] is None and self._is_title(line, has_marks):
                meeting["title"] = self.words.text(line.words.strip(), line.language)
            elif topics and line.mark is None and self._papers(line.words) is not None:
                topics[-1] = _joined(topics[-1], line, "\v")
            elif topics and ((has_marks and line.mark is None) or (line.mark and line.mark.level > depth)):
                topics[-1] = _joined(topics[-1], line, f" {line.mark.label or '–'} " if line.mark else " ")
            else:
                topics.append(line)
        return topics

    def _is_title(self, line: Line, has_marks: bool) -> bool:
        return line.style == "table text" if self.is_ours else line.is_bold and has_marks

    def _topic(self, line: Line) -> Json:
        words, *papers = line.words.split("\v")
        documents = [symbol for paper in papers for symbol in self._papers(paper) or ()]
        return {
            "id": None,
            "kind": None,  # no paper prints it
            "text": self.words.text(words.strip(), line.language or line.language_of(words)),
            "mandates": [],
            "documents": documents,
        }

    def _papers(self, words: str) -> list[str] | None:
        """The symbols of a line that holds nothing else; None of any other line."""
        try:
            return [str(parse(part.strip(" ."), self.organs)) for part in words.split(";")]
        except SymbolError:
            return None


def by_content(table: Table, fewest: int) -> list[Column | None] | None:
    """What the columns of a table without headings hold, if one of them holds days, and not too few."""
    width = table.width
    for column in range(min(width, 8)):
        cells = table.filled(column)
        days = [cell for cell in cells if begins_with_a_time(cell.lines[0].words)]
        if len(days) >= fewest and len(days) * 2 > len(cells) and width > 1:
            roles: list[Column | None] = [None] * width
            roles[column] = "date"
            others = [place for place in range(width) if place != column]
            roles[max(others, key=table.letters)] = "topic"
            return roles
    return None


def _joined(line: Line, more: Line, between: str) -> Line:
    added = (Piece(between),)
    return replace(line, pieces=(*line.pieces, *added, *more.pieces))


def _language_of(words: str, lines: Sequence[Line]) -> str:
    return next((code for line in lines if (code := line.language_of(words))), "")


def _moment(day: date | None, hour: time | None) -> str | None:
    if day is None:
        return None
    return f"{day.isoformat()}T{hour:%H:%M}" if hour else day.isoformat()
