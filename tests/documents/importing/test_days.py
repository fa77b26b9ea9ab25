"""Days and hours out of the lines of a cell."""

from datetime import date, time

import pytest

from documents.importing.days import read_when

FIFTH = date(2013, 9, 5)  # a Thursday


@pytest.mark.parametrize(
    "printed",
    [
        "September 5, 2013",
        "Thursday, September 5th, 2013",
        "Sept. 5, 2013",
        "5 September 2013",
        "Thursday the 5th of September, 2013",
        "5 de septiembre de 2013",
        "jueves, 5 de setiembre del 2013",
        "Le jeudi 5 septembre 2013",
        "quinta-feira, 5 de setembro de 2013",
        "2013-09-05",
        "September\N{NO-BREAK SPACE}5,\N{NO-BREAK SPACE}2013",
    ],
)
def test_a_day_is_read_in_every_language(printed):
    when = read_when([printed])

    assert (when.starts, when.ends, when.words, when.weekday_candidates, when.rest) == (FIFTH, FIFTH, "", (), ())


@pytest.mark.parametrize(
    ("printed", "starts", "ends"),
    [
        ("1er octobre 2013", (10, 1), (10, 1)),
        ("1º de outubro de 2013", (10, 1), (10, 1)),
        ("25/09/2013", (9, 25), (9, 25)),
        ("09/25/2013", (9, 25), (9, 25)),
        ("September 5 and 6, 2013", (9, 5), (9, 6)),
        ("5 y 6 de septiembre de 2013", (9, 5), (9, 6)),
        ("5, 6 et 7 septembre 2013", (9, 5), (9, 7)),
        ("November 21-22, 2013", (11, 21), (11, 22)),
        ("del 21 al 25 de noviembre de 2013", (11, 21), (11, 25)),
        ("du 21 au 25 novembre 2013", (11, 21), (11, 25)),
        ("30 de novembro e 1º de dezembro de 2013", (11, 30), (12, 1)),
        ("November 30 to December 3, 2013", (11, 30), (12, 3)),
        ("Thursday, November 21 and Friday, November 22, 2013", (11, 21), (11, 22)),
    ],
)
def test_days_in_a_row_are_read_from_the_first_to_the_last(printed, starts, ends):
    when = read_when([printed])

    assert (when.starts, when.ends) == (date(2013, *starts), date(2013, *ends))
    assert (when.words, when.weekday_candidates) == ("", ())


@pytest.mark.parametrize(
    ("printed", "candidates"),
    [
        ("Early September", ()),
        ("The second half of 2013", ()),
        ("February/March, to be confirmed", ()),
        ("September 5", ()),
        ("September 31, 2013", ()),
        ("September 5 or 6, 2013", ("2013-09-05", "2013-09-06")),
        ("September 5 and 19, 2013", ("2013-09-05", "2013-09-19")),
        ("September 6 to 5, 2013", ("2013-09-06", "2013-09-05")),
        ("September 5, 2013 (to be confirmed)", ("2013-09-05",)),
        ("05/09/2013", ("2013-09-05", "2013-05-09")),
        ("05.09.13", ("2013-09-05", "2013-05-09")),
    ],
)
def test_what_is_no_single_day_stays_in_words(printed, candidates):
    when = read_when([printed, "Room A"])

    assert (when.starts, when.ends, when.words, when.rest) == (None, None, printed, ("Room A",))
    assert tuple(map(str, when.candidates)) == candidates


def test_a_weekday_tells_which_of_two_readings_is_meant():
    assert read_when(["Friday 06/09/2013"]).starts == date(2013, 9, 6)
    assert read_when(["Thursday 05/09/2013"]).starts is None  # both are Thursdays


@pytest.mark.parametrize(
    ("weekday", "other"),
    [("Friday", 6), ("miércoles", 4), ("lundi", 2), ("domingo", 8), ("terça-feira", 3), ("Saturday", 7)],
)
def test_a_weekday_that_contradicts_its_day_offers_both(weekday, other):
    when = read_when([weekday, "5 September 2013"])

    assert (when.starts, when.weekday) == (FIFTH, weekday)
    assert when.weekday_candidates == (FIFTH, date(2013, 9, other))


@pytest.mark.parametrize(
    ("printed", "starts", "ends"),
    [
        ("10:00 a.m. – 1:00 p.m.", time(10), time(13)),
        ("10:00-1:00 p.m.", time(10), time(13)),
        ("2:00–5:00 p.m.", time(14), time(17)),
        ("from 10 a.m. to 12 noon", time(10), time(12)),
        ("10h00-13h00", time(10), time(13)),
        ("10 h – 13 h 30", time(10), time(13, 30)),
        ("10:00 a 13:00 h", time(10), time(13)),
        ("de las 10:00 a las 13:00 horas", time(10), time(13)),
        ("das 10h às 13h", time(10), time(13)),
        ("14.30 – 17.30", time(14, 30), time(17, 30)),
    ],
)
def test_hours_are_read_in_every_habit(printed, starts, ends):
    when = read_when(["5 September 2013", printed, "Salle Bolívar, 2e étage"])

    assert (when.from_hour, when.to_hour, when.words) == (starts, ends, "")
    assert when.rest == ("Salle Bolívar, 2e étage",)


def test_an_hour_without_its_end_stays_in_words_beside_its_day():
    when = read_when(["Thursday, September 5, 2013", "10:00 a.m.", "Room 10"])

    assert (when.starts, when.ends, when.from_hour) == (FIFTH, None, None)
    assert (when.words, when.rest) == ("Thursday, September 5, 2013, 10:00 a.m.", ("Room 10",))


def test_hours_that_run_backwards_stay_in_words():
    when = read_when(["September 5, 2013", "3:00 p.m. – 1:00 p.m."])

    assert (when.starts, when.words) == (None, "September 5, 2013, 3:00 p.m. – 1:00 p.m.")


def test_one_line_may_hold_everything():
    when = read_when(["Thursday, September 5, 2013, 10:00 a.m. to 1:00 p.m. (Bogotá), Simón Bolívar Room"])

    assert (when.starts, when.from_hour, when.to_hour, when.zone) == (FIFTH, time(10), time(13), "Bogotá")
    assert when.rest == ("Simón Bolívar Room",)
