"""A delegation writes a contribution, hands it in and takes it back; the secretariat returns it or accepts it.

A draft is the delegation's own. What is accepted stays as it is: a mistake is met by withdrawing it, and a new one.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from documents.files.checking import CheckedFile
from documents.files.storing import store
from documents.models import Contribution
from documents.models.contributions import MOVES, WITH_THE_DELEGATION, State
from mandates.models import Delegation
from mandates.permissions import can_compile, delegations_of
from mispa.ground.changes import changes
from mispa.ground.editing import (
    NothingChanged,
    WithdrawnMeanwhile,
    create,
    last_change_of,
    locked,
    new,
    restore,
    revise,
    seen_since,
    withdraw,
)
from mispa.ground.models import User

# Who may ---------------------------------------------------------------------


def writes_for(user: Any, contribution: Contribution) -> bool:
    """Belongs to the delegation today."""
    return contribution.delegation_id in delegations_of(user)


def _compiles(user: Any, contribution: Contribution) -> bool:
    return can_compile(user, contribution.group)


_LEADS: Final[Mapping[str, Callable[[Any, Contribution], bool]]] = {
    State.SUBMITTED: writes_for,
    State.TAKEN_BACK: writes_for,
    State.RETURNED: _compiles,
    State.ACCEPTED: _compiles,
}


def may_lead(user: Any, contribution: Contribution, to: str) -> bool:
    """Whether it is for this person to bring it into a state, whatever the one in which it is."""
    return _LEADS[to](user, contribution)


def can_be_led(contribution: Contribution, to: str) -> bool:
    return not contribution.is_withdrawn and to in MOVES[contribution.state]


def may_write(user: Any, contribution: Contribution) -> bool:
    return contribution.is_with_the_delegation and writes_for(user, contribution)


def may_withdraw(user: Any, contribution: Contribution) -> bool:
    """A draft its delegation; what was accepted the secretariat; what is submitted is taken back first."""
    return may_write(user, contribution) or (contribution.state == State.ACCEPTED and _compiles(user, contribution))


# What the delegation writes ---------------------------------------------------


def file_contribution(
    *, delegation: Delegation, by: User, reason: str, new_id: UUID | None = None, **values: Any
) -> Contribution:
    """Begin a contribution, as a draft of the delegation."""
    contribution = new(Contribution, new_id, values, delegation=delegation)
    if not writes_for(by, contribution):
        raise PermissionDenied
    return create(contribution, by=by, reason=reason, check=_is_a_draft)


def revise_contribution(
    *, contribution: Contribution, by: User, reason: str, opened_from: int, restoring: bool = False, **values: Any
) -> Contribution:
    """Change what is still, or again, with the delegation."""
    if not writes_for(by, contribution):
        raise PermissionDenied
    return revise(
        contribution,
        mine=values,
        opened_from=opened_from,
        by=by,
        reason=reason,
        check=_is_a_draft,
        restoring=() if restoring else None,
    )


def attach_file(
    *,
    contribution: Contribution,
    file: CheckedFile | None,
    by: User,
    reason: str,
    opened_from: int,
) -> Contribution:
    """The file of a draft, in place of the one that it had; None takes that away."""
    if not may_write(by, contribution):
        raise PermissionDenied
    with changes(by=by, reason=reason):
        values: dict[str, Any] = {"stored": None, "file_name": "", "file_kind": ""}
        if file:
            values = {"stored": store(file).pk, "file_name": file.name, "file_kind": file.kind}
        return revise_contribution(contribution=contribution, by=by, reason=reason, opened_from=opened_from, **values)


def _is_a_draft(contribution: Contribution) -> None:
    """What the delegation changes is a draft from then on, which nobody else has read."""
    if contribution.state not in WITH_THE_DELEGATION:
        raise ValidationError(_("It is %(state)s, and stays as it is.") % {"state": contribution.get_state_display()})
    contribution.state = State.DRAFT


# How it goes on ---------------------------------------------------------------


def submit_contribution(*, contribution: Contribution, by: User, reason: str, opened_from: int) -> Contribution:
    """Hand it in: secretariat and chair read it, and it is not changed meanwhile."""
    return _led(contribution, State.SUBMITTED, by=by, reason=reason, opened_from=opened_from)


def take_back_contribution(*, contribution: Contribution, by: User, reason: str, opened_from: int) -> Contribution:
    return _led(contribution, State.TAKEN_BACK, by=by, reason=reason, opened_from=opened_from)


def return_contribution(*, contribution: Contribution, by: User, reason: str, opened_from: int) -> Contribution:
    """Give it back to the delegation, which reads the reason."""
    return _led(contribution, State.RETURNED, by=by, reason=reason, opened_from=opened_from)


def accept_contribution(*, contribution: Contribution, by: User, reason: str, opened_from: int) -> Contribution:
    """Take it into the compilation; from then on the database keeps it as it is."""
    return _led(contribution, State.ACCEPTED, by=by, reason=reason, opened_from=opened_from)


def _led(contribution: Contribution, to: str, *, by: User, reason: str, opened_from: int) -> Contribution:
    if not may_lead(by, contribution, to):
        raise PermissionDenied
    with changes(by=by, reason=reason) as change_set:
        found = locked(contribution)
        if found.is_withdrawn:
            raise WithdrawnMeanwhile(last_change_of(found))
        if found.state == to:
            raise NothingChanged(already_there=True)
        if not can_be_led(found, to):
            raise ValidationError(_("It is %(state)s now.") % {"state": found.get_state_display()})
        seen_since(found, opened_from)
        found.state = to
        found.submitted_at = {State.SUBMITTED: change_set.at, State.ACCEPTED: found.submitted_at}.get(State(to))
        found.accepted_at = change_set.at if to == State.ACCEPTED else None
        found.full_clean()
        found.save()
        return found


# Withdrawing ------------------------------------------------------------------


def withdraw_contribution(*, contribution: Contribution, by: User, reason: str, opened_from: int) -> Contribution:
    if not may_withdraw(by, contribution):
        raise PermissionDenied
    return withdraw(contribution, by=by, reason=reason, opened_from=opened_from)


def restore_contribution(*, contribution: Contribution, by: User, reason: str, opened_from: int) -> Contribution:
    if not may_withdraw(by, contribution):
        raise PermissionDenied
    return restore(contribution, by=by, reason=reason, opened_from=opened_from)
