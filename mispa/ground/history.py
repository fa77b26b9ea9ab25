"""What was done to an object: by whom, when, why, and which words became which."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
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
_NO_WORDING |= {"submitted_at", "accepted_at"}  # the instants of change-sets


@dataclass(frozen=True)
class Change:
    """One field, in one language where it is a text: what stood there, and what stands there since.

    `is_first`: nothing stood there, because the object is new or the words are about it.
    """

    label: str
    language: str
    before: str
    after: str
    key: Key = ("", "")
    is_first: bool = False

    @property
    def language_name(self) -> str:
        return str(LANGUAGE_NAMES.get(self.language, ""))

    @property
    def wording(self) -> SafeString:
        """The new wording with the differences marked."""
        return plain(self.after) if self.is_first else differences(self.before, self.after)


@dataclass
class Entry:
    """What one change-set did to the object."""

    change_set: ChangeSet
    acts: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def before(self) -> int:
        """The state that it found."""
        return self.change_set.pk - 1


def past(thing: Tracked, besides: Mapping[str, Beside], told: Q | None = None) -> list[Entry]:
    """All that happened to an object and to what it holds beside its columns, the newest first.

    `told` says of which rows of its history the reader is told.

    The number of queries depends on the object's fields, not on the length of its history.
    """
    entries: dict[ChangeSet, Entry] = {}
    rows = thing.history.filter(told or Q()).select_related("change_set__by").order_by("history_id")
    last_rows = {row.change_set: row for row in rows}
    words = Words(type(thing), list(last_rows.values()), besides)
    previous: Any = None
    for change_set, row in last_rows.items():
        entry = entries[change_set] = Entry(change_set, acts(previous, row))
        entry.changes += words.changes(previous, row)
        previous = row
    for name, beside in besides.items():
        before = ""
        for change_set, after in beside.past(thing):
            entry = entries.setdefault(change_set, Entry(change_set))
            if after != before:
                entry.changes.append(beside_changed(name, beside, before, after))
            before = after
    told_entries = [entry for entry in entries.values() if entry.acts or entry.changes]
    return sorted(told_entries, key=lambda entry: entry.change_set.pk, reverse=True)


def acts(before: Any, after: Any) -> list[str]:
    """What happened to an object between two states of it, beside its words."""
    if before is None:
        return [_("created")]
    found = []
    if before.is_withdrawn != after.is_withdrawn:
        found.append(_("withdrawn") if after.is_withdrawn else _("restored"))
    if getattr(before, "position", None) != getattr(after, "position", None):
        found.append(_("place in the order changed"))
    return found


def beside_changed(name: str, beside: Beside, before: str, after: str) -> Change:
    return Change(capfirst(str(beside.label)), "", before, after, (name, ""), is_first=not before)


class Words:
    """The wordings of objects or of their history rows, with the names of all that they point to asked for at once."""

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
                words = (self.word(key, old[key]), self.word(key, value))
                changes.append(Change(self.label(key), self._language(key), *words, key))
            elif not old and value and key[1] != "original" and (word := self.word(key, value)):
                changes.append(Change(self.label(key), self._language(key), "", word, key, is_first=True))
        for name, column in self.columns.items():
            if before and isinstance(column, LanguagesField):
                right = _declared(getattr(before, name), getattr(after, name))
                changes += [Change(self.label((name, "")), "", "", right, is_first=True)] if right else []
        return changes

    def _units(self, row: Any) -> dict[Key, Any]:
        if row is None:
            return {}
        return split(self.model, {name: getattr(row, column_of(self.model, name)) for name in self.columns})

    def label(self, key: Key) -> str:
        label = _called(self.columns[key[0]])
        return _("%(field)s: original language") % {"field": label} if key[1] == "original" else label

    def _language(self, key: Key) -> str:
        return key[1] if key[1] in LANGUAGES else ""

    def word(self, key: Key, value: Any) -> str:
        name, language = key
        if language == "original":
            return str(LANGUAGE_NAMES.get(value, ""))
        if language:
            return str(value)
        if name in self.names:
            return str(self.names[name].get(value, ""))
        return plain_words(self.columns[name], value)


def _declared(old: Text | None, new: Text | None) -> str:
    """The translations that were said to be right with the original as they stand, though made from another."""
    if old is None or new is None or old.original != new.original:
        return ""
    same = [language for language, wording in new if old.wordings.get(language) == wording]
    here = fingerprint(new.wordings[new.original])
    right = [str(LANGUAGE_NAMES[code]) for code in same if new.made_from.get(code) == here != old.made_from.get(code)]
    words = _("Declared right as it stands: %(languages)s.") % {"languages": ", ".join(right)}
    return words if right else ""


def _called(column: Any) -> str:
    """The name of a column; a reference without a name of its own is called like what it leads to."""
    named = not column.is_relation or isinstance(column.verbose_name, Promise)
    return capfirst(str(column.verbose_name if named else column.related_model._meta.verbose_name))
