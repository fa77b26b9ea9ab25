"""Calendar files at their addresses: what a program is answered that has one already, and how they are narrowed."""

from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from meetings.ical import feeds
from meetings.models import Meeting, Topic
from mispa.ground.changes import changes
from mispa.ground.text import Text
from tests import factories as make
from tests.meetings.ical_checks import checked, instants

ADDRESS = "/rivers/calendar.ics"


@pytest.fixture
def rivers(db):
    return make.whole_group(slug="rivers")


@pytest.fixture
def ministerial(rivers):
    with changes(by=None, reason="the ministers", source="command"):
        meeting = make.MinisterialFactory(
            group=rivers, number=2, status="convened", starts_on=date(2013, 11, 21), ends_on=date(2013, 11, 22)
        )
        make.TopicFactory(meeting=meeting, text=Text.of("Adoption of the Declaración de Medellín"))
        return meeting


def get(address=ADDRESS, client=None, **headers):
    return (client or Client()).get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})


def uids(answer):
    return set(checked(answer.content))


def uid(number):
    return f"{Meeting.objects.get(number=number).pk}@mispa"


# ---- who has it already


def test_feed_comes_with_what_a_program_needs_to_ask_again(rivers):
    answer = get()

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["ETag"].startswith('"')
    assert answer["Content-Disposition"] == 'inline; filename="rivers.ics"'
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\nX-PUBLISHED-TTL:PT1H\r\n" in answer.content


@pytest.mark.parametrize("method", ["get", "head"])
def test_who_has_the_file_is_told_so_in_few_octets(rivers, method):
    before = get()
    ask = getattr(Client(), method)

    again = ask(ADDRESS, headers={"if-none-match": before["ETag"]})
    other = ask(ADDRESS, headers={"if-none-match": '"another"'})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", before["ETag"])
    assert other.status_code == 200


def test_same_data_is_the_same_file_from_memory_and_from_the_database(rivers, ministerial):
    first = get().content
    from_memory = get().content
    cache.clear()

    assert from_memory == first == get().content


def test_a_program_that_knows_only_the_instant_is_answered_by_it(rivers):
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=90), tick=False):
        before = get()

        assert get(if_modified_since=before["Last-Modified"]).status_code == 304
        make.reword(Topic.objects.get(), text=Text.of("Another agenda"))
        soon = get(if_modified_since=before["Last-Modified"])

    assert soon.status_code == 200
    assert "Last-Modified" not in soon  # more may follow within the second, or be on its way


@pytest.mark.parametrize("hours", [4, 24])  # midnight in Washington, and a day
def test_a_role_that_ends_at_midnight_is_no_secret_to_who_knows_only_the_instant(hours, rivers):
    before_midnight = datetime(2030, 5, 5, 1, tzinfo=UTC)
    with time_machine.travel(before_midnight, tick=False):
        before = get()["Last-Modified"]

    with time_machine.travel(before_midnight + timedelta(hours=hours), tick=False):
        assert get(if_modified_since=before).status_code == 200


# ---- what is in it


def test_ministerial_meeting_of_two_days_ends_on_the_day_after(rivers, ministerial):
    data = get().content

    assert b"DTSTART;VALUE=DATE:20131121\r\nDTEND;VALUE=DATE:20131123\r\n" in data


def test_hours_are_right_on_both_sides_of_both_changes_of_2013_and_where_clocks_never_change(rivers):
    days = [date(2013, 3, 8), date(2013, 3, 11), date(2013, 11, 1), date(2013, 11, 4)]
    with changes(by=None, reason="four meetings", source="command"):
        for number, day in enumerate(days, start=2):
            make.MeetingFactory(group=rivers, number=number, starts_on=day, ends_on=day)
        for number, day in enumerate(days, start=6):
            make.MeetingFactory(group=rivers, number=number, starts_on=day, ends_on=day, timezone="America/Bogota")

    data = get().content

    begins = {number: instants(data)[uid(number)][0].hour for number in range(2, 10)}
    events = checked(data)
    assert begins == {2: 15, 3: 14, 4: 14, 5: 15, 6: 15, 7: 15, 8: 15, 9: 15}
    assert {number: events[uid(number)].start.astimezone(UTC).hour for number in begins} == begins


@pytest.mark.parametrize("role", ["secretariat", "delegate"])
def test_proposed_meeting_is_tentative_for_who_prepares_it_and_in_no_other_feed(rivers, role):
    person = make.member(rivers, role)
    with changes(by=None, reason="proposed", source="command"):
        make.MeetingFactory(group=rivers, number=2, status="proposed")
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    events = checked(get(client=client).content)

    assert uid(2) not in checked(get().content)
    assert (str(events[uid(2)]["STATUS"]) if uid(2) in events else "") == {"secretariat": "TENTATIVE"}.get(role, "")


