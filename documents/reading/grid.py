"""Where everything stands on the drawing of coverage: mandates in rows, meetings in columns, words that stay apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from documents.reading.ties import is_put_off
from meetings.timeline import SMALL, width_of
from mispa.ground import dates

NAMES = 256  # of mandates, at the left
COLUMN = 80
ENDS = 140  # progress and gaps, at the right
HEAD, ROW, BAND = 52, 32, 34
EDGE = 8


@dataclass(frozen=True)
class Cell:
    """A mandate at a meeting: where its sign stands, the state that gives the sign its shape, how many papers."""

    x: float
    y: float
    status: str
    papers: int


@dataclass(frozen=True)
class Column:
    x: float
    meeting: Any

    @property
    def when(self) -> str:
        """Its day; of a time in words the month in which it lies, else the words as far as they fit; never a day."""
        meeting = self.meeting
        first, last = meeting.starts_on, meeting.ends_on
        if meeting.is_exact:
            return dates.day_short(first)
        if is_put_off(meeting) or not meeting.words:
            return ""
        in_one_month = first and last and (first.year, first.month) == (last.year, last.month)
        return dates.month_short(first) if in_one_month else fitted(str(meeting.words), COLUMN)


@dataclass(frozen=True)
class Row:
    """A mandate: the middle of its line, and its name as far as it fits."""

    y: float
    name: str
    line: Any
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Band:
    """The rows of a resolution, under its symbol."""

    y: float
    symbol: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class Grid:
    width: float
    height: float
    columns: Sequence[Column]
    bands: Sequence[Band]

    @property
    def ends(self) -> float:
        """Where progress and gaps begin."""
        return NAMES + COLUMN * len(self.columns) + EDGE


def lay_out(matrix: Any) -> Grid:
    """Every line of the matrix under its resolution, every meeting in a column of one width."""
    columns = [Column(NAMES + COLUMN * (place + 0.5), one) for place, one in enumerate(matrix.meetings)]
    x_of = {column.meeting.pk: column.x for column in columns}
    bands: list[Band] = []
    y = float(HEAD)
    for symbol, lines in _by_resolution(matrix.lines):
        rows = [_row(line, y + BAND + ROW * (place + 0.5), x_of) for place, line in enumerate(lines)]
        bands.append(Band(y + BAND - 10, symbol, rows))
        y += BAND + ROW * len(lines)
    return Grid(NAMES + COLUMN * len(columns) + ENDS, y + EDGE, columns, bands)


def _by_resolution(lines: Sequence[Any]) -> list[tuple[str, list[Any]]]:
    found: list[tuple[str, list[Any]]] = []
    last = None
    for line in lines:
        if line.row["id"] != last:
            found.append((line.row["symbol_as_printed"], []))
            last = line.row["id"]
        found[-1][1].append(line)
    return found


def _row(line: Any, y: float, x_of: dict[Any, float]) -> Row:
    papers: dict[Any, int] = {}
    meetings: dict[Any, Any] = {}
    for one in line.treated:
        meetings[one.meeting.pk] = one.meeting
        papers[one.meeting.pk] = papers.get(one.meeting.pk, 0) + len(one.papers)
    cells = [Cell(x_of[pk], y, meeting.status, papers[pk]) for pk, meeting in meetings.items()]
    return Row(y, fitted(f"{line.number}  {line.mandate['text']}", NAMES - 3 * EDGE), line, cells)


def fitted(words: str, width: float, size: float = SMALL) -> str:
    """As many words as there is room for, and a sign that there are more."""
    if width_of(words, size) <= width:
        return words
    kept = words[: max(int(len(words) * width / width_of(words, size)) - 1, 1)]
    return f"{kept.rsplit(' ', 1)[0].rstrip(' ,;:')}…"
