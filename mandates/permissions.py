"""Who may do what. Every view, feed and export asks here; a hidden button is no permission.

The roles come from `Membership`, each by the day in the zone of its group; the administrator is an account with
`is_staff`, who decides nothing for a group.
"""

from collections.abc import Set
from typing import TYPE_CHECKING, Any

from mandates.models import Delegation, Membership, WorkingGroup

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User

Role = Membership.Role
CHAIRS = frozenset({Role.CHAIR, Role.VICE_CHAIR})  # a vice chair acts for the chair
EDITORS = CHAIRS | {Role.SECRETARIAT}


def _roles(user: "User | AnonymousUser") -> Any:
    return Membership.objects.in_force_now().filter(user=user.pk)


def role_in(user: "User | AnonymousUser", group: WorkingGroup) -> Role | None:
    """The role that a person has in a group today. Asked once per request: the answer is kept on the user."""
    if not user.is_authenticated:
        return None
    known: dict[object, Role | None] = user.__dict__.setdefault("_roles", {})
    if group.pk not in known:
        role = _roles(user).filter(group=group).order_by("-since").values_list("role", flat=True).first()
        known[group.pk] = Role(role) if role else None
    return known[group.pk]


def groups_of(user: "User | AnonymousUser") -> list[Any]:
    """The ids of the groups in which a person has a role today; asked once per request, kept on the user."""
    return Membership.objects.groups_of(user)


def delegations_of(user: "User | AnonymousUser") -> list[Any]:
    """The ids of the delegations to which a person belongs today, whatever her role; asked once per request."""
    if not user.is_authenticated:
        return []
    if "_delegations" not in user.__dict__:
        own = _roles(user).filter(delegation__in=Delegation.objects.in_force_now())
        user.__dict__["_delegations"] = list(own.values_list("delegation_id", flat=True))
    found: list[Any] = user.__dict__["_delegations"]
    return found


def delegation_in(user: "User | AnonymousUser", group: WorkingGroup) -> Delegation | None:
    """The delegation for which a person writes in a group; a chair or vice chair may belong to one as well."""
    found: Delegation | None = Delegation.objects.filter(group=group, pk__in=delegations_of(user)).first()
    return found


def groups_edited_by(user: "User | AnonymousUser") -> Any:
    """The groups whose working text a person sees and edits."""
    if not user.is_authenticated:
        return WorkingGroup.objects.none()
    return WorkingGroup.objects.with_role_of(user, EDITORS)


def is_editor(user: "User | AnonymousUser", group: WorkingGroup) -> bool:
    """Sees and edits the working text: secretariat, chair, vice chair."""
    return role_in(user, group) in EDITORS


def has_role_anywhere(user: "User | AnonymousUser", roles: Set[Role]) -> bool:
    """Whether a person has one of these roles in any group today."""
    return user.is_authenticated and bool(_roles(user).filter(role__in=roles).exists())


def is_editor_anywhere(user: "User | AnonymousUser") -> bool:
    """May edit what all groups share: resolutions and areas."""
    return has_role_anywhere(user, EDITORS)


def can_see_history(user: "User | AnonymousUser", group: WorkingGroup) -> bool:
    """The working text, and its history with wordings, reasons and names: secretariat, chair, administrator."""
    return is_administrator(user) or is_editor(user, group)


def can_export_audit(user: "User | AnonymousUser", group: WorkingGroup) -> bool:
    """The history as a file, for the auditor: who may read it on the page."""
    return can_see_history(user, group)


def can_see_shared(user: "User | AnonymousUser") -> bool:
    """Resolutions and areas that no public text names yet: for people with a role in any group."""
    return is_administrator(user) or bool(groups_of(user))


def can_see_shared_history(user: "User | AnonymousUser") -> bool:
    return is_administrator(user) or is_editor_anywhere(user)


def can_see_circulated(user: "User | AnonymousUser", group: WorkingGroup) -> bool:
    """Editions released to the delegations, and limited documents."""
    return is_administrator(user) or role_in(user, group) is not None


def can_issue(user: "User | AnonymousUser", group: WorkingGroup) -> bool:
    """Seals an edition and gives the revision its symbol: the secretariat alone."""
    return role_in(user, group) == Role.SECRETARIAT


def can_register(user: "User | AnonymousUser", group: WorkingGroup | None) -> bool:
    """Registers papers, gives them symbols and issues them: the secretariat; for what groups share, that of any."""
    return can_issue(user, group) if group else has_role_anywhere(user, {Role.SECRETARIAT})


def can_compile(user: "User | AnonymousUser", group: WorkingGroup) -> bool:
    """Accepts what delegations contribute, returns it, and withdraws what was accepted: the secretariat alone."""
    return role_in(user, group) == Role.SECRETARIAT


def can_release(user: "User | AnonymousUser", group: WorkingGroup) -> bool:
    """Opens an edition: chair, or secretariat after the chair's consent."""
    return is_editor(user, group)


def is_chair(user: "User | AnonymousUser", group: WorkingGroup) -> bool:
    return role_in(user, group) in CHAIRS


def is_administrator(user: "User | AnonymousUser") -> bool:
    return user.is_authenticated and user.is_staff
