"""Sheets: what a secretariat prints of the register and of a meeting, and no meeting adopts.

A sheet is plain JSON with its words in one language (`documents.reading.sheets` writes it): `group` as in a snapshot,
the `day` on which it was so, `word` (how it stands) with the `rule` that says the same, `foot` for every page, `lines`.
"""

from datetime import date
from typing import Any, Final

from documents.printing.pdf.contents import incomplete
from documents.printing.printed import Json, in_a_sentence

TEMPLATES: Final = {
    "documents.pdf": "pdf/documents.html",
    "order-of-business.pdf": "pdf/order_of_business.html",
    "contributions.pdf": "pdf/contributions.html",
}


def context_of_sheet(sheet: Json, language: str) -> dict[str, Any]:
    """The context of a sheet, whose texts are `Text`, in the language that is active now."""
    day = date.fromisoformat(sheet["day"])
    return {
        **sheet,
        "text": {"group": sheet["group"], "rows": []},
        "language": language,
        "group_short_name": in_a_sentence(sheet["group"]["short_name"]),
        "paper": True,
        "paper_date": day,
        "changed": f"{day.isoformat()}T00:00:00Z",
        "is_strict": False,
        "incomplete": incomplete(sheet, language),
        "proof": None,
    }
