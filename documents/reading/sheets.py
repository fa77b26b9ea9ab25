"""Sheets for the table: the list of documents of a group or of a meeting, and the order of business of a meeting.

A sheet has its words in the language that is active, and only what its reader may see; it knows of no address and no
id, so that readers of the same rights get the same file (`documents.printing.pdf.sheets` prints it).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Prefetch, Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from documents.editions.snapshot import complete_languages
from documents.models import Document, Edition, MeetingDocument, Revision, RevisionFile
from documents.models.papers import languages_of
from documents.reading.business import order_of_business
from documents.reading.chain import Link, chain_of
from documents.reading.lives import last_move, lives_of
from documents.reading.news_lines import called
from mandates.models import RegisteredSymbol, WorkingGroup
from meetings.models import Meeting, Topic
from meetings.templatetags.meeting_tags import gmt, offset, zone_name
from mispa.ground import dates
from mispa.ground.text import LANGUAGES, Text, search_key

if TYPE_CHECKING:
    from mispa.ground.models import User

Json = dict[str, Any]
Status = Meeting.Status

_RULES: Final = {
    Status.PROPOSED: "draft",
    Status.CONVENED: "issued",
    Status.HELD: "issued",
    Status.POSTPONED: "gone",
    Status.CANCELLED: "gone",
}


def _head(group: WorkingGroup) -> Json:
    """What every sheet of a group begins with, as it is today in the zone of its hours."""
    body = group.body
    above = [body.parent.name] if body.parent else []
    return {
        "group": {
            "name": group.name.to_json(),
            "short_name": group.short_name.to_json(),
            "bodies": [name.to_json() for name in (*above, body.name)],
        },
        "day": timezone.localdate(timezone=group.zone).isoformat(),
    }


def _as_of(sheet: Json) -> str:
    return _("As of %(day)s") % {"day": dates.day(date.fromisoformat(sheet["day"]))}


_WHOLE: Final = re.compile(r"(rev|corr|add)\. ")

# The list of documents ---------------------------------------------------


def list_of_documents(
    user: "User | AnonymousUser", group: WorkingGroup, documents: Iterable[Document], meeting: Meeting | None = None
) -> Json:
    """The papers given, in their order, with all states that came with them; of a group also its withdrawn symbols."""
    papers = list(documents)
    sheet = _head(group)
    states = [state for paper in papers for state in paper.revisions.all()]
    withdrawn, known_to_all = ([], []) if meeting else (_withdrawn(one, group) for one in (user, AnonymousUser()))
    warnings = _for_whom(group, meeting, states, hides_symbols=withdrawn != known_to_all)
    facts = _Facts(states, group)
    lines = [_line(paper, link, facts) for paper in papers for link in chain_of(paper, list(paper.revisions.all()))]
    return sheet | {
        "heading": _("List of documents") if meeting else _("List of documents registered"),
        "meeting": called(meeting) if meeting else "",
        "word": _as_of(sheet),
        "rule": "issued",
        "foot": " · ".join([_as_of(sheet), *warnings]),
        "status_lines": ([_set_for(meeting)] if meeting else []) + warnings,
        "lines": lines,
        "withdrawn": withdrawn,
    }


def papers_of_meeting(user: "User | AnonymousUser", meeting: Meeting) -> list[Document]:
    """The papers on the table of its topics and those recorded with it, by symbol; those without one first."""
    on_table = Q(topics__is_withdrawn=False, topics__topic__is_withdrawn=False, topics__topic__meeting=meeting)
    recorded = MeetingDocument.objects.standing().filter(meeting=meeting)
    states = Revision.objects.visible_to(user).select_related("symbol").order_by("position", "id")
    named = recorded.filter(revision__in=Revision.objects.visible_to(user)).values("revision__document_id")
    found = Document.objects.visible_to(user).filter(on_table | Q(pk__in=named)).distinct()
    found = found.prefetch_related(Prefetch("revisions", states))
    return list(found.order_by(F("base").asc(nulls_first=True), "id"))


class _Facts:
    """What is known of the states of papers beside their rows: their files, and the editions that some of them are."""

    def __init__(self, revisions: Sequence[Revision], group: WorkingGroup) -> None:
        ids = [one.pk for one in revisions]
        self.languages: dict[UUID, set[str]] = {}
        for pk, code in RevisionFile.objects.standing().filter(revision__in=ids).values_list("revision_id", "language"):
            self.languages.setdefault(pk, set()).add(code)
        self.days: dict[UUID, date] = {}
        for edition in Edition.objects.filter(revision__in=ids).select_related("change_set"):
            self.days[edition.revision_id] = edition.change_set.at.astimezone(group.zone).date()
            self.languages.setdefault(edition.revision_id, set()).update(complete_languages(edition.text))

    def day_of(self, revision: Revision) -> date | None:
        return revision.dated or revision.issued_on or self.days.get(revision.pk)


def _line(paper: Document, link: Link, facts: _Facts) -> Json:
    """A state of a paper as one line."""
    revision, symbol = link.revision, link.revision.symbol
    day = facts.day_of(revision)
    return {
        "symbol": _symbol_of(revision),
        "beside_symbol": list(_how_printed(symbol)),
        "title": revision.shown_title.to_json(),
        "beside_title": [capfirst(words) for words in _what_it_is(link)],
        "languages": list(_languages(paper, facts.languages.get(revision.pk, set()))),
        "distribution": str(paper.get_distribution_display()),
        "dated": dates.day_formal(day) if day else "",
        "is_gone": link.standing == "superseded",
    }


def _how_printed(symbol: RegisteredSymbol) -> Iterable[str]:
    if symbol.printed and symbol.printed != symbol.canonical:
        yield _("printed: %(symbol)s") % {"symbol": symbol.printed}
    if symbol.review:
        yield _("to check")


def _what_it_is(link: Link) -> Iterable[str]:
    if link.path:
        yield link.meaning
    if link.revision.languages:
        yield _("%(languages)s only") % {"languages": link.revision.get_languages_display()}
    if link.superseder:
        yield _("superseded by %(symbol)s") % {"symbol": _symbol_of(link.superseder)}
    if link.standing == "draft":
        yield _("not issued yet")


def _languages(paper: Document, existing: set[str]) -> Iterable[str]:
    """In which language it was written, and in which ones it is there."""
    if paper.original_languages:
        yield _("original: %(languages)s") % {"languages": paper.get_original_languages_display()}
    if "" in existing:
        yield _("in several languages")
    if codes := [code for code in LANGUAGES if code in existing]:
        yield _("available: %(languages)s") % {"languages": languages_of("/".join(codes))}


def _for_whom(
    group: WorkingGroup, meeting: Meeting | None, states: Iterable[Revision], hides_symbols: bool = False
) -> list[str]:
    """The warning of a sheet that is not for everybody: what is on it is held against what anybody may see."""
    named = {one.pk: one for one in states}
    if any(one.state == Revision.State.WORKING for one in named.values()):
        return [_("It names papers that are not issued yet")]
    if not group.is_public or (meeting and meeting.status == Status.PROPOSED):
        return [_("It is not for everybody")]
    public = Revision.objects.visible_to(AnonymousUser()).filter(pk__in=named)
    if hides_symbols or public.count() < len(named):
        return [_("It names papers that are not for everybody")]
    return []


def _withdrawn(user: "User | AnonymousUser", group: WorkingGroup) -> list[str]:
    """The symbols of the group's papers that were withdrawn or misread, as far as the reader might know the papers."""
    gone = {one.pk: one for one in RegisteredSymbol.objects.filter(state=RegisteredSymbol.State.WITHDRAWN)}
    held = Revision.history.model.objects.filter(symbol_id__in=gone).values_list("symbol_id", "id").distinct()
    seen = Revision.objects.open_to(user).filter(document__group=group, document__plan=None)
    seen_ids = set(seen.filter(pk__in={revision for _symbol, revision in held}).values_list("pk", flat=True))
    symbols = {gone[symbol] for symbol, revision in held if revision in seen_ids}
    return [one.display for one in sorted(symbols, key=lambda one: one.canonical or "")]


