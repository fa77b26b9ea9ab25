"""A Word file taken apart into lines, tables and notes. Its looks, comments and pictures are left."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from django.utils.translation import gettext as _

from documents.importing.brought import NoPlan, Place
from documents.importing.lines import (
    MOST_COLUMNS,
    MOST_LINES,
    Cell,
    Line,
    Mark,
    NoteText,
    Paper,
    Piece,
    Table,
    one_language,
    too_much,
)
from documents.importing.package import Package, broken
from mispa.ground.text import LANGUAGES

_SPACES: Final = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",  # of a “strict” file
}
_TRACKED: Final = frozenset({"ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge"})
_THROUGH: Final = frozenset(
    ["hyperlink", "smartTag", "sdt", "sdtContent", "customXml", "dir", "bdo", "fldSimple", "AlternateContent"]
)
_OURS: Final = frozenset({"head of a paper", "plan table", "language mark"})
_DEEPEST: Final = 10  # fields in fields, tables in tables
_FIRST_INDENT: Final = 510  # twentieths of a point: how far our papers set in what goes on in an item
_OTHER_KINDS: Final = ("xl/workbook.xml", "ppt/presentation.xml", "mimetype")
_CODE: Final = re.compile("[0-9A-Fa-f]{4}")
_NUMERALS: Final = frozenset(["decimal", "decimalZero", "upperRoman", "lowerRoman", "ordinal", "cardinalText"])
_LETTERS: Final = frozenset(["upperLetter", "lowerLetter"])


def is_zip(data: bytes) -> bool:
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def read_docx(data: bytes) -> Paper:
    """The Word file as a paper; raises `NoPlan`."""
    package = Package(data)
    main = package.related("").get("officeDocument", "word/document.xml")
    root = package.xml(main) if main in package.names else None
    if root is None or _name(root) != "document":
        raise _no_word_file(package)
    parts = package.related(main)
    notes: dict[str, Any] = {kind: package.xml(parts[kind]) for kind in ("footnotes", "endnotes") if kind in parts}
    for one in (root, *notes.values()):
        _refuse_tracked(one)
    styles = _Styles(package.xml(parts["styles"])) if "styles" in parts else _Styles(None)
    numbering = _Numbering(package.xml(parts["numbering"])) if "numbering" in parts else _Numbering(None)
    return _Word(root, notes, styles, numbering).paper()


def _no_word_file(package: Package) -> NoPlan:
    if any(name in package.names for name in _OTHER_KINDS):
        return NoPlan(_("This is a spreadsheet or the like. Bring in the plan as .docx, .txt or .json."))
    return NoPlan(_("This is not a Word file. Open the plan in Word, save it as .docx, and bring it in again."))


def _name(element: Any) -> str:
    """The name of an element of Word, empty for one of another kind; those that mark two ways of saying count too."""
    tag = element.tag
    return _name_of(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=1024)
def _name_of(tag: str) -> str:
    space, _brace, name = tag[1:].rpartition("}")
    return name if space in _SPACES or name in ("AlternateContent", "Choice") else ""


def _refuse_tracked(root: Any) -> None:
    if any(_name(element) in _TRACKED for element in root.iter()):
        raise NoPlan(
            _("This file has tracked changes. Accept or reject all changes in Word, save, and bring it in again.")
        )


def _child(element: Any, *names: str) -> Any:
    """The first child of a child … by these names, or None."""
    for name in names:
        if element is None:
            return None
        element = next((inner for inner in element if _name(inner) == name), None)
    return element


def _value(element: Any, name: str = "val") -> str:
    """An attribute of Word of an element that may be missing."""
    if element is None:
        return ""
    return next((element.get(f"{{{space}}}{name}") for space in _SPACES if element.get(f"{{{space}}}{name}")), "")


def _whole(digits: str, otherwise: int) -> int:
    return int(digits) if re.fullmatch("-?[0-9]{1,6}", digits) else otherwise


def _is_on(properties: Any, name: str) -> bool | None:
    """Whether a look is on; None where nothing is said of it."""
    found = _child(properties, name)
    return None if found is None else _value(found) not in ("0", "false", "none", "off")


# ---- styles and lists


@dataclass(frozen=True)
class _Style:
    name: str
    outline: int = 0
    list_id: str = ""
    level: int = 0
    is_bold: bool | None = None
    is_italic: bool | None = None


def _outline(properties: Any) -> int:
    """The rank of a heading that these properties of a paragraph give it; 0 where they give none."""
    level = _value(_child(properties, "outlineLvl"))
    return int(level) + 1 if level in tuple("012345678") else 0


class _Styles:
    """The styles by their ids, with what they inherit of outline and list."""

    def __init__(self, root: Any) -> None:
        self.elements: dict[str, Any] = {}
        self.known: dict[str, _Style] = {}
        self.language = ""
        if root is None:
            return
        self.elements = {_value(one, "styleId"): one for one in root if _name(one) == "style"}
        self.language = _value(_child(root, "docDefaults", "rPrDefault", "rPr", "lang"))

    @property
    def names(self) -> set[str]:
        return {_value(_child(one, "name")).lower() for one in self.elements.values()}

    def of(self, style_id: str, depth: int = 0) -> _Style:
        if style_id in self.known:
            return self.known[style_id]
        element = self.elements.get(style_id)
        if element is None or depth > 10:
            return _Style(style_id.lower())
        base = self.of(_value(_child(element, "basedOn")), depth + 1)
        name = _value(_child(element, "name")).lower()
        number = _child(element, "pPr", "numPr")
        heading = re.fullmatch("heading ([1-9])", name)
        looks = _child(element, "rPr")
        style = _Style(
            name,
            int(heading[1]) if heading else _outline(_child(element, "pPr")) or base.outline,
            _value(_child(number, "numId")) or base.list_id,
            _whole(_value(_child(number, "ilvl")), base.level),
            _is_on(looks, "b"),
            _is_on(looks, "i"),
        )
        self.known[style_id] = style
        return style


class _Numbering:
    """Word's lists: what stands before an item, and how far each list has counted."""

    def __init__(self, root: Any) -> None:
        self.levels: dict[str, dict[int, tuple[str, int]]] = {}
        self.of_style: dict[str, tuple[str, int]] = {}
        self.counts: dict[tuple[str, int], int] = {}
        if root is None:
            return
        abstract = {_value(one, "abstractNumId"): one for one in root if _name(one) == "abstractNum"}
        for num in root:
            if _name(num) == "num":
                self._add(_value(num, "numId"), abstract.get(_value(_child(num, "abstractNumId"))), num)

    def _add(self, list_id: str, abstract: Any, num: Any) -> None:
        levels: dict[int, tuple[str, int]] = {}
        overrides = [one for one in num if _name(one) == "lvlOverride"]
        inner = [_child(one, "lvl") for one in overrides]
        for level in [*(abstract if abstract is not None else ()), *(one for one in inner if one is not None)]:
            if _name(level) == "lvl":
                depth = _whole(_value(level, "ilvl"), 0)
                levels[depth] = (_value(_child(level, "numFmt")), _whole(_value(_child(level, "start")), 1))
                if style := _value(_child(level, "pStyle")):
                    self.of_style.setdefault(style, (list_id, depth))
        for one in overrides:
            depth, start = _whole(_value(one, "ilvl"), 0), _value(_child(one, "startOverride"))
            if start and depth in levels:
                levels[depth] = (levels[depth][0], _whole(start, 1))
        self.levels[list_id] = levels

    def mark(self, list_id: str, level: int) -> Mark | None:
        """The mark of the next item of a list; None where it prints none."""
        form, start = self.levels.get(list_id, {}).get(level, ("", 1))
        if list_id in ("", "0") or form == "none" or not self.levels.get(list_id):
            return None
        for key in [key for key in self.counts if key[0] == list_id and key[1] > level]:
            del self.counts[key]  # what stands deeper counts again
        number = self.counts.get((list_id, level), start - 1) + 1
        self.counts[list_id, level] = number
        if form in _NUMERALS:
            return Mark(f"{number}.", number, level, list_id)
        if form in _LETTERS:
            return Mark(f"{chr(ord('a') + (number - 1) % 26)})", 0, level, list_id)
        return Mark("", None, level, list_id)


