"""What a change means to readers, in sentences: of meetings, of editions, of papers.

The words are made when they are asked for, in the language that is active then. No line names a person or a reason:
who may read those finds them in the history of the group.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from documents.models import (
    Adoption,
    Confirmation,
    Consideration,
    Contribution,
    Document,
    MeetingDocument,
    Release,
    Revision,
)
from mandates.models import WorkingGroup
from meetings.life import Done, Step
from meetings.models import Meeting, Topic
from meetings.templatetags.meeting_tags import gmt, offset
from mispa.ground import dates
from mispa.ground.models import ChangeSet
from mispa.ground.text import Text

# What people must hear of before they set out.
CALLS: Final = frozenset({Done.CONVENED, Done.AGAIN, Done.MOVED, Done.POSTPONED, Done.CANCELLED})

Act = Release | Adoption | Confirmation | Consideration


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that happened.

    `about` has the ids of the meetings and papers that it tells of; `is_call` says that it convenes, moves, postpones
    or cancels a meeting.
    """

    group: WorkingGroup
    change_set: ChangeSet
    about: frozenset[UUID]
    url: str
    is_call: bool = False

    @property
    def at(self) -> datetime:
        return self.change_set.at

    @property
    def headline(self) -> str:
        """Without a full stop, for the subject of a mail."""
        return self.words.rstrip(".:")

    @property
    def words(self) -> str:
        """A sentence; one that ends with a colon says that a title follows."""
        raise NotImplementedError

    @property
    def title(self) -> Text | None:
        """What the sentence is about, in words of the Group."""
        return None

    @property
    def more(self) -> Sequence[str]:
        """Further sentences."""
        return ()

    @property
    def notice(self) -> Text | None:
        """What the secretariat tells readers of it."""
        return None

    @property
    def sentences(self) -> list[str]:
        """All of it as plain text."""
        told = [capfirst(self.words), *([f"“{said(self.title)}”"] if self.title else []), *self.more]
        return told + ([_("Notice: %(notice)s") % {"notice": said(self.notice)}] if self.notice else [])


# ---- meetings


@dataclass(frozen=True, kw_only=True)
class OfMeeting(Line):
    """A step in the life of a meeting, between what it was set for and what it is set for since.

    `is_event` says that the step changed an event in the calendars of those who have it.
    """

    step: Step
    is_event: bool = False

    @property
    def headline(self) -> str:
        names = {"meeting": called(self.step.set_for), "what": self.step.done.label.lower()}
        headline, first = _("%(meeting)s: %(what)s") % names, first_day(self.step.set_for)
        return headline if self.step.done == Done.POSTPONED or not first else f"{headline}, {first}"

    @property
    def words(self) -> str:
        step = self.step
        names = {"meeting": called(step.set_for), "when": when(step.set_for, self.group)}
        if step.done == Done.MOVED:
            return self._moved(names)
        sentences = {
            Done.CONVENED: _("%(meeting)s was convened: %(when)s."),
            Done.AGAIN: _("%(meeting)s will take place after all: %(when)s."),
            Done.POSTPONED: _("%(meeting)s was postponed; the new day is not set. It was set for this time: %(when)s."),
            Done.CANCELLED: _("%(meeting)s was cancelled. It was set for this time: %(when)s."),
            Done.HELD: _("%(meeting)s was held: %(when)s."),
            Done.CORRECTED: _("The record of %(meeting)s was corrected: %(when)s."),
        }
        return sentences[step.done] % names

    def _moved(self, names: dict[str, str]) -> str:
        step = self.step
        if step.was is None or not (step.has_another_time or step.has_another_place):
            return _("%(meeting)s will take place after all: %(when)s.") % names
        if not step.has_another_time:
            return _("%(meeting)s was moved to another place; its time stays: %(when)s.") % names
        names |= {"before": when(step.was, self.group)}
        return _("%(meeting)s was moved from %(before)s to %(when)s.") % names

    @property
    def more(self) -> Sequence[str]:
        step = self.step
        if step.done in {Done.POSTPONED, Done.CANCELLED, Done.HELD}:
            return ()
        names = {"place": where(step.set_for)}
        if step.was is not None and step.has_another_place:
            names |= {"before": where(step.was)}
            return [_("Place: %(place)s; before that: %(before)s.") % names]
        return [_("Place: %(place)s.") % names]

    @property
    def notice(self) -> Text | None:
        return self.step.notice


def called(meeting: Meeting) -> str:
    """MISPA IV, or Meeting 2."""
    return meeting.short_title or str(meeting)


def first_day(meeting: Meeting) -> str:
    """The first day of a meeting, or the words for it: they mean no day; empty where nothing is set."""
    if meeting.precision == Meeting.Precision.IMPRECISE:
        return said(meeting.words) if meeting.words else ""
    return dates.day(meeting.starts_on) if meeting.starts_on else ""


