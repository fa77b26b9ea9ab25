"""Word files: no macros, no objects of other programs, nothing fetched from outside; and their words."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

from documents.files.package import Package, parsed, part_name
from documents.files.refused import Refused, Why

_TYPES: Final = "[Content_Types].xml"
_TOP: Final = "_rels/.rels"
_RELATIONSHIP: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_DOCUMENT: Final = "wordprocessingml.document.main+xml"
_MACROS: Final = re.compile("macroenabled|macrosheet|vbaproject|vbadata|wordvba", re.IGNORECASE)
_OF_OTHERS: Final = ("oleObject", "control", "activeXControlBinary", "aFChunk")  # kinds of relationships
_NO_TEXT: Final = frozenset({"image", "thumbnail", "font", "customXml"})  # the last is data of whatever kind
_NOTES: Final = frozenset({"footnotes", "endnotes"})
_BEFORE_XML: Final = b"\xef\xbb\xbf\xfe\xff\0 \t\r\n"
_INSIDE: Final = re.compile(r"(^|/)(activeX|embeddings)/", re.IGNORECASE)
_WORKBOOK: Final = ".xlsx"  # the numbers behind a chart
# What Word fetches by itself from an address outside; to a link goes only who follows it.
_FOLLOWED: Final = frozenset({"hyperlink"})
_ON_THIS_DISK: Final = re.compile(r"(?:file:///)?[a-z]:[\\/]|[^:/\\]+$", re.IGNORECASE)
_FETCHING_FIELD: Final = re.compile(r"\s*(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|INCLUDE)\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Relation:
    """To a part of the file: of what kind, and which."""

    kind: str
    part: str


def read(data: bytes) -> Iterator[str]:
    """The words of a Word file, a paragraph at a time. Raises Refused before the first."""
    package = Package(data)
    main = _main_part(package)
    package.check()
    _refuse_macros(package)
    related = _refuse_related(package)
    _refuse_others(package, related)
    _refuse_in_parts(package, [main, *(one.part for one in related if one.kind not in _NO_TEXT)])
    roots = [package.xml(part) for part in dict.fromkeys([main, *_notes(package, related)])]
    if _local(roots[0].tag) != "document":
        raise Refused(Why.OTHER_OFFICE)
    return (words for root in roots for words in _paragraphs(root))


def _main_part(package: Package) -> str:
    """The text of the document: the part that the package itself relates to, as Word finds it.

    Raises Refused for spreadsheets, presentations, templates and other zip files.
    """
    types = package.named(_TYPES)
    if types is None:
        raise Refused(Why.UNKNOWN)
    listed = package.xml(types)
    kinds = {part_name(one.get("PartName", "").lstrip("/")): one.get("ContentType", "") for one in listed}
    usual = {one.get("Extension", "").lower(): one.get("ContentType", "") for one in listed}
    top = package.named(_TOP)
    pointed = [one.part for one in _relations(package, top) if one.kind == "officeDocument"] if top else []
    for name in pointed or [name for name, kind in kinds.items() if kind.endswith(_DOCUMENT)]:
        kind = kinds.get(part_name(name)) or usual.get(name.rpartition(".")[2].lower(), "")
        found = package.named(name)
        if found and kind.endswith(_DOCUMENT):
            return found
    has_macros = any("macroenabled" in kind.lower() for kind in kinds.values())
    raise Refused(Why.MACROS if has_macros else Why.OTHER_OFFICE)


def _refuse_macros(package: Package) -> None:
    kinds = [one.get("ContentType", "") for one in package.xml(package.named(_TYPES) or _TYPES)]
    if any(_MACROS.search(one) for one in (*package.names, *kinds)):
        raise Refused(Why.MACROS)


def _refuse_related(package: Package) -> list[_Relation]:
    """The parts that others relate to; refuses what is fetched from outside or belongs to another program."""
    names = [name for name in package.names if name.lower().endswith(".rels")]
    return [one for name in names for one in _relations(package, name)]


def _relations(package: Package, name: str) -> Iterator[_Relation]:
    folder = posixpath.dirname(posixpath.dirname(name))
    for one in package.xml(name).iter(_RELATIONSHIP):
        kind, target = one.get("Type", "").rpartition("/")[2], unquote(one.get("Target", ""))
        if _MACROS.search(kind):
            raise Refused(Why.MACROS)
        if kind in _OF_OTHERS:
            raise Refused(Why.OTHER_FILES)
        if one.get("TargetMode", "Internal") == "Internal":
            yield _Relation(kind, posixpath.normpath(posixpath.join(folder, target)).lstrip("/"))
        elif kind not in _FOLLOWED and not (kind == "attachedTemplate" and _ON_THIS_DISK.match(target)):
            raise Refused(Why.FROM_OUTSIDE)


def _refuse_others(package: Package, related: Sequence[_Relation]) -> None:
    """Files inside of the file: only workbooks behind charts, and those without macros."""
    taken_in = [package.named(one.part) for one in related if one.kind == "package"]
    for name in dict.fromkeys([*filter(_INSIDE.search, package.names), *filter(None, taken_in)]):
        if not name.lower().endswith(_WORKBOOK):
            if name.lower().endswith((".rels", "/")):
                continue
            raise Refused(Why.OTHER_FILES)
        workbook = Package(package.content(name))
        workbook.check()
        if workbook.named(_TYPES) is None or any(_INSIDE.search(inner) for inner in workbook.names):
            raise Refused(Why.OTHER_FILES)
        _refuse_macros(workbook)
        _refuse_related(workbook)


def _refuse_in_parts(package: Package, names: Iterable[str]) -> None:
    """Fields stand in every part that has text: in headers, notes, comments and building blocks as in the document."""
    for part in dict.fromkeys(filter(None, map(package.named, names))):
        content = package.content(part)
        if part.lower().endswith(".xml") or content.lstrip(_BEFORE_XML).startswith(b"<"):
            _refuse_fetching_fields(parsed(content))


def _notes(package: Package, related: Sequence[_Relation]) -> list[str]:
    return [part for one in related if one.kind in _NOTES and (part := package.named(one.part))]


def _refuse_fetching_fields(root: Any) -> None:
    """Fields that start a program or bring in a file, in however many pieces their instruction is written."""
    for instruction in _instructions(root):
        if _FETCHING_FIELD.match(instruction):
            raise Refused(Why.FROM_OUTSIDE)


def _instructions(root: Any) -> Iterator[str]:
    """Of all fields, those in fields too."""
    opened: list[str] = []
    for one in root.iter("{*}fldSimple", "{*}fldChar", "{*}instrText"):
        name = _local(one.tag)
        kind = next((value for key, value in one.items() if key.endswith(("fldCharType", "instr"))), "")
        if name == "fldSimple":
            yield kind
        elif kind == "begin":
            opened.append("")
        elif name == "instrText" and opened:
            opened[-1] += one.text or ""
        elif opened and kind in ("separate", "end"):
            yield opened[-1]
            if kind == "end":
                opened.pop()
    yield from opened


def _paragraphs(root: Any) -> Iterator[str]:
    for paragraph in root.iter("{*}p"):
        pieces = []
        for one in paragraph.iter("{*}t", "{*}tab", "{*}br", "{*}noBreakHyphen"):
            name = _local(one.tag)
            pieces.append(one.text or "" if name == "t" else "-" if name == "noBreakHyphen" else " ")
        yield "".join(pieces)


def _local(tag: Any) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
