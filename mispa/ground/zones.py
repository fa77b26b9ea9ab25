"""Time zones by their IANA names."""

from functools import cache
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
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
