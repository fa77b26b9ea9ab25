"""Who wants to be told of what; how far she has read; and what one mail to all of them tells."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from documents.models.papers import Document
from mandates.models import WorkingGroup
from meetings.models import Meeting
from mispa.ground.models import ChangeSet


class Follow(models.Model):
    """A person follows a group, a meeting or a paper: her own wish, and no part of any history."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="follows")
    group = models.ForeignKey(WorkingGroup, models.CASCADE, null=True, blank=True, related_name="follows")
    meeting = models.ForeignKey(Meeting, models.CASCADE, null=True, blank=True, related_name="follows")
    document = models.ForeignKey(Document, models.CASCADE, null=True, blank=True, related_name="follows")

    class Meta:
        ordering = ["user", "id"]
        verbose_name = _("following")
        verbose_name_plural = _("followings")
        constraints = [
            models.CheckConstraint(
                condition=Q(group__isnull=False, meeting__isnull=True, document__isnull=True)
                | Q(group__isnull=True, meeting__isnull=False, document__isnull=True)
                | Q(group__isnull=True, meeting__isnull=True, document__isnull=False),
                name="follow_is_of_one_thing",
                violation_error_message=_("Follow a group, a meeting or a paper."),
            ),
            *(
                models.UniqueConstraint(
                    fields=["user", thing],
                    name=f"follow_{thing}_once",
                    violation_error_message=_("You follow it already."),
                )
                for thing in ("group", "meeting", "document")
            ),
        ]

    def __str__(self) -> str:
        return str(self.thing)

    @property
    def thing(self) -> Any:
        return self.group or self.meeting or self.document


class ReadUntil(models.Model):
    """Up to which instant a person has read what changed in a group; she says so herself, and nobody else sees it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    group = models.ForeignKey(WorkingGroup, models.CASCADE, related_name="+")
    until = models.DateTimeField()

    class Meta:
        ordering = ["user", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "group"],
                name="readuntil_once_per_group",
                violation_error_message=_("How far you have read is noted already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.group}"


class BundleQuerySet(models.QuerySet[Any]):
    def waiting(self) -> "BundleQuerySet":
        """Those whose mails have not been made yet, held back or not."""
        return self.filter(made_at__isnull=True)


class Bundle(models.Model):
    """What one mail tells to the followers of a group: one change-set, and what its author corrected soon after.

    The words are not here: they are made when the mails go, from what is so then. Where it convenes, moves, postpones
    or cancels a meeting, an editor of the group lets it go.
    """

    group = models.ForeignKey(WorkingGroup, models.PROTECT, related_name="bundles")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    not_before = models.DateTimeField()
    is_call = models.BooleanField(default=False)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    held_at = models.DateTimeField(null=True, blank=True)
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    held_reason = models.TextField(
        _("why it is held back"), blank=True, error_messages={"blank": _("Say why the mail is held back.")}
    )
    made_at = models.DateTimeField(null=True, blank=True)  # its mails are in the outbox, or there was nothing to say

    objects = BundleQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at", "id"]
        verbose_name = _("mail to followers")
        verbose_name_plural = _("mails to followers")
        constraints = [
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="bundle_released_by_somebody",
                violation_error_message=_("Whoever lets a mail go is named."),
            ),
            models.CheckConstraint(
                condition=Q(held_at__isnull=True, held_by__isnull=True, held_reason="")
                | (Q(held_at__isnull=False, held_by__isnull=False) & ~Q(held_reason="")),
                name="bundle_held_for_a_reason",
                violation_error_message=_("Say why the mail is held back."),
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(held_at__isnull=True),
                name="bundle_is_not_both_held_and_released",
                violation_error_message=_("A mail is held back, or it goes."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}, {self.opened_at:%Y-%m-%d %H:%M}"


class BundledChange(models.Model):
    """A change-set that a bundle tells."""

    bundle = models.ForeignKey(Bundle, models.CASCADE, related_name="changes")
    change_set = models.ForeignKey(ChangeSet, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["bundle", "change_set"]
        constraints = [
            models.UniqueConstraint(
                fields=["bundle", "change_set"],
                name="bundledchange_once",
                violation_error_message=_("This change is in it already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.change_set)
