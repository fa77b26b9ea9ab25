"""What is done to documents: issuing a plan's working text as a sealed edition, and opening it to its readers."""

import hashlib
from itertools import product
from typing import Any

import rfc8785
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from documents import snapshot
from documents.models import Document, Edition, EditionFile, EditionMention, Release, Revision
from documents.pdf import calendar_pdf, work_plan_pdf
from mandates.models import RegisteredSymbol, WorkPlan
from mandates.permissions import is_chair
from mandates.symbol_words import explain
from mandates.symbols import Symbol, SymbolError, parse
from mispa.ground.changes import changes
from mispa.ground.models import User
from mispa.ground.text import Text


class NothingToIssue(Exception):
    """The working text is, word for word, the latest edition."""

    def __str__(self) -> str:
        return str(_("The working text is the same as the latest edition, word for word; there is nothing to issue."))


class WorkingTextHasChanged(Exception):
    """Somebody changed the working text after the page was opened."""

    def __str__(self) -> str:
        return str(_("The working text has changed since you opened it. Read it again before you issue it."))


def seal_of(text: dict[str, Any]) -> str:
    """The SHA-256, in hex, of the canonical bytes (RFC 8785) of a snapshot's text."""
    return hashlib.sha256(rfc8785.dumps(text)).hexdigest()


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
        previous = plan.editions.order_by("number").last()
        if previous and _without_symbol(previous.text) == _without_symbol(working.text):
            raise NothingToIssue
        revision = _next_revision(plan, working.text["plan"]["title"], symbol)
        text = snapshot.take(plan, symbol=revision.symbol.canonical).text
        edition = Edition(
            plan=plan,
            number=previous.number + 1 if previous else 1,
            revision=revision,
            text=text,
            sha256=seal_of(text),
            previous=previous,
            last_change_at=working.last_change_at,
            change_set=change_set,
        )
        edition.full_clean()
        edition.save(force_insert=True)
        _note_mentions(edition)
        _make_files(edition)
    return edition


def _without_symbol(text: dict[str, Any]) -> dict[str, Any]:
    return text | {"plan": text["plan"] | {"symbol": None}}


def _next_revision(plan: WorkPlan, title: Any, printed: str) -> Revision:
    document = Document.objects.filter(plan=plan).first()
    if document is None:
        document = Document(plan=plan, group=plan.group, kind=Document.Kind.WORK_PLAN, title=plan.title)
    earlier = Revision.objects.filter(document=document).count() if document.base or not document._state.adding else 0
    if printed:
        document.base = str(_base_symbol(printed, document))
    document.full_clean()
    document.save()
    if document.base is None:
        symbol = RegisteredSymbol(state=RegisteredSymbol.State.PENDING)
    else:
        symbol = _read(document.base + (f" rev. {earlier}" if earlier else ""))
    symbol.full_clean()
    symbol.save()
    revision = Revision(document=document, symbol=symbol, position=earlier + 1, state=Revision.State.ISSUED)
    revision.full_clean()
    revision.save()
    return revision


def _read(printed: str) -> RegisteredSymbol:
    try:
        return RegisteredSymbol.read(printed)
    except SymbolError as error:
        raise ValidationError({"symbol": explain(error)}) from error


def _base_symbol(printed: str, document: Document) -> Symbol:
    """The base that a person gave, refused where it is none or another's."""
    read = _read(printed)
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


def record_of(edition: Edition) -> dict[str, Any]:
    """What is known of an edition beside its text; `last_change_at` and `issued_at` are UTC."""
    audiences = {release.audience for release in edition.releases.all()}
    return {
        "status": "released" if audiences else "issued",
        "edition": edition.number,
        "last_change_at": edition.last_change_at,
        "issued_on": edition.change_set.at.astimezone(edition.plan.group.zone).date(),
        "considered": [],
        "adopted": None,
        "audiences": sorted(audiences),
        "languages": snapshot.complete_languages(edition.text),
    }


def _make_files(edition: Edition) -> None:
    """The papers of an edition in each language that is complete, kept as they are from now on."""
    text, record = snapshot.objects(edition.text), record_of(edition)
    papers = (("work-plan.pdf", work_plan_pdf), ("calendar.pdf", calendar_pdf))
    for language, (name, make) in product(record["languages"], papers):
        content = make(text, record, language)
        EditionFile.objects.create(
            edition=edition, name=name, language=language, content=content, sha256=hashlib.sha256(content).hexdigest()
        )


@transaction.atomic
def release_plan(
    *, edition: Edition, audience: Release.Audience, by: User | None, consent: str, reason: str, source: str = "page"
) -> Release:
    """Open an edition to the delegations or to everybody. The chair consents by doing it; anyone else records how."""
    with changes(by=by, reason=reason, source=source) as change_set:
        if by and not consent and is_chair(by, edition.plan.group):
            consent = str(_("given by the chair in person"))
        release = Release(edition=edition, audience=audience, consent=consent, change_set=change_set)
        release.full_clean()
        release.save(force_insert=True)
        _show_in_register(edition, audience)
    return release


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
