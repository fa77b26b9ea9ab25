"""What a signed-in reader has chosen, her language and her time zone; and what she types, which is never lost."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode

from mispa.ground.kept import forget, keep, sent_with


class SignInFirstMiddleware(LoginRequiredMiddleware):
    """Who pressed a button after the session had ended comes back to the page on which it stands.

    The address of the button itself may only take what is sent, and have no page.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        page = urlsplit(request.headers.get("Referer", ""))
        if request.method != "POST" or page.netloc != request.get_host():
            return super().handle_no_permission(request, view_func)
        return redirect_to_login(urlunsplit(("", "", page.path, page.query, "")))


class ReaderMiddleware:
    """Account before cookie before browser, for the language; the account's zone for instants on pages, else UTC.

    What is answered to somebody who has signed in is for her alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answered(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            # Not no-store: that would make the Back button lose what was typed.
            response["Cache-Control"] = "private, no-cache"
        return response

    def answered(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated:
            if user.language in dict(settings.LANGUAGES):
                translation.activate(user.language)
                request.LANGUAGE_CODE = translation.get_language()
            if user.timezone:
                with timezone.override(ZoneInfo(user.timezone)):
                    return self.get_response(request)
        return self.get_response(request)


class KeptMiddleware:
    """Keeps what a form that writes sends before anything else is asked, and forgets it once it is saved.

    So it is kept whatever stands in the way: the session is over, the token is old, the role has ended, others were
    quicker, the object is gone, the server fails. A form that is saved answers with a redirect, and no other does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        mark = sent_with(request)
        draft = keep(mark, request.POST) if mark else None
        if mark is None or draft is None:
            return self.get_response(request)
        if not request.user.is_authenticated:
            query = urlencode({"next": draft.taken_up_at})
            return redirect(f"{reverse('accounts:sign-in')}?{query}")
        if request.user.pk != mark.writer:
            return render(request, "ground/of_another.html", {"address": mark.address}, status=403)
        request.kept = draft  # type: ignore[attr-defined]
        response = self.get_response(request)
        if 300 <= response.status_code < 400:
            forget(mark)
        return response
