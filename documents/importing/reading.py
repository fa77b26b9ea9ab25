"""The entry: the bytes of a file become what it brings, or a sentence that says why they cannot."""

import hashlib
from collections.abc import Set
from pathlib import PurePath
from typing import Any, Final

from django.utils.translation import gettext as _

from documents.importing.brought import Brought, NoPlan
from documents.importing.docx_file import is_zip, read_docx
from documents.importing.json_file import read_json
from documents.importing.lines import MOST_PARTS, too_much
from documents.importing.structure import plan_of, sorted_by_place
from documents.importing.text_file import read_text

LARGEST: Final = 20_000_000
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")  # of old .doc files, and of .docx files under a password
_KNOWN: Final = (
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
)


def read(data: bytes, name: str, organs: Set[str]) -> Brought:
    """What the file brings. `name` is the file's own; `organs` are those with which a symbol can begin.

    What the bytes are decides, not how the file is called. Raises `NoPlan`.
    """
    _refuse(data)
    sha256 = hashlib.sha256(data).hexdigest()
    kind = _kind(data, name)
    if kind == "json":
        text, language = read_json(data)
        _bound(text)
        return Brought(kind, sha256, language, text)
    paper = read_docx(data) if kind == "docx" else read_text(data, organs)
    text, language, anomalies, places = plan_of(paper, organs)
    _bound(text)
    return Brought(kind, sha256, language, text, sorted_by_place(anomalies), places)


def _bound(text: dict[str, Any]) -> None:
    """Refuses what nobody can look through: comparing and saving takes time for each part and each name."""
    inside = [*text["rows"], *(mandate for row in text["rows"] for mandate in row["mandates"])]
    count = sum(len(section) for section in text["narrative"].values()) + len(text["notes"]) + len(inside)
    count += sum(len(one["areas"]) for one in inside)
    count += sum(1 + len(meeting["topics"]) for meeting in text["meetings"])
    if count > MOST_PARTS:
        raise too_much()


def _refuse(data: bytes) -> None:
    if len(data) > LARGEST:
        raise NoPlan(_("This file is larger than 20 megabytes. Take pictures out of it, and bring it in again."))
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise NoPlan(_("This file is empty."))
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise NoPlan(
                _("This file is protected by a password. Remove it in Word, save the file, and bring it in again.")
            )
        raise NoPlan(_("This is a file of an old kind (.doc). Save it in Word as .docx, and bring it in again."))
    for start, kind in _KNOWN:
        if data.lstrip().startswith(start):
            raise NoPlan(_("This is a %(kind)s file. Bring in the plan as .docx, .txt or .json.") % {"kind": kind})


def _kind(data: bytes, name: str) -> str:
    if is_zip(data):
        return "docx"
    ending = PurePath(name).suffix.lower()
    if ending == ".docx":
        raise NoPlan(_("This file is called .docx, and is none. Open it in Word, save it as .docx, and try again."))
    begins = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return "json" if ending == ".json" or begins == b"{" else "txt"
