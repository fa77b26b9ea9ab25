"""The life of a meeting after it was convened: which steps it may take, and which ones it took.

What was done is read from its history and written nowhere a second time: a move is a change of time or place, by
whatever way it came. So a page, a feed and an import can tell of no other moves than those that happened.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from meetings.models import City, Meeting, Room
from mispa.ground.models import ChangeSet
from mispa.ground.text import Text

Status = Meeting.Status


class Verb(TextChoices):
    """What is done to a meeting that others know of, in the words of its buttons."""

    CONVENE = "convene", _("Convene")
    MOVE = "move", pgettext_lazy("a meeting", "Move")
    POSTPONE = "postpone", _("Postpone")
    CANCEL = "cancel", _("Cancel the meeting")
    HOLD = "hold", _("Record as held")


# From which states a step is taken, and to which it leads. One that was cancelled, or recorded as held, by mistake is
# convened again; one that was postponed or cancelled may get a new day.
STEPS: Final[dict[Verb, tuple[frozenset[Status], Status]]] = {
    Verb.CONVENE: (frozenset({Status.PROPOSED, Status.CANCELLED, Status.HELD}), Status.CONVENED),
    Verb.MOVE: (frozenset({Status.CONVENED, Status.POSTPONED, Status.CANCELLED}), Status.CONVENED),
    Verb.POSTPONE: (frozenset({Status.CONVENED, Status.CANCELLED}), Status.POSTPONED),
    Verb.CANCEL: (frozenset({Status.CONVENED, Status.POSTPONED}), Status.CANCELLED),
    Verb.HOLD: (frozenset({Status.CONVENED}), Status.HELD),
}


def label_of(verb: Verb, status: str) -> str:
    """What the button of a step says to a meeting in a state."""
    if verb == Verb.CONVENE and status in {Status.CANCELLED, Status.HELD}:
        return gettext("Convene again")
    return str(verb.label)


def steps_from(status: str) -> list[Verb]:
    """What may be done to a meeting in a state."""
    return [verb for verb, (before, _after) in STEPS.items() if status in before]


def may_become(before: str, after: str) -> bool:
    """Whether a step leads from one state to another."""
    return any(before in froms and after == to for froms, to in STEPS.values())


def why_not(verb: Verb, status: str) -> str:
    """Why a step cannot be taken from a state, and what to do; empty where it can."""
    before, after = STEPS[verb]
    if status in before:
        return ""
    if status == after:
        return gettext("It is so already: %(status)s.") % {"status": Status(status).label}
    if status == Status.HELD:
        return gettext("It is recorded as held. If that is wrong, convene it again first.")
    if status != Status.PROPOSED:
        return gettext("It is %(status)s. Move it to a new day first.") % {"status": Status(status).label.lower()}
    if verb == Verb.CANCEL:
        return gettext("Withdraw it instead: nobody outside knows of this meeting.")
    if verb == Verb.HOLD:
        return gettext("Convene it first.")
    return gettext("Edit it instead: nobody outside knows of this meeting.")


# What it was set for -----------------------------------------------------


def time_of(row: Any) -> tuple[Any, ...]:
    """For when a meeting, or a history row of one, is set; a translation of its words that came later is no move."""
    hours = (row.starts_on, row.starts_at, row.starts_fold, row.ends_on, row.ends_at, row.ends_fold)
    return (row.precision, *hours, row.timezone, _original(row.words))


def place_of(row: Any) -> tuple[Any, ...]:
    return row.room_id, row.city_id, _original(row.country)


def _original(text: Text | None) -> str:
    return text.wordings[text.original] if text else ""


# What happened to it ------------------------------------------------------


class Done(TextChoices):
    """What a step did, in the words of a list."""

    CONVENED = "convened", _("Convened")
    AGAIN = "again", _("Convened again")
    MOVED = "moved", _("Moved")
    POSTPONED = "postponed", _("Postponed")
    CANCELLED = "cancelled", _("Cancelled")
    HELD = "held", _("Held")
    CORRECTED = "corrected", _("Corrected")


@dataclass(frozen=True)
class Step:
    """One change of state, time or place; `set_for` is the meeting as it was left, `was` as it was set before.

    Who and why (`change_set`) is for those who may see history; `notice` is for every reader.
    """

    done: Done
    set_for: Meeting
    was: Meeting | None
    change_set: ChangeSet

    @property
    def notice(self) -> Text | None:
        notice: Text | None = self.set_for.notice
        return notice

    @property
    def has_another_time(self) -> bool:
        return self.was is not None and time_of(self.was) != time_of(self.set_for)

    @property
    def has_another_place(self) -> bool:
        return self.was is not None and place_of(self.was) != place_of(self.set_for)


def steps_of(meetings: Collection[Meeting], at: datetime | None = None) -> dict[UUID, list[Step]]:
    """By meeting: the steps of its life, now or as of an instant, in their order; one query.

    The places that they name are not loaded: see `name_places`.
    """
    rows = Meeting.history.filter(id__in=[meeting.pk for meeting in meetings])
    if at is not None:
        rows = rows.filter(change_set__at__lte=at)
    rows = rows.select_related("change_set__by").order_by("id", "history_id")
    return {key: _steps(list(versions)) for key, versions in groupby(rows, key=lambda row: row.id)}


def _steps(rows: list[Any]) -> list[Step]:
    last_of_each = {row.change_set_id: row for row in rows}
    steps: list[Step] = []
    before: Any = None
    for row in last_of_each.values():
        done = done_between(before, row)
        if done:
            was = before.instance if before and before.status != Status.PROPOSED else None
            steps.append(Step(done, row.instance, was, row.change_set))
        before = row
    return steps


def done_between(before: Any, after: Any) -> Done | None:
    """What a change did to a meeting in the eyes of those who know of it."""
    if after.status == Status.PROPOSED:
        return None
    known = before is not None and before.status != Status.PROPOSED
    if known and before.status == after.status:
        if time_of(before) == time_of(after) and place_of(before) == place_of(after):
            return None
        return Done.MOVED if after.status == Status.CONVENED else Done.CORRECTED
    if after.status != Status.CONVENED:
        return Done(after.status)
    if not known:
        return Done.CONVENED
    moved = (
        before.status == Status.POSTPONED or time_of(before) != time_of(after) or place_of(before) != place_of(after)
    )
    return Done.MOVED if moved else Done.AGAIN


def earlier_times(meeting: Meeting, steps: Iterable[Step]) -> list[Meeting]:
    """The days and hours for which it was set before, each once, and not the one for which it is set now."""
    now = time_of(meeting)
    found = {time_of(step.was): step.was for step in steps if step.was is not None}
    return [was for time, was in found.items() if time != now]


def name_places(meetings: Collection[Meeting]) -> None:
    """Give meetings that were read from history their rooms and cities with the names of now, in two queries."""
    rooms = Room.objects.select_related("city").in_bulk({one.room_id for one in meetings if one.room_id})
    cities = City.objects.in_bulk({one.city_id for one in meetings if one.city_id})
    for one in meetings:
        one.room = rooms.get(one.room_id)
        one.city = cities.get(one.city_id)


def versions_in(steps: dict[UUID, list[Step]]) -> list[Meeting]:
    """All that the steps show of meetings, for naming their places."""
    return [one for found in steps.values() for step in found for one in (step.set_for, step.was) if one is not None]
