from mandates.models.area import Assignment, ResponsibleArea
from mandates.models.group import Body, Delegation, Membership, Pillar, WorkingGroup
from mandates.models.plan import Mandate, Note, Paragraph, PlanRow, WorkPlan
from mandates.models.resolution import RegisteredOrgan, RegisteredSymbol, Resolution, registered_organs

__all__ = [
    "Assignment",
    "Body",
    "Delegation",
    "Mandate",
    "Membership",
    "Note",
    "Paragraph",
    "Pillar",
    "PlanRow",
    "RegisteredOrgan",
    "RegisteredSymbol",
    "Resolution",
    "ResponsibleArea",
    "WorkPlan",
    "WorkingGroup",
    "registered_organs",
]
