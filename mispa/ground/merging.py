"""Then, now and mine: what a writer saw, what stands, and what she wants, compared field by field.

The unit of comparison is a field, and in a text one of its languages.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from mispa.ground import dates
from mispa.ground.links import Beside, labelled
from mispa.ground.models import ChangeSet, Tracked, User
from mispa.ground.openings import latest_change, opening_of
from mispa.ground.text import LANGUAGES, LanguagesField, Text, fingerprint

T = TypeVar("T", bound=Tracked)
Key = tuple[str, str]  # a field, and a language of it or "original" (which language that is); "" where it is no text
Values = Mapping[str, Any]
LANGUAGE_NAMES: Final = dict(User.Language.choices)


def is_text(model: type[models.Model], name: str) -> bool:
    return name in own_fields(model) and isinstance(model._meta.get_field(name), LanguagesField)


def own_fields(model: type[models.Model]) -> set[str]:
    return {column.name for column in model._meta.concrete_fields}


def column_of(model: type[models.Model], name: str) -> str:
    """Where a field keeps its value: of a reference the id."""
    return model._meta.get_field(name).attname  # type: ignore[union-attr]


def split(model: type[models.Model], values: Values) -> dict[Key, Any]:
    """Values by unit of comparison: a text by its languages."""
    units: dict[Key, Any] = {}
    for name, value in values.items():
        if not is_text(model, name):
            units[name, ""] = value
            continue
        units[name, "original"] = value.original if value else ""
        for language in LANGUAGES:
            units[name, language] = value.wordings.get(language, "") if value else ""
    return units


def _made_from(language: str, merged: Text, base: Text | None, now: Text | None, mine: Text | None) -> str | None:
    """From which original a translation is: from what I saw where I wrote it or declare it right, else as it stands.

    I declare only the wording that I saw: where others have written another one meanwhile, theirs stands as it is. And
    where others have found it right with the very original that will stand, that holds.
    """
    stands = fingerprint(merged.wordings.get(merged.original, ""))
    seen = fingerprint(mine.wordings[mine.original]) if mine and mine.original in mine.wordings else stands
    if now is None or now.wordings.get(language) != merged.wordings[language]:
        return (
            mine.made_from.get(language, seen) if mine else seen
        )  # brought back from the past, it is from what it was
    before = now.made_from.get(language)
    if language == now.original != merged.original:
        return stands  # it was the original until now, and the two change places
    is_as_i_saw_it = base is not None and base.wordings.get(language) == now.wordings[language]
    return seen if is_as_i_saw_it and before != stands and language in declared(base, mine) else before


def declared(base: Text | None, mine: Text | None) -> set[str]:
    """The translations that a writer left as they were and declares right, though they were made from another original.

    To say of the original that its change leaves them right counts only if it was changed, and not for those that were
    stale before.
    """
    if base is None or mine is None or mine.original != base.original or mine.original not in mine.wordings:
        return set()
    right = set(mine.declared)
    if mine.original in right and mine.wordings[mine.original] != base.wordings[base.original]:
        right |= {language for language in base.wordings if not base.is_stale(language)}
    seen = fingerprint(mine.wordings[mine.original])
    return {
        language
        for language in right - {mine.original}
        if language in base.wordings
        and mine.wordings.get(language) == base.wordings[language]
        and base.made_from.get(language) != seen
    }


@dataclass
class Comparison:
    """An object as the writer saw it, as it is now, and as she wants it; and who changed what in between."""

    model: type[Tracked]
    base: dict[Key, Any]
    now: dict[Key, Any]
    mine: dict[Key, Any]
    texts: dict[str, tuple[Text | None, Text | None, Text | None]]  # the same three of every text, as a whole
    latest: int
    by: dict[Key, ChangeSet] = field(default_factory=dict)

    @property
    def changed_by_me(self) -> list[Key]:
        return [key for key in self.mine if self.mine[key] != self.base[key]]

    @property
    def taken(self) -> list[Key]:
        """What only others changed: it stays as they left it."""
        return [key for key in self.mine if self.mine[key] == self.base[key] != self.now[key]]

    @property
    def conflicts(self) -> list[Key]:
        """What both changed, differently."""
        return [key for key in self.changed_by_me if self.now[key] not in (self.base[key], self.mine[key])]

    @property
    def merged(self) -> dict[Key, Any]:
        mine = self.changed_by_me
        return {key: self.mine[key] if key in mine else self.now[key] for key in self.mine}

    @property
    def declared_by_me(self) -> list[Key]:
        """The translations that I left as they were and declare right."""
        texts = self.texts.items()
        return [(name, language) for name, (base, _now, mine) in texts for language in declared(base, mine)]

    def values(self) -> dict[str, Any]:
        """What will stand: the merged units as values again."""
        units = self.merged
        names = dict.fromkeys(name for name, _part in units)
        return {name: self._text(name, units) if name in self.texts else units[name, ""] for name in names}

    def _text(self, name: str, units: Mapping[Key, Any]) -> Text | None:
        wordings = {language: units[name, language] for language in LANGUAGES if units[name, language]}
        if not wordings:
            return None
        base, now, mine = self.texts[name]
        text = Text(units[name, "original"] or (mine or now or Text("en", {})).original, wordings)
        origins = {code: _made_from(code, text, base, now, mine) for code in wordings if code != text.original}
        return replace(text, made_from={code: origin for code, origin in origins.items() if origin})


def values_of(holder: Any, model: type[Tracked], names: Iterable[str]) -> dict[str, Any]:
    """The columns of an object, or of a history row of it."""
    own = own_fields(model)
    return {name: getattr(holder, column_of(model, name)) for name in names if name in own}


def values_then(thing: Tracked, names: Iterable[str], besides: Mapping[str, Beside], until: int) -> dict[str, Any]:
    """What a form showed that was opened from the change-set `until`."""
    row = opening_of(thing, until)
    names = list(names)
    values = values_of(row, type(thing), names)
    return values | {name: besides[name].read(thing, until) for name in names if name in besides}


def values_now(thing: Tracked, names: Iterable[str], besides: Mapping[str, Beside]) -> dict[str, Any]:
    names = list(names)
    return values_of(thing, type(thing), names) | {name: besides[name].read(thing) for name in names if name in besides}


def compare(thing: T, *, mine: Values, opened_from: int, besides: Mapping[str, Beside] | None = None) -> Comparison:
    """Base, now and mine of an object. `thing` is as it stands in the database."""
    besides, model = besides or {}, type(thing)
    then, stands = values_then(thing, mine, besides, opened_from), values_now(thing, mine, besides)
    base, now, wanted = (split(model, values) for values in (then, stands, mine))
    texts = {name: (then[name], stands[name], mine[name]) for name in mine if is_text(model, name)}
    comparison = Comparison(model, base, now, wanted, texts, latest_change())
    previous = base
    rows = thing.history.filter(change_set_id__gt=opened_from).select_related("change_set__by")
    for row in rows.order_by("history_id"):
        there = split(model, values_of(row, model, mine))
        comparison.by |= {key: row.change_set for key in there if there[key] != previous[key]}
        previous = previous | there
    for name in set(besides) & set(mine):
        for change_set, _words in besides[name].past(thing):
            if change_set.pk > opened_from:
                comparison.by[name, ""] = change_set
    return comparison


def words(model: type[models.Model], name: str, value: Any) -> str:
    """A value as a reader knows it."""
    column: Any = model._meta.get_field(name)
    if value is None or value == "":
        return ""
    if column.is_relation:
        return str(labelled(column.related_model, [value]).get(value, ""))
    return plain_words(column, value)


def plain_words(column: Any, value: Any) -> str:
    """The same for what is no reference to another object."""
    if value is None or value == "":
        return ""
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    kind = column.get_internal_type()
    if kind == "BooleanField":
        return _("yes") if value else _("no")
    if kind == "DateField":
        return f"{dates.weekday(value)}, {dates.day(value)}"
    return dates.hour(value) if kind == "TimeField" else str(value)
