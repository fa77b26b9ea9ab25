"""The working text is sealed as an edition, and an edition is opened to its readers."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from documents.editions import snapshot
from documents.editions.seals import chain_of, seal_of
from documents.models import (
    Document,
    Edition,
    EditionMention,
    Release,
    Revision,
)
from documents.printing.rendering import keep_files
from mandates.models import RegisteredSymbol, WorkPlan
from mandates.permissions import is_chair
from mandates.symbol_words import explain
from mandates.symbols import Symbol, SymbolError, parse
from mispa.ground.changes import changes
from mispa.ground.models import ChangeSet, User
from mispa.ground.text import Text


class NothingToIssue(Exception):
    """The working text is, word for word, the latest edition."""

    def __str__(self) -> str:
        return str(_("The working text is the same as the latest edition, word for word; there is nothing to issue."))


class WorkingTextHasChanged(Exception):
    """Somebody changed the working text after the page was opened."""

    def __str__(self) -> str:
        return str(_("The working text has changed since you opened it. Read it again before you issue it."))


@transaction.atomic
def issue_plan(
    *, plan: WorkPlan, by: User | None, reason: str, seen: str, symbol: str = "", source: str = "page"
) -> Edition:
    """Seal a copy of the working text: a new edition, one with a new revision of the plan's document.

    `seen` is the seal of the working text as the issuing person saw it; `symbol` the base symbol as printed, where it
    is given now. Without one the revision is pending, or a further rev. of the symbol that the plan already has.
    Raises WorkingTextHasChanged, NothingToIssue, or ValidationError for the symbol.
    """
    with changes(by=by, reason=reason, source=source) as change_set:
        working = snapshot.take(plan)
        if seal_of(working.text) != seen:
            raise WorkingTextHasChanged
        previous = plan.editions.filter(corrigendum=0).order_by("number").last()
        if previous and _without_symbol(previous.text) == _without_symbol(working.text):
            raise NothingToIssue
        revision = _next_revision(plan, working.text["plan"]["title"], symbol)
        text = snapshot.take(plan, symbol=revision.symbol.canonical).text
        number = previous.number + 1 if previous else 1
        edition = sealed(
            Edition(plan=plan, number=number, text=text, revision=revision, last_change_at=working.last_change_at),
            change_set,
        )
        keep_files(edition)
    return edition


def sealed(edition: Edition, change_set: ChangeSet) -> Edition:
    """Saves an edition with its seal, bound to all that was sealed before it."""
    previous = edition.plan.editions.order_by("pk").last()  # a corrigendum may follow later editions
    edition.schema, edition.previous, edition.change_set = snapshot.SCHEMA, previous, change_set
    edition.sha256 = seal_of(edition.text)
    edition.chain = chain_of(previous.chain if previous else "", edition.sha256)
    edition.full_clean()
    edition.save(force_insert=True)
    _note_mentions(edition)
    return edition


def _without_symbol(text: dict[str, Any]) -> dict[str, Any]:
    return text | {"plan": text["plan"] | {"symbol": None}}


def _next_revision(plan: WorkPlan, title: Any, printed: str) -> Revision:
    document = Document.objects.filter(plan=plan).first()
    if document is None:
        document = Document(plan=plan, group=plan.group, kind=Document.Kind.WORK_PLAN, title=plan.title)
    earlier = Edition.objects.filter(plan=plan, corrigendum=0).count()
    if printed:
        document.base = str(_base_symbol(printed, document))
    document.full_clean()
    document.save()
    if document.base is None:
        symbol = RegisteredSymbol(state=RegisteredSymbol.State.PENDING)
    else:
        symbol = read_symbol(document.base + (f" rev. {earlier}" if earlier else ""))
    return new_revision(document, symbol)


def new_revision(document: Document, symbol: RegisteredSymbol) -> Revision:
    symbol.full_clean()
    symbol.save()
    position = Revision.objects.filter(document=document).count() + 1
    revision = Revision(document=document, symbol=symbol, position=position, state=Revision.State.ISSUED)
    revision.full_clean()
    revision.save()
    return revision


def read_symbol(printed: str) -> RegisteredSymbol:
    try:
        return RegisteredSymbol.read(printed)
    except SymbolError as error:
        raise ValidationError({"symbol": explain(error)}) from error


def _base_symbol(printed: str, document: Document) -> Symbol:
    """The base that a person gave, refused where it is none or another's."""
    read = read_symbol(printed)
    if read.canonical is None:
        raise ValidationError({"symbol": _("This symbol is not complete; leave the field empty to keep it pending.")})
    symbol = read.parsed or parse(read.canonical)
    if symbol.qualifiers or symbol.kind in {"RES", "DEC", "Ser"}:
        raise ValidationError({"symbol": _("Give the symbol of the paper itself, without rev., corr. or add.")})
    if document.base and document.base != str(symbol):
        raise ValidationError({"symbol": _("This plan already has the symbol %(base)s.") % {"base": document.base}})
    if Document.objects.filter(base=str(symbol)).exclude(pk=document.pk).exists():
        raise ValidationError({"symbol": _("This symbol is taken; a symbol is used once and for ever.")})
    return symbol


def _note_mentions(edition: Edition) -> None:
    known = RegisteredSymbol.objects.filter(canonical__in=snapshot.symbols_in(edition.text))
    for symbol in known.order_by("canonical"):
        EditionMention.objects.create(edition=edition, symbol=symbol)


# Releasing ----------------------------------------------------------------


@transaction.atomic
def release_plan(
    *, edition: Edition, audience: Release.Audience, by: User | None, consent: str, reason: str, source: str = "page"
) -> Release:
    """Open an edition to the delegations or to everybody. The chair consents by doing it; anyone else records how."""
    with changes(by=by, reason=reason, source=source) as change_set:
        if by and not consent and is_chair(by, edition.plan.group):
            with override(edition.text["plan"]["original_language"]):  # her page may be in any
                consent = _("given by the chair in person")
        release = released(edition, audience, consent, change_set)
        corrigenda = Edition.objects.filter(plan=edition.plan_id, number=edition.number, corrigendum__gt=0)
        for corrigendum in corrigenda.exclude(releases__audience=audience).order_by("corrigendum"):
            released(corrigendum, audience, consent, change_set)
        return release


def released(edition: Edition, audience: str, consent: str, change_set: ChangeSet) -> Release:
    release = Release(edition=edition, audience=audience, consent=consent, change_set=change_set)
    release.full_clean()
    release.save(force_insert=True)
    _show_in_register(edition, audience)
    return release


def open_to_all(edition: Edition, consent: str, change_set: ChangeSet) -> None:
    """What the Group has adopted is open to everybody."""
    if not edition.releases.filter(audience=Release.Audience.PUBLIC).exists():
        released(edition, Release.Audience.PUBLIC, consent, change_set)


def _show_in_register(edition: Edition, audience: str) -> None:
    """The plan's paper has the title of the latest edition that all who see it there may read."""
    document = edition.revision.document
    before = (document.title, document.is_public)
    to_all = audience == Release.Audience.PUBLIC
    later = Release.objects.filter(edition__plan=edition.plan, edition__number__gt=edition.number, audience=audience)
    if (to_all or not document.is_public) and not later.exists():
        document.title = Text.from_json(edition.text["plan"]["title"])
    document.is_public = document.is_public or to_all
    if (document.title, document.is_public) != before:
        document.full_clean()
        document.save()
