"""Meetings as they stand today: what is in session, and the ministerial process with its papers."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest

from documents.models import Adoption, Consideration, Edition, MeetingDocument, Revision
from mandates.models import WorkingGroup
from meetings.models import Meeting, MeetingBasis


def is_on(meeting: Meeting, now: datetime) -> bool:
    """Whether a convened meeting with hours is in session at an instant."""
    if meeting.status != Meeting.Status.CONVENED or meeting.starts is None or meeting.ends is None:
        return False
    return bool(meeting.starts <= now < meeting.ends)


def outcomes_of(request: HttpRequest, meeting: Meeting) -> list[Any]:
    """What a meeting did with editions that the reader may open: considerations, then adoptions; by edition."""
    seen = Edition.objects.visible_to(request.user)
    return [
        row
        for model in (Consideration, Adoption)
        for row in model.objects.filter(meeting=meeting, edition__in=seen)
        .select_related("edition__plan")
        .order_by("edition__number")
    ]


def process_of(request: HttpRequest, group: WorkingGroup) -> list[Meeting]:
    """The ministerial meetings up to the one that the group prepares, with all that belongs to them, in order."""
    papers = MeetingDocument.objects.standing().filter(revision__in=Revision.objects.visible_to(request.user))
    papers = papers.select_related("revision__symbol", "revision__document").order_by("position", "id")
    bases = MeetingBasis.objects.standing().select_related("resolution__symbol").order_by("position", "id")
    visible = Meeting.objects.visible_to(request.user)
    before = visible.select_related("city", "note").prefetch_related(Prefetch("papers", papers))
    ministerials = visible.of_process(group).filter(kind=Meeting.Kind.MINISTERIAL).with_places().order_by("ordinal")
    return list(
        ministerials.prefetch_related(
            Prefetch("papers", papers),
            Prefetch("bases", bases),
            Prefetch("preparatory_meetings", before.order_by("starts_on", "id")),
        )
    )
