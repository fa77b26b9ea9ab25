"""Signing in and out, and what a person may set for herself. The administrator makes accounts and gives roles."""

from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mispa.ground.kept import draft_at, take_up
from mispa.ground.models import KeptDraft, User
from mispa.ground.zones import zones


class SignedInRequest(HttpRequest):
    """What reaches a view that is not open to strangers."""

    user: User


# ---------------------------------------------------------------- forms


@cache
def zones_by_small_letters() -> dict[str, str]:
    """The time zones that may be chosen, by their names in small letters."""
    return {name.casefold(): name for name in zones()}


class SignInForm(AuthenticationForm):
    """Says the same of a wrong name, a wrong password and a closed account: strangers learn nothing."""

    error_messages = {
        "invalid_login": gettext_lazy(
            "This name and this password do not belong together. Type both again; capitals count in the password."
        ),
        "inactive": gettext_lazy("This account is closed. Ask the administrator to open it."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Name of your account")
        self.fields["username"].error_messages["required"] = _("Type the name of your account.")
        self.fields["username"].widget.attrs["autocapitalize"] = "none"
        self.fields["password"].label = _("Password")
        self.fields["password"].error_messages["required"] = _("Type your password.")


class ReaderForm(forms.ModelForm):
    """The language and the time zone in which a person reads."""

    class Meta:
        model = User
        fields = ["language", "timezone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"] = forms.ChoiceField(
            label=_("Language of the pages"),
            required=False,
            choices=[("", _("as my browser asks")), *settings.LANGUAGES],
        )
        self.fields["timezone"].label = _("Time zone")
        self.fields["timezone"].help_text = _(
            "Begin to type and choose, such as America/New_York. It is used for changes and other instants; meetings "
            "keep the hours of their place. Without one, instants are in UTC."
        )
        self.fields["timezone"].widget.attrs |= {"list": "zones", "autocomplete": "off", "spellcheck": "false"}

    def clean_timezone(self) -> str:
        typed: str = self.cleaned_data["timezone"]
        if not typed:
            return ""
        name = zones_by_small_letters().get(typed.strip().replace(" ", "_").casefold())
        if name is None:
            raise ValidationError(
                _("“%(typed)s” is no time zone. Write a region and a city, such as America/Bogota."),
                params={"typed": typed},
            )
        return name


class PasswordForm(PasswordChangeForm):
    error_messages = {
        "password_mismatch": gettext_lazy("The two new passwords differ. Type the same one twice."),
        "password_incorrect": gettext_lazy("This is not your present password. Type it again."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Present password")
        self.fields["old_password"].error_messages["required"] = _("Type your present password.")
        self.fields["old_password"].widget.attrs.pop("autofocus", None)
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password1"].error_messages["required"] = _("Type a new password.")
        self.fields["new_password1"].help_text = _(
            "At least ten characters. Not your name, and not one of the passwords that everybody uses."
        )
        self.fields["new_password2"].label = _("New password again")
        self.fields["new_password2"].error_messages["required"] = _("Type the new password once more.")
        self.fields["new_password2"].help_text = ""


# ---------------------------------------------------------------- views


def way_on(request: HttpRequest) -> str:
    """Where the person wanted to go: `next`, if it is an address of ours and not this page again; else home."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    # With a slash in front: redirect() would take a bare word for the name of a view.
    if is_ours and wanted.startswith("/") and not wanted.startswith(request.path):
        return wanted
    return resolve_url(settings.LOGIN_REDIRECT_URL)


@sensitive_post_parameters("password")
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    wanted = way_on(request)
    draft = draft_at(wanted)
    if request.user.is_authenticated:
        return _lead_on(request, wanted, draft)
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return _lead_on(request, wanted, draft)
    return render(request, "ground/sign_in.html", {"form": form, "way_on": wanted, "is_kept": draft is not None})


def _lead_on(request: HttpRequest, wanted: str, draft: KeptDraft | None) -> HttpResponse:
    """To the page that was asked for; what somebody else typed there stays closed."""
    if draft is None or draft.user_id == request.user.pk:
        return redirect(wanted)
    messages.warning(
        request, _("What was typed before is kept for the account that opened the form, and is not shown to you.")
    )
    return redirect(draft.address)


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, _("You are signed out."))
    return redirect(settings.LOGOUT_REDIRECT_URL)


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """From the row of languages on each page: kept in the account of who is signed in, else in a cookie."""
    response = redirect(way_on(request))
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return response
    if request.user.is_authenticated:
        request.user.language = language
        request.user.save(update_fields=["language"])
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: SignedInRequest) -> HttpResponse:
    # A form writes what was typed into its object, right or wrong; the head of the page shows request.user.
    person = User.objects.get(pk=request.user.pk)
    form = ReaderForm(request.POST or None, instance=person)
    take_up(request, form)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your language and time zone are saved."))
        return redirect("accounts:account")
    roles = person.memberships.standing().select_related("group", "delegation").order_by("-since", "id")
    return render(request, "ground/account.html", {"form": form, "roles": roles, "zones": zones()})


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: SignedInRequest) -> HttpResponse:
    form = PasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        # The other sessions of this account end; this one goes on.
        update_session_auth_hash(request, form.save())
        messages.success(request, _("Your password is changed. Other browsers must sign in again."))
        return redirect("accounts:account")
    return render(request, "ground/password.html", {"form": form})
