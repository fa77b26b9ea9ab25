"""The work plan: the text in force or released, the working text, sealed editions; issuing and releasing them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from documents.actions import NothingToIssue, WorkingTextHasChanged, issue_plan, record_of, release_plan
from documents.attention import address_of
from documents.forms import IssueForm, ReleaseForm
from documents.frame import group_context, group_or_404
from documents.models import Edition, Release
from documents.pdf import work_plan_pdf
from documents.reading import Reading, editions_for, of_edition, reader_text, working_text
from documents.views.shared import (
    edition_file,
    file_name,
    file_response,
    json_response,
    paper_language,
    reading_or_404,
    rows_of,
    text_context,
    withdrawn,
)
from mandates.models import Mandate, Note, Paragraph, PlanRow, WorkingGroup, WorkPlan
from mandates.permissions import can_issue, can_release, can_see_circulated, can_see_history
from mispa.ground.forms import refuse
from mispa.ground.models import User
from mispa.ground.openings import latest_change

# ---- the text in force, else the latest released to the reader


@login_not_required
@require_safe
def plan_detail(request: HttpRequest, group: str) -> HttpResponse:
    found = group_or_404(request, group)
    reading = reading_or_404(request, found)
    return _plan_page(request, found, reading)


@login_not_required
@require_safe
def plan_pdf(request: HttpRequest, group: str) -> HttpResponse:
    return edition_file(request, reading_or_404(request, group_or_404(request, group)), "work-plan.pdf")


@login_not_required
@require_safe
def plan_json(request: HttpRequest, group: str) -> HttpResponse:
    return _plan_json(request, reading_or_404(request, group_or_404(request, group)))


# ---- the working text: who writes it, and the administrator, who only reads it


def _working_text(request: HttpRequest, slug: str) -> tuple[WorkingGroup, Reading]:
    group = group_or_404(request, slug)
    if not can_see_history(request.user, group):
        raise PermissionDenied
    return group, working_text(group.plan)


@require_safe
def draft_detail(request: HttpRequest, group: str) -> HttpResponse:
    found, reading = _working_text(request, group)
    return _plan_page(request, found, reading)


@require_safe
def draft_pdf(request: HttpRequest, group: str) -> HttpResponse:
    _found, reading = _working_text(request, group)
    language = paper_language(request, reading)
    content = work_plan_pdf(reading.text, reading.record, language)
    name = file_name(reading, "pdf", language=language)
    return file_response(request, content, "application/pdf", name, f"draft-{reading.seal}-{language}")


@require_safe
def draft_json(request: HttpRequest, group: str) -> HttpResponse:
    _found, reading = _working_text(request, group)
    return _plan_json(request, reading)


# ---- sealed editions


def _edition_or_404(request: HttpRequest, slug: str, number: int) -> tuple[WorkingGroup, Edition]:
    group = group_or_404(request, slug)
    edition = editions_for(request.user, group).filter(number=number).first()
    if edition is None:
        raise Http404(_("There is no edition %(number)s of this work plan that you may read.") % {"number": number})
    return group, edition


@login_not_required
@require_safe
def edition_list(request: HttpRequest, group: str) -> HttpResponse:
    found = group_or_404(request, group)
    context = group_context(request, found, "plan") | {"items": _items(request, found)}
    return render(request, "documents/edition_list.html", context)


def _items(request: HttpRequest, group: WorkingGroup) -> list[dict[str, Any]]:
    """The editions that the reader may open, each with those releases that she may know of."""
    everybody = Release.Audience.PUBLIC
    knows_all = can_see_circulated(request.user, group)
    items = []
    for edition in editions_for(request.user, group):
        releases = [one for one in edition.releases.all() if knows_all or one.audience == everybody]
        is_open = any(one.audience == everybody for one in releases)
        items.append(
            {"edition": edition, "record": record_of(edition), "releases": releases, "is_open_to_all": is_open}
        )
    return items


@login_not_required
@require_safe
def edition_detail(request: HttpRequest, group: str, number: int) -> HttpResponse:
    found, edition = _edition_or_404(request, group, number)
    return _plan_page(request, found, of_edition(edition))


@login_not_required
@require_safe
def edition_pdf(request: HttpRequest, group: str, number: int) -> HttpResponse:
    _found, edition = _edition_or_404(request, group, number)
    return edition_file(request, of_edition(edition), "work-plan.pdf")


@login_not_required
@require_safe
def edition_json(request: HttpRequest, group: str, number: int) -> HttpResponse:
    _found, edition = _edition_or_404(request, group, number)
    return _plan_json(request, of_edition(edition))


@require_http_methods(["GET", "HEAD", "POST"])
def edition_create(request: HttpRequest, group: str) -> HttpResponse:
    found = group_or_404(request, group)
    if not can_issue(request.user, found):
        raise PermissionDenied
    assert isinstance(request.user, User)  # noqa: S101 (who may issue has signed in)
    reading = working_text(found.plan)
    form = IssueForm(request.POST or None, initial={"seen": reading.seal})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            edition = issue_plan(plan=found.plan, by=request.user, **form.cleaned_data)
        except WorkingTextHasChanged as error:
            form = IssueForm(request.POST.dict() | {"seen": reading.seal})  # what was typed, beside the text of now
            form.add_error(None, str(error))
            status = 409
        except NothingToIssue as error:
            form.add_error(None, str(error))
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Edition %(number)s is issued and sealed.") % {"number": edition.number})
            return redirect(edition)
    context = group_context(request, found, "plan") | text_context(request, reading) | {"form": form}
    context["latest"] = editions_for(request.user, found).first()
    return render(request, "documents/edition_create.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edition_release(request: HttpRequest, group: str, number: int) -> HttpResponse:
    found, edition = _edition_or_404(request, group, number)
    if not can_release(request.user, found):
        raise PermissionDenied
    assert isinstance(request.user, User)  # noqa: S101 (who may release has signed in)
    form = ReleaseForm(request.POST or None, edition=edition, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            release: Release = release_plan(edition=edition, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(
                request, _("The edition is open to %(audience)s.") % {"audience": release.get_audience_display()}
            )
            return redirect(edition)
    context = group_context(request, found, "plan") | {"edition": edition, "form": form}
    context["record"] = record_of(edition)
    context["is_open_to_all"] = "public" in context["record"]["audiences"]
    return render(request, "documents/edition_release.html", context)


# ---- one mandate


@login_not_required
@require_safe
def mandate_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A mandate as the reader's text has it; an editor who finds it only in the working text gets that."""
    groups = WorkingGroup.objects.visible_to(request.user).filter(plan__rows__mandates=pk)
    for group in groups.select_related("body__parent", "plan"):
        reading = reader_text(request.user, group)
        for row in rows_of(reading) if reading else []:
            for mandate in row["mandates"]:
                if reading and mandate["id"] == str(pk):
                    context = group_context(request, group, "plan") | text_context(request, reading)
                    context |= {"row": row, "mandate": mandate, "page": address_of(group, reading)}
                    context["topics"] = _topics_for(reading, mandate["id"])
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


def _plan_page(request: HttpRequest, group: WorkingGroup, reading: Reading) -> HttpResponse:
    context = group_context(request, group, "plan") | text_context(request, reading)
    context["latest"] = editions_for(request.user, group).first()
    context["page"] = address_of(group, reading)
    if reading.edition is None:
        context |= _for_writing(group.plan, context["notes"])
    return render(request, "documents/plan_detail.html", context)


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


def _plan_json(request: HttpRequest, reading: Reading) -> HttpResponse:
    return json_response(
        request, reading.as_json(), file_name(reading, "json"), f"{reading.seal}-{reading.record['status']}"
    )
