"""How long a calendar of 5,000 meetings takes, as ratios to a bare view: `python benchmarks/feed.py [NUMBER]`.

On SQLite, or on PostgreSQL: `bin/with-postgres .venv/bin/python benchmarks/feed.py`. It makes a database of its own and
takes it away. A bare view goes the same way through all middleware and answers “ok”, so that a ratio says more of mispa
than of the machine.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mispa.settings")
os.environ.setdefault("SECRET_KEY", "for a database that is thrown away")
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")

import django

django.setup()

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import override_settings, setup_test_environment, teardown_test_environment
from django.urls import path
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from documents.actions.feeds import make_address
from mandates.models import Body, WorkingGroup
from meetings.models import City, Meeting, Room, Topic
from mispa.ground.changes import changes
from mispa.ground.models import User
from mispa.ground.text import Text
from mispa.urls import urlpatterns as urls_of_mispa

MEETINGS: Final = 5_000
TIMES: Final = 11
TOPICS: Final = 3  # of each meeting
MOVED_ONE_IN: Final = 4


@login_not_required
def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("bare/", bare), *urls_of_mispa]


@contextmanager
def database() -> Iterator[None]:
    setup_test_environment()
    connection.creation.create_test_db(verbosity=0)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
        teardown_test_environment()


def fill(number: int) -> str:
    """One group with so many meetings in ten rooms, each with topics, a quarter of them moved; and a address."""
    said = {"by": None, "reason": "for the benchmark", "source": "command"}
    with changes(**said, at=datetime(2013, 1, 1, tzinfo=UTC)):  # type: ignore[arg-type]
        body = Body.objects.create(name=Text.of("Committee on Rivers"))
        group = WorkingGroup.objects.create(
            slug="rivers",
            name=Text.of("Working Group on Rivers"),
            short_name=Text.of("Rivers Group", es="Grupo de Ríos"),
            body=body,
            place=Text.of("Washington"),
            is_public=True,
        )
        city = City.objects.create(name=Text.of("Washington, D.C."), country=Text.of("United States"))
        rooms = [Room.objects.create(name=Text.of(f"Salón {place}"), city=city) for place in range(10)]
        meetings = [_meeting(group, place, rooms) for place in range(number)]
        bulk_create_with_history(meetings, Meeting)
        topics = [
            Topic(
                meeting=meeting,
                position=place,
                kind="other",
                text=Text.of(f"Consideration of the upkeep of banks, part {place}", es="Mantenimiento de las orillas"),
            )
            for meeting in meetings
            for place in range(TOPICS)
        ]
        bulk_create_with_history(topics, Topic)
    moved = meetings[::MOVED_ONE_IN]
    with changes(**said, at=datetime(2013, 1, 2, tzinfo=UTC)):  # type: ignore[arg-type]
        for meeting in moved:
            meeting.starts_at = time(9)
        bulk_update_with_history(moved, Meeting, ["starts_at"])
    person = User.objects.create(username="delegate")
    token = make_address(user=person, opened_for="", groups=[group], language="en", reminder=15, has_private=False)
    return f"/calendar/{token}.ics"


def _meeting(group: WorkingGroup, place: int, rooms: list[Room]) -> Meeting:
    day = date(2010, 1, 1) + timedelta(days=place % 3_000)
    return Meeting(
        kind="session",
        group=group,
        number=place + 1,
        status="convened",
        starts_on=day,
        ends_on=day,
        starts_at=time(10),
        ends_at=time(13),
        timezone="America/New_York",
        room=rooms[place % len(rooms)],
    )


class Took(NamedTuple):
    """Milliseconds by the clock, and of this process alone, without the database server and its other guests."""

    clock: float
    processor: float


def once(ask: Callable[[], Any]) -> Took:
    clock, processor = perf_counter(), process_time()
    ask()
    return Took((perf_counter() - clock) * 1000, (process_time() - processor) * 1000)


def measured(address: str, status: int = 200, **headers: str) -> Took:
    """The quickest of several answers, after one that is not counted: what else the machine does only slows them."""
    client = Client()

    def ask() -> None:
        answer = client.get(address, headers=headers)
        if answer.status_code != status:
            sys.exit(f"{address} answered {answer.status_code}")

    ask()
    return Took(*map(min, zip(*(once(ask) for _time in range(TIMES)), strict=True)))


def retitle(number: int) -> None:
    """One word of one meeting changes, as it does between two polls."""
    meeting = Meeting.objects.get(number=1)
    meeting.title = Text.of(f"Opening {number}")
    with changes(by=None, reason="for the benchmark", source="command"):
        meeting.save()


def after_a_change(address: str) -> Took:
    took = []
    for number in range(TIMES):
        retitle(number)
        took.append(once(lambda: Client().get(address)))
    return Took(*map(min, zip(*took, strict=True)))


def main(number: int) -> None:
    with database(), override_settings(ROOT_URLCONF=__name__, SECURE_SSL_REDIRECT=False):
        own = fill(number)
        feed = "/rivers/calendar.ics"
        bare_view = measured("/bare/")
        cache.clear()
        results = {"bare view": bare_view, "feed, nothing kept yet": once(lambda: Client().get(feed))}
        answer = Client().get(feed)
        results |= {
            "feed": measured(feed),
            "feed, had already (304)": measured(feed, 304, **{"if-none-match": answer["ETag"]}),
            "feed, after a change": after_a_change(feed),
            "feed, narrowed to a topic": measured(f"{feed}?topic=banks"),
            "personal feed": measured(own),
            "one meeting": measured("/rivers/meetings/1.ics"),
        }
    print(f"{connection.vendor}: {number} meetings, {len(answer.content) / 1e6:.1f} MB")
    print(f"{'':28}{'clock':>12}{'ratio':>9}{'processor':>15}{'ratio':>9}")
    for what, took in results.items():
        by_clock, by_processor = (one / plain for one, plain in zip(took, bare_view, strict=True))
        print(f"{what:28}{took.clock:9.1f} ms{by_clock:8.0f}×{took.processor:12.1f} ms{by_processor:8.0f}×")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MEETINGS)
