"""A person's own calendar address: made, made anew, given up. Nothing here is of a group, or part of a history."""

import hashlib
import secrets
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from documents.models import PersonalFeed
from mandates.models import WorkingGroup
from mispa.ground.models import User


def digest_of(token: str) -> str:
    """What is kept of a token. It is long and made by chance, so that a quick digest cannot be guessed through."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def set_feed(
    *, user: User, groups: Collection[WorkingGroup], language: str, reminder: int | None, has_private: bool
) -> PersonalFeed:
    """Notes what a person wants in her calendar; an address that she has goes on with it."""
    feed = PersonalFeed.objects.filter(user=user).first() or PersonalFeed(user=user)
    feed.language, feed.reminder, feed.has_private = language, reminder, has_private
    feed.changed_at = timezone.now()
    feed.full_clean()
    feed.save()
    feed.groups.set(groups)
    return feed


def make_address(feed: PersonalFeed) -> str:
    """A new token, told this once; the one before stops."""
    token = secrets.token_urlsafe(32)
    feed.token_sha256, feed.token_made_at = digest_of(token), timezone.now()
    feed.full_clean()
    feed.save()
    return token


def end_address(feed: PersonalFeed) -> None:
    feed.token_sha256 = feed.token_made_at = None
    feed.full_clean()
    feed.save()
