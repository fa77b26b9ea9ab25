"""Identity of an event over its life: UID, SEQUENCE and the stamps from the history."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone, translation

from meetings.ical import calendar_file, stamps
from meetings.models import Meeting
from mispa.ground.text import Text
from tests.meetings.ical_cases import (
    ENTERED,
    LATER,
    change,
    enter_group,
    enter_ministerial,
    enter_room,
    file_of,
    loaded,
    only_event,
    page_url,
    session,
)
from tests.meetings.ical_checks import checked


@pytest.fixture
def group(db):
    return enter_group()


@pytest.fixture
def room(db):
    return enter_room()


@pytest.fixture
def ministerial(group):
    return enter_ministerial(group)


def test_uid_outlives_a_move_and_a_new_number(group):
    meeting = session(group, 1, date(2013, 9, 5))
    uid = only_event(group)["UID"]

    change(meeting, starts_on=date(2013, 10, 3), ends_on=date(2013, 10, 3), timezone="America/Bogota", number=7)

    assert only_event(group)["UID"] == uid == f"{meeting.pk}@mispa"


def test_same_data_gives_the_same_bytes_whoever_reads_and_whenever(group, room, ministerial):
    session(group, 1, date(2013, 9, 5), room=room, topics=[Text.of("Draft agenda", es="Proyecto de temario")])
    data = file_of(group)

    with translation.override("es"), timezone.override(ZoneInfo("Asia/Kathmandu")), time_machine.travel(LATER):
        again = file_of(group)

    assert again == data


def test_stamps_are_the_instants_of_the_change_sets(group):
    meeting = session(group, 1, date(2013, 9, 5))
    change(meeting, starts_at=time(9, 30))

    event = only_event(group)

    assert event["CREATED"].dt == ENTERED
    assert event["LAST-MODIFIED"].dt == event["DTSTAMP"].dt == LATER


@pytest.mark.parametrize(
    "move",
    [
        {"starts_at": time(9)},
        {"ends_at": time(12)},
        {"starts_on": date(2013, 9, 4), "ends_on": date(2013, 9, 4)},
        {"ends_on": date(2013, 9, 6)},
        {"timezone": "America/Bogota"},
        {"precision": Meeting.Precision.ALL_DAY, "starts_at": None, "ends_at": None},
        {"status": Meeting.Status.CANCELLED},
        {"country": Text.of("Colombia")},
    ],
    ids=lambda move: "-".join(move),
)
def test_sequence_rises_once_when_time_place_or_status_changes(group, move):
    meeting = session(group, 1, date(2013, 9, 5))
    assert only_event(group)["SEQUENCE"] == 0

    change(meeting, **move)

    assert only_event(group)["SEQUENCE"] == 1


def test_sequence_rises_with_every_change_of_room_and_city(group, room):
    meeting = session(group, 1, date(2013, 9, 5))

    change(meeting, room=room)
    change(meeting, city=room.city, at_instant=LATER + timedelta(hours=1))
    change(meeting, room=None, at_instant=LATER + timedelta(hours=2))

    assert only_event(group)["SEQUENCE"] == 3


def test_sequence_stays_when_only_words_change(group, ministerial):
    change(ministerial, title=Text.of("Fourth Meeting of Ministers"), further=Text.of("To be seen"))
    change(ministerial, country=Text.of("Colombia", es="República de Colombia"), at_instant=LATER + timedelta(hours=1))

    event = only_event(group)

    assert event["SEQUENCE"] == 0
    assert event["LAST-MODIFIED"].dt == LATER + timedelta(hours=1)


def test_sequence_stays_when_a_confirmed_meeting_was_held(group):
    meeting = session(group, 1, date(2013, 9, 5))

    change(meeting, status=Meeting.Status.HELD)

    assert only_event(group)["SEQUENCE"] == 0


def test_sequence_counts_moves_there_and_back(group):
    meeting = session(group, 1, date(2013, 9, 5))

    change(meeting, starts_at=time(9))
    change(meeting, starts_at=time(10), at_instant=LATER + timedelta(hours=1))

    assert only_event(group)["SEQUENCE"] == 2


def test_typo_in_a_topic_changes_the_stamp_and_not_the_sequence(group):
    meeting = session(group, 1, date(2013, 9, 5), topics=["Draft agneda"])
    other = session(group, 2, date(2013, 9, 19), topics=["Draft schedule"])

    change(meeting.topics.get(), text=Text.of("Draft agenda"))

    events = checked(file_of(group))
    assert events[f"{meeting.pk}@mispa"]["LAST-MODIFIED"].dt == LATER
    assert events[f"{meeting.pk}@mispa"]["SEQUENCE"] == 0
    assert events[f"{other.pk}@mispa"]["LAST-MODIFIED"].dt == ENTERED


def test_topic_that_goes_to_another_meeting_changes_both(group):
    first = session(group, 1, date(2013, 9, 5), topics=["Draft agenda"])
    second = session(group, 2, date(2013, 9, 19))

    change(first.topics.get(), meeting=second)

    stamped = stamps(loaded(group))
    assert (stamped[first.pk].changed_at, stamped[second.pk].changed_at) == (LATER, LATER)


def test_new_name_of_room_city_or_group_changes_the_stamp(group, room):
    session(group, 1, date(2013, 9, 5), room=room)
    instants_of_renaming = [LATER + timedelta(days=day) for day in range(3)]
    seen = []

    change(room, name=Text.of("Hall of the Americas"), at_instant=instants_of_renaming[0])
    seen.append(only_event(group)["LAST-MODIFIED"].dt)
    change(room.city, name=Text.of("Washington"), at_instant=instants_of_renaming[1])
    seen.append(only_event(group)["LAST-MODIFIED"].dt)
    change(group, short_name=Text.of("MISPA 4"), at_instant=instants_of_renaming[2])
    seen.append(only_event(group)["LAST-MODIFIED"].dt)

    assert seen == instants_of_renaming


@pytest.mark.parametrize("count", [1, 3])
def test_stamps_ask_as_often_for_one_meeting_as_for_three(group, room, count, django_assert_num_queries):
    for number in range(1, count + 1):
        session(group, number, date(2013, 9, number), room=room, topics=["Draft agenda"])
    meetings = loaded(group)

    with django_assert_num_queries(5):
        stamps(meetings)


def test_file_asks_the_database_nothing(group, room, ministerial, django_assert_num_queries):
    session(group, 1, date(2013, 9, 5), room=room, topics=["Draft agenda"])
    meetings = loaded(group)
    stamped = stamps(meetings)

    with django_assert_num_queries(0):
        data = calendar_file(group, meetings, stamps=stamped, page_url=page_url, language="es")

    assert len(checked(data)) == 2
