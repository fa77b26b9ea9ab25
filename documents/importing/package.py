"""The parts of a Word file, taken out with bounds: nothing in it is believed, fetched or expanded.

The sizes that a file names are not trusted. What is read is counted while it is unpacked, and XML is counted before it
is parsed.
"""

import posixpath
import zipfile
import zlib
from io import BytesIO
from typing import Any, Final
from urllib.parse import unquote

from django.utils.translation import gettext as _
from lxml import etree  # type: ignore[import-untyped]

from documents.importing.brought import NoPlan

_MOST_MEMBERS: Final = 2_000
_LARGEST_WHOLE: Final = 200_000_000
_LARGEST_PART: Final = 40_000_000
_MOST_TAGS: Final = 600_000  # that begin or end in one part; five hundred pages of Word have a little less
_MOST_ATTRIBUTES: Final = 600_000
_CHUNK: Final = 1 << 20

_RELS: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Package:
    """An opened Word file. Raises `NoPlan` for all that is none, or is too large."""

    def __init__(self, data: bytes) -> None:
        if data.count(b"PK\x01\x02") > _MOST_MEMBERS:
            raise NoPlan(_("This file has more than 2,000 parts, and is no plan. Copy the text into a new Word file."))
        try:
            self.zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            raise broken() from None
        self.names = {info.filename: info for info in self.zip.infolist()}
        if sum(info.file_size for info in self.names.values()) > _LARGEST_WHOLE:
            raise _too_large()
        self.left = _LARGEST_WHOLE

    def xml(self, name: str) -> Any:
        """The root of a part."""
        return _parsed(self._bytes(name))

    def related(self, name: str) -> dict[str, str]:
        """The parts that a part (“” for the file) relates to inside of the file, by the last word of their kind."""
        folder, base = posixpath.split(name)
        rels = posixpath.join(folder, "_rels", f"{base}.rels")
        if rels not in self.names:
            return {}
        found: dict[str, str] = {}
        for one in self.xml(rels).iter(_RELS):
            if one.get("TargetMode", "Internal") != "Internal":
                continue  # an address outside: nobody goes there
            target = unquote(one.get("Target", ""))
            path = posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target))
            kind = one.get("Type", "").rpartition("/")[2]
            if path in self.names:
                found.setdefault(kind, path)
        return found

    def _bytes(self, name: str) -> bytes:
        info = self.names[name]
        if info.flag_bits & 1:
            raise NoPlan(
                _("This file is protected by a password. Remove it in Word, save the file, and bring it in again.")
            )
        read: list[bytes] = []
        size = 0
        try:
            with self.zip.open(info) as part:
                while chunk := part.read(_CHUNK):
                    size += len(chunk)
                    self.left -= len(chunk)
                    if size > _LARGEST_PART or self.left < 0:
                        raise _too_large()
                    read.append(chunk)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError):
            raise broken() from None
        return b"".join(read)


def _parsed(data: bytes) -> Any:
    """The XML of a part, which is UTF-8 as Word writes it: no other code, no DTD, no entities, nothing from outside."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = _as_utf8(data)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise NoPlan(_("This file holds what no Word file holds, and may be harmful. Save it in Word again."))
    if data.count(b"<") > _MOST_TAGS or data.count(b"=") > _MOST_ATTRIBUTES:
        raise _too_large()
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise broken() from None


def _as_utf8(data: bytes) -> bytes:
    try:
        return data.decode("utf-16").encode()
    except UnicodeError:
        raise broken() from None


def broken() -> NoPlan:
    return NoPlan(_("This file is broken. Open it in Word, save it again as .docx, and bring it in again."))


def _too_large() -> NoPlan:
    return NoPlan(_("This file unpacks to more than a plan can be. Copy the text into a new Word file."))
