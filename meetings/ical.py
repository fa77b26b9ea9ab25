"""The calendar as a file that people subscribe to (RFC 5545).

A meeting is one event for life: its UID comes from the meeting's identity, never from what may change. All stamps come
from the history, so that the same data gives the same bytes, and a subscriber who has them gets a 304.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import override

from mandates.models import WorkingGroup
from meetings.models import City, Meeting, Room, Topic
from mispa.ground.text import Text

CONTENT_TYPE = "text/calendar; charset=utf-8"

_DAY = 24 * 60 * 60  # seconds

_STATUS = {
    Meeting.Status.PROPOSED: "TENTATIVE",
    Meeting.Status.CONVENED: "CONFIRMED",
    Meeting.Status.HELD: "CONFIRMED",
    Meeting.Status.CANCELLED: "CANCELLED",
}


# ---- from the history


class Stamp(NamedTuple):
    """What the history says of a meeting; `sequence` counts how often its time, place or status changed."""

    created_at: datetime
    changed_at: datetime
    sequence: int


def stamps(meetings: Collection[Meeting], at: datetime | None = None) -> dict[UUID, Stamp]:
    """The stamp of each meeting (loaded `with_places()`), now or as of an instant, in at most five queries.

    A meeting changed when one of its topics did, or a name that its event prints: of its room, city or group.
    """
    until = at or datetime.max.replace(tzinfo=UTC)
    changed_at = _topics_changed_at(meetings, until)
    names_changed_at = _names_changed_at(meetings, until)
    found = {}
    for meeting in meetings:
        city_of_room = meeting.room.city_id if meeting.room else None
        for key in (meeting.room_id, city_of_room, meeting.city_id, meeting.group_id):
            if key in names_changed_at:
                changed_at.setdefault(meeting.pk, []).append(names_changed_at[key])
    for key, rows in groupby(_rows(Meeting, {meeting.pk for meeting in meetings}, until), key=lambda row: row.id):
        versions = list(rows)
        instants = [row.history_date for row in versions]
        kept = [_significant(row) for row in versions]
        found[key] = Stamp(
            created_at=min(instants),
            changed_at=max(instants + changed_at.get(key, [])),
            sequence=sum(before != after for before, after in pairwise(kept)),
        )
    return found


def _rows(model: type[Meeting | Topic], keys: Any, until: datetime) -> Any:
    return model.history.filter(id__in=keys, history_date__lte=until).order_by("id", "history_id")


def _topics_changed_at(meetings: Collection[Meeting], until: datetime) -> dict[UUID, list[datetime]]:
    """A topic that goes from one meeting to another changes both."""
    ever_theirs = Topic.history.filter(meeting_id__in={meeting.pk for meeting in meetings})
    rows = _rows(Topic, ever_theirs.values("id"), until).values_list("id", "meeting_id", "history_date")
    changed_at: dict[UUID, list[datetime]] = {}
    for _topic, versions in groupby(rows, key=itemgetter(0)):
        before = None
        for _id, after, at in versions:
            for meeting in {before, after} - {None}:
                changed_at.setdefault(meeting, []).append(at)
            before = after
    return changed_at


def _names_changed_at(meetings: Collection[Meeting], until: datetime) -> dict[UUID | None, datetime]:
    rooms = {meeting.room for meeting in meetings if meeting.room}
    cities = {meeting.city_id for meeting in meetings} | {room.city_id for room in rooms}
    changed_at: dict[UUID | None, datetime] = {}
    for model, keys in (
        (Room, {room.pk for room in rooms}),
        (City, cities),
        (WorkingGroup, {meeting.group_id for meeting in meetings}),
    ):
        known = model.history.filter(id__in=keys, history_date__lte=until)
        latest = known.order_by().values_list("id").annotate(latest=Max("history_date"))
        changed_at.update(latest)
    return changed_at


def _significant(row: Any) -> tuple[object, ...]:
    """Time, place and status as a subscriber sees them: a meeting that was held goes on being confirmed."""
    return (
        _STATUS[row.status],
        (row.precision, row.starts_on, row.starts_at, row.ends_on, row.ends_at, row.timezone),
        (row.room_id, row.city_id, row.country and row.country.wordings[row.country.original]),
    )


# ---- the file


def calendar_file(
    group: WorkingGroup,
    meetings: Collection[Meeting],
    *,
    stamps: Mapping[UUID, Stamp],
    page_url: Callable[[Meeting], str],
    language: str,
) -> bytes:
    """The file of these meetings, in their order. A meeting without a day is left out.

    It asks the database nothing: the meetings come `with_places()` and with their topics prefetched.
    """
    dated = [meeting for meeting in meetings if meeting.starts_on]
    with override(language):
        name = _escaped(group.short_name.in_language(language))
        lines = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//mispa//calendar//EN",
            "CALSCALE:GREGORIAN",
            f"NAME:{name}",
            f"X-WR-CALNAME:{name}",
            "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
            "X-PUBLISHED-TTL:PT1H",
            *_timezones(group, dated),
        ]
        for meeting in dated:
            lines += _event(group, meeting, stamps[meeting.pk], page_url(meeting), language)
        lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _event(group: WorkingGroup, meeting: Meeting, stamp: Stamp, url: str, language: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{meeting.pk}@mispa"
    yield f"DTSTAMP:{_instant(stamp.changed_at)}"
    yield f"CREATED:{_instant(stamp.created_at)}"
    yield f"LAST-MODIFIED:{_instant(stamp.changed_at)}"
    yield f"SEQUENCE:{stamp.sequence}"
    yield f"STATUS:{_STATUS[Meeting.Status(meeting.status)]}"
    yield from _times(meeting)
    yield f"SUMMARY:{_escaped(_summary(group, meeting, language))}"
    yield f"DESCRIPTION:{_escaped(_description(meeting, url, language))}"
    if place := _place(meeting, language):
        yield f"LOCATION:{_escaped(place)}"
    yield f"URL:{url}"
    yield "END:VEVENT"


def _times(meeting: Meeting) -> Iterator[str]:
    first, last = meeting.starts_on, meeting.ends_on or meeting.starts_on
    if first is None or last is None:
        return
    if meeting.starts_at and meeting.ends_at:
        yield f"DTSTART;TZID={meeting.timezone}:{_wall_time(first, meeting.starts_at)}"
        yield f"DTEND;TZID={meeting.timezone}:{_wall_time(last, meeting.ends_at)}"
        return
    yield f"DTSTART;VALUE=DATE:{first:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}"  # the first day after
    if meeting.precision == Meeting.Precision.IMPRECISE:
        yield "TRANSP:TRANSPARENT"  # “early September” keeps nobody busy for days


def _summary(group: WorkingGroup, meeting: Meeting, language: str) -> str:
    short_name = group.short_name.in_language(language)
    if meeting.kind == Meeting.Kind.SESSION:
        summary = _("%(group)s: meeting %(number)s") % {"group": short_name, "number": meeting.number}
    elif meeting.title:
        summary = _wording(meeting.title, language)
    else:
        summary = f"{short_name}: {meeting.get_kind_display()}"
    if meeting.precision == Meeting.Precision.IMPRECISE:
        summary += f" ({_wording(meeting.words, language)})"
    if meeting.status == Meeting.Status.CANCELLED:
        # Several calendars show a cancelled event like any other.
        return _("Cancelled: %(meeting)s") % {"meeting": summary}
    return summary


def _description(meeting: Meeting, url: str, language: str) -> str:
    topics = [topic for topic in meeting.topics.all() if not topic.is_withdrawn]
    agenda = [f"{number}. {_wording(topic.text, language)}" for number, topic in enumerate(topics, start=1)]
    link = _("Topics and documents: %(address)s") % {"address": url}
    return "\n".join([*agenda, "", link] if agenda else [link])


def _place(meeting: Meeting, language: str) -> str:
    room = meeting.room.name if meeting.room else None
    city = meeting.place_city.name if meeting.place_city else None
    names = [room, city, meeting.place_country]
    return ", ".join(name.in_language(language) for name in names if name)


def _wording(text: Text, language: str) -> str:
    """The wording for this language; one in another language carries that language's mark."""
    given = text.language_for(language)
    wording = text.in_language(language)
    return wording if given == language else f"{wording} [{given}]"


