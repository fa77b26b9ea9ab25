"""Which meeting is told first, and how far away it is."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from documents.reading.coming import Coming, coming_of, countdown
from mandates.models import WorkingGroup
from meetings.models import Meeting
from mispa.ground.text import Text
from tests import factories as make
from tests.conftest import signed_in
from tests.documents.test_lives import words
from tests.writing import made

WASHINGTON = ZoneInfo("America/New_York")
NAMES = ("earlier", "first", "second")


def at(day: int, hour: int = 9, minute: int = 0, month: int = 9) -> datetime:
    return datetime(2013, month, day, hour, minute, tzinfo=WASHINGTON)


def meeting(day: int = 5, last: int = 0, **values: Any) -> Meeting:
    """On a day of September 2013 from 10 to 13 in Washington, or on several whole days."""
    hours = (None, None, "all-day") if last else (time(10), time(13), "exact")
    how = dict(zip(("starts_at", "ends_at", "precision"), hours, strict=True))
    days = {"starts_on": date(2013, 9, day), "ends_on": date(2013, 9, last or day)}
    return Meeting(**{"kind": "session", "status": "convened", "timezone": "America/New_York"} | days | how | values)


def in_words(first: int | None, last: int | None, **values: Any) -> Meeting:
    days = {"starts_on": first and date(2013, 9, first), "ends_on": last and date(2013, 9, last)}
    how: dict[str, Any] = {
        "precision": "imprecise",
        "words": Text.of("early September"),
        "starts_at": None,
        "ends_at": None,
    }
    return meeting(**(how | days | values))


def coming(now: datetime, *meetings: Meeting) -> Coming:
    return coming_of(meetings, now, WASHINGTON)


@pytest.mark.parametrize(
    ("now", "says"),
    [
        (at(2), "in 3 days"),
        (at(3, 23, 59), "in 2 days"),
        (at(4, 0, 1), "tomorrow"),
        (at(5, 7, 10), "today, in about 3 hours"),
        (at(5, 9), "today, in about 1 hour"),
        (at(5, 9, 20), "today, in 40 minutes"),
        (at(5, 9, 59), "today, in 1 minute"),
        (at(5, 10), "until 13:00"),
        (at(5, 12, 59), "until 13:00"),
    ],
)
def test_countdown_to_an_hour(now, says):
    assert countdown(meeting(), now, WASHINGTON) == says


def test_countdown_counts_days_in_the_zone_of_the_group():
    early_in_tokyo = meeting(timezone="Asia/Tokyo")  # 21:00 of the day before in Washington

    assert countdown(early_in_tokyo, at(3, 12), WASHINGTON) == "tomorrow"
    assert countdown(early_in_tokyo, at(3, 12), ZoneInfo("Asia/Tokyo")) == "tomorrow"
    assert countdown(early_in_tokyo, at(2, 12), ZoneInfo("Asia/Tokyo")) == "in 2 days"


@pytest.mark.parametrize(("day", "says"), [(4, "tomorrow"), (5, "today"), (6, "today is its day 2 of 3")])
def test_countdown_to_whole_days_has_no_hours(day, says):
    assert countdown(meeting(5, last=7), at(day), WASHINGTON) == says


def test_countdown_over_the_change_of_clocks():
    after = meeting(starts_on=date(2013, 11, 4), ends_on=date(2013, 11, 4))

    assert countdown(after, at(2, 12, month=11), WASHINGTON) == "in 2 days"
    assert countdown(after, at(3, 0, 30, month=11), WASHINGTON) == "tomorrow"


def test_what_is_only_told_in_words_is_counted_by_no_day():
    assert countdown(in_words(6, 10), at(2), WASHINGTON) == "the day is not set yet"


def test_a_meeting_in_session_is_told_before_one_of_whole_days_that_began_earlier():
    ministerial, session, next_slot = meeting(4, last=6), meeting(5), meeting(5, starts_at=time(14), ends_at=time(17))

    found = coming(at(5, 11), ministerial, session, next_slot)

    assert (found.meeting, found.is_on, found.countdown) == (session, True, "until 13:00")


def test_a_meeting_in_words_hides_none_that_has_a_day():
    perhaps, sure, later = in_words(1, 10), meeting(5), in_words(20, 25)

    found = coming(at(2), perhaps, sure, later)

    assert (found.meeting, found.perhaps_before) == (sure, [perhaps])
    assert coming(at(2), perhaps, later).meeting == perhaps


def test_what_was_cancelled_or_put_off_does_not_come():
    found = coming(at(2), meeting(3, status="cancelled"), meeting(4, status="postponed"))

    assert (found.meeting, found.countdown, found.last, found.waits) == (None, "", None, True)


def test_after_the_last_one_that_is_told():
    first, last = meeting(5), meeting(6)

    found = coming(at(7), first, last, meeting(6, status="cancelled"))

    assert (found.meeting, found.last, found.waits) == (None, last, False)


# On the pages -----------------------------------------------------------------------------


@pytest.fixture
def group(db: None) -> WorkingGroup:
    return make.whole_group(slug="rivers")


def test_overview_and_calendar_tell_room_hours_zones_and_papers(group):
    delegate = make.member(group, "delegate")
    delegate.timezone = "America/Sao_Paulo"
    delegate.save()
    topic = group.meetings.get().topics.get()
    open_paper, limited = (
        made(make.RevisionFactory, document__group=group, document__title=Text.of(title), document__is_public=public)
        for title, public in (("Depths of the Orinoco", True), ("Not for everybody", False))
    )
    for paper in (open_paper, limited):
        made(make.TopicDocumentFactory, topic=topic, document=paper.document)

    with time_machine.travel(at(2), tick=False):
        pages = {
            (reader, address): words(client, address)
            for reader, client in (("delegate", signed_in(delegate)), ("everybody", Client()))
            for address in ("/rivers/", "/rivers/calendar/")
        }

    for (reader, _address), page in pages.items():
        assert "Next meeting in 3 days Thursday, September 5, 2013 10:00–13:00 · Rubén Darío Room" in page
        assert "Washington (UTC\N{MINUS SIGN}4) · 14:00–17:00 GMT ·" in page
        assert "On the table Consideration of the depths" in page
        assert open_paper.symbol.display in page
        own = "11:00–14:00 your time (America/Sao_Paulo, UTC\N{MINUS SIGN}3)"
        assert (own in page, "Not for everybody" in page) == ((reader == "delegate"),) * 2
