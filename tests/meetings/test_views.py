"""The pages that write a calendar: who may, and what is kept of what was typed."""

import re
from datetime import date, time
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from mandates.models import Mandate
from meetings.life import Verb
from meetings.models import Meeting, Room, Topic
from mispa.ground.openings import latest_change
from mispa.ground.text import Text
from tests import factories
from tests.conftest import signed_in
from tests.writing import errors, fields_of, made, opened, said


def url(thing, verb):
    if isinstance(thing, Meeting):
        return reverse(f"meetings:meeting-{verb}", args=[thing.group.slug, thing.number])
    return reverse(f"meetings:{type(thing)._meta.model_name}-{verb}", args=[thing.pk])


@pytest.fixture
def meeting(group):
    return Meeting.objects.get()


@pytest.fixture
def proposed(group):
    """A meeting that others do not know of: its form has day, hours and place."""
    return made(factories.MeetingFactory, group=group, number=2, status="proposed")


# Meetings -------------------------------------------------------------------


def test_create_meeting_fills_in_zone_and_last_day(as_secretariat, group):
    address = reverse("meetings:meeting-create", args=[group.slug])
    sent = opened(as_secretariat, address)
    sent |= {"starts_on": "September 19, 2013", "starts_at": "10:00", "ends_at": "1 p.m.", "reason": "agreed"}

    answer = as_secretariat.post(address, sent)

    new = Meeting.objects.get(number=2)
    assert answer["Location"] == f"/{group.slug}/meetings/2/"
    assert (new.starts_on, new.starts_at) == (date(2013, 9, 19), time(10))
    assert (new.ends_on, new.ends_at, new.timezone) == (date(2013, 9, 19), time(13), "America/New_York")
    assert new.status == "proposed"


def test_create_meeting_sent_twice_makes_one(as_secretariat, group):
    address = reverse("meetings:meeting-create", args=[group.slug])
    sent = opened(as_secretariat, address)
    sent |= {"starts_on": "2013-09-19", "starts_at": "10:00", "ends_at": "13:00", "reason": "agreed"}
    as_secretariat.post(address, sent)

    answer = as_secretariat.post(address, sent)

    assert answer["Location"] == f"/{group.slug}/meetings/2/"
    assert group.meetings.count() == 2


def test_edit_sets_a_meeting_of_one_day_by_its_first_day_alone(as_chair, proposed):
    sent = opened(as_chair, url(proposed, "edit")) | {"starts_on": "2013-09-06", "reason": "agreed"}

    as_chair.post(url(proposed, "edit"), sent)

    proposed.refresh_from_db()
    assert (proposed.starts_on, proposed.ends_on) == (date(2013, 9, 6), date(2013, 9, 6))


def test_edit_shows_the_weekday_beside_the_day(as_chair, proposed):
    page = as_chair.get(url(proposed, "edit")).content.decode()

    assert '<p class="help">Thursday</p>' in page


@pytest.mark.parametrize(
    ("typed", "place", "says"),
    [
        ({"starts_on": ""}, "starts_on", "Give the day."),
        ({"starts_at": ""}, "starts_at", "Give the hour at which it begins."),
        ({"ends_at": "ten"}, "ends_at", "Write the hour as 14:30."),
        ({"ends_at": "09:00"}, "ends_at", "The end lies before the beginning."),
        (
            {"starts_on": "2013-02-29"},
            "starts_on",
            "February 2013 has 28 days. Write February 28, 2013, or another day.",
        ),
        ({"starts_on": "soon"}, "starts_on", "Write the day as 2013-09-05, or as September 5, 2013."),
        ({"precision": "imprecise", "starts_at": "", "ends_at": ""}, "words", "Say in words when it is."),
        (
            {"precision": "all-day"},
            "precision",
            "Give days and hours, or whole days without hours, or the time in words without hours.",
        ),
        (
            {"timezone": "Washington"},
            "timezone",
            "“Washington” is no time zone; write one such as America/New_York.",
        ),
        (
            {"starts_on": "2014-03-09", "starts_at": "02:30"},
            "starts_at",
            "On March\N{NO-BREAK SPACE}9, 2014 the clocks of America/New_York go forward and leave out 02:30."
            " The next hour that exists is 03:00.",
        ),
    ],
)
def test_edit_answers_beside_the_field_and_keeps_what_was_typed(as_secretariat, proposed, typed, place, says):
    sent = opened(as_secretariat, url(proposed, "edit")) | {"reason": "agreed"} | typed

    answer = as_secretariat.post(url(proposed, "edit"), sent)

    assert answer.status_code == 200
    assert says in errors(answer)[place]
    assert fields_of(answer) == sent


