"""The table of resolutions: its rows, their mandates, and who is responsible."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any, Final

from documents.importing import ours
from documents.importing.brought import Oddity, Place
from documents.importing.bullets import telling
from documents.importing.days import read_when
from documents.importing.headings import Column, columns, says_nothing
from documents.importing.lines import Cell, Line, Mark, Piece, Table
from documents.importing.wording import Wordings
from mandates.symbols import Hit, find_all

Json = dict[str, Any]

_BEFORE_SYMBOL: Final = re.compile(
    r"\s*(?:[0-9]{1,3}[.)]\s*)?(?:(?:the\s+|la\s+)?r[eé]solu(?:tions?|ci[oó]n|[cç][aã]o))?\s*[:\u2013\u2014-]?\s*",
    re.IGNORECASE,
)
_PARAGRAPH: Final = re.compile(
    r"(?:operative\s+)?(?:paragraphs?|para\.?|p[aá]rrafos?(?:\s+(?:resolutivo|operativo))?|paragraphes?|par[aá]grafos?|"
    r"OP|PR|¶|§)\s*(?:no?\.?\s*|n[.º°]+\s*)?(?P<number>[0-9]{1,3}(?:\s?[.(]?[a-z]\)?)?)(?![\w/])\s*[.:)\u2013\u2014-]*\s*",
    re.IGNORECASE,
)
_WITH_UNIT: Final = re.compile(r"(?P<area>[^()]+?)\s*\((?P<unit>[^()]*\w[^()]*)\)")
ABBREVIATION: Final = re.compile(r"[A-Z][A-Z0-9./-]{1,11}")

_BESIDE: Final[tuple[Column, ...]] = ("mandate", "area")


@dataclass
class _Group:
    """The rows of Word that tell of one resolution."""

    first: Cell | None
    parts: list[dict[Column, Cell]] = field(default_factory=list)


class Resolutions:
    """Reads tables of resolutions, one after the other, into the rows of a plan."""

    def __init__(self, words: Wordings, organs: Set[str], is_ours: bool) -> None:
        self.words, self.organs, self.is_ours = words, organs, is_ours
        self.rows: list[Json] = []
        self.places: dict[str, Place] = {}

    def read(self, table: Table, roles: Sequence[Column | None]) -> None:
        for group in self._groups(table, roles):
            self._row(group)

    def _groups(self, table: Table, roles: Sequence[Column | None]) -> Iterator[_Group]:
        group: _Group | None = None
        for cells in table.rows:
            if not any(cell.lines for cell in cells) or columns([cell.words for cell in cells]):
                continue  # an empty row, or the headings, which may come again on each page
            by_role, strange = _by_role(cells, roles)
            for cell in strange:
                self.words.strange(cell.words, cell.place)
            if not by_role:
                continue
            first = by_role.get("resolution")
            if group is None or (first and not first.goes_on and first.lines):
                if group:
                    yield group
                group = _Group(first)
            group.parts.append(by_role)
        if group:
            yield group

    # ---- a resolution

    def _row(self, group: _Group) -> None:
        place = f"rows/{len(self.rows)}"
        at = group.first.place if group.first else next(iter(group.parts[0].values())).place
        row = self._resolution(group.first, at)
        self.places[place] = at
        self.rows.append(row)
        row["areas"], row["mandates"] = [], []
        cells = [part.get("area") for part in group.parts]
        told = [cell for cell in cells if cell and not cell.goes_on and telling(cell.lines)]
        by_mandate = len(told) > 1
        for part in group.parts:
            mandates = self._mandates(part, place, row)
            area = part.get("area")
            if area and not area.goes_on:
                named = self._areas(area)
                for owner in mandates if by_mandate else [row]:
                    owner["areas"] = [*owner["areas"], *named]
        has_column = any(cells)
        if has_column and not row["areas"] and not any(mandate["areas"] for mandate in row["mandates"]):
            empty = next(cell for cell in cells if cell)
            self.words.say(Oddity.NO_AREA, empty.words, empty.place)

    def _resolution(self, cell: Cell | None, at: Place) -> Json:
        words = "\n".join(line.words.strip() for line in cell.lines) if cell else ""
        language = next((line.language for line in cell.lines if line.language), "") if cell else ""
        hit, title = _symbol_and_title(words, find_all(words, self.organs))
        symbol = str(hit.symbol) if hit and hit.symbol else None
        if hit is None:
            self.words.say(Oddity.NO_SYMBOL, title, at)
        elif symbol is None:
            self.words.say(Oddity.DOUBTFUL_SYMBOL, hit.printed, at)
        if hit and not title:
            self.words.say(Oddity.NO_TITLE, hit.printed, at)
        return {
            "id": None,
            "symbol": symbol,
            "symbol_as_printed": " ".join(hit.printed.split("\n")) if hit else "",
            "title": self.words.text(title, language) if title else None,
            "resolution_title": None,
        }

    # ---- mandates

    def _mandates(self, part: dict[Column, Cell], place: str, row: Json) -> list[Json]:
        cell = part.get("mandate")
        made: list[Json] = []
        more: list[str] = []  # what the last mandate goes on with
        lines = telling(cell.lines) if cell and not cell.goes_on else []
        for line, number in _items(lines):
            if made and self._detail(line, made[-1]):
                continue
            words, paragraph = _paragraph_number(line.words)
            if line.mark is None and made and number < 0:
                more.append(words.strip())
                continue
            _go_on(made, more)
            mandate: Json = {
                "id": None,
                "paragraph": paragraph or (str(number) if number > 0 else None),
                "text": self.words.text(words.strip(), line.language),
                "areas": [],
                "deadline": None,
            }
            self.places[f"{place}/mandates/{len(row['mandates']) + len(made)}"] = line.place
            made.append(mandate)
        _go_on(made, more)
        self._columns(part, made)
        row["mandates"].extend(made)
        return made

    def _columns(self, part: dict[Column, Cell], made: Sequence[Json]) -> None:
        """Deadlines and numbers of paragraphs in columns of their own."""
        deadline, number = part.get("deadline"), part.get("paragraph")
        for mandate in made:
            if deadline and deadline.lines and not says_nothing(deadline.words):
                mandate["deadline"] = self._deadline(" ".join(deadline.words.split()), deadline.lines[0])
            if number and number.words.strip() and len(made) == 1:
                mandate["paragraph"] = number.words.strip().rstrip(".")[:16]

    def _detail(self, line: Line, mandate: Json) -> bool:
        """Takes what a line under a mandate says about it: its paragraph, when, or who."""
        words = line.words.strip()
        if line.mark:
            return False
        if number := ours.paragraph_number(words):
            mandate["paragraph"] = number
        elif when := ours.when(words):
            mandate["deadline"] = self._deadline(when, line)
        elif (areas := ours.areas(words)) is not None:
            mandate["areas"] = [self._area(one, line, is_told=self.is_ours) for one in _parted(areas)]
        else:
            return False
        return True

    def _deadline(self, words: str, line: Line) -> Json:
        said, symbol, refined = ours.refined(words, self.organs)
        days, other = read_when([said]), read_when([refined]) if refined else None
        is_exact = days.starts is not None and not days.words and not days.rest
        return {
            "words": self.words.text(said, line.language_of(said)),
            "earliest": days.starts.isoformat() if is_exact and days.starts else None,
            "latest": days.ends.isoformat() if is_exact and days.ends else None,
            "refined_by": symbol,
            "refined_earliest": other.starts.isoformat() if other and other.starts else None,
            "refined_latest": other.ends.isoformat() if other and other.ends else None,
        }

    # ---- areas

    def _areas(self, cell: Cell) -> list[Json]:
        areas: list[Json] = []
        for line in telling(cell.lines):
            if self.is_ours and areas and line.style == "table detail":
                areas[-1]["unit"] = {"id": None, "name": self.words.text(line.words.strip(), line.language)}
                continue
            areas.extend(self._area(one, line) for one in _parted(line.words))
        return areas

    def _area(self, words: str, line: Line, is_told: bool = False) -> Json:
        """An area; its unit where one stands in brackets after it, which an abbreviation is not."""
        found = _WITH_UNIT.fullmatch(words)
        if not found or ABBREVIATION.fullmatch(found["unit"].strip()):
            return {"id": None, "name": self.words.text(words, line.language_of(words)), "unit": None}
        area, unit = found["area"].strip(), found["unit"].strip()
        if not is_told:
            self.words.say(Oddity.AREA_WITH_UNIT, words, line.place, area, unit)
        return {
            "id": None,
            "name": self.words.text(area, line.language_of(area)),
            "unit": {"id": None, "name": self.words.text(unit, line.language_of(unit))},
        }


def by_content(table: Table, organs: Set[str]) -> list[Column | None] | None:
    """What the columns of a table without headings hold, if its first filled one holds resolutions."""
    width = table.width
    for column in range(min(width, 8)):
        cells = table.filled(column)
        leading = [cell for cell in cells if leads_with_symbol(cell.words, organs)]
        if cells and len(leading) * 2 >= len(cells):
            roles: list[Column | None] = [None] * width
            roles[column] = "resolution"
            others = [place for place in range(width) if place != column]
            by_length = sorted(others, key=lambda one: -table.letters(one))[:2]
            if len(by_length) == 2 and table.letters(by_length[0]) < 2 * table.letters(by_length[1]):
                by_length.sort()  # too much alike: then as plans have them, the mandate first
            for place, role in zip(by_length, _BESIDE, strict=False):
                roles[place] = role
            return roles
    return None


def leads_with_symbol(words: str, organs: Set[str]) -> bool:
    """Whether words begin with a resolution or a declaration; the head of a paper begins with other symbols."""
    words = words[:300]
    hits = find_all(words, organs)
    is_decision = bool(hits) and re.search(r"/\s*(?:RES|DEC)", hits[0].printed, re.IGNORECASE) is not None
    return is_decision and _BEFORE_SYMBOL.fullmatch(words[: hits[0].start]) is not None


def _by_role(cells: Sequence[Cell], roles: Sequence[Column | None]) -> tuple[dict[Column, Cell], list[Cell]]:
    """The cells by what their columns hold, and those that say something in a column of no meaning."""
    found: dict[Column, Cell] = {}
    strange = []
    for cell in cells:
        role = roles[cell.column] if cell.column < len(roles) else None
        if role is None or role in found or (cell.span > 1 and cell.span >= len(roles) > 1 and not _is_symbol(cell)):
            if cell.lines and role != "number":
                strange.append(cell)
        else:
            found[role] = cell
    return found, strange


def _is_symbol(cell: Cell) -> bool:
    return bool(find_all(cell.words[:300]))


def _symbol_and_title(words: str, hits: Sequence[Hit]) -> tuple[Hit | None, str]:
    """The symbol of a cell, and all that stands after it; before it, where nothing does."""
    if not hits:
        return None, " ".join(words.split("\n")).strip()
    hit = hits[0]
    before, after = words[: hit.start], words[hit.end :]
    after = after.replace("\n", " ").strip()
    after = re.sub(r"^[,:;.\u2013\u2014-]\s*", "", after)
    if _BEFORE_SYMBOL.fullmatch(before):
        return hit, after
    before = before.replace("\n", " ").strip().removesuffix("(").rstrip(" ,:;\u2013\u2014-")
    after = after.removeprefix(")").strip()
    return hit, f"{before} {after}".strip()


def _items(lines: Sequence[Line]) -> Iterator[tuple[Line, int]]:
    """The lines with the number of the paragraph that they are: 0 where they are none, -1 where a line goes on.

    Numbers that count from one are bullets; others are those of paragraphs. Where any line is marked, one without a
    mark goes on with the item before it. So does one at a greater depth, or with marks of another kind after a colon.
    """
    marks = [line.mark for line in lines if line.mark]
    depth = min((mark.level for mark in marks), default=0)
    main = next((_kind(mark) for mark in marks if mark.level == depth), "")
    numbers = [mark.number for mark in marks if mark.number and mark.level == depth and main == "number"]
    is_counted = numbers == list(range(1, len(numbers) + 1))
    is_below, before = False, ""
    for line in lines:
        mark = line.mark
        if mark is None:
            yield line, -1 if marks else 0
        else:
            is_below = mark.level > depth or (_kind(mark) != main and (is_below or before.endswith(":")))
            if is_below:
                label = Piece(f"{mark.label or '–'} ")
                yield replace(line, pieces=(label, *line.pieces), mark=None), -1
            else:
                yield line, 0 if is_counted or not mark.number else mark.number
        before = line.words.rstrip()


def _kind(mark: Mark) -> str:
    return "bullet" if mark.number is None else "number" if mark.number else "letter"


def _paragraph_number(words: str) -> tuple[str, str | None]:
    found = _PARAGRAPH.match(words.lstrip())
    if not found:
        return words, None
    rest = words.lstrip()[found.end() :]
    return (rest, re.sub(r"\s", "", found["number"])) if rest.strip() else (words, None)


def _parted(words: str) -> list[str]:
    """Areas on one line, parted by semicolons that stand in no bracket."""
    parts, depth = [""], 0
    for letter in words:
        depth += (letter == "(") - (letter == ")")
        if letter == ";" and depth <= 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part for one in parts if (part := one.strip(" ,;"))]


def _go_on(mandates: Sequence[Json], more: list[str]) -> None:
    """Adds what the last mandate goes on with to its text."""
    if mandates and more:
        text = mandates[-1]["text"]
        text[text["original"]] = " ".join([text[text["original"]], *more])
    more.clear()