def test_links_lead_to_the_origin_of_the_settings_whatever_host_is_asked(rivers, settings):
    settings.ORIGIN = "https://plans.example.org"
    settings.ALLOWED_HOSTS = ["*"]

    (event,) = checked(get(host="elsewhere.example.net").content).values()

    assert event["URL"] == "https://plans.example.org/rivers/meetings/1/"


# ---- one meeting


def test_one_meeting_is_the_same_event_as_in_the_feed(rivers, ministerial):
    alone = icalendar.Calendar.from_ical(get("/rivers/meetings/2.ics").content)
    feed = icalendar.Calendar.from_ical(get().content)

    (event,) = alone.events
    assert event.to_ical() in [one.to_ical() for one in feed.events]
    assert event["UID"] == uid(2)


def test_one_meeting_in_a_language_and_with_its_zone(rivers):
    data = get("/rivers/meetings/1.ics?lang=es").content

    assert set(checked(data)) == {uid(1)}
    assert b"TZID:America/New_York\r\n" in data
    assert get("/rivers/meetings/9.ics").status_code == 404


# ---- narrowed


@pytest.fixture
def calendar(rivers, ministerial):
    with changes(by=None, reason="one that was called off", source="command"):
        for number, status in ((3, "cancelled"), (4, "postponed")):
            make.MeetingFactory(group=rivers, number=number, status=status)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", {1, 2, 3, 4}),
        ("?cancelled=hide", {1, 2}),
        ("?kind=session", {1, 3, 4}),
        ("?kind=ministerial", {2}),
        ("?topic=declaracion+DE+medellin", {2}),
        ("?topic=nowhere", set()),
        ("?kind=session&topic=declaraci%C3%B3n", set()),
        ("?kind=session&cancelled=hide", {1}),
    ],
)
def test_feed_is_narrowed_as_its_address_says(calendar, query, numbers):
    assert uids(get(ADDRESS + query)) == {uid(number) for number in numbers}


@pytest.mark.parametrize("query", ["?kind=party", "?cancelled=perhaps", f"?topic={'x' * 201}", "?lang=xx"])
def test_feed_that_no_choice_means_is_not_answered_with_another(calendar, query):
    assert get(ADDRESS + query).status_code == 404


def test_page_hands_its_choices_on_to_the_file(calendar):
    page = get("/rivers/calendar/?kind=session&topic=agenda&cancelled=hide&other=x").content.decode()

    assert 'href="/rivers/calendar.ics?kind=session&amp;topic=agenda&amp;cancelled=hide"' in page
    assert 'href="webcal://testserver/rivers/calendar.ics?kind=session&amp;topic=agenda&amp;cancelled=hide"' in page


@pytest.mark.parametrize(
    ("query", "numbers"),
    [("", {1, 2, 3, 4}), ("?kind=ministerial", {2}), ("?topic=medell%C3%ADn", {2}), ("?cancelled=hide", {1, 2})],
)
def test_page_shows_what_its_file_has(calendar, query, numbers):
    page = get(f"/rivers/calendar/{query}").content.decode()

    shown = {number for number in range(1, 5) if f'<h3><a href="/rivers/meetings/{number}/">' in page}
    assert shown == numbers


def test_page_says_so_when_nothing_is_so(calendar):
    page = get("/rivers/calendar/?topic=nowhere").content.decode()

    assert "No meeting is so." in page


def test_choice_that_does_not_exist_is_refused_beside_its_field(calendar):
    page = get("/rivers/calendar/?kind=party")

    assert "kind" in page.context["sift"].errors
    assert all(f'<h3><a href="/rivers/meetings/{number}/">' in page.content.decode() for number in range(1, 5))


# ---- how often it asks


def statements(address):
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(address).status_code == 200
    return len(captured)


def test_feed_asks_as_often_for_fifty_meetings_as_for_five(rivers):
    asked = {}
    for count in (5, 50):
        with changes(by=None, reason="more meetings", source="command"):
            for number in range(rivers.meetings.count() + 1, count + 1):
                day = date(2013, 1, 1) + timedelta(days=number)
                make.TopicFactory(meeting=make.MeetingFactory(group=rivers, number=number, starts_on=day, ends_on=day))
        cache.clear()
        asked[count] = [statements(ADDRESS) for _from in ("database", "memory")]
        make.reword(Meeting.objects.get(number=1), title=Text.of(f"Opening of {count}"))
        asked[count].append(statements(ADDRESS))

    assert asked[5] == asked[50]
    assert asked[50][1] < asked[50][2]


def test_only_what_changed_is_made_again(rivers, ministerial, monkeypatch):
    made, plain = [], feeds._told
    monkeypatch.setattr(
        feeds, "_told", lambda kept, event, *rest: made.append(event.meeting) or plain(kept, event, *rest)
    )
    get()

    make.reword(Meeting.objects.get(number=1), starts_at=time(9))
    get()

    assert ({one.number for one in made[:2]}, [one.number for one in made[2:]]) == ({1, 2}, [1])
