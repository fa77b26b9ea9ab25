"""The search itself: one query over all that a reader may see, put in order, and a page of it ready to be shown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language

from documents.models import Contribution, Revision, SearchEntry
from documents.searching.reader import Reader
from documents.searching.sources import KINDS, LONGEST, rests_of, seen_by
from documents.searching.tables import matching, near
from documents.searching.words import Piece, Query, excerpt, words_of
from mandates.models import Mandate, Resolution, WorkingGroup
from meetings.models import Meeting, Topic

LOOKED_AT: Final = (
    1000  # wordings that are compared with each other, the latest entered: it bounds the time of a search
)
ON_A_PAGE: Final = 20
_NEAR: Final = 10
_TITLE: Final = 320  # letters
_COMPARED: Final = ("id", "kind", "thing", "language", "symbol", "title_words")
_ORDER: Final = {name: place for place, name in enumerate(KINDS)}


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """What is asked beside the words; empty where it does not matter. A status is a kind and one of its states."""

    kind: str = ""
    group: str = ""
    year: int | None = None
    language: str = ""
    status: str = ""

    def of(self, entries: QuerySet[Any]) -> QuerySet[Any]:
        asked = {"kind": self.kind, "group__slug": self.group, "year": self.year, "language": self.language}
        entries = entries.filter(**{name: value for name, value in asked.items() if value})
        kind, _colon, state = self.status.partition(":")
        stands = KINDS[kind].stands if kind else None
        return entries.filter(stands(state), kind=kind) if stands else entries


@dataclass(frozen=True)
class Hit:
    """One thing that was found, with the wording that has the words. `thing` is the object, or the state of a paper."""

    kind: str
    label: Any
    thing: Any
    url: str
    group: WorkingGroup | None
    symbol: str
    title: Sequence[Piece]
    title_language: str
    excerpt: Sequence[Piece]
    excerpt_language: str


@dataclass(frozen=True)
class Found:
    """A page of what was found, the best first. `number` counts all; `is_more`: there are more than were compared.

    `is_near`: nothing has the words, and these have words like them.
    """

    hits: Sequence[Hit]
    page: Page
    number: int
    is_more: bool = False
    is_near: bool = False


def search(reader: Reader, query: Query, narrowing: Narrowing | None = None, page: str | int | None = 1) -> Found:
    """What a reader finds; `query` has at least one word.

    The order is complete (ties by entry), so that pages follow each other without gaps as long as nothing is written.
    """
    entries = (narrowing or Narrowing()).of(SearchEntry.objects.filter(seen_by(reader)))
    rows = list(matching(entries, query).values_list(*_COMPARED)[:LOOKED_AT])
    if rows:
        best = _best(rows, query)
    else:
        best = _each_once((entry, thing) for entry, _kind, thing, *_rest in _near_rows(entries, query))[:_NEAR]
    shown = Paginator(best, ON_A_PAGE).get_page(page)
    hits = _hits(reader, query, list(shown.object_list))
    return Found(hits, shown, len(best), is_more=len(rows) == LOOKED_AT, is_near=not rows and bool(best))


def _best(rows: Iterable[tuple[Any, ...]], query: Query) -> list[int]:
    """The entry that stands for each thing: the symbol that was typed, then by the words of its title.

    Among equals kind goes first, then the language of the reader, then what was entered last.
    """
    language = _language()
    ranked = sorted(
        (
            -query.names(symbol),
            *(-one for one in query.score(words)),
            _ORDER[kind],
            its_language != language,
            -entry,
            thing,
        )
        for entry, kind, thing, its_language, symbol, words in rows
    )
    return _each_once((-rank[-2], rank[-1]) for rank in ranked)


def _near_rows(entries: QuerySet[Any], query: Query) -> list[Any]:
    return list(near(entries, query).values_list(*_COMPARED)[: _NEAR * 5])


def _each_once(found: Iterable[tuple[int, Any]]) -> list[int]:
    entries: dict[Any, int] = {}
    for entry, thing in found:
        entries.setdefault(thing, entry)
    return [*entries.values()]


def _language() -> str:
    return (get_language() or "")[:2]


# What is shown -----------------------------------------------------------

_LOADED: Final[Mapping[str, Callable[[], QuerySet[Any]]]] = {
    "resolution": lambda: Resolution.objects.select_related("symbol"),
    "mandate": Mandate.objects.all,
    "meeting": lambda: Meeting.objects.with_places(),
    "topic": lambda: Topic.objects.select_related("meeting__group"),
    "document": lambda: Revision.objects.select_related("symbol", "document"),
    "contribution": lambda: Contribution.objects.select_related("delegation"),
}


def _hits(reader: Reader, query: Query, ids: Sequence[int]) -> list[Hit]:
    """In as many queries as there are kinds on the page, and three."""
    found = SearchEntry.objects.in_bulk(ids)
    entries = [found[one] for one in ids if one in found]
    wordings: dict[tuple[Any, ...], dict[str, SearchEntry]] = {}
    for one in SearchEntry.objects.filter(part__in={entry.part for entry in entries}):
        wordings.setdefault(_state(one), {})[one.language] = one
    things: dict[str, Mapping[Any, Any]] = {}
    for kind in {entry.kind for entry in entries}:
        things[kind] = _LOADED[kind]().in_bulk([entry.part for entry in entries if entry.kind == kind])
    homeless = [meeting for meeting in things.get("meeting", {}).values() if meeting.group_id is None]
    process = reader.process_groups(homeless) if homeless else {}
    hits = []
    for entry in entries:
        thing = things[entry.kind].get(entry.part)
        if thing is not None:
            hits.append(_hit(reader, query, entry, wordings.get(_state(entry), {}), thing, process))
    return hits


def _state(entry: SearchEntry) -> tuple[Any, ...]:
    return entry.kind, entry.part, entry.edition


def _hit(
    reader: Reader,
    query: Query,
    entry: SearchEntry,
    wordings: Mapping[str, SearchEntry],
    thing: Any,
    process: Mapping[Any, WorkingGroup],
) -> Hit:
    """Its title in the reader's language, where there is one, and what was found if that is something else."""
    titled = [wordings.get(_language()), entry, *wordings.values()]
    shown = next((one for one in titled if one and one.title), entry)
    text, language = "", entry.language
    if entry.language != shown.language and _has(entry.title, query):
        text = entry.title
    elif _has(entry.text, query):
        text = entry.text
    elif len(entry.text) == LONGEST:
        text = next((rest for rest in rests_of(entry) if _has(rest, query)), "")
    group = reader.groups.get(entry.group_id) or process.get(thing.pk)
    return Hit(
        kind=entry.kind,
        label=KINDS[entry.kind].label,
        thing=thing,
        url=_url(thing, group),
        group=group,
        symbol=entry.symbol,
        title=excerpt(shown.title, query, _TITLE),
        title_language=shown.language,
        excerpt=excerpt(text, query) if text else [],
        excerpt_language=language,
    )


def _has(text: str, query: Query) -> bool:
    return any(word.is_met_by(there) for there in words_of(text) for word in query.words)


def _url(thing: Any, group: WorkingGroup | None) -> str:
    if isinstance(thing, Topic):
        return f"{thing.meeting.get_absolute_url()}#topic-{thing.pk}"
    if isinstance(thing, Meeting) and thing.group_id is None and group:
        return f"{reverse('documents:process', args=[group.slug])}#meeting-{thing.pk}"
    return str(thing.get_absolute_url())
