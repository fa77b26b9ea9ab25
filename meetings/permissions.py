"""Who may do what with meetings and rooms, beside the rules of `mandates.permissions`."""

from typing import TYPE_CHECKING

from django.utils import timezone

from mandates.models import Membership
from mandates.permissions import is_administrator

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User


def can_edit_rooms(user: "User | AnonymousUser") -> bool:
    """The secretariat of any group, and the administrator: rooms are shared, and are nobody's text."""
    if not user.is_authenticated:
        return False
    roles = Membership.objects.in_force(timezone.now().date()).filter(user=user.pk)
    return is_administrator(user) or bool(roles.filter(role=Membership.Role.SECRETARIAT).exists())
