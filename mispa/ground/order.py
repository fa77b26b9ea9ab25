"""Order: positions with gaps, so that a move writes one row."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from mispa.ground.changes import changes
from mispa.ground.editing import ChangedMeanwhile, NothingChanged, WithdrawnMeanwhile, last_change_of, locked
from mispa.ground.links import positions
from mispa.ground.models import Tracked, User
from mispa.ground.openings import ask_opening, opening_of, rows_then

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


# A whole order at once ---------------------------------------------------


def arrange(
    model: type[Tracked], *, where: Values, wanted: Sequence[Any], opened_from: int, by: User, reason: str, gap: int
) -> None:
    """Give a list the order that the writer wants, and write as few rows as that takes.

    `wanted` are the ids in that order. What others put there or took away meanwhile stays so; where others have changed
    the order of the rest too, it is refused. What the writer has just added goes to its place in either case.
    """
    with changes(by=by, reason=reason):
        ask_opening(opened_from)
        there = {row.id: row for row in order_now(model, where)}
        then = [row.id for row in order_then(model, where, opened_from)]
        mine = [key for key in wanted if key in there]
        if agree(mine, then):
            order = woven([key for key in there if key in then or key not in mine], mine)
        elif agree(list(there), then) or agree(list(there), mine):
            order = woven(mine, list(there))
        else:
            raise ChangedMeanwhile
        rows = [there[key] for key in order]
        places = rising([row.position for row in rows], gap)
        moved = [(row, place) for row, place in zip(rows, places, strict=True) if row.position != place]
        if not moved or order == list(there):
            raise NothingChanged(already_there=not agree(mine, then))
        for row, place in moved:
            row.position = place
            row.save()


def agree(left: Sequence[Any], right: Sequence[Any]) -> bool:
    """Whether what is in both lists stands there in the same order."""
    both = set(left) & set(right)
    return [key for key in left if key in both] == [key for key in right if key in both]


def woven(order: Sequence[Any], other: Sequence[Any]) -> list[Any]:
    """An order with what only the other list has, each behind what it stands behind there."""
    both = list(order)
    for place, key in enumerate(other):
        if key not in both:
            both.insert(both.index(other[place - 1]) + 1 if place else 0, key)
    return both


def rising(current: Sequence[int], gap: int) -> list[int]:
    """Positions that rise: as many as possible as they are, the others between them, all anew where no room is left."""
    kept = _longest_rise(current)
    places = list(current)
    for left, right in pairwise([-1, *kept, len(current)]):
        many = right - left - 1
        low = current[left] if left >= 0 else -1
        high = current[right] if right < len(current) else low + gap * (many + 1)
        if high - low <= many:
            return positions([None] * len(current), gap)
        for step in range(1, many + 1):
            places[left + step] = low + (high - low) * step // (many + 1)
    return places


def _longest_rise(values: Sequence[int]) -> list[int]:
    """Where the most values stand that rise from each to the next."""
    ends: list[int] = []  # of the best rise of each length: where it ends
    before: dict[int, int | None] = {}
    for place, value in enumerate(values):
        length = bisect_left([values[end] for end in ends], value)
        before[place] = ends[length - 1] if length else None
        ends[length : length + 1] = [place]
    rise: list[int] = []
    last = ends[-1] if ends else None
    while last is not None:
        rise.append(last)
        last = before[last]
    return rise[::-1]
