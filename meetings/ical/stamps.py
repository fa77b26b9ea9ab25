"""What the history says of a meeting: when it was entered, last changed, and how often moved or called off."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from itertools import groupby, pairwise
from operator import attrgetter
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
_FOR_EVER: Final = datetime.max.replace(tzinfo=UTC)


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
    """The stamp of each meeting (loaded `with_places()`), now or as of an instant, in at most five queries."""
    return with_names(own_stamps([meeting.pk for meeting in meetings], at), meetings, at, told)


def own_stamps(keys: Collection[UUID], at: datetime | None = None) -> dict[UUID, Stamp]:
    """The same of the meetings' own changes alone; one query."""
    history = _rows(Meeting, keys, at).values_list(*_SIGNIFICANT, "id", "history_date", named=True)
    found = {}
    for key, rows in groupby(history, key=attrgetter("id")):
        versions = list(rows)
        instants = [row.history_date for row in versions]
        kept = [_significant(row) for row in versions]
        moves = sum(before != after for before, after in pairwise(kept))
        found[key] = Stamp(created_at=min(instants), changed_at=max(instants), sequence=moves)
    return found


def with_names(
    own: Mapping[UUID, Stamp],
    meetings: Collection[Meeting],
    at: datetime | None = None,
    told: Mapping[UUID, Collection[Meeting]] | None = None,
) -> dict[UUID, Stamp]:
    """A meeting changed as well when one of its topics did, or a name that its event prints.

    These are of its room, city or group, and of those of its earlier versions that are `told` beside it.
    """
    until = at or _FOR_EVER
    # Meetings of a text that is kept from elsewhere may have no history here.
    printed = {meeting.pk: [meeting, *(told or {}).get(meeting.pk, ())] for meeting in meetings if meeting.pk in own}
    topics_changed_at = _topics_changed_at(set(printed), until)
    names_changed_at = _names_changed_at([one for versions in printed.values() for one in versions], until)
    found = {}
    for key, its_versions in printed.items():
        instants = [own[key].changed_at, *topics_changed_at.get(key, ())]
        names = {name for one in its_versions for name in names_on(one)}
        instants += [names_changed_at[name] for name in names if name in names_changed_at]
        found[key] = own[key]._replace(changed_at=max(instants))
    return found


def names_on(meeting: Meeting) -> set[UUID]:
    """Of what an event prints the name: room, cities, and the group."""
    ids = (meeting.room_id, meeting.room.city_id if meeting.room else None, meeting.city_id, meeting.group_id)
    return {one for one in ids if one}


def _rows(model: type[Meeting | Topic], keys: Any, at: datetime | None) -> Any:
    return model.history.filter(id__in=keys, history_date__lte=at or _FOR_EVER).order_by("id", "history_id")


def _topics_changed_at(meetings: Collection[UUID], until: datetime) -> dict[UUID, list[datetime]]:
    """A topic that goes from one meeting to another changes both."""
    ever_theirs = Topic.history.filter(meeting_id__in=meetings)
    rows = _rows(Topic, ever_theirs.values("id"), until).values_list("id", "meeting_id", "history_date")
    changed_at: dict[UUID, list[datetime]] = {}
    topic = before = None
    for key, after, at in rows:
        changed_at.setdefault(after, []).append(at)
        if key == topic and before not in (None, after):
            changed_at.setdefault(before, []).append(at)
        topic, before = key, after
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
