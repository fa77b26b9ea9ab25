"""The one shape of everything printed: page, PDF and JSON of a plan all come from a snapshot.

`docs/plan-json.md` describes the shape. A snapshot is taken of the working text, now or as of an instant; it follows
no live relation, so that what was true at that instant is all it holds. Mandates, areas and every other printed thing
keep their ids in it. Meetings that are only proposed, postponed or cancelled are not in it: a text that may be released
prints as fixed what is convened or was held, and nothing else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max, Value

from documents.models import Document, MeetingDocument, Revision, TopicDocument
from mandates.models import (
    Assignment,
    Body,
    Mandate,
    Note,
    Paragraph,
    PlanRow,
    RegisteredOrgan,
    RegisteredSymbol,
    Resolution,
    ResponsibleArea,
    WorkingGroup,
    WorkPlan,
    registered_organs,
)
from mandates.prose import note_calls
from mandates.symbols import REGISTERED, find_all
from meetings.models import City, Meeting, MeetingBasis, Room, Topic, TopicMandate
from mispa.ground.models import Tracked, as_of
from mispa.ground.text import LANGUAGES, Text

SCHEMA = 1
PRINTED = {Meeting.Status.CONVENED, Meeting.Status.HELD}
SECTIONS = ("background", "mandate", "considerations")


@dataclass(frozen=True)
class Snapshot:
    """`text` is JSON only and is what a seal covers; `last_change_at` (UTC) is the youngest change-set in it."""

    text: dict[str, Any]
    last_change_at: datetime


def take(plan: WorkPlan, at: datetime | None = None, symbol: str | None = None, *, is_whole: bool = False) -> Snapshot:
    """The working text of a plan now, or as it was at an instant, in a constant number of queries.

    `symbol` is the canonical symbol of the revision that is being issued; a working text has none yet. `is_whole`
    brings what is not printed as well, for comparing with a file: meetings proposed or cancelled, notes not called.
    """
    tables = _Tables(at)
    return Snapshot(_Writer(plan, tables, symbol, is_whole).text(), tables.last_change_at())


class _Tables:
    """Rows of each table, live or as of an instant, and which ones were looked at."""

    def __init__(self, at: datetime | None) -> None:
        self.at = at
        self.seen: dict[type[Tracked], set[Any]] = {}

    def rows(self, model: type[Tracked], **filters: Any) -> list[Any]:
        """Standing rows in order of position; `filters` name own columns only."""
        found = list(model._default_manager.filter(**filters)) if self.at is None else as_of(model, self.at, **filters)
        self.seen.setdefault(model, set()).update(row.pk for row in found)
        standing = [row for row in found if not row.is_withdrawn]
        return sorted(standing, key=lambda row: (getattr(row, "position", 0), str(row.pk)))

    def by_id(self, model: type[Tracked], ids: Iterable[Any]) -> dict[Any, Any]:
        """Rows by id, withdrawn ones too: what a standing row names is printed."""
        wanted = {pk for pk in ids if pk}
        found = (
            list(model._default_manager.filter(id__in=wanted))
            if self.at is None
            else as_of(model, self.at, id__in=wanted)
        )
        self.seen.setdefault(model, set()).update(wanted)
        return {row.pk: row for row in found}

    def organs(self) -> frozenset[str]:
        """What symbols may begin with (rule N9); it is read in the text and not printed, so it is no change of it."""
        if self.at is None:
            return registered_organs()
        return REGISTERED | {organ.name for organ in as_of(RegisteredOrgan, self.at, is_withdrawn=False)}

    def shown(self, groups: Iterable[Any]) -> set[Any]:
        """Those of the groups that everybody may know of. Nothing of them is printed: it is no change of the text."""
        if self.at is None:
            shown = WorkingGroup.objects.standing().filter(is_public=True, id__in=groups)
            return set(shown.values_list("pk", flat=True))
        return {group.pk for group in as_of(WorkingGroup, self.at, is_public=True, is_withdrawn=False)} & set(groups)

    def unissued(self, documents: Iterable[Any]) -> tuple[set[Any], set[Any]]:
        """Those of which only working states stand, and all working states. Only a first issue changes the text."""
        where = {"document_id__in": list(documents), "is_withdrawn": False}
        found = list(Revision.objects.filter(**where)) if self.at is None else as_of(Revision, self.at, **where)
        first: dict[Any, Any] = {}
        for one in sorted(found, key=lambda one: (one.position, str(one.pk))):
            if one.state == Revision.State.ISSUED:
                first.setdefault(one.document_id, one.pk)
        self.seen.setdefault(Revision, set()).update(first.values())
        working = {one.pk for one in found if one.state != Revision.State.ISSUED}
        return {one.document_id for one in found} - set(first), working

    def last_change_at(self) -> datetime:
        latest = []
        for model, ids in self.seen.items():
            history = model.history.model.objects.filter(id__in=ids)
            if self.at is not None:
                history = history.filter(change_set__at__lte=self.at)
            grouped = history.order_by().annotate(all=Value(1)).values("all")
            latest.append(grouped.annotate(at=Max("change_set__at")).values_list("at", flat=True))
        youngest: datetime = max(at for at in latest[0].union(*latest[1:]) if at)
        return youngest


class _Writer:
    """Writes the text from the tables; each part is a method named like its key."""

    def __init__(self, plan: WorkPlan, tables: _Tables, symbol: str | None, is_whole: bool = False) -> None:
        self.tables, self.symbol, self.is_whole = tables, symbol, is_whole
        (self.plan,) = tables.rows(WorkPlan, id=plan.pk)
        self.group: WorkingGroup = tables.by_id(WorkingGroup, [plan.group_id])[plan.group_id]
        self.read_plan()
        self.read_meetings()
        self.read_documents()

    def read_plan(self) -> None:
        tables, plan = self.tables, self.plan.pk
        self.paragraphs = tables.rows(Paragraph, plan_id=plan)
        self.note_rows = {note.key: note for note in tables.rows(Note, plan_id=plan)}
        self.row_rows = tables.rows(PlanRow, plan_id=plan)
        self.mandates = tables.rows(Mandate, row_id__in=[row.pk for row in self.row_rows])
        beside_rows = tables.rows(Assignment, row_id__in=[row.pk for row in self.row_rows])
        beside_mandates = tables.rows(Assignment, mandate_id__in=[mandate.pk for mandate in self.mandates])
        self.assignments = beside_rows + beside_mandates
        named = {pk for one in self.assignments for pk in (one.area_id, one.unit_id)}
        self.areas = tables.by_id(ResponsibleArea, named)

    def read_meetings(self) -> None:
        tables = self.tables
        own = tables.rows(Meeting, group_id=self.group.pk)
        self.coming = [meeting for meeting in own if self.is_whole or meeting.status in PRINTED]
        self.past_ministerials = sorted(self.before(own), key=lambda one: one.ordinal or 0)
        prepared = [meeting.pk for meeting in (*own, *self.past_ministerials)]
        before = tables.rows(Meeting, kind=Meeting.Kind.PREPARATORY, prepares_id__in=prepared)
        self.preparatory = [meeting for meeting in before if self.is_fixed(meeting)]
        everything = self.coming + self.past_ministerials + self.preparatory
        ids = [meeting.pk for meeting in everything]
        self.topics = tables.rows(Topic, meeting_id__in=ids)
        self.topic_mandates = tables.rows(TopicMandate, topic_id__in=[topic.pk for topic in self.topics])
        self.bases = tables.rows(MeetingBasis, meeting_id__in=ids)
        self.rooms = tables.by_id(Room, (meeting.room_id for meeting in everything))
        self.cities = tables.by_id(City, (meeting.city_id for meeting in everything))

    def before(self, own: list[Meeting]) -> list[Meeting]:
        """The ministerial meetings before the one that the group prepares, as far as everybody may know of them."""
        reached = {meeting.series_id: meeting.ordinal for meeting in own if meeting.series_id}
        found = [
            meeting
            for series, ordinal in reached.items()
            for meeting in self.tables.rows(Meeting, series_id=series, ordinal__lt=ordinal)
            if self.is_fixed(meeting)
        ]
        prepared_by = {meeting.group_id for meeting in found if meeting.group_id}
        shown = self.tables.shown(prepared_by) if prepared_by else set()
        return [meeting for meeting in found if meeting.group_id is None or meeting.group_id in shown]

    def is_fixed(self, meeting: Meeting) -> bool:
        """Of the process: what takes place or took place, and for comparing with a file all that others know of."""
        return meeting.status in PRINTED or (self.is_whole and meeting.status != Meeting.Status.PROPOSED)

    def read_documents(self) -> None:
        tables = self.tables
        meetings = [meeting.pk for meeting in self.preparatory + self.past_ministerials + self.coming]
        papers = tables.rows(MeetingDocument, meeting_id__in=meetings)
        topic_papers = tables.rows(TopicDocument, topic_id__in=[topic.pk for topic in self.topics])
        self.revisions = tables.by_id(Revision, (paper.revision_id for paper in papers))
        documents = {revision.document_id for revision in self.revisions.values()}
        documents |= {paper.document_id for paper in topic_papers}
        self.documents = tables.by_id(Document, documents)
        # One text for all its readers: a paper that is not for everybody, or not issued yet, is not in it.
        own = {pk for pk, one in self.documents.items() if one.plan_id == self.plan.pk}
        unissued, working = tables.unissued(documents - own)
        printed = own | ({pk for pk, one in self.documents.items() if one.is_public} - unissued)
        self.papers = [
            paper
            for paper in papers
            if self.revisions[paper.revision_id].document_id in printed and paper.revision_id not in working
        ]
        self.topic_papers = [paper for paper in topic_papers if paper.document_id in printed]
        resolutions = {row.resolution_id for row in self.row_rows} | {basis.resolution_id for basis in self.bases}
        resolutions |= {mandate.refined_by_id for mandate in self.mandates}
        self.resolutions = tables.by_id(Resolution, resolutions)
        named = [item.symbol_id for item in (*self.resolutions.values(), *self.revisions.values())]
        self.symbols: dict[Any, RegisteredSymbol] = tables.by_id(RegisteredSymbol, named)

    # ---- the parts

    def text(self) -> dict[str, Any]:
        return {
            "group": self.group_part(),
            "plan": self.plan_part(),
            "narrative": self.narrative(),
            "notes": self.notes,
            "rows": [self.row(row) for row in self.row_rows],
            "meetings": [self.meeting(meeting) for meeting in sorted(self.coming, key=_by_time)],
            "process": [self.ministerial(meeting) for meeting in self.past_ministerials],
            "documents": [self.document(self.revisions[pk]) for pk in self.in_order_of_mention()],
        }

    def group_part(self) -> dict[str, Any]:
        body = self.tables.by_id(Body, [self.group.body_id])[self.group.body_id]
        above = self.tables.by_id(Body, [body.parent_id])
        bodies = [*above.values(), body]
        return {
            "id": str(self.group.pk),
            "slug": self.group.slug,
            "name": _json(self.group.name),
            "short_name": _json(self.group.short_name),
            "body": _json(body.name),
            "bodies": [_json(one.name) for one in bodies],
            "place": _json(self.group.place),
            "timezone": self.group.timezone,
        }

    def plan_part(self) -> dict[str, Any]:
        return {
            "id": str(self.plan.pk),
            "symbol": self.symbol,
            "title": _json(self.plan.title),
            "original_language": self.plan.original_language,
        }

    def narrative(self) -> dict[str, Any]:
        return {
            section: [{"id": str(one.pk), "text": _json(one.text)} for one in self.paragraphs if one.section == section]
            for section in SECTIONS
        }

    @cached_property
    def notes(self) -> list[dict[str, Any]]:
        """The notes in the order in which the text calls them, numbered from 1; uncalled ones are not printed."""
        meeting_of = {meeting.note_id: str(meeting.pk) for meeting in self.preparatory if meeting.note_id}
        called: dict[str, None] = {}
        for section in SECTIONS:
            for one in self.paragraphs:
                if one.section == section:
                    called.update(dict.fromkeys(note_calls(one.text.wordings[one.text.original])))
        if self.is_whole:
            called.update(dict.fromkeys(self.note_rows))
        organs = self.tables.organs()
        return [
            {
                "id": str(note.pk),
                "key": note.key,
                "number": number,
                "text": _json(note.text),
                "symbols": [
                    str(hit.symbol or hit.printed) for hit in find_all(note.text.wordings[note.text.original], organs)
                ],
                "meeting": meeting_of.get(note.pk),
            }
            for number, note in enumerate((self.note_rows[key] for key in called if key in self.note_rows), start=1)
        ]

    def row(self, row: PlanRow) -> dict[str, Any]:
        resolution = self.resolutions[row.resolution_id]
        return {
            "id": str(row.pk),
            "symbol": self.symbols[resolution.symbol_id].canonical,
            "symbol_as_printed": row.symbol_as_printed,
            "title": _json(row.title_as_printed),
            "resolution_title": _json(resolution.title),
            "areas": self.areas_beside(row_id=row.pk),
            "mandates": [self.mandate(mandate) for mandate in self.mandates if mandate.row_id == row.pk],
        }

    def mandate(self, mandate: Mandate) -> dict[str, Any]:
        return {
            "id": str(mandate.pk),
            "paragraph": mandate.paragraph or None,
            "text": _json(mandate.text),
            "areas": self.areas_beside(mandate_id=mandate.pk),
            "deadline": self.deadline(mandate),
        }

    def deadline(self, mandate: Mandate) -> dict[str, Any] | None:
        if mandate.deadline_words is None:
            return None
        refined = self.resolutions.get(mandate.refined_by_id)
        return {
            "words": _json(mandate.deadline_words),
            "earliest": _json(mandate.deadline_earliest),
            "latest": _json(mandate.deadline_latest),
            "refined_by": self.symbols[refined.symbol_id].canonical if refined else None,
            "refined_earliest": _json(mandate.refined_earliest),
            "refined_latest": _json(mandate.refined_latest),
        }

    def areas_beside(self, **place: Any) -> list[dict[str, Any]]:
        ((column, pk),) = place.items()
        return [
            {
                "id": str(one.area_id),
                "name": _json(self.areas[one.area_id].name),
                "unit": {"id": str(one.unit_id), "name": _json(self.areas[one.unit_id].name)} if one.unit_id else None,
            }
            for one in self.assignments
            if getattr(one, column) == pk
        ]

    def meeting(self, meeting: Meeting) -> dict[str, Any]:
        return {
            "id": str(meeting.pk),
            "number": meeting.number,
            "kind": meeting.kind,
            "title": _json(meeting.title),
            **self.when_and_where(meeting),
            "basis": self.basis(meeting),
            "topics": [self.topic(topic) for topic in self.topics if topic.meeting_id == meeting.pk],
        }

    def when_and_where(self, meeting: Meeting) -> dict[str, Any]:
        room = self.rooms.get(meeting.room_id)
        city = self.cities.get(meeting.city_id)  # the city of a room is known, but not printed
        country = city.country if city else meeting.country
        return {
            "starts": _moment(meeting.starts_on, meeting.starts_at),
            "ends": _moment(meeting.ends_on, meeting.ends_at),
            "all_day": meeting.precision == Meeting.Precision.ALL_DAY,
            "precision": meeting.precision,
            "words": _json(meeting.words),
            "timezone": meeting.timezone,
            **_fold(meeting),
            "room": {"id": str(room.pk), "name": _json(room.name)} if room else None,
            "city": {"id": str(city.pk), "name": _json(city.name)} if city else None,
            "country": _json(country),
        }

    def topic(self, topic: Topic) -> dict[str, Any]:
        papers = [self.documents[one.document_id] for one in self.topic_papers if one.topic_id == topic.pk]
        return {
            "id": str(topic.pk),
            "kind": topic.kind,
            "text": _json(topic.text),
            "mandates": [str(one.mandate_id) for one in self.topic_mandates if one.topic_id == topic.pk],
            "documents": [paper.base or str(paper.pk) for paper in papers],
        }

    def basis(self, meeting: Meeting) -> list[str | None]:
        named = [self.resolutions[one.resolution_id] for one in self.bases if one.meeting_id == meeting.pk]
        return [self.symbols[resolution.symbol_id].canonical for resolution in named]

    def ministerial(self, meeting: Meeting) -> dict[str, Any]:
        before = [one for one in self.preparatory if one.prepares_id == meeting.pk]
        return {
            "id": str(meeting.pk),
            "ordinal": meeting.ordinal,
            "title": _json(meeting.title),
            "theme": _json(meeting.theme),
            "further": _json(meeting.further),
            **self.when_and_where(meeting),
            "basis": self.basis(meeting),
            "outcomes": self.papers_of(meeting),
            "preparatory": [
                {
                    "id": str(one.pk),
                    "title": _json(one.title),
                    **self.when_and_where(one),
                    "note": str(one.note_id) if one.note_id else None,
                    "documents": self.papers_of(one),
                }
                for one in sorted(before, key=_by_note(self))
            ],
        }

    def papers_of(self, meeting: Meeting) -> list[dict[str, Any]]:
        named = [self.revisions[one.revision_id] for one in self.papers if one.meeting_id == meeting.pk]
        return [self.document(revision) for revision in named]

    def document(self, revision: Revision) -> dict[str, Any]:
        symbol = self.symbols[revision.symbol_id]
        return {
            "id": str(revision.document_id),
            "symbol": symbol.canonical,
            "as_printed": symbol.printed,
            "title": _json(self.documents[revision.document_id].title),
            "review": symbol.review or None,
        }

    def in_order_of_mention(self) -> list[Any]:
        by_note = sorted(self.preparatory, key=_by_note(self))
        meetings = [meeting.pk for meeting in (*self.past_ministerials, *by_note, *self.coming)]
        ordered = sorted(self.papers, key=lambda paper: (meetings.index(paper.meeting_id), paper.position))
        return list(dict.fromkeys(paper.revision_id for paper in ordered))


def _by_time(meeting: Meeting) -> tuple[Any, ...]:
    """By first day and hour; meetings without a day stand last."""
    return (meeting.starts_on or date.max, str(meeting.starts_at or ""), meeting.number or 0, str(meeting.pk))


def _by_note(writer: _Writer) -> Any:
    """Preparatory meetings stand in the order of their notes, which need not be that of time."""
    order = {note["id"]: note["number"] for note in writer.notes}
    return lambda meeting: (order.get(str(meeting.note_id), len(order) + 1), _by_time(meeting))


def _fold(meeting: Meeting) -> dict[str, Any]:
    """Where clocks go back over its hours, which of the two is meant; else nothing, so that texts of before stay."""
    folds = {"starts": meeting.starts_fold, "ends": meeting.ends_fold}
    return {"fold": folds} if any(fold is not None for fold in folds.values()) else {}


def wall_times(meeting: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """When a meeting with hours begins and ends, out of `objects`, by the clocks of its zone with their offsets."""
    zone, fold = ZoneInfo(meeting["timezone"]), meeting.get("fold") or {}
    starts, ends = (meeting[end].replace(tzinfo=zone, fold=fold.get(end) or 0) for end in ("starts", "ends"))
    return starts, ends


def _moment(day: date | None, hour: Any) -> str | None:
    if day is None:
        return None
    return f"{day.isoformat()}T{hour:%H:%M}" if hour else day.isoformat()


def _json(value: Any) -> Any:
    if isinstance(value, Text):
        return value.to_json()
    return value.isoformat() if isinstance(value, date) else value


# ---- reading


def symbols_in(text: Mapping[str, Any]) -> set[str]:
    """The canonical symbols that a text prints, in fields and in running text."""
    organs = registered_organs()
    found: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, str):
            for hit in find_all(value, organs):
                if hit.symbol:
                    found.update({str(hit.symbol), str(hit.symbol.base)})
        elif isinstance(value, Mapping):
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(text)
    return found


def complete_languages(text: Mapping[str, Any]) -> list[str]:
    """The languages in which every text of a snapshot has a wording that is up to date, the original always."""
    complete = set(LANGUAGES)

    def walk(value: Any) -> None:
        if isinstance(value, Mapping) and "original" in value:
            one = Text.from_json(value)
            complete.intersection_update(code for code, _ in one if not one.is_stale(code))
        elif isinstance(value, Mapping | list):
            for inner in value.values() if isinstance(value, Mapping) else value:
                walk(inner)

    walk(text)
    return sorted(complete | {text["plan"]["original_language"]})


_DAYS = {"earliest", "latest", "refined_earliest", "refined_latest"}


def objects(value: Any, key: str = "") -> Any:
    """A snapshot's JSON as templates want it: texts become `Text`, days `date`, wall times naive `datetime`."""
    if isinstance(value, dict):
        if "original" in value:
            return Text.from_json(value)
        return {inner: objects(part, inner) for inner, part in value.items()}
    if isinstance(value, list):
        return [objects(part) for part in value]
    if isinstance(value, str) and key in _DAYS:
        return date.fromisoformat(value)
    if isinstance(value, str) and key in {"starts", "ends"}:
        return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    return value
