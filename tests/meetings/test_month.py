"""The calendar by months, and the year on one line."""

import re
from datetime import date, datetime, time
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.translation import override
from pypdf import PdfReader

from documents.reading.lives import Entry, entries_of
from documents.reading.months import LANES, month_of, year_of
from mandates.models import WorkingGroup
from meetings.actions import cancel_meeting, move_meeting, postpone_meeting
from meetings.models import Meeting
from mispa.ground.openings import latest_change
from mispa.ground.text import Text
from tests import factories as make
from tests.documents.test_lives import words
from tests.meetings.test_coming import at, in_words, meeting
from tests.writing import made

SEPTEMBER, TODAY = date(2013, 9, 1), date(2013, 9, 12)


def entries(*meetings: Meeting) -> list[Entry]:
    return entries_of(meetings, {}, at(12))


def on(month: Any) -> dict[date, list[tuple[int, int]]]:
    return {day.day: [(one.part, one.of) for one in day.items] for week in month.weeks for day in week if day.items}


# A month ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "first"), [("en", date(2013, 9, 1)), ("es", date(2013, 8, 26))])
def test_weeks_begin_as_in_the_language_of_the_page(language, first):
    with override(language):
        month = month_of([], SEPTEMBER, TODAY)

    assert month.weeks[0][0].day == first
    assert {len(week) for week in month.weeks} == {7}
    assert [day.day for week in month.weeks for day in week if day.is_today] == [TODAY]
    assert sum(not day.is_out for week in month.weeks for day in week) == 30


def test_meeting_of_several_days_stands_on_each_of_them():
    month = month_of(entries(meeting(29, last=29, ends_on=date(2013, 10, 8))), SEPTEMBER, TODAY)

    assert on(month) == {
        date(2013, 9, 29): [(1, 10)],
        date(2013, 9, 30): [(2, 10)],
        **{date(2013, 10, day): [(day + 2, 10)] for day in range(1, 6)},
    }
    assert len(month.lines) == 1


def test_what_is_told_in_words_stands_on_no_day():
    soft = in_words(28, None, ends_on=date(2013, 10, 3))

    for first in (SEPTEMBER, date(2013, 10, 1)):
        month = month_of(entries(soft), first, TODAY)
        assert (on(month), [one.meeting for one in month.soft]) == ({}, [soft])
    assert month_of(entries(soft), date(2013, 11, 1), TODAY).soft == []


def test_months_end_where_addresses_do():
    assert (month_of([], date(1900, 1, 1), TODAY).before, month_of([], date(2200, 12, 1), TODAY).after) == (None, None)


# A year --------------------------------------------------------------------------------------


def test_year_counts_what_takes_place_and_what_does_not():
    year = year_of(entries(meeting(5), meeting(6, status="cancelled"), in_words(1, 10)), 2013, TODAY)

    september = year.months[8]
    assert (september.takes_place, september.is_off, september.more) == (2, 1, 0)
    assert [month.today for month in year.months if month.today is not None] == [38.3]
    assert {sign.lane for sign in september.signs} == {0, 1, 2}


def test_signs_stay_apart_and_the_rest_is_counted():
    many = [meeting(day) for day in range(1, 21)]

    september = year_of(entries(*many), 2013, TODAY).months[8]

    by_lane = {lane: [one.x for one in september.signs if one.lane == lane] for lane in range(LANES)}
    assert all(right - left > 17 for found in by_lane.values() for left, right in pairwise(found))
    assert len(september.signs) + september.more == september.takes_place == 20


# The pages -----------------------------------------------------------------------------------


@pytest.fixture
def group(db: None) -> WorkingGroup:
    with time_machine.travel(at(1), tick=False):
        return make.whole_group(slug="rivers")


@pytest.fixture
def told(group: WorkingGroup) -> WorkingGroup:
    """Meeting 1 is moved, 2 cancelled, 3 put off, 4 has three days, 5 only words; a ministerial one is in November."""
    secretary = make.member(group, "secretariat")
    days = {2: 10, 3: 12}
    with time_machine.travel(at(1), tick=False):
        for number, day in days.items():
            set_for = {"starts_on": date(2013, 9, day), "ends_on": date(2013, 9, day)}
            made(make.MeetingFactory, group=group, number=number, **set_for)
        whole = {"precision": "all-day", "starts_at": None, "ends_at": None}
        three = {"starts_on": date(2013, 9, 17), "ends_on": date(2013, 9, 19)}
        made(make.MeetingFactory, group=group, number=4, **whole, **three)
        soft = {"precision": "imprecise", "words": Text.of("late September"), "starts_at": None, "ends_at": None}
        made(make.MeetingFactory, group=group, number=5, **soft, starts_on=date(2013, 9, 20), ends_on=date(2013, 9, 30))
        november = {"starts_on": date(2013, 11, 21), "ends_on": date(2013, 11, 22), "status": "convened"}
        made(make.MinisterialFactory, group=group, number=6, **november)
        numbered = {one.number: one for one in group.meetings.all()}
        how: dict[str, Any] = {"by": secretary, "reason": "agreed"}
        move: dict[str, Any] = {"starts_on": date(2013, 9, 6), "ends_on": date(2013, 9, 6)}
        move_meeting(meeting=numbered[1], opened_from=latest_change(), **move, **how)
        cancel_meeting(meeting=numbered[2], opened_from=latest_change(), **how)
        postpone_meeting(meeting=numbered[3], opened_from=latest_change(), **how)
    return group


