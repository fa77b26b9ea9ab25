"""The page from which a text leaves the house: what it is, how settled, and every file of it."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.http import require_safe

from documents.printing.files import is_long
from documents.reading.asof import only_now
from documents.reading.frame import group_context, group_or_404
from documents.reading.texts import Reading, editions_for, of_edition
from documents.views.shared import file_name, reading_or_404, text_context
from mispa.ground.merging import LANGUAGE_NAMES
from mispa.ground.text import LANGUAGES


@login_not_required
@require_safe
@only_now
def plan_export(request: HttpRequest, group: str) -> HttpResponse:
    """For every reader the text in force, else the latest released to her; and a draft that is newer."""
    found = group_or_404(request, group)
    reading = reading_or_404(request, found)
    latest = editions_for(request.user, found).first()
    newer = of_edition(latest) if latest and reading.edition and latest.number > reading.edition.number else None
    context = group_context(request, found, "plan") | text_context(request, reading)
    context |= {"files": _files(reading), "newer": newer, "newer_files": _files(newer) if newer else []}
    context["is_long"] = is_long(reading.json_text)
    return render(request, "documents/plan_export.html", context)


def _files(reading: Reading) -> list[dict[str, Any]]:
    """The papers in each language, those of complete ones first; the name of the language in itself."""
    edition = reading.edition
    assert edition is not None  # noqa: S101 (readers read editions)
    complete = reading.record["languages"]
    ordered = sorted(LANGUAGES, key=lambda code: (code not in complete, code != reading.original, code))
    lines = []
    for code in ordered:
        with override(code):
            name = str(LANGUAGE_NAMES[code])
        lines.append(
            {
                "code": code,
                "language": name,
                "is_complete": code in complete,
                "is_original": code == reading.original,
                "pdf": f"{edition.address('pdf')}?lang={code}",
                "docx": f"{edition.address('docx')}?lang={code}",
                "ics": f"{edition.address('ics')}?lang={code}",
                "name": file_name(reading, "pdf", language=code),
            }
        )
    return lines
