"""What is done to many topics at once. Each action is one change-set: all of it is saved, or nothing."""

from collections.abc import Hashable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from mandates.models.plan import POSITION_GAP
from meetings.actions import create_topic, revise_topic
from meetings.models import Meeting, Topic
from mispa.ground.models import User
from mispa.ground.order import arrange
from mispa.ground.together import Edit, once, together


def revise_topics(
    *, edits: Mapping[UUID, Edit], orders: Mapping[UUID, Sequence[UUID]], opened_from: int, by: User, reason: str
) -> int:
    """Save what was typed in the table of topics: topics, new topics, and their order by meeting."""
    acts: dict[Hashable, Any] = {key: partial(_write, edit, opened_from) for key, edit in edits.items()}
    for meeting, wanted in orders.items():
        acts["order", meeting] = partial(_arrange, meeting, wanted, opened_from)
    return together(acts, by=by, reason=reason)


def _write(edit: Edit, opened_from: int, *, by: User, reason: str) -> None:
    how: dict[str, Any] = {"by": by, "reason": reason, **edit.values}
    thing: Any = edit.thing
    if edit.is_new:
        create = partial(create_topic, meeting=thing.meeting, new_id=thing.pk, **how)
        once(thing, "meeting_id", create, lambda made, first: revise_topic(topic=made, opened_from=first, **how))
    else:
        revise_topic(topic=thing, opened_from=opened_from, **how)


def _arrange(meeting: UUID, wanted: Sequence[UUID], opened_from: int, *, by: User, reason: str) -> None:
    how: dict[str, Any] = {"opened_from": opened_from, "by": by, "reason": reason}
    arrange(Topic, where={"meeting": meeting}, wanted=wanted, gap=POSITION_GAP, **how)


def arrange_topics(*, meeting: Meeting, wanted: Sequence[UUID], opened_from: int, by: User, reason: str) -> None:
    _arrange(meeting.pk, wanted, opened_from, by=by, reason=reason)
