"""The register of papers, a paper, a resolution, an area."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.db.models import F, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from documents.editions.snapshot import symbols_in
from documents.models import Document, MeetingDocument, Revision
from documents.reading.asof import PARAMETER, as_of_context, past_after_sign_in
from documents.reading.chain import chain_of, lay_before
from documents.reading.citations import citations
from documents.reading.files import files_of
from documents.reading.following import follow_context
from documents.reading.frame import group_context, group_or_404
from documents.reading.gaps.in_text import folded
from documents.reading.papers import linked_with, mandates_of, topics_of
from documents.reading.past import NotThere, Past, past_asked_for
from documents.reading.texts import Reading, editions_for, links_for, reader_text
from documents.views.shared import page_of, rows_of
from mandates.models import RegisteredSymbol, Resolution, ResponsibleArea, WorkingGroup, registered_organs
from mandates.permissions import (
    can_register,
    can_see_history,
    can_see_shared,
    can_see_shared_history,
    is_editor_anywhere,
)
from mandates.registry import what_to_check
from meetings.models import Meeting
from mispa.ground.editing import last_change_of
from mispa.ground.models import as_of
from mispa.ground.text import sort_key

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User

Texts = list[tuple[WorkingGroup, Reading]]


def texts_of(request: HttpRequest, past: Past | None = None) -> Texts:
    """The plan of each visible group as this reader may read it, now or then."""
    found = []
    for group in WorkingGroup.objects.visible_to(request.user).select_related("plan", "body__parent").order_by("slug"):
        if reading := reader_text(request.user, group, past.at if past else None):
            found.append((past.group(group) if past else group, reading))
    return found


def _links(request: HttpRequest, texts: Texts, past: Past | None) -> dict[str, str]:
    symbols = symbols_in({"rows": [reading.json_text["rows"] for _group, reading in texts]})
    return past.links(symbols) if past else links_for(request.user, symbols)


def frame_of(request: HttpRequest, place: str) -> dict[str, Any]:
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
@past_after_sign_in
def document_list(request: HttpRequest, group: str) -> HttpResponse:
    """The papers of the group and those that its process cites, by symbol; those without one first."""
    found = group_or_404(request, group)
    past = past_asked_for(request, found)
    if past:
        found = past.group(found)
    documents = past.register(found) if past else register_of(request, found)
    context = group_context(request, found, "papers") | as_of_context(request, found, past.at if past else None)
    context |= {"documents": documents, "pending": sum(document.base is None for document in documents)}
    context |= {"can_register": not past and can_register(request.user, found)}
    return render(request, "documents/document_list.html", context)


def register_of(request: HttpRequest, found: WorkingGroup) -> Any:
    process = Meeting.objects.of_process(found).values("pk")
    cited = MeetingDocument.objects.standing().filter(Q(meeting__in=process) | Q(meeting__group=found))
    cited = cited.filter(meeting__in=Meeting.objects.visible_to(request.user))
    cited = cited.select_related("meeting__series", "meeting__group", "meeting__city", "meeting__prepares__series")
    revisions = (
        Revision.objects.visible_to(request.user).select_related("symbol").prefetch_related(Prefetch("meetings", cited))
    )
    return (
        Document.objects.visible_to(request.user)
        .filter(Q(group=found) | Q(id__in=cited.values("revision__document_id")))
        .prefetch_related(Prefetch("revisions", revisions.order_by("position", "id")))
        .order_by(F("base").asc(nulls_first=True), "id")
    )


@login_not_required
@require_safe
@past_after_sign_in
def document_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A revision by its symbol's slug, or by the symbol's id while it is pending."""
    group, past = _group_and_past(request, slug)
    if past:
        revision = _revision_then(past, slug)
        revisions: Any = past.revisions(document_id=revision.document_id)
        meetings: Any = past.meetings_of(revision)
        past.attach([revision.document], "delegation")
        past.attach([revision.document], "area")
    else:
        visible = Revision.objects.visible_to(request.user)
        related = ("symbol", "document__group__body__parent", "document__delegation", "document__area", "edition")
        found = visible.select_related(*related).filter(_by_slug(slug)).first()
        if found is None:
            return _withdrawn(request, slug)
        revision = found
        revisions = list(visible.filter(document=revision.document).select_related("symbol").order_by("position", "id"))
        meetings = MeetingDocument.objects.standing().filter(revision=revision)
        meetings = meetings.filter(meeting__in=Meeting.objects.visible_to(request.user)).select_related(
            "meeting__city", "meeting__series", "meeting__prepares__series", "meeting__group"
        )
    symbol, document = revision.symbol, revision.document
    chain = chain_of(document, revisions)
    lay_before(request.user, document, chain, past)
    texts = texts_of(request, past)
    context = (
        frame_of(request, "papers")
        | as_of_context(request, group, past.at if past else None)
        | {
            "revision": revision,
            "why_pending": what_to_check(symbol) if symbol.review else "",
            "is_printed_otherwise": bool(symbol.canonical) and symbol.printed != symbol.canonical,
            "cited": _cited(symbol, texts, past),
            "document": document,
            "title": revision.shown_title,
            "chain": chain,
            "this": next(link for link in chain if link.revision.pk == revision.pk),
            "current": next((link.revision for link in chain if link.is_current), None),
            "base": document.base if any(one.symbol.canonical for one in revisions) else None,
            "files": files_of(request.user, revision, past),
            "meetings": meetings,
            "edition": _edition_behind(request, group, revision),
            "linked": linked_with(request.user, document, past),
            "topics": topics_of(request.user, document, past),
            "mandates": mandates_of(document, _rows(texts, past), past),
            "rights": {} if past else _rights(request, document),
        }
        | ({"follow": None} if past else follow_context(request.user, document))
    )
    return render(request, "documents/document_detail.html", context)


