"""What is done to a calendar: meetings, their topics, and the rooms.

Every action is one change-set, asks all rules and answers in words; `mispa.ground.editing` says what they may raise.
What becomes of a meeting that others know of is done by five of them, whoever asks: `convene_meeting`, `move_meeting`,
`postpone_meeting`, `cancel_meeting` and `hold_meeting`. `meetings.life` says which may follow on which.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mandates.models import WorkingGroup
from mandates.models.plan import POSITION_GAP
from meetings.life import STEPS, Verb, may_become, place_of, time_of, why_not
from meetings.models import City, Meeting, Room, Topic, TopicMandate
from mispa.ground import dates
from mispa.ground.changes import changes
from mispa.ground.editing import (
    ChangedMeanwhile,
    NothingChanged,
    StillNeeded,
    WithdrawnMeanwhile,
    create,
    last_change_of,
    locked,
    named_by,
    new,
    restore,
    revise,
    withdraw,
)
from mispa.ground.fields import YEARS
from mispa.ground.links import Links
from mispa.ground.merging import column_of
from mispa.ground.models import Tracked, User
from mispa.ground.openings import opening_of
from mispa.ground.order import last_position, move
from mispa.ground.text import Text, search_key
from mispa.ground.zones import next_that_exists, times_it_comes, valid_timezone, zones

# Meetings ----------------------------------------------------------------

LONGEST: Final = timedelta(days=366)  # of a meeting; what is longer is a year that was mistyped
_PARTS_OF_MEETING = ("topics", "topics.topic_mandates", "topics.papers", "papers", "bases")


def create_meeting(
    *,
    group: WorkingGroup,
    by: User,
    reason: str,
    new_id: UUID | None = None,
    number: int | None = None,
    **values: Any,
) -> Meeting:
    """Enter a session of the group, with the next number of its calendar, or with a given one that is free."""
    meeting = new(Meeting, new_id, {"kind": Meeting.Kind.SESSION} | values, group=group)

    def prepare(meeting: Meeting) -> None:
        # Withdrawn ones count: a number is never used again.
        ever: set[int] = set(group.meetings.values_list("number", flat=True))  # type: ignore[arg-type]
        meeting.number = number if number and number not in ever else max(ever, default=0) + 1

    return create(meeting, by=by, reason=reason, prepare=prepare, check=may_be)


def revise_meeting(
    *, meeting: Meeting, by: User, reason: str, opened_from: int, restoring: bool = False, **values: Any
) -> Meeting:
    """Change what a meeting is. A new state, time or place is held to the rules of the steps below."""
    return revise(
        meeting,
        mine=values,
        opened_from=opened_from,
        by=by,
        reason=reason,
        check=may_be,
        restoring=_PARTS_OF_MEETING if restoring else None,
    )


def convene_meeting(
    *, meeting: Meeting, by: User, reason: str, opened_from: int | None, notice: Text | None = None
) -> Meeting:
    """Let others know of a meeting; or of one cancelled, or recorded as held, by mistake, that it takes place."""
    return _step(Verb.CONVENE, meeting, {"notice": notice}, by=by, reason=reason, opened_from=opened_from)


def move_meeting(
    *, meeting: Meeting, by: User, reason: str, opened_from: int | None, notice: Text | None = None, **values: Any
) -> Meeting:
    """Set a meeting for another time or place; one that was postponed or cancelled is thereby convened again."""
    return _step(Verb.MOVE, meeting, {"notice": notice, **values}, by=by, reason=reason, opened_from=opened_from)


def postpone_meeting(
    *, meeting: Meeting, by: User, reason: str, opened_from: int | None, notice: Text | None = None
) -> Meeting:
    """Put a meeting off without a new day. It keeps its agenda, its papers, and the day for which it was set."""
    return _step(Verb.POSTPONE, meeting, {"notice": notice}, by=by, reason=reason, opened_from=opened_from)


def cancel_meeting(
    *, meeting: Meeting, by: User, reason: str, opened_from: int | None, notice: Text | None = None
) -> Meeting:
    """It will not take place. It keeps its agenda, its papers, and the day for which it was set."""
    return _step(Verb.CANCEL, meeting, {"notice": notice}, by=by, reason=reason, opened_from=opened_from)


def hold_meeting(
    *, meeting: Meeting, by: User, reason: str, opened_from: int | None, notice: Text | None = None
) -> Meeting:
    """Record that it took place, from its first day on."""
    return _step(Verb.HOLD, meeting, {"notice": notice}, by=by, reason=reason, opened_from=opened_from)


def _step(
    verb: Verb, meeting: Meeting, values: dict[str, Any], *, by: User, reason: str, opened_from: int | None
) -> Meeting:
    """One step of its life.

    What it was set for when the page was opened is what it must be set for still. An import, which has just entered the
    meeting and opened no page, gives no `opened_from`.
    """
    with changes(by=by, reason=reason):
        meeting = locked(meeting)
        if meeting.is_withdrawn:
            raise WithdrawnMeanwhile(last_change_of(meeting))
        wanted = {column_of(Meeting, name): value for name, value in (values | {"status": STEPS[verb][1]}).items()}
        if opened_from is not None and not _is_as_it_was(opening_of(meeting, opened_from), meeting):
            if _is_so(meeting, wanted):
                raise NothingChanged(already_there=True)  # sent twice
            raise ChangedMeanwhile
        if says := why_not(verb, meeting.status):
            raise ValidationError(says)
        if verb == Verb.MOVE and _stays(meeting, wanted):
            raise NothingChanged(already_there=False)
        for name, value in wanted.items():
            setattr(meeting, name, value)
        _keep_rules(meeting)
        meeting.full_clean()
        meeting.save()
        return meeting


def _is_so(meeting: Meeting, wanted: dict[str, Any]) -> bool:
    return all(getattr(meeting, name) == value for name, value in wanted.items())


def _stays(meeting: Meeting, wanted: dict[str, Any]) -> bool:
    """Whether a convened meeting would be moved to where it is."""
    return meeting.status == Meeting.Status.CONVENED and _is_so(
        meeting, {name: value for name, value in wanted.items() if name != "notice"}
    )


def _is_as_it_was(row: Any, meeting: Meeting) -> bool:
    return (row.status, time_of(row), place_of(row)) == (meeting.status, time_of(meeting), place_of(meeting))


def withdraw_meeting(*, meeting: Meeting, by: User, reason: str, opened_from: int) -> Meeting:
    """Only if it was never more than proposed: one that was convened is cancelled instead, and its entry stays."""
    return withdraw(
        meeting, by=by, reason=reason, opened_from=opened_from, parts=_PARTS_OF_MEETING, needed=only_proposed
    )


def restore_meeting(*, meeting: Meeting, by: User, reason: str, opened_from: int) -> Meeting:
    return restore(meeting, by=by, reason=reason, opened_from=opened_from, parts=_PARTS_OF_MEETING)


def only_proposed(thing: Tracked) -> Iterable[Model | str]:
    if isinstance(thing, Meeting) and _is_known(thing):
        raise StillNeeded(_("Others know of this meeting. Cancel it instead, so that its entry stays and says so."))
    return named_by(thing)


def _is_known(meeting: Meeting) -> bool:
    """Whether it ever was more than proposed: then others have seen it."""
    return bool(Meeting.history.filter(id=meeting.pk).exclude(status=Meeting.Status.PROPOSED).exists())


def may_be(meeting: Meeting) -> None:
    """What every new state of a meeting is held to, by whatever way it comes."""
    last = Meeting.history.filter(id=meeting.pk).order_by("history_id").last()
    if last and last.notice == meeting.notice and not _is_as_it_was(last, meeting):
        meeting.notice = None  # it was said of the step before
    _keep_rules(meeting, last)


def _keep_rules(meeting: Meeting, last: Any = None) -> None:
    """What others know of stays known, what they do not know of stays unknown, and nothing is held before its day."""
    says = _why_not(last.status, meeting.status) if last and last.status != meeting.status else ""
    if meeting.status == Meeting.Status.HELD and _is_to_come(meeting):
        says = _("It has not taken place yet.")
    if says:
        raise ValidationError({"status": says})
    is_set_anew = meeting.status == Meeting.Status.CONVENED and not (last and _is_as_it_was(last, meeting))
    if is_set_anew and meeting.room and meeting.room.is_withdrawn:
        raise ValidationError({"room": _("This room is withdrawn. Choose another one.")})
    _settle_hours(meeting)


def _why_not(before: str, after: str) -> str:
    if may_become(before, after):
        return ""
    if after == Meeting.Status.PROPOSED:
        return _("Others know of this meeting. Cancel it, or leave it convened.")
    return next(why_not(verb, before) for verb, (_froms, to) in STEPS.items() if to == after)


def _is_to_come(meeting: Meeting) -> bool:
    # Where the zone is wrong, `_settle_hours` says so.
    zone = meeting.zone if meeting.timezone in zones() else None
    return bool(meeting.starts_on and meeting.starts_on > timezone.localdate(timezone=zone))


def _settle_hours(meeting: Meeting) -> None:
    """Clocks that go forward leave hours out: none of them can be meant. Clocks that go back have hours twice.

    Of such an hour it must be said which is meant, and of no other.
    """
    try:
        valid_timezone(meeting.timezone)
    except ValidationError as error:
        raise ValidationError({"timezone": error.messages}) from error
    wrong = {}
    if says := wrong_last_day(meeting.starts_on, meeting.ends_on, meeting.precision, meeting.status):
        wrong["ends_on"] = says
    for end in ("starts", "ends"):
        day, hour = getattr(meeting, f"{end}_on"), getattr(meeting, f"{end}_at")
        times = times_it_comes(datetime.combine(day, hour), meeting.zone) if day and hour else 1
        if times < 2:
            setattr(meeting, f"{end}_fold", None)
        if times == 0:
            wrong[f"{end}_at"] = _left_out(datetime.combine(day, hour), meeting)
        if times == 2 and getattr(meeting, f"{end}_fold") is None:
            wrong[f"{end}_fold"] = comes_twice(datetime.combine(day, hour), meeting.timezone)
    if not wrong and meeting.starts and meeting.ends and meeting.ends <= meeting.starts:
        wrong["ends_at"] = wrong_end(is_same=meeting.ends == meeting.starts)
    if wrong:
        raise ValidationError(wrong)


def wrong_last_day(first: date | None, last: date | None, precision: str, status: str) -> str:
    """What is wrong with the last day of a meeting; empty where nothing is.

    Words may mean the days of years. What is called off or held stays as it was set.
    """
    if first is None or last is None:
        return ""
    if last < first:
        return _("The last day lies before the first.")
    is_set = precision != Meeting.Precision.IMPRECISE and status in {Meeting.Status.PROPOSED, Meeting.Status.CONVENED}
    if is_set and last - first > LONGEST and first.year in YEARS and last.year in YEARS:
        return _("This is more than a year after the first day. Is the year right?")
    return ""


def wrong_end(*, is_same: bool) -> str:
    """What is wrong with the hour at which a meeting ends: it is that of its beginning, or an earlier one."""
    return _("It ends when it begins. Give a later hour.") if is_same else _("The end lies before the beginning.")


def _left_out(wall: datetime, meeting: Meeting) -> str:
    words = {"day": dates.day(wall), "zone": meeting.timezone, "hour": dates.hour(wall)}
    words["next"] = dates.hour(next_that_exists(wall, meeting.zone))
    return (
        _("On %(day)s the clocks of %(zone)s go forward and leave out %(hour)s. The next hour that exists is %(next)s.")
        % words
    )


def comes_twice(wall: datetime, zone: str) -> str:
    """The question that an hour asks where clocks go back."""
    words = {"day": dates.day(wall), "zone": zone, "hour": dates.hour(wall)}
    return _("On %(day)s the clocks of %(zone)s go back and %(hour)s comes twice. Choose which is meant.") % words


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


# Rooms and cities --------------------------------------------------------


def create_city(*, by: User, reason: str, new_id: UUID | None = None, **values: Any) -> City:
    return create(new(City, new_id, values), by=by, reason=reason)


def create_room(*, by: User, reason: str, new_id: UUID | None = None, **values: Any) -> Room:
    return create(new(Room, new_id, values), by=by, reason=reason, check=is_no_other_room)


def revise_room(*, room: Room, by: User, reason: str, opened_from: int, restoring: bool = False, **values: Any) -> Room:
    return revise(
        room,
        mine=values,
        opened_from=opened_from,
        by=by,
        reason=reason,
        check=is_no_other_room,
        restoring=() if restoring else None,
    )


def withdraw_room(*, room: Room, by: User, reason: str, opened_from: int) -> Room:
    """Refused while a coming meeting is in it; those that are over keep it."""
    return withdraw(room, by=by, reason=reason, opened_from=opened_from, needed=coming_in)


def restore_room(*, room: Room, by: User, reason: str, opened_from: int) -> Room:
    return restore(room, by=by, reason=reason, opened_from=opened_from, also=is_no_other_room)


def coming_in(thing: Tracked) -> Iterable[Model | str]:
    now, over = timezone.now(), {Meeting.Status.HELD, Meeting.Status.CANCELLED, Meeting.Status.POSTPONED}
    for meeting in Meeting.objects.standing().filter(room=thing.pk).select_related("group").in_order():
        if meeting.status not in over and not meeting.is_over(now):
            day = dates.day(meeting.starts_on) if meeting.starts_on else str(meeting.words)
            yield f"{meeting}, {day}" + (f" ({meeting.group})" if meeting.group else "")


def is_no_other_room(room: Room) -> None:
    """“Rubén Darío Room” and “Ruben Dario Hall” are one place, also where of one of them no city is known."""
    names = {room_key(wording) for _language, wording in room.name or ()}
    for other in Room.objects.standing().exclude(pk=room.pk).order_by("id"):
        is_elsewhere = room.city_id and other.city_id and room.city_id != other.city_id
        if not is_elsewhere and names & {room_key(wording) for _language, wording in other.name}:
            raise ValidationError({"name": _("This room is there already: %(room)s.") % {"room": other}})


def room_key(name: str) -> str:
    """The name of a room for comparing."""
    kinds = {"room", "hall", "sala", "salon", "salle", "salao"}
    words = search_key(name).replace("-", " ").split()
    return " ".join([word for word in words if word not in kinds] or words)
