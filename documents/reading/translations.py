"""The texts of a group in their languages: what is missing, what is older than its original, and where it is written.

Everything that keeps a history and has a `LanguagesField` is here; a new field of a model appears by itself.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from documents.models import Document, MeetingDocument, TopicDocument
from mandates.models import (
    Assignment,
    Body,
    Delegation,
    Mandate,
    Note,
    Paragraph,
    Pillar,
    PlanRow,
    Resolution,
    ResponsibleArea,
    WorkingGroup,
    WorkPlan,
)
from mandates.permissions import can_register, is_editor
from meetings.models import City, Meeting, MeetingBasis, Room, Series, Topic
from meetings.permissions import can_edit_rooms
from mispa.ground.merging import LANGUAGE_NAMES
from mispa.ground.models import Tracked
from mispa.ground.text import LANGUAGES, LanguagesField, Text, sort_key
from mispa.ground.translating import changed_since, originals

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User

# The edit pages, and what an address of theirs is made of; what is not here has none.
_EDITED: Final[Mapping[type[Tracked], tuple[str, Callable[[Any], list[Any]]]]] = {
    Paragraph: ("mandates:paragraph-edit", lambda one: [one.pk]),
    Note: ("mandates:note-edit", lambda one: [one.pk]),
    PlanRow: ("mandates:row-edit", lambda one: [one.pk]),
    Mandate: ("mandates:mandate-edit", lambda one: [one.pk]),
    ResponsibleArea: ("mandates:area-edit", lambda one: [one.slug]),
    Resolution: ("mandates:resolution-edit", lambda one: [one.symbol.slug or one.pk]),
    Meeting: ("meetings:meeting-edit", lambda one: [one.group.slug, one.number]),
    Topic: ("meetings:topic-edit", lambda one: [one.pk]),
    Room: ("meetings:room-edit", lambda one: [one.pk]),
    Document: ("documents:document-edit", lambda one: [one.pk]),
}
_ON_NO_FORM: Final = {(Meeting, "checked_source")}

# By what people find a thing, beside its words.
_KNOWN_BY: Final[Mapping[type[Tracked], Callable[[Any], Any]]] = {
    Paragraph: lambda one: one.get_section_display(),
    Note: lambda one: f"[^{one.key}]",
    PlanRow: lambda one: one.symbol_as_printed,
    Mandate: lambda one: one.row,
    Resolution: lambda one: one.symbol.display,
    Meeting: lambda one: one.short_title or (one if one.kind == Meeting.Kind.SESSION else ""),
    Topic: lambda one: one.meeting.short_title or one.meeting,
    Document: lambda one: one.base or "",
}
_BY_NAME: Final = {ResponsibleArea, Room, City, Delegation}


@dataclass(frozen=True)
class Translation:
    """A text in one of the languages that are not its original."""

    language: str
    state: str  # one of `mispa.ground.text.STATES`
    wording: str
    changed_since: SafeString | None  # the original with what changed since, where it is stale and that is known
    edit: str  # the address of its field; empty where this reader may not write it, or nobody can

    @property
    def language_name(self) -> str:
        return str(LANGUAGE_NAMES[self.language])


@dataclass(frozen=True)
class Line:
    """A text of the group: of which thing, in which of its fields."""

    kind: str
    label: str
    field: str
    known_by: str
    text: Text
    translations: list[Translation]
    keeper: str  # who writes it, where the reader cannot

    @property
    def wording(self) -> str:
        return self.text.wordings[self.text.original]

    @property
    def original_name(self) -> str:
        return str(LANGUAGE_NAMES[self.text.original])

    @property
    def changed_since(self) -> SafeString | None:
        """The original with what changed, where it is one change for all translations that are older than it."""
        told = {one.changed_since for one in self.translations if one.state == "stale"}
        return told.pop() if len(told) == 1 else None


def lines(user: "User | AnonymousUser", group: WorkingGroup) -> list[Line]:
    """Every text of a group's working text, in a number of queries that does not depend on how many there are."""
    return [line for model, things in things_of(user, group).items() for line in _lines_of(model, things, user, group)]


def texts_of(group: WorkingGroup) -> Iterator[tuple[Any, str, Text]]:
    """Every text of a group's working text, whoever asks, with the id of its thing and the name of its field."""
    for model, things in things_of(None, group).items():
        names = [column.name for column in model._meta.concrete_fields if isinstance(column, LanguagesField)]
        for row in things.values_list("pk", *names):
            yield from ((row[0], name, text) for name, text in zip(names, row[1:], strict=True) if text)


