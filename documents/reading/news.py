"""What changed in a group, for one reader, bundled by change-set: for the page, the feed and the mails.

Everything is read from history and from sealed rows, and goes through `visible_to` as it stands now: what has been
closed to a reader since is told no more. Nothing of the working text is here; who may see its history is shown that
there was a change, with who and why, and finds the rest on the history's pages.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from documents.models import (
    Adoption,
    Confirmation,
    Consideration,
    Contribution,
    Document,
    Edition,
    MeetingDocument,
    Release,
    Revision,
    TopicDocument,
)
from documents.models.contributions import State
from documents.reading.news_lines import (
    CALLS,
    Event,
    Line,
    OfContribution,
    OfEdition,
    OfMeeting,
    OfOpening,
    OfRevision,
    OfTable,
    address_of_edition,
)
from documents.reading.recent import change_sets_of
from mandates.models import WorkingGroup
from mandates.permissions import can_see_circulated, can_see_history
from meetings.ical import events as calendar
from meetings.life import Done, Step, done_between, name_places, steps_of, versions_in
from meetings.models import Meeting, Topic
from mispa.ground.models import ChangeSet, User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


@dataclass(frozen=True)
class _Tie:
    """A paper on the table of a meeting: the rows of its history, the oldest first, each the last of its change-set."""

    rows: list[Any]
    document: Document
    revision: Revision | None
    meeting: Meeting
    topic: Topic | None
    role: str


class News:
    """All that a reader is told of a group. The number of queries does not depend on how much there is."""

    def __init__(self, group: WorkingGroup, user: "User | AnonymousUser") -> None:
        self.group, self.user = group, user

    def since(self, since: datetime | None = None) -> list[Event]:
        """What happened from an instant on, the latest first."""
        by_change: dict[ChangeSet, list[Line]] = {}
        for line in self._every:
            if since is None or line.at >= since:
                by_change.setdefault(line.change_set, []).append(line)
        events = [Event(one, lines) for one, lines in by_change.items()]
        if can_see_history(self.user, self.group):
            work = change_sets_of(self.group)
            all_work = list(work.filter(at__gte=since) if since else work)
            events = [Event(one, by_change.pop(one, []), is_work=True) for one in all_work]
            events += [Event(one, lines) for one, lines in by_change.items()]
        return sorted(events, key=lambda event: (event.at, event.change_set.pk), reverse=True)

    def of(self, change_sets: Collection[int]) -> list[Line]:
        """All that some change-sets did, whatever became of it since."""
        return [line for line in self._every if line.change_set.pk in change_sets]

    def net(self, change_sets: Collection[int]) -> list[Line]:
        """What some change-sets did together, to what is so now: what they took back again is not in it."""
        lines = [line for line in self._lasting if line.change_set.pk in change_sets]
        lines += self._net_of_meetings(change_sets)
        lines += self._net_of_tables(change_sets)
        return sorted(lines, key=_by_weight)

    @cached_property
    def _every(self) -> list[Line]:
        lines: list[Line] = [self._of_step(step) for steps in self._steps.values() for step in steps]
        lines += [line for tie in self._ties for line in self._of_tie(tie)]
        return sorted([*lines, *self._lasting], key=_by_weight)

    # ---- meetings

    @cached_property
    def _meetings(self) -> dict[UUID, Meeting]:
        seen = Meeting.objects.visible_to(self.user).exclude(status=Meeting.Status.PROPOSED)
        return {one.pk: one for one in seen.filter(group=self.group).with_places()}

    @cached_property
    def _steps(self) -> dict[UUID, list[Step]]:
        found = steps_of(self._meetings.values())
        versions = versions_in(found)
        name_places(versions)
        for version in versions:
            now = self._meetings[version.pk]
            version.group, version.series, version.prepares = now.group, now.series, now.prepares
        return found

    def _of_step(self, step: Step, *, is_event: bool = False) -> OfMeeting:
        meeting = step.set_for
        return OfMeeting(
            group=self.group,
            change_set=step.change_set,
            about=frozenset({meeting.pk}),
            url=meeting.get_absolute_url(),
            is_call=step.done in CALLS,
            step=step,
            is_event=is_event,
        )

    def _net_of_meetings(self, change_sets: Collection[int]) -> Iterator[Line]:
        """From what each meeting was before the first of these steps, to what it is now."""
        for steps in self._steps.values():
            those = [step for step in steps if step.change_set.pk in change_sets]
            if not those:
                continue
            was, now = those[0].was, steps[-1].set_for
            done = done_between(was, now)
            # Of one that was convened and cancelled again nobody heard.
            if done and not (was is None and now.status == Meeting.Status.CANCELLED):
                step = Step(done, now, was, those[-1].change_set)
                yield self._of_step(step, is_event=self._changes_an_event(step, steps))

    def _changes_an_event(self, step: Step, steps: list[Step]) -> bool:
        """Not where only words tell the time; and one that was held when it was set for stands there already."""
        is_new = step.done != Done.HELD or step.has_another_time or step.has_another_place
        return is_new and calendar.Event.of(self._meetings[step.set_for.pk], steps) is not None

    # ---- editions

    @cached_property
    def _lasting(self) -> list[Line]:
        """What is never taken back."""
        return [*self._of_editions(), *self._of_papers(), *self._of_contributions()]

    def _of_editions(self) -> Iterator[Line]:
        seen = Edition.objects.visible_to(self.user).filter(plan__group=self.group)
        adopted = self._acts(Adoption, seen)
        # What is adopted is opened to everybody in the same act: that goes without saying.
        with_adoption = {(act.change_set_id, act.edition_id) for act in adopted}
        audiences = ["public", "delegations"] if can_see_circulated(self.user, self.group) else ["public"]
        releases = self._acts(Release, seen, audience__in=audiences)
        acts: list[Any] = [one for one in releases if (one.change_set_id, one.edition_id) not in with_adoption]
        acts += [*adopted, *self._acts(Consideration, seen)]
        confirmed = Confirmation.objects.filter(adoption__edition__in=seen)
        confirmed = confirmed.select_related("adoption__edition__revision", "change_set", "meeting__series")
        acts += confirmed.defer("adoption__edition__text", "adoption__edition__corrections").order_by("pk")
        for act in acts:
            edition = act.adoption.edition if isinstance(act, Confirmation) else act.edition
            meeting = getattr(act, "meeting_id", None)
            yield OfEdition(
                group=self.group,
                change_set=act.change_set,
                about=frozenset(filter(None, [edition.revision.document_id, meeting])),
                url=address_of_edition(self.group, edition),
                act=act,
            )

    @staticmethod
    def _acts(model: Any, editions: Any, **filters: Any) -> list[Any]:
        found = model.objects.filter(edition__in=editions, **filters).select_related("edition__revision", "change_set")
        if model is not Release:
            found = found.select_related("meeting__series")
        return list(found.defer("edition__text", "edition__corrections").order_by("pk"))

    # ---- papers

    @cached_property
    def _papers(self) -> dict[UUID, Document]:
        """The papers of the group, and those on the tables of its meetings; of what is being written nobody is told."""
        topics, meetings = Topic.objects.filter(meeting__in=self._meetings), list(self._meetings)
        ever = Q(pk__in=TopicDocument.objects.filter(topic__in=topics).values("document_id"))
        ever |= Q(pk__in=Revision.objects.filter(meetings__meeting__in=meetings).values("document_id"))
        states = Revision.objects.standing()
        working, issued = (
            Q(pk__in=states.filter(state=state).values("document_id"))
            for state in (Revision.State.WORKING, Revision.State.ISSUED)
        )
        seen = Document.objects.visible_to(self.user).filter(Q(group=self.group) | ever).filter(~working | issued)
        return {one.pk: one for one in seen}

    @cached_property
    def _revisions(self) -> dict[UUID, Revision]:
        """The states of these papers that were issued and that the reader may see, the first ones first."""
        seen = Revision.objects.visible_to(self.user).filter(document__in=self._papers)
        seen = seen.exclude(state=Revision.State.WORKING)
        found = {one.pk: one for one in seen.select_related("symbol").order_by("position", "pk")}
        for one in found.values():
            one.document = self._papers[one.document_id]
        return found

    @cached_property
    def _latest(self) -> dict[UUID, Revision]:
        """The latest of these states by paper."""
        return {one.document_id: one for one in self._revisions.values()}

    def _address(self, document: Document) -> str:
        """The page of its latest state, else the register."""
        state = self._latest.get(document.pk)
        register = reverse("documents:document-list", args=[self.group.slug])
        return state.get_absolute_url() if state else register

    def _of_papers(self) -> Iterator[Line]:
        own = {pk: one for pk, one in self._papers.items() if one.group_id == self.group.pk and not one.plan_id}
        revisions = {pk: one for pk, one in self._revisions.items() if one.document_id in own}
        issued_in: dict[UUID, int] = {}
        for row in _turns(Revision, lambda row: row.state == Revision.State.ISSUED, id__in=list(revisions)):
            revision = revisions[row.id]
            known_since = issued_in.get(revision.document_id, row.change_set_id)
            issued_in[revision.document_id] = min(known_since, row.change_set_id)
            names = self._about(own[revision.document_id], row)
            yield OfRevision(**names | {"url": revision.get_absolute_url(), "state": revision})
        opened = [pk for pk, one in own.items() if one.is_public]
        for row in _turns(Document, lambda row: row.is_public, is_first_counted=False, id__in=opened):
            if row.change_set_id > issued_in.get(row.id, 0):  # else its issuing tells it
                yield OfOpening(**self._about(own[row.id], row))

    def _about(self, document: Document, row: Any) -> dict[str, Any]:
        what: dict[str, Any] = {"document": document, "state": self._latest.get(document.pk)}
        what |= {"about": frozenset({document.pk}), "url": self._address(document)}
        return {"group": self.group, "change_set": row.change_set} | what

    # ---- contributions

    def _of_contributions(self) -> Iterator[Line]:
        """What was accepted; of what is written or handed in nobody is told."""
        seen = Contribution.objects.visible_to(self.user).accepted().of(self.group)
        accepted = {one.pk: one for one in seen.select_related("delegation")}
        for row in _turns(Contribution, lambda row: row.state == State.ACCEPTED, id__in=list(accepted)):
            yield OfContribution(
                group=self.group,
                change_set=row.change_set,
                about=frozenset({row.id}),
                url=accepted[row.id].get_absolute_url(),
                contribution=accepted[row.id],
            )

    @cached_property
    def _ties(self) -> list[_Tie]:
        """Papers on the tables of meetings, as far as the reader sees paper, topic and meeting."""
        topics = Topic.objects.standing().filter(meeting__in=self._meetings).in_bulk()
        found = []
        for rows in _histories(TopicDocument, topic_id__in=list(topics)):
            document, topic = self._papers.get(rows[-1].document_id), topics[rows[-1].topic_id]
            if document:
                found.append(_Tie(rows, document, None, self._meetings[topic.meeting_id], topic, ""))
        for rows in _histories(MeetingDocument, meeting_id__in=list(self._meetings)):
            revision = self._revisions.get(rows[-1].revision_id)
            if revision:
                document, meeting = self._papers[revision.document_id], self._meetings[rows[-1].meeting_id]
                found.append(_Tie(rows, document, revision, meeting, None, rows[-1].role))
        return found

    def _of_tie(self, tie: _Tie) -> Iterator[Line]:
        """Each time that the paper came or went, once others knew of the meeting."""
        was_there, known_since = False, self._steps[tie.meeting.pk][0].change_set.pk
        for row in tie.rows:
            if was_there == row.is_withdrawn and row.change_set_id >= known_since:
                yield self._of_table(tie, row.change_set, is_there=not row.is_withdrawn)
            was_there = not row.is_withdrawn

    def _net_of_tables(self, change_sets: Collection[int]) -> Iterator[Line]:
        for tie in self._ties:
            lines = [line for line in self._of_tie(tie) if line.change_set.pk in change_sets]
            if not lines:
                continue
            earlier = [row for row in tie.rows if row.change_set_id < lines[0].change_set.pk]
            was_there, is_there = bool(earlier) and not earlier[-1].is_withdrawn, not tie.rows[-1].is_withdrawn
            if was_there != is_there:
                yield self._of_table(tie, lines[-1].change_set, is_there=is_there)

    def _of_table(self, tie: _Tie, change_set: ChangeSet, *, is_there: bool) -> OfTable:
        return OfTable(
            group=self.group,
            change_set=change_set,
            about=frozenset({tie.document.pk, tie.meeting.pk}),
            url=tie.revision.get_absolute_url() if tie.revision else self._address(tie.document),
            document=tie.document,
            state=tie.revision or self._latest.get(tie.document.pk),
            meeting=tie.meeting,
            topic=tie.topic,
            role=tie.role,
            is_there=is_there,
        )


def _histories(model: Any, **filters: Any) -> Iterator[list[Any]]:
    """The history of each thing: its last row in each change-set, the oldest first; one query."""
    rows = model.history.filter(**filters).select_related("change_set").order_by("id", "history_id")
    for _id, versions in groupby(rows, key=lambda row: row.id):
        yield list({row.change_set_id: row for row in versions}.values())


def _turns(model: Any, is_so: Any, *, is_first_counted: bool = True, **filters: Any) -> Iterable[Any]:
    """The row by which each thing last came to be so, unless it was so from the first and that is not counted."""
    for rows in _histories(model, **filters):
        before = [None, *rows]
        found = [
            row
            for earlier, row in zip(before, rows, strict=False)
            if is_so(row) and not (is_so(earlier) if earlier else not is_first_counted)
        ]
        yield from found[-1:]


def _by_weight(line: Line) -> tuple[Any, ...]:
    """In order of time; in one change first what people must hear of, then meetings, editions, papers."""
    places = {OfMeeting: 0, OfEdition: 1, OfRevision: 2}
    meeting = line.step.set_for if isinstance(line, OfMeeting) else None
    day = (meeting.starts_on or date.max, meeting.number) if meeting else ()
    return (line.at, line.change_set.pk, not line.is_call, places.get(type(line), 3), day)


def everything_of(group: WorkingGroup) -> News:
    """As the administrator would be told it: for sorting what happened, never for reading."""
    return News(group, User(is_staff=True))
