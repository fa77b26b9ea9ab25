"""The geometry of the timeline: order, scale, spans for what is not exact, and words that stay apart."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.reading.axis import POINT, Line, Mark, lay_out
from meetings.timeline import GAP, LEFT, RIGHT

SEPTEMBER = date(2013, 9, 5)
TODAY = date(2013, 10, 1)


def mark(first: date, days: int = 0, words: str = "Meeting", is_soft: bool = False) -> Mark:
    return Mark(first, first + timedelta(days=days), words, is_soft=is_soft)


def drawn(*marks: Mark, today: date = TODAY) -> Line:
    return lay_out([("Meetings", marks)], today)


def test_marks_stand_in_the_order_of_time_at_true_scale():
    marks = [mark(SEPTEMBER + timedelta(days=days)) for days in (0, 100, 50)]

    first, middle, last = (one.x for one in drawn(*marks).bands[0].placed)

    assert first < middle < last
    assert middle - first == pytest.approx(last - middle, abs=0.2)


def test_one_day_is_a_point_and_a_soft_mark_never_is():
    point, soft = drawn(mark(SEPTEMBER), mark(SEPTEMBER, days=1, is_soft=True)).bands[0].placed

    assert (point.is_span, point.width) == (False, 0)
    assert soft.is_span
    assert soft.width >= POINT


def test_a_span_runs_to_the_end_of_its_last_day():
    year, next_day = drawn(mark(date(2013, 1, 1), 364), mark(date(2014, 1, 1))).bands[0].placed

    assert year.end == next_day.x


def test_several_days_at_one_place_are_a_point_unless_they_are_soft():
    two_days = mark(date(2013, 11, 21), days=1)

    assert [one.is_span for one in drawn(mark(date(2010, 1, 1)), two_days).bands[0].placed] == [False, False]


@pytest.mark.parametrize(
    ("today", "is_drawn"), [(date(2013, 9, 20), True), (date(2012, 1, 1), False), (date(2026, 11, 25), False)]
)
def test_today_is_marked_where_it_lies_within(today, is_drawn):
    line = drawn(mark(SEPTEMBER), mark(date(2013, 11, 21)), today=today)

    assert (line.today is not None) is is_drawn


def test_a_short_line_has_months_and_a_long_one_years():
    months = drawn(mark(SEPTEMBER), mark(date(2013, 12, 5))).ticks
    years = drawn(mark(date(2008, 1, 1)), mark(date(2013, 12, 5))).ticks

    assert [tick.day for tick in months] == [date(2013, 10, 1), date(2013, 11, 1), date(2013, 12, 1)]
    assert [tick.day for tick in years] == [date(year, 1, 1) for year in range(2008, 2014)]
    assert {tick.is_year for tick in years} == {True}


def test_bands_without_marks_are_left_out_and_the_others_stand_below_each_other():
    line = lay_out([("A", [mark(SEPTEMBER)]), ("B", []), ("C", [mark(SEPTEMBER)])], TODAY)

    assert [band.name for band in line.bands] == ["A", "C"]
    assert line.bands[0].placed[0].y < line.bands[1].y < line.bands[1].placed[0].y < line.height


marks = st.builds(
    mark,
    st.dates(date(2012, 1, 1), date(2015, 12, 31)),
    st.integers(0, 500),
    st.text("abc ", min_size=1, max_size=64),
    st.booleans(),
)


@given(st.lists(marks, min_size=1, max_size=25))
def test_no_mark_and_no_words_run_into_others(marks):
    (band,) = drawn(*marks).bands

    by_lane: dict[int, list[tuple[float, float]]] = {}
    for one in band.placed:
        by_lane.setdefault(one.lane, []).append(one.taken)
    for taken in by_lane.values():
        assert all(end + GAP <= start for (_start, end), (start, _end) in pairwise(sorted(taken)))
    ends = [place for one in band.placed for place in one.taken]
    assert min(ends) >= LEFT - POINT
    assert max(ends) <= RIGHT + POINT
