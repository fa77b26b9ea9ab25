"""Which papers prepare a mandate and carry it out, and which are on the table of a topic."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from documents.models import MandateDocument, TopicDocument
from mandates.models import Mandate
from mandates.models.plan import POSITION_GAP
from mandates.permissions import is_editor
from meetings.models import Topic
from mispa.ground.editing import revise
from mispa.ground.links import Links
from mispa.ground.models import User

_DOCUMENT = ["document_id"]


def _in_role(role: MandateDocument.Role, label: Any) -> Links:
    return Links(MandateDocument, "mandate", _DOCUMENT, label, POSITION_GAP, kind={"role": role.value})


CARRYING_OUT = _in_role(MandateDocument.Role.CARRIES_OUT, _("papers that carry it out"))
PREPARING = _in_role(MandateDocument.Role.PREPARES, _("papers that prepare it"))
ON_THE_TABLE = Links(TopicDocument, "topic", _DOCUMENT, _("papers on the table"), POSITION_GAP)

PAPERS_OF_MANDATE = {"carrying_out": CARRYING_OUT, "preparing": PREPARING}
PAPERS_OF_TOPIC = {"papers": ON_THE_TABLE}


def revise_papers_of_mandate(
    *, mandate: Mandate, by: User, reason: str, opened_from: int, restoring: bool = False, **values: Any
) -> Mandate:
    """Say how far a mandate is, and by which papers. Raises what `mispa.ground.editing.revise` raises."""
    if not is_editor(by, mandate.row.plan.group):
        raise PermissionDenied
    return revise(
        mandate,
        mine=values,
        opened_from=opened_from,
        by=by,
        reason=reason,
        besides=PAPERS_OF_MANDATE,
        restoring=("assignments", "papers") if restoring else None,
    )


def revise_papers_of_topic(
    *, topic: Topic, by: User, reason: str, opened_from: int, restoring: bool = False, **values: Any
) -> Topic:
    """Put papers on the table of a topic, in the order in which they are taken up."""
    if topic.meeting.group is None or not is_editor(by, topic.meeting.group):
        raise PermissionDenied
    return revise(
        topic,
        mine=values,
        opened_from=opened_from,
        by=by,
        reason=reason,
        besides=PAPERS_OF_TOPIC,
        restoring=("topic_mandates", "papers") if restoring else None,
    )
