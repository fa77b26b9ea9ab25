"""What every page knows."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from mispa.ground.models import KeptDraft


def languages(request: HttpRequest) -> dict[str, object]:
    return {"languages": settings.LANGUAGES}


def kept_drafts(request: HttpRequest) -> dict[str, object]:
    """How many forms the reader filled in and did not save; asked only by pages that say so."""
    return {"kept_count": SimpleLazyObject(lambda: KeptDraft.objects.filter(user=request.user.pk).count())}
