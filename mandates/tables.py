"""The pages that write many parts of a plan at once: its table, pasted lists, and the order of its lists."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mandates import bulk
from mandates.forms import AreasForm, MandateLine, OfferedMandateLine, RowHead, RowPasteForm, area_choices
from mandates.models import Delegation, Mandate, Paragraph, PlanRow, Resolution, WorkingGroup, WorkPlan
from mandates.permissions import is_editor
from mandates.views import draft_of, part_of_plan
from mispa.ground import ordering, tables
from mispa.ground.editing import NothingChanged
from mispa.ground.kept import take_up, taken_up, typed_in
from mispa.ground.lines import LineForm
from mispa.ground.openings import UnknownOpening, latest_change
from mispa.ground.pasting import folded, is_counted, items_of
from mispa.ground.tables import Sheet, Table
from mispa.ground.together import Refused

# The table ---------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def mandate_table(request: HttpRequest, group: str) -> HttpResponse:
    """All mandates of the working text, with the areas of their resolutions."""
    plan = draft_of(request, group)

    def owners(named: Iterable[UUID]) -> list[PlanRow]:
        rows = PlanRow.objects.filter(plan=plan, is_withdrawn=False) | PlanRow.objects.filter(plan=plan, pk__in=named)
        return list(rows.order_by("position", "id"))

    table = Table(
        title=_("Mandates, all at once"),
        owners=owners,
        line=MandateLine,
        head=RowHead,
        back=reverse("mandates:mandate-table", args=[group]),
        **_of_plan(plan),
    )
    return tables.write(request, table)


def _of_plan(plan: WorkPlan) -> dict[str, Any]:
    """What the tables of a plan have in common."""
    return {
        "columns": [("paragraph", _("Paragraph number")), ("text", _("Mandate")), ("areas", _("Area responsible"))],
        "owner": "row_id",
        "new": lambda row, pk: Mandate(row=row, id=pk),
        "choices": lambda chosen: {"areas": area_choices(chosen)},
        "original": plan.original_language,
        "save": bulk.revise_table,
        "describe": _about,
        "full": lambda mandate: reverse("mandates:mandate-edit", args=[mandate.pk]),
        "leave": reverse("documents:draft-detail", args=[plan.group.slug]),
        "context": {"group": plan.group, "place": "plan"},
    }


def _about(row: PlanRow) -> dict[str, Any]:
    acts = [
        {"url": reverse("mandates:mandate-paste", args=[row.pk]), "word": _("Paste a list")},
        {"url": reverse("mandates:row-edit", args=[row.pk]), "word": _("Edit the resolution’s row")},
    ]
    return {"name": row.symbol_as_printed, "more": row.title_as_printed, "acts": acts}


# Pasted lists ------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def mandate_paste(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One mandate per line or bullet: what is pasted is shown as lines first, and saved when it is sent again."""
    row = part_of_plan(request.user, PlanRow.objects.all(), pk, "plan")
    if not is_editor(request.user, row.plan.group):
        raise PermissionDenied
    if row.is_withdrawn and request.method != "POST":  # what was typed is shown again, with the reason why
        raise Http404(_("This row is withdrawn; restore it first."))
    known = _known(row.plan)
    table = _offered(row, known, describe=lambda row: {"name": _("What will be saved"), "more": ""})
    return tables.paste(request, table, row, partial(_lines_in, known=set(known)))