def _rows(texts: Texts, past: Past | None) -> list[tuple[WorkingGroup, str, Any]]:
    return [(group, page_of(group, reading, past), rows_of(reading, past)) for group, reading in texts]


def rights_over(user: "User | AnonymousUser", document: Document) -> dict[str, Any]:
    """What somebody may do with a paper; that of a plan is written by issuing the plan."""
    group = document.group
    return {
        "may_edit": can_register(user, group) and not document.plan_id,
        "may_see_history": can_see_history(user, group) if group else can_see_shared_history(user),
    }


def _rights(request: HttpRequest, document: Document) -> dict[str, Any]:
    """The same for its page; the page of a plan's paper leads to the plan instead."""
    return {} if document.plan_id else rights_over(request.user, document)


def _withdrawn(request: HttpRequest, slug: str) -> HttpResponse:
    """A symbol that was withdrawn stays taken, and its page says so, to those who could read the paper."""
    symbols = RegisteredSymbol.objects.filter(Q(slug=slug), state=RegisteredSymbol.State.WITHDRAWN)
    held = Revision.history.model.objects.filter(symbol_id__in=symbols.values("pk")).values("id")
    gone = Revision.objects.open_to(request.user).filter(_by_slug(slug) | Q(pk__in=held))
    revision = gone.select_related("symbol", "document__group__body__parent").order_by("position").first()
    if revision is None:
        raise Http404
    document = revision.document
    symbol = symbols.first() or revision.symbol
    instead = Revision.objects.visible_to(request.user).filter(document=document).select_related("symbol")
    rights = _rights(request, document)
    is_told = bool(rights.get("may_see_history"))
    context = frame_of(request, "papers") | {
        "revision": revision,
        "document": document,
        "symbol": symbol,
        "instead": chain_of(document, list(instead)),
        "rights": rights,
        "withdrawn": last_change_of(document if document.is_withdrawn else revision) if is_told else None,
    }
    return render(request, "documents/document_withdrawn.html", context, status=410)


def _group_and_past(request: HttpRequest, slug: str) -> tuple[WorkingGroup | None, Past | None]:
    """The group of the paper at an address, and the past that is asked for.

    Who may see its history finds a paper that has been withdrawn since; others are told of none but those they see.
    """
    papers = Revision.objects.filter(_by_slug(slug)).select_related("document__group__body__parent")
    revision = papers.first()
    group = revision.document.group if revision else None
    if request.GET.get(PARAMETER) and not (group and can_see_history(request.user, group)):
        seen = Revision.objects.visible_to(request.user).filter(_by_slug(slug))
        if not seen.exists():
            raise NotThere
    return group, past_asked_for(request, group)


def _revision_then(past: Past, slug: str) -> Revision:
    found = past.revisions(id__in=list(Revision.objects.filter(_by_slug(slug)).values_list("pk", flat=True)))
    if not found:
        raise NotThere
    return found[0]


def _cited(symbol: RegisteredSymbol, texts: Texts, past: Past | None) -> list[dict[str, Any]]:
    """Where the texts that the reader may read cite a symbol."""
    organs = past.organs() if past else registered_organs()
    return [
        {"group": group, "page": page_of(group, reading, past), "places": places}
        for group, reading in texts
        if (places := citations(reading.text, symbol, organs))
    ]


