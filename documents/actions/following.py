"""What a person says of what she wants to hear; and editors, of the mails that wait to go.

None of it is a change of anything of the group, and so no change-set.
"""

from datetime import datetime
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from documents.models import Bundle, Document, Follow, ReadUntil
from mandates.models import WorkingGroup
from mandates.permissions import can_see_circulated, can_see_shared, is_editor
from meetings.models import Meeting
from mispa.ground.models import User

Thing = WorkingGroup | Meeting | Document


class GoneAlready(Exception):
    """The mails have gone, or somebody else has decided meanwhile."""

    def __str__(self) -> str:
        return _("These mails have gone already, or others have decided. Nothing was changed.")


def may_follow(user: Any, thing: Thing) -> bool:
    """Mails are for people with a role in the group; of what belongs to no group, for those with a role in any."""
    group = thing if isinstance(thing, WorkingGroup) else thing.group
    return can_see_circulated(user, group) if group else can_see_shared(user)


def follow(*, thing: Thing, user: User) -> Follow:
    if not may_follow(user, thing):
        raise PermissionDenied
    wanted: dict[str, Any] = {"user": user, _column(thing): thing}
    found, _is_new = Follow.objects.get_or_create(**wanted)
    return found


def unfollow(*, thing: Thing, user: User) -> None:
    Follow.objects.filter(user=user, **{_column(thing): thing}).delete()  # untracked: a wish of her own


def follows(user: Any, thing: Thing) -> bool:
    return user.is_authenticated and Follow.objects.filter(user=user, **{_column(thing): thing}).exists()


def _column(thing: Thing) -> str:
    return {WorkingGroup: "group", Meeting: "meeting", Document: "document"}[type(thing)]


def unfollow_all(*, group: WorkingGroup, user: User) -> None:
    """No more mails about a group: nor of its meetings, its papers, and papers on the tables of its meetings."""
    on_its_tables = Document.objects.filter(
        Q(group=group) | Q(topics__topic__meeting__group=group) | Q(revisions__meetings__meeting__group=group)
    )
    its = Q(group=group) | Q(meeting__group=group) | Q(document__in=on_its_tables.values("pk"))
    Follow.objects.filter(its, user=user).delete()  # untracked: a wish of her own


def note_read(*, group: WorkingGroup, user: User, until: datetime) -> None:
    """She has read what changed up to an instant."""
    ReadUntil.objects.update_or_create(user=user, group=group, defaults={"until": until})


_NOT_HELD: Final = {"held_at": None, "held_by": None, "held_reason": ""}


def release_bundle(*, bundle: Bundle, by: User) -> None:
    """Let mails go now: those that wait for it, and those that were held back. Raises GoneAlready."""
    _decide(bundle, by, {"released_at": timezone.now(), "released_by": by} | _NOT_HELD)


def hold_bundle(*, bundle: Bundle, by: User, reason: str) -> None:
    """Keep mails from going. Raises GoneAlready, or ValidationError without a reason."""
    if not is_editor(by, bundle.group):
        raise PermissionDenied
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the mail is held back.")})
    _decide(bundle, by, {"held_at": timezone.now(), "held_by": by, "held_reason": reason})


@transaction.atomic
def _decide(bundle: Bundle, by: User, values: dict[str, Any]) -> None:
    if not is_editor(by, bundle.group):
        raise PermissionDenied
    open_one = Bundle.objects.waiting().filter(pk=bundle.pk, released_at=None)
    if not open_one.update(**values):  # untracked: a decision about mails, with who and when in the row
        raise GoneAlready
