"""The register of papers, a paper, a resolution, an area, and what a symbol leads to."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import F, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from documents.attention import address_of, folded, why_doubtful
from documents.citations import citations
from documents.frame import group_context, group_or_404
from documents.models import Document, MeetingDocument, Revision
from documents.reading import Reading, editions_for, links_for, reader_text
from documents.snapshot import symbols_in
from documents.views.shared import rows_of
from mandates.models import RegisteredSymbol, Resolution, ResponsibleArea, WorkingGroup, registered_organs
from mandates.permissions import can_see_shared, can_see_shared_history, is_editor_anywhere
from mandates.symbol_words import explain
from mandates.symbols import SymbolError, parse
from meetings.models import Meeting


def _texts(request: HttpRequest) -> list[tuple[WorkingGroup, Reading]]:
    """The plan of each visible group as this reader may read it."""
    found = []
    for group in WorkingGroup.objects.visible_to(request.user).select_related("plan", "body__parent").order_by("slug"):
        if reading := reader_text(request.user, group):
            found.append((group, reading))
    return found


def _links(request: HttpRequest, texts: list[tuple[WorkingGroup, Reading]]) -> dict[str, str]:
    return links_for(request.user, symbols_in({"rows": [reading.json_text["rows"] for _group, reading in texts]}))


def _frame(request: HttpRequest, place: str) -> dict[str, Any]:
    """The head of the page: the only group that this reader sees, else mispa itself."""
    shared = {
        "can_edit_shared": is_editor_anywhere(request.user),
        "can_see_shared_history": can_see_shared_history(request.user),
    }
    groups = list(WorkingGroup.objects.visible_to(request.user).select_related("body__parent")[:2])
    if len(groups) == 1:
        return group_context(request, groups[0], place) | shared
    return {"group": None, "place": place} | shared


@login_not_required
@require_safe
def document_list(request: HttpRequest, group: str) -> HttpResponse:
    """The papers of the group and those that its process cites, by symbol; those without one first."""
    found = group_or_404(request, group)
    series = Meeting.objects.filter(group=found, series__isnull=False).values("series_id")
    cited = MeetingDocument.objects.standing().filter(Q(meeting__series__in=series) | Q(meeting__group=found))
    cited = cited.filter(meeting__in=Meeting.objects.visible_to(request.user))
    cited = cited.select_related("meeting__series", "meeting__group", "meeting__city", "meeting__prepares__series")
    revisions = (
        Revision.objects.visible_to(request.user).select_related("symbol").prefetch_related(Prefetch("meetings", cited))
    )
    documents = (
        Document.objects.visible_to(request.user)
        .filter(Q(group=found) | Q(id__in=cited.values("revision__document_id")))
        .prefetch_related(Prefetch("revisions", revisions.order_by("position", "id")))
        .order_by(F("base").asc(nulls_first=True), "id")
    )
    context = group_context(request, found, "papers") | {"documents": documents}
    context["pending"] = sum(document.base is None for document in documents)
    return render(request, "documents/document_list.html", context)


@login_not_required
@require_safe
def document_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A revision by its symbol's slug, or by the symbol's id while it is pending."""
    visible = Revision.objects.visible_to(request.user)
    revision = get_object_or_404(
        visible.select_related("symbol", "document__group__body__parent", "edition"), _by_slug(slug)
    )
    meetings = MeetingDocument.objects.standing().filter(revision=revision)
    meetings = meetings.filter(meeting__in=Meeting.objects.visible_to(request.user))
    symbol = revision.symbol
    revisions = visible.filter(document=revision.document).select_related("symbol").order_by("position", "id")
    context = _frame(request, "papers") | {
        "revision": revision,
        "why_pending": why_doubtful(symbol.printed) if symbol.review else "",
        "is_printed_otherwise": bool(symbol.canonical) and symbol.printed != symbol.canonical,
        "cited": _cited(request, symbol),
        "document": revision.document,
        "revisions": revisions,
        "base": revision.document.base if any(one.symbol.canonical for one in revisions) else None,
        "meetings": meetings.select_related(
            "meeting__city", "meeting__series", "meeting__prepares__series", "meeting__group"
        ),
        "edition": _edition_behind(request, revision),
    }
    return render(request, "documents/document_detail.html", context)


def _cited(request: HttpRequest, symbol: RegisteredSymbol) -> list[dict[str, Any]]:
    """Where the texts that the reader may read cite a symbol."""
    return [
        {"group": group, "page": address_of(group, reading), "places": places}
        for group, reading in _texts(request)
        if (places := citations(reading.text, symbol))
    ]


def _edition_behind(request: HttpRequest, revision: Revision) -> Any:
    """The edition of a plan that this revision is, if the reader may open it."""
    group = revision.document.group
    if group is None or revision.document.plan_id is None:
        return None
    return editions_for(request.user, group).filter(revision=revision).first()


def _by_slug(slug: str) -> Q:
    try:
        return Q(symbol__slug=slug) | Q(symbol_id=UUID(slug))
    except ValueError:
        return Q(symbol__slug=slug)


def _resolution_by(slug: str) -> Q:
    """By its symbol's slug; one whose symbol is pending, by its own id."""
    try:
        return Q(symbol__slug=slug) | Q(symbol__slug=None, pk=UUID(slug))
    except ValueError:
        return Q(symbol__slug=slug)


