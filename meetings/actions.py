"""What is done to a calendar: meetings, their topics, and the rooms.

Every action is one change-set, asks all rules and answers in words; `mispa.ground.editing` says what they may raise.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Max, Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mandates.models import WorkingGroup
from mandates.models.plan import POSITION_GAP
from meetings.models import Meeting, Room, Topic, TopicMandate
from mispa.ground import dates
from mispa.ground.editing import StillNeeded, create, named_by, new, restore, revise, withdraw
from mispa.ground.links import Links
from mispa.ground.models import Tracked, User
from mispa.ground.order import last_position, move
from mispa.ground.text import search_key
from mispa.ground.zones import valid_timezone, zones

# Meetings ----------------------------------------------------------------

_PARTS_OF_MEETING = ("topics", "topics.topic_mandates", "topics.papers", "papers", "bases")


def create_meeting(*, group: WorkingGroup, by: User, reason: str, new_id: UUID | None = None, **values: Any) -> Meeting:
    """Enter a session of the group, with the next number of its calendar."""
    meeting = new(Meeting, new_id, values, group=group, kind=Meeting.Kind.SESSION)

    def prepare(meeting: Meeting) -> None:
        # Withdrawn ones count: a number is never used again.
        meeting.number = (group.meetings.aggregate(last=Max("number"))["last"] or 0) + 1

    return create(meeting, by=by, reason=reason, prepare=prepare, check=_may_be)


def revise_meeting(
    *, meeting: Meeting, by: User, reason: str, opened_from: int, restoring: bool = False, **values: Any
) -> Meeting:
    """Change what a meeting is, when and where; cancelling and moving one are changes like others."""
    return revise(
        meeting,
        mine=values,
        opened_from=opened_from,
        by=by,
        reason=reason,
        check=_may_be,
        restoring=_PARTS_OF_MEETING if restoring else None,
    )


def withdraw_meeting(*, meeting: Meeting, by: User, reason: str, opened_from: int) -> Meeting:
    """Only if it was never more than proposed: one that was convened is cancelled instead, and its entry stays."""
    return withdraw(
        meeting, by=by, reason=reason, opened_from=opened_from, parts=_PARTS_OF_MEETING, needed=_only_proposed
    )


def restore_meeting(*, meeting: Meeting, by: User, reason: str, opened_from: int) -> Meeting:
    return restore(meeting, by=by, reason=reason, opened_from=opened_from, parts=_PARTS_OF_MEETING)


def _only_proposed(thing: Tracked) -> Iterable[Model | str]:
    if isinstance(thing, Meeting) and _is_known(thing):
        raise StillNeeded(_("Others know of this meeting. Cancel it instead, so that its entry stays and says so."))
    return named_by(thing)


def _is_known(meeting: Meeting) -> bool:
    """Whether it ever was more than proposed: then others have seen it."""
    return bool(Meeting.history.filter(id=meeting.pk).exclude(status=Meeting.Status.PROPOSED).exists())


def _may_be(meeting: Meeting) -> None:
    _status_fits(meeting)
    _hours_come_once(meeting)


def _status_fits(meeting: Meeting) -> None:
    """What others know of stays known, what they do not know of stays unknown, and nothing is held before its day."""
    last = Meeting.history.filter(id=meeting.pk).order_by("history_id").last()
    says = ""
    if last and last.status != meeting.status:
        if meeting.status == Meeting.Status.PROPOSED and _is_known(meeting):
            says = _("Others know of this meeting. Cancel it, or leave it convened.")
        if meeting.status == Meeting.Status.CANCELLED and not _is_known(meeting):
            says = _("Withdraw it instead: nobody outside knows of this meeting.")
    if meeting.status == Meeting.Status.HELD and _is_to_come(meeting):
        says = _("It has not taken place yet.")
    if says:
        raise ValidationError({"status": says})


def _is_to_come(meeting: Meeting) -> bool:
    # Where the zone is wrong, `_hours_come_once` says so.
    zone = meeting.zone if meeting.timezone in zones() else None
    return bool(meeting.starts_on and meeting.starts_on > timezone.localdate(timezone=zone))


def _hours_come_once(meeting: Meeting) -> None:
    """Clocks that go forward leave hours out, clocks that go back have hours twice: neither can be meant."""
    try:
        valid_timezone(meeting.timezone)
    except ValidationError as error:
        raise ValidationError({"timezone": error.messages}) from error
    hours = {"starts_at": (meeting.starts_on, meeting.starts_at), "ends_at": (meeting.ends_on, meeting.ends_at)}
    for name, (day, hour) in hours.items():
        if day and hour and (sentence := _why_not(meeting, day, hour)):
            raise ValidationError({name: sentence})


def _why_not(meeting: Meeting, day: date, hour: time) -> str:
    wall = datetime.combine(day, hour, meeting.zone)
    words = {"day": dates.day(day), "zone": meeting.timezone, "hour": dates.hour(hour)}
    if wall.astimezone(UTC).astimezone(meeting.zone).replace(tzinfo=None) != wall.replace(tzinfo=None):
        return _("On %(day)s the clocks of %(zone)s go forward and leave out %(hour)s. Choose another hour.") % words
    if wall.utcoffset() != wall.replace(fold=1).utcoffset():
        return _("On %(day)s the clocks of %(zone)s go back and %(hour)s comes twice. Choose another hour.") % words
    return ""


# Topics ------------------------------------------------------------------

MANDATES_OF_TOPIC = Links(TopicMandate, "topic", ["mandate_id"], gettext_lazy("mandates that it serves"), POSITION_GAP)
_PARTS_OF_TOPIC = ("topic_mandates", "papers")


def create_topic(
    *, meeting: Meeting, by: User, reason: str, mandates: Sequence[str] = (), new_id: UUID | None = None, **values: Any
) -> Topic:
    """Set a topic on the agenda of a meeting, after the others."""
    topic = new(Topic, new_id, values, meeting=meeting)

    def prepare(topic: Topic) -> None:
        topic.position = last_position(Topic, {"meeting": meeting.pk}, POSITION_GAP)

    return create(topic, by=by, reason=reason, besides={MANDATES_OF_TOPIC: mandates}, prepare=prepare)


def revise_topic(
    *, topic: Topic, by: User, reason: str, opened_from: int, restoring: bool = False, **values: Any
) -> Topic:
    return revise(
        topic,
        mine=values,
        opened_from=opened_from,
        by=by,
        reason=reason,
        besides={"mandates": MANDATES_OF_TOPIC},
        restoring=_PARTS_OF_TOPIC if restoring else None,
    )


def withdraw_topic(*, topic: Topic, by: User, reason: str, opened_from: int) -> Topic:
    return withdraw(topic, by=by, reason=reason, opened_from=opened_from, parts=_PARTS_OF_TOPIC)


def restore_topic(*, topic: Topic, by: User, reason: str, opened_from: int) -> Topic:
    return restore(topic, by=by, reason=reason, opened_from=opened_from, parts=_PARTS_OF_TOPIC)


def move_topic(*, topic: Topic, upwards: bool, opened_from: int, by: User, reason: str) -> Topic:
    where = {"meeting": topic.meeting_id}
    return move(topic, where=where, upwards=upwards, opened_from=opened_from, by=by, reason=reason, gap=POSITION_GAP)


# Rooms -------------------------------------------------------------------


def create_room(*, by: User, reason: str, new_id: UUID | None = None, **values: Any) -> Room:
    return create(new(Room, new_id, values), by=by, reason=reason, check=_is_no_other_room)


def revise_room(*, room: Room, by: User, reason: str, opened_from: int, restoring: bool = False, **values: Any) -> Room:
    return revise(
        room,
        mine=values,
        opened_from=opened_from,
        by=by,
        reason=reason,
        check=_is_no_other_room,
        restoring=() if restoring else None,
    )


def withdraw_room(*, room: Room, by: User, reason: str, opened_from: int) -> Room:
    """Refused while a coming meeting is in it; those that are over keep it."""
    return withdraw(room, by=by, reason=reason, opened_from=opened_from, needed=_coming_in)


def restore_room(*, room: Room, by: User, reason: str, opened_from: int) -> Room:
    return restore(room, by=by, reason=reason, opened_from=opened_from, also=_is_no_other_room)


def _coming_in(thing: Tracked) -> Iterable[Model | str]:
    now, over = timezone.now(), {Meeting.Status.HELD, Meeting.Status.CANCELLED}
    for meeting in Meeting.objects.standing().filter(room=thing.pk).select_related("group").in_order():
        if meeting.status not in over and not meeting.is_over(now):
            day = dates.day(meeting.starts_on) if meeting.starts_on else str(meeting.words)
            yield f"{meeting}, {day}" + (f" ({meeting.group})" if meeting.group else "")


def _is_no_other_room(room: Room) -> None:
    """“Rubén Darío Room” and “Ruben Dario Hall” are one place."""
    names = {_folded(wording) for _language, wording in room.name or ()}
    for other in Room.objects.standing().filter(city=room.city_id).exclude(pk=room.pk):
        if names & {_folded(wording) for _language, wording in other.name}:
            raise ValidationError({"name": _("This room is there already: %(room)s.") % {"room": other}})


def _folded(name: str) -> str:
    kinds = {"room", "hall", "sala", "salon", "salle", "salao"}
    return " ".join(word for word in search_key(name).replace("-", " ").split() if word not in kinds)
