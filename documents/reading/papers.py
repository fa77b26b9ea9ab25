"""What stands round a paper: the papers to which it is linked, the topics and the mandates that it serves."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from documents.models import Document, DocumentLink, MandateDocument, Revision, TopicDocument
from documents.reading.past import Past
from documents.reading.ties import latest_of, title_of
from meetings.models import Meeting
from mispa.ground.text import Text

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User

Relation = DocumentLink.Relation
_FORTH: Final[Mapping[Any, Callable[[], str]]] = {
    Relation.REPLACES: lambda: _("It replaces"),
    Relation.CORRECTS: lambda: _("It corrects"),
    Relation.ADDS_TO: lambda: _("It adds to"),
    Relation.REFERS_TO: lambda: _("It refers to"),
}
_BACK: Final[Mapping[Any, Callable[[], str]]] = {
    Relation.REPLACES: lambda: _("It is replaced by"),
    Relation.CORRECTS: lambda: _("It is corrected by"),
    Relation.ADDS_TO: lambda: _("It is supplemented by"),
    Relation.REFERS_TO: lambda: _("It is referred to by"),
}


@dataclass
class Linked:
    """In words what other papers are to this one, and the titles of those papers with their latest state."""

    words: str
    papers: list[tuple[Text, Revision | None]]


def linked_with(user: "User | AnonymousUser", document: Document, past: Past | None) -> list[Linked]:
    """The links of a paper in both directions, to papers that the reader may see."""
    if past:
        rows = [*past.rows(DocumentLink, document_id=document.pk), *past.rows(DocumentLink, other_id=document.pk)]
        ids = {row.other_id for row in rows} | {row.document_id for row in rows}
        papers = {one.pk: one for one in past.documents(id__in=list(ids))}
    else:
        links = DocumentLink.objects.standing().order_by("position", "id")
        rows = [*links.filter(document=document), *links.filter(other=document)]
        ids = {row.other_id for row in rows} | {row.document_id for row in rows}
        states = Revision.objects.visible_to(user).select_related("symbol", "edition").order_by("position", "id")
        seen = Document.objects.visible_to(user).filter(pk__in=ids).prefetch_related(Prefetch("revisions", states))
        papers = {one.pk: one for one in seen}
    found: list[Linked] = []
    for relation in Relation:
        of_it = [row for row in rows if row.relation == relation]
        forth = [row.other_id for row in of_it if row.document_id == document.pk]
        back = [row.document_id for row in of_it if row.other_id == document.pk]
        for words, others in ((_FORTH[relation], forth), (_BACK[relation], back)):
            shown = [papers[pk] for pk in others if pk in papers]
            if shown:
                found.append(Linked(words(), [(title_of(one), latest_of(one)) for one in shown]))
    return found


def topics_of(user: "User | AnonymousUser", document: Document, past: Past | None) -> list[Any]:
    """The topics on whose table a paper is, at meetings that the reader may see, in the order of the calendar."""
    if past:
        return past.topics_of(document)
    meetings = Meeting.objects.visible_to(user).with_places()
    standing = TopicDocument.objects.standing().filter(document=document, topic__is_withdrawn=False)
    rows = list(standing.filter(topic__meeting__in=meetings).select_related("topic"))
    held = {one.pk: (place, one) for place, one in enumerate(meetings.filter(topics__papers__in=rows).in_order())}
    for row in rows:
        row.topic.meeting = held[row.topic.meeting_id][1]
    return [row.topic for row in sorted(rows, key=lambda row: (held[row.topic.meeting_id][0], row.topic.position))]


def mandates_of(
    document: Document, texts: Iterable[tuple[Any, Any, Sequence[Any]]], past: Past | None
) -> list[dict[str, Any]]:
    """The mandates that a paper serves, of the texts that the reader may read: group, page and rows of each."""
    standing = MandateDocument.objects.standing().filter(document=document).order_by("position", "id")
    rows = past.rows(MandateDocument, document_id=document.pk) if past else standing
    roles = {str(row.mandate_id): row.get_role_display() for row in rows}
    return [
        {"group": group, "page": page, "row": row, "mandate": mandate, "number": number, "role": roles[mandate["id"]]}
        for group, page, text_rows in texts
        for row in text_rows
        for number, mandate in enumerate(row["mandates"], start=1)
        if mandate["id"] in roles
    ]
