"""What every page knows."""

from django.conf import settings
from django.http import HttpRequest


def languages(request: HttpRequest) -> dict[str, object]:
    return {"languages": settings.LANGUAGES}
