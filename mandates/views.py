"""Which object an address means, who may write it, and by which actions; the pages are `mispa.ground.writing`'s."""

from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mandates import actions, forms
from mandates.models import (
    Mandate,
    Note,
    Paragraph,
    PlanRow,
    Resolution,
    ResponsibleArea,
    WorkingGroup,
    WorkPlan,
)
from mandates.permissions import (
    can_see_history,
    can_see_shared,
    can_see_shared_history,
    is_administrator,
    is_editor,
    is_editor_anywhere,
)
from mandates.registry import what_to_check
from mispa.ground.models import Tracked
from mispa.ground.writing import Creation, Subject, create, edit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User

# Parts of a plan ---------------------------------------------------------


def part_of_plan(user: "User | AnonymousUser", things: QuerySet[Any], pk: UUID, plan: str) -> Any:
    """A part of a plan of a group that the person may know of, with its plan; withdrawn parts too."""
    seen = {f"{plan}__group__in": WorkingGroup.objects.visible_to(user)}
    return get_object_or_404(things.select_related(f"{plan}__group__body__parent").filter(**seen), pk=pk)


def _of_plan(user: "User | AnonymousUser", plan: WorkPlan, thing: Tracked, noun: str) -> dict[str, Any]:
    """What the pages of all parts of a plan have in common."""

    def back(thing: Any) -> str:
        return f"{reverse('documents:draft-detail', args=[plan.group.slug])}#{noun}-{thing.pk}"

    return {
        "thing": thing,
        "noun": f"mandates:{noun}",
        "address": {"pk": thing.pk},
        "may_edit": is_editor(user, plan.group),
        "may_see_history": can_see_history(user, plan.group),
        "options": {"original": plan.original_language},
        "back": back,
        "context": {"group": plan.group, "place": "plan"},
    }


def row(user: "User | AnonymousUser", pk: UUID) -> Subject:
    found = part_of_plan(user, PlanRow.objects.all(), pk, "plan")
    return Subject(
        **_of_plan(user, found.plan, found, "row"),
        form=forms.RowForm,
        revise=partial(actions.revise_row, row=found),
        withdraw=partial(actions.withdraw_row, row=found),
        restore=partial(actions.restore_row, row=found),
        move=partial(actions.move_row, row=found),
        order={"plan": found.plan_id},
    )


def mandate(user: "User | AnonymousUser", pk: UUID) -> Subject:
    found = part_of_plan(user, Mandate.objects.all(), pk, "row__plan")
    return Subject(
        **_of_plan(user, found.row.plan, found, "mandate"),
        form=forms.MandateForm,
        revise=partial(actions.revise_mandate, mandate=found),
        withdraw=partial(actions.withdraw_mandate, mandate=found),
        restore=partial(actions.restore_mandate, mandate=found),
        move=partial(actions.move_mandate, mandate=found),
        order={"row": found.row_id},
    )


def paragraph(user: "User | AnonymousUser", pk: UUID) -> Subject:
    found = part_of_plan(user, Paragraph.objects.all(), pk, "plan")
    return Subject(
        **_of_plan(user, found.plan, found, "paragraph"),
        form=forms.ParagraphForm,
        revise=partial(actions.revise_paragraph, paragraph=found),
        withdraw=partial(actions.withdraw_paragraph, paragraph=found),
        restore=partial(actions.restore_paragraph, paragraph=found),
        move=partial(actions.move_paragraph, paragraph=found),
        order={"plan": found.plan_id, "section": found.section},
    )


def note(user: "User | AnonymousUser", pk: UUID) -> Subject:
    found = part_of_plan(user, Note.objects.all(), pk, "plan")
    return Subject(
        **_of_plan(user, found.plan, found, "note"),
        form=forms.NoteForm,
        revise=partial(actions.revise_note, note=found),
        withdraw=partial(actions.withdraw_note, note=found),
        restore=partial(actions.restore_note, note=found),
    )


# Groups ------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def group_settings(request: HttpRequest, group: str) -> HttpResponse:
    """Its names are texts, for those who write them; whether everybody sees it, the administrator decides."""
    groups = WorkingGroup.objects.visible_to(request.user).select_related("body__parent")
    found = get_object_or_404(groups, slug=group)
    writes = is_editor(request.user, found)
    act = partial(actions.revise_group, group=found)
    subject = Subject(
        thing=found,
        noun="",
        address={},
        may_edit=writes or is_administrator(request.user),
        may_see_history=False,
        form=forms.GroupForm if writes else forms.GroupSettingsForm,
        options={"original": found.name.original},
        revise=act,
        withdraw=act,
        restore=act,
        back=WorkingGroup.get_absolute_url,
        context={"group": found, "place": "overview"},
    )
    return edit(request, subject)


# What all groups share ---------------------------------------------------


def resolution(user: "User | AnonymousUser", slug: str) -> Subject:
    found = get_object_or_404(Resolution.objects.visible_to(user).select_related("symbol"), _by_slug(slug))
    return Subject(
        thing=found,
        noun="mandates:resolution",
        address={"slug": slug},
        may_edit=is_editor_anywhere(user),
        may_see_history=can_see_shared_history(user),
        form=forms.ResolutionForm,
        revise=partial(actions.revise_resolution, resolution=found),
        withdraw=partial(actions.withdraw_resolution, resolution=found),
        restore=partial(actions.restore_resolution, resolution=found),
        back=_page_of,
        say=_say_if_pending,
    )