# ---- zones


def _timezones(group: WorkingGroup, meetings: Collection[Meeting]) -> Iterator[str]:
    """The zones of all hours in the file, each for the years in which it is used.

    A calendar with nothing in it would not be valid; it tells the zone of its group.
    """
    years: dict[str, set[int]] = {} if meetings else {group.timezone: {2000}}
    for meeting in meetings:
        if meeting.starts_on and meeting.ends_on and meeting.starts_at:
            years.setdefault(meeting.timezone, set()).update({meeting.starts_on.year, meeting.ends_on.year})
    for name, its_years in sorted(years.items()):
        yield "BEGIN:VTIMEZONE"
        yield f"TZID:{name}"
        yield from _observances(ZoneInfo(name), its_years)
        yield "END:VTIMEZONE"


def _observances(zone: ZoneInfo, years: Collection[int]) -> Iterator[str]:
    """How the clocks stood when a year began after one without hours in the file, and each change in these years.

    Written here because icalendar 7.3 gives the hour after a change to summer time where RFC 5545 wants the one before.
    """
    for year in sorted(years):
        begin = datetime(year, 1, 1, tzinfo=zone)
        end = datetime(year + 1, 1, 1, tzinfo=zone)
        if year - 1 not in years:
            yield from _observance(begin, begin)
        first, last = int(begin.timestamp()), int(end.timestamp())
        for second in range(first, last, _DAY):
            if change := _change_within(zone, second, min(_DAY, last - second)):
                yield from _observance(*change)


