"""The paper: a plan, its calendar or a sheet as PDF/A-3a and PDF/UA-1 at once, on US Letter; it alone uses WeasyPrint.

The same text gives the same bytes: dates come from the record and the enclosures, the identifier from the content,
nothing from the clock or from the reader's time zone.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import translation

from documents.printing.pdf.contents import context_for
from documents.printing.pdf.finishing import Enclosure, Finisher, attachments
from documents.printing.pdf.layout import VARIANT, laid_out
from documents.printing.pdf.progress import told_of_pages
from documents.printing.pdf.proof import claimed_seal
from documents.printing.pdf.sheets import TEMPLATES, context_of_sheet

__all__ = ["Enclosure", "calendar_pdf", "claimed_seal", "sheet_pdf", "told_of_pages", "work_plan_pdf"]

Json = Mapping[str, Any]


def work_plan_pdf(
    text: Json, record: Json, language: str, *, seal: Json | None = None, enclosures: Sequence[Enclosure] = ()
) -> bytes:
    """The whole plan; `text` and `record` are those of a snapshot, `language` is the reader's.

    Where a text is not in that language, its original is printed and marked. `seal` has the digits of an edition
    (“sha256”) and where to check them (“url”); `enclosures` are files that travel inside the paper.
    """
    return _made("pdf/work_plan.html", text, record, language, seal, enclosures)


def calendar_pdf(
    text: Json, record: Json, language: str, *, seal: Json | None = None, enclosures: Sequence[Enclosure] = ()
) -> bytes:
    """The plan's calendar alone, under the same head."""
    meetings = {**text, "narrative": {}, "notes": [], "rows": []}
    return _made("pdf/calendar.html", meetings, record, language, seal, enclosures)


def sheet_pdf(name: str, sheet: Json, language: str) -> bytes:
    """A list of documents or an order of business (`documents.printing.pdf.sheets`), in the language of its words."""
    with translation.override(language):
        return _written(TEMPLATES[name], context_of_sheet(sheet, language), "", ())


def _made(
    template: str, text: Json, record: Json, language: str, seal: Json | None, enclosures: Sequence[Enclosure]
) -> bytes:
    with translation.override(language):
        context = context_for(text, record, language, seal)
        return _written(template, context, seal["sha256"] if seal else "", enclosures)


def _written(template: str, context: Json, sha256: str, enclosures: Sequence[Enclosure]) -> bytes:
    html, document = laid_out(template, context)
    digest = hashlib.sha256(html.encode())
    for enclosure in enclosures:
        digest.update(enclosure.content)
    made: bytes = document.write_pdf(
        pdf_variant=VARIANT,
        pdf_identifier=digest.hexdigest()[:32].encode(),
        attachments=attachments(enclosures),
        finisher=Finisher(sha256, enclosures),
    )
    return made
