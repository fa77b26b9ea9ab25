"""The parts of a Word file that may hold a plan; how it is taken apart with bounds is in `documents.files.package`."""

import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import unquote

from django.utils.translation import gettext as _

from documents.files.package import Package as Parts
from documents.files.refused import Refused, Why
from documents.importing.brought import NoPlan

_RELS: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Package:
    """An opened Word file. Raises `NoPlan` for all that is none, or is too large."""

    def __init__(self, data: bytes) -> None:
        with _in_words():
            self._parts = Parts(data)
        self.names = self._parts.names

    def xml(self, name: str) -> Any:
        """The root of a part."""
        with _in_words():
            return self._parts.xml(name)

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


@contextmanager
def _in_words() -> Iterator[None]:
    """The sentences for who brings in a plan."""
    try:
        yield
    except Refused as refused:
        raise _sentence(refused.why) from None


def _sentence(why: Why) -> NoPlan:
    if why == Why.PASSWORD:
        return NoPlan(
            _("This file is protected by a password. Remove it in Word, save the file, and bring it in again.")
        )
    if why == Why.HARMFUL:
        return NoPlan(_("This file holds what no Word file holds, and may be harmful. Save it in Word again."))
    if why == Why.MANY_PARTS:
        return NoPlan(_("This file has more than 2,000 parts, and is no plan. Copy the text into a new Word file."))
    if why == Why.UNPACKS_TO_TOO_MUCH:
        return NoPlan(_("This file unpacks to more than a plan can be. Copy the text into a new Word file."))
    return broken()


def broken() -> NoPlan:
    return NoPlan(_("This file is broken. Open it in Word, save it again as .docx, and bring it in again."))