def when(meeting: Meeting, group: WorkingGroup) -> str:
    """Day and hours with their zone and in GMT: Thursday, September 19, 2013, 10:00–13:00 (Washington, …)."""
    if meeting.precision == Meeting.Precision.IMPRECISE or meeting.starts_on is None:
        return said(meeting.words) if meeting.words else _("the day is not set")
    last = meeting.ends_on or meeting.starts_on
    day = dates.days(meeting.starts_on, last)
    if last == meeting.starts_on:
        day = _("%(weekday)s, %(day)s") % {"weekday": dates.weekday(meeting.starts_on), "day": day}
    if meeting.wall_times is None:
        return day
    is_one_day = last == meeting.starts_on
    time = f"{day}, {dates.hours(*meeting.wall_times)}" if is_one_day else dates.span(*meeting.wall_times)
    is_of_group = meeting.timezone == group.timezone
    zone = said(group.place) if is_of_group else said(meeting.place_city.name) if meeting.place_city else ""
    zone = ", ".join(filter(None, [zone or meeting.timezone, offset(meeting)]))
    return f"{time} ({zone}; {gmt(meeting)} GMT)"


def where(meeting: Meeting) -> str:
    """Room, city and country, as far as they are known."""
    city, country = meeting.place_city, meeting.place_country
    known = [meeting.room.name if meeting.room else None, city.name if city else None, country]
    return ", ".join(said(name) for name in known if name) or _("the place is not set")


def said(text: Text) -> str:
    """A wording in a sentence; one in another language than the sentence has the code of that behind it."""
    return str(text) if text.lang == (get_language() or "")[:2] else f"{text} [{text.lang.upper()}]"


# ---- editions


@dataclass(frozen=True, kw_only=True)
class OfEdition(Line):
    """An act by which an edition is opened, considered, adopted or confirmed."""

    act: Act

    @property
    def words(self) -> str:
        act = self.act
        if isinstance(act, Confirmation):
            names = {"edition": act.adoption.edition, "day": dates.day(act.on)}
            return _("Work plan, %(edition)s: its adoption was confirmed on %(day)s.") % names
        if isinstance(act, Release):
            names = {"edition": act.edition, "audience": act.get_audience_display()}
            return _("Work plan, %(edition)s: opened to %(audience)s.") % names
        names = {"edition": act.edition, "meeting": called(act.meeting), "day": dates.day(act.on)}
        if isinstance(act, Consideration):
            return _("Work plan, %(edition)s: considered on %(day)s (%(meeting)s).") % names
        if act.how == Adoption.How.CONSENSUS:
            return _("Work plan, %(edition)s: adopted by consensus on %(day)s (%(meeting)s).") % names
        return _("Work plan, %(edition)s: adopted ad referendum on %(day)s (%(meeting)s).") % names


# ---- papers


@dataclass(frozen=True, kw_only=True)
class OfPaper(Line):
    """`state` is the one of its issued states by whose title readers know the paper."""

    document: Document
    state: Revision | None

    @property
    def title(self) -> Text:
        title: Text = self.state.shown_title if self.state else self.document.title
        return title


@dataclass(frozen=True, kw_only=True)
class OfTable(OfPaper):
    """A paper comes onto the table of a meeting, or is taken off; under one of its topics, or as one of its papers."""

    meeting: Meeting
    topic: Topic | None = None
    role: str = ""
    is_there: bool = True

    @property
    def words(self) -> str:
        names = {"meeting": called(self.meeting)}
        if not self.is_there:
            return _("A paper was taken off the table of %(meeting)s:") % names
        if self.role == MeetingDocument.Role.OUTCOME:
            return _("A paper was added that came out of %(meeting)s:") % names
        return _("A paper was put on the table of %(meeting)s:") % names

    @property
    def more(self) -> Sequence[str]:
        return [_("Topic: %(topic)s") % {"topic": said(self.topic.text)}] if self.topic else ()


@dataclass(frozen=True, kw_only=True)
class OfRevision(OfPaper):
    """A state of a paper was issued: `state`."""

    state: Revision

    @property
    def words(self) -> str:
        if self.state.symbol.canonical:
            return _("Issued: %(symbol)s:") % {"symbol": self.state.symbol.display}
        return _("Issued, its symbol is pending:")


class OfOpening(OfPaper):
    """A paper that only the delegations knew was opened to everybody."""

    @property
    def words(self) -> str:
        return _("A paper was opened to everybody:")


# ---- contributions


@dataclass(frozen=True, kw_only=True)
class OfContribution(Line):
    """What a delegation contributes was taken into the compilation."""

    contribution: Contribution

    @property
    def words(self) -> str:
        return _("A contribution was accepted into the compilation (%(delegation)s):") % {
            "delegation": said(self.contribution.delegation.name)
        }

    @property
    def title(self) -> Text:
        return Text.of(self.contribution.title, self.contribution.language)


# ---- several of them


@dataclass(frozen=True)
class Event:
    """What one change-set did, as far as a reader is told; `is_work`: who may see history is shown who and why."""

    change_set: ChangeSet
    lines: Sequence[Line]
    is_work: bool = False

    @property
    def at(self) -> datetime:
        return self.change_set.at

    @property
    def headline(self) -> str:
        first, *others = [capfirst(line.headline) for line in self.lines]
        return _("%(first)s, and %(number)s more") % {"first": first, "number": len(others)} if others else first


def address_of_edition(group: WorkingGroup, edition: Any) -> str:
    """As `Edition.get_absolute_url`, which needs the whole text."""
    if edition.corrigendum:
        return reverse("documents:corrigendum-detail", args=[group.slug, edition.number, edition.corrigendum])
    return reverse("documents:edition-detail", args=[group.slug, edition.number])