def test_two_people_set_a_proposed_meeting_and_the_second_sees_both_days(as_secretariat, as_chair, proposed):
    first = opened(as_secretariat, url(proposed, "edit")) | {"starts_on": "2013-09-06", "reason": "agreed"}
    second = opened(as_chair, url(proposed, "edit")) | {"starts_on": "2013-09-09", "reason": "agreed"}
    as_secretariat.post(url(proposed, "edit"), first)

    answer = as_chair.post(url(proposed, "edit"), second)

    clash = answer.context["form"].clashes[0]
    assert answer.status_code == 409
    assert "Friday" in clash.theirs
    assert "Monday" in clash.mine
    assert fields_of(answer)["starts_on"] == "2013-09-09"

    theirs = {"choice-starts_on": "theirs", "choice-ends_on": "theirs", "title-en": "Opening"}
    as_chair.post(url(proposed, "edit"), fields_of(answer) | theirs)
    proposed.refresh_from_db()
    assert (proposed.starts_on, proposed.ends_on, str(proposed.title)) == (
        date(2013, 9, 6),
        date(2013, 9, 6),
        "Opening",
    )


def test_one_moves_a_meeting_and_another_writes_its_title(as_secretariat, as_chair, meeting):
    first = opened(as_secretariat, url(meeting, "move")) | {"starts_on": "2013-09-06", "reason": "moved"}
    second = opened(as_chair, url(meeting, "edit")) | {"title-en": "Opening", "reason": "named"}
    as_secretariat.post(url(meeting, "move"), first)

    as_chair.post(url(meeting, "edit"), second)

    meeting.refresh_from_db()
    assert (meeting.starts_on, meeting.ends_on, str(meeting.title)) == (date(2013, 9, 6), date(2013, 9, 6), "Opening")


def test_a_ministerial_meeting_in_the_calendar_has_theme_and_decisions(as_secretariat, group):
    ministerial = made(factories.MinisterialFactory, group=group, number=9)

    names = set(opened(as_secretariat, url(ministerial, "edit")))

    assert {"theme-en", "further-en"} <= names
    assert "theme-en" not in opened(as_secretariat, url(Meeting.objects.get(number=1), "edit"))


def test_withdraw_of_a_convened_meeting_says_what_to_do(as_secretariat, meeting):
    sent = opened(as_secretariat, url(meeting, "withdraw")) | {"reason": "not needed"}

    answer = as_secretariat.post(url(meeting, "withdraw"), sent)

    assert answer.status_code == 200
    assert "Cancel it instead" in answer.content.decode()


def test_a_withdrawn_meeting_leads_to_its_history_and_comes_back(as_secretariat, group):
    proposed = made(factories.MeetingFactory, group=group, number=2, status="proposed")
    sent = opened(as_secretariat, url(proposed, "withdraw")) | {"reason": "not needed"}

    gone = as_secretariat.post(url(proposed, "withdraw"), sent)
    assert gone["Location"] == url(proposed, "history")
    assert url(proposed, "restore") in as_secretariat.get(gone["Location"]).content.decode()

    sent = opened(as_secretariat, url(proposed, "restore")) | {"reason": "needed"}
    back = as_secretariat.post(url(proposed, "restore"), sent)
    assert back["Location"] == f"/{group.slug}/meetings/2/"


# Topics ---------------------------------------------------------------------


def test_create_topic_chooses_mandates_of_the_plan(as_secretariat, group, meeting):
    address = reverse("meetings:topic-create", args=[group.slug, meeting.number])
    mandate = Mandate.objects.get()
    sent = opened(as_secretariat, address)
    sent |= {"text-en": "Depths", "kind": "consideration", "mandates": [str(mandate.pk)], "reason": "agreed"}

    answer = as_secretariat.post(address, sent)

    topic = Topic.objects.latest("position")
    assert answer["Location"] == f"/{group.slug}/meetings/1/"
    assert [str(link.mandate_id) for link in topic.topic_mandates.standing()] == [str(mandate.pk)]
    assert f"{mandate.row}, 1: {mandate}"[:40] in as_secretariat.get(address).content.decode()


