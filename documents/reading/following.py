"""Whether a page offers to follow what it shows, and whether its reader does already."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from documents.actions.following import follows, may_follow
from mandates.models import WorkingGroup
from meetings.models import Meeting

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from documents.actions.following import Thing
    from mispa.ground.models import User


def follow_context(user: "User | AnonymousUser", thing: "Thing") -> dict[str, Any]:
    """What `documents/_follow.html` needs."""
    if not may_follow(user, thing):
        return {"follow": None}
    return {"follow": {"is_on": follows(user, thing), "address": _address(thing)}}


def _address(thing: "Thing") -> str:
    if isinstance(thing, WorkingGroup):
        return reverse("documents:group-follow", args=[thing.slug])
    if isinstance(thing, Meeting) and thing.group:
        return reverse("documents:meeting-follow", args=[thing.group.slug, thing.number])
    return reverse("documents:document-follow", args=[thing.pk])
