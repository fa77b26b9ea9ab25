"""The page that puts a whole list into another order: by numbers, and with a script by dragging or by keys."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mispa.ground.editing import ChangedMeanwhile, NothingChanged
from mispa.ground.forms import as_uuid, without_controls
from mispa.ground.kept import address_of, taken_up, typed_in
from mispa.ground.models import Tracked
from mispa.ground.openings import UnknownOpening, as_number, latest_change, opening_in
from mispa.ground.order import order_now, woven

CONFLICT = 409
Act = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class Ordered:
    """A list of objects that have their places in it, and the action that gives them others."""

    title: str
    name: str  # of what holds the list
    model: type[Tracked]
    where: Mapping[str, Any]
    arrange: Act
    back: str
    context: Mapping[str, Any] = field(default_factory=dict)


def write(request: HttpRequest, ordered: Ordered) -> HttpResponse:
    """The reason may be left out: the act says it all."""
    if request.method != "POST":
        draft = taken_up(request)
        return _page(request, ordered, typed_in(draft) if draft else None)
    sent = request.POST
    wanted = wanted_order(sent, [row.pk for row in order_now(ordered.model, ordered.where)])
    reason = without_controls(request.POST.get("reason", "")).strip() or _("Put into another order.")
    try:
        ordered.arrange(wanted=wanted, opened_from=opening_in(sent), by=request.user, reason=reason)
    except ChangedMeanwhile:
        return _page(request, ordered, sent, status=CONFLICT)
    except NothingChanged as nothing:
        said = (
            _("This was saved already.") if nothing.already_there else _("Nothing was changed, so nothing was saved.")
        )
        messages.info(request, said)
        return redirect(ordered.back)
    except UnknownOpening as unknown:
        return _page(request, ordered, sent, error=str(unknown))
    messages.info(request, _("The order is saved."))
    return redirect(ordered.back)


def wanted_order(sent: QueryDict, standing: Sequence[UUID]) -> list[UUID]:
    """The ids in the order of the numbers that were typed beside them.

    Who writes a number that another line has means: there, and the others make room.
    """
    seen = [key for typed in sent.getlist("item") if (key := as_uuid(typed)) in standing]
    places: dict[UUID | None, tuple[int, int, int]] = {}
    for place, key in enumerate(seen, start=1):
        typed = as_number(sent.get(f"place-{key}", "").strip())
        number = place if typed is None else typed
        places[key] = (number, (number > place) - (number < place), place)
    return [key for key in sorted(places, key=lambda key: places[key]) if key is not None]


def _page(
    request: HttpRequest, ordered: Ordered, sent: QueryDict | None = None, *, status: int = 200, error: str = ""
) -> HttpResponse:
    """The list as it stands, or in the order that was typed; after a refusal with the one of now beside it."""
    opened_from: int | str = latest_change()
    now = {row.pk: row for row in order_now(ordered.model, ordered.where)}
    wanted = wanted_order(sent, list(now)) if sent else []
    if sent and request.method != "POST":  # a draft says from which state it was opened, so that others’ order counts
        opened_from = sent.get("opened_from", "")
    context = {
        "form": forms.Form(),  # nothing is typed here but numbers
        "title": ordered.title,
        "name": ordered.name,
        "form_name": f"{ordered.title} · {ordered.name}",
        "address": address_of(request),
        "items": [now[key] for key in woven(wanted, list(now))],
        "now": list(now.values()),
        "opened_from": opened_from,
        "changed": status == CONFLICT,
        "error": error,
        "back": ordered.back,
        "group": None,
        "place": "",
        **ordered.context,
    }
    return render(request, "ground/order.html", context, status=status)
