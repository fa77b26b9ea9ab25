"""What reading pages show of an instant: rows as they were, with their relations of that instant.

Everything is read table by table from history and attached to the rows, so that the templates of now render them; no
live relation is followed. Who may see what is asked of today, with the roles and groups of today: what has been closed
to a reader since stays closed.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from documents.models import Document, Edition, MeetingDocument, Release, Revision, TopicDocument
from documents.reading.asof import instant_for, query_for
from mandates.models import RegisteredOrgan, RegisteredSymbol, Resolution, WorkingGroup
from mandates.permissions import groups_edited_by, groups_of, is_administrator
from mandates.symbols import REGISTERED
from meetings.models import Meeting, MeetingBasis, Topic, TopicMandate
from mispa.ground.models import Tracked, as_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User


class NotThere(Http404):
    """What the address names had not been entered at the instant, or was withdrawn."""

    def __init__(self) -> None:
        super().__init__(_("This was not there at that time: it had not been entered yet, or it was withdrawn."))


class Past:
    """The tables at an instant, before a reader who may see history."""

    def __init__(self, user: "User | AnonymousUser", at: datetime) -> None:
        self.user, self.at, self.query = user, at, query_for(at)

    # ---- rows and their relations

    def rows(self, model: type[Tracked], **filters: Any) -> list[Any]:
        """Standing rows by position; `filters` name columns of the model itself."""
        found = as_of(model, self.at, is_withdrawn=False, **filters)
        return sorted(found, key=lambda row: (getattr(row, "position", 0), row.pk))

    def one(self, model: type[Tracked], **filters: Any) -> Any:
        found = self.rows(model, **filters)
        if not found:
            raise NotThere
        return found[0]

    def attach(self, rows: Iterable[Any], name: str) -> list[Any]:
        """Give each row what its relation pointed to, withdrawn or not; returns all that was pointed to."""
        pointing = [row for row in rows if getattr(row, f"{name}_id") is not None]
        if not pointing:
            return []
        model = pointing[0]._meta.get_field(name).related_model
        ids = {getattr(row, f"{name}_id") for row in pointing}
        found = {thing.pk: thing for thing in as_of(model, self.at, id__in=ids)}
        for row in pointing:
            setattr(row, name, found[getattr(row, f"{name}_id")])
        return list(found.values())

    @staticmethod
    def prefetch(owners: Iterable[Tracked], name: str, rows: Iterable[Any], column: str) -> None:
        """Give each owner the rows that point to it, where `owner.name.all()` finds them."""
        theirs: dict[UUID, list[Any]] = {}
        for row in rows:
            theirs.setdefault(getattr(row, f"{column}_id"), []).append(row)
        for owner in owners:
            owner.__dict__.setdefault("_prefetched_objects_cache", {})[name] = theirs.get(owner.pk, [])

    # ---- groups and their meetings

    def group(self, group: WorkingGroup) -> WorkingGroup:
        """A group with its names of then, and those of the bodies above it."""
        then: WorkingGroup = self.one(WorkingGroup, id=group.pk)
        self.attach(self.attach([then], "body"), "parent")
        return then

    @cached_property
    def _visible(self) -> set[UUID | None]:
        return {None, *WorkingGroup.objects.visible_to(self.user).values_list("pk", flat=True)}

    @cached_property
    def _edited(self) -> set[UUID]:
        return set(groups_edited_by(self.user).values_list("pk", flat=True))

    def meetings(self, **filters: Any) -> list[Meeting]:
        """Meetings with their places, in order of time, as `visible_to` would have had them."""
        found = [meeting for meeting in self.rows(Meeting, **filters) if self._is_seen(meeting)]
        self.with_places(found)
        return sorted(found, key=_by_time)

    def _is_seen(self, meeting: Meeting) -> bool:
        if meeting.is_withdrawn or meeting.group_id not in self._visible:
            return False
        return meeting.status != Meeting.Status.PROPOSED or meeting.group_id in self._edited

    def with_places(self, meetings: Sequence[Meeting]) -> None:
        """Give meetings their group, series and places with the names of then."""
        for name in ("group", "series", "city"):
            self.attach(meetings, name)
        self.attach(self.attach(meetings, "room"), "city")
        self.attach(self.attach(meetings, "prepares"), "series")

    def calendar(self, group: WorkingGroup) -> list[Meeting]:
        """The meetings of a group's calendar, with their topics."""
        meetings = self.meetings(group_id=group.pk)
        topics = self.rows(Topic, meeting_id__in=[meeting.pk for meeting in meetings])
        self.prefetch(meetings, "topics", topics, "meeting")
        return meetings

    def bases(self, **filters: Any) -> list[MeetingBasis]:
        """What meetings were based on, with both, as far as the reader may see the meetings."""
        bases = self.rows(MeetingBasis, **filters)
        self.attach(self.attach(bases, "resolution"), "symbol")
        self.with_places(self.attach(bases, "meeting"))
        return [basis for basis in bases if self._is_seen(basis.meeting)]

    def mandates_of(self, topics: Sequence[Topic]) -> list[TopicMandate]:
        return self.rows(TopicMandate, topic_id__in=[topic.pk for topic in topics])

    # ---- papers

    def papers_of(self, topics: Sequence[Topic]) -> list[TopicDocument]:
        """The papers of topics, each document with its revisions."""
        papers: list[TopicDocument] = self.rows(TopicDocument, topic_id__in=[topic.pk for topic in topics])
        seen = {document.pk for document in self._with_revisions(self._seen(self.attach(papers, "document")))}
        return [paper for paper in papers if paper.document_id in seen]

    def topics_of(self, document: Document) -> list[Topic]:
        """The topics on whose table a paper was, with their meetings, as far as the reader may see these."""
        papers: list[TopicDocument] = self.rows(TopicDocument, document_id=document.pk)
        topics = [topic for topic in self.attach(papers, "topic") if not topic.is_withdrawn]
        meetings = {one.pk: (place, one) for place, one in enumerate(self.meetings(id__in=_meetings_of(topics)))}
        seen = [topic for topic in topics if topic.meeting_id in meetings]
        for topic in seen:
            topic.meeting = meetings[topic.meeting_id][1]
        return sorted(seen, key=lambda topic: (meetings[topic.meeting_id][0], topic.position))

    def documents(self, **filters: Any) -> list[Document]:
        """Documents that the reader may see, with their revisions."""
        return self._with_revisions(self._seen(self.rows(Document, **filters)))

    def revisions(self, **filters: Any) -> list[Revision]:
        """Revisions by position with their symbols and documents, of documents that the reader may see."""
        revisions: list[Revision] = self.rows(Revision, **filters)
        self.attach(revisions, "symbol")
        seen = {document.pk for document in self._seen(self.attach(revisions, "document"))}
        return [
            one
            for one in revisions
            if one.document_id in seen and one.pk not in self._closed_editions and self._is_issued_to(one)
        ]

    def _is_issued_to(self, revision: Revision) -> bool:
        """What was not issued yet was for those who prepared it."""
        if revision.state == Revision.State.ISSUED or is_administrator(self.user):
            return True
        group = revision.document.group_id
        return group in self._edited if group else bool(self._edited)

    def _with_revisions(self, documents: list[Document]) -> list[Document]:
        revisions = self.revisions(document_id__in=[document.pk for document in documents])
        self.prefetch(documents, "revisions", revisions, "document")
        return documents

    def meetings_of(self, revision: Revision) -> list[MeetingDocument]:
        """What binds a revision to meetings that the reader may see, with the meetings."""
        papers: list[MeetingDocument] = self.rows(MeetingDocument, revision_id=revision.pk)
        self.with_places(self.attach(papers, "meeting"))
        return [paper for paper in papers if self._is_seen(paper.meeting)]

    def register(self, group: WorkingGroup) -> list[Document]:
        """The papers of a group and those that its process cites, each revision with the meetings that cite it."""
        meetings = {one.pk: one for one in (*self.meetings(group_id=group.pk), *self._process(group))}
        cited = self.rows(MeetingDocument, meeting_id__in=list(meetings))
        for paper in cited:
            paper.meeting = meetings[paper.meeting_id]
        named = self.rows(Revision, id__in=[paper.revision_id for paper in cited])
        own = self.documents(group_id=group.pk)
        documents = {one.pk: one for one in (*self.documents(id__in=[one.document_id for one in named]), *own)}
        revisions = [one for document in documents.values() for one in document.revisions.all()]
        self.prefetch(revisions, "meetings", cited, "revision")
        return sorted(documents.values(), key=lambda one: (one.base is not None, one.base or "", one.pk))

    def _process(self, group: WorkingGroup) -> list[Meeting]:
        """The ministerial meeting that a group prepared then, those before it, and what prepared them."""
        own = as_of(Meeting, self.at, group_id=group.pk)
        reached = {meeting.series_id: meeting.ordinal for meeting in own if meeting.series_id}
        series = self.meetings(series_id__in=list(reached))
        counts = {one.pk: (one.prepares or one).ordinal for one in series}
        return [one for one in series if (counts[one.pk] or 0) <= (reached[one.series_id] or 0)]

    def process(self, group: WorkingGroup) -> list[Meeting]:
        """The ministerial meetings of that process with all that belongs to them, in order."""
        meetings = self._process(group)
        papers: list[MeetingDocument] = self.rows(MeetingDocument, meeting_id__in=[one.pk for one in meetings])
        revisions = {one.pk: one for one in self.revisions(id__in=[paper.revision_id for paper in papers])}
        seen = [paper for paper in papers if paper.revision_id in revisions]
        for paper in seen:
            paper.revision = revisions[paper.revision_id]
        ministerials = [one for one in meetings if one.kind == Meeting.Kind.MINISTERIAL]
        before = [one for one in meetings if one.kind == Meeting.Kind.PREPARATORY]
        self.prefetch(meetings, "papers", seen, "meeting")
        self.prefetch(ministerials, "bases", self.bases(meeting_id__in=[one.pk for one in ministerials]), "meeting")
        self.prefetch(ministerials, "preparatory_meetings", before, "prepares")
        return sorted(ministerials, key=lambda one: one.ordinal or 0)

    def _seen(self, documents: Iterable[Document]) -> list[Document]:
        """As `Document.objects.visible_to` would have had them; of other groups those that are still open today."""
        standing = [document for document in documents if not document.is_withdrawn]
        if is_administrator(self.user):
            return standing
        own = {None, *groups_of(self.user)}
        others = [document.pk for document in standing if document.group_id not in own]
        still = set(Document.objects.visible_to(self.user).filter(pk__in=others).values_list("pk", flat=True))
        states = [(one.document_id, one.state) for one in self.rows(Revision, document_id__in=list(still))]
        issued = {document for document, state in states if state == Revision.State.ISSUED}
        still -= {document for document, _state in states} - issued
        return [one for one in standing if one.group_id in own or (one.is_public and one.pk in still)]

    @cached_property
    def _closed_editions(self) -> set[UUID]:
        """Revisions that are editions which the reader could not open: those of other groups, before their release."""
        if is_administrator(self.user):
            return set()
        opened = Release.objects.filter(change_set__at__lte=self.at).values("edition_id")
        readable = Edition.objects.visible_to(self.user).filter(pk__in=opened)
        others = Edition.objects.exclude(plan__group__in=self._edited)
        return set(others.exclude(pk__in=readable.values("pk")).values_list("revision_id", flat=True))

    # ---- symbols, and what has them

    def organs(self) -> frozenset[str]:
        """What symbols could begin with (rule N9)."""
        return REGISTERED | {organ.name for organ in self.rows(RegisteredOrgan)}

    def links(self, canonical: Iterable[str]) -> dict[str, str]:
        """Canonical symbol → address at this instant, for those that led to something this reader may see."""
        symbols = {symbol.pk: symbol for symbol in as_of(RegisteredSymbol, self.at, canonical__in=list(canonical))}
        found = {
            str(revision.symbol): reverse("documents:document-detail", args=[revision.symbol.slug])
            for revision in self.revisions(symbol_id__in=list(symbols))
        }
        for resolution in self.rows(Resolution, symbol_id__in=list(symbols)):
            symbol = symbols[resolution.symbol_id]
            found[symbol.canonical] = reverse("documents:resolution-detail", args=[symbol.slug])
        return {symbol: address + self.query for symbol, address in found.items()}


def past_asked_for(request: HttpRequest, group: WorkingGroup | None) -> Past | None:
    """The past that the address asks for, if this reader may; None where it asks for the page of now."""
    at = instant_for(request, group)
    return Past(request.user, at) if at else None


def _meetings_of(topics: Iterable[Topic]) -> list[UUID]:
    return [topic.meeting_id for topic in topics]


def _by_time(meeting: Meeting) -> tuple[Any, ...]:
    """As `Meeting.objects.in_order` sorts: by first day and hour, those without a day last."""
    has_hour, hour = meeting.starts_at is not None, meeting.starts_at or time.min
    day = meeting.starts_on if meeting.has_day and meeting.starts_on else date.max
    return (day, has_hour, hour, meeting.number or 0, meeting.pk)
