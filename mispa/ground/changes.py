"""Every write belongs to a change-set: who, on whose behalf, when, why, and by which way it came."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.dispatch import Signal
from django.utils import timezone

if TYPE_CHECKING:
    from mispa.ground.models import ChangeSet, User

_current: ContextVar["ChangeSet | None"] = ContextVar("change_set", default=None)
_if_undone: ContextVar[list[Callable[[], object]] | None] = ContextVar("if_undone", default=None)
closing = Signal()  # all of a change-set is written, and nothing is committed yet; gives `change_set`
_LOCK = 0x6D697370  # “misp”: the advisory lock that puts change-sets in a row on PostgreSQL


def current() -> "ChangeSet | None":
    return _current.get()


def current_id() -> int | None:
    """The default of a history row's link. Outside a change-set it is NULL, and the database refuses the row."""
    change_set = _current.get()
    return change_set.pk if change_set else None


def if_undone(act: Callable[[], object]) -> None:
    """Does this if the change-set that is being written is not saved: for what stands outside of the database."""
    acts = _if_undone.get()
    if acts is None:
        raise RuntimeError("Only inside of a change-set can something wait for it to be undone.")
    acts.append(act)


@contextmanager
def _undoing() -> Iterator[None]:
    acts: list[Callable[[], object]] = []
    token = _if_undone.set(acts)
    try:
        yield
    except BaseException:
        for act in reversed(acts):
            act()
        raise
    finally:
        _if_undone.reset(token)


def wait_for_turn() -> None:
    """On PostgreSQL nobody else writes a change-set from here to the end of the transaction; SQLite has one writer."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


@contextmanager
def changes(
    *, by: "User | None", reason: str, source: str = "page", on_behalf_of: str = "", at: datetime | None = None
) -> Iterator["ChangeSet"]:
    """All writes inside are one change-set and one transaction; inside another change-set they join that one.

    `by` is None only where a command of the system writes (`source="command"`). `at` is for tests and for imports of
    what happened earlier. Change-sets run one after the other, so that the order of their instants is the order in
    which they became visible; this is what makes “as of an instant” exact.
    """
    from mispa.ground.models import ChangeSet, Posting  # noqa: PLC0415 (models import this module for their default)

    running = _current.get()
    if running:
        yield running
        return
    with _undoing(), transaction.atomic():
        wait_for_turn()
        if at is None:
            latest = ChangeSet.objects.order_by("-at").values_list("at", flat=True).first()
            at = timezone.now()
            if latest and latest >= at:
                at = latest + timedelta(microseconds=1)
        change_set = ChangeSet(by=by, on_behalf_of=on_behalf_of, reason=reason, source=source, at=at)
        change_set.full_clean()
        change_set.save(force_insert=True)
        Posting.objects.create(change_set=change_set)  # for the outbox: written with the change, or not at all
        token = _current.set(change_set)
        try:
            yield change_set
            closing.send(ChangeSet, change_set=change_set)
        finally:
            _current.reset(token)
