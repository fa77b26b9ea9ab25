"""Time zones by their IANA names."""

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def valid_timezone(name: str) -> None:
    """Refuses what is no IANA zone."""
    if name not in available_timezones():
        raise ValidationError(
            _("“%(name)s” is no time zone; write one such as America/New_York."), params={"name": name}
        )
