"""Who may do what with meetings and rooms, beside the rules of `mandates.permissions`."""

from typing import TYPE_CHECKING

from mandates.permissions import Role, has_role_anywhere, is_administrator

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User


def can_edit_rooms(user: "User | AnonymousUser") -> bool:
    """The secretariat of any group, and the administrator: rooms are shared, and are nobody's text."""
    return is_administrator(user) or has_role_anywhere(user, {Role.SECRETARIAT})
