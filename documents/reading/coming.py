"""Which meeting a reader is told first, and how far away it is, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from documents.reading.business import order_of_business
from documents.reading.live import is_on
from mandates.models import WorkingGroup
from meetings.models import Meeting
from mispa.ground import dates

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User

_OFF = {Meeting.Status.CANCELLED, Meeting.Status.POSTPONED}


@dataclass(frozen=True)
class Coming:
    """`meeting` is in session or comes next, else None. Days and hours are counted in the zone of the group.

    A meeting whose day is only told in words never hides one that has a day: it is among `perhaps_before`.
    """

    meeting: Meeting | None
    is_on: bool
    countdown: str
    perhaps_before: Sequence[Meeting]
    after: Meeting | None  # the next one behind it that has a day
    last: Meeting | None  # the latest that is over, of the group itself if there is one
    waits: bool  # there is one that has no day at all


def coming_of(meetings: Sequence[Meeting], now: datetime, zone: ZoneInfo) -> Coming:
    """From the meetings of a calendar in order of time; those that were cancelled or put off do not come."""
    standing = [one for one in meetings if one.status not in _OFF]
    ahead = [one for one in standing if one.has_day and not one.is_over(now)]
    certain = sorted((one for one in ahead if one.is_exact), key=lambda one: not is_on(one, now))
    in_words = [one for one in ahead if not one.is_exact]
    told = certain or in_words
    first = told[0] if told else None
    over = [one for one in standing if one.is_over(now)]
    sessions = [one for one in over if one.kind == Meeting.Kind.SESSION]
    return Coming(
        meeting=first,
        is_on=first is not None and is_on(first, now),
        countdown=countdown(first, now, zone) if first else "",
        perhaps_before=[one for one in in_words if first and first.is_exact and _may_precede(one, first)],
        after=certain[1] if len(certain) > 1 else None,
        last=next(reversed(sessions or over), None),
        waits=any(not one.has_day for one in meetings if one.status != Meeting.Status.CANCELLED),
    )


def next_context(
    user: "User | AnonymousUser", group: WorkingGroup, meetings: Sequence[Meeting], now: datetime
) -> dict[str, Any]:
    """What the pages need that tell of it: `shown` is the meeting that comes or was last, with what is on its table."""
    coming = coming_of(meetings, now, group.zone)
    shown = coming.meeting or coming.last
    return {"coming": coming, "shown": shown, "business": order_of_business(user, shown, {}) if shown else []}


def _may_precede(meeting: Meeting, other: Meeting) -> bool:
    return bool(meeting.starts_on and other.starts_on and meeting.starts_on <= other.starts_on)


def countdown(meeting: Meeting, now: datetime, zone: ZoneInfo) -> str:
    """How far away a meeting is that is not over: “in 3 days”, “today, in 40 minutes”, “until 13:00”."""
    if is_on(meeting, now) and meeting.ends:
        return _("until %(hour)s") % {"hour": dates.hour(meeting.ends.astimezone(meeting.zone))}
    if not meeting.is_exact or meeting.starts_on is None or meeting.ends_on is None:
        return _("the day is not set yet")
    today = now.astimezone(zone).date()
    first = meeting.starts.astimezone(zone).date() if meeting.starts else meeting.starts_on
    days = (first - today).days
    if days > 1:
        return ngettext("in %(number)s day", "in %(number)s days", days) % {"number": days}
    if days == 1:
        return _("tomorrow")
    if days < 0:
        numbers = {"number": 1 - days, "of": (meeting.ends_on - meeting.starts_on).days + 1}
        return _("today is its day %(number)s of %(of)s") % numbers
    return _today(meeting, now)


def _today(meeting: Meeting, now: datetime) -> str:
    """With the minutes or hours that are left; whole days have no hour."""
    if meeting.starts is None or meeting.starts <= now:
        return _("today")
    left = meeting.starts - now
    if left < timedelta(hours=1):
        minutes = max(round(left.total_seconds() / 60), 1)
        return ngettext("today, in %(number)s minute", "today, in %(number)s minutes", minutes) % {"number": minutes}
    hours = round(left.total_seconds() / 3600)
    return ngettext("today, in about %(number)s hour", "today, in about %(number)s hours", hours) % {"number": hours}