def test_edit_and_move_topic(as_secretariat, meeting):
    first = Topic.objects.get()
    second = made(factories.TopicFactory, meeting=meeting, position=first.position + 1000)
    sent = opened(as_secretariat, url(second, "edit")) | {"text-en": "Heights", "reason": "agreed"}

    as_secretariat.post(url(second, "edit"), sent)
    as_secretariat.post(url(second, "move"), {"direction": "up", "opened_from": latest_change()})

    assert [str(topic) for topic in meeting.topics.order_by("position")] == ["Heights", str(first)]


# Rooms ----------------------------------------------------------------------


def test_room_list_shows_rooms_and_withdrawn_ones(as_secretariat, group):
    made(factories.RoomFactory, is_withdrawn=True)

    answer = as_secretariat.get(reverse("meetings:room-list"))

    assert [str(room) for room in answer.context["standing"]] == ["Rubén Darío Room"]
    assert len(answer.context["withdrawn"]) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_room_list_asks_the_same_number_of_queries(as_secretariat, group, django_assert_max_num_queries, count):
    for _ in range(count):
        made(factories.RoomFactory)

    with django_assert_max_num_queries(6):
        as_secretariat.get(reverse("meetings:room-list"))


def test_create_and_edit_room(as_secretariat, group):
    address = reverse("meetings:room-create")
    sent = opened(as_secretariat, address) | {"name-en": "Libertador", "reason": "entered"}

    answer = as_secretariat.post(address, sent)
    room = Room.objects.get(name__en="Libertador")
    edit = opened(as_secretariat, url(room, "edit")) | {"name-en": "Libertador Room", "reason": "in full"}
    again = as_secretariat.post(url(room, "edit"), edit)

    assert (answer["Location"], again["Location"]) == ("/rooms/", "/rooms/")
    assert said(again)[-1] == "Saved."
    assert Room.objects.filter(name__en="Libertador Room").exists()


# Who may ----------------------------------------------------------------------


def pages():
    meeting, topic, room = Meeting.objects.get(), Topic.objects.get(), Room.objects.get()
    verbs = ["edit", "withdraw", "restore", "history"]
    found = {f"meeting-{verb}": url(meeting, verb) for verb in [*verbs, *Verb]}
    found |= {f"topic-{verb}": url(topic, verb) for verb in [*verbs, "move"]}
    found |= {f"room-{verb}": url(room, verb) for verb in verbs}
    return found | {
        "meeting-create": reverse("meetings:meeting-create", args=[meeting.group.slug]),
        "topic-create": reverse("meetings:topic-create", args=[meeting.group.slug, meeting.number]),
        "room-create": reverse("meetings:room-create"),
        "room-list": reverse("meetings:room-list"),
    }


def statuses(client):
    return {name: client.get(address).status_code for name, address in pages().items()}


def test_secretariat_sees_every_page(as_secretariat):
    assert set(statuses(as_secretariat).values()) == {200}


@pytest.mark.parametrize("role", ["chair", "vice_chair"])
def test_chairs_see_all_but_the_keeping_of_rooms(request, group, role):
    answers = statuses(signed_in(request.getfixturevalue(role)))

    refused = {"room-edit", "room-withdraw", "room-restore", "room-create"}
    assert answers == {name: 403 if name in refused else 200 for name in pages()}


@pytest.mark.parametrize("role", ["delegate", "outsider"])
def test_others_may_not(request, group, role):
    assert set(statuses(signed_in(request.getfixturevalue(role))).values()) == {403}


def test_administrator_sees_histories_and_keeps_rooms(administrator, group):
    answers = statuses(signed_in(administrator))

    seen = {name for name in pages() if name.endswith("-history") or name.startswith("room-")}
    assert answers == {name: 200 if name in seen else 403 for name in pages()}


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_are_asked_to_sign_in(group, method):
    answers = [getattr(Client(), method)(address) for address in pages().values()]

    assert {answer["Location"].split("?")[0] for answer in answers} == {"/accounts/sign-in/"}


@pytest.mark.parametrize("role", ["delegate", "outsider"])
def test_a_proposed_meeting_is_not_known_to_others(request, group, role):
    proposed = made(factories.MeetingFactory, group=group, number=2, status="proposed")
    topic = made(factories.TopicFactory, meeting=proposed)
    client = signed_in(request.getfixturevalue(role))
    create = reverse("meetings:topic-create", args=[group.slug, 2])

    for address in (*(url(proposed, verb) for verb in ("edit", "history", *Verb)), url(topic, "edit"), create):
        assert client.get(address).status_code == 404


