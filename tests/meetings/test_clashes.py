"""Two meetings at once: in one room, or of one group. A question, never a lock."""

from datetime import date, time

import pytest
from django.contrib.auth.models import AnonymousUser

from meetings.actions import room_key
from meetings.clashes import clashes_of
from meetings.models import Meeting
from mispa.ground.text import Text
from tests import factories
from tests.writing import made

DAY = date(2013, 9, 5)
WHOLE = {"precision": "all-day", "starts_at": None, "ends_at": None}
IN_WORDS = {"precision": "imprecise", "starts_at": None, "ends_at": None, "words": Text.of("early September")}


@pytest.fixture
def meeting(group):
    """On September 5, 2013, 10:00 to 13:00 in Washington (14:00 to 17:00 GMT)."""
    return Meeting.objects.get()


@pytest.fixture
def neighbours(db):
    return factories.whole_group(slug="lakes", short_name=Text.of("Lakes Group"))


def said(meeting, user=None):
    return [str(clash) for clash in clashes_of([meeting], user or AnonymousUser()).get(meeting.pk, [])]


def beside(meeting, group, **values):
    """A meeting of another group in the same room."""
    return made(factories.MeetingFactory, group=group, number=7, room=meeting.room, **values)


def test_one_room_at_one_time_names_the_other_meeting(meeting, neighbours):
    beside(meeting, neighbours, starts_at=time(12), ends_at=time(14))

    says = (
        "Rubén Darío Room is taken at that time: Meeting 7, Lakes Group, September\N{NO-BREAK SPACE}5, 2013, "
        "12:00–14:00, America/New_York."
    )
    assert said(meeting) == [says]


def test_one_group_at_two_places_at_once(meeting, group):
    made(factories.MeetingFactory, group=group, number=2, room__name=Text.of("Libertador"))

    assert said(meeting) == [
        "The Group meets twice at that time: Meeting 2, Rivers Group, September\N{NO-BREAK SPACE}5, 2013, 10:00–13:00, "
        "America/New_York."
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"starts_at": time(13), "ends_at": time(17)},  # back to back
        {"starts_at": time(8), "ends_at": time(10)},
        {"starts_on": date(2013, 9, 6), "ends_on": date(2013, 9, 6)},
        {"timezone": "America/Los_Angeles"},  # 10:00 there is 13:00 here
        {"status": "cancelled"},
        {"status": "postponed"},
        {"is_withdrawn": True},
        {**WHOLE, "starts_on": date(2013, 9, 6), "ends_on": date(2013, 9, 7)},
        {**IN_WORDS, "starts_on": date(2013, 9, 1), "ends_on": date(2013, 9, 10)},
        {"room": None},
    ],
)
def test_these_are_no_clash(meeting, neighbours, values):
    made(factories.MeetingFactory, group=neighbours, number=7, **{"room": meeting.room} | values)

    assert said(meeting) == []


@pytest.mark.parametrize(
    "values",
    [
        {"starts_at": time(12, 59), "ends_at": time(13, 30)},
        {"timezone": "America/Bogota"},  # one hour later
        WHOLE,
        {**WHOLE, "starts_on": date(2013, 9, 4), "ends_on": date(2013, 9, 6)},
        # 23:00 on the 4th in Honolulu is 9:00 on the 5th in GMT
        {"timezone": "Pacific/Honolulu", "starts_on": date(2013, 9, 4), "starts_at": time(23), "ends_at": time(8)},
    ],
)
def test_these_are(meeting, neighbours, values):
    beside(meeting, neighbours, **values)

    assert len(said(meeting)) == 1


@pytest.mark.parametrize("values", [{"status": "cancelled"}, {"status": "postponed"}, {"room": None}])
def test_what_takes_no_room_takes_none_away(meeting, neighbours, values):
    beside(meeting, neighbours)

    assert said(factories.reword(meeting, **values)) == []


def test_a_meeting_that_the_person_may_not_know_of_is_not_named(meeting, secretariat):
    hidden = factories.whole_group(slug="hidden", short_name=Text.of("Hidden Group"), is_public=False)
    beside(meeting, hidden)

    assert said(meeting, secretariat) == ["Rubén Darío Room is taken at that time: another meeting."]


def test_a_proposed_meeting_is_named_to_those_who_prepare_it(meeting, neighbours, secretariat):
    beside(meeting, neighbours, status="proposed")
    theirs = factories.member(neighbours, "secretariat", username="theirs")

    assert said(meeting, secretariat) == ["Rubén Darío Room is taken at that time: another meeting."]
    assert "Meeting 7, Lakes Group" in said(meeting, theirs)[0]


@pytest.mark.parametrize("count", [1, 4])
def test_clashes_of_all_meetings_take_two_queries(meeting, group, neighbours, django_assert_num_queries, count):
    for number in range(2, 2 + count):
        made(factories.MeetingFactory, group=group, number=number)
        made(factories.MeetingFactory, group=neighbours, number=number, room=meeting.room)
    meetings = list(Meeting.objects.filter(group=group).select_related("room"))

    with django_assert_num_queries(2):
        clashes_of(meetings, AnonymousUser())


@pytest.mark.parametrize(
    "name", ["Rubén Darío Room", "RUBEN DARIO HALL", "Salón Rubén Darío", "Salle  Rubén-Darío", "Sala Ruben Dario"]
)
def test_a_room_is_one_whatever_it_is_called_by(name):
    assert room_key(name) == "ruben dario"


def test_a_room_that_is_called_a_hall_and_nothing_else_is_no_other_room():
    assert room_key("Salão") != room_key("Room")
