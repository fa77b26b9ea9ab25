"""What a file brings: a text in the one shape of all plans, where each part stood in it, and what is odd."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Oddity(StrEnum):
    """What may be odd in a file. Nothing of it is mended: what is printed is kept, and a person decides."""

    WEEKDAY = "weekday"  # the weekday contradicts the day; both candidates are offered
    IMPRECISE = "imprecise"  # a time in words, kept in words
    NO_AREA = "no area"  # the cell is empty, and stays so
    NO_SYMBOL = "no symbol"  # a row names no resolution that can be read
    NO_TITLE = "no title"  # a resolution with its symbol alone
    DOUBTFUL_SYMBOL = "doubtful symbol"  # incomplete, or of an organ that is not registered
    TWO_FORMS = "two forms"  # one symbol printed in two ways
    SAME_TITLE = "same title"  # two resolutions with one title
    CAPITALS = "capitals"
    BRACKET = "bracket"  # one that opens or closes nothing
    MARK_WITHOUT_NOTE = "mark without note"
    NOTE_WITHOUT_MARK = "note without mark"
    AREA_WITH_UNIT = "area with unit"  # a parent area with its unit in brackets
    TWO_DOCUMENTS = "two documents"  # joined by “or”
    NOT_UNDERSTOOD = "not understood"  # a passage that has no place in a plan; it is shown and not taken


@dataclass(frozen=True)
class Place:
    """Where in the file: what a person would look for. Numbers count from 1; None where they mean nothing."""

    table: int | None = None
    row: int | None = None
    column: int | None = None
    line: int | None = None  # of a text file; of a Word file the paragraph


@dataclass(frozen=True)
class Anomaly:
    """One oddity: what is printed, where, and what it could mean."""

    oddity: Oddity
    printed: str
    place: Place
    candidates: Sequence[str] = ()


@dataclass(frozen=True)
class Brought:
    """A plan as a file tells it.

    `text` has the keys of a snapshot's text that a file can hold (`docs/plan-json.md`): `plan`, `narrative`, `notes`,
    `rows`, `meetings`; ids are None where the file carries none. `places` says where each part stood, by its path in
    `text` such as "rows/0/mandates/2". `language` is that of the file, or the original language of a JSON.
    """

    kind: str  # "docx", "txt" or "json"
    sha256: str  # of the file's bytes
    language: str
    text: dict[str, Any]
    anomalies: Sequence[Anomaly] = ()
    places: Mapping[str, Place] = field(default_factory=dict)


class NoPlan(Exception):
    """The file cannot be taken. The sentence says why and what to do about it."""
