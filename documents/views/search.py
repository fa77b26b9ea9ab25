"""One box over everything that a reader may see."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from documents.reading.frame import group_context
from documents.searching.asking import SearchForm
from documents.searching.finding import Found, Narrowing, search
from documents.searching.reader import Reader


@login_not_required
@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Below the head of the only group that the reader sees, else of mispa itself."""
    reader = Reader(request.user)
    form = SearchForm(request.GET if "q" in request.GET else None, reader)
    found: Found | None = None
    if form.is_valid():
        asked = form.cleaned_data
        narrowing = Narrowing(**{name: asked[name] for name in ("kind", "group", "year", "language", "status")})
        found = search(reader, form.query, narrowing, request.GET.get("page"))
    groups = [*reader.groups.values()]
    frame: dict[str, Any] = (
        group_context(request, groups[0], "search") if len(groups) == 1 else {"group": None, "place": "search"}
    )
    context = frame | {"form": form, "found": found, "page_of": found.page if found else None, "links": {}}
    return render(request, "documents/search.html", context)
