"""What the ground must know of each kind of thing to tell what was done to it and to undo it; the apps declare it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Model, Q
from django.urls import reverse

from mispa.ground.links import Beside, Links
from mispa.ground.models import Tracked, User


def by_id(thing: Any) -> dict[str, Any]:
    return {"pk": thing.pk}


def always(thing: Any) -> bool:
    return True


@dataclass(frozen=True, kw_only=True, eq=False)
class Kind:
    """The things of one model: to which group they belong, where their pages are, and by which rules they change."""

    model: type[Tracked]
    groups: Sequence[str] = ()  # the ways to its group, "row__plan__group"; "" is the thing itself, none: it is shared
    noun: str = ""  # of its addresses, "mandates:mandate"; empty where it has no pages of its own
    address: Callable[[Any], Mapping[str, Any]] = by_id
    related: Sequence[str] = ()  # what its name and its address need
    besides: Mapping[str, Beside] = field(default_factory=dict)
    owners: Sequence[str] = ()  # of a link: the columns that say beside what it stands; it is told there
    may_edit: Callable[[User, Any], bool]  # a person, and the group or None
    is_lasting: bool = False  # entering it is not undone: a group, its plan, who is in it
    by_acts: bool = False  # its own acts take back what was done to it, and nothing else does
    told: Q = field(default_factory=Q)  # the rows of which others than their author are told
    is_shown: Callable[[Any], bool] = always  # whether who is told of it finds its pages
    follows: bool = False  # it is written by the actions of what holds it, and never for itself
    check: Callable[[Any, User | None], None] | None = None  # of a thing with new values, before it is saved
    needed: Callable[[Any], Iterable[Model | str]] | None = (
        None  # what holds it, where that is not all that points to it
    )
    settled: Callable[[Sequence[Any]], None] | None = None  # of all things of the kind that were written
    withdrawn: Callable[[Any], None] | None = None  # what goes with it beside its parts
    restored: Callable[[Any], None] | None = None

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name)

    def of(self, group: Model) -> Q:
        """Those that belong to a group."""
        found = Q(pk__in=[])
        for way in self.groups:
            found |= Q(**{way or "pk": group.pk})
        return found

    @property
    def shared(self) -> Q:
        """Those that belong to no group: all groups share them."""
        if not self.groups:
            return Q(pk__isnull=False)
        return Q(**{f"{way or 'pk'}__isnull": True for way in self.groups})

    def group_of(self, thing: Any) -> Any:
        for way in self.groups:
            found = thing
            for step in filter(None, way.split("__")):
                found = getattr(found, step) if found is not None else None
            if found is not None:
                return found
        return None

    def things(self, ids: Iterable[Any]) -> dict[Any, Any]:
        """As they stand, with what their names, addresses and groups need, in one query."""
        paths = {*self.related, *filter(None, self.groups)}
        found = self.model._base_manager.filter(pk__in=set(ids))
        things = {thing.pk: thing for thing in (found.select_related(*sorted(paths)) if paths else found)}
        return self._as_told(things) if self.told else things

    def _as_told(self, things: dict[Any, Any]) -> dict[Any, Any]:
        """What is its author's own today stands here as others were last told of it; or not at all."""
        open_today = self.model._base_manager.filter(self.told, pk__in=things).values_list("pk", flat=True)
        hidden = things.keys() - set(open_today)
        rows = self.model.history.model.objects.filter(self.told, id__in=hidden).order_by("history_id")
        last = {row.id: row for row in rows}
        for pk, row in last.items():
            for column in self.model._meta.concrete_fields:
                setattr(things[pk], column.attname, getattr(row, column.attname))
        return {pk: thing for pk, thing in things.items() if pk not in hidden or pk in last}

    def url(self, thing: Any, verb: str) -> str:
        has_page = self.noun and self.is_shown(thing)
        return reverse(f"{self.noun}-{verb}", kwargs=dict(self.address(thing))) if has_page else ""

    @property
    def links(self) -> dict[str, Links]:
        """What stands beside it in rows of links, by the names of its fields."""
        return {name: beside for name, beside in self.besides.items() if isinstance(beside, Links)}


@dataclass(frozen=True, kw_only=True, eq=False)
class SealedKind:
    """An act that nothing undoes: rows with a change-set that the database refuses to change."""

    model: type[Model]
    group: str  # the way to its group
    related: Sequence[str] = ()
    words: Callable[[Any], str]
    url: Callable[[Any], str]

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name)


@dataclass(frozen=True)
class Register:
    """All kinds of things that there are, in the order in which they stand on each other."""

    kinds: Sequence[Kind]
    sealed: Sequence[SealedKind]
    knows: Callable[[User, Any], bool]  # whether a person may know of a group

    @cached_property
    def by_model(self) -> dict[type[Tracked], Kind]:
        return {kind.model: kind for kind in self.kinds}

    def owners_of(self, kind: Kind) -> dict[str, Kind]:
        """Of a link, by column: the kinds beside which it stands."""
        columns: dict[str, Any] = {column: kind.model._meta.get_field(column) for column in kind.owners}
        return {name: self.by_model[column.related_model] for name, column in columns.items()}
