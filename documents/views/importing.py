"""A plan is brought in from a file: chosen, looked at beside what stands, saved as one change."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from documents.actions.importing import (
    NothingToImport,
    ProposalHasChanged,
    convened_by,
    import_plan,
    is_undone,
    proposal_for,
)
from documents.forms import FileToImportForm, ImportForm
from documents.importing.brought import Brought, NoPlan
from documents.importing.keeping import anomalies_from_json, as_json, from_json
from documents.importing.proposal import Proposal
from documents.importing.reading import read
from documents.models import ImportedPlan, WaitingFile
from documents.reading.frame import group_context, group_or_404, plan_or_404
from documents.reading.proposals import (
    days_to_choose,
    decisions_in,
    has_meetings_to_convene,
    headlines,
    oddities,
    sections,
)
from documents.views.shared import LARGEST, InMemory
from mandates.models import WorkingGroup, WorkPlan, registered_organs
from mandates.permissions import can_see_history, is_editor
from meetings.permissions import can_edit_rooms
from mispa.ground.forms import refuse
from mispa.ground.kept import take_up
from mispa.ground.models import User

_WAITS: Final = timedelta(days=1)
CONFLICT: Final = 409
MOST_AT_ONCE: Final = 1_500  # things that a page shows and saves; some hundred a second, and servers give it thirty


def _of_editors(request: HttpRequest, slug: str) -> WorkingGroup:
    group = group_or_404(request, slug)
    if not is_editor(request.user, group):
        raise PermissionDenied
    plan_or_404(group)
    return group


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # until the handler is there; the inner view asks for the token
def plan_import(request: HttpRequest, group: str) -> HttpResponse:
    """Where a file is chosen, and what was brought in before."""
    handler = InMemory.of(request)
    return _choose(request, group, handler)


@csrf_protect
def _choose(request: HttpRequest, group: str, handler: InMemory) -> HttpResponse:
    found = _of_editors(request, group)
    form = FileToImportForm()
    if request.method == "POST":
        form = FileToImportForm(request.POST, request.FILES, is_too_large=handler.size > LARGEST)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                brought = read(file.read(), file.name, registered_organs())
            except NoPlan as refused:
                form.add_error("file", str(refused))
            else:
                return redirect("documents:import-preview", found.slug, _waiting(request, found, file.name, brought).pk)
    imports = ImportedPlan.objects.filter(plan=found.plan).select_related("change_set__by", "plan__group")
    context = group_context(request, found, "plan") | {"form": form, "imports": list(imports.order_by("-number"))}
    return render(request, "documents/import.html", context, status=400 if form.errors else 200)


@transaction.atomic
def _waiting(request: HttpRequest, group: WorkingGroup, name: str, brought: Brought) -> WaitingFile:
    """Keeps what was read until it is saved; old rows, and an earlier file of the same person, go."""
    assert isinstance(request.user, User)  # noqa: S101 (an editor has signed in)
    WorkPlan.objects.select_for_update().get(pk=group.plan.pk)  # two files sent at once come one after the other
    WaitingFile.objects.filter(at__lt=timezone.now() - _WAITS).delete()  # untracked: it waited
    WaitingFile.objects.filter(plan=group.plan, by=request.user).delete()  # untracked: another takes its place
    return WaitingFile.objects.create(plan=group.plan, by=request.user, file_name=name[-255:], brought=as_json(brought))


@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request: HttpRequest, group: str, pk: UUID) -> HttpResponse:
    """What the file would change, each thing with its choice; saved with a reason."""
    found = _of_editors(request, group)
    assert isinstance(request.user, User)  # noqa: S101 (an editor has signed in)
    waiting = WaitingFile.objects.filter(pk=pk, plan=found.plan, by=request.user).select_related("plan__group").first()
    if waiting is None:
        return _gone(request, found)
    brought = from_json(waiting.brought)
    proposal = proposal_for(found.plan, brought)
    form = ImportForm(request.POST or None, candidates=days_to_choose(proposal), initial={"seen": proposal.digest})
    form.offer(decisions_in(proposal))
    status = 200
    if request.method != "POST":
        take_up(request, form)
    elif form.is_valid() and proposal.work <= MOST_AT_ONCE:
        try:
            return _saved(request, waiting, _imported(request.user, waiting, brought, form))
        except ProposalHasChanged as changed:
            if not WaitingFile.objects.filter(pk=waiting.pk).exists():
                return _gone(request, found)  # it was sent twice, and the first has saved it
            proposal, status = changed.proposal, CONFLICT
            form.go_on_from(proposal.digest)
            form.offer(decisions_in(proposal))
            form.add_error(None, str(changed))
        except NothingToImport as nothing:
            form.add_error(None, str(nothing))
        except ValidationError as error:
            refuse(form, error)
    context = group_context(request, found, "plan") | _preview(proposal, form) | {"waiting": waiting}
    return render(request, "documents/import_preview.html", context, status=status)


def _gone(request: HttpRequest, group: WorkingGroup) -> HttpResponse:
    messages.info(request, _("This file waits no longer: it was saved, or another was chosen. Choose it again."))
    return redirect("documents:plan-import", group.slug)


def _imported(by: User, waiting: WaitingFile, brought: Brought, form: ImportForm) -> ImportedPlan:
    return import_plan(
        plan=waiting.plan,
        brought=brought,
        file_name=waiting.file_name,
        choices=form.choices(),
        seen=form.cleaned_data["seen"],
        by=by,
        reason=form.cleaned_data["reason"],
        may_enter_rooms=can_edit_rooms(by),
    )


def _preview(proposal: Proposal, form: ImportForm) -> dict[str, Any]:
    is_too_much = proposal.work > MOST_AT_ONCE
    return {
        "form": form,
        "proposal": proposal,
        "too_much": proposal.work if is_too_much else 0,
        "headlines": headlines(proposal),
        "oddities": oddities(proposal.brought.anomalies, proposal.brought.kind, form),
        "sections": [] if is_too_much else sections(proposal, form.chosen),
        "to_convene": has_meetings_to_convene(proposal) and not is_too_much,
    }


def _saved(request: HttpRequest, waiting: WaitingFile, imported: ImportedPlan) -> HttpResponse:
    waiting.delete()  # untracked: it is brought in
    link = format_html('<a href="{}">{}</a>', imported.get_absolute_url(), _("See the import"))
    said = _("Brought in as one change: %(file)s.") % {"file": imported.file_name}
    messages.success(request, format_html("{} {}", said, link))
    return redirect("documents:draft-detail", imported.plan.group.slug)


@require_safe
def import_detail(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """One import: which file, by whom, why; what was odd in it; and the way to undo it."""
    found = group_or_404(request, group)
    if not can_see_history(request.user, found):
        raise PermissionDenied
    imports = ImportedPlan.objects.select_related("change_set__by", "plan__group")
    imported = get_object_or_404(imports, plan=plan_or_404(found), number=number)
    context = group_context(request, found, "plan") | {
        "imported": imported,
        "oddities": oddities(anomalies_from_json(imported.anomalies), imported.kind),
        "is_undone": is_undone(imported.change_set_id),
        "convened": convened_by(imported.change_set_id),
        "change_set_url": reverse("documents:change-set-detail", args=[found.slug, imported.change_set_id]),
        "undo_url": reverse("documents:change-set-undo", args=[found.slug, imported.change_set_id]),
    }
    return render(request, "documents/import_detail.html", context)
