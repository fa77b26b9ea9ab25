"""Calendar files: of a group, of one meeting, and a person's own, which comes without sign-in to a secret address."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext_lazy, ngettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from documents.actions.feeds import (
    AddressChangedMeanwhile,
    digest_of,
    end_address,
    make_address,
    seen,
    set_feed,
)
from documents.models import PersonalFeed
from documents.reading.asof import only_now
from documents.reading.frame import group_or_404
from documents.reading.sieve import CalendarSieve
from documents.views.shared import digest, file_response, language_asked, settled
from mandates.models import Membership, WorkingGroup
from mandates.permissions import groups_of
from meetings.ical import CONTENT_TYPE, feed, latest_told
from meetings.models import Meeting
from mispa.ground.accounts import SignedInRequest
from mispa.ground.kept import forget_sent, take_up
from mispa.ground.text import Text

A_MINUTE: Final = 30  # fetches of one address; a program asks once an hour

# Of a group ----------------------------------------------------------------


@login_not_required
@require_safe
@only_now
def calendar_ics(request: HttpRequest, group: str) -> HttpResponse:
    found = group_or_404(request, group)
    sieve = CalendarSieve(request.GET)
    meetings = Meeting.objects.visible_to(request.user).filter(group=found)
    content = feed(
        sieve.narrowed(meetings),
        name=found.short_name,
        timezone=found.timezone,
        language=language_asked(request, found.name.original),
        words=sieve.words,
        hides_cancelled=sieve.hides_cancelled,
    )
    # What goes out of a part of the calendar leaves no instant in it.
    changed_at = None if sieve.is_asked else _changed_at(content, request.user, [found])
    return _answered(request, content, f"{found.slug}.ics", changed_at)


@login_not_required
@require_safe
@only_now
def meeting_ics(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """One meeting, to be put into a calendar; it is the same event as in the feed."""
    found = group_or_404(request, group)
    content = feed(
        Meeting.objects.visible_to(request.user).filter(group=found, number=number),
        name=found.short_name,
        timezone=found.timezone,
        language=language_asked(request, found.name.original),
    )
    if b"\r\nBEGIN:VEVENT\r\n" not in content:
        raise Http404(_("There is no meeting %(number)s with a day that a calendar could show.") % {"number": number})
    return _answered(request, content, f"{found.slug}-{number}.ics", _changed_at(content, request.user, [found]))


def _answered(request: HttpRequest, content: bytes, name: str, changed_at: datetime | None) -> HttpResponse:
    return file_response(request, content, CONTENT_TYPE, name, digest(content), inline=True, last_modified=changed_at)


def _changed_at(
    content: bytes, reader: AbstractBaseUser | AnonymousUser, groups: Iterable[WorkingGroup], *others: datetime
) -> datetime | None:
    """When a feed can last have changed for its reader, as far as she may know: never when something hidden did.

    That is with an event in it, with a role of hers, or at midnight of a group, when roles begin and end.
    """
    roles = Membership.history.filter(user_id=reader.pk) if reader.is_authenticated else Membership.history.none()
    role_changed_at = roles.aggregate(at=Max("history_date"))["at"]
    return settled(latest_told(content), role_changed_at, *others, zones=[one.zone for one in groups])


# A person's own -------------------------------------------------------------


@login_not_required
@require_safe
def personal_ics(request: HttpRequest, token: str) -> HttpResponse:
    """What the person of this address may see at this moment, of the groups that she chose."""
    own = PersonalFeed.objects.at_work().filter(token_sha256=digest_of(token)).select_related("user").first()
    if own is None:
        raise Http404(_("There is no calendar under this address, or no longer. You find yours in your account."))
    if _comes_too_often(own):
        return HttpResponse(status=429, headers={"Retry-After": "60"} | _OF_ONE_PERSON)
    reader = own.user if own.has_private else AnonymousUser()
    content = feed(
        Meeting.objects.visible_to(reader).filter(group__in=own.groups.all()),
        name=Text.of("mispa"),
        timezone="UTC",
        language=own.language,
        reminder=own.reminder,
    )
    answer = _answered(request, content, "calendar.ics", _changed_at(content, reader, own.groups.all(), own.changed_at))
    for header, value in _OF_ONE_PERSON.items():
        answer[header] = value
    return answer


_OF_ONE_PERSON: Final = {
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


def _comes_too_often(own: PersonalFeed) -> bool:
    """Counted in each process, by the minute."""
    key = f"fetched-{own.pk}-{timezone.now():%Y%m%d%H%M}"
    cache.add(key, 0, timeout=120)
    return cache.incr(key) > A_MINUTE


class FeedForm(forms.Form):
    """What a person wants in her own calendar."""

    use_required_attribute = False

    groups = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Groups"),
        queryset=WorkingGroup.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one group.")},
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    reminder = forms.TypedChoiceField(
        label=gettext_lazy("Reminder"),
        help_text=gettext_lazy("Before meetings with hours. Some calendar programs use their own reminders instead."),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", gettext_lazy("none")),
            *(
                (
                    minutes,
                    format_lazy(
                        ngettext_lazy("{number} minute before", "{number} minutes before", minutes), number=minutes
                    ),
                )
                for minutes in (5, 10, 15, 30)
            ),
            *(
                (
                    hours * 60,
                    format_lazy(ngettext_lazy("{number} hour before", "{number} hours before", hours), number=hours),
                )
                for hours in (1, 2, 24)
            ),
        ],
    )
    has_private = forms.BooleanField(
        label=gettext_lazy("Also what only my roles let me see"),
        help_text=gettext_lazy(
            "Meetings that are not convened yet, and groups that are not open to everybody. Whoever has the address "
            "can read them."
        ),
        required=False,
    )

    def __init__(self, *args: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["groups"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 (for the type checker)
        field.queryset = groups


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def personal_feed(request: SignedInRequest) -> HttpResponse:
    """What is in a person's calendar, and its address; a new one is told in the answer, and never again."""
    own = PersonalFeed.objects.filter(user=request.user).prefetch_related("groups").first()
    groups = WorkingGroup.objects.visible_to(request.user).order_by("slug")
    form = FeedForm(request.POST or None, groups=groups, initial=_wanted(request, own))
    take_up(request, form)
    answer = None
    if request.method == "POST":
        try:
            answer = _done(request, form)
        except AddressChangedMeanwhile as changed:
            messages.warning(request, str(changed))
            own = PersonalFeed.objects.filter(user=request.user).first()
    return answer or _page(request, form, own)


