"""The work plan before a reader: the text in force or released, the working text, sealed editions, their files."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from documents.forms import AdoptionForm
from documents.models import Adoption, Edition
from documents.reading.asof import as_of_context, instant_asked_for, instant_for, past_after_sign_in
from documents.reading.coverage import tied_to
from documents.reading.frame import group_context, group_or_404, plan_or_404
from documents.reading.past import Past, past_asked_for
from documents.reading.texts import Reading, editions_for, in_force, of_edition, reader_text, working_text
from documents.views.shared import (
    calendar_of,
    edition_or_404,
    file_name,
    json_response,
    page_of,
    paper,
    reading_or_404,
    rows_of,
    text_context,
    withdrawn,
)
from mandates.models import Mandate, Note, Paragraph, PlanRow, WorkingGroup, WorkPlan
from mandates.permissions import can_issue, can_see_history, is_chair, is_editor
from mispa.ground.openings import latest_change

View = Callable[..., HttpResponse]


def _files_of(find: Callable[..., Reading]) -> tuple[View, ...]:
    """The views of the files of a text, as PDF, Word, JSON and calendar file; `find` gives the text to the reader."""

    @require_safe
    def pdf(request: HttpRequest, **address: Any) -> HttpResponse:
        return paper(request, find(request, **address), "work-plan.pdf")

    @require_safe
    def docx(request: HttpRequest, **address: Any) -> HttpResponse:
        return paper(request, find(request, **address), "work-plan.docx")

    @require_safe
    def as_json(request: HttpRequest, **address: Any) -> HttpResponse:
        reading = find(request, **address)
        return json_response(request, reading.as_json(), file_name(reading, "json"))

    @require_safe
    def ics(request: HttpRequest, **address: Any) -> HttpResponse:
        return calendar_of(request, find(request, **address))

    return pdf, docx, as_json, ics


# ---- the text in force, else the latest released to the reader


@login_not_required
@require_safe
def plan_detail(request: HttpRequest, group: str) -> HttpResponse:
    found = group_or_404(request, group)
    at = instant_asked_for(request, found.zone)
    return _plan_page(request, found, reading_or_404(request, found, at), at, asks=True)


def _text_in_force(request: HttpRequest, group: str) -> Reading:
    found = group_or_404(request, group)
    return reading_or_404(request, found, instant_asked_for(request, found.zone))


plan_pdf, plan_docx, plan_json, _plan_ics = map(login_not_required, _files_of(_text_in_force))


# ---- the working text: who writes it, and the administrator, who only reads it


def _working_text(request: HttpRequest, group: str) -> Reading:
    found = group_or_404(request, group)
    if not can_see_history(request.user, found):
        raise PermissionDenied
    at = instant_for(request, found)
    plan = plan_or_404(found)
    if at and not plan.history.filter(change_set__at__lte=at).exists():
        raise Http404(_("This plan did not exist yet at that time."))
    return working_text(plan, at)


@require_safe
def draft_detail(request: HttpRequest, group: str) -> HttpResponse:
    reading = _working_text(request, group)
    found = reading.plan.group
    return _plan_page(request, found, reading, instant_asked_for(request, found.zone), asks=True)


draft_pdf, draft_docx, draft_json, _draft_ics = _files_of(_working_text)


# ---- sealed editions and their corrigenda


def _edition(request: HttpRequest, group: str, number: int, corrigendum: int | None = None) -> Reading:
    return of_edition(edition_or_404(request, group, number, corrigendum))


@login_not_required
@require_safe
def edition_detail(request: HttpRequest, group: str, number: int, corrigendum: int | None = None) -> HttpResponse:
    reading = _edition(request, group, number, corrigendum)
    return _plan_page(request, reading.plan.group, reading)


edition_pdf, edition_docx, edition_json, edition_ics = map(login_not_required, _files_of(_edition))


# ---- one mandate


@login_not_required
@require_safe
@past_after_sign_in
def mandate_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A mandate as the reader's text has it; an editor who finds it only in the working text gets that."""
    groups = WorkingGroup.objects.visible_to(request.user).filter(plan__rows__mandates=pk)
    for group in groups.select_related("body__parent", "plan"):
        past = past_asked_for(request, group)
        at = past.at if past else None
        reading = reader_text(request.user, group, at)
        for row in rows_of(reading, past) if reading else []:
            for mandate in row["mandates"]:
                if reading and mandate["id"] == str(pk):
                    shown = past.group(group) if past else group
                    context = group_context(request, shown, "plan") | text_context(request, reading, past)
                    context |= {"row": row, "mandate": mandate, "page": page_of(group, reading, past)}
                    context |= {
                        "topics": _topics_for(reading, mandate["id"]),
                        "tied": tied_to(pk, request.user, past),
                    }
                    context |= as_of_context(request, shown, at)
                    return render(request, "mandates/mandate_detail.html", context)
    raise Http404(_("No text that you may read has this mandate."))


