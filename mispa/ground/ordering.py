"""The page that puts a whole list into another order: by numbers, and with a script by dragging or by keys."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mispa.ground.editing import ChangedMeanwhile, NothingChanged
from mispa.ground.forms import without_controls
from mispa.ground.models import Tracked
from mispa.ground.openings import UnknownOpening, latest_change
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
        return _page(request, ordered)
    wanted = wanted_order(request, [row.pk for row in order_now(ordered.model, ordered.where)])
    reason = without_controls(request.POST.get("reason", "")).strip() or _("Put into another order.")
    try:
        opened_from = _number(request.POST.get("opened_from", ""))
        ordered.arrange(wanted=wanted, opened_from=opened_from, by=request.user, reason=reason)
    except ChangedMeanwhile:
        return _page(request, ordered, wanted=wanted, status=CONFLICT)
    except NothingChanged as nothing:
        said = (
            _("This was saved already.") if nothing.already_there else _("Nothing was changed, so nothing was saved.")
        )
        messages.info(request, said)
        return redirect(ordered.back)
    except UnknownOpening as unknown:
        return _page(request, ordered, wanted=wanted, error=str(unknown))
    messages.info(request, _("The order is saved."))
    return redirect(ordered.back)


def wanted_order(request: HttpRequest, standing: Sequence[UUID]) -> list[UUID]:
    """The ids in the order of the numbers that were typed beside them.

    Who writes a number that another line has means: there, and the others make room.
    """
    seen = [key for typed in request.POST.getlist("item") if (key := _uuid(typed)) in standing]
    places: dict[UUID | None, tuple[int, int, int]] = {}
    for place, key in enumerate(seen, start=1):
        typed = request.POST.get(f"place-{key}", "").strip()
        number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else place
        places[key] = (number, (number > place) - (number < place), place)
    return [key for key in sorted(places, key=lambda key: places[key]) if key is not None]


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _number(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and len(typed) < 19):
        raise UnknownOpening
    return int(typed)


def _page(
    request: HttpRequest, ordered: Ordered, *, wanted: Sequence[UUID] = (), status: int = 200, error: str = ""
) -> HttpResponse:
    """The list as it stands; after a refusal in the order that was wanted, with the one of now beside it."""
    latest = latest_change()
    now = {row.pk: row for row in order_now(ordered.model, ordered.where)}
    context = {
        "title": ordered.title,
        "name": ordered.name,
        "items": [now[key] for key in woven([key for key in wanted if key in now], list(now))],
        "now": list(now.values()),
        "opened_from": latest,
        "changed": status == CONFLICT,
        "error": error,
        "back": ordered.back,
        "group": None,
        "place": "",
        **ordered.context,
    }
    return render(request, "ground/order.html", context, status=status)
