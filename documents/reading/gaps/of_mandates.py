"""What a mandate lacks among the things that stand round it: a meeting, a paper, days to hold to."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from documents.models import MandateDocument
from documents.reading.gaps.finding import Finding
from documents.reading.gaps.in_text import called, of_mandate
from documents.reading.ties import Ties
from mandates.models import Mandate
from meetings.models import Meeting
from mispa.ground import dates

# Days. A group meets every second week and its papers have to be out before: with less than three meetings left, it
# is late to begin.
NEAR: Final = 42


def of_mandates(text: dict[str, Any], page: str, ties: Ties, today: date) -> Iterator[Finding]:
    """`page` is the address of the text, `today` a day of the group's zone."""
    for row in text["rows"]:
        for number, mandate in enumerate(row["mandates"], start=1):
            yield from of_one(mandate, called(row, number), page, ties, today)


def of_one(mandate: dict[str, Any], name: str, page: str, ties: Ties, today: date) -> Iterator[Finding]:
    """The findings of a mandate; one that is done needs no meeting and no deadline any more, but the paper by which."""
    names = {"mandate": name}
    papers = reverse("documents:mandate-papers", args=[mandate["id"]])
    if ties.progress.get(mandate["id"]) == Mandate.Progress.DONE:
        roles = {paper.role for paper in ties.papers_of_mandate[mandate["id"]]}
        if MandateDocument.Role.CARRIES_OUT not in roles:
            says = _("%(mandate)s is done, and no paper says so.") % names
            more = _("Name the paper by which it was carried out.")
            yield of_mandate("done-without-paper", mandate, page, says, more, papers)
        return
    if not ties.live_topics(mandate["id"]):
        says = _("No meeting treats %(mandate)s.") % names
        more = _("Name it beside a topic of a meeting.")
        cancelled = sorted(str(topic.pk) for topic in ties.treated[mandate["id"]])
        yield of_mandate("no-meeting", mandate, page, says, more, _topic_for_it(ties, today), *cancelled)
    if not ties.papers_around(mandate["id"]):
        says = _("There is no paper for %(mandate)s.") % names
        more = _("Name a paper that prepares it, or put one on the table of a topic that treats it.")
        yield of_mandate("no-paper", mandate, page, says, more, papers)
    if mandate["deadline"]:
        yield from _of_deadline(mandate, names, page, ties, today)


def _topic_for_it(ties: Ties, today: date) -> str:
    """Where a topic is entered: at the next meeting of the Group; where none is planned, where one is entered."""
    if meeting := ties.next_session(today):
        return reverse("meetings:topic-create", args=[ties.group.slug, meeting.number])
    return reverse("meetings:meeting-create", args=[ties.group.slug])


# Deadlines ---------------------------------------------------------------


def days_of(deadline: dict[str, Any]) -> tuple[date, date] | None:
    """The first and the last day that a deadline can mean, as a later resolution refined them; None if not known."""
    first = deadline["refined_earliest"] or deadline["earliest"]
    last = deadline["refined_latest"] or deadline["latest"]
    return (first, last) if first and last else None


def _of_deadline(
    mandate: dict[str, Any], names: dict[str, str], page: str, ties: Ties, today: date
) -> Iterator[Finding]:
    deadline = mandate["deadline"]
    days = days_of(deadline)
    if days is None:
        says = _("%(mandate)s has a deadline without days.") % names
        more = _("It says “%(words)s”. Give the first and the last day that it can mean, so that it can be watched.")
        original = deadline["words"].wordings[deadline["words"].original]
        words = more % {"words": deadline["words"]}
        yield of_mandate("deadline-without-days", mandate, page, says, words, "", original)
        return
    first, last = days
    papers = reverse("documents:mandate-papers", args=[mandate["id"]])
    if last < today:
        says = _("The deadline of %(mandate)s has passed, and it is not done.") % names
        more = f"{in_words(first, last)} {_('Record how far it is, or correct the deadline.')}"
        yield of_mandate("deadline-past", mandate, page, says, more, papers, first, last)
    elif first <= today + timedelta(days=NEAR):
        says = _("The deadline of %(mandate)s is near.") % names
        yield of_mandate("deadline-near", mandate, page, says, in_words(first, last), papers, first, last)
    treated = ties.live_topics(mandate["id"])
    if treated and all(_comes_after(one.meeting, last) for one in treated):
        says = _("Every meeting that treats %(mandate)s comes after its deadline.") % names
        more = in_words(first, last)
        yield of_mandate("deadline-before-meetings", mandate, page, says, more, _topic_for_it(ties, today), first, last)


def _comes_after(meeting: Meeting, day: date) -> bool:
    return meeting.has_day and meeting.starts_on is not None and meeting.starts_on > day


def in_words(first: date, last: date) -> str:
    return _("In days: %(days)s.") % {"days": dates.days(first, last)}
