"""The line of years: true scale, and words that keep out of each other's way."""

from datetime import date, timedelta
from itertools import combinations

import pytest
from django.template.loader import render_to_string

from meetings.templatetags.meeting_tags import process_line
from meetings.timeline import LANES, LEFT, RIGHT, Line, lay_out, width_of
from mispa.ground.text import Text
from tests import factories as make

MINISTERIAL = [date(2008, 10, 7), date(2009, 11, 4), date(2011, 11, 17), date(2013, 11, 21)]
PREPARATORY = [
    (date(2007, 11, 26), "Santiago"),
    (date(2008, 3, 6), "Montego Bay"),
    (date(2008, 8, 6), "Guatemala City"),
    (date(2009, 8, 4), "Montevideo"),
    (date(2009, 9, 16), "Lima"),
    (date(2010, 12, 18), "Santiago *"),
    (date(2010, 5, 19), "Montego Bay"),
]


@pytest.fixture
def line() -> Line:
    return lay_out([(day, 110) for day in MINISTERIAL], [(day, width_of(city, 13.5)) for day, city in PREPARATORY])


def test_line_keeps_the_true_distances(line: Line) -> None:
    days = [*MINISTERIAL, *(day for day, _city in PREPARATORY)]
    places = [label.x for label in (*line.above, *line.below)]
    per_day = (places[3] - places[0]) / (days[3] - days[0]).days

    expected = [places[0] + per_day * (day - days[0]).days for day in days]

    assert places == pytest.approx(expected, abs=0.11)


def test_no_words_run_into_others(line: Line) -> None:
    for labels in (line.above, line.below):
        assert not any(one.meets(other) for one, other in combinations(labels, 2))


def test_all_words_stay_on_the_drawing(line: Line) -> None:
    for label in (*line.above, *line.below):
        assert label.start >= LEFT
        assert label.end <= RIGHT


def test_years_are_marked_between_first_and_last_day(line: Line) -> None:
    assert [year for _x, year in line.years] == [2008, 2009, 2010, 2011, 2012, 2013]


def test_crowded_line_is_drawn_all_the_same() -> None:
    days = [date(2010, 1, 1) + timedelta(days=3 * number) for number in range(40)]

    crowded = lay_out([(date(2011, 1, 1), 110)], [(day, 90) for day in days])

    assert len(crowded.below) == 40
    assert max(label.lane for label in crowded.below) == LANES - 1


def test_line_of_one_meeting_is_a_year_long() -> None:
    alone = lay_out([(date(2013, 11, 21), 110)], [])

    assert LEFT < alone.above[0].x < RIGHT


def test_what_is_told_in_words_is_a_bar_over_its_days_and_no_point(writing: None) -> None:
    words = {"precision": "imprecise", "words": Text.of("early 2010"), "starts_at": None, "ends_at": None}
    spring = {"starts_on": date(2010, 1, 1), "ends_on": date(2010, 6, 30), **words}
    past = make.MinisterialFactory(status="held", starts_on=date(2008, 10, 7), ends_on=date(2008, 10, 8))
    coming = make.MinisterialFactory(series=past.series, ordinal=past.ordinal + 1, **spring)
    make.PreparatoryFactory(prepares=past, **spring)
    make.PreparatoryFactory(prepares=past, starts_on=date(2008, 3, 6), ends_on=None, **words)

    drawn = process_line([past, coming])

    spans = [one["span"] for one in (*drawn["ministerials"], *drawn["before"])]
    first, last = drawn["line"].x(date(2010, 1, 1)), drawn["line"].x(date(2010, 7, 1))
    bar = {"x": pytest.approx(first), "width": pytest.approx(last - first)}
    assert spans == [None, bar, bar]
    assert render_to_string("meetings/_process_line.html", drawn).count("<rect fill=") == 2
