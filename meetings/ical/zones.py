"""The time zones of a calendar file, written from the zones of the world (RFC 5545, 3.6.5)."""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

_DAY: Final = 24 * 60 * 60  # seconds

Years = Mapping[str, Collection[int]]  # by the name of a zone, the years in which it is used


def timezones(years: Years) -> Iterator[str]:
    """Each zone for the years in which it is used."""
    for name, its_years in sorted(years.items()):
        yield "BEGIN:VTIMEZONE"
        yield f"TZID:{name}"
        yield from _observances(name, its_years)
        yield "END:VTIMEZONE"


def _observances(name: str, years: Collection[int]) -> Iterator[str]:
    """How the clocks stood when a year began after one without hours in the file, and each change in these years.

    Written here because icalendar 7.3 gives the hour after a change to summer time where RFC 5545 wants the one before.
    """
    for year in sorted(years):
        if year - 1 not in years:
            begin = datetime(year, 1, 1, tzinfo=ZoneInfo(name))
            yield from _observance(begin, begin)
        for change in _changes(name, year):
            yield from _observance(*change)


@lru_cache(maxsize=1024)
def _changes(name: str, year: int) -> list[tuple[datetime, datetime]]:
    """The changes of clocks in a year: of each the last second before it, and its own."""
    zone = ZoneInfo(name)
    first, last = (int(datetime(one, 1, 1, tzinfo=zone).timestamp()) for one in (year, year + 1))
    days = (_change_within(zone, second, min(_DAY, last - second)) for second in range(first, last, _DAY))
    return [change for change in days if change]


def _change_within(zone: ZoneInfo, begin: int, length: int) -> tuple[datetime, datetime] | None:
    """If the offset changes within so many seconds from this one on: this second, and the one of the change."""

    def local(second: int) -> datetime:
        return datetime.fromtimestamp(begin + second, zone)

    before, after = local(0), local(length)
    if before.utcoffset() == after.utcoffset():
        return None
    seconds = range(length)
    return before, local(bisect_left(seconds, True, key=lambda second: local(second).utcoffset() == after.utcoffset()))


def _observance(before: datetime, after: datetime) -> Iterator[str]:
    component = "DAYLIGHT" if after.dst() else "STANDARD"
    yield f"BEGIN:{component}"
    yield f"DTSTART:{after.astimezone(timezone(before.utcoffset() or timedelta())):%Y%m%dT%H%M%S}"
    yield f"TZOFFSETFROM:{before:%z}"
    yield f"TZOFFSETTO:{after:%z}"
    yield f"TZNAME:{after.tzname()}"
    yield f"END:{component}"
