"""A whole calendar file: its head, the zones that its events use, and the events."""

from collections.abc import Callable, Collection, Iterable, Mapping
from uuid import UUID

from django.utils.translation import override

from mandates.models import WorkingGroup
from meetings.ical.events import Event, event_lines, summary
from meetings.ical.lines import escaped, folded
from meetings.ical.stamps import Stamp
from meetings.ical.zones import Years, timezones
from meetings.models import Meeting
from mispa.ground.text import Text

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
    events = [
        Event(meeting, meeting, agenda=_agenda(meeting))
        for meeting in meetings
        if meeting.starts_on and meeting.ends_on
    ]
    years: dict[str, set[int]] = {}
    for event in events:
        if event.years:
            years.setdefault(event.at.timezone, set()).update(event.years)
    texts = []
    with override(language):
        for event in events:
            stamp, url = stamps[event.meeting.pk], page_url(event.meeting)
            title = summary(group, event, language)
            texts.append(text_of(event_lines(event, stamp, title=title, url=url, language=language)))
    name = group.short_name.in_language(language)
    return whole(name, years if events else empty(group.timezone), (text + END_OF_EVENT for text in texts))


def _agenda(meeting: Meeting) -> list[Text]:
    return [topic.text for topic in meeting.topics.all() if not topic.is_withdrawn]


def text_of(lines: Iterable[str]) -> bytes:
    return b"".join(map(folded, lines))


def empty(timezone: str) -> dict[str, set[int]]:
    """The zone of a file without events: one with nothing in it would not be valid."""
    return {timezone: {2000}}


def whole(name: str, years: Years, events: Iterable[bytes]) -> bytes:
    """A calendar with a name of its own, which programs fetch again and again."""
    own = [
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    return _calendar(own, years, events)


def message(method: str, years: Years, events: Iterable[bytes]) -> bytes:
    """What is sent once (RFC 5546). It has no name: programs would make it a calendar beside the reader's own."""
    return _calendar([f"METHOD:{method}"], years, events)


def _calendar(own: Iterable[str], years: Years, events: Iterable[bytes]) -> bytes:
    head = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//mispa//calendar//EN",
        "CALSCALE:GREGORIAN",
        *own,
        *timezones(years),
    ]
    return b"".join([text_of(head), *events, b"END:VCALENDAR\r\n"])
