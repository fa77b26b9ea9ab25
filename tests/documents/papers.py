"""What a test reads of a PDF, and what a validator says of it."""

import io
import re
from pathlib import Path
from typing import Any

import page
import pikepdf
import pypdf

PROFILES = ("3a", "ua1")  # PDF/A-3a and PDF/UA-1


def failures(file: Path, profile: str) -> list[tuple[str, str]]:
    """What the validator has against a file; false alarms that were looked into are left out."""
    report = page.validate_pdf(str(file), profile=profile, limits=page.SafetyLimits.unlimited())
    return [(one.rule_id, one.message) for one in report.failures if not _is_false_alarm(one, file)]


def _is_false_alarm(failure: Any, file: Path) -> bool:
    """The validator takes a compressed stream for too short when it happens to end in the byte CR."""
    if not failure.rule_id.endswith("STREAM-LENGTH-001"):
        return False
    with pikepdf.open(file) as pdf:
        streams = [item for item in pdf.objects if isinstance(item, pikepdf.Stream)]
        return all(len(item.read_raw_bytes()) == int(item.Length) for item in streams)


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, with single plain spaces and words whole that a line divides."""
    texts = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    return [" ".join(re.sub(r"(?<=[^\W\d])-\n(?=[^\W\dA-Z])", "", text).split()) for text in texts]


def numbers(pages: list[str], words: str) -> list[int]:
    """The numbers of the pages on which the words stand."""
    return [number for number, text in enumerate(pages, start=1) if words in text]
