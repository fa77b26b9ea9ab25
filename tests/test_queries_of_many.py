"""Pages that list meetings ask the database as often for five hundred of them as for five."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from documents.actions.feeds import digest_of
from mandates.models import WorkingGroup
from meetings.models import Meeting, Room, Topic
from mispa.ground.changes import changes
from mispa.ground.text import Text
from tests import factories as make
from tests.conftest import signed_in
from tests.test_queries import kind

pytestmark = pytest.mark.django_db

FEW, MANY = 5, 500
STATES = ("convened", "held", "cancelled", "postponed", "proposed")
PAGES = (
    "/",
    "/search/?q=depth",
    "/rivers/",
    "/rivers/calendar/",
    "/rivers/calendar/2013/09/",
    "/rivers/calendar.json",
    "/rivers/calendar.ics",
    "/rivers/meetings/2.ics",
    "/calendar/ofthesecretary.ics",
    "/rivers/meetings/2013-09-05/",
    "/rivers/meetings/2/",
    "/rivers/process/",
    "/rivers/timeline/",
    "/rivers/coverage/",
    "/rivers/gaps/?state=all",
    "/rivers/translations/?state=all",
    "/rivers/changes/?since=2013-01-01",
    "/rivers/changes.atom",
    "/rivers/mails/",
    "/rivers/history/",
    "/rivers/work-plan/draft/",
    "/rivers/work-plan/draft.json",
    "/rivers/meetings/topics/",
    "/rivers/next/",
    "/accounts/following/",
    "/rooms/",
)


def grow(group: WorkingGroup, until: int) -> None:
    """Meetings in all states and several rooms, each with a topic; half of them move, and a mail about that waits."""
    numbers = range(group.meetings.count() + 1, until + 1)
    with changes(by=None, reason="a calendar", source="command"):
        rooms: list[Any] = [make.RoomFactory() for _room in range(until // FEW)]
        meetings = [_meeting(group, number, rooms) for number in numbers]
        bulk_create_with_history(meetings, Meeting)
        positions = count(Topic.objects.count() + 1)
        topics = [
            Topic(meeting=one, position=next(positions), kind="other", text=Text.of("On the depths"))
            for one in meetings
        ]
        bulk_create_with_history(topics, Topic)
    with changes(by=None, reason="moved", source="command") as moves:
        moved = meetings[::2]
        for one in moved:
            one.starts_at, one.room = time(9), rooms[0]
        bulk_update_with_history(moved, Meeting, ["starts_at", "room"])
    make.BundledChangeFactory(bundle=make.BundleFactory(group=group), change_set=moves)


def _meeting(group: WorkingGroup, number: int, rooms: list[Room]) -> Meeting:
    day = date(2013, 9, 5) + timedelta(days=number // 3)
    return Meeting(
        kind="session",
        group=group,
        number=number,
        status=STATES[number % len(STATES)],
        starts_on=day,
        ends_on=day,
        starts_at=time(10),
        ends_at=time(13),
        timezone="America/New_York",
        room=rooms[number % len(rooms)],
    )


@pytest.fixture(scope="module")
def asked(module_db: None) -> dict[str, list[list[str]]]:
    """What each page asks with few meetings and with many, where no process has kept anything yet."""
    group = make.whole_group(slug="rivers")
    secretary = make.member(group, "secretariat")
    token = {"token_sha256": digest_of("ofthesecretary"), "token_made_at": datetime(2013, 9, 1, tzinfo=UTC)}
    make.PersonalFeedFactory(user=secretary, has_private=True, **token).groups.add(group)
    make.FollowFactory(group=group)
    client = signed_in(secretary)
    found: dict[str, list[list[str]]] = {page: [] for page in PAGES}
    for number in (FEW, MANY):
        grow(group, number)
        for page in PAGES:
            if number == FEW:
                client.get(page)  # what is asked once per process is asked then
            found[page].append(statements(client, page))
    return found


def statements(client: Client, page: str) -> list[str]:
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(page)
    assert answer.status_code == 200, page
    return [query["sql"] for query in captured]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_as_often_for_five_hundred_meetings_as_for_five(page, asked):
    few, many = asked[page]

    assert len(few) == len(many), Counter(map(kind, many)) - Counter(map(kind, few))
