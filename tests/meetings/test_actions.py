"""Rules of what is done to meetings, topics and rooms."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from mandates.models import Mandate
from meetings.actions import (
    MANDATES_OF_TOPIC,
    create_meeting,
    create_room,
    create_topic,
    move_topic,
    restore_meeting,
    restore_room,
    restore_topic,
    revise_meeting,
    revise_topic,
    withdraw_meeting,
    withdraw_room,
    withdraw_topic,
)
from meetings.models import Meeting, Room, Topic
from mispa.ground.openings import latest_change
from mispa.ground.text import Text
from tests import factories
from tests.writing import made

HOURS = {
    "status": "proposed",
    "precision": "exact",
    "starts_on": date(2013, 9, 19),
    "starts_at": time(10),
    "ends_on": date(2013, 9, 19),
    "ends_at": time(13),
    "timezone": "America/New_York",
}


@pytest.fixture
def write(secretariat):
    return {"by": secretariat, "reason": "for a test"}


def revise(action, write, **values):
    return action(opened_from=latest_change(), **write, **values)


def refusal(error):
    return " ".join(error.value.messages)


# Meetings -------------------------------------------------------------------


def test_create_meeting_takes_the_next_number(group, write):
    meeting = create_meeting(group=group, **write, **HOURS)

    assert (meeting.kind, meeting.number, meeting.group) == ("session", 2, group)


def test_create_meeting_never_uses_a_number_again(group, write):
    revise(withdraw_meeting, write, meeting=create_meeting(group=group, **write, **HOURS))

    assert create_meeting(group=group, **write, **HOURS).number == 3


def test_create_meeting_counts_in_its_own_group(group, write):
    other = made(factories.WorkingGroupFactory)

    assert create_meeting(group=other, **write, **HOURS).number == 1


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"ends_at": time(9)}, "The end lies before the beginning."),
        ({"starts_at": None}, "Give days and hours, or whole days without hours, or the time in words without hours."),
        ({"precision": "all-day"}, "Give days and hours, or whole days without hours"),
        ({"precision": "imprecise", "starts_at": None, "ends_at": None}, "Give days and hours, or whole days"),
        ({"timezone": "Washington"}, "“Washington” is no time zone"),
        ({"timezone": "localtime"}, "“localtime” is no time zone"),
        ({"timezone": "Factory"}, "“Factory” is no time zone"),
        ({"starts_on": date(1899, 12, 31)}, "Write a year from 1900 to 2200."),
        ({"ends_on": date(9999, 12, 31)}, "Write a year from 1900 to 2200."),
    ],
)
def test_create_meeting_refuses_in_words(group, write, values, says):
    with pytest.raises(ValidationError) as error:
        create_meeting(group=group, **write, **HOURS | values)

    assert says in refusal(error)


def test_create_meeting_of_whole_days_or_in_words(group, write):
    hours = {"starts_at": None, "ends_at": None}
    whole = create_meeting(group=group, **write, **HOURS | hours | {"precision": "all-day"})
    days = {"starts_on": None, "ends_on": None, "words": Text.of("early September")}
    in_words = create_meeting(group=group, **write, **HOURS | hours | days | {"precision": "imprecise"})

    assert (whole.starts_at, str(in_words.words)) == (None, "early September")


@pytest.mark.parametrize(
    ("day", "hour", "says"),
    [
        (date(2013, 3, 10), time(2, 30), "go forward and leave out 02:30. The next hour that exists is 03:00."),
        (date(2013, 11, 3), time(1, 30), "go back and 01:30 comes twice. Choose which is meant."),
    ],
)
@pytest.mark.parametrize("end", ["starts", "ends"])
def test_meeting_hours_must_come_once(group, write, day, hour, says, end):
    values = {"starts_on": day, "ends_on": day, "starts_at": time(0), "ends_at": time(23), f"{end}_at": hour}

    with pytest.raises(ValidationError) as error:
        create_meeting(group=group, **write, **HOURS | values)

    assert set(error.value.message_dict) == {f"{end}_fold" if hour == time(1, 30) else f"{end}_at"}
    assert says in refusal(error)


@pytest.mark.parametrize(("fold", "hour"), [(0, 5), (1, 6)])
def test_an_hour_that_comes_twice_is_kept_with_which_is_meant(group, write, fold, hour):
    day = {"starts_on": date(2013, 11, 3), "ends_on": date(2013, 11, 3), "starts_at": time(1, 30), "starts_fold": fold}

    meeting = create_meeting(group=group, **write, **HOURS | day)

    assert (meeting.starts.hour, meeting.starts.minute) == (hour, 30)


def test_which_hour_is_forgotten_where_the_hour_comes_once(group, write):
    meeting = create_meeting(group=group, **write, **HOURS | {"starts_fold": 1})

    assert meeting.starts_fold is None


@pytest.mark.parametrize(("folds", "minutes"), [((0, 1), 45), ((1, 0), None)])
def test_a_meeting_may_last_over_the_hour_that_comes_twice(group, write, folds, minutes):
    day = {"starts_on": date(2013, 11, 3), "ends_on": date(2013, 11, 3), "starts_at": time(1, 30)}
    day |= {"ends_at": time(1, 15) if minutes else time(1, 45), "starts_fold": folds[0], "ends_fold": folds[1]}

    if minutes:
        meeting = create_meeting(group=group, **write, **HOURS | day)
        assert meeting.ends - meeting.starts == timedelta(minutes=minutes)
    else:
        with pytest.raises(ValidationError, match="The end lies before the beginning"):
            create_meeting(group=group, **write, **HOURS | day)


def test_revise_meeting_may_cross_the_change_of_clocks(group, write):
    meeting = create_meeting(group=group, **write, **HOURS)
    day = date(2014, 3, 10)

    saved = revise(revise_meeting, write, meeting=meeting, starts_on=day, ends_on=day)

    assert saved.starts.hour == 14


def test_withdraw_meeting_that_was_convened_is_refused(group, write):
    with pytest.raises(ValidationError, match="Cancel it instead"):
        revise(withdraw_meeting, write, meeting=Meeting.objects.get())


def test_a_meeting_that_was_convened_is_never_proposed_or_withdrawn_again(group, write):
    meeting = factories.reword(Meeting.objects.get(), status="cancelled")

    with pytest.raises(ValidationError) as error:
        revise(revise_meeting, write, meeting=meeting, status="proposed")
    assert error.value.message_dict == {"status": ["Others know of this meeting. Cancel it, or leave it convened."]}

    with pytest.raises(ValidationError, match="Cancel it instead"):
        revise(withdraw_meeting, write, meeting=meeting)


def test_a_proposed_meeting_is_not_cancelled(group, write):
    meeting = create_meeting(group=group, **write, **HOURS)

    with pytest.raises(ValidationError) as error:
        revise(revise_meeting, write, meeting=meeting, status="cancelled")

    says = "Withdraw it instead: nobody outside knows of this meeting."
    assert error.value.message_dict == {"status": [says]}


def test_a_meeting_to_come_is_not_held(group, write):
    day = timezone.localdate() + timedelta(days=2)

    with pytest.raises(ValidationError) as error:
        revise(revise_meeting, write, meeting=Meeting.objects.get(), starts_on=day, ends_on=day, status="held")

    assert error.value.message_dict == {"status": ["It has not taken place yet."]}


def test_withdraw_and_restore_meeting_take_topics_and_papers_along(group, write):
    meeting = create_meeting(group=group, **write, **HOURS)
    topic = create_topic(
        meeting=meeting,
        **write,
        kind="consideration",
        text=Text.of("Depths"),
        mandates=(str(Mandate.objects.get().pk),),
    )
    paper = made(factories.TopicDocumentFactory, topic=topic)

    revise(withdraw_meeting, write, meeting=meeting)
    paper.refresh_from_db()
    assert paper.is_withdrawn
    assert not topic.topic_mandates.standing().exists()

    revise(restore_meeting, write, meeting=meeting)
    paper.refresh_from_db()
    assert not paper.is_withdrawn
    assert topic.topic_mandates.standing().count() == 1


# Topics ---------------------------------------------------------------------


def test_create_topic_stands_last_with_its_mandates(group, write):
    meeting, mandate = Meeting.objects.get(), Mandate.objects.get()

    topic = create_topic(
        meeting=meeting, **write, kind="other", text=Text.of("Other business"), mandates=(str(mandate.pk),)
    )

    assert list(meeting.topics.order_by("position"))[-1] == topic
    assert MANDATES_OF_TOPIC.read(topic) == (str(mandate.pk),)


def test_revise_topic_takes_mandates_away_and_gives_them_back(group, write):
    topic, mandate = Topic.objects.get(), Mandate.objects.get()
    for wanted in ((str(mandate.pk),), (), (str(mandate.pk),)):
        revise(revise_topic, write, topic=topic, mandates=wanted)

    assert MANDATES_OF_TOPIC.read(topic) == (str(mandate.pk),)
    assert topic.topic_mandates.count() == 1


def test_move_topic_swaps_neighbours(group, write):
    first = Topic.objects.get()
    second = create_topic(meeting=first.meeting, **write, kind="other", text=Text.of("Other business"))

    revise(move_topic, write, topic=second, upwards=True)

    assert list(first.meeting.topics.order_by("position")) == [second, first]


def test_restore_topic_of_a_withdrawn_meeting_is_refused(group, write):
    meeting = create_meeting(group=group, **write, **HOURS)
    topic = create_topic(meeting=meeting, **write, kind="other", text=Text.of("Other business"))
    revise(withdraw_topic, write, topic=topic)
    revise(withdraw_meeting, write, meeting=meeting)

    with pytest.raises(ValidationError) as error:
        revise(restore_topic, write, topic=topic)

    assert refusal(error) == "Meeting “Meeting 2” is withdrawn itself. Restore it first."


# Rooms ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Ruben Dario Hall", "rubén  darío room", "Sala Rubén Darío"])
def test_create_room_knows_a_place_by_its_other_spelling(group, write, name):
    there = Room.objects.get()

    with pytest.raises(ValidationError) as error:
        create_room(**write, name=Text.of(name), city=there.city_id)

    assert error.value.message_dict == {"name": [f"This room is there already: {there}."]}


def test_create_room_knows_a_place_of_which_no_city_was_named(group, write):
    with pytest.raises(ValidationError, match="This room is there already: Rubén Darío Room"):
        create_room(**write, name=Text.of("Ruben Dario Hall"))


def test_create_room_of_the_same_name_in_another_city(group, write):
    room = create_room(**write, name=Text.of("Rubén Darío Room"), city=made(factories.CityFactory).pk)

    assert Room.objects.standing().count() == 2
    assert not room.is_withdrawn


def test_withdraw_room_names_the_coming_meeting(group, write):
    day = timezone.now().date() + timedelta(days=30)
    coming = made(factories.MeetingFactory, group=group, number=7, starts_on=day, ends_on=day)

    with pytest.raises(ValidationError) as error:
        revise(withdraw_room, write, room=coming.room)

    assert "Meeting 7, " in refusal(error)
    assert "(Rivers Group)" in refusal(error)


@pytest.mark.parametrize("status", ["held", "cancelled", "postponed"])
def test_withdraw_room_of_meetings_that_are_done_with(group, write, status):
    day = timezone.now().date() + timedelta(days=30)
    done = made(factories.MeetingFactory, group=group, number=7, starts_on=day, ends_on=day, status=status)

    assert revise(withdraw_room, write, room=done.room).is_withdrawn


def test_restore_room_refuses_a_second_of_the_name(group, write):
    room = Room.objects.get()
    revise(withdraw_room, write, room=room)
    create_room(**write, name=Text.of("Ruben Dario Hall"), city=room.city_id)

    with pytest.raises(ValidationError, match="This room is there already"):
        revise(restore_room, write, room=room)