# ---- the document


@dataclass
class _Field:
    """A field that Word computes: what it asks for, and whether its result has begun."""

    asks: str = ""
    has_result: bool = False


@dataclass
class _Taking:
    """A paragraph on its way: its pieces so far, and what stands in boxes at it."""

    pieces: list[Piece] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)


class _Word:
    def __init__(self, root: Any, notes: dict[str, Any], styles: _Styles, numbering: _Numbering) -> None:
        self.root, self.styles, self.numbering = root, styles, numbering
        self.note_parts = {kind.removesuffix("s"): _notes_by_id(part) for kind, part in notes.items()}
        self.is_ours = styles.names >= _OURS
        self.open: dict[str, str] = {}  # bookmarks that have begun, by their ids
        self.bookmarks: dict[str, str] = {}  # the note that is called inside of each
        self.notes: dict[str, NoteText] = {}
        self.names: dict[tuple[str, str], str] = {}  # of notes, by kind and id
        self.taken: set[str] = set()  # those names
        self.counted = 0
        self.tables = self.depth = 0
        self.lines = self.paragraphs = 0  # those outside of tables, and all
        self.fields: list[_Field] = []

    def paper(self) -> Paper:
        body = _child(self.root, "body")
        blocks = self._blocks(body) if body is not None else []
        self._uncalled()
        return Paper(blocks, self.notes, self._language(), self.is_ours)

    def _language(self) -> str:
        """What our papers say of their language; other files leave it wrong too often."""
        code = self.styles.language[:2]
        return code if self.is_ours and code in LANGUAGES else ""

    # ---- blocks

    def _blocks(self, parent: Any, at: Place | None = None) -> list[Line | Table]:
        """The blocks inside an element; `at` is the cell that they stand in."""
        blocks: list[Line | Table] = []
        for element in parent:
            match _name(element):
                case "p":
                    blocks.extend(self._paragraph(element, at))
                case "tbl":
                    blocks.append(self._table(element, at))
                case "altChunk":
                    raise broken()  # another file inside, which only Word takes in
                case name if name in _THROUGH and not _is_contents(element):
                    blocks.extend(self._blocks(element, at))
        return blocks

    def _paragraph(self, element: Any, at: Place | None) -> Iterator[Line | Table]:
        self.paragraphs += 1
        if self.paragraphs > MOST_LINES:
            raise too_much()
        if at is None:
            self.lines += 1
        place = at or Place(line=self.lines)
        taking = _Taking()
        properties = _child(element, "pPr")
        style_id = _value(_child(properties, "pStyle"))
        style = self.styles.of(style_id)
        self._runs(element, taking)
        if style.name.startswith("toc ") or style.name == "toc":
            return
        line = Line(
            tuple(_merged(taking.pieces)),
            place,
            style.name,
            self._mark(properties, style_id, style, taking),
            _outline(properties) or style.outline,
            self._continues(properties, style),
        )
        if taking.pieces or line.mark is None:
            yield line
        for box in taking.boxes:
            yield from self._blocks(box, at)

    def _mark(self, properties: Any, style_id: str, style: _Style, taking: _Taking) -> Mark | None:
        number = _child(properties, "numPr")
        if not any(piece.words.strip() or piece.note for piece in taking.pieces) or style.outline:
            return None
        of_style = (style.list_id, style.level) if style.list_id else self.numbering.of_style.get(style_id, ("", 0))
        list_id = _value(_child(number, "numId")) or of_style[0]
        depth = _whole(_value(_child(number, "ilvl")), of_style[1])
        return self.numbering.mark(list_id, min(max(depth, 0), 8))

    def _continues(self, properties: Any, style: _Style) -> int | None:
        if not style.name.startswith("list continue"):
            return None
        indent = _whole(_value(_child(properties, "ind"), "left"), _FIRST_INDENT)
        return max(0, indent // _FIRST_INDENT - 1)

    # ---- runs

    def _runs(self, parent: Any, taking: _Taking) -> None:
        for element in parent:
            name = _name(element)
            if name == "r":
                self._run(element, taking)
            elif name == "bookmarkStart":
                self.open[_value(element, "id")] = _value(element, "name")
            elif name == "bookmarkEnd":
                self.open.pop(_value(element, "id"), None)
            elif name == "fldSimple" and (key := self._referred(_value(element, "instr"))):
                taking.pieces.append(Piece("", note=key))
            elif name == "Choice" or name in _THROUGH:
                self._runs(element, taking)

    def _referred(self, asks: str) -> str:
        """The note that a field calls a second time, by the bookmark round its first call."""
        found = re.match(r"\s*NOTEREF\s+(\S+)", asks, re.IGNORECASE)
        return self.bookmarks.get(found[1], "") if found else ""

    def _run(self, run: Any, taking: _Taking) -> None:
        looks = _child(run, "rPr")
        run_style = self.styles.of(_value(_child(looks, "rStyle")))
        if _is_on(looks, "vanish") or run_style.name == "language mark":
            return
        is_mark = run_style.name in ("footnote reference", "endnote reference")
        bold, italic = _is_on(looks, "b"), _is_on(looks, "i")
        look = Piece(
            "",
            bool(bold if bold is not None else run_style.is_bold),
            bool(italic if italic is not None else run_style.is_italic),
            _value(_child(looks, "vertAlign")) == "superscript",
        )
        words: list[str] = []
        for element in run:
            note = self._in_run(element, words, taking, run)
            if note:
                taking.pieces.append(Piece("", note=note))
        said = "".join(words)
        # The number of a note and the slash after it are no words; a number without a note is a typed mark.
        if is_mark and (self._is_after_call(taking) or not re.fullmatch("[0-9]{1,3}", said.strip(" /"))):
            return
        if said:
            code = _value(_child(looks, "lang"))[:2]
            language = code if code in LANGUAGES and self.is_ours else ""
            taking.pieces.append(replace(look, words=said, is_raised=look.is_raised or is_mark, language=language))

    def _is_after_call(self, taking: _Taking) -> bool:
        return bool(taking.pieces) and bool(taking.pieces[-1].note)

    def _in_run(self, element: Any, words: list[str], taking: _Taking, run: Any) -> str:
        """Takes one thing inside a run; gives the name of a note, if it is the call of one."""
        name = _name(element)
        match name:
            case "fldChar":
                self._field(_value(element, "fldCharType"), taking)
            case "instrText" if self.fields:
                self.fields[-1].asks += element.text or ""
            case "footnoteReference" | "endnoteReference":
                return self._called(name.removesuffix("Reference"), element, run)
            case "drawing" | "pict" | "AlternateContent" | "object":
                taking.boxes.extend(_boxes(element))
            case _ if all(one.has_result and not one.asks.strip().upper().startswith("TOC") for one in self.fields):
                words.append(_said(element, name))
        return ""

    def _field(self, kind: str, taking: _Taking) -> None:
        match kind:
            case "begin":
                if len(self.fields) >= _DEEPEST:
                    raise too_much()
                self.fields.append(_Field())
            case "separate" if self.fields:
                self.fields[-1].has_result = True
                if note := self._referred(self.fields[-1].asks):
                    taking.pieces.append(Piece("", note=note))
            case "end" if self.fields:
                self.fields.pop()

    # ---- notes

    def _called(self, kind: str, reference: Any, run: Any) -> str:
        """The name of the note that a reference calls: the number that it prints."""
        id = _value(reference, "id")
        if (kind, id) not in self.names:
            mark = "".join(inner.text or "" for inner in run if _name(inner) == "t").strip(" /")
            has_own_mark = _value(reference, "customMarkFollows") not in ("", "0", "false")
            self.counted += not has_own_mark  # Word counts the others only
            number = mark if has_own_mark and re.fullmatch("[0-9]{1,3}", mark) else str(self.counted)
            if number in self.taken:
                number = f"+{kind}{id}"
            self._keep(kind, id, number)
        name = self.names[kind, id]
        self.bookmarks.update(dict.fromkeys(islice(reversed(self.open.values()), 9), name))
        return name

    def _keep(self, kind: str, id: str, name: str) -> None:
        self.names[kind, id] = name
        self.taken.add(name)
        element = self.note_parts.get(kind, {}).get(id)
        if element is None:
            return  # a mark without a note
        place = Place(line=self.lines)
        taking = _Taking()
        for paragraph in element:
            if _name(paragraph) == "p":
                if taking.pieces:
                    taking.pieces.append(Piece(" "))
                self._runs(paragraph, taking)
        while taking.pieces and (taking.pieces[0].is_raised or not taking.pieces[0].words.strip()):
            taking.pieces.pop(0)  # the number of the note
        words = "".join(piece.words for piece in taking.pieces)
        words = re.sub(r"^[\s/]*", "", words.replace("\n", " "))
        self.notes[name] = NoteText(words.strip(), place, one_language(taking.pieces))

    def _uncalled(self) -> None:
        for kind, elements in self.note_parts.items():
            for id in elements:
                if (kind, id) not in self.names:
                    self._keep(kind, id, f"+{kind}{id}")

    # ---- tables

    def _table(self, element: Any, at: Place | None) -> Table:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise too_much()
        if at is None:
            self.tables += 1
        number = self.tables
        rows: list[list[Cell]] = []
        for row in _rows(element):
            place = at or Place(table=number, row=len(rows) + 1)
            rows.append(self._row(row, place, is_inside=at is not None))
        self.depth -= 1
        style = self.styles.of(_value(_child(element, "tblPr", "tblStyle"))).name
        return Table(rows, at or Place(table=number), style)

    def _row(self, row: Any, place: Place, is_inside: bool) -> list[Cell]:
        column = max(0, _whole(_value(_child(row, "trPr", "gridBefore")), 0))
        cells: list[Cell] = []
        for element in _cells(row):
            properties = _child(element, "tcPr")
            span = max(1, _whole(_value(_child(properties, "gridSpan")), 1))
            if column + span > MOST_COLUMNS:
                raise NoPlan(_("This file has a table with more than 64 columns. Bring in the plan alone."))
            merged = _child(properties, "vMerge")
            goes_on = merged is not None and _value(merged) != "restart"
            goes_on = goes_on or _value(_child(properties, "hMerge")) == "continue"
            at = place if is_inside else replace(place, column=len(cells) + 1)
            cells.append(Cell([] if goes_on else self._blocks(element, at), column, at, span, goes_on))
            column += span
        return cells


def _notes_by_id(part: Any) -> dict[str, Any]:
    """The notes of a part, without the lines that part them from the page."""
    return {
        _value(one, "id"): one
        for one in part
        if _name(one) in ("footnote", "endnote") and _value(one, "type") in ("", "normal")
    }


def _rows(element: Any) -> Iterator[Any]:
    for inner in element:
        if _name(inner) == "tr":
            yield inner
        elif _name(inner) in _THROUGH:
            yield from _rows(inner)


def _cells(element: Any) -> Iterator[Any]:
    for inner in element:
        if _name(inner) == "tc":
            yield inner
        elif _name(inner) in _THROUGH:
            yield from _cells(inner)


def _is_contents(element: Any) -> bool:
    """Whether a block is a table of contents, which repeats the headings."""
    return _value(_child(element, "sdtPr", "docPartObj", "docPartGallery")) == "Table of Contents"


def _said(element: Any, name: str) -> str:
    """The letters that one thing inside a run prints."""
    match name:
        case "t":
            return str(element.text or "").replace("\n", " ")
        case "tab" | "ptab":
            return " "
        case "br" | "cr":
            return "" if _value(element, "type") in ("page", "column") else "\n"
        case "noBreakHyphen":
            return "\N{NON-BREAKING HYPHEN}"
        case "sym":
            sign = chr(int(_value(element, "char"), 16)) if _CODE.fullmatch(_value(element, "char")) else ""
            return "" if unicodedata.category(sign or " ") in ("Cc", "Cs", "Cn") else sign
    return ""


def _boxes(element: Any) -> Iterator[Any]:
    """The text boxes in a drawing. Word writes each twice, for old programs too; the first is taken."""
    choice = next((inner for inner in element.iter() if _name(inner) == "Choice"), element)
    yield from (inner for inner in choice.iter() if _name(inner) == "txbxContent")


def _merged(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Neighbours of one look as one piece: Word splits runs anywhere."""
    before: Piece | None = None
    for piece in pieces:
        if before and not before.note and not piece.note and replace(piece, words="") == replace(before, words=""):
            before = replace(before, words=before.words + piece.words)
            continue
        if before:
            yield before
        before = piece
    if before:
        yield before
