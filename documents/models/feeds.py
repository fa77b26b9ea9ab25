"""The calendar that a person's own program fetches."""

from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mandates.models import WorkingGroup

A_WEEK: Final = 7 * 24 * 60  # minutes


class PersonalFeedQuerySet(models.QuerySet[Any]):
    def at_work(self) -> "PersonalFeedQuerySet":
        """Those that are answered: their address is in force, and their person's account is open."""
        return self.filter(token_sha256__isnull=False, user__is_active=True)


class PersonalFeed(models.Model):
    """What a person wants in her own calendar, and the address under which it comes without sign-in.

    Her own wish, and no part of any history. Of the address only a digest is here: who reads the database, or a copy of
    it, can fetch nobody's calendar. What she may see is asked at each fetch.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feed")
    groups: ClassVar[Any] = models.ManyToManyField(WorkingGroup, related_name="+", verbose_name=_("groups"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    reminder = models.PositiveSmallIntegerField(_("reminder"), null=True, blank=True)  # minutes before
    has_private = models.BooleanField(_("what only my roles let me see"), default=False)
    changed_at = models.DateTimeField()
    token_sha256 = models.CharField(max_length=64, null=True, blank=True, unique=True)
    token_made_at = models.DateTimeField(null=True, blank=True)

    objects = PersonalFeedQuerySet.as_manager()

    class Meta:
        ordering = ["user"]
        verbose_name = _("personal calendar")
        verbose_name_plural = _("personal calendars")
        constraints = [
            models.CheckConstraint(
                condition=Q(language__in=["en", "es", "fr", "pt"]),
                name="personalfeed_language_is_known",
                violation_error_message=_("Choose English, Spanish, French or Portuguese."),
            ),
            models.CheckConstraint(
                condition=Q(reminder__isnull=True) | Q(reminder__lte=A_WEEK),
                name="personalfeed_reminder_within_a_week",
                violation_error_message=_("Choose a reminder of at most a week."),
            ),
            models.CheckConstraint(
                condition=Q(token_sha256__isnull=True, token_made_at__isnull=True)
                | Q(token_sha256__isnull=False, token_made_at__isnull=False),
                name="personalfeed_address_has_its_instant",
                violation_error_message=_("An address, and nothing else, has an instant at which it was made."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)
