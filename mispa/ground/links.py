"""What an object holds in rows beside its own columns, such as the areas of a mandate, shown on forms as one field."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Protocol
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from mispa.ground.models import ChangeSet, Tracked
from mispa.ground.openings import rows_then


class Beside(Protocol):
    """A value that a form shows as one field and that is kept in rows beside the object."""

    label: str | Promise
    goes_first: bool  # written before the object, because the object points to it

    def read(self, thing: Any, until: int | None = None) -> Any:
        """The value now, or as it was in the change-set `until`."""

    def write(self, thing: Any, value: Any) -> None: ...

    def words(self, value: Any) -> str: ...

    def past(self, thing: Any) -> list[tuple[ChangeSet, str]]:
        """In words, after every change-set that touched it."""


class Links:
    """An ordered list of links, such as the areas beside a mandate: rows of a model, of which none is ever deleted.

    An item is named by the ids in its `columns`, joined by a slash: "<area>" or "<area>/<unit>". The first column
    alone tells items apart: the same area with another unit is the same row, changed. One model may hold several lists,
    told apart by the columns in `kind`: {"role": "prepares"}.
    """

    goes_first = False

    def __init__(
        self,
        model: type[Tracked],
        owner: str,
        columns: Sequence[str],
        label: str | Promise,
        gap: int,
        kind: Mapping[str, Any] | None = None,
    ) -> None:
        self.model, self.owner, self.columns, self.label, self.gap = model, owner, columns, label, gap
        self.kind = dict(kind or {})

    def _of(self, thing: Tracked) -> dict[str, Any]:
        return {self.owner: thing.pk, **self.kind}

    def key(self, row: Any) -> str:
        return "/".join(str(value) for column in self.columns if (value := getattr(row, column)))

    def holds(self, row: Any) -> bool:
        """Whether a row of the model belongs to this list, and not to another that the model holds as well."""
        return all(getattr(row, name) == value for name, value in self.kind.items())

    def keys(self, rows: Iterable[Any]) -> tuple[str, ...]:
        """The items of those rows that stand, in their order."""
        standing = [row for row in rows if not row.is_withdrawn]
        return tuple(self.key(row) for row in sorted(standing, key=lambda row: (row.position, row.id)))

    def read(self, thing: Tracked, until: int | None = None) -> tuple[str, ...]:
        if until is None:
            rows: list[Any] = list(self.model.objects.standing().filter(**self._of(thing)))
        else:
            rows = [row for row in rows_then(self.model, self._of(thing), until) if not row.is_withdrawn]
        return tuple(self.key(row) for row in sorted(rows, key=lambda row: (row.position, row.id)))

    def read_all(self, ids: Iterable[UUID], until: int | None = None) -> dict[UUID, tuple[str, ...]]:
        """The same of many objects at once; those that hold nothing are left out."""
        where = {f"{self.owner}_id__in": list(ids), **self.kind}
        if until is None:
            rows: list[Any] = list(self.model.objects.standing().filter(**where))
        else:
            rows = [row for row in rows_then(self.model, where, until) if not row.is_withdrawn]
        found: dict[UUID, tuple[str, ...]] = {}
        for row in sorted(rows, key=lambda row: (row.position, row.id)):
            owner = getattr(row, f"{self.owner}_id")
            found[owner] = (*found.get(owner, ()), self.key(row))
        return found

    def ever(self, thing: Tracked) -> set[str]:
        """All items that stand or once stood."""
        return {self.key(row) for row in self.model.objects.filter(**self._of(thing))}

    def write(self, thing: Tracked, value: Sequence[str]) -> None:
        ever = self.model.objects.filter(**self._of(thing)).order_by("is_withdrawn", "position", "id")
        known: dict[str, Any] = {}
        for row in ever:
            known.setdefault(str(getattr(row, self.columns[0])), row)
        first_ids = [key.split("/")[0] for key in value]
        for row in ever:
            if not row.is_withdrawn and str(getattr(row, self.columns[0])) not in first_ids:
                row.is_withdrawn = True
                row.full_clean()
                row.save()
        wanted: list[Any] = [
            known.get(first) or self.model(**{f"{self.owner}_id": thing.pk}, **self.kind) for first in first_ids
        ]
        standing = [row.position if row.position is not None and not row.is_withdrawn else None for row in wanted]
        for row, key, position in zip(wanted, value, positions(standing, self.gap), strict=True):
            ids = [UUID(part) for part in key.split("/")]
            columns = dict(zip(self.columns, [*ids, *[None] * len(self.columns)], strict=False))
            new = {**columns, "position": position, "is_withdrawn": False}
            if row._state.adding or any(getattr(row, name) != now for name, now in new.items()):
                comes = row._state.adding or row.is_withdrawn
                named = [name for name in self.columns if comes or getattr(row, name) != new[name]]
                for name, now in new.items():
                    setattr(row, name, now)
                self._refuse_withdrawn(row, named)
                row.full_clean()
                row.save()

    @staticmethod
    def _refuse_withdrawn(row: Any, columns: Iterable[str]) -> None:
        """What is withdrawn may not be named anew; forms offer what once stood here."""
        for column in columns:
            target = getattr(row, column.removesuffix("_id"))
            if target is not None and target.is_withdrawn:
                raise ValidationError(
                    _("%(kind)s “%(name)s” is withdrawn itself. Restore it first."),
                    params={"kind": capfirst(target._meta.verbose_name), "name": target},
                )

    def words(self, value: Sequence[str]) -> str:
        return self.words_of([value])[0]

    def past(self, thing: Tracked) -> list[tuple[ChangeSet, str]]:
        history = self.model.history.model.objects
        rows = history.filter(**self._of(thing)).select_related("change_set__by").order_by("history_id")
        state: dict[Any, Any] = {}
        steps: dict[ChangeSet, Sequence[str]] = {}
        for row in rows:
            state[row.id] = row
            standing = [row for row in state.values() if not row.is_withdrawn]
            steps[row.change_set] = [self.key(row) for row in sorted(standing, key=lambda row: (row.position, row.id))]
        return list(zip(steps, self.words_of(list(steps.values())), strict=True))

    def words_of(self, values: Sequence[Sequence[str]]) -> list[str]:
        """The names of the items, asked for all values at once."""
        names: dict[str, str] = {}
        for place, column in enumerate(self.columns):
            ids = {key.split("/")[place] for value in values for key in value if key.count("/") >= place}
            if ids:
                model: Any = self.model._meta.get_field(column.removesuffix("_id")).related_model
                names |= {str(pk): str(item) for pk, item in labelled(model, ids).items()}
        return ["; ".join(self._name(key, names) for key in value) for value in values]

    @staticmethod
    def _name(key: str, names: Mapping[str, str]) -> str:
        first, *rest = (names[part] for part in key.split("/"))
        return f"{first} ({', '.join(rest)})" if rest else first


def positions(current: Sequence[int | None], gap: int) -> list[int]:
    """Positions for rows in a wanted order: as they are where they rise already, new ones at the end after a gap.

    `None` stands for a row without a position yet.
    """
    known = [position for position in current if position is not None]
    rises = all(left < right for left, right in pairwise(known))
    if rises and None not in current[: len(known)]:
        last = known[-1] if known else 0
        return known + [last + gap * step for step in range(1, len(current) - len(known) + 1)]
    return [gap * step for step in range(1, len(current) + 1)]


def labelled(model: type[models.Model], ids: Iterable[Any]) -> dict[Any, models.Model]:
    """Objects by id, with what their names need, in one query."""
    return model._base_manager.select_related().in_bulk(list(ids))
