"""The contributions of delegations: the list and the compilation, and the acts by which they come into it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from documents.actions import contributing
from documents.actions.contributing import can_be_led, may_lead, may_withdraw, may_write, writes_for
from documents.contribution_forms import AttachForm, ContributionForm
from documents.editions.snapshot import symbols_in
from documents.files.serving import file_answer
from documents.models import Contribution
from documents.models.contributions import TOLD, State
from documents.models.files import MEDIA_TYPES
from documents.models.rendering import Rendering
from documents.printing.rendering import sheet_of
from documents.reading.asof import only_now
from documents.reading.contributions import BY_PILLAR, BY_STATE, COLUMNS, Contributions, as_json, as_rows, compilation
from documents.reading.frame import group_context, group_or_404
from documents.reading.texts import links_for
from documents.views.shared import being_made, digest, file_response, json_response, language_asked
from mandates.models import WorkingGroup
from mandates.permissions import can_see_circulated, can_see_history, delegation_in, delegations_of
from mispa.ground import writing
from mispa.ground.csv_files import as_csv
from mispa.ground.editing import ChangedMeanwhile, Conflict, NothingChanged, WithdrawnMeanwhile
from mispa.ground.forms import ReasonForm
from mispa.ground.history import past
from mispa.ground.kept import take_up
from mispa.ground.models import User
from mispa.ground.openings import UnknownOpening, latest_change
from mispa.ground.writing import Creation, Subject

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

PLACE: Final = "contributions"
NAME: Final = "contributions.pdf"
CONFLICT: Final = 409


def _seen(request: HttpRequest, group: WorkingGroup) -> Contributions:
    return Contributions(group, request.user, timezone.localdate(timezone=group.zone))


# Reading ----------------------------------------------------------------------


@login_not_required
@require_safe
@only_now
def contribution_list(request: HttpRequest, group: str) -> HttpResponse:
    """What the reader may see, pillar by pillar; above it what waits for her, below it who has answered."""
    found = group_or_404(request, group)
    seen = _seen(request, found)
    own = delegation_in(request.user, found) if request.user.is_authenticated else None
    knows_all = can_see_history(request.user, found)
    open_ones = [one for one in seen.standing if one.state != State.ACCEPTED]
    context = group_context(request, found, PLACE) | {
        "own": own,
        "own_open": [one for one in open_ones if own and one.delegation_id == own.pk],
        "waiting": [one for one in open_ones if knows_all and one.is_handed_in],
        "sections": seen.sections(),
        "number": len(seen.accepted),
        "answers": seen.answers() if knows_all else None,
        "withdrawn": [one for one in seen.seen if one.is_withdrawn],
        "restorable": {one.pk for one in seen.seen if one.is_withdrawn and may_withdraw(request.user, one)},
        "files_query": f"?lang={(get_language() or found.name.original)[:2]}",
    }
    return render(request, "documents/contribution_list.html", context)


def _knows_way(request: HttpRequest, group: WorkingGroup) -> Callable[[Contribution], bool]:
    """Of which contributions the reader may know the steps: of her own delegation's, or of all."""
    own, knows_all = delegations_of(request.user), can_see_history(request.user, group)
    return lambda contribution: knows_all or contribution.delegation_id in own


@login_not_required
@require_safe
@only_now
def contributions_csv(request: HttpRequest, group: str) -> HttpResponse:
    """What the page lists, with names in the group's original language unless `?lang=` says otherwise."""
    found = group_or_404(request, group)
    with override(language_asked(request, found.name.original)):
        content = as_csv(COLUMNS, as_rows(_seen(request, found).standing, _knows_way(request, found)))
    name = f"{found.slug}-contributions.csv"
    return file_response(request, content, "text/csv; charset=utf-8", name, digest(content))


@login_not_required
@require_safe
@only_now
def contributions_json(request: HttpRequest, group: str) -> HttpResponse:
    found = group_or_404(request, group)
    contributions = as_json(_seen(request, found).standing, _knows_way(request, found))
    body = {"group": found.slug, "contributions": contributions}
    return json_response(request, body, f"{found.slug}-contributions.json")


@login_not_required
@require_safe
@only_now
def contributions_pdf(request: HttpRequest, group: str) -> HttpResponse:
    """The compilation, as far as the reader may have it: `?by=pillar` or `?by=state`."""
    found = group_or_404(request, group)
    by = request.GET.get("by", BY_PILLAR)
    if by not in {BY_PILLAR, BY_STATE}:
        raise Http404(_("The compilation comes by pillar or by state; the address asks for something else."))
    seen = _seen(request, found)
    if not seen.accepted:
        raise Http404(_("No contribution that you may read has been accepted yet."))
    language = language_asked(request, found.name.original)
    with override(language):
        sheet = compilation(seen, by, is_of_everybody=not can_see_circulated(request.user, found))
    made = sheet_of(sheet, NAME, language)
    if isinstance(made, Rendering):
        return being_made(request, found, _("Compilation of contributions"), made, PLACE)
    name = f"{found.slug.upper()}_contributions-by-{by}_{sheet['day']}_{language}.pdf"
    return file_response(request, made, "application/pdf", name, digest(made), inline=True)


