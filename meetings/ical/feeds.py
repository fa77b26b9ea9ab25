"""Feeds: what a person may see of the calendars of groups, as it stands now.

The text of an event is kept in the cache of the process, by group and language: it is the same in every feed. Beside it
stands a mark of everything that it was made from, and beside all of a group the change at which they were last held
against their marks. Who asks, what she may see and how she narrows it is asked each time.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Max, TextField
from django.db.models.functions import Cast
from django.utils.translation import override

from mandates.models import WorkingGroup
from meetings.ical.events import Event, event_lines, summary
from meetings.ical.files import END_OF_EVENT, empty, text_of, whole
from meetings.ical.lines import escaped
from meetings.ical.stamps import Stamp, names_on, own_stamps, with_names
from meetings.life import name_places, steps_of, versions_in
from meetings.models import City, Meeting, Room, Topic
from mispa.ground.openings import latest_change
from mispa.ground.text import Text, search_key

MOST: Final = 10_000  # events in one file, the latest; some ten million letters
_AT_ONCE: Final = 1_000  # meetings of which events are made together

Mark = tuple[int | None, ...]


class Kept(NamedTuple):
    """An event as every feed of a language has it; `text` is empty where there is none, and lacks its last line."""

    mark: Mark
    names: tuple[UUID, ...]  # of the group, and of the rooms and cities that it prints
    topics: str  # for finding words in them
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
    words: str = "",
    hides_cancelled: bool = False,
    reminder: int | None = None,
) -> bytes:
    """The file of these meetings of groups, in order of time. `meetings` is a query of what its reader may see.

    `timezone` is told where there is no event; `words` (a `search_key`) stand in a topic of each meeting; `reminder` is
    so many minutes before each that has hours.
    """
    found = [one for one in events_of(meetings, language) if words in one.topics]
    shown = [one for one in found if not (hides_cancelled and one.is_off)]
    events = (one.text + (_reminder(one, reminder) if reminder is not None else b"") + END_OF_EVENT for one in shown)
    return whole(name.in_language(language), years_of(shown) if shown else empty(timezone), events)


def events_of(meetings: Any, language: str) -> list[Kept]:
    """Of these meetings of groups, those that are events, as they stand now, in order of time."""
    change = latest_change()
    keyed = meetings.in_order().annotate(key=Cast("pk", TextField()), calendar=Cast("group_id", TextField()))
    rows = list(keyed.values_list("key", "calendar"))[-MOST:]
    return [one for one in _events(rows, change, language) if one.text]


def years_of(events: Iterable[Kept]) -> dict[str, set[int]]:
    """By zone, the years for which a file of them must tell it."""
    years: dict[str, set[int]] = {}
    for one in events:
        if one.years:
            years.setdefault(one.timezone, set()).update(one.years)
    return years


def _reminder(event: Kept, minutes: int) -> bytes:
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


# ---- from the cache, or made


def _events(rows: Collection[tuple[str, str]], change: int, language: str) -> Iterator[Kept]:
    """The events of these meetings, in their order, as they are at this change or a later one.

    What is kept was right at a change, so that it is at the same one. After another one each is held against its mark.
    """
    groups = {calendar: f"events-{calendar}-{language}" for _key, calendar in rows}
    cached = cache.get_many(groups.values())
    known = {calendar: cached[name][1] if name in cached else {} for calendar, name in groups.items()}
    stale = {calendar for calendar, name in groups.items() if name not in cached or cached[name][0] != change}
    if any(known[calendar] for calendar in stale):
        marks, named = _marks(Meeting.objects.filter(group__in=list(map(UUID, stale)))), _names()
        for calendar in stale:
            known[calendar] = {
                key: one
                for key, one in known[calendar].items()
                if one.mark == _mark(marks.get(key, ()), one.names, named)
            }
    missing = [(key, calendar) for key, calendar in rows if key not in known[calendar]]
    for place in range(0, len(missing), _AT_ONCE):
        part = missing[place : place + _AT_ONCE]
        made = _made([key for key, _calendar in part], language)
        for key, calendar in part:
            known[calendar][key] = made[key]
    for calendar in stale | {calendar for _key, calendar in missing}:
        cache.set(groups[calendar], (change, known[calendar]), timeout=None)
    return (known[calendar][key] for key, calendar in rows)


def _marks(meetings: Any) -> dict[str, Mark]:
    """Of each meeting a mark that is another one as soon as the meeting or one of its topics is.

    History rows are numbered and never taken away. Of the topics, those that come or change have a new row, and where
    one only leaves there is one less.
    """
    ids = meetings.order_by().values("pk")
    own = Meeting.history.filter(id__in=ids).values(key=Cast("id", TextField()))
    ever = Topic.history.filter(meeting_id__in=ids).values(key=Cast("meeting_id", TextField()))
    now = Topic.objects.filter(meeting_id__in=ids).values(key=Cast("meeting_id", TextField()))
    latest = dict(ever.order_by().annotate(of=Max("history_id")).values_list("key", "of"))
    count = dict(now.order_by().annotate(of=Count("pk")).values_list("key", "of"))
    rows = own.order_by().annotate(of=Max("history_id")).values_list("key", "of")
    return {key: (row, latest.get(key), count.get(key)) for key, row in rows}


def _names() -> dict[UUID, int]:
    """Of each room, city and group its latest row of history: they are few."""
    found: dict[UUID, int] = {}
    for model in (Room, City, WorkingGroup):
        found.update(model.history.order_by().values_list("id").annotate(Max("history_id")))
    return found


def _mark(mark: Mark, names: Iterable[UUID], named: dict[UUID, int]) -> Mark:
    return (*mark, *(named.get(one) for one in names))


def _made(keys: Collection[str], language: str) -> dict[str, Kept]:
    """Made from what is so after the marks were read: a mark may be older than its text, and never newer."""
    ids = {UUID(key): key for key in keys}
    marks, named = _marks(Meeting.objects.filter(pk__in=ids)), _names()
    # Not `with_places()`: thousands of meetings are in a few rooms, and each is read once.
    meetings = list(Meeting.objects.filter(pk__in=ids).order_by().prefetch_related("group"))
    own, agendas = own_stamps(ids), _agendas(ids)
    steps = steps_of([one for one in meetings if own[one.pk].sequence])  # of the others there is nothing to tell
    name_places([*meetings, *versions_in(steps)])
    events = {one.pk: Event.of(one, steps.get(one.pk, []), agendas.get(one.pk, [])) for one in meetings}
    stamped = with_names(own, meetings, told={pk: event.told for pk, event in events.items() if event})
    found, page_of = {}, _pages(meetings)
    same: dict[frozenset[UUID], tuple[UUID, ...]] = {}  # kept once for all that print them
    with override(language):
        for meeting in meetings:
            key, event = ids[meeting.pk], events[meeting.pk]
            told = event.told if event else []
            printed = frozenset(names_on(meeting).union(*map(names_on, told)))
            names = same.setdefault(printed, tuple(printed))
            kept = Kept(_mark(marks[key], names, named), names, _for_finding(agendas.get(meeting.pk, [])))
            found[key] = _told(kept, event, stamped[meeting.pk], page_of(meeting), language) if event else kept
    return found


def _agendas(meetings: Collection[UUID]) -> dict[UUID, list[Text]]:
    """Wordings alone: topics as objects take longer to make than all the rest of an event."""
    topics = Topic.objects.standing().filter(meeting__in=meetings).order_by("position", "id")
    agendas: dict[UUID, list[Text]] = {}
    for meeting, text in topics.values_list("meeting_id", "text"):
        agendas.setdefault(meeting, []).append(text)
    return agendas


def _for_finding(agenda: Iterable[Text]) -> str:
    """The topics in all their languages: a delegate looks for what she remembers."""
    return "\n".join(search_key(wording) for topic in agenda for _language, wording in topic)


def _pages(meetings: Iterable[Meeting]) -> Callable[[Meeting], str]:
    """The address of each one's page. Those of a group differ in the number alone: one of them is looked up."""
    first = {meeting.group_id: meeting for meeting in meetings}
    before = {key: one.get_absolute_url().removesuffix(f"{one.number}/") for key, one in first.items()}
    return lambda meeting: f"{settings.ORIGIN}{before[meeting.group_id]}{meeting.number}/"


def _told(kept: Kept, event: Event, stamp: Stamp, url: str, language: str) -> Kept:
    group: Any = event.meeting.group
    title, is_off = summary(group, event, language), event.is_off
    return kept._replace(
        text=text_of(event_lines(event, stamp, title=title, url=url, language=language)),
        is_off=is_off,
        timezone=event.at.timezone,
        years=tuple(sorted(event.years)),
        reminds_of=escaped(title) if event.has_hours and not is_off else "",
    )
