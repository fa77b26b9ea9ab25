"""What was read, in few words: plain strings for the texts of a plan, and short names for what is odd."""

from collections.abc import Iterator
from typing import Any

from documents.importing.brought import Brought
from documents.importing.reading import read
from mandates.symbols import REGISTERED


def bring(file: bytes | str, name: str = "plan.docx") -> Brought:
    """A file, or the words of a text file, read."""
    if isinstance(file, str):
        return read(file.encode(), "plan.txt", REGISTERED)
    return read(file, name, REGISTERED)


def said(text: Any) -> Any:
    """The one wording of a text; None of none."""
    return text and text[text["original"]]


def narrative(brought: Brought, section: str) -> list[str]:
    return [said(one["text"]) for one in brought.text["narrative"][section]]


def areas(part: Any) -> list[str]:
    units = [f" ({said(one['unit']['name'])})" if one["unit"] else "" for one in part["areas"]]
    return [said(one["name"]) + unit for one, unit in zip(part["areas"], units, strict=True)]


def rows(brought: Brought) -> list[tuple[str, str, list[str], list[str]]]:
    """Symbol, title, mandates and areas of each row; those of a mandate stand after it."""
    return [
        (
            row["symbol"],
            said(row["title"]),
            [" | ".join([said(one["text"]), *areas(one)]) for one in row["mandates"]],
            areas(row),
        )
        for row in brought.text["rows"]
    ]


def meetings(brought: Brought) -> list[tuple[str, str | None, list[str]]]:
    """When, the room and the topics of each meeting."""
    return [
        (
            said(one["words"]) if one["precision"] == "imprecise" else f"{one['starts']} {one['ends']}",
            one["room"] and said(one["room"]["name"]),
            [said(topic["text"]) for topic in one["topics"]],
        )
        for one in brought.text["meetings"]
    ]


def odd(brought: Brought) -> list[tuple[str, str]]:
    return sorted((one.oddity.value, one.printed) for one in brought.anomalies)


def notes(brought: Brought) -> Iterator[tuple[str, str]]:
    return ((note["key"], said(note["text"])) for note in brought.text["notes"])
