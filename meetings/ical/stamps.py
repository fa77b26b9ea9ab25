"""What the history says of a meeting: when it was entered, last changed, and how often moved or called off."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Max

from mandates.models import WorkingGroup
from meetings.life import place_of, time_of
from meetings.models import City, Meeting, Room, Topic

STATUS: Final = {
    Meeting.Status.PROPOSED: "TENTATIVE",
    Meeting.Status.CONVENED: "CONFIRMED",
    Meeting.Status.HELD: "CONFIRMED",
    Meeting.Status.CANCELLED: "CANCELLED",
    # An event must have a time, and a subscriber's calendar would go on showing the old one. It comes back by the same
    # UID, with a higher SEQUENCE, when the new day is set.
    Meeting.Status.POSTPONED: "CANCELLED",
}


# What `_significant` reads: without the other columns of a history, thousands of rows are read twice as fast.
_SIGNIFICANT: Final = (
    *("status", "precision", "starts_on", "starts_at", "starts_fold", "ends_on", "ends_at", "ends_fold"),
    *("timezone", "words", "room_id", "city_id", "country"),
)


class Stamp(NamedTuple):
    """What the history says of a meeting; `sequence` counts how often its time, place or status changed."""

    created_at: datetime
    changed_at: datetime
    sequence: int


def stamps(
    meetings: Collection[Meeting],
    at: datetime | None = None,
    told: Mapping[UUID, Collection[Meeting]] | None = None,
) -> dict[UUID, Stamp]:
    """The stamp of each meeting (loaded `with_places()`), now or as of an instant, in at most five queries.

    A meeting changed when one of its topics did, or a name that its event prints: of its room, city or group, and of
    those of its earlier versions that are `told` beside it.
    """
    until = at or datetime.max.replace(tzinfo=UTC)
    printed = {meeting.pk: [meeting, *(told or {}).get(meeting.pk, ())] for meeting in meetings}
    changed_at = _topics_changed_at(meetings, until)
    names_changed_at = _names_changed_at([one for versions in printed.values() for one in versions], until)
    for key, its_versions in printed.items():
        for name in {name for one in its_versions for name in names_on(one)} & set(names_changed_at):
            changed_at.setdefault(key, []).append(names_changed_at[name])
    found = {}
    history = _rows(Meeting, set(printed), until).values_list(*_SIGNIFICANT, "id", "history_date", named=True)
    for key, rows in groupby(history, key=lambda row: row.id):
        versions = list(rows)
        instants = [row.history_date for row in versions]
        kept = [_significant(row) for row in versions]
        found[key] = Stamp(
            created_at=min(instants),
            changed_at=max(instants + changed_at.get(key, [])),
            sequence=sum(before != after for before, after in pairwise(kept)),
        )
    return found


def names_on(meeting: Meeting) -> set[UUID]:
    """Of what an event prints the name: room, cities, and the group."""
    ids = (meeting.room_id, meeting.room.city_id if meeting.room else None, meeting.city_id, meeting.group_id)
    return {one for one in ids if one}


def _rows(model: type[Meeting | Topic], keys: Any, until: datetime) -> Any:
    return model.history.filter(id__in=keys, history_date__lte=until).order_by("id", "history_id")


def _topics_changed_at(meetings: Collection[Meeting], until: datetime) -> dict[UUID, list[datetime]]:
    """A topic that goes from one meeting to another changes both."""
    ever_theirs = Topic.history.filter(meeting_id__in={meeting.pk for meeting in meetings})
    rows = _rows(Topic, ever_theirs.values("id"), until).values_list("id", "meeting_id", "history_date")
    changed_at: dict[UUID, list[datetime]] = {}
    for _topic, versions in groupby(rows, key=itemgetter(0)):
        before = None
        for _id, after, at in versions:
            for meeting in {before, after} - {None}:
                changed_at.setdefault(meeting, []).append(at)
            before = after
    return changed_at


def _names_changed_at(versions: Collection[Meeting], until: datetime) -> dict[UUID | None, datetime]:
    rooms = {one.room for one in versions if one.room}
    cities = {one.city_id for one in versions} | {room.city_id for room in rooms}
    changed_at: dict[UUID | None, datetime] = {}
    for model, keys in (
        (Room, {room.pk for room in rooms}),
        (City, cities),
        (WorkingGroup, {one.group_id for one in versions}),
    ):
        known = model.history.filter(id__in=keys, history_date__lte=until)
        latest = known.order_by().values_list("id").annotate(latest=Max("history_date"))
        changed_at.update(latest)
    return changed_at


def _significant(row: Any) -> tuple[object, ...]:
    """Time, place and status as a subscriber sees them: a meeting that was held goes on being confirmed."""
    return (
        STATUS[row.status],
        row.status == Meeting.Status.POSTPONED,
        time_of(row),
        place_of(row),
    )
