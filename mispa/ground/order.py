"""Order: positions with gaps, so that a move writes one row."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from mispa.ground.changes import changes
from mispa.ground.editing import ChangedMeanwhile, WithdrawnMeanwhile, last_change_of, locked
from mispa.ground.links import positions
from mispa.ground.models import Tracked, User
from mispa.ground.openings import opening_of, rows_then

T = TypeVar("T", bound=Tracked)
Values = Mapping[str, Any]


def order_then(model: type[Tracked], where: Values, until: int) -> list[Any]:
    """The rows of a list in their order as it was, withdrawn ones left out."""
    rows = [row for row in rows_then(model, where, until) if not row.is_withdrawn]
    return sorted(rows, key=lambda row: (row.position, row.id))


def order_now(model: type[Tracked], where: Values) -> list[Any]:
    return list(model.objects.standing().filter(**where).order_by("position", "id"))


def same_order(left: Sequence[Any], right: Sequence[Any]) -> bool:
    """Whether those that are in both lists stand there in the same order."""
    both = {row.id for row in left} & {row.id for row in right}
    return [row.id for row in left if row.id in both] == [row.id for row in right if row.id in both]


def move(thing: T, *, where: Values, upwards: bool, opened_from: int, by: User, reason: str, gap: int) -> T:
    """Set an object before or after its neighbour. One row is written; all of them only when no gap is left."""
    with changes(by=by, reason=reason):
        thing = locked(thing)
        if thing.is_withdrawn:
            raise WithdrawnMeanwhile(last_change_of(thing))
        opening_of(thing, opened_from)
        order = order_now(type(thing), where)
        if not same_order(order, order_then(type(thing), where, opened_from)):
            raise ChangedMeanwhile
        place = [row.id for row in order].index(thing.pk)
        target = place - 1 if upwards else place + 1
        if not 0 <= target < len(order):
            raise ValidationError(_("It is the first already.") if upwards else _("It is the last already."))
        order.insert(target, order.pop(place))
        before = order[target - 1].position if target else -1
        after = order[target + 1].position if target + 1 < len(order) else before + 2 * gap
        if after - before >= 2:
            thing.position = (before + after + 1) // 2  # type: ignore[attr-defined]
            thing.save()
            return thing
        for row, position in zip(order, positions([None] * len(order), gap), strict=True):
            if row.position != position:
                row.position = position
                row.save()
        moved: T = order[target]
        return moved


def last_position(model: type[Tracked], where: Values, gap: int) -> int:
    """The place after all that ever stood in a list."""
    last = model.objects.filter(**where).aggregate(last=Max("position"))["last"]
    return int(last or 0) + gap
