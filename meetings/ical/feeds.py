"""Feeds: what a person may see of the calendars of groups, as it stands now.

The text of an event is kept in the cache, by group and language: it is the same in every feed. Beside it stands a mark
of everything that it was made from. Who asks, what she may see and how she narrows it is asked each time.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Max, Prefetch
from django.utils.translation import override

from mandates.models import WorkingGroup
from meetings.ical.events import Event, event_lines, summary
from meetings.ical.files import END_OF_EVENT, empty, text_of, whole
from meetings.ical.lines import escaped
from meetings.ical.stamps import stamps
from meetings.life import name_places, steps_of, versions_in
from meetings.models import City, Meeting, Room, Topic
from mispa.ground.text import Text

MOST: Final = 10_000  # events in one file, the latest; some ten million letters
_AT_ONCE: Final = 1_000  # meetings of which events are made together

Mark = tuple[int | None, ...]


class _Kept(NamedTuple):
    """An event as every feed of a language has it; `text` is empty where there is none, and lacks its last line."""

    mark: Mark
    text: bytes = b""
    is_off: bool = False
    timezone: str = ""
    years: tuple[int, ...] = ()
    reminds_of: str = ""  # empty where a reminder would be of no use


def feed(
    meetings: Any,
    *,
    name: Text,
    timezone: str,
    language: str,
    hides_cancelled: bool = False,
    reminder: int | None = None,
) -> bytes:
    """The file of these meetings, in order of time. `meetings` is a query, narrowed to what its reader may see.

    `timezone` is told where there is no event; `reminder` is so many minutes before each that has hours.
    """
    marks = _marks(meetings)
    rows = [row for row in meetings.in_order().values_list("pk", "group_id") if row[0] in marks]
    shown = [one for one in _events(rows[-MOST:], marks, language) if one.text and not (hides_cancelled and one.is_off)]
    years: dict[str, set[int]] = {}
    for one in shown:
        if one.years:
            years.setdefault(one.timezone, set()).update(one.years)
    events = (one.text + (_reminder(one, reminder) if reminder is not None else b"") + END_OF_EVENT for one in shown)
    return whole(name.in_language(language), years if shown else empty(timezone), events)


def _reminder(event: _Kept, minutes: int) -> bytes:
    if not event.reminds_of:
        return b""
    return text_of(
        [
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{event.reminds_of}",
            f"TRIGGER:-PT{minutes}M",
            "END:VALARM",
        ]
    )


def _marks(meetings: Any) -> dict[UUID, Mark]:
    """Of each meeting a mark that is another one as soon as anything is that its event tells.

    History rows are numbered and never taken away. Of the topics, those that come or change have a new row, and where
    one only leaves there is one less. Rooms, cities and groups are few and seldom renamed: they count all together.
    """
    ids = meetings.order_by().values("pk")
    names = [model.history.aggregate(latest=Max("history_id"))["latest"] for model in (Room, City, WorkingGroup)]
    own = Meeting.history.filter(id__in=ids).order_by().values_list("id").annotate(Max("history_id"))
    ever = Topic.history.filter(meeting_id__in=ids).order_by().values_list("meeting_id").annotate(Max("history_id"))
    now = Topic.objects.filter(meeting_id__in=ids).order_by().values_list("meeting_id").annotate(Count("pk"))
    latest, count = dict(ever), dict(now)
    return {pk: (mark, latest.get(pk), count.get(pk), *names) for pk, mark in own}


def _events(rows: list[tuple[UUID, UUID]], marks: dict[UUID, Mark], language: str) -> Iterator[_Kept]:
    """The events of these meetings, in their order: from the cache, or made and put there."""
    missing: dict[UUID, list[UUID]] = defaultdict(list)
    known: dict[UUID, dict[UUID, _Kept]] = {}
    for pk, group in rows:
        if group not in known:
            known[group] = cache.get(_key(group, language), {})
        event = known[group].get(pk)
        if event is None or event.mark != marks[pk]:
            missing[group].append(pk)
    for group, keys in missing.items():
        for place in range(0, len(keys), _AT_ONCE):
            known[group] |= _made(keys[place : place + _AT_ONCE], marks, language)
        cache.set(_key(group, language), known[group], timeout=None)
    return (known[group][pk] for pk, group in rows)


def _key(group: UUID, language: str) -> str:
    return f"events-{group}-{language}"


def _made(keys: Collection[UUID], marks: dict[UUID, Mark], language: str) -> dict[UUID, _Kept]:
    """Made from what is so after the marks were read: a mark may be older than its text, and never newer."""
    topics = Prefetch("topics", Topic.objects.standing().order_by("position", "id"))
    meetings = list(Meeting.objects.filter(pk__in=keys).with_places().prefetch_related(topics))
    steps = steps_of(meetings)
    name_places(versions_in(steps))
    events = {one.pk: Event.of(one, steps.get(one.pk, [])) for one in meetings}
    stamped = stamps(meetings, told={pk: event.told for pk, event in events.items() if event})
    with override(language):
        return {
            pk: _kept(event, marks[pk], stamped[pk], language) if event else _Kept(marks[pk])
            for pk, event in events.items()
        }


def _kept(event: Event, mark: Mark, stamp: Any, language: str) -> _Kept:
    meeting = event.meeting
    group: Any = meeting.group
    url = settings.ORIGIN + meeting.get_absolute_url()
    reminds = event.has_hours and not event.is_off
    return _Kept(
        mark,
        text=text_of(event_lines(group, event, stamp, url, language)),
        is_off=event.is_off,
        timezone=event.at.timezone,
        years=tuple(sorted(event.years)),
        reminds_of=escaped(summary(group, event, language)) if reminds else "",
    )
