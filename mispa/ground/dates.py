"""Days and hours as each language writes them.

Month and weekday names come from Django. The order of the parts comes from the translators: the formats below are
messages of their own, in the letters of Django's `date` filter, with “~” for a space that does not break.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.translation import get_language, pgettext

_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
_NUMBER_OF_DAY = re.compile(r"(?<!\\)j")


def day(value: date) -> str:
    """A day in running text: September 5, 2013."""
    return _written(value, pgettext("format of a day", "F~j, Y"))


def day_of_year(value: date) -> str:
    """A day whose year is told beside it: September 5."""
    return _written(value, pgettext("format of the first day, the last is in another month", "F~j"))


def day_short(value: date) -> str:
    """A day where there is little room, without its year: Sep 5."""
    return _written(value, pgettext("format of a day where there is little room", "M~j"))


def month_short(value: date) -> str:
    """A month where there is little room: Sep."""
    return _written(value, "M")


def day_formal(value: date) -> str:
    """A day in the head of a paper: 5 September 2013."""
    return _written(value, pgettext("format of a day in the head of a paper", "j~F Y"))


def weekday(value: date) -> str:
    """The name of the weekday, computed: Thursday."""
    return _written(value, "l")


def weekday_short(value: date) -> str:
    """The same where there is little room: Thu."""
    return _written(value, "D")


def days(starts: date, ends: date) -> str:
    """One day or several: October 7 and 8, 2008; November 21 to 25, 2013."""
    first, last = _day_only(starts), _day_only(ends)
    if first == last:
        return day(first)
    if first.year != last.year:
        formats = (
            pgettext("format of the first day, the last is in another year", "F~j, Y,"),
            pgettext("format of the last day, the first is in another year", "F~j, Y"),
        )
    elif first.month != last.month:
        formats = (
            pgettext("format of the first day, the last is in another month", "F~j"),
            pgettext("format of the last day, the first is in another month", "F~j, Y"),
        )
    else:
        formats = (
            pgettext("format of the first day, the last is in the same month", "F~j"),
            pgettext("format of the last day, the first is in the same month", "j, Y"),
        )
    if last - first == timedelta(days=1):
        joined = pgettext("two days", "%(first)s and %(last)s")
    else:
        joined = pgettext("more than two days", "%(first)s to %(last)s")
    return joined % {"first": _written(first, formats[0]), "last": _written(last, formats[1])}


def listed(days: Sequence[date]) -> str:
    """Several days, in their order: September 6 and 20, and October 11, 2005. Each month and year is named once."""
    months = [list(inner) for _key, inner in groupby(days, key=lambda one: (one.year, one.month))]
    written = []
    for place, month in enumerate(months):
        ends_year = place + 1 == len(months) or months[place + 1][0].year != month[0].year
        if ends_year:
            form = pgettext("format of days of one month, %s are the days", "F~%s, Y")
        else:
            form = pgettext("format of days of one month, %s are the days, the year comes later", "F~%s")
        numbers = _joined([_written(one, pgettext("format of the number of a day", "j")) for one in month])
        head, _mark, tail = form.partition("%s")
        first = month[0]
        written.append((_written(first, head) if head else "") + numbers + (_written(first, tail) if tail else ""))
    return _joined(written, pgettext("several months, the last after “and”", "%(others)s, and %(last)s"))


def _joined(parts: Sequence[str], joined: str = "") -> str:
    if len(parts) == 1:
        return parts[0]
    joined = joined or pgettext("several days, the last after “and”", "%(others)s and %(last)s")
    return joined % {"others": ", ".join(parts[:-1]), "last": parts[-1]}


def hour(value: time | datetime) -> str:
    """An hour: 10:00."""
    return _hour(value, pgettext("format of an hour", "H:i"))


def hours(starts: time | datetime, ends: time | datetime, *, names_days: bool = True) -> str:
    """From when to when: 10:00–13:00; over several days February 4, 15:00, to February 6, 10:00.

    Instants of a zone whose clocks change in between are told with both offsets: 01:30 (UTC-4)–01:15 (UTC-5). Without
    `names_days` the days are left out, where the night alone lies between them.
    """
    first, last = _hours_apart(starts, ends, pgettext("format of an hour", "H:i"))
    return (names_days and _from_day_to_day(starts, first, ends, last)) or f"{first}–{last}"


def hours_us(starts: time | datetime, ends: time | datetime) -> str:
    """The same as papers in English print it: 10:00 a.m. – 1:00 p.m. Other languages give their own form."""
    first, last = _hours_apart(starts, ends, _on_paper())
    joined = pgettext("from hour to hour on paper", "%(first)s~– %(last)s").replace("~", _NO_BREAK_SPACE)
    return _from_day_to_day(starts, first, ends, last) or joined % {"first": first, "last": last}


def span(starts: datetime, ends: datetime) -> str:
    """Days and hours: September 5, 2013, 10:00–13:00; February 4, 15:00, to February 6, 2027, 10:00."""
    first, last = _hours_apart(starts, ends, pgettext("format of an hour", "H:i"))
    return _from_day_to_day(starts, first, ends, last, has_year=True) or f"{day(starts)}, {first}–{last}"


def span_us(starts: datetime, ends: datetime) -> str:
    """The same as papers in English print it."""
    first, last = _hours_apart(starts, ends, _on_paper())
    several = _from_day_to_day(starts, first, ends, last, has_year=True)
    return several or f"{day(starts)}, {hours_us(starts, ends)}"


def _on_paper() -> str:
    return pgettext("format of an hour on paper", "g:i~a")


def _hours_apart(starts: time | datetime, ends: time | datetime, form: str) -> tuple[str, str]:
    """Both hours, each with its offset where these differ."""
    first, last = _hour(starts, form), _hour(ends, form)
    if isinstance(starts, datetime) and isinstance(ends, datetime) and starts.utcoffset() != ends.utcoffset():
        return f"{first} ({offset(starts)})", f"{last} ({offset(ends)})"
    return first, last


def _from_day_to_day(
    starts: time | datetime, first: str, ends: time | datetime, last: str, *, has_year: bool = False
) -> str:
    """The first day with its hour to the last with its own; empty on one day, or where no days are given."""
    if not isinstance(starts, datetime) or not isinstance(ends, datetime) or starts.date() == ends.date():
        return ""
    is_other_year = starts.year != ends.year
    joined = pgettext("several days with hours", "%(first)s, %(from)s, to %(last)s, %(to)s")
    return joined % {
        "first": day(starts) if is_other_year else day_of_year(starts),
        "from": first,
        "last": day(ends) if is_other_year or has_year else day_of_year(ends),
        "to": last,
    }


def in_zone(instant: datetime, zone: str) -> datetime:
    """The wall time of an aware instant in a zone, without its offset."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def offset(instant: datetime) -> str:
    """How far the zone of an instant is from GMT then, such as UTC-4 with a real minus sign."""
    away = instant.utcoffset() or timedelta()
    minutes = round(abs(away).total_seconds() / 60)
    rest = f":{minutes % 60:02}" if minutes % 60 else ""
    return f"UTC{'−' if away < timedelta() else '+'}{minutes // 60}{rest}"  # noqa: RUF001 (a minus sign is meant)


def _written(value: date, form: str) -> str:
    if value.day == 1 and (get_language() or "").startswith("fr"):
        form = _NUMBER_OF_DAY.sub(r"1\\e\\r", form)  # le 1er septembre
    return _as_in_brazil(dateformat.format(_day_only(value), form)).replace("~", _NO_BREAK_SPACE)


def _as_in_brazil(written: str) -> str:
    """Django writes months and weekdays as Portugal once did, with capitals; the organization follows Brazil."""
    return written.lower() if (get_language() or "").startswith("pt") else written


def _hour(value: time | datetime, form: str) -> str:
    wall = value.time() if isinstance(value, datetime) else value
    return dateformat.time_format(wall, form).replace("~", _NO_BREAK_SPACE)


def _day_only(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value
