"""Whether a seal or a file is what it says: open to everybody, and told only of what the reader may read."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from documents.editions import standing
from documents.editions.record import Records
from documents.forms import SealedFileForm, SealForm
from documents.models import Edition
from documents.printing.files import standing_of
from documents.verifying.claims import Finding, identified, read_seal, sealed
from documents.views.shared import LARGEST, InMemory
from mispa.ground.text import Text


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # until the handler is there; the inner view asks for the token
def verify(request: HttpRequest) -> HttpResponse:
    """The page where a seal is typed or a file is dropped; a file is answered at once, a seal has an address."""
    handler = InMemory.of(request)
    return _verify(request, handler)


@csrf_protect
def _verify(request: HttpRequest, handler: InMemory) -> HttpResponse:
    if request.method == "POST":
        form = SealedFileForm(request.POST, request.FILES, is_too_large=handler.size > LARGEST)
        if not form.is_valid():
            return _page(request, file_form=form, status=400)
        return _page(request, finding=identified(request.user, form.cleaned_data["file"].read()))
    if "seal" not in request.GET:
        return _page(request)
    asked = SealForm(request.GET)
    if not asked.is_valid():
        return _page(request, seal_form=asked, status=400)
    return redirect("documents:verify-seal", asked.cleaned_data["seal"])


@login_not_required
@require_safe
def verify_seal(request: HttpRequest, seal: str) -> HttpResponse:
    """Which edition has a seal; a seal of none, and one that the reader may not know of, are answered alike."""
    digits = read_seal(seal)
    if not digits:
        return _page(request, seal_form=SealForm({"seal": seal}), status=404)
    if digits != seal:
        return redirect("documents:verify-seal", digits)
    editions = sealed(request.user, digits)
    form = SealForm(initial={"seal": digits})
    return _page(request, seal_form=form, seal=digits, editions=editions, status=200 if editions else 404)


def _page(
    request: HttpRequest,
    *,
    status: int = 200,
    seal: str = "",
    editions: list[Edition] | None = None,
    finding: Finding | None = None,
    seal_form: SealForm | None = None,
    file_form: SealedFileForm | None = None,
) -> HttpResponse:
    found = editions or (finding.editions if finding else [])
    context: dict[str, Any] = {
        "group": None,
        "place": "",
        "seal": seal,
        "finding": finding,
        "items": [_item(request, edition, finding) for edition in found],
        "seal_form": seal_form or SealForm(),
        "file_form": file_form or SealedFileForm(),
        "links": {},
    }
    return render(request, "documents/verify.html", context, status=status)


def _item(request: HttpRequest, edition: Edition, finding: Finding | None) -> dict[str, Any]:
    """An edition, how it stands today, and what came after it, as far as this reader may know."""
    plan = edition.plan
    records = Records(plan)
    record = records.of(edition)
    others = Edition.objects.visible_to(request.user).filter(plan=plan).exclude(pk=edition.pk)
    others = others.select_related("change_set").prefetch_related("releases")
    today = timezone.localdate(timezone=plan.group.zone)
    issued = others.filter(corrigendum=0)
    in_force = issued.adopted_by(today).last() if record["status"] == "superseded" else None
    newer = issued.filter(number__gt=edition.number).latest_first().first()
    corrigenda = others.filter(number=edition.number, corrigendum__gt=edition.corrigendum).order_by("corrigendum")
    corrected = issued.filter(number=edition.number).first() if edition.corrigendum else None

    def named(one: Edition | None) -> dict[str, Any] | None:
        return {"url": one.get_absolute_url(), "word": standing.word(records.of(one))} if one else None

    file = finding.file if finding else None
    return {
        "edition": edition,
        "record": record,
        "group": Text.from_json(edition.text["group"]["name"]),
        "title": Text.from_json(edition.text["plan"]["title"]),
        "which": standing.which(record),
        "pdf": edition.address("pdf"),
        "status_line": standing.status_line(record),
        "newer": named(newer) if newer != in_force else None,
        "in_force": named(in_force),
        "corrected": named(corrected),
        "corrigenda": [named(one) for one in corrigenda],
        "stood_otherwise": file is not None and file.standing != standing_of(record),
    }