def _offered(row: PlanRow, known: Mapping[str, str], **own: Any) -> Table:
    """The table of mandates that were found in a list and are not saved yet."""
    of_plan = _of_plan(row.plan)
    return Table(
        title=_("Paste mandates: %(symbol)s") % {"symbol": row.symbol_as_printed},
        owners=lambda named: [row],
        line=OfferedMandateLine,
        shows_all=False,
        reason=_("Entered from a pasted list."),
        remark=lambda line: _remark(line, known),
        back=f"{of_plan['leave']}#row-{row.pk}",
        **of_plan | own,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def row_paste(request: HttpRequest, group: str) -> HttpResponse:
    """A resolution that is not in the plan yet, and its mandates as a list."""
    plan = draft_of(request, group)
    if "row" in request.POST:
        return tables.write(request, _offered_with_row(_row_in(plan, request.POST)))
    draft = taken_up(request)
    if draft and "row" in draft.fields:
        table = _offered_with_row(_row_in(plan, typed_in(draft)))
        return tables.page(request, table, Sheet(table, typed_in(draft)))
    form = RowPasteForm(request.POST if request.method == "POST" else None, plan=plan)
    if form.is_valid():
        row = _new_row(plan, form.cleaned_data["resolution"], uuid4())
        table, known = _offered_with_row(row), set(_known(plan))
        if offered := tables.offer(table, row, _lines_in(form.cleaned_data["pasted"], known)):
            return tables.page(request, table, offered)
        form.add_error("pasted", _("Paste something first."))
    take_up(request, form)
    leave = reverse("documents:draft-detail", args=[group])
    context = {"form": form, "title": _("Paste mandates"), "back": leave, "group": plan.group, "place": "plan"}
    return render(request, "ground/paste.html", context)


def _new_row(plan: WorkPlan, resolution: Resolution, pk: UUID) -> PlanRow:
    printed = resolution.symbol.printed or str(resolution.symbol)
    title = resolution.title
    return PlanRow(id=pk, plan=plan, resolution=resolution, symbol_as_printed=printed, title_as_printed=title)


def _row_in(plan: WorkPlan, sent: QueryDict) -> PlanRow:
    """The row that a page of offered lines is about."""
    try:
        resolution = Resolution.objects.select_related("symbol").get(pk=sent.get("resolution"))
        return _new_row(plan, resolution, UUID(sent.get("row", "")))
    except (Resolution.DoesNotExist, ValueError, ValidationError):
        raise Http404(_("This page is out of date. Copy what you typed and open it again.")) from None


def _offered_with_row(row: PlanRow) -> Table:
    """The same under a row that is not saved yet either."""
    return _offered(
        row,
        _known(row.plan),
        save=partial(bulk.enter_row, row=row),
        describe=lambda row: {"name": row.symbol_as_printed, "more": row.title_as_printed},
        carried={"resolution": str(row.resolution_id), "row": str(row.pk)},
    )


def _lines_in(pasted: str, known: set[str]) -> list[dict[str, Any]]:
    """The mandates in a list; those whose words are `known` come without the tick."""
    items = items_of(pasted)
    counted, seen = is_counted(items), set(known)
    values: list[dict[str, Any]] = []
    for item in items:
        same = folded(item.wording)
        values.append({"text": item.wording, "paragraph": "" if counted else item.number, "take": same not in seen})
        seen.add(same)
    return values


def _known(plan: WorkPlan) -> dict[str, str]:
    """The wordings of all mandates of a plan, and where each stands."""
    mandates = Mandate.objects.standing().filter(row__plan=plan, row__is_withdrawn=False).select_related("row")
    found: dict[str, str] = {}
    for mandate in mandates.order_by("row__position", "row_id", "position", "id"):
        for _language, wording in mandate.text:
            found.setdefault(folded(wording), str(mandate.row))
    return found


def _remark(line: LineForm, known: Mapping[str, str]) -> str:
    place = known.get(folded(str(line["text"].value() or "")))
    return _("The plan has these words already: %(place)s.") % {"place": place} if place else ""


# Order -------------------------------------------------------------------


def _page_of_plan(plan: WorkPlan, anchor: str) -> dict[str, Any]:
    draft = reverse("documents:draft-detail", args=[plan.group.slug])
    return {"back": f"{draft}#{anchor}", "context": {"group": plan.group, "place": "plan"}}


@require_http_methods(["GET", "HEAD", "POST"])
def delegation_order(request: HttpRequest, group: str) -> HttpResponse:
    """The order drawn by lot, in which the group may list its delegations."""
    found = get_object_or_404(WorkingGroup.objects.visible_to(request.user).select_related("body__parent"), slug=group)
    if not is_editor(request.user, found):
        raise PermissionDenied
    ordered = ordering.Ordered(
        title=_("Order of the delegations, drawn by lot"),
        name=str(found),
        model=Delegation,
        where={"group": found.pk},
        arrange=partial(bulk.arrange_delegations, group=found),
        back=reverse("documents:delegation-list", args=[found.slug]),
        context={"group": found, "place": "delegations"},
    )
    return ordering.write(request, ordered)


@require_http_methods(["GET", "HEAD", "POST"])
def row_order(request: HttpRequest, group: str) -> HttpResponse:
    plan = draft_of(request, group)
    ordered = ordering.Ordered(
        title=_("Order of the resolutions"),
        name=str(plan),
        model=PlanRow,
        where={"plan": plan.pk},
        arrange=partial(bulk.arrange_rows, plan=plan),
        **_page_of_plan(plan, "resolutions"),
    )
    return ordering.write(request, ordered)


@require_http_methods(["GET", "HEAD", "POST"])
def mandate_order(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = part_of_plan(request.user, PlanRow.objects.all(), pk, "plan")
    if not is_editor(request.user, row.plan.group):
        raise PermissionDenied
    ordered = ordering.Ordered(
        title=_("Order of the mandates"),
        name=str(row),
        model=Mandate,
        where={"row": row.pk},
        arrange=partial(bulk.arrange_mandates, row=row),
        **_page_of_plan(row.plan, f"row-{row.pk}"),
    )
    return ordering.write(request, ordered)


@require_http_methods(["GET", "HEAD", "POST"])
def paragraph_order(request: HttpRequest, group: str) -> HttpResponse:
    plan, section = draft_of(request, group), request.GET.get("section", "")
    if section not in Paragraph.Section.values:
        raise Http404(_("A paragraph belongs to background, mandate or considerations."))
    ordered = ordering.Ordered(
        title=_("Order of the paragraphs"),
        name=str(Paragraph.Section(section).label),
        model=Paragraph,
        where={"plan": plan.pk, "section": section},
        arrange=partial(bulk.arrange_paragraphs, plan=plan, section=section),
        **_page_of_plan(plan, section),
    )
    return ordering.write(request, ordered)


# Areas of many -----------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def area_table(request: HttpRequest, group: str) -> HttpResponse:
    """Rows and mandates are ticked, areas chosen, and what will change is shown before it is saved."""
    plan = draft_of(request, group)
    draft = taken_up(request)
    sent = request.POST if request.method == "POST" else typed_in(draft) if draft else None
    form = AreasForm(sent, plan=plan, initial={"opened_from": latest_change()})
    if not form.is_valid():
        return _areas_page(request, plan, form)
    if "save" not in request.POST:
        return _areas_page(request, plan, form, changes=form.changes())
    how = {"by": request.user, "reason": form.cleaned_data["reason"], "opened_from": form.cleaned_data["opened_from"]}
    if not how["reason"]:
        form.add_error("reason", _("Say in some words why this is changed."))
        return _areas_page(request, plan, form, changes=form.changes())
    try:
        bulk.revise_table(edits=form.edits(), orders={}, **how)
    except Refused as refused:
        form.go_on_from(latest_change())
        for error in refused.why.values():
            form.add_error(None, error if isinstance(error, ValidationError) else _CHANGED)
        return _areas_page(request, plan, form, changes=form.changes(), status=tables.CONFLICT)
    except NothingChanged as nothing:
        messages.info(request, _("This was saved already.") if nothing.already_there else _NOTHING)
    except UnknownOpening as unknown:
        form.add_error(None, str(unknown))
        return _areas_page(request, plan, form)
    else:
        messages.info(request, _("Saved."))
    return redirect(reverse("documents:draft-detail", args=[group]))


_CHANGED = gettext_lazy("Others changed areas meanwhile. Below stands what would be saved now.")
_NOTHING = gettext_lazy("Nothing was changed, so nothing was saved.")


def _areas_page(
    request: HttpRequest, plan: WorkPlan, form: AreasForm, changes: Any = None, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "title": _("Areas of many at once"),
        "changes": changes,
        "back": reverse("documents:draft-detail", args=[plan.group.slug]),
        "group": plan.group,
        "place": "plan",
    }
    return render(request, "mandates/area_table.html", context, status=status)
