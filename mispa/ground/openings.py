"""What a writer saw when she opened a page: the state of things in the latest change-set of that moment.

Every page that writes carries that change-set's number, `opened_from`.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Max
from django.utils.translation import gettext as _

from mispa.ground.changes import current_id
from mispa.ground.models import ChangeSet, Tracked

_DIGITS: Final = 18  # what every row can have as its number


class UnknownOpening(Exception):
    """The form does not say from which state of the object it was opened, or says it wrongly."""

    def __str__(self) -> str:
        return _("It cannot be told what you saw when you opened this page. Copy what you typed and open it again.")


def latest_change() -> int:
    """The number of the latest change-set: what a page that is opened now shows."""
    committed = ChangeSet.objects.exclude(pk=current_id() or 0)  # the one that is being written may yet be undone
    return committed.aggregate(latest=Max("pk"))["latest"] or 0


def rows_then(model: type[Tracked], where: Mapping[str, Any], until: int) -> list[Any]:
    """The history rows of objects that belonged somewhere in the change-set `until`."""
    history = model.history.model.objects
    ever = history.filter(**where).values("id")
    latest = history.filter(id__in=ever, change_set_id__lte=until).values("id").annotate(latest=Max("history_id"))
    return list(history.filter(history_id__in=latest.order_by().values("latest"), **where))


def row_then(thing: Tracked, until: int) -> Any:
    """The history row of an object as it was in the change-set `until`, or None."""
    return thing.history.filter(change_set_id__lte=until).order_by("-history_id").first()


def opening_of(thing: Tracked, opened_from: int) -> Any:
    """The same for what a form says of itself, which may be wrong."""
    row = row_then(thing, opened_from)
    if row is None:
        raise UnknownOpening
    ask_opening(opened_from)
    return row


def opening_in(sent: Mapping[str, Any]) -> int:
    """The state from which a form that was sent says that it was opened."""
    opened_from = as_number(sent.get("opened_from", ""))
    if opened_from is None:
        raise UnknownOpening
    return opened_from


def as_number(typed: str) -> int | None:
    """The number of a row that a form or an address names; None where it is none, such as “²” or a hundred digits."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= _DIGITS else None


def ask_opening(opened_from: int) -> None:
    """Refuses what is no change-set, or the one that is being written."""
    if opened_from == current_id() or not ChangeSet.objects.filter(pk=opened_from).exists():
        raise UnknownOpening
