"""The group before the reader, and what the frame of all its pages needs."""

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mandates.models import WorkingGroup, WorkPlan
from mandates.permissions import can_issue, can_release, can_see_circulated, can_see_history, is_editor


def group_or_404(request: HttpRequest, slug: str) -> WorkingGroup:
    groups = WorkingGroup.objects.visible_to(request.user).select_related("body__parent", "plan")
    group: WorkingGroup = get_object_or_404(groups, slug=slug)
    return group


def plan_or_404(group: WorkingGroup) -> WorkPlan:
    """The plan of a group; one that was just made by hand may have none yet."""
    plan: WorkPlan | None = getattr(group, "plan", None)
    if plan is None:
        raise Http404(_("This group has no work plan yet."))
    return plan


def group_context(request: HttpRequest, group: WorkingGroup, place: str) -> dict[str, Any]:
    """What the frame of every page of a group needs: where we are, and what this reader may do here."""
    return {
        "group": group,
        "place": place,
        "feed_language": _feed_language(group),
        "feed_query": _feed_query(group),
        "can_edit": is_editor(request.user, group),
        "can_issue": can_issue(request.user, group),
        "can_release": can_release(request.user, group),
        "can_see_history": can_see_history(request.user, group),
        "can_see_circulated": can_see_circulated(request.user, group),
    }


def _feed_query(group: WorkingGroup) -> str:
    """What the address of the calendar file needs so that it comes in the language of the page."""
    language = _feed_language(group)
    return f"?lang={language}" if language else ""


def _feed_language(group: WorkingGroup) -> str:
    """The language of the page, if it is not the one in which files come by themselves."""
    language = (get_language() or group.name.original)[:2]
    return language if language != group.name.original else ""