def cells(html: str) -> dict[int, str]:
    """What each day of September 2013 says, without its number."""
    found = re.findall(r'<td id="day-2013-09-(\d\d)".*?</time>(.*?)</td>', html, flags=re.DOTALL)
    links = {int(day): re.findall(r'<a class="ev.*?</a>', cell, flags=re.DOTALL) for day, cell in found}
    plain = {day: " ".join(re.sub(r"<[^>]+>", " ", " ".join(one)).split()) for day, one in links.items()}
    return {day: said.replace("\N{NO-BREAK SPACE}", " ") for day, said in plain.items() if said}


def test_month_marks_what_was_moved_cancelled_and_put_off(told):
    with time_machine.travel(at(5, 12), tick=False):
        html = Client().get("/rivers/calendar/2013/09/").content.decode()
        page = words(Client(), "/rivers/calendar/2013/09/")

    assert cells(html) == {
        5: "Meeting 1 moved to September 6, 2013",
        6: "Meeting 1 10:00–13:00",
        10: "Meeting 2 Cancelled",
        12: "Meeting 3 Postponed",
        17: "Meeting 4 day 1 of 3",
        18: "Meeting 4 day 2 of 3",
        19: "Meeting 4 day 3 of 3",
    }
    assert re.findall(r'<td id="day-([^"]+)"[^>]* aria-current="date"', html) == ["2013-09-05"]
    assert "On no day yet late September Meeting 5" in page
    assert "no new day yet Meeting 3" in page


def test_month_leads_to_its_neighbours_and_takes_the_choice_along(told):
    html = Client().get("/rivers/calendar/2013/09/?kind=ministerial&cancelled=hide").content.decode()

    carried = "?kind=ministerial&amp;cancelled=hide"
    for there in ("2013/08/", "2013/10/", "2012/12/", "2014/01/", "2013/11/", ""):
        assert f'href="/rivers/calendar/{there}{carried}"' in html
    assert cells(html) == {}
    assert f'href="/rivers/calendar.ics{carried}"' in html


def test_year_says_in_words_what_it_draws(told):
    page = words(Client(), "/rivers/calendar/")

    assert "September: 3 meetings, 3 moved or called off" in page
    assert "November: 1 meeting" in page


def test_calendar_opens_at_the_month_of_what_comes_next(told):
    for now, month in ((at(2), "2013/09"), (at(1, month=10), "2013/11"), (at(1, month=12), "2013/11")):
        with time_machine.travel(now, tick=False):
            html = Client().get("/rivers/calendar/").content.decode()
        assert f'<a href="/rivers/calendar/{month}/">Month</a>' in html


@pytest.mark.parametrize("month", ["2013/13", "2013/00", "1899/12", "2201/01", "2013/9"])
def test_month_that_cannot_be_has_no_page(group, month):
    assert Client().get(f"/rivers/calendar/{month}/").status_code == 404


def test_proposed_meeting_is_in_the_month_of_those_who_prepare_it_alone(group, as_secretariat):
    made(make.MeetingFactory, group=group, number=2, status="proposed", starts_at=time(15), ends_at=time(16))

    pages = [words(client, "/rivers/calendar/2013/09/") for client in (as_secretariat, Client())]

    assert ["15:00–16:00" in page for page in pages] == [True, False]


def test_month_of_a_meeting_in_session(group):
    with time_machine.travel(datetime.fromisoformat("2013-09-05T11:00-04:00"), tick=False):
        html = Client().get("/rivers/calendar/2013/09/").content.decode()

    assert cells(html) == {5: "Meeting 1 In session"}


# On paper ------------------------------------------------------------------------------------


def on_paper(slug: str) -> str:
    pdf = Client().get(f"/{slug}/calendar.pdf").content
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_printed_calendar_tells_what_the_page_tells(mispa_iv):
    page, paper = words(Client(), "/mispa-iv/calendar/"), on_paper("mispa-iv")

    for one in mispa_iv.meetings.filter(kind="session"):
        assert (
            f"{one.starts_on:%B} {one.starts_on.day}, 2013 Thursday · 10:00 a.m. – 1:00 p.m. Simón Bolívar Room"
            in paper
        )
        assert f"{one.starts_on.day} Thursday Meeting {one.number} 10:00–13:00 · Simón Bolívar Room" in page
    assert "The PDF differs" not in page


def test_page_says_where_the_printed_calendar_is_no_longer_right(group, secretariat):
    make.issue(group, "public")
    before = words(Client(), "/rivers/calendar/")
    days = {"starts_on": date(2013, 9, 6), "ends_on": date(2013, 9, 6)}
    how = {"by": secretariat, "reason": "agreed", "opened_from": latest_change()}
    move_meeting(meeting=group.meetings.get(), **days, **how)
    made(make.MeetingFactory, group=group, number=2)

    page = words(Client(), "/rivers/calendar/")

    assert "The PDF differs" not in before
    assert "The PDF differs in 2 meetings It prints the calendar as it stands in edition 1 of the work plan." in page
    assert "Meeting 1 has moved since." in page
    assert "Meeting 2 is not printed in it." in page
    assert "September 5, 2013" in on_paper("rivers")
