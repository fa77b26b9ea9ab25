"""The calendar file: what subscribers get, read by readers that share no code with ours."""

import re
from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from meetings.ical import calendar_file, stamps
from meetings.models import City, Meeting
from mispa.ground.text import Text
from tests.meetings.ical_cases import (
    ENTERED,
    LATER,
    at,
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
from tests.meetings.ical_checks import check_lines, checked, instants, unfolded


@pytest.fixture
def group(db):
    return enter_group()


@pytest.fixture
def room(db):
    return enter_room()


@pytest.fixture
def ministerial(group):
    return enter_ministerial(group)


# ---- the five sessions and the ministerial meeting


def test_calendar_of_2013_gives_every_reader_the_same_instants(group, room, ministerial):
    days = [date(2013, 9, 5), date(2013, 9, 19), date(2013, 9, 26), date(2013, 10, 3), date(2013, 10, 24)]
    sessions = [session(group, number, day, room=room) for number, day in enumerate(days, start=1)]

    data = file_of(group)

    events = checked(data)
    begins = [datetime(day.year, day.month, day.day, 14, tzinfo=UTC) for day in days]
    for meeting, begin in zip(sessions, begins, strict=True):
        event = events[f"{meeting.pk}@mispa"]
        assert (event.start, event.end) == (begin, begin + timedelta(hours=3))
        assert instants(data)[f"{meeting.pk}@mispa"] == (begin, begin + timedelta(hours=3))
    assert set(events) == {f"{meeting.pk}@mispa" for meeting in [*sessions, ministerial]}


def test_session_says_number_topics_place_and_page(group, room):
    session(group, 1, date(2013, 9, 5), room=room, topics=["Election of Vice Chairs", "Draft Work Plan; adoption"])

    event = only_event(group)

    assert event["SUMMARY"] == "MISPA IV: meeting 1"
    assert event["DESCRIPTION"].split("\n") == [
        "1. Election of Vice Chairs",
        "2. Draft Work Plan; adoption",
        "",
        "Topics and documents: https://mispa.example/mispa-iv/meetings/1/",
    ]
    assert event["LOCATION"] == "Simón Bolívar Room, Washington, D.C., United States"
    assert event["URL"] == "https://mispa.example/mispa-iv/meetings/1/"


def test_calendar_carries_its_name_and_when_to_ask_again(group):
    session(group, 1, date(2013, 9, 5))

    calendar = icalendar.Calendar.from_ical(file_of(group))

    assert {name: calendar[name].to_ical() for name in ("VERSION", "NAME", "X-WR-CALNAME", "REFRESH-INTERVAL")} == {
        "VERSION": b"2.0",
        "NAME": b"MISPA IV",
        "X-WR-CALNAME": b"MISPA IV",
        "REFRESH-INTERVAL": b"PT1H",
    }
    assert calendar["PRODID"] == "-//mispa//calendar//EN"


def test_ministerial_meeting_ends_before_the_day_after_its_last(group, ministerial):
    event = only_event(group)

    assert event["DTSTART"].to_ical() == b"20131121"
    assert event["DTEND"].to_ical() == b"20131123"
    assert event["DTSTART"].params["VALUE"] == event["DTEND"].params["VALUE"] == "DATE"
    assert event["SUMMARY"] == "Fourth Meeting of Ministers Responsible for Public Security in the Americas"
    assert event["LOCATION"] == "Colombia"


def test_ministerial_meeting_without_a_title_is_named_by_its_kind(group, ministerial):
    change(ministerial, title=None)

    assert only_event(group)["SUMMARY"] == "MISPA IV: ministerial meeting"


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        (Meeting.Status.PROPOSED, "TENTATIVE"),
        (Meeting.Status.CONVENED, "CONFIRMED"),
        (Meeting.Status.HELD, "CONFIRMED"),
        (Meeting.Status.CANCELLED, "CANCELLED"),
        (Meeting.Status.POSTPONED, "CANCELLED"),
    ],
)
def test_status_is_one_of_the_three_of_the_standard(group, status, shown):
    session(group, 1, date(2013, 9, 5), status=status)

    assert only_event(group)["STATUS"] == shown


def test_cancelled_meeting_stays_and_says_so(group):
    session(group, 1, date(2013, 9, 5), topics=["Draft agenda"], status=Meeting.Status.CANCELLED)

    event = only_event(group)

    assert event["SUMMARY"] == "Cancelled: MISPA IV: meeting 1"
    assert event["DESCRIPTION"].startswith("1. Draft agenda\n")
    assert event.start == datetime(2013, 9, 5, 14, tzinfo=UTC)


def test_place_is_that_of_the_meeting_where_it_names_one(group, room):
    with at(ENTERED):
        medellin = City.objects.create(name=Text.of("Medellín"))
    session(group, 1, date(2013, 9, 5), city=medellin)

    assert only_event(group)["LOCATION"] == "Medellín"


def test_meeting_without_a_place_has_no_location(group):
    session(group, 1, date(2013, 9, 5))

    assert "LOCATION" not in only_event(group)


def test_withdrawn_topic_is_left_out_and_the_others_count_on(group):
    meeting = session(group, 1, date(2013, 9, 5), topics=["First", "Second", "Third"])
    change(meeting.topics.get(position=2), is_withdrawn=True)

    assert only_event(group)["DESCRIPTION"].split("\n")[:3] == ["1. First", "2. Third", ""]