def _page_of(thing: Any) -> str:
    """What is withdrawn has no page but its history."""
    address: str = thing.get_absolute_url()
    return f"{address}history/" if thing.is_withdrawn else address


def _by_slug(slug: str) -> Q:
    """By its symbol; one whose symbol is pending, by its id."""
    try:
        return Q(symbol__slug=slug) | Q(symbol__slug=None, pk=UUID(slug))
    except ValueError:
        return Q(symbol__slug=slug)


def _say_if_pending(resolution: Resolution) -> str:
    why = what_to_check(resolution.symbol)
    return _("The symbol is kept as pending: %(why)s") % {"why": why} if why else ""


def area(user: "User | AnonymousUser", slug: str) -> Subject:
    if not can_see_shared(user):
        raise PermissionDenied  # whether there is such an area or not: no text that this person may read may name it
    found = get_object_or_404(ResponsibleArea.objects.select_related("parent"), slug=slug)
    return Subject(
        thing=found,
        noun="mandates:area",
        address={"slug": slug},
        may_edit=is_editor_anywhere(user),
        may_see_history=can_see_shared_history(user),
        form=forms.AreaForm,
        revise=partial(actions.revise_area, area=found),
        withdraw=partial(actions.withdraw_area, area=found),
        restore=partial(actions.restore_area, area=found),
        back=_page_of,
    )


# New objects -------------------------------------------------------------


def draft_of(request: HttpRequest, group: str) -> WorkPlan:
    """The working text of a group, for those who write it."""
    groups = WorkingGroup.objects.visible_to(request.user).select_related("body__parent")
    found = get_object_or_404(groups, slug=group)
    if not is_editor(request.user, found):
        raise PermissionDenied
    return get_object_or_404(WorkPlan.objects.select_related("group"), group=found)


_PARTS = {"row": row, "mandate": mandate, "paragraph": paragraph, "note": note}


def _in_plan(request: HttpRequest, plan: WorkPlan, noun: str) -> dict[str, Any]:
    draft = reverse("documents:draft-detail", args=[plan.group.slug])
    return {
        "options": {"original": plan.original_language},
        "back": lambda thing: f"{draft}#{noun}-{thing.pk}",
        "leave": draft,
        "find": lambda thing: _PARTS[noun](request.user, thing.pk),
        "context": {"group": plan.group, "place": "plan"},
    }


@require_http_methods(["GET", "HEAD", "POST"])
def row_create(request: HttpRequest, group: str) -> HttpResponse:
    plan = draft_of(request, group)
    act = partial(actions.create_row, plan=plan)
    parts = _in_plan(request, plan, "row")
    return create(request, Creation(thing=PlanRow(plan=plan), form=forms.RowForm, create=act, **parts))


@require_http_methods(["GET", "HEAD", "POST"])
def paragraph_create(request: HttpRequest, group: str) -> HttpResponse:
    plan = draft_of(request, group)
    section = request.GET.get("section", "")
    if section not in Paragraph.Section.values:
        raise Http404(_("A paragraph belongs to background, mandate or considerations."))
    new = Paragraph(plan=plan, section=section)
    act = partial(actions.create_paragraph, plan=plan, section=section)
    parts = _in_plan(request, plan, "paragraph")
    return create(request, Creation(thing=new, form=forms.ParagraphForm, create=act, **parts))


@require_http_methods(["GET", "HEAD", "POST"])
def note_create(request: HttpRequest, group: str) -> HttpResponse:
    plan = draft_of(request, group)
    act = partial(actions.create_note, plan=plan)
    parts = _in_plan(request, plan, "note")
    return create(request, Creation(thing=Note(plan=plan), form=forms.NoteForm, create=act, **parts))


@require_http_methods(["GET", "HEAD", "POST"])
def mandate_create(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = part_of_plan(request.user, PlanRow.objects.all(), pk, "plan")
    if not is_editor(request.user, found.plan.group):
        raise PermissionDenied
    if found.is_withdrawn:
        raise Http404(_("This row is withdrawn; restore it first."))
    act = partial(actions.create_mandate, row=found)
    parts = _in_plan(request, found.plan, "mandate")
    return create(request, Creation(thing=Mandate(row=found), form=forms.MandateForm, create=act, **parts))


def _only_editors(request: HttpRequest) -> None:
    if not is_editor_anywhere(request.user):
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
def resolution_create(request: HttpRequest) -> HttpResponse:
    _only_editors(request)
    return create(
        request,
        Creation(
            thing=Resolution(),
            form=forms.ResolutionForm,
            create=actions.create_resolution,
            back=Resolution.get_absolute_url,
            say=_say_if_pending,
            leave=reverse("pages:home"),
            find=lambda made: resolution(request.user, str(made.symbol.slug or made.pk)),
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def area_create(request: HttpRequest) -> HttpResponse:
    _only_editors(request)
    return create(
        request,
        Creation(
            thing=ResponsibleArea(),
            form=forms.NewAreaForm,
            create=actions.create_area,
            back=ResponsibleArea.get_absolute_url,
            leave=reverse("pages:home"),
            find=lambda made: area(request.user, made.slug),
        ),
    )