def _topics_for(reading: Reading, mandate: str) -> list[dict[str, Any]]:
    return [
        {"meeting": meeting, "topic": topic}
        for meeting in reading.text["meetings"]
        for topic in meeting["topics"]
        if mandate in topic["mandates"]
    ]


# ---- shared


def _plan_page(
    request: HttpRequest, group: WorkingGroup, reading: Reading, at: datetime | None = None, asks: bool = False
) -> HttpResponse:
    """`at` is the instant of which the page is, `asks` whether it offers the choice of one."""
    past = Past(request.user, at) if at and reading.edition is None else None
    context = group_context(request, group, "plan") | text_context(request, reading, past)
    context |= as_of_context(request, group, at) | {"page": page_of(group, reading, past), "may_ask_as_of": asks}
    if at:
        number = reading.edition.number if reading.edition else None
        uncorrected = editions_for(request.user, group).filter(number=number, corrigendum=0).first()
        context |= {"latest": None, "moved": [], "uncorrected": uncorrected}
    elif reading.edition:
        context |= _of_edition(request, group, reading, reading.edition)
    else:
        context |= {"latest": editions_for(request.user, group).first()} | _for_writing(group.plan, context["notes"])
    return render(request, "documents/plan_detail.html", context)


def _of_edition(request: HttpRequest, group: WorkingGroup, reading: Reading, edition: Edition) -> dict[str, Any]:
    """What the page of an edition has more: what came after it, and what this reader may record of it."""
    editions = list(editions_for(request.user, group))
    same = [one for one in editions if one.number == edition.number]
    later = Adoption.objects.filter(edition__plan=edition.plan_id, edition__number__gte=edition.number)
    is_open = not later.exists()
    is_last = editions[0].number == edition.number
    context: dict[str, Any] = {
        "latest": editions[0],
        "current": in_force(group, timezone.now()),
        "corrigenda": [one for one in reversed(same) if one.corrigendum > edition.corrigendum],
        "uncorrected": same[-1],
        "can_consider": is_open and not edition.corrigendum and is_editor(request.user, group),
        "can_prepare": is_open and is_last and can_issue(request.user, group),
        "can_correct": same[0].pk == edition.pk and can_issue(request.user, group),
        "can_confirm": reading.record["status"] == "ad referendum" and is_chair(request.user, group),
    }
    if is_open and is_last and same[0].pk == edition.pk and is_chair(request.user, group):
        context["gavel"] = AdoptionForm(edition=same[-1])
    return context


def _for_writing(plan: WorkPlan, notes: list[dict[str, Any]]) -> dict[str, Any]:
    """What the page of the working text has more: notes that nothing calls, what was withdrawn, where moves begin."""
    called = [note["id"] for note in notes]
    parts = {
        "mandates:row": PlanRow.objects.filter(plan=plan),
        "mandates:mandate": Mandate.objects.filter(row__plan=plan, row__is_withdrawn=False),
        "mandates:paragraph": Paragraph.objects.filter(plan=plan),
        "mandates:note": Note.objects.filter(plan=plan),
    }
    return {
        "is_written": True,
        "opened_from": latest_change(),
        "idle_notes": Note.objects.standing().filter(plan=plan).exclude(pk__in=called).order_by("key", "id"),
        "withdrawn": [
            one
            for noun, things in parts.items()
            for one in withdrawn(noun, things.filter(is_withdrawn=True).order_by("id"), lambda thing: [thing.pk])
        ],
    }
