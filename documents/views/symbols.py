"""Symbols to check, and what a symbol leads to as a person types it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from documents.models import Revision
from documents.reading.chain import current_of
from documents.reading.citations import doubts
from documents.views.library import frame_of, texts_of
from documents.views.shared import page_of
from mandates.models import RegisteredSymbol, Resolution, registered_organs
from mandates.permissions import can_register, can_see_shared_history
from mandates.registry import what_to_check
from mandates.symbol_words import explain
from mandates.symbols import Symbol, SymbolError, SymbolNeedsReview, parse

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User

MANY = 20  # of which one can still choose


@require_safe
def symbol_list(request: HttpRequest) -> HttpResponse:
    """Symbols to check: what is typed or brought in but not clean, for those who mend it."""
    if not can_see_shared_history(request.user):
        raise PermissionDenied
    # Symbols are shared by all groups, papers are not.
    theirs = Q(revision__isnull=True) | Q(revision__in=Revision.objects.visible_to(request.user))
    symbols = RegisteredSymbol.objects.standing().filter(theirs).exclude(resolution__is_withdrawn=True)
    pending = symbols.filter(state=RegisteredSymbol.State.PENDING).select_related(
        "revision__document__group", "resolution"
    )
    otherwise = symbols.exclude(printed="").exclude(printed=F("canonical"))
    otherwise = otherwise.filter(state=RegisteredSymbol.State.IN_USE).select_related("revision__document", "resolution")
    doubtful = list(pending.exclude(review="").order_by("printed", "id"))
    awaited = pending.filter(review="", revision__isnull=False, revision__document__plan__isnull=True)
    groups = {one.revision.document.group for one in (*doubtful, *awaited) if hasattr(one, "revision")}
    mends = {group for group in groups if can_register(request.user, group)}
    organs = registered_organs()
    context = frame_of(request, "papers") | {
        "symbols": [
            {
                "symbol": symbol,
                "why": what_to_check(symbol, organs),
                "mends": hasattr(symbol, "revision") and symbol.revision.document.group in mends,
            }
            for symbol in doubtful
        ],
        "awaited": [
            {"revision": symbol.revision, "mends": symbol.revision.document.group in mends}
            for symbol in awaited.order_by("revision__document__registered_on", "id")
        ],
        "in_texts": [
            {"group": group, "page": page_of(group, reading, None), "doubts": found}
            for group, reading in texts_of(request)
            if (found := doubts(reading.text, organs))
        ],
        "otherwise": [
            {"symbol": symbol, "differs_in_space": " ".join(symbol.printed.split()) == symbol.canonical}
            for symbol in otherwise.order_by("canonical", "id")
        ],
    }
    return render(request, "documents/symbol_list.html", context)


@login_not_required
@require_safe
def symbol_lookup(request: HttpRequest, printed: str) -> HttpResponse:
    """Leads from a symbol as a person types it to what it names; lists what fits where several do, or says why none.

    Another revision is never shown instead of the one asked for.
    """
    try:
        symbol = parse(printed, registered_organs())
    except SymbolNeedsReview as doubt:
        return _lookup_in_doubt(request, printed, doubt)
    except SymbolError as error:
        raise Http404(explain(error)) from error
    resolution = Resolution.objects.visible_to(request.user).filter(symbol__canonical=str(symbol)).first()
    if resolution:
        return redirect(resolution)
    revisions = Revision.objects.visible_to(request.user).select_related("symbol", "document")
    if exact := revisions.filter(symbol__canonical=str(symbol)).first():
        return redirect(exact)
    states = list(revisions.filter(document__base=str(symbol.base)).latest_last())
    if not symbol.qualifiers and states:
        return redirect(current_of(states[0].document, states))
    if gone := _withdrawn(request.user, symbol):
        return redirect(gone)
    why = _("Nothing that you may see has the symbol %(symbol)s.") % {"symbol": symbol.display}
    if not states:
        raise Http404(why)
    return _candidates(request, printed, why, states, [], status=404)


def _withdrawn(user: "User | AnonymousUser", symbol: Symbol) -> Revision | None:
    gone = Revision.objects.open_to(user).filter(symbol__canonical=str(symbol)).select_related("symbol")
    found: Revision | None = gone.first()
    return found


def _lookup_in_doubt(request: HttpRequest, printed: str, doubt: SymbolNeedsReview) -> HttpResponse:
    """A symbol that is not complete: the one thing printed so, or that alone a short citation can mean."""
    revisions = Revision.objects.visible_to(request.user).select_related("symbol", "document")
    resolutions = Resolution.objects.visible_to(request.user).select_related("symbol")
    as_printed = Q(symbol__printed__iexact=" ".join(printed.split()), symbol__canonical__isnull=True)
    found: list[Any] = [*revisions.filter(as_printed)[:MANY], *resolutions.standing().filter(as_printed)[:MANY]]
    if not found and (begins := _beginnings(doubt)):
        fits = Q()
        for beginning in begins:
            fits |= Q(symbol__canonical__startswith=beginning)
        found = [
            *revisions.filter(fits).order_by("symbol__canonical")[:MANY],
            *resolutions.standing().filter(fits).order_by("symbol__canonical")[:MANY],
        ]
    if len(found) == 1:
        return redirect(found[0])
    if not found:
        raise Http404(explain(doubt))
    papers = [one for one in found if isinstance(one, Revision)]
    why = _("Several things can be meant. Choose the one that you mean.")
    return _candidates(request, printed, why, papers, [one for one in found if isinstance(one, Resolution)])


def _beginnings(doubt: SymbolNeedsReview) -> list[str]:
    """How the symbols begin that a short citation can mean; of one without a number nothing is guessed."""
    symbol = doubt.symbol
    if symbol is None or not symbol.number or symbol.qualifiers or doubt.reason not in {"short citation", "no year"}:
        return []
    return [f"{symbol}{sign}" for sign in ("/", " (")]


def _candidates(
    request: HttpRequest,
    printed: str,
    why: str,
    revisions: Sequence[Revision],
    resolutions: Sequence[Resolution],
    status: int = 200,
) -> HttpResponse:
    context = frame_of(request, "papers") | {
        "printed": printed,
        "why": why,
        "revisions": revisions,
        "resolutions": resolutions,
    }
    return render(request, "documents/symbol_candidates.html", context, status=status)
