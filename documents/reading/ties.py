"""What stands round the mandates of a group today: the meetings that treat them, papers, and how far each is.

Like the calendar these are live facts. Whose text has a mandate sees what is tied to it, as far as each meeting and
each paper is hers to see; nothing of it is in a sealed text.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, Q

from documents.models import (
    Adoption,
    Consideration,
    Document,
    Edition,
    MandateDocument,
    MeetingDocument,
    Revision,
    TopicDocument,
)
from mandates.models import Mandate, WorkingGroup
from meetings.models import Meeting, Topic, TopicMandate
from mispa.ground import dates
from mispa.ground.text import Text

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User


class Ties:
    """Read in a number of queries that does not depend on how much there is. Without a reader: all there is."""

    def __init__(self, group: WorkingGroup, user: "User | AnonymousUser | None" = None) -> None:
        self.group, self.user = group, user
        seen = Meeting.objects.visible_to(user) if user else Meeting.objects.standing()
        self.meetings: list[Meeting] = list(seen.in_calendar(group).with_places())
        self.meeting = {meeting.pk: meeting for meeting in self.meetings}
        of_group = Topic.objects.standing().filter(meeting__group=group).order_by("position", "id")
        self.topics: list[Topic] = [topic for topic in of_group if topic.meeting_id in self.meeting]
        for topic in self.topics:
            topic.meeting = self.meeting[topic.meeting_id]
        place = {meeting.pk: number for number, meeting in enumerate(self.meetings)}
        self.topics.sort(key=lambda topic: place[topic.meeting_id])
        self._read_mandates()
        self._read_papers()
        self._read_acts()

    def _read_mandates(self) -> None:
        # Withdrawn ones too: an older text that has them does not tell that they are.
        mandates = Mandate.objects.filter(row__plan__group=self.group)
        self.progress: dict[str, str] = {str(pk): how for pk, how in mandates.values_list("pk", "progress")}
        serves = TopicMandate.objects.standing().filter(topic__meeting__group=self.group)
        by_topic: dict[Any, list[str]] = defaultdict(list)
        for topic, mandate in serves.order_by("position", "id").values_list("topic_id", "mandate_id"):
            by_topic[topic].append(str(mandate))
        self.treated: dict[str, list[Topic]] = defaultdict(list)
        for one in self.topics:
            for served in by_topic[one.pk]:
                self.treated[served].append(one)

    def _read_papers(self) -> None:
        known = Document.objects.visible_to(self.user) if self.user else Document.objects.standing()
        revisions = Revision.objects.visible_to(self.user) if self.user else Revision.objects.standing()
        documents = known.prefetch_related(
            Prefetch("revisions", revisions.select_related("symbol", "edition").order_by("position", "id"))
        )
        of_topics = TopicDocument.objects.standing().filter(topic__meeting__group=self.group, document__in=known)
        of_mandates = MandateDocument.objects.standing().filter(mandate__row__plan__group=self.group)
        of_mandates = of_mandates.filter(document__in=known).order_by("position", "id")
        own = Q(group=self.group) | Q(topics__in=of_topics) | Q(mandates__in=of_mandates)
        # By id first: a paper that is named three times comes once.
        ids = Document.objects.filter(own).values("id")
        self.documents: dict[Any, Document] = {one.pk: one for one in documents.filter(id__in=ids)}
        self.papers_of_topic: dict[Any, list[Document]] = defaultdict(list)
        for topic, document in of_topics.order_by("position", "id").values_list("topic_id", "document_id"):
            self.papers_of_topic[topic].append(self.documents[document])
        self.papers_of_mandate: dict[str, list[MandateDocument]] = defaultdict(list)
        for paper in of_mandates:
            paper.document = self.documents[paper.document_id]
            self.papers_of_mandate[str(paper.mandate_id)].append(paper)

    def _read_acts(self) -> None:
        """Which state of a paper a meeting had before it: an edition that it considered or adopted, or a named one."""
        self.states: dict[tuple[Any, Any], Revision] = {}
        revision_of = {one.pk: one for document in self.documents.values() for one in document.revisions.all()}
        named = MeetingDocument.objects.standing().filter(meeting__group=self.group)
        self.cited: set[Any] = set()
        acts: Iterable[tuple[Any, Any]] = named.order_by("position", "id").values_list("meeting_id", "revision_id")
        editions = Edition.objects.visible_to(self.user) if self.user else Edition.objects.all()
        editions = editions.filter(plan__group=self.group)
        self.taken_up: set[Any] = set()  # editions that a meeting considered or adopted
        for model in (Consideration, Adoption):
            found = model.objects.filter(edition__in=editions).order_by("edition__number")
            for edition, meeting, revision in found.values_list("edition_id", "meeting_id", "edition__revision_id"):
                self.taken_up.add(edition)
                acts = [*acts, (meeting, revision)]
        for meeting, pk in acts:
            if found_one := revision_of.get(pk):
                self.states[meeting, found_one.document_id] = found_one
                self.cited.add(found_one.document_id)

    def state_at(self, meeting: Meeting, document: Document) -> Revision | None:
        """The state of a paper that a meeting had before it; where none is recorded, the latest there is."""
        return self.states.get((meeting.pk, document.pk)) or latest_of(document)

    def papers_around(self, mandate: str) -> bool:
        """Whether any paper is tied to a mandate: by itself, or on the table of a topic that treats it."""
        return bool(self.papers_of_mandate[mandate]) or any(
            self.papers_of_topic[topic.pk] for topic in self.live_topics(mandate)
        )

    def next_session(self, today: date) -> Meeting | None:
        """The next meeting of the Group itself, one without a day among them; `today` is a day of the group's zone."""
        for meeting in self.meetings:
            is_coming = not meeting.has_day or (meeting.starts_on is not None and meeting.starts_on >= today)
            if meeting.kind == Meeting.Kind.SESSION and is_coming and meeting.status != Meeting.Status.CANCELLED:
                return meeting
        return None

    def live_topics(self, mandate: str) -> list[Topic]:
        """The topics that treat a mandate at meetings that have not been cancelled."""
        return [one for one in self.treated[mandate] if one.meeting.status != Meeting.Status.CANCELLED]


def latest_of(document: Document) -> Revision | None:
    """In the order of editions, where they are any; the corrigendum of an old one is no later state."""

    def place(revision: Revision) -> tuple[int, int, int]:
        edition = getattr(revision, "edition", None)
        return (edition.number, edition.corrigendum, 0) if edition else (0, 0, revision.position)

    return max(document.revisions.all(), key=place, default=None)


def title_of(document: Document) -> Text:
    """As readers know a paper: by the title of the latest state that is theirs to see, never by that of one to come."""
    latest = latest_of(document)
    title: Text = latest.shown_title if latest else document.title
    return title


def is_put_off(meeting: Meeting) -> bool:
    """Its day and its words are the last for which it was set."""
    return meeting.status == Meeting.Status.POSTPONED


def name_of(meeting: Meeting) -> str:
    """A meeting with its day, or with the words for it."""
    name = meeting.short_title or str(meeting)
    if meeting.is_exact and meeting.starts_on:
        return f"{name} ({dates.days(meeting.starts_on, meeting.ends_on or meeting.starts_on)})"
    return f"{name} ({meeting.words})" if meeting.words and not is_put_off(meeting) else name
