"""The secretariat registers papers and their revisions, gives them symbols that nobody else gets, and issues them."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.actions.filing import issue_files
from documents.models import Document, DocumentLink, NumberPattern, Revision, RevisionFile
from mandates.actions import symbol_in_use, symbol_withdrawn
from mandates.models import RegisteredSymbol, WorkingGroup
from mandates.models.plan import POSITION_GAP
from mandates.permissions import can_register, is_editor
from mandates.registry import PrintedSymbol, free_row
from mandates.symbol_words import explain
from mandates.symbols import Symbol, SymbolError
from mispa.ground.changes import changes
from mispa.ground.editing import create, locked, named_by, new, restore, revise, withdraw
from mispa.ground.links import Beside, Links
from mispa.ground.models import ChangeSet, User
from mispa.ground.openings import row_then, rows_then
from mispa.ground.text import Text


class Next(Enum):
    """In the place of a symbol, where no word that somebody types can mean it: the next free number of the group."""

    NUMBER = auto()


NEXT: Final = Next.NUMBER
NO_PAPER: Final = frozenset({"RES", "DEC", "Ser"})  # symbols of resolutions, and shelf marks


@dataclass(frozen=True)
class Issued:
    """How a text was issued before this register knew of it: the day, if that is known, and the title of then."""

    on: date | None
    title: Text


class KnownPaper(ValidationError):
    """The symbol is that of another state of a paper which the person may revise: `document`."""

    def __init__(self, document: Document, symbol: Symbol) -> None:
        words = {"symbol": symbol, "base": document.base, "title": document.title}
        sentence = _("%(symbol)s belongs to %(base)s, “%(title)s”, which is registered. Enter it there.")
        if str(symbol) == document.base:
            sentence = _("Further states of %(symbol)s, “%(title)s”, are registered. Enter its first issue there.")
        super().__init__({"symbol": sentence % words})
        self.document, self.symbol = document, symbol


# What one paper says of others -------------------------------------------


def _linked(relation: DocumentLink.Relation, label: Any) -> Links:
    return Links(DocumentLink, "document", ["other_id"], label, POSITION_GAP, kind={"relation": relation.value})


LINKS_OF_PAPER = {
    "replaces": _linked(DocumentLink.Relation.REPLACES, gettext_lazy("replaces")),
    "corrects": _linked(DocumentLink.Relation.CORRECTS, gettext_lazy("corrects")),
    "adds_to": _linked(DocumentLink.Relation.ADDS_TO, gettext_lazy("adds to")),
    "refers_to": _linked(DocumentLink.Relation.REFERS_TO, gettext_lazy("refers to")),
}

# Symbols -----------------------------------------------------------------


class SymbolOfRevision(PrintedSymbol):
    """The symbol of a revision as one field of its form; empty while it is pending."""

    def write(self, thing: Any, value: str) -> None:
        document = thing.document
        if not value:
            if not thing._state.adding and thing.symbol.canonical:
                raise ValidationError(
                    {"symbol": _("A symbol that was given stays. Correct it, or withdraw the paper.")}
                )
            self._keep_pending(thing)
            return
        super().write(thing, value)
        symbol = thing.symbol.parsed
        if symbol is None:
            return
        refuse_other_kinds(symbol)
        base = str(symbol.base)
        if document.base == base:
            return
        others = Revision.objects.filter(document=document).exclude(pk=thing.pk)
        if others.filter(symbol__canonical__isnull=False).exists():
            words = {"base": document.base}
            raise ValidationError({"symbol": _("This paper is %(base)s; write one of its symbols.") % words})
        if Document.objects.filter(base=base).exclude(pk=document.pk).exists():
            raise ValidationError({"symbol": _("This symbol is taken; a symbol is used once and for ever.")})
        document.base = base
        document.full_clean()
        document.save()

    @staticmethod
    def _keep_pending(thing: Any) -> None:
        if thing._state.adding:
            thing.symbol = RegisteredSymbol(state=RegisteredSymbol.State.PENDING)
        symbol = thing.symbol
        symbol.printed = symbol.review = ""
        symbol.full_clean()
        symbol.save()


class _OfFirstRevision:
    """A value of the first revision of a paper, shown on the form that registers the paper."""

    goes_first = False
    label: str | Promise = ""

    def read(self, thing: Any, until: int | None = None) -> Any:
        if until is None:
            rows = list(Revision.objects.filter(document=thing.pk).select_related("symbol"))
        else:
            rows = rows_then(Revision, {"document": thing.pk}, until)
        first = min(rows, key=lambda row: row.position, default=None)
        return self.value_of(first, until) if first else self.value_of(Revision(symbol=RegisteredSymbol()), None)

    def value_of(self, row: Any, until: int | None) -> Any:
        raise NotImplementedError

    def past(self, thing: Any) -> list[tuple[ChangeSet, str]]:
        return []  # its own history tells it


class SymbolOfPaper(_OfFirstRevision):
    label: str | Promise = gettext_lazy("symbol")

    def value_of(self, row: Any, until: int | None) -> str:
        if until is None:
            return str(row.symbol.printed)
        symbol = row_then(RegisteredSymbol(pk=row.symbol_id), until)
        return symbol.printed if symbol else ""

    def words(self, value: str | Next) -> str:
        return _("The next free number") if isinstance(value, Next) else value

    def write(self, thing: Any, value: str | Next) -> None:
        """Of a paper that was registered a moment ago; of a new one, `register_paper` takes it."""
        first = Revision.objects.filter(document=thing.pk).order_by("position", "id").first()
        if first is None:
            return
        first.document = thing
        SYMBOL_OF_REVISION.write(first, _next(thing) if isinstance(value, Next) else value)
        issued_stays(first)
        first.full_clean()
        first.save()


class DayOfText(_OfFirstRevision):
    label: str | Promise = gettext_lazy("date of the text")

    def value_of(self, row: Any, until: int | None) -> date | None:
        found: date | None = row.dated
        return found

    def words(self, value: date | None) -> str:
        return value.isoformat() if value else ""

    def write(self, thing: Any, value: date | None) -> None:
        first = Revision.objects.filter(document=thing.pk).order_by("position", "id").first()
        if first and first.dated != value:
            first.dated = value
            issued_stays(first)
            first.full_clean()
            first.save()


SYMBOL_OF_REVISION = SymbolOfRevision()
SYMBOL_OF_PAPER = SymbolOfPaper()
DAY_OF_TEXT = DayOfText()


def refuse_other_kinds(symbol: Symbol) -> None:
    if symbol.kind in NO_PAPER:
        raise ValidationError({"symbol": _("This is no symbol of a paper; a paper has one like MISPA/INF.3/08.")})


def next_symbols(group: WorkingGroup) -> dict[str, str]:
    """What would be taken today, by kind of paper; “” are all kinds without a numbering of their own.

    A numbering without a further number is left out.
    """
    day = timezone.localdate(timezone=group.zone)
    found = {}
    for pattern in NumberPattern.objects.standing().filter(group=group).order_by("kind"):
        with suppress(ValidationError):
            found[pattern.kind] = pattern.next_symbol(day)
    return found


def _take(document: Document, wanted: str | Next, by: User) -> RegisteredSymbol:
    """The symbol of a new paper, whose base the paper then has. Raises ValidationError, KnownPaper."""
    if not wanted:
        return RegisteredSymbol(state=RegisteredSymbol.State.PENDING)
    if isinstance(wanted, Next):
        wanted = _next(document)
    try:
        read = RegisteredSymbol.read(wanted)
    except SymbolError as error:
        raise ValidationError({"symbol": explain(error)}) from error
    symbol = read.parsed
    if symbol is None:
        return read
    refuse_other_kinds(symbol)
    known = Document.objects.filter(base=str(symbol.base)).first()
    if known and _may_revise(by, known):
        _refuse_known(known, symbol)
    if known or RegisteredSymbol.objects.filter(canonical=read.canonical).exists():
        free_row(read, Revision())  # says by what it is taken, or that it was withdrawn
        raise ValidationError({"symbol": _("This symbol is taken; a symbol is used once and for ever.")})
    document.base = str(symbol.base)
    return read


def _may_revise(by: User, document: Document) -> bool:
    seen = Document.objects.open_to(by).filter(pk=document.pk).exists()
    return seen and can_register(by, document.group) and not document.plan_id


def _refuse_known(document: Document, symbol: Symbol) -> None:
    """Says what has become of the paper of a symbol, to who may see it."""
    words = {"symbol": symbol, "base": document.base, "title": document.title}
    if document.is_withdrawn:
        sentence = _("%(symbol)s belongs to %(base)s, “%(title)s”, which is withdrawn. Restore that paper instead.")
        raise ValidationError({"symbol": sentence % words})
    row = RegisteredSymbol.objects.filter(canonical=str(symbol)).first()
    if row is None:
        raise KnownPaper(document, symbol)
    if row.state == RegisteredSymbol.State.IN_USE:
        raise ValidationError({"symbol": _("%(symbol)s is registered already: “%(title)s”.") % words})


def _next(document: Document) -> str:
    group = document.group
    pattern = NumberPattern.of(group, document.kind) if group else None
    if group is None or pattern is None:
        sentence = _("There is no numbering for papers of this kind. Write the symbol, or leave it pending.")
        raise ValidationError({"symbol": sentence})
    document.registered_on = document.registered_on or timezone.localdate(timezone=group.zone)
    return pattern.next_symbol(document.registered_on)


# Papers ------------------------------------------------------------------


def register_paper(
    *,
    group: WorkingGroup,
    by: User,
    reason: str,
    symbol: str | Next,
    dated: date | None = None,
    new_id: UUID | None = None,
    revision_id: UUID | None = None,
    languages: str = "",
    before: Issued | None = None,
    **values: Any,
) -> Document:
    """Enter a paper with its first revision, which is a working one unless it was issued `before` it came here.

    `symbol` is what the paper prints, NEXT for the next free number, or empty while it is pending. Raises
    ValidationError; KnownPaper where the symbol is that of another state of a paper that is there.
    """
    if not can_register(by, group):
        raise PermissionDenied
    links: dict[Beside, Any] = {LINKS_OF_PAPER[name]: values.pop(name) for name in LINKS_OF_PAPER if name in values}
    document = new(Document, new_id, values, group=group)
    taken = RegisteredSymbol()

    def prepare(document: Document) -> None:
        nonlocal taken
        taken = _take(document, symbol, by)

    with changes(by=by, reason=reason):
        create(document, by=by, reason=reason, besides=links, prepare=prepare, check=_may_be)
        taken.full_clean()
        taken.save()
        first = {"symbol": taken, "dated": dated, "languages": languages}
        _enter(new(Revision, revision_id, {}, document=document, **first), before)
        return document


def _enter(revision: Revision, before: Issued | None) -> None:
    revision.position = Revision.objects.filter(document=revision.document).count() + 1
    revision.state = Revision.State.WORKING
    _suits_its_symbol(revision)
    if before:
        _freeze(revision, before)
    revision.full_clean()
    revision.save()


def link_new_paper(*, document: Document, by: User, reason: str, **links: Sequence[str]) -> None:
    """What a paper says of others that was registered in this very change-set, before all of them were there."""
    _ask(by, document)
    with changes(by=by, reason=reason):
        for name, value in links.items():
            LINKS_OF_PAPER[name].write(document, value)


def _may_be(document: Document) -> None:
    if document.distribution == Document.Distribution.LIMITED and document.is_public:
        raise ValidationError({"is_public": _("A limited paper is not shown to the public.")})


def revise_paper(
    *, document: Document, by: User, reason: str, opened_from: int, restoring: bool = False, **values: Any
) -> Document:
    """Change what the register says of a paper; the title of what is issued stays as it was issued."""
    _ask(by, document)
    return revise(
        document,
        mine=values,
        opened_from=opened_from,
        by=by,
        reason=reason,
        besides=LINKS_OF_PAPER,
        check=_comes_back if restoring else _may_be,
        restoring=_PARTS if restoring else None,
    )


_PARTS: Sequence[str] = ("revisions", "links")


def withdraw_paper(*, document: Document, by: User, reason: str, opened_from: int) -> Document:
    """Its revisions and what it says of others go with it; its symbols stay taken for ever."""
    _ask(by, document)
    return withdraw(
        document, by=by, reason=reason, opened_from=opened_from, parts=_PARTS, needed=_named_by(by), also=_symbols_gone
    )


def restore_paper(*, document: Document, by: User, reason: str, opened_from: int) -> Document:
    _ask(by, document)
    return restore(document, by=by, reason=reason, opened_from=opened_from, parts=_PARTS, also=_symbols_back)


def _ask(by: User, document: Document) -> None:
    if document.plan_id or not can_register(by, document.group):
        raise PermissionDenied


def _comes_back(document: Document) -> None:
    _may_be(document)
    _symbols_back(document)


def _symbols_gone(document: Document) -> None:
    for revision in Revision.objects.filter(document=document).select_related("symbol"):
        symbol_withdrawn(revision)


def _symbols_back(document: Document) -> None:
    for revision in Revision.objects.standing().filter(document=document).select_related("symbol"):
        symbol_in_use(revision)


# Revisions ---------------------------------------------------------------


def add_revision(
    *,
    document: Document,
    by: User,
    reason: str,
    symbol: str,
    new_id: UUID | None = None,
    before: Issued | None = None,
    **values: Any,
) -> Revision:
    """Enter a further state of a paper, a rev., a corr. or an add.: a working one unless it was issued `before`."""
    _ask(by, document)

    def prepare(revision: Revision) -> None:
        revision.position = Revision.objects.filter(document=document).count() + 1

    def check(revision: Revision) -> None:
        _suits_its_symbol(revision)
        if before:
            _freeze(revision, before)

    with changes(by=by, reason=reason):
        # Its paper may get its symbol with it, and is written then: as it stands now, not as the page has read it.
        revision = new(Revision, new_id, values, document=locked(document), state=Revision.State.WORKING)
        besides: dict[Beside, Any] = {SYMBOL_OF_REVISION: symbol}
        return create(revision, by=by, reason=reason, besides=besides, prepare=prepare, check=check)


def revise_revision(
    *, revision: Revision, by: User, reason: str, opened_from: int, restoring: bool = False, **values: Any
) -> Revision:
    """Change a working revision; of one that is issued, give the symbol that it was still waiting for."""
    _ask(by, revision.document)

    def check(revision: Revision) -> None:
        issued_stays(revision)
        _suits_its_symbol(revision)
        if restoring:
            symbol_in_use(revision)

    return revise(
        revision,
        mine=values,
        opened_from=opened_from,
        by=by,
        reason=reason,
        besides={"symbol": SYMBOL_OF_REVISION},
        check=check,
        restoring=() if restoring else None,
    )


def issue_revision(
    *,
    revision: Revision,
    by: User,
    reason: str,
    opened_from: int,
    restoring: bool = False,
    before: Issued | None = None,
    **values: Any,
) -> Revision:
    """Issue a working revision: from now on it stays as it is, with the title that its paper has today.

    One that was issued `before` it came here keeps the day and the title of then.
    """
    _ask(by, revision.document)

    def freeze(revision: Revision) -> None:
        _suits_its_symbol(revision)
        _freeze(revision, before or Issued(_today(revision), revision.document.title))
        issued_stays(revision)  # somebody, or her own page before Back, may have issued it meanwhile

    mine = {**values, "state": Revision.State.ISSUED.value}
    how: dict[str, Any] = {"by": by, "reason": reason, "besides": {"symbol": SYMBOL_OF_REVISION}, "check": freeze}
    with changes(by=by, reason=reason):
        issued = revise(revision, mine=mine, opened_from=opened_from, **how)
        issue_files(issued, opened_from)
        return issued


def _freeze(revision: Revision, issued: Issued) -> None:
    if issued.on and issued.on > _today(revision):
        raise ValidationError(_("What is issued was issued on a day that is not in the future."))
    revision.state = Revision.State.ISSUED
    revision.title, revision.issued_on = issued.title, issued.on


def _today(revision: Revision) -> date:
    group = revision.document.group
    return timezone.localdate(timezone=group.zone if group else None)


def withdraw_revision(*, revision: Revision, by: User, reason: str, opened_from: int) -> Revision:
    """Its symbol stays taken. The last state of a paper goes with the paper itself."""
    _ask(by, revision.document)
    with changes(by=by, reason=reason):
        others = Revision.objects.standing().filter(document=revision.document).exclude(pk=revision.pk)
        if not revision.is_withdrawn and not others.exists():
            raise ValidationError(_("It is the only state of its paper. Withdraw the paper."))
        how: dict[str, Any] = {"needed": _named_by(by), "also": symbol_withdrawn}
        return withdraw(revision, by=by, reason=reason, opened_from=opened_from, **how)


def restore_revision(*, revision: Revision, by: User, reason: str, opened_from: int) -> Revision:
    _ask(by, revision.document)
    return restore(revision, by=by, reason=reason, opened_from=opened_from, also=symbol_in_use)


def _suits_its_symbol(revision: Revision) -> None:
    symbol = revision.symbol.parsed
    is_corrigendum = bool(symbol and symbol.qualifiers and symbol.qualifiers[-1][0] == "corr")
    if revision.languages and not is_corrigendum:
        raise ValidationError({"languages": _("Only a corrigendum concerns some of the languages; leave this empty.")})


FROZEN: Final = ("document_id", "symbol_id", "position", "state", "title", "dated", "issued_on", "languages")


def issued_stays(revision: Any) -> None:
    """Refuses to change what is issued, in words; the database does so as well."""
    before = Revision.objects.filter(pk=revision.pk, state=Revision.State.ISSUED).first()
    if before and any(getattr(before, name) != getattr(revision, name) for name in FROZEN):
        raise ValidationError(_("It is issued, and stays as it is. Enter a revision or a corrigendum of it."))


def symbol_stays(thing: Any) -> None:
    """Of a paper or a revision that goes back to what it was: a symbol that was given is not taken from it."""
    column = "base" if isinstance(thing, Document) else "symbol_id"
    before = type(thing).objects.filter(pk=thing.pk).first()
    if before and getattr(before, column) and getattr(before, column) != getattr(thing, column):
        raise ValidationError(_("A symbol that was given stays. Correct it, or withdraw the paper."))


def _named_by(by: User) -> Callable[[Any], list[str]]:
    """What names a paper or a revision, in words; of what the person may not see, only that there is something."""

    def find(thing: Any) -> list[Any]:
        others = [other for other in named_by(thing) if not isinstance(other, RevisionFile)]  # seen with their paper
        return [other if _goes_too(other, thing) else _place(other, by) for other in others]

    return find


def _goes_too(other: Any, thing: Any) -> bool:
    """Whether it is withdrawn together with the paper."""
    return isinstance(other, Revision) or (isinstance(other, DocumentLink) and other.document_id == thing.pk)


def _place(other: Any, by: User) -> str:
    if isinstance(other, DocumentLink):
        paper = other.document
        seen = Document.objects.visible_to(by).filter(pk=paper.pk).exists()
        words = f"{paper.base or _('symbol pending')} ({paper})"
    else:
        topic, mandate = getattr(other, "topic", None), getattr(other, "mandate", None)
        meeting = topic.meeting if topic else getattr(other, "meeting", None)
        group = mandate.row.plan.group if mandate else meeting.group if meeting else None
        seen = group is None or is_editor(by, group)
        words = ": ".join(str(part) for part in (meeting, topic, mandate) if part)
    return words if seen else _("in something that you may not see")


# How a group numbers its papers ------------------------------------------


def create_numbering(
    *, group: WorkingGroup, by: User, reason: str, new_id: UUID | None = None, **values: Any
) -> NumberPattern:
    _ask_numbering(by, group)
    return create(new(NumberPattern, new_id, values, group=group), by=by, reason=reason)


def revise_numbering(
    *, numbering: NumberPattern, by: User, reason: str, opened_from: int, restoring: bool = False, **values: Any
) -> NumberPattern:
    """Papers that have their symbols keep them."""
    _ask_numbering(by, numbering.group)
    return revise(
        numbering,
        mine=values,
        opened_from=opened_from,
        by=by,
        reason=reason,
        restoring=() if restoring else None,
    )


def withdraw_numbering(*, numbering: NumberPattern, by: User, reason: str, opened_from: int) -> NumberPattern:
    _ask_numbering(by, numbering.group)
    return withdraw(numbering, by=by, reason=reason, opened_from=opened_from)


def restore_numbering(*, numbering: NumberPattern, by: User, reason: str, opened_from: int) -> NumberPattern:
    _ask_numbering(by, numbering.group)
    return restore(numbering, by=by, reason=reason, opened_from=opened_from)


def _ask_numbering(by: User, group: WorkingGroup) -> None:
    if not can_register(by, group):
        raise PermissionDenied
