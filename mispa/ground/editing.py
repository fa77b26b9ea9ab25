"""Writing so that nobody's edit is lost: every act here is one change-set, and refuses or merges what came between."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from mispa.ground.changes import changes
from mispa.ground.links import Beside
from mispa.ground.merging import Comparison, Values, column_of, compare, values_now
from mispa.ground.models import ChangeSet, Tracked, User
from mispa.ground.openings import opening_of

T = TypeVar("T", bound=Tracked)


class NothingChanged(Exception):
    """What was typed is what stands. `already_there`: the writer did change something, and it is there (sent twice)."""

    def __init__(self, already_there: bool) -> None:
        super().__init__(already_there)
        self.already_there = already_there


class AlreadyThere(Exception):
    """This new object was saved before, by the same person from the same form (sent twice).

    If other words were typed the second time, they are an edit: `check` is what it may be refused by.
    """

    def __init__(self, thing: Tracked, check: Callable[[Any], None] | None) -> None:
        super().__init__(thing)
        self.thing, self.check = thing, check


class StillNeeded(ValidationError):
    """What should be withdrawn is named by something that stands."""


class WithdrawnMeanwhile(Exception):
    """The object was withdrawn; `change_set` says by whom, when and why."""

    def __init__(self, change_set: ChangeSet) -> None:
        super().__init__(change_set)
        self.change_set = change_set


class ChangedMeanwhile(Exception):
    """The object, or its order among its neighbours, is no longer what the writer saw.

    `parts` are those of its parts that changed.
    """

    def __init__(self, parts: Sequence[Tracked] = ()) -> None:
        super().__init__(parts)
        self.parts = parts


class Conflict(Exception):
    """Two people changed the same field, or the same language of a text, differently."""

    def __init__(self, comparison: Comparison) -> None:
        super().__init__(comparison)
        self.comparison = comparison


def locked(thing: T) -> T:
    """The object as it stands, held until the change-set is over. Only inside `changes`."""
    found: T = type(thing)._base_manager.select_for_update().get(pk=thing.pk)
    return found


def revise(
    thing: T,
    *,
    mine: Values,
    opened_from: int,
    by: User,
    reason: str,
    besides: Mapping[str, Beside] | None = None,
    check: Callable[[T], None] | None = None,
    restoring: Sequence[str] | None = None,
) -> T:
    """Save what the writer changed, and nothing else: what others changed meanwhile stays.

    `check` may refuse the result with a ValidationError. `restoring` names the parts that come back with an object
    that was withdrawn; without it a withdrawn object is refused.
    """
    besides = besides or {}
    with changes(by=by, reason=reason):
        thing = locked(thing)
        restored = thing.is_withdrawn and restoring is not None
        if restoring is not None and restored:
            _restore(thing, restoring)
        elif thing.is_withdrawn:
            raise WithdrawnMeanwhile(last_change_of(thing))
        comparison = compare(thing, mine=mine, opened_from=opened_from, besides=besides)
        if comparison.conflicts:
            raise Conflict(comparison)
        now = values_now(thing, mine, besides)
        new = {name: value for name, value in comparison.values().items() if value != now[name]}
        if not new and not restored:
            raise NothingChanged(already_there=bool(comparison.changed_by_me or comparison.declared_by_me))
        _write(thing, new, besides, check)
        return thing


def create(
    thing: T,
    *,
    by: User,
    reason: str,
    besides: Mapping[Beside, Any] | None = None,
    prepare: Callable[[T], None] | None = None,
    check: Callable[[T], None] | None = None,
) -> T:
    """Save a new object with what it holds beside its columns.

    `prepare` gives it its place or number, under the lock.
    """
    besides = besides or {}
    with changes(by=by, reason=reason):
        first = thing.history.filter(id=thing.pk).order_by("history_id").first()
        if first:
            if first.change_set.by_id != by.pk:
                raise ValidationError(_("This page is out of date. Copy what you typed and open it again."))
            raise AlreadyThere(thing, check)
        refuse_below_withdrawn(thing)
        if prepare:
            prepare(thing)
        named = {str(place): beside for place, beside in enumerate(besides)}
        _write(thing, dict(zip(named, besides.values(), strict=True)), named, check)
        return thing


def _write(thing: T, values: Values, besides: Mapping[str, Beside], check: Callable[[T], None] | None) -> None:
    own = {name: value for name, value in values.items() if name not in besides}
    first = [name for name in values if name in besides and besides[name].goes_first]
    then = [name for name in values if name in besides and not besides[name].goes_first]
    for name, value in own.items():
        setattr(thing, column_of(type(thing), name), value)
    for name in first:
        besides[name].write(thing, values[name])
    if check:
        check(thing)
    if own or first or thing._state.adding:
        thing.full_clean()
        thing.save()
    for name in then:
        besides[name].write(thing, values[name])


def withdraw(
    thing: T,
    *,
    by: User,
    reason: str,
    opened_from: int,
    parts: Sequence[str] = (),
    needed: Callable[[Tracked], Iterable[models.Model | str]] | None = None,
    also: Callable[[T], None] | None = None,
) -> T:
    """Take an object, with its parts, out of what stands; refused while something that stands names it.

    `parts` are reverse names, dotted where parts have parts: "mandates", "mandates.assignments".
    """
    with changes(by=by, reason=reason):
        thing = locked(thing)
        if thing.is_withdrawn:
            raise NothingChanged(already_there=True)
        going = [thing, *_parts(thing, parts, standing=True)]
        seen_since(thing, opened_from, going[1:])
        find = needed or named_by
        still = [other for leaving in going for other in find(leaving) if other not in going]
        if still:
            places = "; ".join(
                other if isinstance(other, str) else f"{other._meta.verbose_name}: {other}" for other in still
            )
            raise StillNeeded(_("It is still named here: %(places)s. Take it out there first.") % {"places": places})
        for leaving in reversed(going):
            leaving.is_withdrawn = True
            leaving.save()
        if also:
            also(thing)
        return thing


def restore(
    thing: T,
    *,
    by: User,
    reason: str,
    opened_from: int,
    parts: Sequence[str] = (),
    also: Callable[[T], None] | None = None,
) -> T:
    """Bring an object back, with the parts that were withdrawn together with it."""
    with changes(by=by, reason=reason):
        thing = locked(thing)
        if not thing.is_withdrawn:
            raise NothingChanged(already_there=True)
        seen_since(thing, opened_from)
        _restore(thing, parts)
        if also:
            also(thing)
        return thing


def _restore(thing: Tracked, parts: Sequence[str]) -> None:
    withdrawn_in = last_change_of(thing).pk
    coming = [thing, *_parts(thing, parts, standing=False, withdrawn_in=withdrawn_in)]
    for row in coming:
        refuse_below_withdrawn(row, coming)
    for row in coming:
        row.is_withdrawn = False
        row.full_clean()
        row.save()


def refuse_below_withdrawn(thing: Tracked, coming: Collection[Tracked] = ()) -> None:
    for column in thing._meta.concrete_fields:
        is_set = column.is_relation and getattr(thing, column.attname) is not None
        other = getattr(thing, column.name) if is_set else None
        if isinstance(other, Tracked) and other.is_withdrawn and other not in coming:
            raise ValidationError(
                _("%(kind)s “%(name)s” is withdrawn itself. Restore it first."),
                params={"kind": capfirst(other._meta.verbose_name), "name": other},
            )


def last_change_of(thing: Tracked) -> ChangeSet:
    change_set: ChangeSet = thing.history.select_related("change_set__by").latest("history_id").change_set
    return change_set


def _parts(thing: Tracked, names: Sequence[str], *, standing: bool, withdrawn_in: int | None = None) -> list[Any]:
    found: list[Any] = []
    for name in names:
        owners = [thing]
        for step in name.split("."):
            owners = [part for owner in owners for part in getattr(owner, step).all()]
        found += [part for part in owners if part.is_withdrawn is not standing]
    if withdrawn_in is not None:
        found = [part for part in found if last_change_of(part).pk == withdrawn_in]
    return found


def named_by(thing: Tracked) -> Iterable[models.Model]:
    """All that stands and points to an object."""
    for relation in thing._meta.related_objects:
        if issubclass(relation.related_model, Tracked):
            others = relation.related_model._base_manager.filter(is_withdrawn=False)
            yield from others.filter(**{relation.field.name: thing.pk})


def seen_since(thing: Tracked, opened_from: int, parts: Sequence[Tracked] = ()) -> None:
    """Refuses where the object, or one of the parts, changed after the page was opened."""
    opening_of(thing, opened_from)
    changed = [one for one in (thing, *parts) if one.history.filter(change_set_id__gt=opened_from).exists()]
    if changed:
        raise ChangedMeanwhile([one for one in changed if one is not thing])


def new(model: type[T], new_id: UUID | None, values: Values, **owner: Any) -> T:
    """An unsaved object from the values of a form, where references come by id."""
    thing = model(**owner, **({"id": new_id} if new_id else {}))
    for name, value in values.items():
        setattr(thing, column_of(model, name), value)
    return thing
