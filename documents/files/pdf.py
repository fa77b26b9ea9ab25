"""PDF: nothing that runs, nothing that hides; and its words, page by page."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, Final

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

from documents.files import plain
from documents.files.refused import Refused, Why

_MOST_OBJECTS: Final = 400_000
_DEEPEST: Final = 50
_LARGEST_ENCLOSURE: Final = 5_000_000
_END: Final = b"%%EOF"
_END_WITHIN: Final = 2_048  # bytes from the end; some programs write something behind it
_LAST_TABLE: Final = b"startxref"
_TABLE_AND_END: Final = re.compile(rb"[\r\n]startxref\s*\d+\s*%%EOF")
# Actions that run something, or send something away; to go to a page or an address is none.
_ACTS: Final = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition"})
# As they are written, with blanks and remarks between. A title may well have “/Launch” in it, but not behind “/S”.
_WRITTEN_ACTS: Final = re.compile(
    rb"/S(?:[\s\0]|%[^\r\n]*[\r\n])*/(?:JavaScript|Launch|SubmitForm|ImportData|GoToE|Rendition)"
    rb"(?=[\s\0()<>\[\]{}/%]|$)"
)
_CODED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_SCRIPTED: Final = frozenset({"/JS", "/XFA"})
_PLAYERS: Final = frozenset({"/RichMedia", "/3D", "/Movie", "/Sound", "/Screen"})
_FILE_NAMES: Final = ("/F", "/UF", "/Unix", "/DOS", "/Mac")
_ELSEWHERE: Final = re.compile(r"\s*(?:[\\/]{2}|[a-z][a-z0-9+.-]+:)", re.IGNORECASE)  # of one letter, it is a disk
_TWICE: Final = "Multiple definitions in dictionary"
# What pypdf raises on files that are made to be broken; it has no one class for all.
_UNREADABLE: Final = (
    PyPdfError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    OverflowError,
    NotImplementedError,
    UnicodeError,
    RecursionError,
    OSError,
)

_ODDITIES: Final = logging.getLogger("pypdf")  # it tells of every one, and odd PDFs are everyday
_ODDITIES.setLevel(logging.WARNING)
_ODDITIES.propagate = False
_ODDITIES.addHandler(logging.NullHandler())


class _Listener(logging.Handler):
    """Hears of keys that stand twice in a dictionary: pypdf takes the first, viewers take the last.

    pypdf's strict mode would refuse them as well, and with them much that every other program writes.
    """

    heard = False

    def emit(self, record: logging.LogRecord) -> None:
        self.heard = self.heard or str(record.msg).startswith(_TWICE)


@contextmanager
def _no_key_twice() -> Iterator[None]:
    """Raises Refused at its end: the dictionary says one thing to us, and another to who opens the file."""
    listener = _Listener(logging.WARNING)
    _ODDITIES.addHandler(listener)
    try:
        yield
    finally:
        _ODDITIES.removeHandler(listener)
    if listener.heard:
        raise Refused(Why.BROKEN)


def read(data: bytes) -> Iterator[str]:
    """The words of a PDF, a page at a time. Raises Refused before the first."""
    if _END not in data[-_END_WITHIN:]:
        raise Refused(Why.BROKEN)  # cut off
    if not _TABLE_AND_END.match(data, max(data.rfind(_LAST_TABLE) - 1, 0)):
        raise Refused(Why.BROKEN)  # changed again, and not ended: viewers take the change, and we would not see it
    try:
        with _no_key_twice():
            reader = PdfReader(BytesIO(data))
            if reader.is_encrypted:
                raise Refused(Why.PASSWORD)
            _refuse_written_acts(data)
            _refuse_hostile(reader)
            count = len(reader.pages)
    except (DependencyError, FileNotDecryptedError):
        raise Refused(Why.PASSWORD) from None
    except LimitReachedError:
        raise Refused(Why.UNPACKS_TO_TOO_MUCH) from None
    except _UNREADABLE:
        raise Refused(Why.BROKEN) from None
    if not count:
        raise Refused(Why.BROKEN)
    return (_words(reader, number) for number in range(count))


def _words(reader: PdfReader, number: int) -> str:
    """Of one page; empty where its letters cannot be told."""
    try:
        return reader.pages[number].extract_text()
    except _UNREADABLE:
        return ""


def _refuse_hostile(reader: PdfReader) -> None:
    """Looks at every object that the file lists, whether a page leads to it or not."""
    known = [(number, generation) for generation, numbers in reader.xref.items() for number in numbers]
    known += [(number, 0) for number in reader.xref_objStm]
    if len(known) > _MOST_OBJECTS:
        raise Refused(Why.UNPACKS_TO_TOO_MUCH)
    _look_at(reader.trailer, 0)
    for number, generation in known:
        found = reader.get_object(IndirectObject(number, generation, reader))
        if isinstance(found, NameObject) and found in _ACTS:
            raise Refused(Why.SCRIPTS)  # the kind of an action, told elsewhere
        _look_at(found, 0)


def _refuse_written_acts(data: bytes) -> None:
    """In the bytes: behind a null or a stray bracket, pypdf leaves a dictionary that viewers go on to read."""
    if _WRITTEN_ACTS.search(_CODED.sub(lambda code: bytes.fromhex(code[1].decode()), data)):
        raise Refused(Why.SCRIPTS)


def _look_at(thing: Any, depth: int) -> None:
    """What stands in an object itself; what it points to is looked at by itself."""
    if depth > _DEEPEST:
        raise Refused(Why.HARMFUL)
    if isinstance(thing, DictionaryObject):
        _refuse_acts(thing)
        _refuse_from_outside(thing)
        inner: Any = thing.values()
    else:
        inner = thing if isinstance(thing, ArrayObject) else ()
    for one in inner:
        if isinstance(one, DictionaryObject | ArrayObject):
            _look_at(one, depth + 1)


def _refuse_acts(found: DictionaryObject) -> None:
    if _SCRIPTED & found.keys() or _name(found, "/S") in _ACTS:
        raise Refused(Why.SCRIPTS)
    if _name(found, "/Subtype") in _PLAYERS:
        raise Refused(Why.OTHER_FILES)
    if _name(found, "/Type") == "/EmbeddedFile" and isinstance(found, StreamObject):
        _refuse_other_than_text(found)
    enclosed = found.get("/EF")
    enclosed = enclosed.get_object() if enclosed is not None else None
    for one in enclosed.values() if isinstance(enclosed, DictionaryObject) else ():
        stream = one.get_object()
        if isinstance(stream, StreamObject):
            _refuse_other_than_text(stream)


def _refuse_from_outside(found: DictionaryObject) -> None:
    """What is elsewhere than in this file, or beside it: an address, another machine, the data of a stream."""
    if isinstance(found, StreamObject):
        if "/F" in found:
            raise Refused(Why.FROM_OUTSIDE)
        if _name(found, "/Type") == "/ObjStm":
            _refuse_written_acts(found.get_data())
    if "/EF" in found:
        return  # it is in this file, whatever it is called
    if _name(found, "/FS") == "/URL" or any(_ELSEWHERE.match(_name(found, key)) for key in _FILE_NAMES):
        raise Refused(Why.FROM_OUTSIDE)


def _name(found: DictionaryObject, key: str) -> str:
    value = found.get(key)
    value = value.get_object() if value is not None else None
    return value if isinstance(value, str) else ""


def _refuse_other_than_text(stream: StreamObject) -> None:
    """Papers of mispa enclose their calendar and their JSON; what is no plain text may be anything."""
    try:
        content = stream.get_data()
    except _UNREADABLE:
        raise Refused(Why.OTHER_FILES) from None
    if len(content) > _LARGEST_ENCLOSURE:
        raise Refused(Why.OTHER_FILES)
    try:
        plain.words_of(content)
    except Refused:
        raise Refused(Why.OTHER_FILES) from None
