"""The group before the reader, and what the frame of all its pages needs."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language

from mandates.models import WorkingGroup
from mandates.permissions import can_issue, can_release, can_see_circulated, can_see_history, is_editor


def group_or_404(request: HttpRequest, slug: str) -> WorkingGroup:
    groups = WorkingGroup.objects.visible_to(request.user).select_related("body__parent", "plan")
    group: WorkingGroup = get_object_or_404(groups, slug=slug)
    return group


def group_context(request: HttpRequest, group: WorkingGroup, place: str) -> dict[str, Any]:
    """What the frame of every page of a group needs: where we are, and what this reader may do here."""
    return {
        "group": group,
        "place": place,
        "feed_query": _feed_query(group),
        "can_edit": is_editor(request.user, group),
        "can_issue": can_issue(request.user, group),
        "can_release": can_release(request.user, group),
        "can_see_history": can_see_history(request.user, group),
        "can_see_circulated": can_see_circulated(request.user, group),
    }


def _feed_query(group: WorkingGroup) -> str:
    """What the address of the calendar file needs so that it comes in the language of the page."""
    language = (get_language() or group.name.original)[:2]
    return f"?lang={language}" if language != group.name.original else ""
