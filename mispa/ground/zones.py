"""Time zones by their IANA names."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db.models import DateField, DateTimeField, F, Func, Value
from django.utils.translation import gettext_lazy as _


@cache
def zones() -> tuple[str, ...]:
    """UTC, and the zones named by a place: no `localtime`, which is another on each machine, no `Factory`, no `EST`."""
    aliases = ("Etc/", "SystemV/", "US/")
    return ("UTC", *sorted(name for name in available_timezones() if "/" in name and not name.startswith(aliases)))


def valid_timezone(name: str) -> None:
    """Refuses what is no IANA zone of a place."""
    if name not in zones():
        raise ValidationError(
            _("“%(name)s” is no time zone; write one such as America/New_York."), params={"name": name}
        )


class DayIn(Func):
    """In a query: the day of an instant in the zone that a column names, so that each row has its own."""

    output_field = DateField()
    template = "(%(expressions)s)::date"
    arg_joiner = " AT TIME ZONE "

    def __init__(self, instant: datetime, zone: F) -> None:
        super().__init__(Value(instant, DateTimeField()), zone)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """By the function that Django itself gives to SQLite for days in a zone; instants are handed over in UTC."""
        template = "django_datetime_cast_date(%(expressions)s, 'UTC')"
        return self.as_sql(compiler, connection, template=template, arg_joiner=", ", **context)


# Wall times ----------------------------------------------------------------


def times_it_comes(wall: datetime, zone: ZoneInfo) -> int:
    """How often a wall time comes in a zone: once, twice where clocks go back, never where they leave it out."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    if first == second:
        return 1
    return 2 if first > second else 0


def next_that_exists(wall: datetime, zone: ZoneInfo) -> datetime:
    """The wall time itself, or where clocks go forward over it the first one after."""
    while times_it_comes(wall, zone) == 0:
        wall += timedelta(minutes=1)
    return wall
