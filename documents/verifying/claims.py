"""What a seal that somebody typed, or a file that somebody dropped, says of itself, and whether it is so.

Only what the reader may read is ever compared: of all else the answer is that of what never was.
"""

import hashlib
import json
import re
import unicodedata
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile, ZipFile

import rfc8785
from django.utils.translation import gettext as _

from documents.editions.record import envelope, record_of
from documents.editions.seals import seal_of
from documents.models import Edition, EditionFile, Rendering
from documents.printing.pdf import claimed_seal

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User

# Commas and brackets of a JSON file, beyond which it is no plan.
MOST_PARTS: Final = 500_000
# Of a Word file: parts in it, and bytes of one that are looked at.
MOST_MEMBERS: Final = 5_000
MOST_OF_A_MEMBER: Final = 20 * 1024 * 1024
_ADDRESS: Final = re.compile(rb"/verify/([0-9a-f]{64})/")
_BETWEEN_DIGITS: Final = re.compile("[\\s\\-\u00ad\u200b-\u200d\u2060\ufeff]+")
_DIGITS: Final = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
# A record grows: what it said on an earlier day was right then.
_LIFE: Final = ("issued", "released", "ad referendum", "adopted", "superseded")


def read_seal(typed: str) -> str:
    """The 64 digits in what was typed or pasted: in groups, in capitals, broken over lines, in an address; "" if none.

    Compatibility forms are undone first: some readers of PDF copy “ff” as one letter.
    """
    found = _DIGITS.findall(_BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", typed)).lower())
    return found[0] if len(set(found)) == 1 else ""


def sealed(user: "User | AnonymousUser", sha256: str) -> list[Edition]:
    """The editions with this seal that a reader may read, the latest first; a text that came back has it twice."""
    found = Edition.objects.visible_to(user).filter(sha256=sha256).latest_first()
    return list(found.select_related("plan__group", "change_set", "previous").prefetch_related("releases"))


@dataclass(frozen=True)
class Finding:
    """What a file is to this reader.

    `kind`: “file” is byte for byte what mispa made of one of `editions`, and kept as `file` if it did; “text” holds the
    text of `editions`, with `wrong` parts beside it, or with some that are `older` than today; “claim” says that it is
    one of `editions` and is not; “unreadable” for the reason in `problem`; “nothing” of ours.
    """

    kind: str
    editions: list[Edition] = field(default_factory=list)
    file: EditionFile | None = None
    wrong: list[str] = field(default_factory=list)
    older: bool = False
    problem: str = ""


def identified(user: "User | AnonymousUser", content: bytes) -> Finding:
    """What a file is, of whatever kind; nothing in it can do more than be read."""
    own = EditionFile.objects.filter(edition__in=Edition.objects.visible_to(user))
    stored = own.filter(sha256=hashlib.sha256(content).hexdigest()).defer("content").order_by("id").first()
    if stored:
        return Finding("file", sealed(user, stored.edition.sha256), file=stored)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        return _in_json(user, content)
    return _claimed(user, claimed_seal(content) or _claimed_in_word(content), content)


def _claimed_in_word(content: bytes) -> str:
    """The seal to whose check a Word file leads, also where somebody went on writing in it; "" for any other file."""
    if content[:4] != b"PK\x03\x04" or content.count(b"PK\x01\x02") > MOST_MEMBERS:
        return ""
    try:
        with ZipFile(BytesIO(content)) as archive:
            for name in ("word/_rels/document.xml.rels", "word/document.xml"):
                with archive.open(name) as part:
                    if found := _ADDRESS.search(part.read(MOST_OF_A_MEMBER)):
                        return found[1].decode()
    except (BadZipFile, LookupError, NotImplementedError, RuntimeError, OSError, ValueError, EOFError, zlib.error):
        return ""  # it is broken, locked, or no Word file
    return ""


def _claimed(user: "User | AnonymousUser", sha256: str, content: bytes) -> Finding:
    """A file with a seal in it that is not among those kept; what was made for a while only is ours too."""
    editions = sealed(user, sha256) if sha256 else []
    for made in Rendering.objects.filter(inputs__edition__in=[one.pk for one in editions]).exclude(content=None):
        if bytes(made.content or b"") == content:
            return Finding("file", editions)
    return Finding("claim" if editions else "nothing", editions)


# ---- JSON


class Unreadable(Exception):
    """A JSON file that is none, with a sentence for its reader."""


def _in_json(user: "User | AnonymousUser", content: bytes) -> Finding:
    try:
        whole = _read(content)
    except Unreadable as error:
        return Finding("unreadable", problem=str(error))
    text, seal = (whole.get(name) if isinstance(whole, dict) else None for name in ("text", "seal"))
    editions = sealed(user, seal_of(text)) if isinstance(text, dict) else []
    if editions:
        wrong, older = _beside(whole, _meant(whole, editions))
        return Finding("text", editions, wrong=wrong, older=older)
    claim = seal.get("sha256") if isinstance(seal, dict) else None
    return _claimed(user, claim if isinstance(claim, str) and _DIGITS.fullmatch(claim) else "", content)


def _read(content: bytes) -> Any:
    """JSON as strict as its seal asks for (RFC 8785 goes by I-JSON: no key twice, no NaN, no half characters)."""
    if sum(content.count(mark) for mark in (b",", b"[", b"{")) > MOST_PARTS:
        raise Unreadable(_("It has more parts than a work plan ever has."))
    try:
        whole = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_each_once, parse_constant=_no_constant)
        rfc8785.dumps(whole)
    except RecursionError as error:
        raise Unreadable(_("It is nested more deeply than a work plan ever is.")) from error
    except UnicodeDecodeError as error:
        raise Unreadable(_("It is not written in UTF-8.")) from error
    except json.JSONDecodeError as error:
        raise Unreadable(_("It is no correct JSON: see line %(line)s.") % {"line": error.lineno}) from error
    except ValueError as error:  # what RFC 8785 has no form for, and numbers that Python refuses to read
        raise Unreadable(_("It holds a number or a character that such a file cannot hold.")) from error
    return whole


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        raise Unreadable(_("It names the same thing twice with different contents."))
    return read


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _meant(whole: Mapping[str, Any], editions: list[Edition]) -> Edition:
    """Of editions with one text, the one that the file names."""
    record = whole.get("record")
    named = (record.get("edition"), record.get("corrigendum")) if isinstance(record, dict) else None
    return next((one for one in editions if (one.number, one.corrigendum or None) == named), editions[0])


