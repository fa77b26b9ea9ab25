"""What a meeting has on its table: its topics, each with the papers and mandates that the reader may see."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Prefetch

from documents.models import Document, Revision, TopicDocument
from documents.reading.past import Past
from documents.reading.texts import Reading
from meetings.models import Meeting, TopicMandate

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User


def order_of_business(
    user: "User | AnonymousUser",
    meeting: Meeting,
    readable: Mapping[UUID, dict[str, Any]],
    past: Past | None = None,
) -> list[dict[str, Any]]:
    """The topics of a meeting in their order, with papers, and with the mandates that the reader's text has."""
    topics = list(meeting.topics.all())
    papers = past.papers_of(topics) if past else _papers_of(user, topics)
    serves = (past.mandates_of(topics) if past else _mandates_of(topics)) if readable else []
    return [
        {
            "topic": topic,
            "papers": [one.document for one in papers if one.topic_id == topic.pk],
            "mandates": [
                readable[one.mandate_id] for one in serves if one.topic_id == topic.pk and one.mandate_id in readable
            ],
        }
        for topic in topics
    ]


def _papers_of(user: "User | AnonymousUser", topics: list[Any]) -> list[TopicDocument]:
    known = Document.objects.visible_to(user)
    papers = TopicDocument.objects.standing().filter(topic__in=topics, document__in=known)
    revisions = Revision.objects.visible_to(user).select_related("symbol").order_by("position", "id")
    papers = papers.select_related("document").prefetch_related(Prefetch("document__revisions", revisions))
    return list(papers.order_by("position", "id"))


def _mandates_of(topics: list[Any]) -> list[TopicMandate]:
    return list(TopicMandate.objects.standing().filter(topic__in=topics).order_by("position", "id"))


def mandates_in(reading: Reading | None) -> dict[UUID, dict[str, Any]]:
    """By id: what to call each mandate of a text, since a mandate outside it is not the reader's to know."""
    rows = reading.text["rows"] if reading else []
    return {
        UUID(mandate["id"]): {"id": mandate["id"], "symbol": row["symbol"], "number": number}
        for row in rows
        for number, mandate in enumerate(row["mandates"], start=1)
    }
