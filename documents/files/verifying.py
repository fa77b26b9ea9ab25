"""Holds the storage against the rows: what is lost, what was altered, and what belongs to no row."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.core.files.storage import Storage, default_storage

from documents.files.storing import FOLDER
from documents.models import StoredFile

_CHUNK: Final = 1 << 20


class Fault(StrEnum):
    LOST = "lost"
    ALTERED = "altered"
    ORPHANED = "orphaned"  # left by a process that was killed before it could save or clean up


@dataclass(frozen=True)
class Finding:
    fault: Fault
    name: str  # in the storage
    sha256: str = ""  # as it should be

    def __str__(self) -> str:
        return f"{self.fault}: {self.name}"


@dataclass
class Inspection:
    """Counts what it has looked at; `all()` gives the findings one by one. It reads one file at a time, in pieces."""

    files: int = 0

    def all(self) -> Iterator[Finding]:
        known: set[str] = set()
        for name, sha256, size in StoredFile.objects.order_by("pk").values_list("content", "sha256", "size").iterator():
            self.files += 1
            known.add(name)
            if not default_storage.exists(name):
                yield Finding(Fault.LOST, name, sha256)
            elif default_storage.size(name) != size or _digest(name) != sha256:
                yield Finding(Fault.ALTERED, name, sha256)
        there = sorted(set(_within(default_storage, FOLDER)) - known)
        # What was stored while this went on has its row by now, or will have.
        saved = set(StoredFile.objects.filter(content__in=there).values_list("content", flat=True)) if there else set()
        yield from (Finding(Fault.ORPHANED, name) for name in there if name not in saved)


def _digest(name: str) -> str:
    digest = hashlib.sha256()
    with default_storage.open(name) as content:
        while piece := content.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def _within(storage: Storage, folder: str) -> Iterator[str]:
    """All files of a folder and of those in it."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}/{name}"
    for name in folders:
        yield from _within(storage, f"{folder}/{name}")
