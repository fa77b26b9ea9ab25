"""The pages on which the secretariat registers papers, revises and issues them, and says how they are numbered."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from documents import actions, forms
from documents.actions.registering import next_symbols
from documents.models import Document, NumberPattern, Revision
from documents.reading.asof import only_now
from documents.reading.chain import chain_of, current_of, next_states
from documents.reading.files import files_of
from documents.reading.frame import group_context, group_or_404
from documents.reading.register import COLUMNS, as_json, as_rows
from documents.views.library import register_of, rights_over
from documents.views.shared import digest, file_response, json_response
from mandates.models import RegisteredSymbol, WorkingGroup
from mandates.permissions import can_register, can_see_history
from mandates.registry import what_to_check
from mispa.ground.csv_files import as_csv
from mispa.ground.writing import Creation, Subject, create, edit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User


def _original(group: WorkingGroup | None) -> dict[str, Any]:
    plan = getattr(group, "plan", None) if group else None
    return {"original": plan.original_language} if plan else {}


def _document(user: "User | AnonymousUser", pk: UUID) -> Document:
    papers = Document.objects.open_to(user).select_related("group__body__parent", "group__plan")
    found: Document = get_object_or_404(papers, pk=pk)
    return found


def page_of(document: Document) -> str:
    """The page of its current text, else of its latest state; where all are withdrawn, a page that says so."""
    states = list(Revision.objects.filter(document=document).select_related("symbol").order_by("position", "id"))
    if states:
        standing = [one for one in states if not one.is_withdrawn]
        return str(current_of(document, standing or states).get_absolute_url())
    group = document.group
    return reverse("documents:document-list", args=[group.slug]) if group else reverse("pages:home")


def _say_if_pending(revision: Revision) -> str:
    why = what_to_check(revision.symbol) if revision.symbol.printed else ""
    return _("The symbol is kept as pending: %(why)s") % {"why": why} if why else ""


def _say_if_first_is_pending(document: Document) -> str:
    first = Revision.objects.filter(document=document).select_related("symbol").order_by("position", "id").first()
    return _say_if_pending(first) if first else ""


# Papers ------------------------------------------------------------------


def paper(user: "User | AnonymousUser", pk: UUID) -> Subject:
    found = _document(user, pk)
    return Subject(
        thing=found,
        noun="documents:document",
        address={"pk": pk},
        **rights_over(user, found),
        form=forms.PaperForm,
        options={"group": found.group, **_original(found.group)},
        revise=partial(actions.revise_paper, document=found),
        withdraw=partial(actions.withdraw_paper, document=found),
        restore=partial(actions.restore_paper, document=found),
        back=page_of,
        context={"group": found.group, "place": "papers"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def document_create(request: HttpRequest, group: str) -> HttpResponse:
    """Register a paper of the group; what turns out to be another state of a known one is offered as such."""
    its_group = group_or_404(request, group)
    if not can_register(request.user, its_group):
        raise PermissionDenied
    return create(
        request,
        Creation(
            thing=Document(group=its_group),
            form=forms.RegisterForm,
            options={
                "group": its_group,
                "asked_for": request.GET.get("symbol", "").strip()[:200],
                **_original(its_group),
            },
            create=partial(actions.register_paper, group=its_group),
            back=page_of,
            say=_say_if_first_is_pending,
            leave=reverse("documents:document-list", args=[group]),
            context={"group": its_group, "place": "papers", "title": _("Register a paper")},
            template="documents/document_form.html",
        ),
    )


def _register(request: HttpRequest, group: str) -> tuple[WorkingGroup, Any]:
    found = group_or_404(request, group)
    if not can_see_history(request.user, found):
        raise PermissionDenied
    return found, register_of(request, found).select_related("delegation", "area")


@require_safe
@only_now
def register_csv(request: HttpRequest, group: str) -> HttpResponse:
    found, papers = _register(request, group)
    content = as_csv(COLUMNS, as_rows(papers, found))
    return file_response(request, content, "text/csv; charset=utf-8", f"{found.slug}-register.csv", digest(content))


@require_safe
@only_now
def register_json(request: HttpRequest, group: str) -> HttpResponse:
    found, papers = _register(request, group)
    return json_response(
        request, {"group": found.slug, "papers": as_json(papers, found)}, f"{found.slug}-register.json"
    )


# Revisions ---------------------------------------------------------------


def revision(user: "User | AnonymousUser", pk: UUID) -> Subject:
    states = Revision.objects.open_to(user)
    states = states.select_related("symbol", "document__group__body__parent", "document__group__plan")
    found: Revision = get_object_or_404(states, pk=pk)
    is_issued = found.state == Revision.State.ISSUED
    rights = rights_over(user, found.document)
    return Subject(
        thing=found,
        noun="documents:revision",
        address={"pk": pk},
        **rights,
        form=forms.LateSymbolForm if is_issued else forms.RevisionForm,
        revise=partial(actions.revise_revision, revision=found),
        withdraw=partial(actions.withdraw_revision, revision=found),
        restore=partial(actions.restore_revision, revision=found),
        back=Revision.get_absolute_url,
        say=_say_if_pending,
        context={"group": found.document.group, "place": "papers"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def revision_create(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A further state of a paper: a revision, a corrigendum or an addendum, with the next number of its kind."""
    found = _document(request.user, pk)
    if not rights_over(request.user, found)["may_edit"]:
        raise PermissionDenied
    if found.is_withdrawn:
        raise Http404(_("This paper is withdrawn; restore it first."))
    offered = []
    if found.base:
        ever = Revision.objects.filter(document=found).select_related("symbol").order_by("position", "id")
        base = RegisteredSymbol(canonical=found.base).parsed
        states = next_states(base, chain_of(found, list(ever))) if base else []
        offered = [(str(symbol), f"{symbol.display}: {words}") for symbol, words in states]
    asked_for = request.GET.get("symbol", "")
    return create(
        request,
        Creation(
            thing=Revision(document=found, state=Revision.State.WORKING),
            form=forms.NewRevisionForm,
            options={"offered": offered, "asked_for": asked_for},
            create=partial(actions.add_revision, document=found),
            back=Revision.get_absolute_url,
            say=_say_if_pending,
            leave=page_of(found),
            context={
                "group": found.group,
                "place": "papers",
                "title": _("Add a rev., corr. or add."),
                "name": f"{found.base or _('symbol pending')} · {found}",
            },
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def revision_issue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From now on it stays as it is."""
    subject = revision(request.user, pk)
    found: Any = subject.thing
    if subject.may_edit and found.is_withdrawn:
        raise Http404(_("This state of the paper is withdrawn; restore it first."))
    step = replace(
        subject,
        form=forms.IssueRevisionForm,
        revise=partial(actions.issue_revision, revision=found),
        title=_("Issue a paper"),
        template="documents/document_issue.html",
        context={
            **subject.context,
            "document": found.document,
            "files": files_of(request.user, found),
            "is_issued": found.state == Revision.State.ISSUED,
        },
    )
    return edit(request, step)


# Numbering ---------------------------------------------------------------


@require_safe
def numbering_list(request: HttpRequest, group: str) -> HttpResponse:
    """How the papers of a group are numbered, and which numbers come next."""
    found = group_or_404(request, group)
    if not can_see_history(request.user, found):
        raise PermissionDenied
    patterns = list(NumberPattern.objects.filter(group=found).order_by("kind", "id"))
    coming = next_symbols(found)
    context = group_context(request, found, "papers") | {
        "standing": [(one, coming.get(one.kind, "")) for one in patterns if not one.is_withdrawn],
        "withdrawn": [one for one in patterns if one.is_withdrawn],
        "can_register": can_register(request.user, found),
    }
    return render(request, "documents/numbering_list.html", context)


def _numbering_page(numbering: Any) -> str:
    return reverse("documents:numbering-list", args=[numbering.group.slug])


def numbering(user: "User | AnonymousUser", pk: UUID) -> Subject:
    seen = NumberPattern.objects.filter(group__in=WorkingGroup.objects.visible_to(user))
    found: NumberPattern = get_object_or_404(seen.select_related("group__body__parent"), pk=pk)
    return Subject(
        thing=found,
        noun="documents:numbering",
        address={"pk": pk},
        may_edit=can_register(user, found.group),
        may_see_history=can_see_history(user, found.group),
        form=forms.NumberingForm,
        revise=partial(actions.revise_numbering, numbering=found),
        withdraw=partial(actions.withdraw_numbering, numbering=found),
        restore=partial(actions.restore_numbering, numbering=found),
        back=_numbering_page,
        context={"group": found.group, "place": "papers"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def numbering_create(request: HttpRequest, group: str) -> HttpResponse:
    found = group_or_404(request, group)
    if not can_register(request.user, found):
        raise PermissionDenied
    return create(
        request,
        Creation(
            thing=NumberPattern(group=found),
            form=forms.NumberingForm,
            create=partial(actions.create_numbering, group=found),
            back=_numbering_page,
            find=lambda made: numbering(request.user, made.pk),
            leave=reverse("documents:numbering-list", args=[group]),
            context={"group": found, "place": "papers"},
        ),
    )
