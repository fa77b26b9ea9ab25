"""The work plan as a Word file that a secretariat goes on writing in: US Letter, named styles, real notes and fields.

This package is the only importer of python-docx. The same text gives the same bytes: days come from the record, nothing
comes from the clock.
"""

from collections.abc import Mapping
from typing import Any

from django.utils import translation

from documents.printing.docx.contents import Paper
from documents.printing.docx.package import as_bytes

__all__ = ["work_plan_docx"]

Json = Mapping[str, Any]


def work_plan_docx(text: Json, record: Json, language: str, *, seal: Json | None = None) -> bytes:
    """The whole plan; `text` and `record` are those of a snapshot, `language` is the reader's.

    Where a text is not in that language, its original is printed and marked. `seal` has the digits of an edition
    (“sha256”) and where to check them (“url”).
    """
    with translation.override(language):
        paper = Paper(text, record, language)
        paper.write(seal)
    return as_bytes(paper.document)
