"""What change-sets did, in words: to each thing that they touched, many at once."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Model, OuterRef, Q, Subquery
from django.utils.text import capfirst

from mispa.ground.history import Change, Words, acts, beside_changed
from mispa.ground.kinds import Kind, Register, SealedKind
from mispa.ground.links import Links
from mispa.ground.models import Tracked

Ids = Collection[int]


@dataclass(frozen=True)
class Step:
    """A thing in one change-set: its history row before (None where it was made there), and its last one in it."""

    change_set: int
    before: Any
    after: Any

    @property
    def id(self) -> UUID:
        found: UUID = self.after.id
        return found


@dataclass
class Doing:
    """What a change-set did to a thing, which is shown as it stands now."""

    kind: Kind
    thing: Any
    acts: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def label(self) -> str:
        return capfirst(self.kind.label)

    @property
    def history(self) -> str:
        return self.kind.url(self.thing, "history")

    @property
    def restore(self) -> str:
        """Where it comes back, if it is withdrawn."""
        return self.kind.url(self.thing, "restore") if self.thing.is_withdrawn else ""


@dataclass(frozen=True)
class SealedAct:
    kind: SealedKind
    row: Model

    @property
    def words(self) -> str:
        return self.kind.words(self.row)

    @property
    def url(self) -> str:
        return self.kind.url(self.row)


@dataclass
class Told:
    """All that a change-set did to the things of a group and to what all groups share, as far as it was asked for."""

    doings: list[Doing] = field(default_factory=list)
    sealed: list[SealedAct] = field(default_factory=list)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many things of each kind."""
        found: dict[str, int] = {}
        for doing in self.doings:
            name = capfirst(str(doing.kind.model._meta.verbose_name_plural))
            found[name] = found.get(name, 0) + 1
        return list(found.items())


def steps_in(model: type[Tracked], change_sets: Ids, told: Q | None = None) -> list[Step]:
    """What change-sets did to the things of a model, in one query, the oldest first.

    `told` says which rows count: of what happened between two of them nothing is said but what came of it.
    """
    history = model.history.model.objects.filter(told or Q())
    inside = history.filter(change_set__in=change_sets)
    earlier = history.filter(id=OuterRef("id"), change_set_id__lt=OuterRef("change_set_id")).order_by("-history_id")
    before = inside.annotate(row_before=Subquery(earlier.values("history_id")[:1])).values("row_before")
    latest: dict[UUID, Any] = {}
    found: dict[tuple[int, UUID], Step] = {}
    wanted = set(change_sets)
    for row in history.filter(Q(change_set__in=change_sets) | Q(history_id__in=before)).order_by("history_id"):
        key = (row.change_set_id, row.id)
        if row.change_set_id in wanted:
            found[key] = Step(row.change_set_id, found[key].before if key in found else latest.get(row.id), row)
        latest[row.id] = row
    return list(found.values())


def tell(
    change_sets: Ids, register: Register, *, group: Model, only: Collection[type[Model]] | None = None
) -> dict[int, Told]:
    """What change-sets did, by their numbers; of things of other groups nothing is said.

    `only` names the models that are asked for; links belong to what they stand beside. The number of queries depends
    on the kinds of things, not on how many there are.
    """
    told = {number: Told() for number in change_sets}
    steps = {kind: steps_in(kind.model, change_sets, kind.told) for kind in register.kinds}
    lists = _Lists(register, steps)
    for kind in register.kinds:
        if kind.owners or (only is not None and kind.model not in only):
            continue
        things = kind.things({*(step.id for step in steps[kind]), *lists.owners_of_kind(kind)})
        mine = {pk: thing for pk, thing in things.items() if kind.group_of(thing) in (None, group)}
        for number, doing in _doings(kind, steps[kind], mine, lists):
            told[number].doings.append(doing)
    for sealed in register.sealed:
        if only is None or sealed.model in only:
            rows: Any = sealed.model._base_manager.filter(**{"change_set__in": change_sets, sealed.group: group.pk})
            for row in rows.select_related(*sealed.related).order_by("pk"):
                told[row.change_set_id].sealed.append(SealedAct(sealed, row))
    return told


def _doings(kind: Kind, steps: Sequence[Step], things: dict[Any, Any], lists: "_Lists") -> Iterator[tuple[int, Doing]]:
    words = Words(kind.model, [row for step in steps for row in (step.before, step.after) if row], {})
    found: dict[tuple[int, UUID], Doing] = {}
    for step in steps:
        if step.id in things and not (kind.follows and step.before is None):
            doing = Doing(kind, things[step.id], acts(step.before, step.after))
            doing.changes = words.changes(step.before, step.after)
            found[step.change_set, step.id] = doing
    for (number, pk), change in lists.changes_of(kind):
        if pk in things:
            found.setdefault((number, pk), Doing(kind, things[pk])).changes.append(change)
    for (number, _pk), doing in found.items():
        if doing.acts or doing.changes:
            yield number, doing


class _Lists:
    """The lists of links that change-sets changed, told beside the things to which they belong."""

    def __init__(self, register: Register, steps: dict[Kind, list[Step]]) -> None:
        self.found: dict[type[Tracked], list[tuple[tuple[int, UUID], Change]]] = {}
        by_model = {kind.model: touched for kind, touched in steps.items()}
        for kind in register.kinds:
            for name, links in kind.links.items():
                self.found.setdefault(kind.model, []).extend(_list_changes(name, links, by_model[links.model]))

    def owners_of_kind(self, kind: Kind) -> set[UUID]:
        return {pk for (_number, pk), _change in self.found.get(kind.model, [])}

    def changes_of(self, kind: Kind) -> list[tuple[tuple[int, UUID], Change]]:
        return self.found.get(kind.model, [])


def _list_changes(name: str, links: Links, steps: Iterable[Step]) -> list[tuple[tuple[int, UUID], Change]]:
    """By change-set and owner: what the list was before it and after it, from all that was ever in it."""
    owner = f"{links.owner}_id"
    touched = {(step.change_set, getattr(step.after, owner)) for step in steps if links.holds(step.after)}
    touched = {(number, pk) for number, pk in touched if pk is not None}
    history = links.model.history.model.objects
    rows = history.filter(**{f"{owner}__in": {pk for _number, pk in touched}}).order_by("history_id")
    states: dict[UUID, dict[UUID, Any]] = {}
    before: dict[tuple[int, UUID], tuple[str, ...]] = {}
    after: dict[tuple[int, UUID], tuple[str, ...]] = {}
    for row in filter(links.holds, rows):
        key = (row.change_set_id, getattr(row, owner))
        state = states.setdefault(key[1], {})
        before.setdefault(key, links.keys(state.values()))
        state[row.id] = row
        after[key] = links.keys(state.values())
    order = sorted(touched, key=lambda key: (key[0], str(key[1])))
    words = links.words_of([one for key in order for one in (before[key], after[key])])
    pairs = zip(order, words[::2], words[1::2], strict=True)
    return [(key, beside_changed(name, links, was, now)) for key, was, now in pairs if was != now]
