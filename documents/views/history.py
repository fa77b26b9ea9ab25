"""The history of a group: what was done, by whom and why; undoing it; and the same as files for the auditor."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from documents.kinds import REGISTER
from documents.reading.frame import group_context, group_or_404
from documents.reading.recent import all_told, asked_models, change_sets_of, sift_of, sifted, told_of, withdrawn_in
from documents.views.shared import digest, file_response, json_response
from mandates.models import WorkingGroup
from mandates.permissions import can_export_audit, can_see_history, is_editor
from mispa.ground.csv_files import as_csv
from mispa.ground.editing import ChangedMeanwhile, NothingChanged
from mispa.ground.forms import ReasonForm
from mispa.ground.kept import take_up
from mispa.ground.models import ChangeSet
from mispa.ground.openings import latest_change
from mispa.ground.reverting import CannotUndo, Obstacle, in_words, planned, undo
from mispa.ground.telling import Told
from mispa.ground.text import LANGUAGES

ON_A_PAGE: Final = 25
SHOWN_AT_ONCE: Final = 3  # things of a change-set; more are folded
SHOWN_FOLDED: Final = 40  # still more are on the page of the change-set alone
CONFLICT: Final = 409


@require_safe
def group_history(request: HttpRequest, group: str) -> HttpResponse:
    found = _with_history(request, group)
    sift = sift_of(found, request.GET)
    change_sets = sifted(found, sift) if sift.is_valid() else ChangeSet.objects.none()
    page = Paginator(change_sets, ON_A_PAGE).get_page(request.GET.get("page"))
    only = asked_models(sift) if sift.is_valid() else None
    context = group_context(request, found, "overview") | {
        "sift": sift,
        "page_of": page,
        "entries": [_entry(one, told) for one, told in told_of(list(page.object_list), found, only)],
        "files_query": _files_query(request),
        "can_export": can_export_audit(request.user, found),
    }
    return render(request, "documents/history_list.html", context)


def _files_query(request: HttpRequest) -> str:
    """The filters of the page and its language: a file shows the same, of all pages."""
    asked = request.GET.copy()
    asked.pop("page", None)
    asked["lang"] = (get_language() or "en")[:2]
    return f"?{asked.urlencode()}"


def _with_history(request: HttpRequest, group: str) -> WorkingGroup:
    found = group_or_404(request, group)
    if not can_see_history(request.user, found):
        raise PermissionDenied
    return found


def _entry(change_set: ChangeSet, told: Told, at_once: int = SHOWN_AT_ONCE) -> dict[str, Any]:
    """A change-set with what it did, of which much is folded."""
    many = len(told.doings) > at_once
    return {
        "change_set": change_set,
        "told": told,
        "shown": [] if many else told.doings,
        "folded": told.doings[:SHOWN_FOLDED] if many else [],
        "more": max(0, len(told.doings) - SHOWN_FOLDED),
    }


@require_safe
def change_set_detail(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """One change-set, with all that it did."""
    found = _with_history(request, group)
    change_set = _change_set_or_404(found, number)
    ((_one, told),) = told_of([change_set], found)
    things = Paginator(told.doings, 200).get_page(request.GET.get("page"))
    context = group_context(request, found, "overview") | {
        "change_set": change_set,
        "told": told,
        "page_of": things,
        "may_undo": is_editor(request.user, found),
    }
    return render(request, "documents/change_set_detail.html", context)


def _change_set_or_404(group: WorkingGroup, number: int) -> ChangeSet:
    found: ChangeSet = get_object_or_404(change_sets_of(group), pk=number)
    return found


# Undoing ------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def change_set_undo(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """Shows what exactly would be undone, asks why, and does it as a change like others."""
    found = _with_history(request, group)
    if not is_editor(request.user, found):
        raise PermissionDenied
    change_set = _change_set_or_404(found, number)
    if request.method != "POST":
        form = ReasonForm(initial={"opened_from": latest_change()})
        take_up(request, form)
        return _undo_page(request, found, change_set, form)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _undo_page(request, found, change_set, form)
    opened_from = form.cleaned_data["opened_from"]
    how = {"by": request.user, "reason": form.cleaned_data["reason"], "opened_from": opened_from}
    try:
        done = undo(change_set, register=REGISTER, **how)
    except ChangedMeanwhile as meanwhile:
        form.go_on_from(latest_change())
        return _undo_page(request, found, change_set, form, changed=list(meanwhile.parts))
    except CannotUndo as refused:
        return _undo_page(request, found, change_set, form, obstacles=list(refused.obstacles))
    except NothingChanged:
        messages.info(request, _("All of it is undone already."))
        return redirect("documents:change-set-detail", found.slug, change_set.pk)
    messages.info(request, _("Undone."))
    return redirect("documents:change-set-detail", found.slug, done.pk)


def _undo_page(
    request: HttpRequest,
    group: WorkingGroup,
    change_set: ChangeSet,
    form: ReasonForm,
    *,
    changed: list[Any] | None = None,
    obstacles: list[Obstacle] | None = None,
) -> HttpResponse:
    undoing = planned(change_set, register=REGISTER, by=request.user)  # type: ignore[arg-type]
    against = obstacles or undoing.obstacles
    doings = [] if against else in_words(undoing, REGISTER)
    context = group_context(request, group, "overview") | {
        "change_set": change_set,
        "form": form,
        "form_name": _("Undo: %(reason)s") % {"reason": change_set.reason},
        "obstacles": against,
        "entry": _entry(change_set, Told(doings), at_once=30) | {"folded": doings if len(doings) > 30 else []},
        "nothing": not against and not doings,
        "changed": changed,
    }
    return render(request, "documents/change_set_undo.html", context, status=CONFLICT if changed else 200)


# Restoring ----------------------------------------------------------------


@require_safe
def withdrawn_list(request: HttpRequest, group: str) -> HttpResponse:
    """What was withdrawn, with who did it and why, and where it is restored."""
    found = _with_history(request, group)
    may_edit = cache(lambda kind, its_group: kind.may_edit(request.user, its_group))
    lines = [
        {
            "kind": kind,
            "thing": thing,
            "change_set": one,
            "restore": kind.url(thing, "restore") if may_edit(kind, kind.group_of(thing)) else "",
            "history": kind.url(thing, "history"),
        }
        for kind, thing, one in withdrawn_in(found)
    ]
    page = Paginator(lines, 100).get_page(request.GET.get("page"))
    context = group_context(request, found, "overview") | {"page_of": page}
    return render(request, "documents/withdrawn_list.html", context)


# For the auditor ------------------------------------------------------------

Line = dict[str, Any]
COLUMNS: Final = (
    "change", "at", "person", "on_behalf_of", "source", "reason",
    "kind", "id", "name", "act", "field", "language", "before", "after",
)  # fmt: skip


@require_safe
def history_csv(request: HttpRequest, group: str) -> HttpResponse:
    """One line for each field that was changed, and for each act without one."""
    found, lines = _export(request, group)
    content = as_csv(COLUMNS, lines)
    return file_response(request, content, "text/csv; charset=utf-8", f"{found.slug}-history.csv", digest(content))


@require_safe
def history_json(request: HttpRequest, group: str) -> HttpResponse:
    """The same as objects: {"group", "lines": [one for each field]}."""
    found, lines = _export(request, group)
    shape = {"group": found.slug, "lines": lines}
    return json_response(request, shape, f"{found.slug}-history.json")


def _export(request: HttpRequest, group: str) -> tuple[WorkingGroup, list[Line]]:
    """What the page shows with the same filters, in the group's original language unless `?lang=` says otherwise."""
    found = group_or_404(request, group)
    if not can_export_audit(request.user, found):
        raise PermissionDenied
    language = request.GET.get("lang") or found.name.original
    if language not in LANGUAGES:
        raise Http404(_("The address names a language that mispa does not have."))
    with translation.override(language):
        sift = sift_of(found, request.GET)
        if not sift.is_valid():
            raise Http404(_("The address asks for a part of the history that is none: see its days and names."))
        return found, [line for one, told in all_told(found, sift) for line in _lines(one, told)]


def _lines(one: ChangeSet, told: Told) -> Iterator[Line]:
    head = {
        "change": one.pk,
        "at": one.at.isoformat().replace("+00:00", "Z"),
        "person": str(one.by or _("a command of the system")),
        "on_behalf_of": one.on_behalf_of,
        "source": one.source,
        "reason": one.reason,
    }
    nothing = {"field": "", "language": "", "before": "", "after": ""}
    for doing in told.doings:
        thing = head | {"kind": doing.kind.label, "id": str(doing.thing.pk), "name": str(doing.thing)}
        thing |= {"act": ", ".join(doing.acts)}
        for change in doing.changes:
            words = {"field": change.label, "language": change.language}
            yield thing | words | {"before": change.before, "after": change.after}
        if not doing.changes:
            yield thing | nothing
    if not (told.doings or told.sealed):  # no words for it, but no change is left out
        yield head | dict.fromkeys(("kind", "id", "name", "act"), "") | nothing
    for act in told.sealed:
        kind = {"kind": act.kind.label, "id": str(act.row.pk), "name": str(act.row), "act": act.words}
        yield head | kind | nothing
