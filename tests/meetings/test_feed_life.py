"""A subscriber follows a meeting through its life; every state of the feed is held against three other readers."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.test import Client

from meetings.actions import (
    cancel_meeting,
    convene_meeting,
    move_meeting,
    postpone_meeting,
    revise_meeting,
    revise_room,
    revise_topic,
)
from meetings.models import Meeting, Room, Topic
from mispa.ground.openings import latest_change
from mispa.ground.text import Text
from tests import factories as make
from tests.meetings.ical_checks import checked, instants

BEGIN = datetime(2013, 8, 20, 9, tzinfo=UTC)
SEPTEMBER_5 = {"starts_on": date(2013, 9, 5), "ends_on": date(2013, 9, 5)}
NOVEMBER_1 = {"starts_on": date(2013, 11, 1), "ends_on": date(2013, 11, 1)}  # summer time ends on November 3
NOVEMBER_7 = {"starts_on": date(2013, 11, 7), "ends_on": date(2013, 11, 7)}
NO_HOURS = {"starts_at": None, "ends_at": None}
IN_WORDS = {
    "precision": "imprecise",
    "words": Text.of("early December"),
    "starts_on": None,
    "ends_on": None,
    **NO_HOURS,
}
AGAIN = {"precision": "exact", "words": None, "starts_at": time(10), "ends_at": time(13)}


class Subscriber:
    """A calendar program: it asks with what it has, and keeps the event by its UID."""

    def __init__(self, address):
        self.client, self.address, self.headers = Client(), address, {}
        self.answers, self.event, self.data = [], None, b""

    def polls(self):
        answer = self.client.get(self.address, headers=self.headers)
        self.answers.append(answer.status_code)
        if answer.status_code == 200:
            self.headers = {"If-None-Match": answer["ETag"]}
            self.data = answer.content
            (self.event,) = checked(answer.content).values()
        return self.event


@pytest.fixture
def rivers(db):
    with time_machine.travel(BEGIN, tick=False):
        return make.whole_group(slug="rivers")


@pytest.fixture
def secretary(rivers):
    with time_machine.travel(BEGIN, tick=False):
        return make.member(rivers, "secretariat")


@pytest.fixture
def act(secretary):
    """Does things to the meeting, each a day after the one before."""
    days = iter(range(1, 99))

    def acts(action, thing=None, **values):
        name = {Meeting: "meeting", Topic: "topic", Room: "room"}
        thing = thing or Meeting.objects.get()
        with time_machine.travel(BEGIN + timedelta(days=next(days)), tick=False):
            common = {"by": secretary, "reason": "asked for by the chair", "opened_from": latest_change()}
            return action(**{name[type(thing)]: thing}, **common, **values)

    return acts


@pytest.fixture
def rooms(rivers):
    with make.change_sets.changes(by=None, reason="two rooms", source="command", at=BEGIN):
        return make.RoomFactory(name=Text.of("Hall of Rivers")), make.RoomFactory(name=Text.of("Hall of Lakes"))


def test_a_subscriber_sees_each_of_fourteen_changes_and_no_other(rivers, rooms, act):
    act(move_meeting, room=rooms[0].pk)
    program = Subscriber("/rivers/calendar.ics")
    topic = Topic.objects.get()
    story = [
        ("typo in a topic", lambda: act(revise_topic, topic, text=Text.of("Draft agenda"))),
        ("another hour", lambda: act(move_meeting, starts_at=time(9))),
        ("another room", lambda: act(move_meeting, room=rooms[1].pk)),
        ("new name of the room", lambda: act(revise_room, rooms[1], name=Text.of("Hall of the Lakes"))),
        ("new name of the room before", lambda: act(revise_room, rooms[0], name=Text.of("Hall of the Rivers"))),
        ("postponed", lambda: act(postpone_meeting, notice=Text.of("The hall is being repaired."))),
        ("new day", lambda: act(move_meeting, **NOVEMBER_1)),
        ("across the change of clocks", lambda: act(move_meeting, **NOVEMBER_7)),
        ("another zone", lambda: act(move_meeting, timezone="America/Bogota")),
        ("words only", lambda: act(move_meeting, **IN_WORDS)),
        ("a day again", lambda: act(move_meeting, **AGAIN, **NOVEMBER_7)),
        ("cancelled", lambda: act(cancel_meeting)),
        ("convened again", lambda: act(convene_meeting)),
        ("translated", lambda: act(revise_topic, topic, text=Text.of("Draft agenda", es="Temario"))),
    ]
    told = [program.polls()]

    for _what, happens in story:
        happens()
        told.append(program.polls())
        program.polls()

    assert program.answers == [200] + [200, 304] * len(story)
    assert {event["UID"] for event in told} == {f"{Meeting.objects.get().pk}@mispa"}
    steps = [later["SEQUENCE"] - earlier["SEQUENCE"] for earlier, later in pairwise(told)]
    assert dict(zip([what for what, _happens in story], steps, strict=True)) == {
        "typo in a topic": 0,
        "another hour": 1,
        "another room": 1,
        "new name of the room": 0,
        "new name of the room before": 0,
        "postponed": 1,
        "new day": 1,
        "across the change of clocks": 1,
        "another zone": 1,
        "words only": 1,
        "a day again": 1,
        "cancelled": 1,
        "convened again": 1,
        "translated": 0,
    }
    days = [BEGIN + timedelta(days=day) for day in range(2, len(story) + 2)]
    assert [event["LAST-MODIFIED"].dt for event in told[1:]] == days
    assert [event["DTSTAMP"].dt for event in told[1:]] == days
    assert [str(event["STATUS"])[:4] for event in told] == [
        *["CONF"] * 6, "CANC", *["CONF"] * 3, "CANC", "CONF", "CANC", *["CONF"] * 2
    ]  # fmt: skip


def test_each_state_tells_the_hours_that_count_then(rivers, act):
    program = Subscriber("/rivers/calendar.ics")
    seen = []

    for values in ({"starts_at": time(9)}, NOVEMBER_1, NOVEMBER_7, {"timezone": "America/Bogota"}):
        act(move_meeting, **values)
        event = program.polls()
        seen.append(event.start.astimezone(UTC))
        assert instants(program.data)[str(event["UID"])][0] == seen[-1]

    assert seen == [
        datetime(2013, 9, 5, 13, tzinfo=UTC),
        datetime(2013, 11, 1, 13, tzinfo=UTC),
        datetime(2013, 11, 7, 14, tzinfo=UTC),  # nine in the morning is an hour later in winter
        datetime(2013, 11, 7, 14, tzinfo=UTC),  # Bogotá has the hour of New York then
    ]
    assert b"TZID:America/Bogota\r\n" in program.data


@pytest.mark.parametrize(
    ("language", "hours"),
    [("en", "September\xa05, 2013, 10:00–13:00"), ("es", "5\xa0de\xa0septiembre de\xa02013, 10:00–13:00")],
)
def test_a_meeting_that_moved_says_from_where(rivers, act, language, hours):
    act(move_meeting, **NOVEMBER_1, notice=Text.of("The hall is free then.", es="La sala está libre."))

    event = Subscriber(f"/rivers/calendar.ics?lang={language}").polls()

    notice = {"en": "The hall is free then.", "es": "La sala está libre."}[language]
    topic = str(Topic.objects.get().text)
    said, moved, _blank, first = event["DESCRIPTION"].split("\n")[:4]
    assert (said, moved.partition(": ")[2]) == (notice, hours)
    assert first.startswith(f"1. {topic}")


def test_a_move_of_the_room_alone_tells_the_room(rivers, rooms, act):
    act(move_meeting, room=rooms[0].pk)

    act(move_meeting, room=rooms[1].pk)

    event = Subscriber("/rivers/calendar.ics").polls()
    assert event["DESCRIPTION"].split("\n")[0] == "Moved from: Hall of Rivers, Washington, D.C., United States"
    assert event["LOCATION"].startswith("Hall of Lakes, ")


def test_a_meeting_that_is_set_in_words_only_loses_its_day_aloud(rivers, act):
    act(move_meeting, **IN_WORDS)

    event = Subscriber("/rivers/calendar.ics").polls()

    assert event["SUMMARY"] == "Not on this day, no exact day yet: Rivers Group: meeting 1 (early December)"
    assert (event["STATUS"], event.start) == ("CANCELLED", datetime(2013, 9, 5, 14, tzinfo=UTC))


@pytest.mark.parametrize(
    "days", [{}, {"starts_on": date(2013, 12, 1)}, {"starts_on": date(2013, 12, 1), "ends_on": date(2013, 12, 10)}]
)
def test_words_alone_are_no_day_in_any_feed(rivers, days):
    with make.change_sets.changes(by=None, reason="another", source="command"):
        make.MeetingFactory(group=rivers, number=2, status="convened", **IN_WORDS | days)

    (event,) = checked(Client().get("/rivers/calendar.ics").content).values()

    assert event["UID"] == f"{Meeting.objects.get(number=1).pk}@mispa"
    assert Client().get("/rivers/meetings/2.ics").status_code == 404


def test_a_topic_that_leaves_and_one_that_comes_are_told_at_once(rivers):
    meetings = [Meeting.objects.get()]
    with make.change_sets.changes(by=None, reason="another", source="command"):
        meetings.append(make.MeetingFactory(group=rivers, number=2))
    topic = Topic.objects.get()
    address = "/rivers/calendar.ics"
    before = {uid: "1. " in event["DESCRIPTION"] for uid, event in checked(Client().get(address).content).items()}

    make.reword(topic, meeting=meetings[1])

    after = {uid: "1. " in event["DESCRIPTION"] for uid, event in checked(Client().get(address).content).items()}
    assert [before[f"{one.pk}@mispa"] for one in meetings] == [True, False]
    assert [after[f"{one.pk}@mispa"] for one in meetings] == [False, True]


@pytest.mark.parametrize("name", ["group", "city"])
def test_a_new_name_is_in_the_feed_at_once(rivers, rooms, name):
    with make.change_sets.changes(by=None, reason="a city", source="command"):
        city = make.CityFactory(name=Text.of("Washington, D.C."))
    make.reword(Meeting.objects.get(), city=city, room=None)
    before = Subscriber("/rivers/calendar.ics").polls()

    thing, field, key = {"group": (rivers, "short_name", "SUMMARY"), "city": (city, "name", "LOCATION")}[name]
    make.reword(thing, **{field: Text.of("Renamed")})

    event = Subscriber("/rivers/calendar.ics").polls()
    assert "Renamed" not in before[key]
    assert event[key].startswith("Renamed")


def test_withdrawing_takes_a_meeting_out_and_restoring_brings_the_same_event(rivers):
    meeting = Meeting.objects.get()
    uid = Subscriber("/rivers/calendar.ics").polls()["UID"]

    make.reword(meeting, is_withdrawn=True)
    gone = checked(Client().get("/rivers/calendar.ics").content)
    make.reword(meeting, is_withdrawn=False)

    assert gone == {}
    assert Subscriber("/rivers/calendar.ics").polls()["UID"] == uid


def test_a_correction_that_is_no_move_is_no_new_sequence(rivers, act):
    before = Subscriber("/rivers/calendar.ics").polls()["SEQUENCE"]

    act(revise_meeting, further=Text.of("To be decided"))

    assert Subscriber("/rivers/calendar.ics").polls()["SEQUENCE"] == before
