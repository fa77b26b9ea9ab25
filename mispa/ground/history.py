"""What was done to an object: by whom, when, why, and which words became which."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from mispa.ground.diff import differences, plain
from mispa.ground.links import Beside, labelled
from mispa.ground.merging import LANGUAGE_NAMES, Key, column_of, plain_words, split
from mispa.ground.models import ChangeSet, Tracked
from mispa.ground.text import LANGUAGES, LanguagesField, Text, fingerprint

# Told as acts, or not at all: where a thing hangs never changes, and nobody types it.
_NO_WORDING = {"id", "is_withdrawn", "position", "plan", "group", "series", "prepares"}


@dataclass(frozen=True)
class Change:
    """One field, in one language where it is a text: the new wording with the differences marked."""

    label: str
    language: str
    wording: SafeString

    @property
    def language_name(self) -> str:
        return str(LANGUAGE_NAMES.get(self.language, ""))


@dataclass
class Entry:
    """What one change-set did to the object."""

    change_set: ChangeSet
    acts: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def past(thing: Tracked, besides: Mapping[str, Beside]) -> list[Entry]:
    """All that happened to an object and to what it holds beside its columns, the newest first.

    The number of queries depends on the object's fields, not on the length of its history.
    """
    entries: dict[ChangeSet, Entry] = {}
    rows = thing.history.select_related("change_set__by").order_by("history_id")
    last_rows = {row.change_set: row for row in rows}
    told = _Words(type(thing), list(last_rows.values()), besides)
    previous: Any = None
    for change_set, row in last_rows.items():
        entry = entries[change_set] = Entry(change_set, _acts(previous, row))
        entry.changes += told.changes(previous, row)
        previous = row
    for beside in besides.values():
        before = ""
        for change_set, after in beside.past(thing):
            entry = entries.setdefault(change_set, Entry(change_set))
            if after != before:
                wording = differences(before, after) if before else plain(after)
                entry.changes.append(Change(capfirst(str(beside.label)), "", wording))
            before = after
    told_entries = [entry for entry in entries.values() if entry.acts or entry.changes]
    return sorted(told_entries, key=lambda entry: entry.change_set.pk, reverse=True)


def _acts(before: Any, after: Any) -> list[str]:
    if before is None:
        return [_("created")]
    acts = []
    if before.is_withdrawn != after.is_withdrawn:
        acts.append(_("withdrawn") if after.is_withdrawn else _("restored"))
    if getattr(before, "position", None) != getattr(after, "position", None):
        acts.append(_("place in the order changed"))
    return acts


class _Words:
    """The wordings of history rows, with the names of everything that they point to asked for at once."""

    def __init__(self, model: type[Tracked], rows: list[Any], besides: Mapping[str, Beside]) -> None:
        told = [column for column in model._meta.concrete_fields if column.name not in _NO_WORDING]
        self.model = model
        self.columns: dict[str, Any] = {column.name: column for column in told if column.name not in besides}
        self.names: dict[str, dict[Any, Any]] = {}
        for name, column in self.columns.items():
            if column.is_relation:
                ids = {getattr(row, column.attname) for row in rows} - {None}
                self.names[name] = labelled(column.related_model, ids) if ids else {}

    def changes(self, before: Any, after: Any) -> list[Change]:
        old, new = self._units(before), self._units(after)
        changes = []
        for key, value in new.items():
            if old and value != old[key]:
                was, now = self._word(key, old[key]), self._word(key, value)
                changes.append(Change(self._label(key), self._language(key), differences(was, now)))
            elif not old and value and key[1] != "original" and (word := self._word(key, value)):
                changes.append(Change(self._label(key), self._language(key), plain(word)))
        for name, column in self.columns.items():
            if before and isinstance(column, LanguagesField):
                right = _declared(getattr(before, name), getattr(after, name))
                changes += [Change(self._label((name, "")), "", right)] if right else []
        return changes

    def _units(self, row: Any) -> dict[Key, Any]:
        if row is None:
            return {}
        return split(self.model, {name: getattr(row, column_of(self.model, name)) for name in self.columns})

    def _label(self, key: Key) -> str:
        label = capfirst(str(self.columns[key[0]].verbose_name))
        return _("%(field)s: original language") % {"field": label} if key[1] == "original" else label

    def _language(self, key: Key) -> str:
        return key[1] if key[1] in LANGUAGES else ""

    def _word(self, key: Key, value: Any) -> str:
        name, language = key
        if language == "original":
            return str(LANGUAGE_NAMES.get(value, ""))
        if language:
            return str(value)
        if name in self.names:
            return str(self.names[name].get(value, ""))
        return plain_words(self.columns[name], value)


def _declared(old: Text | None, new: Text | None) -> SafeString:
    """The translations that were said to be right with the original as they stand, though made from another."""
    if old is None or new is None or old.original != new.original:
        return plain("")
    same = [language for language, wording in new if old.wordings.get(language) == wording]
    here = fingerprint(new.wordings[new.original])
    right = [str(LANGUAGE_NAMES[code]) for code in same if new.made_from.get(code) == here != old.made_from.get(code)]
    words = _("Declared right as it stands: %(languages)s.") % {"languages": ", ".join(right)}
    return plain(words if right else "")
