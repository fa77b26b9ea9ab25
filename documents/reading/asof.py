"""`?as_of=`: the instant that an address asks for, who may ask for it, and what a page of the past says of itself.

A day means its end. Days, and wall times without offset, are those of the group's zone; on pages of what all groups
share, those of the zone of the settings, which is UTC.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import wraps
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from mandates.models import WorkingGroup
from mandates.permissions import can_see_history, can_see_shared_history
from mispa.ground import dates
from mispa.ground.fields import YEARS

PARAMETER: Final = "as_of"
SHARED_ZONE: Final = ZoneInfo(settings.TIME_ZONE)

_WRITTEN: Final = re.compile(
    r"""
    (?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})
    ([T ](?P<hour>[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?)
        (?P<offset>Z|[ +-][0-9]{2}:[0-9]{2})?  # a + that was not escaped arrives as a space
    )?""",
    re.VERBOSE | re.IGNORECASE,
)


class NotAnInstant(Http404):
    """What is asked for cannot be read, or is still to come; the page that says so says how to write it."""


def instant_asked_for(request: HttpRequest, zone: ZoneInfo) -> datetime | None:
    """The instant (UTC) of `?as_of=`; None where the page of now is asked for. Raises NotAnInstant."""
    typed = request.GET.get(PARAMETER, "").strip()
    return read_instant(typed, zone) if typed else None


def read_instant(typed: str, zone: ZoneInfo) -> datetime:
    """The instant (UTC) that somebody wrote, which is never later than now. Raises NotAnInstant."""
    written, now = _WRITTEN.fullmatch(typed), timezone.now()
    try:
        at = _instant(written["day"], written["hour"], written["offset"], zone) if written else None
    except (ValueError, OverflowError):  # February 30; an hour before the first year
        at = None
    if at is None or at.year < YEARS.start:
        raise _refusal(_("“%(typed)s” cannot be read as a day or an instant."), typed)
    is_today = written is not None and not written["hour"] and date.fromisoformat(typed) == now.astimezone(zone).date()
    if at > now and not is_today:
        raise _refusal(_("“%(typed)s” is still to come."), typed)
    return min(at, now)


def _instant(day: str, hour: str | None, offset: str | None, zone: ZoneInfo) -> datetime:
    if hour is None:
        after = datetime.combine(date.fromisoformat(day) + timedelta(days=1), time.min, zone)
        return after.astimezone(UTC) - timedelta(microseconds=1)
    if offset:
        return datetime.fromisoformat(f"{day}T{hour}{offset.upper().replace(' ', '+')}").astimezone(UTC)
    wall = datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=zone)
    if wall.utcoffset() != wall.replace(fold=1).utcoffset():
        says = _("On that day the clocks were changed, and the hour of “%(typed)s” came twice or not at all.")
        raise _refusal(says, f"{day}T{hour}")
    return wall.astimezone(UTC)


def _refusal(says: str, typed: str) -> NotAnInstant:
    how = _(
        "Write a day as 2013-09-05, which means its end, or an instant as 2013-09-05T10:00 or 2013-09-05T10:00-04:00."
    )
    return NotAnInstant(f"{says % {'typed': typed[:40]}} {how}")


# Who may ask -------------------------------------------------------------


def instant_for(request: HttpRequest, group: WorkingGroup | None) -> datetime | None:
    """The instant asked for on a page whose past is for those who may see history.

    `group` is None for what all groups share.
    """
    if request.GET.get(PARAMETER) and not _may_ask(request, group):
        raise PermissionDenied(
            _("How this page was at an earlier time is shown to the secretariat, the chair and the administrator.")
        )
    return instant_asked_for(request, group.zone if group else SHARED_ZONE)


def _may_ask(request: HttpRequest, group: WorkingGroup | None) -> bool:
    return can_see_history(request.user, group) if group else can_see_shared_history(request.user)


View = Callable[..., HttpResponse]


def past_after_sign_in(view: View) -> View:
    """For an open page whose past is not: whoever asks for that without an account is led to sign in."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get(PARAMETER) and not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return answered


def only_now(view: View) -> View:
    """For what is served as it is now alone: to ask for its past is refused, since another content is no answer."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get(PARAMETER):
            raise Http404(_("This is given as it is now only. Leave “as_of” out of the address."))
        return view(request, *args, **kwargs)

    return answered


# What pages say ----------------------------------------------------------

# On a page of the past nothing can be done; the page of now is one step away.
_ACTS: Final = ("can_edit", "can_issue", "can_release", "can_see_history", "can_edit_shared", "can_see_shared_history")


def as_of_context(request: HttpRequest, group: WorkingGroup | None, at: datetime | None) -> dict[str, Any]:
    """What a page needs for the words at its head, for the form that asks for a day, and for its links.

    `as_of_query` takes the instant along, so that the past can be walked through.
    """
    zone = group.zone if group else SHARED_ZONE
    context: dict[str, Any] = {
        "as_of": None,
        "as_of_query": "",
        "may_ask_as_of": _may_ask(request, group),
        "latest_day": timezone.now().astimezone(zone).date(),
    }
    if at is None:
        return context
    place = group.place if group else str(zone)
    as_of = {"wall": dates.in_zone(at, str(zone)), "place": place, "now": request.path}
    return context | {"as_of": as_of, "as_of_query": query_for(at)} | dict.fromkeys(_ACTS, False)


def query_for(at: datetime) -> str:
    """What an address needs to show this very instant, whatever the zone of its page."""
    exact = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return f"?{PARAMETER}={exact}"