def test_meetings_of_a_hidden_group_are_not_found(outsider):
    factories.whole_group(is_public=False)
    parts = [address for name, address in pages().items() if not name.startswith("room")]

    assert {signed_in(outsider).get(address).status_code for address in parts} == {404}


def test_unknown_objects_are_not_found(as_secretariat, group):
    unknown = [f"/rooms/{uuid4()}/edit/", f"/topics/{uuid4()}/edit/", f"/{group.slug}/meetings/99/edit/"]

    assert {as_secretariat.get(address).status_code for address in unknown} == {404}


# How a meeting is told ------------------------------------------------------


def text_of(page):
    """What a page says, without its tags, and with plain spaces."""
    return " ".join(re.sub(r"<[^>]+>", "", page.content.decode()).replace("\N{NO-BREAK SPACE}", " ").split())


def test_hours_over_the_end_of_summer_time_are_told_with_both_offsets(as_secretariat, group):
    day = {"starts_on": date(2013, 11, 3), "ends_on": date(2013, 11, 3)}
    made(
        factories.MeetingFactory,
        group=group,
        number=2,
        **day,
        starts_at=time(1, 30),
        starts_fold=0,
        ends_at=time(1, 15),
        ends_fold=1,
    )

    page, draft = (text_of(as_secretariat.get(f"/{group.slug}/{path}")) for path in ("meetings/2/", "work-plan/draft/"))

    hours = "01:30 (UTC\N{MINUS SIGN}4)–01:15 (UTC\N{MINUS SIGN}5)"
    assert f"{hours} Washington · 05:30–06:15 GMT" in page
    assert f"Sunday · {hours}" in draft


def test_a_meeting_of_several_days_tells_the_hour_of_each_end_and_both_months(client, group):
    days = {"starts_on": date(2027, 4, 29), "ends_on": date(2027, 5, 2)}
    made(factories.MeetingFactory, group=group, number=2, **days, starts_at=time(15), ends_at=time(10))

    page, calendar = (text_of(client.get(f"/{group.slug}/{path}")) for path in ("meetings/2/", "calendar/"))

    assert "Thursday, April" not in page
    assert "April 29, 15:00, to May 2, 10:00 Washington (UTC\N{MINUS SIGN}4)" in page
    assert "Thursday to Sunday, May 2 Meeting 2" in calendar


def test_a_cancelled_meeting_is_not_the_one_before_or_after(client, group):
    for number, status in ((2, "cancelled"), (3, "convened")):
        day = date(2013, 9, 5 + number)
        made(factories.MeetingFactory, group=group, number=number, status=status, starts_on=day, ends_on=day)

    of_first, of_cancelled = (client.get(f"/{group.slug}/meetings/{number}/").context for number in (1, 2))

    assert (of_first["before"], of_first["after"].number) == (None, 3)
    assert (of_cancelled["before"].number, of_cancelled["after"].number) == (1, 3)


def test_a_session_is_named_by_its_number_and_its_own_title(client, group):
    made(factories.MeetingFactory, group=group, number=2, title=Text.of("Named <meeting>"))

    for path in ("calendar/", "calendar/2013/09/"):
        assert "Meeting 2: Named &lt;meeting&gt;" in text_of(client.get(f"/{group.slug}/{path}"))
    assert str(Meeting.objects.get(number=2)) == "Meeting 2: Named <meeting>"
    assert "meeting 2: Named <meeting>" in client.get(f"/{group.slug}/calendar.ics").content.decode()


def test_whole_days_say_that_hours_are_not_in_the_plan_only_of_what_the_plan_names(client, group):
    whole = {"precision": "all-day", "starts_at": None, "ends_at": None}
    made(factories.MeetingFactory, group=group, number=2, **whole)

    page = text_of(client.get(f"/{group.slug}/meetings/2/"))

    assert "all day" in page
    assert "the hours are not in the plan" not in page


@pytest.mark.parametrize(
    ("typed", "place", "says"),
    [
        ({"ends_on": "2013-09-04"}, "ends_on", "The last day lies before the first."),
        ({"ends_on": "2199-09-06"}, "ends_on", "This is more than a year after the first day. Is the year right?"),
        ({"ends_at": "10:00"}, "ends_at", "It ends when it begins. Give a later hour."),
    ],
)
def test_an_end_that_cannot_be_is_refused_where_it_was_typed(as_chair, proposed, typed, place, says):
    sent = opened(as_chair, url(proposed, "edit")) | {"reason": "agreed"} | typed

    assert errors(as_chair.post(url(proposed, "edit"), sent)) == {place: [says]}
