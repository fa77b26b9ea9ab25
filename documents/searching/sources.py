"""What can be found: for each kind its words, who may find it, and how it stands. A further kind is one more entry."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType
from typing import Any, Final

from django.db.models import Exists, F, Model, OuterRef, Prefetch, Q
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from documents.models import Contribution, Document, Edition, FileText, Revision, RevisionFile, SearchEntry
from documents.models.files import SEVERAL
from documents.searching.reader import Reader
from documents.searching.words import key_of, words_of
from mandates.models import Mandate, PlanRow, RegisteredSymbol, Resolution
from mandates.symbols import SymbolError, parse
from meetings.models import City, Meeting, Room, Series, Topic, leads_to
from mispa.ground.text import LANGUAGES, Text

LONGEST: Final = 100_000  # letters of a text that are kept with its entry, and out of which pieces are shown
# Bytes of the different words of a text that are indexed. PostgreSQL takes a megabyte of them, each twice, with places.
MOST_BYTES: Final = 250_000


class _ForEach(Exists):
    """Asked of each entry by itself, as far as the search walks; else PostgreSQL lists all that a reader may see."""

    template = "EXISTS(%(subquery)s OFFSET 0)"


@dataclass(frozen=True)
class Source:
    """Where entries of a kind come from. `entries` makes those of some things, all at once.

    `touched` says which of its things are written anew when an object of another model is saved: the ways to it.
    `column` is where an entry has the id of the thing.
    """

    kind: str
    model: type[Model]
    entries: Callable[[Collection[Any], Set[str]], Iterator[SearchEntry]]
    touched: Mapping[type[Model], Sequence[str]]
    column: str = "thing"
    order: Sequence[Any] = ("pk",)  # in which all are entered: the latest last
    at_once: int = 500  # things whose entries are held in memory

    def touched_by(self, model: type[Model], ids: Collection[Any]) -> set[Any]:
        found = set(ids) if model is self.model else set()
        for way in self.touched.get(model, ()):
            found |= set(self.model._base_manager.filter(**{f"{way}__in": ids}).values_list("pk", flat=True))
        return found

    def indexed(self, ids: Collection[Any]) -> Any:
        """The entries that are there."""
        found = SearchEntry.objects.filter(**{f"{self.column}__in": ids, "kind": self.kind})
        return found if self.column == "edition" else found.filter(edition=0)


@dataclass(frozen=True)
class Kind:
    """What readers call one sort of things. `seen` is what the query asks of an entry, so that she may find it.

    `states` are the words for how a thing stands, `stands` the query for one of them.
    """

    label: Any
    seen: Callable[[Reader], Q]
    states: Mapping[str, Any] = field(default_factory=dict)
    stands: Callable[[str], Exists] | None = None


def _entries(
    titles: Sequence[Text | None],
    texts: Sequence[Text | None],
    organs: Set[str],
    *,
    words: Sequence[str] = (),
    files: Mapping[str, FileText] = MappingProxyType({}),
    **values: Any,
) -> Iterator[SearchEntry]:
    """One for each language, with the wordings that are there in it; its title may be empty.

    `words` are symbols and numbers, the same in every language; they count with the title. `files` are by language.
    """
    named = " ".join(words_of(" ".join(dict.fromkeys(words))))
    for language in LANGUAGES:
        title, text = (
            " · ".join(one.wordings[language] for one in some if one and language in one.wordings)[:LONGEST]
            for some in (titles, texts)
        )
        file = files.get(language)
        if title or text or file:
            yield SearchEntry(
                language=language,
                title=title,
                text=file.text[:LONGEST] if file else text,
                title_words=f"{named} {key_of(title, organs)}".strip(),
                text_words=file.words if file else key_of(text, organs),
                **values,
            )


def _symbol(symbol: RegisteredSymbol) -> str:
    return symbol.canonical or symbol.printed


def _spellings(symbol: RegisteredSymbol) -> list[str]:
    return [*dict.fromkeys(filter(None, (symbol.canonical, symbol.printed)))]


def _year(symbol: str | None, organs: Set[str]) -> int | None:
    try:
        return parse(symbol, organs).year if symbol else None
    except SymbolError:
        return None


# Resolutions and mandates ------------------------------------------------


def _resolutions(ids: Collection[Any], organs: Set[str]) -> Iterator[SearchEntry]:
    for one in Resolution.objects.standing().filter(pk__in=ids).select_related("symbol"):
        year = one.adopted_on.year if one.adopted_on else _year(one.symbol.canonical, organs)
        yield from _entries(
            [one.title],
            [one.effect],
            organs,
            words=_spellings(one.symbol),
            kind="resolution",
            thing=one.pk,
            part=one.pk,
            symbol=_symbol(one.symbol),
            year=year,
        )


def _resolutions_seen(reader: Reader) -> Q:
    return Q(_ForEach(Resolution.objects.visible_to(reader.user).standing().filter(pk=OuterRef("thing"))))


def _mandates(ids: Collection[Any], organs: Set[str]) -> Iterator[SearchEntry]:
    """Of the working texts."""
    mandates = Mandate.objects.standing().filter(pk__in=ids, row__is_withdrawn=False)
    for one in mandates.select_related("row__resolution__symbol", "row__plan"):
        symbol = one.row.resolution.symbol
        yield from _entries(
            [one.text],
            [one.deadline_words],
            organs,
            words=[*_spellings(symbol), one.row.symbol_as_printed],
            kind="mandate",
            thing=one.pk,
            part=one.pk,
            group_id=one.row.plan.group_id,
            symbol=_symbol(symbol),
            year=_year(symbol.canonical, organs),
        )


def _sealed_mandates(ids: Collection[Any], organs: Set[str]) -> Iterator[SearchEntry]:
    """Of editions, as they are sealed."""
    for edition in Edition.objects.filter(pk__in=ids).select_related("plan"):
        for row in edition.text.get("rows", ()):
            for mandate in row["mandates"]:
                deadline = mandate["deadline"]
                yield from _entries(
                    [Text.from_json(mandate["text"])],
                    [Text.from_json(deadline["words"])] if deadline else [],
                    organs,
                    words=[*filter(None, (row["symbol"], row["symbol_as_printed"]))],
                    kind="mandate",
                    thing=mandate["id"],
                    part=mandate["id"],
                    edition=edition.pk,
                    group_id=edition.plan.group_id,
                    symbol=row["symbol"] or row["symbol_as_printed"],
                    year=_year(row["symbol"], organs),
                )


def _mandates_seen(reader: Reader) -> Q:
    return Q(edition=0, group__in=reader.written) | Q(edition__in=reader.editions)


# Meetings and topics -----------------------------------------------------


def _meetings(ids: Collection[Any], organs: Set[str]) -> Iterator[SearchEntry]:
    for one in Meeting.objects.standing().filter(pk__in=ids).with_places():
        city = one.place_city
        where = [one.room and one.room.name, city and city.name, one.place_country]
        yield from _entries(
            [(one.kind != Meeting.Kind.SESSION and one.title) or _numbered(one)],
            [one.theme, one.further, one.notice, one.words, *where],
            organs,
            words=[one.short_title],
            kind="meeting",
            thing=one.pk,
            part=one.pk,
            group_id=one.group_id,
            year=one.starts_on.year if one.starts_on else None,
        )


def _numbered(meeting: Meeting) -> Text:
    """What a session of a group is called, in all languages."""
    named = {}
    for language in LANGUAGES:
        with override(language):
            named[language] = str(meeting)
    return Text.of(named.pop("en"), **named)


def _meetings_seen(reader: Reader) -> Q:
    """Those on the pages of a group: its own, and the process that leads to them."""
    seen = Meeting.objects.visible_to(reader.user)
    on_a_page = Q(group__isnull=False) | Q(leads_to([*reader.groups]))
    return Q(_ForEach(seen.filter(on_a_page, pk=OuterRef("thing"))))


def _topics(ids: Collection[Any], organs: Set[str]) -> Iterator[SearchEntry]:
    topics = Topic.objects.standing().filter(pk__in=ids, meeting__group__isnull=False).select_related("meeting")
    for one in topics:
        meeting = one.meeting
        yield from _entries(
            [one.text],
            [],
            organs,
            kind="topic",
            thing=one.pk,
            part=one.pk,
            group_id=meeting.group_id,
            year=meeting.starts_on.year if meeting.starts_on else None,
        )


def _topics_seen(reader: Reader) -> Q:
    meetings = Meeting.objects.visible_to(reader.user).filter(pk=OuterRef("meeting_id"))
    return Q(_ForEach(Topic.objects.standing().filter(Exists(meetings), pk=OuterRef("thing"))))


# Papers ------------------------------------------------------------------


def _papers(ids: Collection[Any], organs: Set[str]) -> Iterator[SearchEntry]:
    """One for each state, with the title that it was issued with, and with what stands in its files."""
    revisions = Revision.objects.standing().filter(document__in=ids, document__is_withdrawn=False)
    files = RevisionFile.objects.standing().filter(stored__its_text__isnull=False)
    with_files = revisions.prefetch_related(Prefetch("files", files.order_by("language", "kind", "id")))
    for one in with_files.select_related("symbol", "document").order_by("document", "position", "id"):
        paper, symbol, title = one.document, one.symbol, one.shown_title
        dated = one.dated or paper.registered_on
        yield from _entries(
            [title],
            [],
            organs,
            words=[*_spellings(symbol), paper.base or ""],
            files=_texts_of(one.files.all(), title.original, organs),
            kind="document",
            thing=paper.pk,
            part=one.pk,
            group_id=paper.group_id,
            symbol=_symbol(symbol),
            year=_year(symbol.canonical, organs) or (dated.year if dated else None),
        )


def _texts_of(files: Collection[RevisionFile], original: str, organs: Set[str]) -> dict[str, FileText]:
    """In each language that of one file: the others are the same text in another kind."""
    chosen: dict[str, int] = {}
    for one in files:
        chosen.setdefault(original if one.language == SEVERAL else one.language, one.stored_id)
    texts = FileText.objects.in_bulk(chosen.values()) if chosen else {}
    for text in texts.values():
        if not text.words:
            text.words = _words_of_file(text.text, organs)
            text.save(update_fields=["words"])
    return {language: texts[stored] for language, stored in chosen.items()}


def _words_of_file(text: str, organs: Set[str]) -> str:
    """Each word once: a long text costs no more than its vocabulary. Symbols are looked for where pieces are shown."""
    every = [*key_of(text[:LONGEST], organs).split(), *words_of(text[LONGEST:])]
    return " ".join(dict.fromkeys(every)).encode()[:MOST_BYTES].decode(errors="ignore")


def rests_of(entry: SearchEntry) -> Iterator[str]:
    """What stands in long files of a state of a paper behind what its entry keeps."""
    rows = RevisionFile.objects.standing().filter(revision=entry.part, language__in=[entry.language, SEVERAL])
    texts = FileText.objects.filter(stored__in=rows.values("stored"))
    yield from texts.annotate(rest=Substr("text", LONGEST + 1)).order_by("pk").values_list("rest", flat=True)


def _papers_seen(reader: Reader) -> Q:
    return Q(_ForEach(Revision.objects.visible_to(reader.user).filter(pk=OuterRef("part"))))


# Contributions -----------------------------------------------------------


def _contributions(ids: Collection[Any], organs: Set[str]) -> Iterator[SearchEntry]:
    """Of the compilations: what is not accepted is on no list, whoever wrote it."""
    for one in Contribution.objects.accepted().filter(pk__in=ids).select_related("delegation"):
        yield from _entries(
            [Text.of(one.title, one.language)],
            [Text.of(one.text, one.language)] if one.text else [],
            organs,
            kind="contribution",
            thing=one.pk,
            part=one.pk,
            group_id=one.delegation.group_id,
            year=one.accepted_at.year,
        )


def _contributions_seen(reader: Reader) -> Q:
    return Q(_ForEach(Contribution.objects.visible_to(reader.user).accepted().filter(pk=OuterRef("thing"))))


# All of it ---------------------------------------------------------------


def _stands(model: type[Model], column: str, entry: str = "thing") -> Callable[[str], Exists]:
    return lambda state: _ForEach(model._base_manager.filter(**{"pk": OuterRef(entry), column: state}))


_MEETING_STATES: Final = dict(Meeting.Status.choices)
KINDS: Final = {
    "resolution": Kind(_("resolution"), _resolutions_seen),
    "document": Kind(_("paper"), _papers_seen, dict(Revision.State.choices), _stands(Revision, "state", "part")),
    "meeting": Kind(_("meeting"), _meetings_seen, _MEETING_STATES, _stands(Meeting, "status")),
    "topic": Kind(_("topic"), _topics_seen, _MEETING_STATES, _stands(Topic, "meeting__status")),
    "mandate": Kind(_("mandate"), _mandates_seen, dict(Mandate.Progress.choices), _stands(Mandate, "progress")),
    "contribution": Kind(_("contribution"), _contributions_seen),
}

SOURCES: Final = (
    Source("resolution", Resolution, _resolutions, {RegisteredSymbol: ["symbol"]}, order=("symbol__canonical", "pk")),
    Source(
        "mandate",
        Mandate,
        _mandates,
        {
            PlanRow: ["row"],
            Resolution: ["row__resolution"],
            RegisteredSymbol: ["row__resolution__symbol"],
        },
        order=("row__position", "position", "pk"),
    ),
    Source("mandate", Edition, _sealed_mandates, {}, column="edition"),
    Source(
        "meeting",
        Meeting,
        _meetings,
        {Room: ["room"], City: ["city", "room__city"], Series: ["series"]},
        order=(F("starts_on").asc(nulls_first=True), "number", "pk"),
    ),
    Source(
        "topic",
        Topic,
        _topics,
        {Meeting: ["meeting"]},
        order=(F("meeting__starts_on").asc(nulls_first=True), "position", "pk"),
    ),
    Source(
        "document",
        Document,
        _papers,
        {Revision: ["revisions"], RegisteredSymbol: ["revisions__symbol"], RevisionFile: ["revisions__files"]},
        order=("base", "pk"),
        at_once=50,
    ),
    Source("contribution", Contribution, _contributions, {}, order=(F("accepted_at").asc(nulls_first=True), "pk")),
)
TOUCHING: Final = frozenset(chain.from_iterable((source.model, *source.touched) for source in SOURCES))


def seen_by(reader: Reader) -> Q:
    """What the query asks of every entry: nothing of another kind, and of each kind what she may see."""
    found = Q(pk__in=[])
    for name, kind in KINDS.items():
        found |= Q(kind=name) & kind.seen(reader)
    return found
