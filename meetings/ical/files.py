"""A whole calendar file: its head, the zones that its events use, and the events."""

from collections.abc import Callable, Collection, Iterable, Mapping
from uuid import UUID

from django.utils.translation import override

from mandates.models import WorkingGroup
from meetings.ical.events import Event, event_lines
from meetings.ical.lines import escaped, folded
from meetings.ical.stamps import Stamp
from meetings.ical.zones import timezones
from meetings.models import Meeting

CONTENT_TYPE = "text/calendar; charset=utf-8"
END_OF_EVENT = b"END:VEVENT\r\n"


def calendar_file(
    group: WorkingGroup,
    meetings: Collection[Meeting],
    *,
    stamps: Mapping[UUID, Stamp],
    page_url: Callable[[Meeting], str],
    language: str,
) -> bytes:
    """The file of these meetings, in their order, as papers enclose it: as they stand, without what came before.

    It asks the database nothing: the meetings come `with_places()` and with their topics prefetched. Words with a first
    and a last day stand on all of these days, since editions that are sealed give them so; the feeds do not.
    """
    events = [Event(meeting, meeting) for meeting in meetings if meeting.starts_on and meeting.ends_on]
    years: dict[str, set[int]] = {}
    for event in events:
        if event.years:
            years.setdefault(event.at.timezone, set()).update(event.years)
    with override(language):
        texts = [
            text_of(event_lines(group, event, stamps[event.meeting.pk], page_url(event.meeting), language))
            for event in events
        ]
    name = group.short_name.in_language(language)
    return whole(name, years if events else empty(group.timezone), (text + END_OF_EVENT for text in texts))


def text_of(lines: Iterable[str]) -> bytes:
    return b"".join(map(folded, lines))


def empty(timezone: str) -> dict[str, set[int]]:
    """The zone of a file without events: one with nothing in it would not be valid."""
    return {timezone: {2000}}


def whole(name: str, years: Mapping[str, Collection[int]], events: Iterable[bytes]) -> bytes:
    head = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//mispa//calendar//EN",
        "CALSCALE:GREGORIAN",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        *timezones(years),
    ]
    return b"".join([text_of(head), *events, b"END:VCALENDAR\r\n"])
