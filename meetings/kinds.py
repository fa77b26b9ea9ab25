"""How the things of a calendar are told and undone: `mispa.ground.kinds` says what is declared."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

from mandates.kinds import edits, nobody
from mandates.models.plan import POSITION_GAP
from meetings import actions
from meetings.models import City, Meeting, MeetingBasis, Room, Series, Topic, TopicMandate
from meetings.permissions import can_edit_rooms
from mispa.ground.kinds import Kind
from mispa.ground.links import Links

if TYPE_CHECKING:
    from mandates.models import WorkingGroup
    from mispa.ground.models import User

BASES = Links(MeetingBasis, "meeting", ["resolution_id"], gettext_lazy("resolutions that it rests on"), POSITION_GAP)


def _keeps_rooms(user: "User", group: "WorkingGroup | None") -> bool:
    return can_edit_rooms(user)


def _address(meeting: Any) -> dict[str, Any]:
    return {"group": meeting.group.slug, "number": meeting.number}


class _MeetingKind(Kind):
    """Only what stands in the calendar of a group has pages that write."""

    def url(self, thing: Any, verb: str) -> str:
        return super().url(thing, verb) if thing.group_id else ""


def _meeting_may_be(meeting: Any, by: "User | None") -> None:
    actions.may_be(meeting)


def _room_may_be(room: Any, by: "User | None") -> None:
    actions.is_no_other_room(room)


KINDS = (
    Kind(model=City, may_edit=_keeps_rooms),
    Kind(
        model=Room,
        noun="meetings:room",
        may_edit=_keeps_rooms,
        check=_room_may_be,
        needed=actions.coming_in,
    ),
    Kind(model=Series, may_edit=nobody, is_lasting=True),
    _MeetingKind(
        model=Meeting,
        groups=("group",),
        noun="meetings:meeting",
        address=_address,
        besides={"bases": BASES},
        may_edit=edits,
        check=_meeting_may_be,
        needed=actions.only_proposed,
    ),
    Kind(
        model=Topic,
        groups=("meeting__group",),
        related=("meeting",),
        noun="meetings:topic",
        besides={"mandates": actions.MANDATES_OF_TOPIC},
        may_edit=edits,
    ),
    Kind(
        model=TopicMandate,
        groups=("topic__meeting__group",),
        related=("mandate",),
        owners=("topic",),
        may_edit=edits,
    ),
    Kind(
        model=MeetingBasis,
        groups=("meeting__group",),
        related=("resolution__symbol",),
        owners=("meeting",),
        may_edit=edits,
    ),
)
