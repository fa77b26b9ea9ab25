"""What files brought into plans, kept so that the next one can be held against it; and files that wait to be saved."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mandates.models import WorkPlan
from mispa.ground.models import ChangeSet
from mispa.ground.text import LANGUAGES


class ImportedPlan(models.Model):
    """A file that was brought into a plan: its text with the ids that its parts have here, and what was odd in it.

    The file itself is not kept; its name and SHA-256 tell which one it was. Sealed like editions.
    """

    class Kind(models.TextChoices):
        DOCX = "docx", _("Word")
        TXT = "txt", _("plain text")
        JSON = "json", "JSON"

    plan = models.ForeignKey(WorkPlan, models.PROTECT, related_name="imports")
    number = models.PositiveIntegerField()
    file_name = models.CharField(max_length=255)
    kind = models.CharField(max_length=8, choices=Kind)
    language = models.CharField(max_length=2)
    sha256 = models.CharField(max_length=64)
    text = models.JSONField()
    anomalies = models.JSONField(default=list, blank=True)  # as `documents.importing.keeping` writes them
    change_set = models.OneToOneField(ChangeSet, models.PROTECT, related_name="imported")

    class Meta:
        ordering = ["plan", "number"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="importedplan_number_once_per_plan",
                violation_error_message=_("Another file was brought in at this moment. Choose yours again."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["docx", "txt", "json"]),
                name="importedplan_kind_is_known",
                violation_error_message=_("Only Word, plain text and JSON can be brought in."),
            ),
            models.CheckConstraint(
                condition=models.Q(language__in=LANGUAGES),
                name="importedplan_language_is_known",
                violation_error_message=_("Choose English, Spanish, French or Portuguese."),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("documents:import-detail", args=[self.plan.group.slug, self.number])


class WaitingFile(models.Model):
    """What was read from a file that somebody is looking at before it is saved: one a person and plan.

    No record of anybody's work: rows go when they are saved, replaced, or a day old.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(WorkPlan, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    file_name = models.CharField(max_length=255)
    brought: Any = models.JSONField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "by"],
                name="waitingfile_one_a_person_and_plan",
                violation_error_message=_("Another file was brought in at this moment. Choose yours again."),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
