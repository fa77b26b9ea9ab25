"""Plans and calendars that are written in lines, made into the tables that they could be.

Two shapes are read, and only where they are plain: a resolution on a line, its mandates as bullets under it, and who is
responsible in brackets; and a day that begins a line, its topics after a colon or under it. All other lines are left.
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Final

from documents.importing import ours
from documents.importing.bullets import marked
from documents.importing.days import begins_with_a_time, is_vague, read_when, says_only_a_time
from documents.importing.headings import Column
from documents.importing.lines import Cell, Line, Mark, Piece, Table
from documents.importing.resolutions import ABBREVIATION, leads_with_symbol
from mandates.symbols import find_all

PLAN: Final[tuple[Column, ...]] = ("resolution", "mandate", "area")
CALENDAR: Final[tuple[Column, ...]] = ("date", "topic")

_MOST_LINES: Final = 2_000  # of more, nobody could say that they are plain
_LONGEST_HEAD: Final = 400  # letters of a symbol with its title
_LONGEST_TIME: Final = 160
_LONGEST_END: Final = 300  # of a mandate, in which an area is looked for
_LONGEST_TOPIC: Final = 300  # of a topic without a bullet
_INNER: Final = r"[^()\[\]]*(?:\([^()]*\)[^()\[\]]*)?"
_IN_BRACKETS: Final = re.compile(rf"[(\[](?P<areas>{_INNER})[)\]]\.?")
_AT_END: Final = re.compile(rf"(?P<text>.*\S)\s*(?:\((?P<areas>{_INNER})\)|\[(?P<more>[^()\[\]]*)\])\s*\.?", re.DOTALL)
_REFERENCE: Final = re.compile(r"(?:see|v[ée]ase|voir|ver|cf|annex|anexo|annexe)\b", re.IGNORECASE)
_QUOTED: Final = re.compile(r"[“\"«]\s*(?P<title>[^“”\"«»]+?)[\s,.:]*[”\"»]")
_ROOM: Final = re.compile(
    r"(?:^|\W)(?:room|hall|auditorium|sal[óo]n|sala|auditorio|salle|salon|audit[óo]rio|sal[ãa]o)(?:\W|$)", re.I
)
_ARTICLE: Final = re.compile(r"(?:on|el|le|em|a|o|no)\s+(?=[\w])(?:d[íi]a\s+)?", re.IGNORECASE)
_PARTED: Final = re.compile(r"\s*:\s+|\s*:$|\s+[-\u2013\u2014]\s+")


def _plain(lines: Sequence[Line]) -> list[Line]:
    """The lines with their marks told; those without a mark are broken where they are broken softly."""
    told = [marked(line) for line in lines]
    parts = [[_of_words(one, one.words.replace("\n", " "), one.mark)] if one.mark else one.broken() for one in told]
    return [marked(part) for line in parts for part in line if not part.is_empty]


# Resolutions --------------------------------------------------------------


@dataclass
class _Resolution:
    head: list[Line]
    areas: list[Line] = field(default_factory=list)  # of all its mandates
    mandates: list[Line] = field(default_factory=list)  # with the lines that belong to each


def resolutions(lines: Sequence[Line], organs: Set[str]) -> tuple[Table | None, list[Line]]:
    """The resolutions with their mandates as a table with the columns `PLAN`; and the lines that belong to none."""
    if len(lines) > _MOST_LINES:
        return None, list(lines)
    found: list[_Resolution] = []
    left: list[Line] = []
    for line in _plain(lines):
        if _opens(line, organs):
            found.append(_Resolution([line]))
        elif not found or not _takes(found[-1], line):
            left.append(line)
    for one in [one for one in found if not _is_plain(one, organs)]:
        found.remove(one)
        left += [*one.head, *one.areas, *one.mandates]
    has_areas = any(one.areas for one in found)
    told = _told_at_ends([line for one in found for line in one.mandates])
    rows = [_row(one, has_areas, told, organs) for one in found]
    return (Table(rows, rows[0][0].place) if rows else None), left


def _opens(line: Line, organs: Set[str]) -> bool:
    is_counted = line.mark is not None and bool(line.mark.number)
    return (line.mark is None or is_counted) and leads_with_symbol(line.words, organs)


def _takes(one: _Resolution, line: Line) -> bool:
    """Whether a line under a resolution belongs to it: before its mandates as its title, then with a mark."""
    words = line.words.strip()
    bracket = _IN_BRACKETS.fullmatch(words)
    named = bracket["areas"] if bracket else ours.areas(words)
    if line.mark is None and named and not find_all(named):
        one.areas.append(_of_words(line, named))
    elif line.mark or (one.mandates and (ours.when(words) or ours.paragraph_number(words))):
        one.mandates.append(line)
    elif one.mandates or one.areas:
        return False
    else:
        one.head.append(line)
    return True


def _is_plain(one: _Resolution, organs: Set[str]) -> bool:
    """Whether there are mandates under a title; a sentence that begins with a symbol is none."""
    words = _head_words(one.head)
    title = _title(words, organs)
    is_sentence = not _QUOTED.fullmatch(title) and (words.endswith(".") or title[:1].islower())
    return bool(one.mandates) and len(words) <= _LONGEST_HEAD and not is_sentence


def _head_words(lines: Sequence[Line]) -> str:
    return " ".join(line.words.strip() for line in lines)


def _title(words: str, organs: Set[str]) -> str:
    return words[find_all(words, organs)[0].end :].strip(" ,;:.\u2013\u2014-")


def _row(one: _Resolution, has_areas: bool, told: Set[str], organs: Set[str]) -> list[Cell]:
    place = one.head[0].place
    mandates = [part for line in one.mandates for part in (_with_area(line) if line.words in told else (line,))]
    cells = [Cell([_head(one.head, organs)], 0, place), Cell(mandates, 1, place)]
    return [*cells, Cell(one.areas, 2, place)] if has_areas else cells


def _head(lines: Sequence[Line], organs: Set[str]) -> Line:
    """Symbol and title on one line; in running text the title stands in quotation marks, which are none of it."""
    words = _head_words(lines)
    hit, title = find_all(words, organs)[0], _title(words, organs)
    quoted = _QUOTED.fullmatch(title)
    return _of_words(lines[0], f"{words[: hit.end]} {quoted['title'] if quoted else title}".strip())


def _told_at_ends(mandates: Sequence[Line]) -> set[str]:
    """The mandates that end with who is responsible: after the sentence, or where each of them ends so."""
    ends = {line.words: found for line in mandates if line.mark and (found := _end_of(line.words))}
    named = {words: found for words, found in ends.items() if _may_be_area(found["areas"] or found["more"] or "")}
    all_do = len(named) > 1 and all(line.words in named for line in mandates if line.mark)
    return {
        words
        for words, found in named.items()
        if found["text"].endswith((".", ";"))
        or (all_do and not any(ABBREVIATION.fullmatch(one["areas"] or one["more"] or "") for one in named.values()))
    }


def _end_of(words: str) -> re.Match[str] | None:
    return _AT_END.fullmatch(words[-_LONGEST_END:])


def _may_be_area(words: str) -> bool:
    words = words.strip()
    return words[:1].isupper() and len(words) > 2 and not find_all(words) and not _REFERENCE.match(words)


def _with_area(line: Line) -> Iterator[Line]:
    """A mandate without its area, and the area on a line of its own."""
    found = _end_of(line.words)
    if found is None:
        yield line
        return
    yield _of_words(line, (line.words[:-_LONGEST_END] + found["text"]).strip(), line.mark)
    yield _of_words(line, f"Area responsible: {found['areas'] or found['more']}")


def _of_words(line: Line, words: str, mark: Mark | None = None) -> Line:
    return replace(line, pieces=(Piece(words, language=line.language),), mark=mark)


# Meetings -----------------------------------------------------------------


@dataclass
class _Meeting:
    time: list[Line]
    topics: list[Line] = field(default_factory=list)
    is_told: bool = False  # its topic stands on the line of the day


def meetings(lines: Sequence[Line]) -> tuple[Table | None, list[Line]]:
    """The meetings as a table with the columns `CALENDAR`; and the lines that belong to none."""
    if len(lines) > _MOST_LINES:
        return None, list(lines)
    plain = _plain(lines)
    parted = [_parted(line.words.strip()) for line in plain]
    has_days = any(found and not is_vague(found[0]) for found in parted)
    made: list[_Meeting] = []
    left: list[Line] = []
    for line, found in zip(plain, parted, strict=True):
        if found and has_days:
            made.append(_Meeting([_of_words(line, found[0])]))
            if found[1]:
                made[-1].topics.append(_of_words(line, found[1]))
                made[-1].is_told = True
        elif not made or not _belongs(line, made[-1]):
            left.append(line)
        elif line.mark or made[-1].topics or not _is_of_time(line):
            made[-1].topics.append(line)
        else:
            made[-1].time.append(line)
    rows = [[Cell(one.time, 0, one.time[0].place), Cell(one.topics, 1, one.time[0].place)] for one in made]
    return (Table(rows, rows[0][0].place) if rows else None), left


def _belongs(line: Line, meeting: _Meeting) -> bool:
    """Whether a line under a day tells of that meeting: with a mark, or where none has one and it is no sentence."""
    if line.mark:
        return True
    has_marks = any(topic.mark for topic in meeting.topics)
    is_sentence = line.words.rstrip().endswith(".") and not says_only_a_time(line.words)
    return not (meeting.is_told or has_marks or is_sentence) and len(line.words) <= _LONGEST_TOPIC


def _is_of_time(line: Line) -> bool:
    return says_only_a_time(line.words) or (len(line.words) <= 80 and _ROOM.search(line.words) is not None)


def _parted(words: str) -> tuple[str, str] | None:
    """When, and the topic after it, which may be empty; None of a line that does not begin with a time."""
    words = _ARTICLE.sub("", words, count=1) if _ARTICLE.match(words) else words
    if not begins_with_a_time(words) and not is_vague(words.partition(":")[0].strip()):
        return None
    for sign in _PARTED.finditer(words[: _LONGEST_TIME + 3]):
        when, topic = words[: sign.start()], words[sign.end() :]
        if _says_more(when):
            return None  # a sentence
        if _is_time(when) and not says_only_a_time(re.split(r"[:,]\s", topic, maxsplit=1)[0]):
            return when, topic.strip()
    return (words, "") if _is_time(words) else None


def _says_more(words: str) -> bool:
    """Whether words that begin with a day go on with something that is no room."""
    return begins_with_a_time(words) and not all(_ROOM.search(one) for one in read_when([words]).rest)


def _is_time(words: str) -> bool:
    """Whether these words tell a time, and beside it no more than a room."""
    if len(words) > _LONGEST_TIME:
        return False
    if is_vague(words):
        return True
    when = read_when([words])
    is_day = (when.starts is not None and not when.words) or len(when.candidates) > 1
    return is_day and all(_ROOM.search(one) for one in when.rest)
