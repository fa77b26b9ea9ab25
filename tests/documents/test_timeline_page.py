"""The timeline: resolutions, meetings and deadlines in order, and what is not exact never as a point."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.test import Client

from documents.reading.texts import working_text
from documents.reading.timeline import LONGEST, Event, short, timeline_of
from mandates.models import Mandate, Resolution
from meetings.models import Meeting
from mispa.ground.text import Text
from tests import factories as make
from tests.documents.test_pages import in_words
from tests.writing import made

TODAY = date(2013, 9, 1)


@pytest.fixture
def rivers(db: None) -> SimpleNamespace:
    group = make.whole_group(slug="rivers")
    return SimpleNamespace(group=group, mandate=Mandate.objects.get(), resolution=Resolution.objects.get())


def events(rivers: SimpleNamespace) -> list[Event]:
    resolutions = Resolution.objects.select_related("symbol")
    meetings = Meeting.objects.standing().in_calendar(rivers.group).with_places()
    return list(timeline_of(resolutions, meetings, working_text(rivers.group.plan), TODAY).events)


def of_kind(kind: str, rivers: SimpleNamespace) -> list[Event]:
    return [event for event in events(rivers) if event.kind == kind]


def test_a_resolution_stands_on_its_day(rivers):
    make.reword(rivers.resolution, adopted_on=date(2013, 6, 6))

    (event,) = of_kind("resolution", rivers)

    assert (event.mark.first, event.mark.last, event.mark.is_soft) == (date(2013, 6, 6), date(2013, 6, 6), False)


def test_a_resolution_without_a_day_can_be_any_day_of_the_year_of_its_symbol(rivers):
    (event,) = of_kind("resolution", rivers)

    assert event.when == "in 2018, by its symbol; the day is not entered"
    assert (event.mark.first, event.mark.last, event.mark.is_soft) == (date(2018, 1, 1), date(2018, 12, 31), True)


def test_a_resolution_whose_symbol_is_pending_has_no_place(rivers):
    pending = made(make.RegisteredSymbolFactory, canonical=None, slug=None, state="pending", printed="AG/RES.")
    make.reword(rivers.resolution, symbol=pending)

    assert [(event.mark, event.when) for event in of_kind("resolution", rivers)] == [(None, "the day is not entered")]


@pytest.mark.parametrize(
    ("last", "is_soft", "when"),
    [
        (date(2013, 12, 31), True, "not exact: July 1 to December 31, 2013"),
        (date(2013, 7, 2), False, "July 1 and 2, 2013"),
        (date(2013, 7, 1), False, "July 1, 2013"),
    ],
)
def test_a_deadline_is_as_exact_as_its_words(rivers, last, is_soft, when):
    days = {"deadline_earliest": date(2013, 7, 1), "deadline_latest": last}
    make.reword(rivers.mandate, deadline_words=Text.of("in July"), **days)

    (event,) = of_kind("deadline", rivers)

    assert (event.mark.is_soft, event.mark.last) == (is_soft, last)
    assert event.when.replace("\N{NO-BREAK SPACE}", " ") == when


def test_a_deadline_in_words_alone_is_told_and_not_drawn(rivers):
    make.reword(rivers.mandate, deadline_words=Text.of("at its next session"))

    assert [(event.mark, event.when) for event in of_kind("deadline", rivers)] == [(None, "its days are not known")]
    assert events(rivers)[-1].kind == "deadline"


def test_a_refined_deadline_keeps_its_span_and_gets_its_days(rivers):
    days = {"deadline_earliest": date(2013, 7, 1), "deadline_latest": date(2013, 12, 31)}
    refined = {"refined_earliest": date(2013, 11, 21), "refined_latest": date(2013, 11, 22)}
    by = {"refined_by": made(make.ResolutionFactory)}
    make.reword(rivers.mandate, deadline_words=Text.of("second half"), **days, **refined, **by)

    first, second = of_kind("deadline", rivers)

    assert (first.mark.is_soft, second.mark.is_soft) == (True, False)
    assert (second.mark.first, second.mark.last) == (date(2013, 11, 21), date(2013, 11, 22))


@pytest.mark.parametrize(
    ("values", "is_drawn", "is_soft"),
    [
        ({"starts_on": date(2013, 9, 1), "ends_on": date(2013, 9, 15)}, True, True),
        ({"starts_on": date(2013, 9, 1), "ends_on": None}, False, None),
        ({"starts_on": None, "ends_on": None}, False, None),
    ],
)
def test_a_meeting_in_words_is_no_point(rivers, values, is_drawn, is_soft):
    in_words_only = {"precision": "imprecise", "starts_at": None, "ends_at": None}
    made(make.MeetingFactory, group=rivers.group, number=2, words=Text.of("Early September"), **in_words_only, **values)

    (event,) = [one for one in of_kind("meeting", rivers) if one.words.startswith("Meeting 2")]

    assert event.when == "Early September"
    assert (event.mark is not None, event.mark.is_soft if event.mark else None) == (is_drawn, is_soft)


def test_words_on_the_drawing_are_whole_and_not_too_long():
    assert short("A meeting") == "A meeting"
    assert len(short("word " * 40)) <= LONGEST
    assert short("word " * 40).endswith("word…")


def test_the_page_lists_what_it_draws_in_the_order_of_time(rivers):
    make.reword(rivers.resolution, adopted_on=date(2013, 6, 6))
    days = {"deadline_earliest": date(2013, 7, 1), "deadline_latest": date(2013, 12, 31)}
    make.reword(rivers.mandate, deadline_words=Text.of("second half of 2013"), **days)
    make.issue(rivers.group, "public")

    with time_machine.travel(datetime(2013, 10, 1, 12, tzinfo=UTC), tick=False):
        page = Client().get("/rivers/timeline/").content.decode()

    words = in_words(page.partition("<ol class=")[2].partition("</ol>")[0])
    places = [words.index(one) for one in ("June 6, 2013", "second half of 2013", "Meeting 1, Convened")]
    assert places == sorted(places)
    drawing = page.partition("<svg viewBox")[2].partition("</svg>")[0]
    assert 'fill="url(#soft)"' in drawing
    assert 'class="now"' in drawing
    assert 'aria-labelledby="time-title time-words"' in drawing
    assert "style=" not in page


def test_a_day_outside_of_the_line_is_told_and_not_drawn(rivers):
    make.issue(rivers.group, "public")

    with time_machine.travel(datetime(2033, 1, 1, 12, tzinfo=UTC), tick=False):
        page = Client().get("/rivers/timeline/").content.decode()

    assert 'class="now"' not in page
    assert "January\N{NO-BREAK SPACE}1, 2033 lies outside of what is drawn." in page


def test_what_is_not_for_everybody_is_not_on_it(rivers):
    make.issue(rivers.group, "public")
    proposed = {"status": "proposed", "starts_on": date(2013, 9, 12), "ends_on": date(2013, 9, 12)}
    made(make.MeetingFactory, group=rivers.group, number=2, **proposed)
    make.reword(rivers.mandate, deadline_words=Text.of("Workingword"))

    pages: dict[str, Any] = {"everybody": Client().get("/rivers/timeline/").content.decode()}

    assert "Meeting 2" not in pages["everybody"]
    assert "Workingword" not in pages["everybody"]