def things_of(user: "User | AnonymousUser | None", group: WorkingGroup) -> dict[type[Tracked], QuerySet[Any]]:
    """What belongs to a group, or is named by what does, in the order in which a plan is read.

    Without a reader: of papers, those that are the group's, or nobody's, or public.
    """
    rows = PlanRow.objects.standing().filter(plan__group=group)
    mandates = Mandate.objects.standing().filter(row__in=rows)
    assigned = Assignment.objects.standing().filter(Q(row__in=rows) | Q(mandate__in=mandates))
    series = Meeting.objects.standing().filter(group=group, series__isnull=False).values("series_id")
    before = Meeting.objects.of_process(group).exclude(status=Meeting.Status.PROPOSED)
    before = before.filter(Q(group__isnull=True) | Q(group__is_public=True, group__is_withdrawn=False))
    meetings = Meeting.objects.standing().filter(Q(group=group) | Q(pk__in=before.values("pk")))
    topics = Topic.objects.standing().filter(meeting__in=meetings.filter(Q(group=group) | Q(group__isnull=True)))
    bases = MeetingBasis.objects.standing().filter(meeting__in=meetings)
    rooms = Room.objects.filter(id__in=meetings.values("room_id"))
    of_meetings = MeetingDocument.objects.standing().filter(meeting__in=meetings).values("revision__document_id")
    of_topics = TopicDocument.objects.standing().filter(topic__in=topics).values("document_id")
    # The paper of a plan has the title of the plan's editions.
    papers = Document.objects.visible_to(user) if user else Document.objects.known_to(group)
    papers = papers.filter(plan__isnull=True)
    cited = Q(id__in=rows.values("resolution_id")) | Q(id__in=mandates.values("refined_by_id"))
    return {
        WorkPlan: WorkPlan.objects.filter(group=group),
        Paragraph: Paragraph.objects.standing().filter(plan__group=group).order_by("section", "position", "id"),
        Note: Note.objects.standing().filter(plan__group=group).order_by("key", "id"),
        PlanRow: rows.order_by("position", "id"),
        Mandate: mandates.select_related("row").order_by("row__position", "row_id", "position", "id"),
        ResponsibleArea: ResponsibleArea.objects.filter(
            Q(id__in=assigned.values("area_id")) | Q(id__in=assigned.values("unit_id"))
        ),
        Resolution: Resolution.objects.filter(cited | Q(id__in=bases.values("resolution_id")))
        .select_related("symbol")
        .order_by("symbol__canonical", "id"),
        Meeting: meetings.select_related("group", "series").in_order(),
        Topic: topics.select_related("meeting__series").order_by("meeting__starts_on", "meeting_id", "position", "id"),
        Room: rooms,
        City: City.objects.filter(Q(id__in=meetings.values("city_id")) | Q(id__in=rooms.values("city_id"))),
        Document: papers.filter(Q(group=group) | Q(id__in=of_meetings) | Q(id__in=of_topics)).order_by("base", "id"),
        WorkingGroup: WorkingGroup.objects.filter(id=group.pk),
        Body: Body.objects.filter(id__in=[group.body_id, group.body.parent_id]),
        Delegation: Delegation.objects.standing().filter(group=group),
        Series: Series.objects.filter(id__in=series),
        Pillar: Pillar.objects.standing().order_by("position", "id"),
    }


def _lines_of(
    model: type[Tracked], found: QuerySet[Any], user: "User | AnonymousUser", group: WorkingGroup
) -> Iterator[Line]:
    columns = [column for column in model._meta.concrete_fields if isinstance(column, LanguagesField)]
    names = [column.name for column in columns]
    things = list(found)
    if model in _BY_NAME:
        things.sort(key=lambda one: (sort_key(one.name), str(one.pk)))
    stale = {one.pk for one in things for name in names if _is_stale(getattr(one, name))}
    known = originals(model, names, stale) if stale else {}
    may_edit = is_editor(user, group) and (model is not Room or can_edit_rooms(user))
    if model is Document:
        may_edit = can_register(user, group)
    for one in things:
        for column in columns:
            text: Text | None = getattr(one, column.name)
            if not text:
                continue
            page = _edit_page(one, column.name, group)
            yield Line(
                kind=str(model._meta.model_name),
                label=capfirst(str(model._meta.verbose_name)),
                field=str(column.verbose_name),
                known_by=str(_KNOWN_BY[model](one)) if model in _KNOWN_BY else "",
                text=text,
                translations=[
                    Translation(
                        language=language,
                        state=text.state_in(language),
                        wording=text.wordings.get(language, ""),
                        changed_since=changed_since(one.pk, column.name, text, language, known)
                        if text.is_stale(language)
                        else None,
                        edit=f"{page}#id_{column.name}-{language}" if page and may_edit else "",
                    )
                    for language in LANGUAGES
                    if language != text.original
                ],
                keeper="" if may_edit and page else _keeper(page, model),
            )


def _is_stale(text: Text | None) -> bool:
    return text is not None and any(text.is_stale(language) for language in LANGUAGES)


def _edit_page(thing: Tracked, name: str, group: WorkingGroup) -> str:
    if type(thing) not in _EDITED or (type(thing), name) in _ON_NO_FORM:
        return ""
    if isinstance(thing, Meeting) and thing.group is None:  # of the past, in no group's calendar
        return ""
    if isinstance(thing, Document) and thing.group_id not in (None, group.pk):
        return ""
    url, address = _EDITED[type(thing)]
    return reverse(url, args=address(thing))


def _keeper(page: str, model: type[Tracked]) -> str:
    if not page:
        return _("kept by the administrator; no page changes it")
    return _("kept by the secretariat") if model in {Room, Document} else _("kept by the secretariat and the chair")


def counts(every: list[Line]) -> dict[str, dict[str, int]]:
    """By language: in how many texts it is the original, and how many are complete, stale and missing."""
    found = {language: dict.fromkeys(("original", "complete", "stale", "missing"), 0) for language in LANGUAGES}
    for line in every:
        found[line.text.original]["original"] += 1
        for one in line.translations:
            found[one.language][one.state] += 1
    return found