# ---- days that are not exact


def imprecise(group, **days):
    hours = {"starts_at": None, "ends_at": None, "starts_on": None, "ends_on": None}
    fields = {**hours, **days}
    return session(
        group, 1, None, precision=Meeting.Precision.IMPRECISE, words=Text.of("second half of 2013"), **fields
    )


def test_meeting_without_a_day_is_left_out(group):
    imprecise(group)
    dated = session(group, 2, date(2013, 9, 5))

    assert set(checked(file_of(group))) == {f"{dated.pk}@mispa"}


def test_imprecise_meeting_with_days_says_so_and_keeps_nobody_busy(group):
    imprecise(group, starts_on=date(2013, 7, 1), ends_on=date(2013, 12, 31))

    event = only_event(group)

    assert event["SUMMARY"] == "MISPA IV: meeting 1 (second half of 2013)"
    assert (event.start, event.end) == (date(2013, 7, 1), date(2014, 1, 1))
    assert event["TRANSP"] == "TRANSPARENT"


def test_imprecise_meeting_with_a_first_day_only_is_left_out_because_that_is_no_day_of_it(group):
    imprecise(group, starts_on=date(2013, 7, 1))

    assert checked(file_of(group)) == {}


def test_postponed_meeting_is_called_off_at_its_old_hours_and_comes_back_as_the_same_event(group):
    meeting = session(group, 1, date(2013, 9, 5))
    change(meeting, status=Meeting.Status.POSTPONED)
    put_off = only_event(group)
    day = date(2013, 10, 3)
    change(meeting, status=Meeting.Status.CONVENED, starts_on=day, ends_on=day, at_instant=LATER + timedelta(hours=1))

    back = only_event(group)

    assert put_off["SUMMARY"] == "Postponed, no new day yet: MISPA IV: meeting 1"
    assert (put_off.start.date(), back.start.date()) == (date(2013, 9, 5), day)
    assert (put_off["STATUS"], back["STATUS"]) == ("CANCELLED", "CONFIRMED")
    assert (put_off["SEQUENCE"], back["SEQUENCE"]) == (1, 2)
    assert put_off["UID"] == back["UID"]


def test_second_of_two_hours_is_given_in_utc(group):
    day = {"starts_at": time(1, 30), "ends_at": time(4)}
    first = session(group, 1, date(2013, 11, 3), starts_fold=0, **day)
    second = session(group, 2, date(2013, 11, 3), starts_fold=1, **day)

    events = checked(file_of(group))

    begins = [events[f"{one.pk}@mispa"].start.astimezone(UTC).hour for one in (first, second)]
    assert begins == [5, 6]
    assert b"DTSTART:20131103T063000Z" in file_of(group)
    assert b"DTSTART;TZID=America/New_York:20131103T013000" in file_of(group)


def test_calendar_without_meetings_is_valid(group):
    data = file_of(group)

    assert checked(data) == {}
    assert b"BEGIN:VTIMEZONE\r\nTZID:America/New_York\r\n" in data


# ---- languages and letters


def test_wordings_come_in_the_language_of_the_file_and_others_are_marked(group, room):
    session(
        group,
        1,
        date(2013, 9, 5),
        room=room,
        topics=[Text.of("Draft agenda", es="Proyecto de temario"), Text.of("Draft schedule")],
    )

    event = only_event(group, language="es")

    assert event["DESCRIPTION"].split("\n")[:2] == ["1. Proyecto de temario", "2. Draft schedule [en]"]


def test_special_letters_of_the_format_come_back_as_written(group):
    wording = "Rev. 1; add. 2, corr. 3: C:\\New\\\\plan \\n\nsecond line\r\nthird"
    session(group, 1, date(2013, 9, 5), topics=[wording])

    data = file_of(group)

    checked(data)
    description = re.search(rb"\r\nDESCRIPTION:(.*)\r\n", unfolded(data))[1].decode()
    assert description == (
        "1. Rev. 1\\; add. 2\\, corr. 3: C:\\\\New\\\\\\\\plan \\\\n\\nsecond line\\nthird"
        "\\n\\nTopics and documents: https://mispa.example/mispa-iv/meetings/1/"
    )


def unescaped(value):
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], value)


long_titles = st.text(
    st.one_of(st.sampled_from("áéíóúñãçÑÉ–“”🌎 \\;,:\"'"), st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"))),
    min_size=1,
    max_size=400,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=long_titles)
@example(title="a" * 400)
@example(title="Bolívar, " * 40)
@example(title="a" + "🌎" * 100)
def test_any_title_is_folded_between_letters_and_comes_back(title, ministerial):
    (meeting,) = loaded(ministerial.group)
    meeting.title = Text.of(title)

    data = calendar_file(meeting.group, [meeting], stamps=stamps([meeting]), page_url=page_url, language="en")

    check_lines(data)
    assert unescaped(re.search(rb"\r\nSUMMARY:(.*)\r\n", unfolded(data))[1].decode()) == title
    assert len(checked(data)) == 1


def test_control_characters_do_not_reach_the_file(group):
    session(group, 1, date(2013, 9, 5), topics=["a\x07b\tc\x0bd\u2028e\x7ff"])

    assert b"DESCRIPTION:1. ab\tc\\nd\\nef\\n\\nTopics" in unfolded(file_of(group))
