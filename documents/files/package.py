"""The parts of a zip file, taken out with bounds: nothing in it is believed, fetched or expanded.

The sizes that a file names are not trusted. What is read is counted while it is unpacked, and XML is counted before it
is parsed.
"""

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import unquote

from lxml import etree  # type: ignore[import-untyped]

from documents.files.refused import Refused, Why

_MOST_MEMBERS: Final = 2_000
_LARGEST_WHOLE: Final = 200_000_000
_LARGEST_PART: Final = 40_000_000
_MOST_TAGS: Final = 600_000  # that begin or end in one part; five hundred pages of Word have a little less
_MOST_ATTRIBUTES: Final = 600_000
_CHUNK: Final = 1 << 20
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_UNREADABLE: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)


class Package:
    """An opened zip file. Raises Refused for all that is none, or is too large."""

    def __init__(self, data: bytes) -> None:
        if data.count(b"PK\x01\x02") > _MOST_MEMBERS:
            raise Refused(Why.MANY_PARTS)
        try:
            self.zip = zipfile.ZipFile(BytesIO(data))
        except _UNREADABLE:
            raise Refused(Why.BROKEN) from None
        listed = self.zip.infolist()
        self.names = {info.filename: info for info in listed}
        self._by_part = {part_name(name): name for name in self.names}
        if sum(info.file_size for info in listed) > _LARGEST_WHOLE:
            raise Refused(Why.UNPACKS_TO_TOO_MUCH)
        self.left = _LARGEST_WHOLE

    def check(self) -> None:
        """Reads every part to its end: none is broken, cut off, under a password, or larger than it says.

        Whoever only looks for words needs no such check: what is not read does nothing.
        """
        if len({part_name(name) for name in self.names}) < len(self.zip.infolist()):
            raise Refused(Why.BROKEN)  # two parts of one name: programs do not agree on which of them counts
        if any(_leads_out(name) for name in self.names):
            raise Refused(Why.HARMFUL)
        for name in self.names:
            for _chunk in self._chunks(name):
                pass
        self.left = _LARGEST_WHOLE

    def named(self, name: str) -> str | None:
        """The name under which a part is there, whatever the case in which it is named elsewhere."""
        return self._by_part.get(part_name(name))

    def content(self, name: str) -> bytes:
        return b"".join(self._chunks(name))

    def xml(self, name: str) -> Any:
        """The root of a part."""
        return parsed(self.content(name))

    def _chunks(self, name: str) -> Iterator[bytes]:
        info = self.names[name]
        if info.flag_bits & 1:
            raise Refused(Why.PASSWORD)
        size = 0
        try:
            with self.zip.open(info) as part:
                while chunk := part.read(_CHUNK):
                    size += len(chunk)
                    self.left -= len(chunk)
                    if size > _LARGEST_PART or self.left < 0:
                        raise Refused(Why.UNPACKS_TO_TOO_MUCH)
                    yield chunk
        except _UNREADABLE:
            raise Refused(Why.BROKEN) from None


def part_name(name: str) -> str:
    """As names are compared: capitals and codes make no difference (ECMA-376, part 2, on equivalent part names)."""
    return unquote(name).lower()


def _leads_out(name: str) -> bool:
    return "\\" in name or name.startswith("/") or ".." in PurePosixPath(name).parts


def parsed(data: bytes) -> Any:
    """The XML of a part, which is UTF-8 as Word writes it: no other code, no DTD, no entities, nothing from outside."""
    if data.startswith(_UTF16):
        data = _as_utf8(data)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise Refused(Why.HARMFUL)
    if data.count(b"<") > _MOST_TAGS or data.count(b"=") > _MOST_ATTRIBUTES:
        raise Refused(Why.UNPACKS_TO_TOO_MUCH)
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
        raise Refused(Why.BROKEN) from None


def _as_utf8(data: bytes) -> bytes:
    try:
        return data.decode("utf-16").encode()
    except UnicodeError:
        raise Refused(Why.BROKEN) from None
