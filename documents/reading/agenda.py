"""The calendar of a group before a reader, narrowed as she asked: for the list, for a month, for the line of a year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from documents.reading.attention import Move, moved_since
from documents.reading.lives import Entry, entries_of, lives_of
from documents.reading.past import Past
from documents.reading.sieve import CalendarSieve
from documents.reading.texts import Reading
from mandates.models import WorkingGroup
from meetings.models import Meeting, Topic

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User


def meetings_of(user: "User | AnonymousUser", group: WorkingGroup, past: Past | None = None) -> Any:
    """What stands in the calendar for this reader, with places and topics, in order of time."""
    if past:
        return past.calendar(group)
    return (
        Meeting.objects.visible_to(user)
        .in_calendar(group)
        .with_places()
        .prefetch_related(Prefetch("topics", Topic.objects.standing().order_by("position", "id")))
    )


@dataclass(frozen=True)
class Agenda:
    """`meetings` are all that she may see, `entries` and `undated` those that the sieve lets through."""

    meetings: Sequence[Meeting]
    entries: Sequence[Entry]
    undated: Sequence[Meeting]
    today: date
    now: datetime
    carried: str  # the query by which other addresses of the calendar show the same

    @property
    def opens_at(self) -> date:
        """The first day of the month that is shown first: that of what comes next, else of what was last."""
        known = [one for one in self.entries if not one.is_soft] or self.entries
        first = next((one for one in known if not one.is_over and not one.is_off), None)
        shown = first or (known[-1] if known else None)
        return (shown.days[0] if shown else self.today).replace(day=1)

    @property
    def last(self) -> Meeting | None:
        """The last of all, where everything that has not been cancelled is over."""
        standing = [meeting for meeting in self.meetings if meeting.status != Meeting.Status.CANCELLED]
        exact = [meeting for meeting in standing if meeting.is_exact]
        return exact[-1] if exact and all(meeting.is_over(self.now) for meeting in standing) else None


def agenda_of(
    user: "User | AnonymousUser", group: WorkingGroup, sieve: CalendarSieve, now: datetime, past: Past | None
) -> Agenda:
    meetings = list(meetings_of(user, group, past))
    shown = [meeting for meeting in meetings if sieve.lets(meeting)]
    entries = entries_of(shown, lives_of(shown, past), now)
    if sieve.hides_cancelled:
        entries = [entry for entry in entries if not entry.is_off]
    return Agenda(
        meetings=meetings,
        entries=entries,
        undated=[meeting for meeting in shown if not meeting.has_day],
        today=now.astimezone(group.zone).date(),
        now=now,
        carried=_carried(sieve, past),
    )


def not_printed(request: HttpRequest, reading: Reading, meetings: Sequence[Meeting]) -> list[Move]:
    """Where the printed calendar of an edition is no longer that of the page: what has moved, and what is new."""
    if reading.edition is None:
        return []
    printed = {meeting["id"] for meeting in reading.text["meetings"]}
    known = {Meeting.Status.CONVENED, Meeting.Status.HELD}
    new = [one for one in meetings if one.status in known and str(one.pk) not in printed]
    says = _("%(meeting)s is not printed in it.")
    return moved_since(request, reading.text) + [
        Move(says % {"meeting": one.short_title or str(one)}, "", one.get_absolute_url()) for one in new
    ]


def _carried(sieve: CalendarSieve, past: Past | None) -> str:
    asked = QueryDict(sieve.query("").removeprefix("?"), mutable=True)
    if past:
        asked.update(QueryDict(past.query.removeprefix("?")))
    return f"?{asked.urlencode(safe=':')}" if asked else ""
