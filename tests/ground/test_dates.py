from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import translation

from mispa.ground import dates

SESSION = date(2013, 9, 5)
WASHINGTON = ZoneInfo("America/New_York")


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_day_reads_as_in_running_text():
    assert plain(dates.day(SESSION)) == "September 5, 2013"


def test_a_day_in_the_head_of_a_paper_begins_with_its_number():
    assert plain(dates.day_formal(SESSION)) == "5 September 2013"


def test_day_and_month_are_not_parted_at_the_end_of_a_line():
    assert dates.day(SESSION) == "September\N{NO-BREAK SPACE}5, 2013"
    assert dates.day_formal(SESSION) == "5\N{NO-BREAK SPACE}September 2013"


def test_a_moment_is_written_as_its_day():
    assert dates.day(datetime(2013, 9, 5, 10)) == dates.day(SESSION)


def test_the_weekday_is_computed():
    assert [dates.weekday(date(2013, 9, day)) for day in (5, 6, 8)] == ["Thursday", "Friday", "Sunday"]


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        (date(2013, 9, 5), date(2013, 9, 5), "September 5, 2013"),
        (date(2008, 10, 7), date(2008, 10, 8), "October 7 and 8, 2008"),
        (date(2013, 11, 21), date(2013, 11, 25), "November 21 to 25, 2013"),
        (date(2013, 11, 30), date(2013, 12, 1), "November 30 and December 1, 2013"),
        (date(2013, 11, 28), date(2013, 12, 3), "November 28 to December 3, 2013"),
        (date(2013, 12, 31), date(2014, 1, 1), "December 31, 2013, and January 1, 2014"),
        (date(2013, 9, 1), date(2014, 9, 1), "September 1, 2013, to September 1, 2014"),
        (datetime(2013, 9, 5, 10), datetime(2013, 9, 5, 13), "September 5, 2013"),
        (datetime(2013, 9, 5, 22), datetime(2013, 9, 6, 1), "September 5 and 6, 2013"),
    ],
)
def test_several_days_are_written_as_one_span(starts, ends, words):
    assert plain(dates.days(starts, ends)) == words


@pytest.mark.parametrize(
    ("starts", "ends", "short", "long"),
    [
        (time(10), time(13), "10:00–13:00", "10:00 a.m. – 1:00 p.m."),
        (time(14, 30), time(17, 30), "14:30–17:30", "2:30 p.m. – 5:30 p.m."),
        (time(0), time(12), "00:00–12:00", "12:00 a.m. – 12:00 p.m."),
        (datetime(2013, 9, 5, 10), datetime(2013, 9, 5, 13), "10:00–13:00", "10:00 a.m. – 1:00 p.m."),
        (
            datetime(2027, 2, 4, 15),
            datetime(2027, 2, 6, 10),
            "February 4, 15:00, to February 6, 10:00",
            "February 4, 3:00 p.m., to February 6, 10:00 a.m.",
        ),
        (
            datetime(2013, 11, 3, 1, 30, tzinfo=WASHINGTON),
            datetime(2013, 11, 3, 1, 15, tzinfo=WASHINGTON, fold=1),
            "01:30 (UTC\N{MINUS SIGN}4)–01:15 (UTC\N{MINUS SIGN}5)",
            "1:30 a.m. (UTC\N{MINUS SIGN}4) – 1:15 a.m. (UTC\N{MINUS SIGN}5)",
        ),
    ],
)
def test_hours_are_written_for_pages_and_for_paper(starts, ends, short, long):
    assert plain(dates.hours(starts, ends)) == short
    assert plain(dates.hours_us(starts, ends)) == long


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        (datetime(2013, 9, 5, 10), datetime(2013, 9, 5, 13), "September 5, 2013, 10:00–13:00"),
        (datetime(2027, 2, 4, 15), datetime(2027, 2, 6, 10), "February 4, 15:00, to February 6, 2027, 10:00"),
        (datetime(2026, 12, 31, 15), datetime(2027, 1, 1, 10), "December 31, 2026, 15:00, to January 1, 2027, 10:00"),
    ],
)
def test_days_and_hours_are_written_as_one_span(starts, ends, words):
    assert plain(dates.span(starts, ends)) == words


def test_an_hour_is_not_parted_from_its_half_of_the_day():
    printed = dates.hours_us(time(10), time(13))

    assert printed == "10:00\N{NO-BREAK SPACE}a.m.\N{NO-BREAK SPACE}– 1:00\N{NO-BREAK SPACE}p.m."


def test_names_of_months_and_weekdays_follow_the_language():
    with translation.override("pt"):
        assert "setembro" in dates.day(SESSION).casefold()
        assert "quinta" in dates.weekday(SESSION).casefold()


@pytest.mark.parametrize(
    ("instant", "wall"),
    [
        (datetime(2014, 3, 7, 20, tzinfo=UTC), datetime(2014, 3, 7, 15)),  # EST
        (datetime(2014, 3, 10, 14, tzinfo=UTC), datetime(2014, 3, 10, 10)),  # EDT, after the clocks changed
    ],
)
def test_an_instant_becomes_the_wall_time_of_its_zone(instant, wall):
    assert dates.in_zone(instant, "America/New_York") == wall


def test_filters_and_tags_stand_in_every_template_without_loading():
    template = Template(
        "{{ day|day }}; {{ day|day_formal }}; {{ day|weekday }}; {{ starts|hour }}; "
        "{% days day last %}; {% hours starts ends %}; {% hours_us starts ends %}"
    )

    page = template.render(Context({"day": SESSION, "last": date(2013, 9, 6), "starts": time(10), "ends": time(13)}))

    assert plain(page).split("; ") == [
        "September 5, 2013",
        "5 September 2013",
        "Thursday",
        "10:00",
        "September 5 and 6, 2013",
        "10:00–13:00",
        "10:00 a.m. – 1:00 p.m.",
    ]


def test_a_day_that_is_not_known_is_written_as_nothing():
    template = Template("[{{ day|day }}{{ day|day_formal }}{{ day|weekday }}{{ day|hour }}]")

    assert template.render(Context({"day": None})) == "[]"


def test_midnight_is_an_hour():
    assert Template("{{ starts|hour }}").render(Context({"starts": time(0)})) == "00:00"