# The order of business ---------------------------------------------------

# How papers of the four languages word the first and the last item (in the form of `search_key`, without its sign).
_ADOPTION: Final = re.compile(
    r"(consideration and )?(adoption|approval) of the (draft )?(order of business|agenda)"
    r"|(consideracion y )?(aprobacion|adopcion) del (proyecto de )?(orden del dia|temario|agenda)"
    r"|(examen et )?(adoption|approbation) (de l['’]|du projet d['’])ordre du jour"
    r"|(consideracao e )?(aprovacao|adocao) d[ao] (projeto de )?(ordem do dia|temario|pauta|agenda)"
)
_OTHER: Final = re.compile(
    r"(any )?other (business|matters)"
    r"|(otros asuntos|asuntos varios|varios|otros)"
    r"|(questions diverses|divers|autres questions)"
    r"|(outros assuntos|assuntos diversos|diversos)"
)


def business_of(user: "User | AnonymousUser", group: WorkingGroup, meeting: Meeting) -> Json:
    """The order of business of a meeting: its adoption, the topics with their papers, other business."""
    sheet = _head(group)
    topics = order_of_business(user, meeting, {})
    own = _its_paper(user, meeting)
    states = [state for item in topics for paper in item["papers"] for state in paper.revisions.all()]
    warnings = _for_whom(group, meeting, [*states, *([own] if own else [])])
    words = str(meeting.get_status_display())
    return sheet | {
        "heading": _("Order of business"),
        "meeting": str(meeting),
        "symbol": _symbol_of(own) if own else "",
        "dated": dates.day_formal(day) if own and (day := own.dated or own.issued_on) else "",
        "word": words,
        "rule": _RULES[Status(meeting.status)],
        "foot": " · ".join([words, _as_of(sheet), *warnings]),
        "status_lines": [_as_of(sheet), *warnings],
        "when": _when_and_where(meeting),
        "notices": _notices(meeting),
        "lines": _items(topics, own),
    }