@login_not_required
@require_safe
@only_now
def contribution_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _contribution(request.user, pk)
    user, group = request.user, found.group
    can_lead = [step for step in STEPS if can_be_led(found, step.to) and may_lead(user, found, step.to)]
    is_own = writes_for(user, found)
    words = {"title": found.title, "text": found.text}
    context = group_context(request, group, PLACE) | {
        "contribution": found,
        "is_own": is_own,
        "knows_all": is_own or can_see_history(user, group),
        "steps": can_lead,
        "may_write": may_write(user, found) and not found.is_withdrawn,
        "may_withdraw": may_withdraw(user, found),
        "returned": _last(found, State.RETURNED) if is_own and found.state == State.RETURNED else None,
        "links": links_for(user, symbols_in(words)),
    }
    return render(request, "documents/contribution_detail.html", context)


def _last(contribution: Contribution, state: str) -> Any:
    """The change-set that brought it into its state."""
    row = contribution.history.filter(state=state).select_related("change_set__by").order_by("history_id").last()
    return row.change_set if row else None


def _contribution(user: "User | AnonymousUser", pk: UUID) -> Contribution:
    seen = Contribution.objects.open_to(user).select_related("pillar", "stored", "delegation__group__body__parent")
    found: Contribution = get_object_or_404(seen, pk=pk)
    return found


# Writing ----------------------------------------------------------------------


