"""A person's own calendar address: made, made anew, given up. Nothing here is of a group, or part of a history."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from documents.models import PersonalFeed
from mandates.models import WorkingGroup
from mispa.ground.models import User


def digest_of(token: str) -> str:
    """What is kept of a token. It is long and made by chance, so that a quick digest cannot be guessed through."""
    return hashlib.sha256(token.encode()).hexdigest()


class AddressChangedMeanwhile(Exception):
    """Her address was made anew, or ended, after the page was opened."""

    def __str__(self) -> str:
        return _("Another address was made, or ended, meanwhile. This is how it stands now.")


def seen(feed: PersonalFeed | None) -> str:
    """Which address a page was made for: the second click on “make” must not end the address of the first."""
    return feed.token_made_at.isoformat() if feed and feed.token_made_at else ""


def _feed_of(user: User, opened_for: str) -> PersonalFeed:
    """A person's own, hers alone until the end of the transaction. Raises AddressChangedMeanwhile."""
    User.objects.select_for_update().get(pk=user.pk)
    feed = PersonalFeed.objects.filter(user=user).first() or PersonalFeed(user=user)
    if seen(feed) != opened_for:
        raise AddressChangedMeanwhile
    return feed


@transaction.atomic
def set_feed(
    *,
    user: User,
    opened_for: str,
    groups: Collection[WorkingGroup],
    language: str,
    reminder: int | None,
    has_private: bool,
) -> PersonalFeed:
    """Notes what a person wants in her calendar; an address that she has goes on with it."""
    feed = _feed_of(user, opened_for)
    feed.language, feed.reminder, feed.has_private = language, reminder, has_private
    feed.changed_at = timezone.now()
    feed.full_clean()
    feed.save()
    feed.groups.set(groups)
    return feed


@transaction.atomic
def make_address(*, user: User, opened_for: str, **wanted: Any) -> str:
    """A new token for what she wants (as `set_feed`), told this once; the one before stops."""
    feed = set_feed(user=user, opened_for=opened_for, **wanted)
    token = secrets.token_urlsafe(32)
    _put(feed, digest_of(token), timezone.now())
    return token


@transaction.atomic
def end_address(*, user: User, opened_for: str) -> None:
    feed = _feed_of(user, opened_for)
    if feed.pk:
        _put(feed, None, None)


def _put(feed: PersonalFeed, token_sha256: str | None, at: datetime | None) -> None:
    feed.token_sha256, feed.token_made_at = token_sha256, at
    feed.full_clean()
    feed.save()