def _items(topics: Sequence[Mapping[str, Any]], own: Revision | None) -> list[Json]:
    """Item 1 is the adoption of the order of business, the last one other business; neither is said twice."""
    items = [_item(one["topic"].text.to_json(), one["papers"]) for one in topics]
    adoption = next((item for item, one in zip(items, topics, strict=True) if _says(one["topic"], _ADOPTION)), None)
    if adoption is None:
        adoption = _item(_("Adoption of the order of business"))
        items.insert(0, adoption)
    adoption["symbol"] = _symbol_of(own) if own else ""
    adoption["papers"] = [one for one in adoption["papers"] if one["symbol"] != adoption["symbol"] or one["title"]]
    if not any(_says(one["topic"], _OTHER) for one in topics):
        items.append(_item(_("Other business")))
    return items


def _item(text: Any, papers: Iterable[Document] = ()) -> Json:
    return {"text": text, "symbol": "", "papers": _symbols(papers)}


def _says(topic: Topic, what: re.Pattern[str]) -> bool:
    return any(what.fullmatch(search_key(wording).rstrip(" .;:")) for _language, wording in topic.text)


def _symbols(papers: Iterable[Document]) -> list[Json]:
    """The texts of papers that no later one has superseded; of one without a symbol its title."""
    return [
        {
            "symbol": _symbol_of(link.revision),
            "title": None if link.revision.symbol.canonical else link.revision.shown_title.to_json(),
            "note": _("not issued yet") if link.standing == "draft" else "",
        }
        for paper in papers
        for link in chain_of(paper, list(paper.revisions.all()))
        if not link.superseder
    ]


def _symbol_of(revision: Revision) -> str:
    """The symbol, whose “rev. 1” a line does not divide; else that there is none."""
    symbol = revision.symbol
    return _WHOLE.sub("\\1.\N{NO-BREAK SPACE}", symbol.display) if symbol.canonical else _("symbol pending")


def _its_paper(user: "User | AnonymousUser", meeting: Meeting) -> Revision | None:
    """The latest text of the paper of this kind that is on the table of a meeting or recorded with it."""
    for paper in papers_of_meeting(user, meeting):
        if paper.kind == Document.Kind.ORDER_OF_BUSINESS:
            links = chain_of(paper, list(paper.revisions.all()))
            current = next((link.revision for link in links if link.is_current), None)
            if current or links:
                return current or links[0].revision
    return None


def _set_for(meeting: Meeting) -> str:
    """The meeting and its days in one line."""
    return ", ".join(filter(None, [called(meeting), _days(meeting)]))


def _days(meeting: Meeting) -> str:
    """The days for which it is or was set, in words where there are no others."""
    if meeting.precision == Meeting.Precision.IMPRECISE or not meeting.starts_on:
        return str(meeting.words) if meeting.words else ""
    return dates.days(meeting.starts_on, meeting.ends_on or meeting.starts_on)


def _time(meeting: Meeting) -> str:
    return dates.span_us(*meeting.wall_times) if meeting.wall_times else _days(meeting)


def _when_and_where(meeting: Meeting) -> list[Any]:
    """Name, day, hours and place, line by line; what has no time any more gives none."""
    lines: list[Any] = [meeting.numbered] if meeting.kind == Meeting.Kind.SESSION else []
    lines += [meeting.title.to_json()] if meeting.title else []
    if meeting.status in {Status.POSTPONED, Status.CANCELLED}:
        return lines
    exact = meeting.is_exact and meeting.starts_on and meeting.starts_on == meeting.ends_on
    day = _days(meeting) or _("the day is not set")
    lines.append(f"{capfirst(dates.weekday(meeting.starts_on))}, {day}" if exact and meeting.starts_on else day)
    if meeting.wall_times:
        zone = ", ".join(filter(None, [zone_name(meeting), offset(meeting)]))
        lines.append(f"{dates.hours_us(*meeting.wall_times)} ({zone}) · {gmt(meeting)} GMT")
    return lines + _place(meeting)


def _place(meeting: Meeting) -> list[Any]:
    """Room and city, else city and country, as far as they are known."""
    city, country = meeting.place_city, meeting.place_country
    names: list[Text | None] = [meeting.room.name if meeting.room else None, city.name if city else None]
    if not meeting.room:
        names.append(country)
    return [name.to_json() for name in names if name]


def _notices(meeting: Meeting) -> list[Any]:
    """That a meeting was moved, put off or cancelled, from when and where, and what its readers were told."""
    said: list[Any] = []
    if meeting.status == Status.CANCELLED:
        said.append(_("This meeting has been cancelled."))
    elif meeting.status == Status.POSTPONED:
        said.append(_("This meeting has been postponed. No new day is set yet."))
    if said and (time := _time(meeting)):
        said.append(_("It was set for %(time)s") % {"time": time})
    moved = last_move(lives_of([meeting]).get(meeting.pk, []))
    if moved and moved.was and meeting.status in {Status.CONVENED, Status.HELD}:
        said.append(_("This meeting has moved."))
        if moved.has_another_time:
            said.append(_("It was set for %(time)s") % {"time": _time(moved.was)})
        if moved.has_another_place:
            said += [_("It was to be here:"), *_place(moved.was)]
    return said + ([meeting.notice.to_json()] if meeting.notice else [])
