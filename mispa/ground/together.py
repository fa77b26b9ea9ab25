"""Many acts at once, as one: all of them are saved in one change-set, or none is."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from mispa.ground.changes import changes
from mispa.ground.editing import (
    AlreadyThere,
    ChangedMeanwhile,
    Conflict,
    NothingChanged,
    WithdrawnMeanwhile,
)
from mispa.ground.models import Tracked, User

Act = Callable[..., Any]


@dataclass(frozen=True)
class Edit:
    """What was typed in a line: all of a new object, or what was changed of one that is there."""

    thing: Tracked
    values: Mapping[str, Any]
    is_new: bool = False


class Refused(Exception):
    """Nothing was saved. `why` says by the key of each act that was refused what stood in its way."""

    def __init__(self, why: Mapping[Any, Exception]) -> None:
        super().__init__(why)
        self.why = why

    @property
    def others_wrote(self) -> bool:
        """Whether something is in the way that others wrote meanwhile, rather than a rule."""
        return any(not isinstance(error, ValidationError) for error in self.why.values())


def together(acts: Mapping[Hashable, Act], *, by: User, reason: str) -> int:
    """Do all acts, each called with `by` and `reason`; how many wrote something. All or none: see `Refused`."""
    why: dict[Hashable, Exception] = {}
    wrote, already = 0, False
    with changes(by=by, reason=reason):
        for key, act in acts.items():
            try:
                act(by=by, reason=reason)
                wrote += 1
            except NothingChanged as nothing:
                already |= nothing.already_there
            except (Conflict, WithdrawnMeanwhile, ChangedMeanwhile, ValidationError) as error:
                why[key] = error
        if why:
            raise Refused(why)
        if not wrote:
            raise NothingChanged(already_there=already)
    return wrote


def once(thing: Tracked, owner: str, create: Act, revise: Act) -> None:
    """Save a new object; if it is there already (sent twice), what was typed the second time is an edit of it.

    `owner` is the column that says where it belongs, which a second form cannot change.
    """
    try:
        create()
    except AlreadyThere:
        made: Any = type(thing)._base_manager.get(pk=thing.pk)
        if getattr(made, owner) != getattr(thing, owner):
            raise ValidationError(_("This page is out of date. Copy what you typed and open it again.")) from None
        first = made.history.earliest("history_id").change_set_id
        try:
            revise(made, first)
        except NothingChanged:
            raise NothingChanged(already_there=True) from None
