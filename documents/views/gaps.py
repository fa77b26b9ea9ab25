"""What is missing: the report of findings, one finding with whose it is, and the same report as files."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.actions import DecidedMeanwhile, accept_finding, ask_finding_again, give_finding
from documents.forms import AcceptForm, OpenedForm, OwnerForm
from documents.reading.asof import only_now
from documents.reading.frame import group_context, group_or_404, plan_or_404
from documents.reading.gaps.finding import KINDS
from documents.reading.gaps.report import COLUMNS, STATES, Entry, as_rows, open_in, people_of, report_of
from documents.views.shared import digest, file_response, filter_of, json_response, language_asked, one_of
from mandates.models import WorkingGroup
from mandates.permissions import can_see_history, is_editor
from mispa.ground.csv_files import as_csv
from mispa.ground.forms import refuse
from mispa.ground.kept import take_up
from mispa.ground.models import User
from mispa.ground.openings import latest_change

_STATES = {**STATES, "all": gettext_lazy("All")}
NOBODY, MINE = "nobody", "mine"


@require_safe
@only_now
def gap_list(request: HttpRequest, group: str) -> HttpResponse:
    found = _group_with_report(request, group)
    every = report_of(found)
    chosen = _chosen(request, every)
    context = group_context(request, found, "overview") | {
        "open": (open_ones := len(open_in(every))),
        "accepted": len(every) - open_ones,
        "kinds": _by_kind(chosen),
        "shown": len(chosen),
        "opened_from": latest_change(),
        "links": {},
        "files_query": _files_query(request),
        "filters": [
            filter_of("kind", _("Kind"), request.GET.get("kind", ""), _kinds_in(every)),
            filter_of("owner", _("Whose"), request.GET.get("owner", ""), _owners_in(every)),
            filter_of("state", _("State"), request.GET.get("state", ""), _STATES),
        ],
    }
    return render(request, "documents/gap_list.html", context)


def _group_with_report(request: HttpRequest, slug: str) -> WorkingGroup:
    found = group_or_404(request, slug)
    if not can_see_history(request.user, found):
        raise PermissionDenied
    plan_or_404(found)
    return found


def _chosen(request: HttpRequest, every: Sequence[Entry]) -> list[Entry]:
    """The entries that the address asks for; raises 404 where it asks for what there is not."""
    kind = one_of(request, "kind", {"", *KINDS}, _("The address names no kind of finding."))
    state = one_of(request, "state", _STATES, _("The address names no state of a finding."))
    people = {entry.owner.username for entry in every if entry.owner}
    owner = one_of(request, "owner", {"", MINE, NOBODY, *people}, _("The address names nobody who has a finding."))
    return [
        entry
        for entry in every
        if kind in ("", entry.finding.kind)
        and (state == "all" or entry.is_accepted == (state == "accepted"))
        and _is_whose(entry.owner, owner, request)
    ]


def _is_whose(owner: User | None, asked: str, request: HttpRequest) -> bool:
    if asked == MINE:
        return owner is not None and owner.pk == request.user.pk
    if asked == NOBODY:
        return owner is None
    return asked == "" or (owner is not None and owner.username == asked)


def _kinds_in(every: Sequence[Entry]) -> dict[str, Any]:
    there = {entry.finding.kind for entry in every}
    return {"": _("All"), **{kind: title for kind, title in KINDS.items() if kind in there}}


def _owners_in(every: Sequence[Entry]) -> dict[str, str]:
    people = {entry.owner.username: str(entry.owner) for entry in every if entry.owner}
    return {"": _("All"), MINE: _("Mine"), NOBODY: _("Nobody’s"), **people}


def _by_kind(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    by_kind: dict[str, list[Entry]] = {}
    for entry in entries:
        by_kind.setdefault(entry.finding.kind, []).append(entry)
    return [{"kind": kind, "title": KINDS[kind], "entries": found} for kind, found in by_kind.items()]


# Files -------------------------------------------------------------------


def _files_query(request: HttpRequest) -> str:
    """The choices of the page and its language: a file shows the same."""
    asked = request.GET.copy()
    asked["lang"] = (get_language() or "en")[:2]
    return f"?{asked.urlencode()}"


@require_safe
@only_now
def gaps_csv(request: HttpRequest, group: str) -> HttpResponse:
    found = _group_with_report(request, group)
    content = as_csv(COLUMNS, _rows_asked_for(request, found))
    return file_response(request, content, "text/csv; charset=utf-8", f"{found.slug}-gaps.csv", digest(content))


@require_safe
@only_now
def gaps_json(request: HttpRequest, group: str) -> HttpResponse:
    found = _group_with_report(request, group)
    body = {"group": found.slug, "findings": _rows_asked_for(request, found)}
    return json_response(request, body, f"{found.slug}-gaps.json")


def _rows_asked_for(request: HttpRequest, group: WorkingGroup) -> list[dict[str, Any]]:
    with override(language_asked(request, group.name.original)):
        return as_rows(_chosen(request, report_of(group)), request.build_absolute_uri)


# One finding -------------------------------------------------------------


@require_safe
@only_now
def gap_detail(request: HttpRequest, group: str, kind: str, about: str) -> HttpResponse:
    """A finding, with the forms by which editors say whose it is, and that it may stand as it is."""
    found = _group_with_report(request, group)
    entry = _entry_or_404(found, kind, about)
    return _page_of_one(request, found, entry)


@require_http_methods(["GET", "HEAD", "POST"])
def gap_give(request: HttpRequest, group: str, kind: str, about: str) -> HttpResponse:
    """To somebody, to nobody, or to who asks: “mine” is a button of its own."""
    found, entry = _to_decide(request, group, kind, about)
    if request.method != "POST":
        return _page_of_one(request, found, entry, taken_up="owner_form")
    typed = request.POST.copy()
    if "mine" in typed:
        typed["owner"] = str(request.user.pk)
    form = OwnerForm(typed, people=people_of(found), auto_id="give-%s")

    def give(*, owner: User | None, **more: Any) -> None:
        says = gettext_lazy("%(person)s takes care of it.") if owner else gettext_lazy("It is nobody’s.")
        give_finding(owner=owner, reason=_in_history(found, entry, says, person=owner), **more)

    return _decided(request, found, entry, form, give, owner_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def gap_accept(request: HttpRequest, group: str, kind: str, about: str) -> HttpResponse:
    found, entry = _to_decide(request, group, kind, about)
    if request.method != "POST":
        return _page_of_one(request, found, entry, taken_up="accept_form")
    form = AcceptForm(request.POST, auto_id="accept-%s")

    def accept(*, seen: str, **more: Any) -> None:
        if seen != entry.fingerprint:
            raise DecidedMeanwhile
        accept_finding(seen=seen, **more)

    return _decided(request, found, entry, form, accept, accept_form=form)


@require_POST
def gap_ask(request: HttpRequest, group: str, kind: str, about: str) -> HttpResponse:
    """It may stand no longer: it is asked again."""
    found, entry = _to_decide(request, group, kind, about)
    form = OpenedForm(request.POST)

    def ask(**more: Any) -> None:
        says = gettext_lazy("It is no longer accepted as it is.")
        ask_finding_again(reason=_in_history(found, entry, says), **more)

    return _decided(request, found, entry, form, ask)


def _to_decide(request: HttpRequest, slug: str, kind: str, about: str) -> tuple[WorkingGroup, Entry]:
    found = group_or_404(request, slug)
    if not is_editor(request.user, found):
        raise PermissionDenied
    plan_or_404(found)
    return found, _entry_or_404(found, kind, about)


def _entry_or_404(group: WorkingGroup, kind: str, about: str) -> Entry:
    for entry in report_of(group):
        if entry.finding.key == f"{kind}:{about}":
            return entry
    raise Http404(_("There is no such finding; perhaps it has been mended."))


def _decided(
    request: HttpRequest, group: WorkingGroup, entry: Entry, form: Form, act: Callable[..., None], **forms: Form
) -> HttpResponse:
    """Back to the report where it is done; else the page of the finding with what is wrong."""
    if form.is_valid():
        try:
            act(group=group, key=entry.finding.key, by=request.user, **form.cleaned_data)
        except DecidedMeanwhile as meanwhile:
            messages.warning(request, str(meanwhile))
            if not forms:
                return redirect(_address(group, entry))
            form.data = _on_what_is_shown_now(form, entry)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.info(request, _("Saved."))
            return redirect(f"{reverse('documents:gap-list', args=[group.slug])}#{entry.finding.key}")
    return _page_of_one(request, group, entry, "", **forms)


def _on_what_is_shown_now(form: Form, entry: Entry) -> QueryDict:
    """What was typed, to be sent again by who has read what others decided."""
    typed = QueryDict(mutable=True)
    typed.update(form.data)
    typed["opened_from"] = str(latest_change())
    if "seen" in form.fields:
        typed["seen"] = entry.fingerprint
    return typed


def _address(group: WorkingGroup, entry: Entry) -> str:
    return reverse("documents:gap-detail", args=[group.slug, entry.finding.kind, entry.finding.about])


def _in_history(group: WorkingGroup, entry: Entry, says: Any, **names: Any) -> str:
    """What history keeps, in the original language of the group: the page may be in any."""
    with override(group.name.original):
        return f"{KINDS[entry.finding.kind]}: {str(says) % names}"


def _page_of_one(
    request: HttpRequest, group: WorkingGroup, entry: Entry, taken_up: str = "", **forms: Form
) -> HttpResponse:
    """`taken_up` names the form that is filled with what was typed in it before and not saved."""
    opened = {"opened_from": latest_change()}
    context = group_context(request, group, "overview") | {
        "entry": entry,
        "kind": KINDS[entry.finding.kind],
        "owner_form": OwnerForm(people=people_of(group), initial={"owner": entry.owner, **opened}, auto_id="give-%s"),
        "accept_form": AcceptForm(initial={"seen": entry.fingerprint, **opened}, auto_id="accept-%s"),
        "links": {},
        "is_typed": bool(taken_up or forms),
        **opened,
    }
    if taken_up:
        take_up(request, context[taken_up])
    return render(request, "documents/gap_detail.html", context | forms)
