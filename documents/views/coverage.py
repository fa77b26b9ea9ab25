"""Which mandate is treated where and by which papers, as a table, a drawing and files."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from documents.reading.asof import only_now
from documents.reading.coverage import COLUMNS, Matrix, as_rows, coverage_of
from documents.reading.frame import group_context, group_or_404
from documents.reading.grid import lay_out
from documents.reading.texts import Reading, reader_text
from documents.views.shared import digest, file_response, json_response, language_asked, page_of, rows_of
from mandates.models import WorkingGroup
from mispa.ground.csv_files import as_csv


def _matrix(request: HttpRequest, group: WorkingGroup) -> tuple[Reading, Matrix]:
    reading = reader_text(request.user, group)
    if reading is None:
        raise Http404(_("No text of this work plan has been released yet."))
    today = timezone.localdate(timezone=group.zone)
    return reading, coverage_of(request.user, group, rows_of(reading), today)


@login_not_required
@require_safe
@only_now
def coverage(request: HttpRequest, group: str) -> HttpResponse:
    found = group_or_404(request, group)
    reading, matrix = _matrix(request, found)
    context = group_context(request, found, "plan") | {
        "reading": reading,
        "page": page_of(found, reading, None),
        "matrix": matrix,
        "grid": lay_out(matrix),
        "files_query": f"?lang={(get_language() or found.name.original)[:2]}",
        "links": {},
    }
    return render(request, "documents/coverage.html", context)


@login_not_required
@require_safe
@only_now
def coverage_csv(request: HttpRequest, group: str) -> HttpResponse:
    found = group_or_404(request, group)
    rows = [{name: _in_a_cell(value) for name, value in row.items()} for row in _rows(request, found)]
    content = as_csv(COLUMNS, rows)
    return file_response(request, content, "text/csv; charset=utf-8", f"{found.slug}-coverage.csv", digest(content))


@login_not_required
@require_safe
@only_now
def coverage_json(request: HttpRequest, group: str) -> HttpResponse:
    found = group_or_404(request, group)
    body: dict[str, Any] = {"group": found.slug, "mandates": _rows(request, found)}
    return json_response(request, body, f"{found.slug}-coverage.json")


def _in_a_cell(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, list) else value


def _rows(request: HttpRequest, group: WorkingGroup) -> list[dict[str, Any]]:
    with override(language_asked(request, group.name.original)):
        return as_rows(_matrix(request, group)[1])