def _done(request: SignedInRequest, form: FeedForm) -> HttpResponse | None:
    """What the button says; None where the form must be mended first."""
    whose: dict[str, Any] = {"user": request.user, "opened_for": request.POST.get("seen", "")}
    if request.POST.get("do") == "end":
        end_address(**whose)
        messages.success(request, _("The address is ended. Calendar programs that have it get nothing any more."))
    elif not form.is_valid():
        return None
    elif request.POST.get("do") == "make":
        token = make_address(**whose, **form.cleaned_data)
        address = request.build_absolute_uri(reverse("documents:personal-ics", args=[token]))
        own = PersonalFeed.objects.get(user=request.user)
        forget_sent(request)
        return _page(request, form, own, address=address, subscribe=f"webcal:{address.partition(':')[2]}")
    else:
        set_feed(**whose, **form.cleaned_data)
        messages.success(request, _("Saved. Calendar programs get it the next time that they ask."))
    return redirect("documents:personal-feed")


def _page(request: SignedInRequest, form: FeedForm, own: PersonalFeed | None, **more: str) -> HttpResponse:
    context = {"form": form, "own": own, "seen": seen(own), "group": None} | more
    return render(request, "documents/personal_feed.html", context)


def _wanted(request: SignedInRequest, own: PersonalFeed | None) -> dict[str, Any]:
    if own:
        chosen = [group.pk for group in own.groups.all()]
        return {"groups": chosen} | {name: getattr(own, name) for name in ("language", "reminder", "has_private")}
    return {"groups": groups_of(request.user), "language": request.user.language or (get_language() or "en")[:2]}
