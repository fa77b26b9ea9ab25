"""A calendar of one's own: what is in it, who may fetch it, and how its address is made, lost and ended."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.test import Client

from documents.actions.feeds import AddressChangedMeanwhile, digest_of, make_address, set_feed
from documents.models import PersonalFeed
from documents.views import feeds
from meetings.models import Meeting
from mispa.ground.changes import changes
from mispa.ground.text import Text
from tests import factories as make
from tests.conftest import signed_in
from tests.meetings.ical_checks import checked

PAGE = "/accounts/calendar/"


@pytest.fixture
def rivers(db):
    return make.whole_group(slug="rivers")


@pytest.fixture
def lakes(rivers):
    """Open to nobody but its own."""
    return make.whole_group(slug="lakes", short_name=Text.of("Lakes Group"), is_public=False)


@pytest.fixture
def person(rivers):
    return make.member(rivers, "secretariat")


def address_of(person, *groups, **wanted):
    wanted = {"language": "en", "reminder": None, "has_private": False} | wanted
    return f"/calendar/{make_address(user=person, opened_for='', groups=groups, **wanted)}.ics"


def numbers(address):
    ids = {f"{meeting.pk}@mispa": f"{meeting.group.slug} {meeting.number}" for meeting in Meeting.objects.all()}
    return sorted(ids[uid] for uid in checked(Client().get(address).content))


def proposed(group, number=2):
    with changes(by=None, reason="proposed", source="command"):
        return make.MeetingFactory(group=group, number=number, status="proposed")


# ---- what is in it


def test_one_address_has_the_same_events_as_the_calendars_of_the_groups(rivers, person):
    seas = make.whole_group(slug="seas", short_name=Text.of("Seas Group"))

    own = checked(Client().get(address_of(person, rivers, seas)).content)

    of_groups = [checked(Client().get(f"/{slug}/calendar.ics").content) for slug in ("rivers", "seas")]
    expected = {uid: event.to_ical() for events in of_groups for uid, event in events.items()}
    assert {uid: event.to_ical() for uid, event in own.items()} == expected
    assert len(own) == 2


def test_only_groups_that_were_chosen_are_in_it(rivers, person):
    make.whole_group(slug="seas")

    assert numbers(address_of(person, rivers)) == ["rivers 1"]


@pytest.mark.parametrize(("has_private", "seen"), [(False, ["rivers 1"]), (True, ["lakes 1", "rivers 1", "rivers 2"])])
def test_what_only_roles_let_see_is_in_it_where_it_was_asked_for(rivers, lakes, person, has_private, seen):
    proposed(rivers)
    with changes(by=None, reason="a second role", source="command"):
        make.MembershipFactory(group=lakes, user=person, role="chair")

    assert numbers(address_of(person, rivers, lakes, has_private=has_private)) == seen


def test_what_no_role_lets_see_is_in_no_calendar(rivers, lakes, person):
    proposed(lakes)

    assert numbers(address_of(person, rivers, lakes, has_private=True)) == ["rivers 1"]


def test_a_role_that_ends_takes_its_meetings_away_that_midnight(rivers, person):
    proposed(rivers)
    make.reword(person.memberships.get(), until=date(2030, 5, 5))
    address = address_of(person, rivers, has_private=True)

    found = {}
    for day in (5, 6):
        with time_machine.travel(datetime(2030, 5, day, 12, tzinfo=UTC), tick=False):
            found[day] = numbers(address)

    assert found == {5: ["rivers 1", "rivers 2"], 6: ["rivers 1"]}


def test_it_is_in_the_language_that_was_chosen(rivers, person):
    make.reword(rivers, short_name=Text.of("Rivers Group", es="Grupo de Ríos"))
    address = address_of(person, rivers, language="es")

    (event,) = checked(Client(headers={"accept-language": "fr"}).get(address).content).values()

    assert event["SUMMARY"].startswith("Grupo de Ríos")


def test_a_reminder_stands_before_meetings_with_hours_that_take_place(rivers, person):
    with changes(by=None, reason="three more", source="command"):
        whole_day = {"precision": "all-day", "starts_at": None, "ends_at": None}
        make.MeetingFactory(group=rivers, number=2, status="convened", **whole_day)
        make.MeetingFactory(group=rivers, number=3, status="cancelled")

    events = checked(Client().get(address_of(person, rivers, reminder=30)).content)

    by_number = {meeting.number: events[f"{meeting.pk}@mispa"] for meeting in Meeting.objects.all()}
    alarms = {
        number: [alarm["TRIGGER"].to_ical() for alarm in event.walk("VALARM")] for number, event in by_number.items()
    }
    assert alarms == {1: [b"-PT30M"], 2: [], 3: []}
    assert "VALARM" not in Client().get("/rivers/calendar.ics").content.decode()


# ---- who fetches it


def test_it_needs_no_sign_in_and_is_kept_from_those_who_collect(rivers, person):
    answer = Client().get(address_of(person, rivers))

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert answer["Cache-Control"] == "private, no-cache"
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("no-referrer", "noindex")


def test_who_has_it_is_told_so(rivers, person):
    address = address_of(person, rivers)
    has = {"if-none-match": Client().get(address)["ETag"]}

    again = Client().get(address, headers=has)
    make.reword(Meeting.objects.get(), status="cancelled")

    assert (again.status_code, Client().get(address, headers=has).status_code) == (304, 200)


def test_other_wishes_are_told_to_who_knows_only_the_instant(rivers, person):
    with time_machine.travel(datetime(2030, 5, 5, 12, tzinfo=UTC), tick=False):
        address = address_of(person, rivers)
    with time_machine.travel(datetime(2030, 5, 5, 13, tzinfo=UTC), tick=False):
        has = {"if-modified-since": Client().get(address)["Last-Modified"]}
        wanted = {"groups": [], "language": "es", "reminder": 5, "has_private": False}
        own = PersonalFeed.objects.get()
        set_feed(user=person, opened_for=own.token_made_at.isoformat(), **wanted)

    with time_machine.travel(datetime(2030, 5, 5, 14, tzinfo=UTC), tick=False):
        assert Client().get(address, headers=has).status_code == 200


def test_an_account_that_is_closed_has_no_calendar(rivers, person):
    address = address_of(person, rivers)

    person.is_active = False
    person.save()

    assert Client().get(address).status_code == 404


def test_the_database_has_no_address(rivers, person):
    token = address_of(person, rivers).removeprefix("/calendar/").removesuffix(".ics")

    (row,) = PersonalFeed.objects.values()
    assert token not in str(row)
    assert row["token_sha256"] == digest_of(token)


def test_who_asks_without_end_is_asked_to_wait(rivers, person, monkeypatch):
    monkeypatch.setattr(feeds, "A_MINUTE", 2)
    address = address_of(person, rivers)

    with time_machine.travel(datetime(2030, 5, 5, 12, tzinfo=UTC), tick=False):
        answers = [Client().get(address) for _time in range(3)]
    with time_machine.travel(datetime(2030, 5, 5, 12, 1, tzinfo=UTC), tick=False):
        later = Client().get(address)

    assert [answer.status_code for answer in [*answers, later]] == [200, 200, 429, 200]
    assert answers[2]["Retry-After"] == "60"


# ---- its page


def send(client, verb, **values):
    seen = client.get(PAGE).context["seen"]
    return client.post(PAGE, {"seen": seen, "do": verb, "language": "en", **values})


def test_an_address_is_made_shown_once_and_works(rivers, person):
    client = signed_in(person)

    answer = send(client, "make", groups=[rivers.pk], reminder="15")

    address = answer.context["address"]
    assert address.startswith("http://testserver/calendar/")
    assert answer.context["subscribe"] == address.replace("http:", "webcal:")
    assert numbers(address) == ["rivers 1"]
    assert address not in client.get(PAGE).content.decode()


def test_an_address_made_anew_ends_the_one_before(rivers, person):
    client = signed_in(person)
    first = send(client, "make", groups=[rivers.pk]).context["address"]

    second = send(client, "make", groups=[rivers.pk]).context["address"]

    assert [Client().get(address).status_code for address in (first, second)] == [404, 200]


def test_other_wishes_leave_the_address(rivers, person):
    client = signed_in(person)
    address = send(client, "make", groups=[rivers.pk]).context["address"]

    answer = send(client, "save", groups=[rivers.pk], language="pt", reminder="60")

    assert answer.status_code == 302
    assert Client().get(address).status_code == 200
    assert b"TRIGGER:-PT60M" in Client().get(address).content


def test_an_address_that_is_ended_answers_nobody(rivers, person):
    client = signed_in(person)
    address = send(client, "make", groups=[rivers.pk]).context["address"]

    assert send(client, "end").status_code == 302

    assert Client().get(address).status_code == 404
    assert PersonalFeed.objects.get().token_sha256 is None
    assert send(client, "end").status_code == 302


def test_a_second_click_does_not_end_the_address_of_the_first(rivers, person):
    client = signed_in(person)
    sent = {"seen": client.get(PAGE).context["seen"], "do": "make", "language": "en", "groups": [str(rivers.pk)]}
    address = client.post(PAGE, sent).context["address"]

    again = client.post(PAGE, sent)

    assert "Another address was made" in str(next(iter(get_messages(again.wsgi_request))))
    assert Client().get(address).status_code == 200


def test_two_clicks_at_once_make_one_address(rivers, person):
    address_of(person, rivers)

    with pytest.raises(AddressChangedMeanwhile):
        address_of(person, rivers)


def test_what_is_missing_is_said_and_nothing_is_made(rivers, person):
    answer = send(signed_in(person), "make", reminder="7", has_private="on")

    assert set(answer.context["form"].errors) == {"groups", "reminder"}
    assert answer.context["form"]["has_private"].value()
    assert not PersonalFeed.objects.exists()


def test_a_group_that_she_may_not_know_of_cannot_be_chosen(rivers, lakes, person):
    page = signed_in(person).get(PAGE).content.decode()
    answer = send(signed_in(person), "make", groups=[lakes.pk])

    assert "Lakes" not in page
    assert set(answer.context["form"].errors) == {"groups"}