@login_not_required
@require_safe
def resolution_detail(request: HttpRequest, slug: str) -> HttpResponse:
    visible = Resolution.objects.visible_to(request.user).select_related("symbol")
    resolution = get_object_or_404(visible, _resolution_by(slug))
    texts = _texts(request)
    rows = [
        {"group": group, "page": address_of(group, reading), "row": row}
        for group, reading in texts
        for row in rows_of(reading)
        if row["symbol"] == resolution.symbol.canonical
    ]
    bases = resolution.bases.standing().filter(meeting__in=Meeting.objects.visible_to(request.user))
    bases = bases.select_related("meeting__series", "meeting__group", "meeting__city")
    others = visible.standing().exclude(pk=resolution.pk).order_by("symbol__canonical", "id")
    context = _frame(request, "plan") | {
        "resolution": resolution,
        "rows": rows,
        "bases": bases.order_by("meeting__starts_on", "id"),
        "twins": [other for other in others if folded(other.title) == folded(resolution.title)],
        "cited": _cited(request, resolution.symbol),
        "links": _links(request, texts),
    }
    return render(request, "mandates/resolution_detail.html", context)


@login_not_required
@require_safe
def area_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What names an area, in the texts that the reader may read: rows, and single mandates.

    For the public an area is there as soon as such a text names it.
    """
    texts = _texts(request)
    areas = ResponsibleArea.objects.standing()
    if not can_see_shared(request.user):
        areas = areas.filter(id__in=_areas_in(texts))
    area = get_object_or_404(areas.select_related("parent"), slug=slug)
    named: list[dict[str, Any]] = []
    for group, reading in texts:
        for row in rows_of(reading):
            beside_row = _names(row["areas"], area)
            mandates = [one for one in row["mandates"] if beside_row or _names(one["areas"], area)]
            if mandates:
                page = address_of(group, reading)
                named.append({"group": group, "page": page, "row": row, "mandates": mandates, "whole_row": beside_row})
    context = _frame(request, "plan") | {
        "area": area,
        "area_id": str(area.pk),
        "units": areas.filter(parent=area).order_by("slug"),
        "named": named,
        "count": sum(len(one["mandates"]) for one in named),
        "links": _links(request, texts),
    }
    return render(request, "mandates/area_detail.html", context)


def _areas_in(texts: list[tuple[WorkingGroup, Reading]]) -> set[str]:
    named = set()
    for _group, reading in texts:
        for row in rows_of(reading):
            for areas in (row["areas"], *(mandate["areas"] for mandate in row["mandates"])):
                named |= {one["id"] for one in areas} | {one["unit"]["id"] for one in areas if one["unit"]}
    return named


def _names(areas: list[dict[str, Any]], area: ResponsibleArea) -> bool:
    ids = {one["id"] for one in areas} | {one["unit"]["id"] for one in areas if one["unit"]}
    return str(area.pk) in ids


@require_safe
def symbol_list(request: HttpRequest) -> HttpResponse:
    """Symbols to check: what is printed but not clean, for those who mend it."""
    if not can_see_shared_history(request.user):
        raise PermissionDenied
    # Symbols are shared by all groups, papers are not.
    theirs = Q(revision__isnull=True) | Q(revision__in=Revision.objects.visible_to(request.user))
    symbols = RegisteredSymbol.objects.standing().filter(theirs)
    doubtful = symbols.filter(state=RegisteredSymbol.State.PENDING).exclude(review="")
    doubtful = doubtful.select_related("revision__document", "resolution").order_by("printed", "id")
    otherwise = symbols.exclude(printed="").exclude(printed=F("canonical"))
    otherwise = otherwise.filter(canonical__isnull=False).select_related("revision__document", "resolution")
    context = _frame(request, "papers") | {
        "symbols": [{"symbol": symbol, "why": why_doubtful(symbol.printed)} for symbol in doubtful],
        "otherwise": [
            {"symbol": symbol, "differs_in_space": " ".join(symbol.printed.split()) == symbol.canonical}
            for symbol in otherwise.order_by("canonical", "id")
        ],
    }
    return render(request, "documents/symbol_list.html", context)


@login_not_required
@require_safe
def symbol_lookup(request: HttpRequest, printed: str) -> HttpResponse:
    """Leads from a symbol as a person types it to what it names, or says why it does not."""
    try:
        symbol = parse(printed, registered_organs())
    except SymbolError as error:
        raise Http404(explain(error)) from error
    resolution = Resolution.objects.visible_to(request.user).filter(symbol__canonical=str(symbol)).first()
    if resolution:
        return redirect(resolution)
    revisions = Revision.objects.visible_to(request.user).select_related("symbol")
    exact = revisions.filter(symbol__canonical=str(symbol)).first()
    # A base symbol leads to the paper's latest revision; another revision is never shown instead of the one asked for.
    latest = None if symbol.qualifiers else revisions.filter(document__base=str(symbol)).order_by("-position").first()
    if found := exact or latest:
        return redirect(found)
    raise Http404(_("Nothing that you may see has the symbol %(symbol)s.") % {"symbol": symbol.display})
