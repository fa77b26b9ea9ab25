"""Writes the table that the search looks through, in the transaction of the change that makes it necessary."""

from collections.abc import Collection, Iterator, Sequence, Set
from itertools import islice
from typing import Any, Final

from django.db import transaction
from django.db.migrations import Migration
from django.db.models import Model
from django.db.models.signals import post_save

from documents.models import FileText, SearchEntry
from documents.searching.sources import SOURCES, TOUCHING, Source
from documents.searching.tables import FullText
from mandates.models import registered_organs
from mispa.ground.changes import closing, current, wait_for_turn
from mispa.ground.models import ChangeSet

_BATCH: Final = 500
_KEY: Final = ("kind", "part", "edition", "language")
_VALUES: Final = ("thing", "group_id", "year", "symbol", "title", "text", "title_words", "text_words")
_COLUMNS: Final = [name.removesuffix("_id") for name in _VALUES]


def watch() -> None:
    """From now on what is saved is noted, and written into the index before its change-set is over."""
    for model in TOUCHING:
        post_save.connect(_note, sender=model, dispatch_uid="search")
    closing.connect(_write, dispatch_uid="search")


def fill(sender: Any, plan: Sequence[tuple[Migration, bool]] = (), **kwargs: Any) -> None:
    """What stood there before a migration made the index is put into it once all migrations are through."""
    if any(isinstance(step, FullText) for migration, is_back in plan if not is_back for step in migration.operations):
        for _progress in rebuild():
            pass


def _note(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    if change_set := current():
        _noted(change_set).setdefault(sender, set()).add(instance.pk)


def _noted(change_set: ChangeSet) -> dict[type[Model], set[Any]]:
    found: dict[type[Model], set[Any]] = change_set.__dict__.setdefault("_to_index", {})
    return found


def _write(sender: Any, change_set: ChangeSet, **kwargs: Any) -> None:
    noted = _noted(change_set)
    if not noted:
        return
    organs = registered_organs()
    for source in SOURCES:
        ids: set[Any] = set()
        for model, saved in noted.items():
            ids |= source.touched_by(model, saved)
        _bring_up_to_date(source, ids, organs)


def rebuild() -> Iterator[tuple[Source, int, int]]:
    """Brings every entry up to date; gives the source, how many of its things are done, and how many there are.

    Others may write meanwhile: each batch waits for its turn and holds it no longer than it takes.
    """
    organs = registered_organs()
    FileText.objects.update(words="")  # untracked: noted anew
    for source in SOURCES:
        ids = list(source.model._base_manager.order_by(*source.order).values_list("pk", flat=True))
        _forget_others(source, set(ids))
        for place in range(0, len(ids), source.at_once):
            with transaction.atomic():
                wait_for_turn()
                _bring_up_to_date(source, ids[place : place + source.at_once], organs)
            yield source, min(place + source.at_once, len(ids)), len(ids)


def _forget_others(source: Source, ids: set[Any]) -> None:
    """Things are withdrawn, not deleted; but an index may come from elsewhere."""
    entries = SearchEntry.objects.filter(kind=source.kind)
    entries = entries.exclude(edition=0) if source.column == "edition" else entries.filter(edition=0)
    gone = set(entries.values_list(source.column, flat=True).distinct()) - ids
    for some in _batches(gone):
        source.indexed(some).delete()  # untracked: entries of an index


def _bring_up_to_date(source: Source, ids: Collection[Any], organs: Set[str]) -> None:
    """Writes what differs, and keeps the ids of entries that only changed."""
    for some in _batches(ids, source.at_once):
        there = {_key(entry): entry for entry in source.indexed(some)}
        new, changed = [], []
        for entry in source.entries(some, organs):
            old = there.pop(_key(entry), None)
            if old is None:
                new.append(entry)
            elif any(getattr(old, name) != getattr(entry, name) for name in _VALUES):
                entry.pk = old.pk
                changed.append(entry)
        if there:
            gone = [entry.pk for entry in there.values()]
            SearchEntry.objects.filter(pk__in=gone).delete()  # untracked: entries of an index
        SearchEntry.objects.bulk_create(new, batch_size=_BATCH)  # untracked: made of what is tracked
        SearchEntry.objects.bulk_update(changed, _COLUMNS, batch_size=_BATCH)  # untracked: the same


def _key(entry: SearchEntry) -> tuple[str, ...]:
    return tuple(str(getattr(entry, name)) for name in _KEY)


def _batches(ids: Collection[Any], size: int = _BATCH) -> Iterator[list[Any]]:
    rest = iter(ids)
    while some := list(islice(rest, size)):
        yield some
