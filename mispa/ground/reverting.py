"""Undoing a change-set: a new change-set that takes back all that it did, and nothing of what came later.

What it made is withdrawn, what it withdrew is restored, what it changed goes back field by field. It is all or
nothing, and held to the rules of the actions. What was changed again since is not taken back: `CannotUndo` says so.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from mispa.ground.changes import changes
from mispa.ground.editing import ChangedMeanwhile, NothingChanged, refuse_below_withdrawn
from mispa.ground.history import Change, Words, acts, beside_changed
from mispa.ground.kinds import Kind, Register
from mispa.ground.links import Beside, Links
from mispa.ground.merging import LANGUAGE_NAMES, Key, column_of, is_text, split
from mispa.ground.models import ChangeSet, Tracked, User
from mispa.ground.telling import Doing, SealedAct, Step, steps_in
from mispa.ground.text import LANGUAGES, Text

# Told and taken back as acts.
_FIXED = {"id", "is_withdrawn"}


@dataclass
class Back:
    """A thing as it stands, and what of it goes back: its columns by name, and what it holds beside them."""

    kind: Kind
    thing: Any
    values: dict[str, Any] = field(default_factory=dict)
    besides: dict[str, Any] = field(default_factory=dict)

    @property
    def goes(self) -> bool:
        return bool(self.values.get("is_withdrawn", False))

    @property
    def comes(self) -> bool:
        return self.values.get("is_withdrawn") is False

    @property
    def then(self) -> Any:
        """A copy with all that goes back."""
        changed = copy(self.thing)
        for name, value in self.values.items():
            setattr(changed, column_of(self.kind.model, name), value)
        return changed


@dataclass(frozen=True)
class Obstacle:
    """Why a change-set cannot be undone: a rule, or what was done later. `key` is the field, if it is one."""

    says: str
    kind: Kind | None = None
    thing: Any = None
    later: ChangeSet | None = None
    key: Key | None = None
    back_to: int = 0  # the state before the change-set, for going back with this field alone

    @property
    def name(self) -> str:
        return f"{capfirst(self.kind.label)} “{self.thing}”" if self.kind else ""

    @property
    def url(self) -> str:
        """Where its reader can do something about it."""
        return self.kind.url(self.thing, "history") if self.kind else ""

    @property
    def revert(self) -> str:
        """Where this field alone goes back, after a look at what came later."""
        if not self.kind or not self.key or not self.kind.noun:
            return ""
        name, part = self.key
        return f"{self.kind.url(self.thing, 'revert')}?to={self.back_to}&field={name}&part={part}"

    def __str__(self) -> str:
        return f"{self.name}: {self.says}" if self.name else self.says


class CannotUndo(Exception):
    """Nothing was undone; `obstacles` say why."""

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        super().__init__(obstacles)
        self.obstacles = obstacles

    def __str__(self) -> str:
        return " ".join(map(str, self.obstacles))


@dataclass
class Undoing:
    """What undoing a change-set would do, and what stands against it."""

    backs: list[Back] = field(default_factory=list)
    obstacles: list[Obstacle] = field(default_factory=list)
    touched: dict[type[Tracked], list[Any]] = field(default_factory=dict)


def undo(
    change_set: ChangeSet,
    *,
    register: Register,
    by: User | None,
    reason: str,
    opened_from: int | None = None,
    source: str = "page",
) -> ChangeSet:
    """Take back all that a change-set did; the change-set that did so.

    `opened_from` is the state in which the person saw what would be undone. Raises CannotUndo, ChangedMeanwhile, or
    NothingChanged where all of it is as it was before.
    """
    with changes(by=by, reason=reason, source=source) as done:
        undoing = planned(change_set, register=register, by=by)
        if opened_from is not None and (changed := _changed_since(undoing, opened_from)):
            raise ChangedMeanwhile(changed)
        if undoing.obstacles:
            raise CannotUndo(undoing.obstacles)
        if not undoing.backs:
            raise NothingChanged(already_there=True)
        if obstacles := _written(undoing.backs, register, by):
            raise CannotUndo(obstacles)
        return done


def _changed_since(undoing: Undoing, opened_from: int) -> list[Any]:
    changed: list[Any] = []
    for model, ids in undoing.touched.items():
        rows = model.history.model.objects.filter(change_set_id__gt=opened_from, id__in=ids)
        changed += model._base_manager.filter(pk__in=rows.values("id"))
    return changed


# What would be done -----------------------------------------------------


def planned(change_set: ChangeSet, *, register: Register, by: User | None) -> Undoing:
    """What undoing would do as things stand now; nothing is written."""
    undoing = Undoing()
    for sealed in register.sealed:
        for row in sealed.model._base_manager.filter(change_set=change_set.pk).select_related(*sealed.related):
            says = _("%(act)s. What is sealed is never undone.") % {"act": capfirst(SealedAct(sealed, row).words)}
            undoing.obstacles.append(Obstacle(says))
    for kind in register.kinds:
        steps = steps_in(kind.model, [change_set.pk], kind.told)
        things = kind.things(step.id for step in steps)
        if kind.by_acts:
            says = _("What was done to it is taken back on its own page.")
            undoing.obstacles += [Obstacle(says, kind, thing) for thing in things.values()]
            continue
        undoing.touched[kind.model] = list(things)
        if not kind.follows:
            _plan_kind(undoing, kind, steps, things)
    undoing.obstacles += _not_allowed(undoing.backs, register, by)
    undoing.obstacles += _still_needed(undoing.backs, register, by)
    return undoing


def _plan_kind(undoing: Undoing, kind: Kind, steps: Sequence[Step], things: dict[Any, Any]) -> None:
    for step in steps:
        back = Back(kind, things[step.id])
        if _came(step) and not back.thing.is_withdrawn:
            if kind.is_lasting:
                says = _("It was entered in this change, and is never taken out again.")
                undoing.obstacles.append(Obstacle(says, kind, back.thing))
            undoing.obstacles += _changed_later(back, step)
            back.values["is_withdrawn"] = True
        elif _left(step) and back.thing.is_withdrawn:
            back.values["is_withdrawn"] = False
        if step.before is not None:
            undoing.obstacles += _take_back(back, step)
        if back.values or back.besides:
            undoing.backs.append(back)


def _came(step: Step) -> bool:
    return not step.after.is_withdrawn and (step.before is None or step.before.is_withdrawn)


def _left(step: Step) -> bool:
    return step.before is not None and step.after.is_withdrawn and not step.before.is_withdrawn


def _units(kind: Kind, row: Any) -> dict[Key, Any]:
    names = [column.name for column in kind.model._meta.concrete_fields]
    values = {
        name: getattr(row, column_of(kind.model, name))
        for name in names
        if name not in _FIXED and name not in kind.besides
    }
    return split(kind.model, values)


def _changed_later(back: Back, step: Step) -> list[Obstacle]:
    """What was made in the change-set and written again since would be lost with it. Its place in the order may go."""
    after, now = _units(back.kind, step.after), _units(back.kind, back.thing)
    keys = [key for key in after if after[key] != now[key] and key[0] != "position"]
    if not keys:
        return []
    later = _last_change(back, keys, step.change_set)
    return [Obstacle(_("It was changed again after that."), back.kind, back.thing, later)]


def _take_back(back: Back, step: Step) -> list[Obstacle]:
    """Three-way, as everywhere: what stands as the change-set left it goes back, the rest stays."""
    before, after, now = (_units(back.kind, row) for row in (step.before, step.after, back.thing))
    changed = [key for key in after if before[key] != after[key]]
    taken = {key for key in changed if now[key] == after[key]}
    clashes = [key for key in changed if now[key] not in (before[key], after[key])]
    for name in dict.fromkeys(name for name, _part in now):
        if is_text(back.kind.model, name):
            was, left, stands = (getattr(row, name) for row in (step.before, step.after, back.thing))
            text = _text_back(was, left, stands, {part for of_field, part in taken if of_field == name})
            if text != stands:
                back.values[name] = text
        elif (name, "") in taken:
            back.values[name] = before[name, ""]
    for name, beside in back.kind.besides.items():
        if not isinstance(beside, Links):
            clashes += _take_beside_back(back, step, name, beside)
    words = Words(back.kind.model, [], back.kind.besides)
    return [_clash(back, key, words, step.change_set) for key in clashes]


def _take_beside_back(back: Back, step: Step, name: str, beside: Beside) -> list[Key]:
    before, after = beside.read(back.thing, step.change_set - 1), beside.read(back.thing, step.change_set)
    now = beside.read(back.thing)
    if before == after or now == before:
        return []
    if now != after:
        return [(name, "")]
    back.besides[name] = before
    return []


def _text_back(before: Text | None, after: Text | None, now: Text | None, parts: set[str]) -> Text | None:
    """A text with those of its wordings that go back; each translation with the original that it was made from."""

    def of(text: Text | None, language: str) -> tuple[str, str | None]:
        return (text.wordings.get(language, ""), text.made_from.get(language)) if text else ("", None)

    source = before if "original" in parts else now
    wordings, made_from = {}, {}
    for language in LANGUAGES:
        then, left, stands = of(before, language), of(after, language), of(now, language)
        # Declared right in the change-set, and nothing else: the declaration goes back.
        is_declared = then[0] == left[0] and then[1] != left[1] and stands == left
        wording, origin = then if language in parts or is_declared else stands
        if wording:
            wordings[language] = wording
            if origin:
                made_from[language] = origin
    if not wordings:
        return None
    original = (source or before or now or Text("en", {})).original
    return Text(original, wordings, {code: origin for code, origin in made_from.items() if code != original})


def _clash(back: Back, key: Key, words: Words, change_set: int) -> Obstacle:
    name, part = key
    if name == "position":
        says = _("Its place in the order was changed again after that.")
    else:
        label = capfirst(str(back.kind.besides[name].label)) if name in back.kind.besides else words.label(key)
        if part in LANGUAGES:
            label = f"{label} ({LANGUAGE_NAMES[part]})"
        says = _("%(field)s was changed again after that.") % {"field": label}
    later = _last_change(back, [key], change_set)
    shown = None if name == "position" else key
    return Obstacle(says, back.kind, back.thing, later, shown, back_to=change_set - 1)


def _last_change(back: Back, keys: Sequence[Key], change_set: int) -> ChangeSet | None:
    """The last change-set that wrote one of these units after another one."""
    rows = back.thing.history.filter(change_set_id__gte=change_set).select_related("change_set__by")
    previous, later = None, None
    for row in rows.order_by("history_id"):
        units = _units(back.kind, row)
        if previous and any(units.get(key) != previous.get(key) for key in keys):
            later = row.change_set
        previous = units
    return later or (row.change_set if previous and row.change_set_id > change_set else None)


# What stands against it -------------------------------------------------


def _not_allowed(backs: Sequence[Back], register: Register, by: User | None) -> list[Obstacle]:
    """Of a thing of a group that the person may not know of it is said only that there is one."""
    if by is None:
        return []
    asked: dict[tuple[Any, Any], bool] = {}
    refused: dict[str, Obstacle] = {}
    for back in backs:
        group = back.kind.group_of(back.thing)
        key = (back.kind.may_edit, group and group.pk)
        if key not in asked:
            asked[key] = back.kind.may_edit(by, group)
        if not asked[key]:
            hidden = group is not None and not register.knows(by, group)
            says = _("It also changed what you may not see.") if hidden else _("You may not change this.")
            one = Obstacle(says) if hidden else Obstacle(says, back.kind, back.thing)
            refused.setdefault(str(one), one)
    return list(refused.values())


def _still_needed(backs: Sequence[Back], register: Register, by: User | None) -> list[Obstacle]:
    """What should go while something that stays names it."""
    going = {back.thing for back in backs if back.goes}
    found = []
    for kind in register.kinds:
        things = {back.thing.pk: back.thing for back in backs if back.kind is kind and back.goes}
        for thing, says in _named(kind, things, going, register, by):
            found.append(Obstacle(says, kind, thing))
    return found


def _named(
    kind: Kind, things: dict[Any, Any], going: set[Any], register: Register, by: User | None
) -> Iterable[tuple[Any, str]]:
    if not things:
        return
    if kind.needed:
        for thing in things.values():
            try:
                names = [other for other in kind.needed(thing) if other not in going]
            except ValidationError as error:
                yield thing, " ".join(error.messages)
                continue
            yield from ((thing, _in_the_way(other, register, by)) for other in names)
        return
    for relation in kind.model._meta.related_objects:
        if issubclass(relation.related_model, Tracked):
            column = relation.field.attname
            told = register.by_model[relation.related_model].told
            others = relation.related_model._base_manager.filter(told, is_withdrawn=False)
            others = others.filter(**{f"{column}__in": list(things)})
            for other in others:
                if other not in going:
                    yield things[getattr(other, column)], _in_the_way(other, register, by)


def _in_the_way(other: Model | str, register: Register, by: User | None) -> str:
    place = other
    if isinstance(other, Tracked):
        kind = register.by_model[type(other)]
        group = kind.group_of(other)
        name = kind.label if kind.told else f"{kind.label} “{other}”"  # its name may be for some readers only
        if by and group is not None and not register.knows(by, group):
            name = _("in a plan that you may not see")
        place = name
    return _("It is still named here: %(places)s. Take it out there first.") % {"places": place}


# Doing it ---------------------------------------------------------------


def _written(backs: Sequence[Back], register: Register, by: User | None) -> list[Obstacle]:
    """Saves all of it under the lock; what the rules refuse is collected, and the caller gives up the change-set."""
    obstacles = []
    going = [back for back in backs if back.goes]
    rest = [back for back in backs if not back.goes]
    coming = {back.thing for back in rest if back.comes}
    for back in [*reversed(going), *rest]:
        try:
            _save(back, coming, by)
        except ValidationError as error:
            obstacles.append(Obstacle(" ".join(error.messages), back.kind, back.thing))
    for kind in register.kinds:
        written = [back.thing for back in backs if back.kind is kind]
        if written and kind.settled:
            try:
                kind.settled(written)
            except ValidationError as error:
                obstacles.append(Obstacle(" ".join(error.messages)))
    return obstacles


def _save(back: Back, coming: set[Any], by: User | None) -> None:
    kind, thing = back.kind, back.thing
    for name, value in back.values.items():
        setattr(thing, column_of(kind.model, name), value)
    for name, value in back.besides.items():
        kind.besides[name].write(thing, value)
    if not back.goes:
        if back.comes:
            refuse_below_withdrawn(thing, coming)
        if kind.check:
            kind.check(thing, by)
        thing.full_clean()
    thing.save()
    hook = kind.withdrawn if back.goes else kind.restored if back.comes else None
    if hook:
        hook(thing)


# In words, before it is done --------------------------------------------


def in_words(undoing: Undoing, register: Register) -> list[Doing]:
    """What would be done to each thing, as the history will tell it."""
    lists = _lists_in_words(undoing, register)
    found = []
    for kind in register.kinds:
        backs = {back.thing.pk: back for back in undoing.backs if back.kind is kind}
        listed = lists.get(kind.model, {})
        if kind.owners or not (backs or listed):
            continue
        owners = kind.things(pk for pk in listed if pk not in backs)
        pairs = [(back.thing, back.then) for back in backs.values()]
        words = Words(kind.model, [one for pair in pairs for one in pair], {})
        for now, then in [*pairs, *((owner, owner) for owner in owners.values())]:
            doing = Doing(kind, now, acts(now, then), words.changes(now, then))
            if now.pk in backs:
                for name, value in backs[now.pk].besides.items():
                    beside = kind.besides[name]
                    sides = (beside.words(beside.read(now)), beside.words(value))
                    doing.changes.append(beside_changed(name, beside, *sides))
            doing.changes += listed.get(now.pk, [])
            found.append(doing)
    return found


def _lists_in_words(undoing: Undoing, register: Register) -> dict[type[Tracked], dict[Any, list[Change]]]:
    found: dict[type[Tracked], dict[Any, list[Change]]] = {}
    for kind in register.kinds:
        for name, links in kind.links.items():
            then = {back.thing.pk: back.then for back in undoing.backs if back.kind.model is links.model}
            column = f"{links.owner}_id"
            owners = {getattr(row, column) for row in then.values() if links.holds(row)} - {None}
            now: dict[Any, list[Any]] = {owner: [] for owner in owners}
            for row in filter(links.holds, links.model._base_manager.filter(**{f"{column}__in": owners})):
                now[getattr(row, column)].append(row)
            sides = [
                links.keys([other.get(row.pk, row) for row in rows]) for rows in now.values() for other in ({}, then)
            ]
            words = links.words_of(sides)
            for owner, was, will in zip(now, words[::2], words[1::2], strict=True):
                if was != will:
                    change = replace(beside_changed(name, links, was, will), is_first=not was)
                    found.setdefault(kind.model, {}).setdefault(owner, []).append(change)
    return found