def _edition_behind(request: HttpRequest, group: WorkingGroup | None, revision: Revision) -> Any:
    """The edition of a plan that this revision is, if the reader may open it."""
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
@past_after_sign_in
def resolution_detail(request: HttpRequest, slug: str) -> HttpResponse:
    past = past_asked_for(request, None)
    if past:
        others: Any
        resolution, others = _resolutions_then(past, slug)
        bases: Any = past.bases(resolution_id=resolution.pk)
    else:
        visible = Resolution.objects.visible_to(request.user).select_related("symbol")
        resolution = get_object_or_404(visible, _resolution_by(slug))
        others = visible.standing().exclude(pk=resolution.pk).order_by("symbol__canonical", "id")
        bases = resolution.bases.standing().filter(meeting__in=Meeting.objects.visible_to(request.user))
        bases = bases.select_related("meeting__series", "meeting__group", "meeting__city")
    texts = texts_of(request, past)
    rows = [
        {"group": group, "page": page_of(group, reading, past), "row": row}
        for group, reading in texts
        for row in rows_of(reading, past)
        if row["symbol"] == resolution.symbol.canonical
    ]
    context = (
        frame_of(request, "plan")
        | as_of_context(request, None, past.at if past else None)
        | {
            "resolution": resolution,
            "rows": rows,
            "bases": sorted(bases, key=lambda basis: (basis.meeting.starts_on or date.max, basis.pk)),
            "twins": [other for other in others if folded(other.title) == folded(resolution.title)],
            "cited": _cited(resolution.symbol, texts, past),
            "links": _links(request, texts, past),
        }
    )
    return render(request, "mandates/resolution_detail.html", context)


def _resolutions_then(past: Past, slug: str) -> tuple[Resolution, list[Resolution]]:
    """The resolution at an address, which may have been withdrawn, and all others, with the symbols of then."""
    everything = as_of(Resolution, past.at)
    past.attach(everything, "symbol")
    ids = [one.pk for one in everything if one.symbol.slug == slug]
    ids = ids or list(Resolution.objects.filter(_resolution_by(slug)).values_list("pk", flat=True))
    resolution = next((one for one in everything if one.pk in ids or str(one.pk) == slug), None)
    if resolution is None:
        raise NotThere
    others = [one for one in everything if one is not resolution and not one.is_withdrawn]
    return resolution, sorted(others, key=lambda one: (one.symbol.canonical or "", one.pk))


@login_not_required
@require_safe
@past_after_sign_in
def area_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What names an area, in the texts that the reader may read: rows, and single mandates.

    For the public an area is there as soon as such a text names it.
    """
    past = past_asked_for(request, None)
    texts = texts_of(request, past)
    if past:
        units: Any
        area, units = _area_then(past, slug)
    else:
        areas = ResponsibleArea.objects.standing()
        if not can_see_shared(request.user):
            areas = areas.filter(id__in=_areas_in(texts))
        area = get_object_or_404(areas.select_related("parent"), slug=slug)
        units = areas.filter(parent=area)
    named: list[dict[str, Any]] = []
    for group, reading in texts:
        for row in rows_of(reading, past):
            beside_row = _names(row["areas"], area)
            mandates = [one for one in row["mandates"] if beside_row or _names(one["areas"], area)]
            if mandates:
                page = page_of(group, reading, past)
                named.append({"group": group, "page": page, "row": row, "mandates": mandates, "whole_row": beside_row})
    context = (
        frame_of(request, "plan")
        | as_of_context(request, None, past.at if past else None)
        | {
            "area": area,
            "area_id": str(area.pk),
            "units": sorted(units, key=lambda unit: (sort_key(unit.name), unit.slug)),
            "named": named,
            "count": sum(len(one["mandates"]) for one in named),
            "links": _links(request, texts, past),
        }
    )
    return render(request, "mandates/area_detail.html", context)


def _area_then(past: Past, slug: str) -> tuple[ResponsibleArea, list[ResponsibleArea]]:
    """The area that had an address, else the one that has it now, and its units."""
    found = past.rows(ResponsibleArea, slug=slug)
    now = ResponsibleArea.objects.filter(slug=slug).values_list("pk", flat=True)
    area = found[0] if found else past.one(ResponsibleArea, id__in=list(now))
    past.attach([area], "parent")
    return area, past.rows(ResponsibleArea, parent_id=area.pk)


def _areas_in(texts: Texts) -> set[str]:
    named = set()
    for _group, reading in texts:
        for row in rows_of(reading):
            for areas in (row["areas"], *(mandate["areas"] for mandate in row["mandates"])):
                named |= {one["id"] for one in areas} | {one["unit"]["id"] for one in areas if one["unit"]}
    return named


def _names(areas: list[dict[str, Any]], area: ResponsibleArea) -> bool:
    ids = {one["id"] for one in areas} | {one["unit"]["id"] for one in areas if one["unit"]}
    return str(area.pk) in ids
