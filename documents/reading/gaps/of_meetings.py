"""What meetings lack: topics, a room, a city, papers for their topics, and their record."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from documents.models import Document
from documents.reading.gaps.finding import Finding
from documents.reading.ties import Ties, name_of, title_of
from meetings.models import Meeting, Topic

# What is considered or adopted lies on the table; an election and other business need no paper.
ABOUT_PAPERS = {Topic.Kind.CONSIDERATION, Topic.Kind.ADOPTION}


def of_meetings(ties: Ties, now: datetime) -> Iterator[Finding]:
    """Of meetings that are convened; and of topics at those that are to come, for what is over needs no paper more."""
    with_topics = {topic.meeting_id for topic in ties.topics}
    for meeting in ties.meetings:
        if meeting.status != Meeting.Status.CONVENED:
            continue
        name = name_of(meeting)
        hold, move = (
            reverse(f"meetings:meeting-{verb}", args=[ties.group.slug, meeting.number]) for verb in ("hold", "move")
        )
        page = meeting.get_absolute_url()
        if meeting.is_over(now):
            says = _("%(meeting)s lies in the past and is not recorded as held.") % {"meeting": name}
            more = _("Record it as held, or as cancelled with the reason.")
            facts = (meeting.starts_on, meeting.ends_on)
            yield Finding("meeting-not-recorded", str(meeting.pk), says, more, page, hold, facts)
        elif meeting.kind == Meeting.Kind.SESSION:
            if meeting.pk not in with_topics:
                says = _("%(meeting)s has no topics.") % {"meeting": name}
                more = _("Enter what it will be about.")
                add = reverse("meetings:topic-create", args=[ties.group.slug, meeting.number])
                yield Finding("meeting-without-topics", str(meeting.pk), says, more, page, add)
            if meeting.room is None:
                says = _("%(meeting)s has no room.") % {"meeting": name}
                yield Finding("meeting-without-room", str(meeting.pk), says, _("Choose one."), page, move)
    yield from without_city(ties.meetings)
    yield from _of_topics(ties, now)
    yield from _of_papers(ties, now.astimezone(ties.group.zone).date())


def without_city(meetings: Iterable[Meeting]) -> Iterator[Finding]:
    """Ministerial meetings of which the plan prints no city."""
    for meeting in meetings:
        if meeting.short_title and meeting.place_city is None and meeting.status == Meeting.Status.CONVENED:
            says = _("%(meeting)s: the city is not in the plan.") % {"meeting": meeting.short_title}
            move = reverse("meetings:meeting-move", args=[meeting.group.slug, meeting.number]) if meeting.group else ""
            yield Finding("place-unknown", str(meeting.pk), says, "", meeting.get_absolute_url(), move)


def _of_topics(ties: Ties, now: datetime) -> Iterator[Finding]:
    open_ones = {Meeting.Status.PROPOSED, Meeting.Status.CONVENED}
    for topic in ties.topics:
        is_open = topic.meeting.status in open_ones and not topic.meeting.is_over(now)
        if is_open and topic.kind in ABOUT_PAPERS and not ties.papers_of_topic[topic.pk]:
            says = _("%(meeting)s: no paper is on the table for “%(topic)s”.")
            names = {"meeting": name_of(topic.meeting), "topic": topic.text}
            mend = reverse("documents:topic-papers", args=[topic.pk])
            page = topic.meeting.get_absolute_url()
            more = _("Name the paper that it is about.")
            yield Finding("topic-without-paper", str(topic.pk), says % names, more, page, mend, (topic.kind,))


def _of_papers(ties: Ties, today: date) -> Iterator[Finding]:
    """Papers of the group that are on no table; of the plan's own paper, its latest edition that nobody took up."""
    on_tables = {
        document.pk
        for topic in ties.topics
        if topic.meeting.status != Meeting.Status.CANCELLED
        for document in ties.papers_of_topic[topic.pk]
    }
    for document in ties.documents.values():
        if document.group_id != ties.group.pk or document.pk in on_tables | ties.cited:
            continue
        if document.plan_id is None:
            says = _("No meeting has considered “%(paper)s”.") % {"paper": title_of(document)}
            more = _("Put it on the table of a topic.")
            page = _page_of(document)
            yield Finding("paper-not-considered", str(document.pk), says, more, page, _table_for_it(ties, today))
    yield from _of_editions(ties)


def _of_editions(ties: Ties) -> Iterator[Finding]:
    editions = [
        edition
        for document in ties.documents.values()
        if document.plan_id is not None and document.group_id == ties.group.pk
        for revision in document.revisions.all()
        if (edition := getattr(revision, "edition", None)) and not edition.corrigendum
    ]
    latest = max(editions, key=lambda edition: edition.number, default=None)
    if latest and latest.pk not in ties.taken_up:
        says = _("No meeting has considered edition %(number)s of the work plan.") % {"number": latest.number}
        more = _("Record it when a meeting has considered it.")
        mend = reverse("documents:edition-consider", args=[ties.group.slug, latest.number])
        page = reverse("documents:edition-detail", args=[ties.group.slug, latest.number])
        yield Finding("paper-not-considered", str(latest.revision_id), says, more, page, mend)


def _page_of(document: Document) -> str:
    first = next(iter(document.revisions.all()), None)
    return first.get_absolute_url() if first else ""


def _table_for_it(ties: Ties, today: date) -> str:
    """The page of the next meeting, where each topic has its papers; where none is planned, where one is entered."""
    meeting = ties.next_session(today)
    slug = ties.group.slug
    return meeting.get_absolute_url() if meeting else reverse("meetings:meeting-create", args=[slug])
