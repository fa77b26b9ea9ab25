"""What a person follows, how she stops it from a mail, and the mails that wait for an editor to let them go."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.actions.following import (
    GoneAlready,
    Thing,
    follow,
    hold_bundle,
    may_follow,
    release_bundle,
    unfollow,
    unfollow_all,
)
from documents.mailing import read_token, waiting_in
from documents.models import Bundle, Document, Follow, Revision
from documents.reading.frame import group_context, group_or_404
from mandates.models import WorkingGroup
from mandates.permissions import can_see_history
from meetings.models import Meeting
from mispa.ground.accounts import SignedInRequest, way_on
from mispa.ground.forms import without_controls
from mispa.ground.openings import as_number

# Following ----------------------------------------------------------------


@require_POST
def group_follow(request: SignedInRequest, group: str) -> HttpResponse:
    return _follow(request, group_or_404(request, group))


@require_POST
def meeting_follow(request: SignedInRequest, group: str, number: int) -> HttpResponse:
    found = group_or_404(request, group)
    meetings = Meeting.objects.visible_to(request.user).select_related("group")
    return _follow(request, get_object_or_404(meetings, group=found, number=number))


@require_POST
def document_follow(request: SignedInRequest, pk: UUID) -> HttpResponse:
    papers = Document.objects.visible_to(request.user).select_related("group")
    return _follow(request, get_object_or_404(papers, pk=pk))


def _follow(request: SignedInRequest, thing: Thing) -> HttpResponse:
    if not may_follow(request.user, thing):
        raise PermissionDenied
    if request.POST.get("follow"):
        follow(thing=thing, user=request.user)
        messages.info(request, _following_words(request.user.email))
    else:
        unfollow(thing=thing, user=request.user)
        messages.info(request, _("You follow it no longer."))
    return redirect(way_on(request))


def _following_words(email: str) -> str:
    if not email:
        return _("You follow it. Your account has no e-mail address yet: ask the administrator to enter one.")
    return _("You follow it. Mails go to %(email)s.") % {"email": email}


@require_http_methods(["GET", "HEAD", "POST"])
def following(request: SignedInRequest) -> HttpResponse:
    """All that a person follows; what she may no longer see has no name here, and she can stop it."""
    own = Follow.objects.filter(user=request.user)
    if request.method == "POST":
        stopped = [key for one in request.POST.getlist("stop") if (key := as_number(one)) is not None]
        own.filter(pk__in=stopped).delete()  # untracked: a wish of her own
        return redirect("documents:following")
    related = own.select_related("group", "meeting__group", "meeting__series", "document")
    seen = _seen(request, list(related))
    return render(request, "documents/following.html", {"follows": seen, "group": None})


def _seen(request: SignedInRequest, follows: list[Follow]) -> list[dict[str, Any]]:
    groups = set(WorkingGroup.objects.visible_to(request.user).values_list("pk", flat=True))
    meetings = set(Meeting.objects.visible_to(request.user).filter(follows__in=follows).values_list("pk", flat=True))
    states = Revision.objects.visible_to(request.user).filter(document__follows__in=follows)
    papers = {one.document_id: one for one in states.select_related("symbol", "document").latest_last()}
    return [
        {"follow": one, "url": one.group.get_absolute_url(), "name": one.group.short_name}
        if one.group and one.group_id in groups
        else {"follow": one, "url": one.meeting.get_absolute_url(), "meeting": one.meeting}
        if one.meeting and one.meeting_id in meetings
        else {"follow": one, "url": paper.get_absolute_url(), "name": paper.shown_title}
        if (paper := papers.get(one.document_id))
        else {"follow": one, "url": ""}
        for one in follows
    ]


@csrf_exempt  # a mail program posts here by itself (RFC 8058); the token says for whom, and can do nothing else
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def following_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ends the mails about a group to one person, without sign-in. No redirect follows: mail programs take none."""
    named = read_token(token)
    if named is None:
        raise Http404(_("This link stops no mails: it is not whole. Copy all of it from the mail."))
    user, found = named
    if request.method == "POST":
        unfollow_all(group=found, user=user)
    return render(request, "documents/following_stop.html", {"is_stopped": request.method == "POST", "group": None})


# Mails that wait ----------------------------------------------------------


@require_safe
def mail_list(request: HttpRequest, group: str) -> HttpResponse:
    """The mails to followers that have not gone, each in all languages as it would go now."""
    found = group_or_404(request, group)
    if not can_see_history(request.user, found):
        raise PermissionDenied
    context = {"waiting": waiting_in(found, request.user)}
    return render(request, "documents/mail_list.html", group_context(request, found, "overview") | context)


@require_POST
def mail_release(request: SignedInRequest, group: str, number: int) -> HttpResponse:
    """Lets go what the editor has read; where something has joined it since, she reads it first."""
    bundle = _bundle(request, group, number)
    seen = {one["bundle"]: one["seen"] for one in waiting_in(bundle.group, request.user)}
    if seen.get(bundle, "") != request.POST.get("seen", ""):
        messages.warning(request, _("This mail has changed since you read it, or has gone. Read it, then send it."))
        return redirect("documents:mail-list", group)
    try:
        release_bundle(bundle=bundle, by=request.user)
        messages.info(request, _("The mails go now."))
    except GoneAlready as gone:
        messages.warning(request, str(gone))
    return redirect("documents:mail-list", group)


@require_POST
def mail_hold(request: SignedInRequest, group: str, number: int) -> HttpResponse:
    bundle = _bundle(request, group, number)
    try:
        hold_bundle(bundle=bundle, by=request.user, reason=without_controls(request.POST.get("reason", "")))
        messages.info(request, _("The mails are held back."))
    except GoneAlready as gone:
        messages.warning(request, str(gone))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("documents:mail-list", group)


def _bundle(request: SignedInRequest, group: str, number: int) -> Bundle:
    found = group_or_404(request, group)
    if not can_see_history(request.user, found):
        raise PermissionDenied
    bundle: Bundle = get_object_or_404(Bundle.objects.select_related("group"), pk=number, group=found)
    return bundle
