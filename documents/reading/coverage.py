"""Which mandate is treated where, by which papers, and how far it is: a line for each mandate of a reader's text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.models import Document, MandateDocument, Revision
from documents.reading.gaps.in_text import called
from documents.reading.gaps.of_mandates import days_of, of_one
from documents.reading.past import Past
from documents.reading.ties import Ties, latest_of, name_of
from mandates.models import Mandate, WorkingGroup
from meetings.models import Meeting, Topic
from mispa.ground import dates
from mispa.ground.text import Text

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User

# What a mandate lacks, in few words; the report of findings has the sentences.
GAPS = {
    "no-area": gettext_lazy("no area"),
    "no-meeting": gettext_lazy("no meeting"),
    "no-paper": gettext_lazy("no paper"),
    "done-without-paper": gettext_lazy("done, but by no paper"),
    "deadline-past": gettext_lazy("deadline passed"),
    "deadline-near": gettext_lazy("deadline near"),
    "deadline-before-meetings": gettext_lazy("no meeting before the deadline"),
    "deadline-without-days": gettext_lazy("deadline without days"),
}


@dataclass(frozen=True)
class Paper:
    """A paper with the state of it that a meeting had before it, or with its latest; `role` beside a mandate."""

    document: Document
    revision: Revision | None
    role: str = ""

    @property
    def symbol(self) -> str:
        return self.revision.symbol.display if self.revision else self.document.base or _("symbol pending")

    @property
    def title(self) -> Text:
        title: Text = self.revision.shown_title if self.revision else self.document.title
        return title

    def __str__(self) -> str:
        named = f"{self.symbol} {self.title}"
        return f"{named} ({self.role})" if self.role else named


@dataclass(frozen=True)
class Treated:
    """A topic of a meeting that treats the mandate, with the papers on its table."""

    topic: Topic
    papers: Sequence[Paper]

    @property
    def meeting(self) -> Meeting:
        return self.topic.meeting

    def __str__(self) -> str:
        return f"{name_of(self.meeting)}, {self.meeting.get_status_display()}: {self.topic.text}"


@dataclass(frozen=True)
class Line:
    """A mandate, and all that is tied to it. `gaps` are keys of `GAPS`."""

    row: dict[str, Any]
    number: int
    mandate: dict[str, Any]
    treated: Sequence[Treated]
    papers: Sequence[Paper]
    progress: str
    gaps: Sequence[str]

    @property
    def areas(self) -> list[dict[str, Any]]:
        """Its own, else those of its resolution."""
        found: list[dict[str, Any]] = self.mandate["areas"] or self.row["areas"]
        return found

    @property
    def areas_in_words(self) -> list[str]:
        return [f"{one['name']} ({one['unit']['name']})" if one["unit"] else str(one["name"]) for one in self.areas]

    @property
    def all_papers(self) -> list[Paper]:
        """Those on the tables of its topics, then those that are tied to the mandate itself; each once."""
        found = {paper.document.pk: paper for one in self.treated for paper in one.papers}
        return [*found.values(), *self.papers]

    @property
    def is_done(self) -> bool:
        return self.progress == Mandate.Progress.DONE

    @property
    def progress_in_words(self) -> str:
        return str(Mandate.Progress(self.progress).label) if self.progress else ""

    @property
    def gaps_in_words(self) -> list[str]:
        return [str(GAPS[kind]) for kind in self.gaps]

    @property
    def deadline_in_words(self) -> str:
        """As the plan prints it, with the days to which a later resolution refined it."""
        deadline = self.mandate["deadline"]
        if not deadline:
            return ""
        days = days_of(deadline)
        if days is None or not deadline["refined_by"]:
            return str(deadline["words"])
        return f"{deadline['words']} ({dates.days(*days)}, {deadline['refined_by']})"


@dataclass(frozen=True)
class Matrix:
    """The lines in the order of the plan, and the meetings that can be columns, in order of time."""

    lines: Sequence[Line]
    meetings: Sequence[Meeting]

    @property
    def with_meeting(self) -> int:
        return sum(bool(line.treated) for line in self.lines)

    @property
    def with_paper(self) -> int:
        return sum(bool(line.all_papers) for line in self.lines)

    @property
    def done(self) -> int:
        return sum(line.is_done for line in self.lines)


def coverage_of(
    user: "User | AnonymousUser", group: WorkingGroup, rows: Sequence[dict[str, Any]], today: date
) -> Matrix:
    """Of the rows of the text before the reader, with the meetings and papers that she may see.

    `today` is a day of the group's zone.
    """
    ties = Ties(group, user)
    lines = [
        _line(row, number, mandate, ties, today)
        for row in rows
        for number, mandate in enumerate(row["mandates"], start=1)
    ]
    return Matrix(lines, ties.meetings)


def _line(row: dict[str, Any], number: int, mandate: dict[str, Any], ties: Ties, today: date) -> Line:
    gaps = [] if row["areas"] or mandate["areas"] else ["no-area"]
    gaps += [one.kind for one in of_one(mandate, called(row, number), "", ties, today)]
    return Line(
        row=row,
        number=number,
        mandate=mandate,
        treated=[
            Treated(topic, [Paper(one, ties.state_at(topic.meeting, one)) for one in ties.papers_of_topic[topic.pk]])
            for topic in ties.treated[mandate["id"]]
        ],
        papers=[
            Paper(one.document, latest_of(one.document), one.get_role_display())
            for one in ties.papers_of_mandate[mandate["id"]]
        ],
        progress=ties.progress.get(mandate["id"], ""),
        gaps=gaps,
    )


@dataclass(frozen=True)
class Tied:
    """What the page of a mandate has beside the text: how far it is, and its papers."""

    progress: str
    papers: Sequence[Paper]


def tied_to(mandate: UUID, user: "User | AnonymousUser", past: Past | None) -> Tied:
    """Now, or at an instant; papers as far as the reader may see them."""
    if past:
        found: list[MandateDocument] = past.rows(MandateDocument, mandate_id=mandate)
        known = {one.pk: one for one in past.documents(id__in=[paper.document_id for paper in found])}
        how = [str(one.progress) for one in past.rows(Mandate, id=mandate)]
    else:
        found = list(MandateDocument.objects.standing().filter(mandate=mandate).order_by("position", "id"))
        revisions = Revision.objects.visible_to(user).select_related("symbol", "edition").order_by("position", "id")
        seen = Document.objects.visible_to(user).filter(mandates__in=found).distinct()
        known = {one.pk: one for one in seen.prefetch_related(Prefetch("revisions", revisions))}
        how = [str(progress) for progress in Mandate.objects.filter(pk=mandate).values_list("progress", flat=True)]
    found.sort(key=lambda paper: paper.role != MandateDocument.Role.CARRIES_OUT)
    papers = [
        Paper(document, latest_of(document), paper.get_role_display())
        for paper in found
        if (document := known.get(paper.document_id))
    ]
    return Tied(str(Mandate.Progress(how[0]).label) if how else "", papers)


COLUMNS = ("resolution", "number", "mandate", "areas", "deadline", "meetings", "papers", "progress", "gaps")


def as_rows(matrix: Matrix) -> list[dict[str, Any]]:
    """The matrix as a table: the same words as on its page."""
    return [
        {
            "resolution": line.row["symbol_as_printed"],
            "number": line.number,
            "mandate": str(line.mandate["text"]),
            "areas": line.areas_in_words,
            "deadline": line.deadline_in_words,
            "meetings": [str(one) for one in line.treated],
            "papers": [str(paper) for paper in line.all_papers],
            "progress": line.progress_in_words,
            "gaps": line.gaps_in_words,
        }
        for line in matrix.lines
    ]
