"""Symbols, each registered once and for ever, and taken by one resolution or one revision of a document."""

from collections.abc import Iterable, Set
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mandates.models import RegisteredSymbol, Resolution, registered_organs
from mandates.symbol_words import explain
from mandates.symbols import SymbolError, parse
from mispa.ground.models import ChangeSet
from mispa.ground.openings import row_then


class PrintedSymbol:
    """The symbol of a resolution as one field of its form: what is printed is read and registered.

    A pending symbol is completed in place. One that was registered and turns out to be misread is withdrawn, and
    another one taken.
    """

    label: str | Promise = gettext_lazy("symbol")
    goes_first = True

    def read(self, thing: Resolution, until: int | None = None) -> str:
        if until is None:
            return thing.symbol.printed
        then = row_then(thing, until)
        symbol = row_then(RegisteredSymbol(pk=then.symbol_id), until) if then else None
        return symbol.printed if symbol else ""

    def words(self, value: str) -> str:
        return value

    def past(self, thing: Resolution) -> list[tuple[ChangeSet, str]]:
        ever = thing.history.values("symbol_id")
        rows = RegisteredSymbol.history.filter(id__in=ever).exclude(state=RegisteredSymbol.State.WITHDRAWN)
        steps = rows.select_related("change_set__by").order_by("history_id")
        return [(row.change_set, row.printed) for row in steps]

    def write(self, thing: Resolution, value: str) -> None:
        read = _readable(value)
        current: RegisteredSymbol | None = None if thing._state.adding else thing.symbol
        symbol = free_row(read, thing)
        if symbol is None:
            symbol = current if current and current.canonical is None else RegisteredSymbol()
        if current and current != symbol:
            _give_up(current)
        for name in ("printed", "canonical", "slug", "state", "review"):
            setattr(symbol, name, getattr(read, name))
        try:
            symbol.full_clean()
        except ValidationError as error:
            raise ValidationError({"symbol": error.messages}) from error
        symbol.save()
        thing.symbol = symbol


SYMBOL = PrintedSymbol()


def _readable(printed: str) -> RegisteredSymbol:
    try:
        return RegisteredSymbol.read(printed)
    except SymbolError as error:
        raise ValidationError({"symbol": explain(error)}) from error


def free_row(read: RegisteredSymbol, thing: Any) -> RegisteredSymbol | None:
    """The row of this symbol if it is registered: nobody's, or the thing's own, now or once. Else refused."""
    row = RegisteredSymbol.objects.filter(canonical=read.canonical).first() if read.canonical else None
    if row is None:
        return None
    for holder in _holders(row):
        if holder != thing:
            raise _taken_by(holder)
    was_own = thing.history.filter(symbol_id=row.pk).exists()
    if row.state == RegisteredSymbol.State.WITHDRAWN and not was_own:
        sentence = _("%(symbol)s was withdrawn, and a symbol is never used again.") % {"symbol": row}
        raise ValidationError({"symbol": sentence})
    return row


def _holders(symbol: RegisteredSymbol) -> Iterable[models.Model]:
    """What has this symbol: a resolution, a revision of a document."""
    for relation in symbol._meta.related_objects:
        if relation.one_to_one:
            yield from relation.related_model._base_manager.filter(**{relation.field.name: symbol.pk})


def _taken_by(holder: models.Model) -> ValidationError:
    title = holder.title if isinstance(holder, Resolution) else None  # a paper may be limited
    words = {"holder": f"{holder._meta.verbose_name} {holder}" + (f", “{title}”" if title else "")}
    if getattr(holder, "is_withdrawn", False):
        sentence = _("This symbol is taken by something withdrawn: %(holder)s. Restore that instead.") % words
    else:
        sentence = _("This symbol is taken: %(holder)s.") % words
    return ValidationError({"symbol": sentence})


def _give_up(symbol: RegisteredSymbol) -> None:
    """A registered symbol stays taken; a pending one is of no more use."""
    if symbol.canonical:
        symbol.state = RegisteredSymbol.State.WITHDRAWN
    else:
        symbol.is_withdrawn = True
    symbol.save()


def what_to_check(symbol: RegisteredSymbol, organs: Set[str] | None = None) -> str:
    """The sentence that says why a symbol is pending; empty for one in use. `organs` are those registered, if read."""
    if symbol.canonical is not None:
        return ""
    try:
        parse(symbol.printed, registered_organs() if organs is None else organs)
    except SymbolError as error:
        return explain(error)
    return ""
