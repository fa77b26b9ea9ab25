"""Word files: no macros, no objects of other programs, nothing fetched from outside; and their words."""

import posixpath
import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote

from documents.files.package import Package
from documents.files.refused import Refused, Why

_TYPES: Final = "[Content_Types].xml"
_RELATIONSHIP: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_DOCUMENT: Final = "wordprocessingml.document.main+xml"
_MACROS: Final = re.compile("macroenabled|macrosheet|vbaproject|vbadata|wordvba", re.IGNORECASE)
_OF_OTHERS: Final = ("oleObject", "control", "activeXControlBinary", "aFChunk")  # kinds of relationships
_INSIDE: Final = re.compile(r"(^|/)(activeX|embeddings)/", re.IGNORECASE)
_WORKBOOK: Final = ".xlsx"  # the numbers behind a chart
# What Word fetches by itself from an address outside; to a link goes only who follows it.
_FOLLOWED: Final = frozenset({"hyperlink"})
_ON_THIS_DISK: Final = re.compile(r"(?:file:///)?[a-z]:[\\/]|[^:/\\]+$", re.IGNORECASE)
_FETCHING_FIELD: Final = re.compile(r"\s*(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|INCLUDE)\b", re.IGNORECASE)


def read(data: bytes) -> Iterator[str]:
    """The words of a Word file, a paragraph at a time. Raises Refused before the first."""
    package = Package(data)
    main = _main_part(package)
    package.check()
    _refuse_macros(package)
    related = _refuse_related(package)
    _refuse_others(package)
    parts = [main, *(part for part in related if re.search(r"(?:foot|end)notes\d*\.xml$", part))]
    roots = [package.xml(part) for part in dict.fromkeys(parts)]
    if _local(roots[0].tag) != "document":
        raise Refused(Why.OTHER_OFFICE)
    for root in roots:
        _refuse_fetching_fields(root)
    return (words for root in roots for words in _paragraphs(root))


def _main_part(package: Package) -> str:
    """The text of the document. Raises Refused for spreadsheets, presentations, templates and other zip files."""
    if _TYPES not in package.names:
        raise Refused(Why.UNKNOWN)
    types: dict[str, str] = {one.get("PartName", ""): one.get("ContentType", "") for one in package.xml(_TYPES)}
    found = [name.lstrip("/") for name, kind in types.items() if kind.endswith(_DOCUMENT)]
    if found and found[0] in package.names:
        return found[0]
    has_macros = any("macroenabled" in kind.lower() for kind in types.values())
    raise Refused(Why.MACROS if has_macros else Why.OTHER_OFFICE)


def _refuse_macros(package: Package) -> None:
    kinds = [one.get("ContentType", "") for one in package.xml(_TYPES)]
    if any(_MACROS.search(one) for one in (*package.names, *kinds)):
        raise Refused(Why.MACROS)


def _refuse_related(package: Package) -> list[str]:
    """The parts that others relate to; refuses what is fetched from outside or belongs to another program."""
    found = []
    for name in [name for name in package.names if name.endswith(".rels")]:
        folder = posixpath.dirname(posixpath.dirname(name))
        for one in package.xml(name).iter(_RELATIONSHIP):
            kind, target = one.get("Type", "").rpartition("/")[2], unquote(one.get("Target", ""))
            if _MACROS.search(kind):
                raise Refused(Why.MACROS)
            if kind in _OF_OTHERS:
                raise Refused(Why.OTHER_FILES)
            if one.get("TargetMode", "Internal") == "Internal":
                found.append(posixpath.normpath(posixpath.join(folder, target)).lstrip("/"))
            elif kind not in _FOLLOWED and not (kind == "attachedTemplate" and _ON_THIS_DISK.match(target)):
                raise Refused(Why.FROM_OUTSIDE)
    return found


def _refuse_others(package: Package) -> None:
    """Files inside of the file: only workbooks behind charts, and those without macros."""
    for name in filter(_INSIDE.search, package.names):
        if not name.lower().endswith(_WORKBOOK):
            if name.endswith((".rels", "/")):
                continue
            raise Refused(Why.OTHER_FILES)
        workbook = Package(package.content(name))
        workbook.check()
        if _TYPES not in workbook.names or any(_INSIDE.search(inner) for inner in workbook.names):
            raise Refused(Why.OTHER_FILES)
        _refuse_macros(workbook)
        _refuse_related(workbook)


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
