"""What changed in a group: the page of each reader, and the feed that is the same for everybody."""

from datetime import UTC, datetime, time, timedelta
from typing import Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from documents.actions.following import note_read
from documents.models import ReadUntil
from documents.reading.feed import atom
from documents.reading.following import follow_context
from documents.reading.frame import group_context, group_or_404
from documents.reading.news import News
from documents.views.shared import digest, file_response, language_asked, settled
from mandates.permissions import is_editor
from mispa.ground.accounts import SignedInRequest
from mispa.ground.fields import valid_year
from mispa.ground.models import ChangeSet
from mispa.ground.openings import as_number, latest_change

ON_A_PAGE: Final = 25
LOOKS_BACK: Final = timedelta(days=30)  # for who has not said how far she has read
IN_THE_FEED: Final = 100
ATOM: Final = "application/atom+xml; charset=utf-8"


class SinceForm(forms.Form):
    """The day from which changes are shown."""

    use_required_attribute = False

    since = forms.DateField(
        label=gettext_lazy("From day"),
        required=False,
        validators=[valid_year],
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("Write the day as 2013-09-05.")},
    )

    @property
    def is_asked(self) -> bool:
        return self.is_bound and self.is_valid() and bool(self.cleaned_data["since"])


@login_not_required
@require_safe
def changes(request: HttpRequest, group: str) -> HttpResponse:
    """From the day that is asked for, else from where the reader stopped, else of the last month."""
    found = group_or_404(request, group)
    read = ReadUntil.objects.filter(user=request.user.pk, group=found).first()
    since = read.until if read else timezone.now() - LOOKS_BACK
    form = SinceForm(request.GET if "since" in request.GET else None)
    if form.is_asked:
        since = datetime.combine(form.cleaned_data["since"], time.min, found.zone).astimezone(UTC)
    latest = latest_change()  # asked first: what is written meanwhile is new the next time
    events = News(found, request.user).since(since)
    context = group_context(request, found, "overview") | follow_context(request.user, found)
    context |= {
        "sift": form,
        "since": since,
        "read": None if form.is_asked else read,
        "latest": latest,
        "page_of": Paginator(events, ON_A_PAGE).get_page(request.GET.get("page")),
        "can_release_mails": is_editor(request.user, found),
    }
    return render(request, "documents/changes.html", context)


@require_POST
def changes_read(request: SignedInRequest, group: str) -> HttpResponse:
    """Begin after the last change that the page showed, the next time."""
    found = group_or_404(request, group)
    latest = as_number(request.POST.get("latest", ""))
    shown = ChangeSet.objects.filter(pk=latest).first() if latest is not None else None
    if shown:
        note_read(group=found, user=request.user, until=shown.at + timedelta(microseconds=1))
        messages.info(request, _("Noted. The next time this page begins with what is new."))
    return redirect("documents:changes", found.slug)


@login_not_required
@require_safe
def changes_atom(request: HttpRequest, group: str) -> HttpResponse:
    """What everybody may know, whoever asks: feed readers do not sign in."""
    found = group_or_404(request, group)
    language = language_asked(request, found.name.original)
    events = News(found, AnonymousUser()).since()[:IN_THE_FEED]
    since = found.history.earliest("history_id").history_date
    content = atom(found, events, language, since)
    changed_at = settled(events[0].at if events else since)  # what is hidden must not be told by its instant
    name = f"{found.slug}-changes.atom"
    return file_response(request, content, ATOM, name, digest(content), inline=True, last_modified=changed_at)