def _beside(whole: Mapping[str, Any], edition: Edition) -> tuple[list[str], bool]:
    """What a file says beside the text and is not so, and whether some of it was so on an earlier day only."""
    ours = envelope(edition.text, record_of(edition), edition)
    given = {name: part for name, part in whole.items() if name != "text"}
    wrong, older = [], False
    for name, part in given.items():
        if name not in ours or not isinstance(part, dict) or not isinstance(ours[name], dict):
            if not _same(part, ours.get(name)):
                wrong.append(name)
            continue
        for key, value in part.items():
            if name == "record" and not _same(value, ours[name].get(key)) and _was_so(key, value, ours[name]):
                older = True
            elif key not in ours[name] or not _same(value, ours[name][key]):
                wrong.append(f"{name}: {key}")
    return [name[:60] for name in wrong[:12]], older


def _same(one: Any, other: Any) -> bool:
    return rfc8785.dumps(one) == rfc8785.dumps(other)


def _was_so(key: str, value: Any, record: Mapping[str, Any]) -> bool:
    """Whether a part of the record may have been as the file has it before it became what it is."""
    now = record.get(key)
    if key == "status":
        return value in _LIFE and _LIFE.index(value) < _LIFE.index(str(now))
    if key in {"audiences", "considered"}:
        return isinstance(value, list) and isinstance(now, list) and all(one in now for one in value)
    if key == "adopted" and isinstance(now, dict):
        return value is None or _same(value, now | {"confirmed_on": None})
    return False
