"""Plain text and Markdown: letters in UTF-8, and nothing else."""

import re
from typing import Final

from documents.files.refused import Refused, Why

_MARK: Final = b"\xef\xbb\xbf"  # before a text that some programs save as UTF-8
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_NO_LETTERS: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MARKUP: Final = re.compile(r"\s*(?:<\?xml|<!doctype|<html|<head|<body|<svg|<script)\b", re.IGNORECASE)
_PROGRAM: Final = re.compile(r"#!\s*/")


def words_of(data: bytes) -> str:
    """The text. Raises Refused for what is none, or is written in other signs than UTF-8."""
    if data.startswith(_UTF16):
        raise Refused(Why.NOT_UTF8)
    try:
        text = data.removeprefix(_MARK).decode("utf-8")
    except UnicodeDecodeError:
        # A text of an old program has letters in one byte each; what has control characters is no text at all.
        raise Refused(Why.UNKNOWN if _NO_LETTERS.search(data.decode("latin-1")) else Why.NOT_UTF8) from None
    if _NO_LETTERS.search(text) or _PROGRAM.match(text):
        raise Refused(Why.UNKNOWN)
    if _MARKUP.match(text):
        raise Refused(Why.MARKUP)
    return text
