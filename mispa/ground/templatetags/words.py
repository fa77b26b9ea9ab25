"""Words and dates for templates; builtin in all of them."""

from datetime import date, datetime, time
from typing import Any

from django import template

from mispa.ground import dates

register = template.Library()


@register.filter
def day(value: date | None) -> str:
    """{{ date|day }}: September 5, 2013."""
    return dates.day(value) if value else ""


@register.filter
def day_of_year(value: date | None) -> str:
    """{{ date|day_of_year }}: September 5, where the year is told beside it."""
    return dates.day_of_year(value) if value else ""


@register.filter
def day_formal(value: date | None) -> str:
    """{{ date|day_formal }}: 5 September 2013, for the head of a paper."""
    return dates.day_formal(value) if value else ""


@register.filter
def weekday(value: date | None) -> str:
    """{{ date|weekday }}: Thursday."""
    return dates.weekday(value) if value else ""


@register.filter
def hour(value: time | datetime | None) -> str:
    """{{ time|hour }}: 10:00. Midnight is an hour too."""
    return "" if value is None else dates.hour(value)


@register.simple_tag
def days(starts: date, ends: date) -> str:
    """{% days starts ends %}: October 7 and 8, 2008."""
    return dates.days(starts, ends)


@register.simple_tag
def hours(starts: time | datetime, ends: time | datetime) -> str:
    """{% hours starts ends %}: 10:00–13:00."""
    return dates.hours(starts, ends)


@register.simple_tag
def hours_us(starts: time | datetime, ends: time | datetime) -> str:
    """{% hours_us starts ends %}: 10:00 a.m. – 1:00 p.m."""
    return dates.hours_us(starts, ends)


@register.filter
def in_full(thing: Any) -> str:
    """{{ mandate|in_full }}: the whole of its text, of which its name is but the beginning; else its name."""
    return str(getattr(thing, "text", None) or thing)