def _change_within(zone: ZoneInfo, begin: int, length: int) -> tuple[datetime, datetime] | None:
    """If the offset changes within so many seconds from this one on: this second, and the one of the change."""

    def local(second: int) -> datetime:
        return datetime.fromtimestamp(begin + second, zone)

    before, after = local(0), local(length)
    if before.utcoffset() == after.utcoffset():
        return None
    seconds = range(length)
    return before, local(bisect_left(seconds, True, key=lambda second: local(second).utcoffset() == after.utcoffset()))


def _observance(before: datetime, after: datetime) -> Iterator[str]:
    component = "DAYLIGHT" if after.dst() else "STANDARD"
    yield f"BEGIN:{component}"
    yield f"DTSTART:{after.astimezone(timezone(before.utcoffset() or timedelta())):%Y%m%dT%H%M%S}"
    yield f"TZOFFSETFROM:{before:%z}"
    yield f"TZOFFSETTO:{after:%z}"
    yield f"TZNAME:{after.tzname()}"
    yield f"END:{component}"


# ---- lines


def _instant(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _wall_time(day: date, hour: time) -> str:
    return f"{day:%Y%m%d}T{hour:%H%M%S}"


def _escaped(text: str) -> str:
    """Every kind of line end becomes one; other control characters may not stand in a calendar."""
    lines = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").splitlines()
    return "".join(letter for letter in "\\n".join(lines) if letter == "\t" or (letter >= " " and letter != "\x7f"))


def _folded(line: str) -> bytes:
    """A line in pieces of at most 75 octets that cut no letter."""
    rest, width, pieces = line.encode(), 75, []
    while len(rest) > width:
        cut = width
        while rest[cut] & 0b1100_0000 == 0b1000_0000:  # within a letter
            cut -= 1
        pieces.append(rest[:cut])
        rest, width = rest[cut:], 74  # each further piece begins with a space
    return b"\r\n ".join([*pieces, rest]) + b"\r\n"
