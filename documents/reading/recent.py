"""The latest change-sets that concern a group, for those who may see its history."""

from typing import Any

from django.db.models import Q

from documents.models import Adoption, Confirmation, Consideration, Edition, PreparedAdoption, Release
from mandates.models import Assignment, Mandate, Note, Paragraph, PlanRow, WorkingGroup, WorkPlan
from meetings.models import Meeting, Topic
from mispa.ground.models import ChangeSet


def change_sets_of(group: WorkingGroup) -> Any:
    """Change-sets that touched the group's plan, its editions or its meetings, the latest first."""
    plan = WorkPlan.objects.filter(group=group).values("id")
    rows = PlanRow.objects.filter(plan__group=group).values("id")
    mandates = Mandate.objects.filter(row__plan__group=group).values("id")
    meetings = Meeting.objects.filter(group=group).values("id")
    touched = [
        WorkPlan.history.filter(id__in=plan),
        Paragraph.history.filter(plan__in=plan),
        Note.history.filter(plan__in=plan),
        PlanRow.history.filter(plan__in=plan),
        Mandate.history.filter(row__in=rows),
        Assignment.history.filter(Q(row__in=rows) | Q(mandate__in=mandates)),
        Meeting.history.filter(group=group.pk),
        Topic.history.filter(meeting__in=meetings),
        Edition.objects.filter(plan__group=group),
        Release.objects.filter(edition__plan__group=group),
        Consideration.objects.filter(edition__plan__group=group),
        Adoption.objects.filter(edition__plan__group=group),
        Confirmation.objects.filter(adoption__edition__plan__group=group),
        PreparedAdoption.history.filter(edition__in=Edition.objects.filter(plan__group=group).values("id")),
    ]
    concerned = Q()
    for rows_of_one in touched:
        concerned |= Q(id__in=rows_of_one.values("change_set_id"))
    return ChangeSet.objects.filter(concerned).select_related("by").order_by("-at", "-id")
