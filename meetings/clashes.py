"""Two meetings at once in one room, or of one group: a question to those who convene them, never a lock.

Rooms are shared by all committees, so a clash may be with a meeting that the person who asks may not know of.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from meetings.models import Meeting
from mispa.ground import dates

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User

_STANDING = (Meeting.Status.PROPOSED, Meeting.Status.CONVENED, Meeting.Status.HELD)
Period = tuple[datetime, datetime]
_FURTHEST = timedelta(days=2)  # between the days of two zones at one instant lie at most 26 hours


@dataclass(frozen=True)
class Clash:
    """`other` is None where the person may not know of it."""

    meeting: Meeting
    other: Meeting | None
    same_room: bool

    def __str__(self) -> str:
        names = {"meeting": self.meeting, "room": self.meeting.room, "other": _named(self.other)}
        if self.same_room:
            return _("%(room)s is taken at that time: %(other)s.") % names
        return _("The Group meets twice at that time: %(other)s.") % names


def _named(other: Meeting | None) -> str:
    if other is None:
        return _("another meeting")
    if other.wall_times:
        time = f"{dates.span(*other.wall_times)}, {other.timezone}"
    else:
        time = dates.days(other.starts_on, other.ends_on) if other.starts_on and other.ends_on else ""
    return ", ".join(filter(None, [str(other), str(other.group.short_name) if other.group else "", time]))


def clashes_of(meetings: Collection[Meeting], user: "User | AnonymousUser") -> dict[UUID, list[Clash]]:
    """By meeting: what it runs into, in two queries whatever their number. Empty where it runs into nothing.

    Only times that are known run into each other: a meeting in words or without a day does not, one that ends when the
    next begins does not, whole days do with all that lies in them. Instants are compared, whatever the zones.
    """
    standing = [one for one in meetings if one.status in _STANDING and not one.is_withdrawn and one.period]
    if not standing:
        return {}
    others = _others(standing)
    known = set(Meeting.objects.visible_to(user).filter(pk__in=[one.pk for one in others]).values_list("pk", flat=True))
    at_some_time = [(other, other.period) for other in others]  # each computed once: n meetings are n² pairs
    found: dict[UUID, list[Clash]] = {}
    for meeting in standing:
        period = meeting.period
        for other, taken in at_some_time:
            same_room = meeting.room_id is not None and meeting.room_id == other.room_id
            same_group = meeting.group_id is not None and meeting.group_id == other.group_id
            if other.pk != meeting.pk and (same_room or same_group) and _overlap(period, taken):
                clash = Clash(meeting, other if other.pk in known else None, same_room)
                found.setdefault(meeting.pk, []).append(clash)
    return found


def _others(meetings: Sequence[Meeting]) -> list[Meeting]:
    """What may run into them: of the same groups and in the same rooms, on days around theirs."""
    first = min(one.starts_on for one in meetings if one.starts_on)
    last = max(one.ends_on for one in meetings if one.ends_on)
    beside = Q(group__in={one.group_id for one in meetings if one.group_id})
    beside |= Q(room__in={one.room_id for one in meetings if one.room_id})
    around = Meeting.objects.standing().filter(beside, status__in=_STANDING)
    around = around.filter(starts_on__lte=last + _FURTHEST, ends_on__gte=first - _FURTHEST)
    return list(around.select_related("group", "room", "series").in_order())


def _overlap(one: Period | None, other: Period | None) -> bool:
    return one is not None and other is not None and one[0] < other[1] and other[0] < one[1]
