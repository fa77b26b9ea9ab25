"""Hours in the calendar file, on both sides of every change of clocks."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.meetings.ical_cases import (
    enter_group,
    enter_ministerial,
    file_of,
    session,
)
from tests.meetings.ical_checks import checked, instants, offset_at, onsets_of


@pytest.fixture
def group(db):
    return enter_group()


@pytest.fixture
def ministerial(group):
    return enter_ministerial(group)


@pytest.mark.parametrize(
    ("zone", "day", "hour", "in_utc"),
    [
        ("America/New_York", date(2014, 3, 7), 15, datetime(2014, 3, 7, 20, tzinfo=UTC)),
        ("America/New_York", date(2014, 3, 10), 10, datetime(2014, 3, 10, 14, tzinfo=UTC)),
        ("America/New_York", date(2013, 11, 1), 10, datetime(2013, 11, 1, 14, tzinfo=UTC)),
        ("America/New_York", date(2013, 11, 4), 10, datetime(2013, 11, 4, 15, tzinfo=UTC)),
        ("America/Bogota", date(2014, 1, 15), 9, datetime(2014, 1, 15, 14, tzinfo=UTC)),
        ("America/Bogota", date(2014, 7, 15), 9, datetime(2014, 7, 15, 14, tzinfo=UTC)),
        ("America/Santiago", date(2014, 1, 15), 9, datetime(2014, 1, 15, 12, tzinfo=UTC)),
        ("America/Santiago", date(2014, 7, 15), 9, datetime(2014, 7, 15, 13, tzinfo=UTC)),
        ("UTC", date(2014, 7, 15), 9, datetime(2014, 7, 15, 9, tzinfo=UTC)),
    ],
)
def test_hours_are_right_on_both_sides_of_a_change_of_clocks(group, zone, day, hour, in_utc):
    meeting = session(group, 1, day, hours=(time(hour), time(hour + 2)), timezone=zone)

    data = file_of(group)

    uid = f"{meeting.pk}@mispa"
    assert (checked(data)[uid].start, checked(data)[uid].end) == (in_utc, in_utc + timedelta(hours=2))
    assert instants(data)[uid] == (in_utc, in_utc + timedelta(hours=2))
    assert f"DTSTART;TZID={zone}:{day:%Y%m%d}T{hour:02}0000\r\n".encode() in data


@pytest.mark.parametrize(
    "zone",
    [
        "America/New_York",
        "America/Bogota",
        "America/Sao_Paulo",
        "America/Santiago",
        "America/St_Johns",
        "America/Caracas",
        "Africa/Casablanca",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Europe/Dublin",
        "Pacific/Apia",
    ],
)
def test_zone_in_the_file_is_the_zone_of_the_world_at_every_hour(group, zone):
    session(group, 1, date(2013, 1, 1), timezone=zone)
    session(group, 2, date(2014, 12, 31), timezone=zone)
    data = file_of(group)
    begin = datetime(2013, 1, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    hours = [begin + timedelta(minutes=30 * step) for step in range(2 * 365 * 48)]
    onsets = onsets_of(data, zone)

    differing = [hour for hour in hours if offset_at(onsets, hour) != hour.astimezone(ZoneInfo(zone)).utcoffset()]

    assert differing == []


def test_change_of_clocks_begins_at_the_hour_before_it(group):
    session(group, 1, date(2014, 7, 1))

    data = file_of(group)

    assert re.findall(rb"DTSTART:(\w+)\r\nTZOFFSETFROM:(.....)\r\nTZOFFSETTO:(.....)\r\nTZNAME:(\w+)", data) == [
        (b"20140101T000000", b"-0500", b"-0500", b"EST"),
        (b"20140309T020000", b"-0500", b"-0400", b"EDT"),
        (b"20141102T020000", b"-0400", b"-0500", b"EST"),
    ]


def test_only_zones_of_hours_are_in_the_file(group, ministerial):
    session(group, 1, date(2013, 9, 5))
    session(group, 2, date(2013, 9, 19), timezone="America/Mexico_City")

    assert re.findall(rb"\r\nTZID:(.+)\r\n", file_of(group)) == [b"America/Mexico_City", b"America/New_York"]


def test_zone_is_told_for_the_years_in_use_alone(group):
    meetings = [session(group, 1, date(1950, 7, 3)), session(group, 2, date(2150, 7, 3))]

    data = file_of(group)

    found = checked(data)
    assert [found[f"{one.pk}@mispa"].start for one in meetings] == [one.starts for one in meetings]
    assert instants(data) == {f"{one.pk}@mispa": (one.starts, one.ends) for one in meetings}
    assert len(onsets_of(data, "America/New_York")) == 6
