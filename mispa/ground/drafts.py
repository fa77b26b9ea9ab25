"""The pages of what a person typed and did not save, and the address to which a form sends it while she types."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import date as in_words
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from mispa.ground.accounts import SignedInRequest, way_on
from mispa.ground.kept import FIELD, MOST, keep, mark_of, words_of


@require_safe
def draft_list(request: SignedInRequest) -> HttpResponse:
    context = {"drafts": request.user.kept_drafts.all(), "most": MOST}
    return render(request, "ground/drafts.html", context)


@require_safe
def draft_detail(request: SignedInRequest, draft: UUID) -> HttpResponse:
    """Its words, whatever became of the form."""
    found = get_object_or_404(request.user.kept_drafts, pk=draft)
    return render(request, "ground/draft.html", {"draft": found, "words": words_of(found)})


@require_POST
def draft_discard(request: SignedInRequest, draft: UUID) -> HttpResponse:
    get_object_or_404(request.user.kept_drafts, pk=draft).delete()  # untracked: her own, and never saved
    messages.success(request, _("Discarded."))
    return redirect(way_on(request))


@csrf_exempt  # the mark shows as well as the token that the form came from here, and outlives a new sign-in
@login_not_required
@never_cache
@require_POST
def draft_keep(request: HttpRequest) -> HttpResponse:
    """Keeps a form while it is being filled in, and answers with the sentence to show under it."""
    mark = mark_of(request.POST.get(FIELD, ""))
    draft = keep(mark, request.POST) if mark else None
    if draft is None:
        return HttpResponseBadRequest(_("This comes from no form of ours."))
    hour = in_words(timezone.localtime(draft.at), "H:i e")
    if request.user.pk == draft.user_id:
        says = _("Kept on the server at %(hour)s; not saved yet.") % {"hour": hour}
    else:
        says = _("Kept on the server at %(hour)s; not saved yet. You are signed out: sign in to save.") % {"hour": hour}
    return JsonResponse({"says": says})
