"""How the states of a paper stand to one another: what replaces, corrects or adds to what, what is current, and what
lay before which meeting."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from documents.models import Document, MeetingDocument, Revision, TopicDocument
from documents.reading.past import Past
from mandates.symbols import Symbol
from meetings.models import Meeting

Path = tuple[tuple[str, int], ...]  # the qualifiers of a symbol, in their order


@dataclass
class Link:
    """One state of a paper in its chain. `meetings` are those before which it lay."""

    revision: Revision
    path: Path | None  # None while its symbol is pending
    superseder: Revision | None = None
    is_current: bool = False
    meetings: list[Meeting] = field(default_factory=list)

    @property
    def standing(self) -> str:
        """“draft”, “issued” or “superseded”, as marks are called."""
        if self.revision.state == Revision.State.WORKING:
            return "draft"
        return "superseded" if self.superseder else "issued"

    @property
    def depth(self) -> int:
        """How many corrigenda and addenda it stands below."""
        return sum(word != "rev" for word, _number in self.path or ())

    @property
    def meaning(self) -> str:
        """What it is to the state before it: “replaces rev. 1”."""
        if self.path is None:
            return _("symbol pending")
        if not self.path:
            return _("first issue")
        (word, number), stem = self.path[-1], self.path[:-1]
        if word == "rev":
            before = in_words((*stem, ("rev", number - 1)) if number > 1 else stem)
            return _("replaces %(text)s") % {"text": before}
        what = _("corrects %(text)s") if word == "corr" else _("adds to %(text)s")
        return what % {"text": in_words(stem)}


def in_words(path: Path) -> str:
    return " ".join(f"{word}. {number}" for word, number in path) or _("the first issue")


def chain_of(document: Document, revisions: Sequence[Revision]) -> list[Link]:
    """The states of a paper in the order of their symbols, each corrigendum and addendum behind what it belongs to.

    Of a plan's paper, what is in force is decided by meetings; its editions say so.
    """
    links = [Link(one, _path(one.symbol.parsed)) for one in revisions]
    links.sort(key=lambda link: (_place(link.path), link.revision.position))
    if document.plan_id:
        return links
    issued = {link.path: link.revision for link in links if link.path is not None and _is_issued(link.revision)}
    for link in links:
        if link.path is not None and _is_issued(link.revision):
            link.superseder = _superseder(link.path, issued)
    main = [link for link in links if _is_issued(link.revision) and _is_main(link.path)]
    standing = [link for link in main if not link.superseder]
    if standing:
        standing[-1].is_current = True
    return links


def current_of(document: Document, states: Sequence[Revision]) -> Revision:
    """Of the states of a paper, the latest last, the text that is current; where none is marked so, the latest."""
    return next((link.revision for link in chain_of(document, states) if link.is_current), states[-1])


def _path(symbol: Symbol | None) -> Path | None:
    return symbol.qualifiers if symbol else None


def _is_issued(revision: Revision) -> bool:
    return revision.state == Revision.State.ISSUED


def _is_main(path: Path | None) -> bool:
    """A text of the paper itself: its first issue or a revision of it."""
    return path is None or not path or (len(path) == 1 and path[0][0] == "rev")


_ORDER = {"corr": 1, "add": 2}


def _place(path: Path | None) -> tuple[Any, ...]:
    """Texts by number; behind each its corrigenda, then its addenda. A paper without a symbol is at the end."""
    if path is None:
        return (1,)
    first = path[0][1] if path and path[0][0] == "rev" else 0
    rest = path[1:] if first else path
    return (0, first, *((_ORDER.get(word, 0), number) for word, number in rest))


def _superseder(path: Path, issued: dict[Path, Revision]) -> Revision | None:
    """The issued revision that has replaced a text, or the text that it corrects or adds to.

    An addendum to the paper itself outlives its revisions; one to a certain revision goes with that revision.
    """
    is_rev = bool(path) and path[-1][0] == "rev"
    stem, number = (path[:-1], path[-1][1]) if is_rev else (path, 0)
    later = [
        (other[-1][1], revision)
        for other, revision in issued.items()
        if other and other[-1][0] == "rev" and other[:-1] == stem and other[-1][1] > number
    ]
    if later:
        return max(later, key=lambda one: one[0])[1]
    if not stem or (stem[-1][0] == "add" and not stem[:-1]):
        return None
    return _superseder(stem[:-1], issued)


# Meetings ----------------------------------------------------------------


def lay_before(user: Any, document: Document, links: Sequence[Link], past: Past | None = None) -> None:
    """Notes at each state the meetings that had it before them, as far as the reader may see the meetings.

    What is recorded counts; else, of a paper on the table of a topic, the last text of a day not after the meeting.
    """
    by_id = {link.revision.pk: link for link in links}
    revisions_of: dict[Any, list[Any]] = {}
    if past:
        recorded = past.rows(MeetingDocument, revision_id__in=list(by_id))
        tables = [topic.meeting_id for topic in past.topics_of(document)]
    else:
        recorded = list(MeetingDocument.objects.standing().filter(revision__in=list(by_id)).order_by("position", "id"))
        on_tables = TopicDocument.objects.standing().filter(document=document, topic__is_withdrawn=False)
        tables = list(on_tables.values_list("topic__meeting_id", flat=True))
    for one in recorded:
        revisions_of.setdefault(one.meeting_id, []).append(one.revision_id)
    wanted = [*revisions_of, *tables]
    seen = Meeting.objects.visible_to(user).filter(pk__in=wanted).with_places().in_order()
    for meeting in past.meetings(id__in=wanted) if past else seen:
        if meeting.pk in revisions_of:
            for revision in revisions_of[meeting.pk]:
                by_id[revision].meetings.append(meeting)
        elif (link := _text_on(links, meeting.ends_on or meeting.starts_on)) is not None:
            link.meetings.append(meeting)


def _text_on(links: Sequence[Link], day: date | None) -> Link | None:
    """The last text of the paper itself that there was on a day."""
    if day is None:
        return None
    there = [
        (when, place, link)
        for place, link in enumerate(links)
        if _is_main(link.path) and _is_issued(link.revision) and (when := _day_of(link.revision)) and when <= day
    ]
    return max(there, key=lambda one: one[:2])[2] if there else None


def _day_of(revision: Revision) -> date | None:
    return revision.dated or revision.issued_on


# What may come next ------------------------------------------------------


def next_states(base: Symbol, links: Sequence[Link]) -> list[tuple[Symbol, str]]:
    """The symbols that a further state of a paper can have, with what each would be; the likeliest first.

    `links` are all states that ever were, withdrawn ones too: their numbers stay taken.
    """
    known = [link.path for link in links if link.path is not None]
    open_to_more = {
        link.path
        for link in links
        if link.path is not None and link.standing == "issued" and not link.revision.is_withdrawn
    }
    stems: list[Path] = sorted({(), *open_to_more}, key=_place, reverse=True)
    found: dict[Path, str] = {}
    for stem in stems:
        for word in ("rev", "corr", "add"):
            path = _next_path(stem, word, known)
            if path is not None and (word == "rev" or stem in open_to_more):
                found.setdefault(path, Link(Revision(), path).meaning)
    return [(base.with_qualifiers(path), words) for path, words in found.items()]


def _next_path(stem: Path, word: str, known: Sequence[Path]) -> Path | None:
    """The next rev. instead of a text, the next corr. or add. to it; None where a symbol cannot say so."""
    if stem and stem[-1][0] == word:
        stem = stem[:-1]
    if word in {one for one, _number in stem}:
        return None
    taken = [path[-1][1] for path in known if path and path[-1][0] == word and path[:-1] == stem]
    return (*stem, (word, max(taken, default=0) + 1))
