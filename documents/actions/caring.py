"""Whose a finding is, and which findings may stand as they are. Each act is one change-set; the finding has no row."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from documents.models import Care
from mandates.models import Membership, WorkingGroup
from mandates.permissions import EDITORS, is_editor
from mispa.ground.changes import changes
from mispa.ground.models import User


class DecidedMeanwhile(Exception):
    """Somebody else has decided about this finding since the page was opened."""

    def __str__(self) -> str:
        return _("Somebody has decided about this finding meanwhile. Read what was decided; then decide again.")


def give_finding(
    *, group: WorkingGroup, key: str, owner: User | None, by: User, reason: str, opened_from: int | None = None
) -> Care:
    """Make a finding somebody's, or nobody's. Raises DecidedMeanwhile, ValidationError."""
    if not is_editor(by, group):
        raise PermissionDenied
    with changes(by=by, reason=reason):
        care = _care_of(group, key, opened_from)
        if owner and not _edits(owner, group):
            raise ValidationError({"owner": _("Choose somebody of the secretariat, the chair or a vice chair.")})
        care.owner = owner
        return _kept(care)


def accept_finding(
    *, group: WorkingGroup, key: str, seen: str, because: str, by: User, opened_from: int | None = None
) -> Care:
    """Let a finding stand as it is, as long as the facts in it are those that were `seen`."""
    if not is_editor(by, group):
        raise PermissionDenied
    with changes(by=by, reason=because):
        care = _care_of(group, key, opened_from)
        care.because, care.seen = because, seen
        return _kept(care)


def ask_finding_again(*, group: WorkingGroup, key: str, by: User, reason: str, opened_from: int | None = None) -> Care:
    """Take back that a finding may stand as it is; its owner stays."""
    if not is_editor(by, group):
        raise PermissionDenied
    with changes(by=by, reason=reason):
        care = _care_of(group, key, opened_from)
        care.because = care.seen = ""
        return _kept(care)


def _care_of(group: WorkingGroup, key: str, opened_from: int | None) -> Care:
    """The row that was there, unless it changed after the page was opened; else a new one."""
    care: Care | None = Care.objects.select_for_update().filter(group=group, key=key).first()
    if care is None:
        return Care(group=group, key=key)
    if opened_from is not None and care.history.filter(change_set_id__gt=opened_from).exists():
        raise DecidedMeanwhile
    return care


def _edits(person: User, group: WorkingGroup) -> bool:
    found = Membership.objects.in_force_now().filter(group=group, user=person, role__in=EDITORS)
    return bool(person.is_active and found.exists())


def _kept(care: Care) -> Care:
    care.is_withdrawn = care.decides_nothing
    care.full_clean()
    care.save()
    return care
