"""What a signed-in reader has chosen: her language and her time zone."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation


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