def contribution(user: "User | AnonymousUser", pk: UUID) -> Subject:
    """For its delegation, while it is with the delegation; for others the history of what they were given."""
    found = _contribution(user, pk)
    is_own = writes_for(user, found)
    return Subject(
        thing=found,
        noun="documents:contribution",
        address={"pk": pk},
        may_edit=may_write(user, found),
        may_withdraw=may_withdraw(user, found),
        may_see_history=is_own or can_see_history(user, found.group),
        told=Q() if is_own else TOLD,
        form=ContributionForm,
        revise=partial(contributing.revise_contribution, contribution=found),
        withdraw=partial(contributing.withdraw_contribution, contribution=found),
        restore=partial(contributing.restore_contribution, contribution=found),
        back=Contribution.get_absolute_url,
        context={"group": found.group, "place": PLACE, "name": found.title, "is_own": is_own},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def contribution_create(request: HttpRequest, group: str) -> HttpResponse:
    found = group_or_404(request, group)
    own = delegation_in(request.user, found)
    if own is None:
        raise PermissionDenied
    language = (get_language() or found.name.original)[:2]
    return writing.create(
        request,
        Creation(
            thing=Contribution(delegation=own, language=language),
            form=ContributionForm,
            create=partial(contributing.file_contribution, delegation=own),
            back=Contribution.get_absolute_url,
            leave=reverse("documents:contribution-list", args=[group]),
            context={"group": found, "place": PLACE, "title": _("File a contribution"), "name": str(own)},
        ),
    )


# Its file ---------------------------------------------------------------------


@login_not_required
@require_safe
def contribution_file(request: HttpRequest, pk: UUID, name: str) -> HttpResponseBase:
    """The file as it was sent, for those who may read the contribution."""
    found = _contribution(request.user, pk)
    if found.stored is None or found.file_name != name:
        raise Http404(_("This contribution has no file of this name."))
    return file_answer(request, found.stored, MEDIA_TYPES[found.file_kind], name)


@require_http_methods(["GET", "HEAD", "POST"])
def contribution_attach(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where the delegation chooses the file of a draft, in place of the one that it had."""
    found = _contribution(request.user, pk)
    if not may_write(request.user, found):
        raise PermissionDenied
    assert isinstance(request.user, User)  # noqa: S101 (who may write has signed in)
    if request.method != "POST":
        form = AttachForm(initial={"opened_from": latest_change()}, has_file=bool(found.stored))
        return _attach_page(request, _contribution(request.user, pk), form)
    form = AttachForm(request.POST, request.FILES, has_file=bool(found.stored))
    if not form.is_valid():
        return _attach_page(request, found, form)
    how = {"reason": form.cleaned_data["reason"], "opened_from": form.cleaned_data["opened_from"]}
    try:
        contributing.attach_file(contribution=found, file=form.chosen, by=request.user, **how)
    except (Conflict, WithdrawnMeanwhile):
        form.go_on_from(latest_change())
        return _attach_page(request, _contribution(request.user, pk), form, changed=past(found, {})[0])
    except NothingChanged:
        messages.info(request, _("It is so already."))
    except UnknownOpening as unknown:
        form.add_error(None, str(unknown))
        return _attach_page(request, found, form)
    except ValidationError as error:
        form.refuse(error)
        return _attach_page(request, found, form)
    else:
        messages.info(request, _("Saved."))
    return redirect(found.get_absolute_url())


def _attach_page(request: HttpRequest, found: Contribution, form: AttachForm, changed: Any = None) -> HttpResponse:
    context = group_context(request, found.group, PLACE)
    context |= {"contribution": found, "form": form, "changed": changed}
    return render(request, "documents/contribution_attach.html", context, status=CONFLICT if changed else 200)


# How it goes on ---------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """An act that brings a contribution into another state, and what its page says."""

    verb: str
    to: State
    act: Callable[..., Contribution]
    label: Any
    says: Any
    done: Any

    @property
    def url_name(self) -> str:
        return f"documents:contribution-{self.verb}"


STEPS: Final = (
    Step(
        "submit",
        State.SUBMITTED,
        contributing.submit_contribution,
        gettext_lazy("Submit it"),
        gettext_lazy(
            "Secretariat and chair read it from then on. It stays as it is, unless you take it back before it is "
            "accepted, or the secretariat returns it."
        ),
        gettext_lazy("Submitted."),
    ),
    Step(
        "take-back",
        State.TAKEN_BACK,
        contributing.take_back_contribution,
        gettext_lazy("Take it back"),
        gettext_lazy("It is a draft of your delegation again, and nobody else reads it."),
        gettext_lazy("Taken back."),
    ),
    Step(
        "accept",
        State.ACCEPTED,
        contributing.accept_contribution,
        gettext_lazy("Accept it"),
        gettext_lazy("It becomes part of the compilation, and stays as it is from then on."),
        gettext_lazy("Accepted into the compilation."),
    ),
    Step(
        "return",
        State.RETURNED,
        contributing.return_contribution,
        gettext_lazy("Return it"),
        gettext_lazy("The delegation reads the reason, and may change it and submit it again."),
        gettext_lazy("Returned to the delegation."),
    ),
)


def step_page(step: Step) -> Callable[..., HttpResponse]:
    """The page of one step: what it means, and why it is taken."""

    @require_http_methods(["GET", "HEAD", "POST"])
    def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
        found = _contribution(request.user, pk)
        if not may_lead(request.user, found, step.to):
            raise PermissionDenied
        if not can_be_led(found, step.to):
            messages.info(request, _("It is %(state)s now.") % {"state": found.get_state_display()})
            return redirect(_page_for(request, found))
        if request.method != "POST":
            form = ReasonForm(initial={"opened_from": latest_change()})
            take_up(request, form)
            return _step_page(request, step, _contribution(request.user, pk), form)
        form = ReasonForm(request.POST)
        return _taken(request, step, found, form) if form.is_valid() else _step_page(request, step, found, form)

    return answer


def _taken(request: HttpRequest, step: Step, found: Contribution, form: ReasonForm) -> HttpResponse:
    how = {"reason": form.cleaned_data["reason"], "opened_from": form.cleaned_data["opened_from"]}
    try:
        done = step.act(contribution=found, by=request.user, **how)
    except ChangedMeanwhile:
        form.go_on_from(latest_change())
        now = _contribution(request.user, found.pk)
        told = Q() if writes_for(request.user, now) else TOLD
        return _step_page(request, step, now, form, changed=past(now, {}, told)[0])
    except (NothingChanged, WithdrawnMeanwhile):
        return redirect(_page_for(request, found))
    except UnknownOpening as unknown:
        form.add_error(None, str(unknown))
        return _step_page(request, step, found, form)
    except ValidationError as error:
        form.refuse(error)
        return _step_page(request, step, found, form)
    messages.info(request, str(step.done))
    return redirect(_page_for(request, done))


def _page_for(request: HttpRequest, contribution: Contribution) -> str:
    """Its page, or the list where it is not with this reader any more."""
    if Contribution.objects.open_to(request.user).filter(pk=contribution.pk).exists():
        return contribution.get_absolute_url()
    return reverse("documents:contribution-list", args=[contribution.group.slug])


def _step_page(
    request: HttpRequest, step: Step, found: Contribution, form: ReasonForm, changed: Any = None
) -> HttpResponse:
    context = group_context(request, found.group, PLACE) | {
        "contribution": found,
        "step": step,
        "form": form,
        "form_name": f"{step.label}: {found}",
        "changed": changed,
    }
    return render(request, "documents/contribution_step.html", context, status=CONFLICT if changed else 200)
