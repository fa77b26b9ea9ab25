"""The work plan: narrative paragraphs with notes, and rows of a resolution with its mandates."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mandates.models.group import WorkingGroup
from mandates.models.resolution import Resolution
from mispa.ground.models import Tracked
from mispa.ground.text import LANGUAGES, LanguagesField, original_is_there

POSITION_GAP = 1000  # between neighbours, so that a move writes one row


class WorkPlan(Tracked):
    """The plan of one group: what it says now, before it is issued (the working text)."""

    group = models.OneToOneField(WorkingGroup, models.PROTECT, related_name="plan")
    title = LanguagesField(_("title"))
    original_language = models.CharField(_("original language"), max_length=2, default="en")

    class Meta:
        ordering = ["group", "id"]
        verbose_name = _("work plan")
        verbose_name_plural = _("work plans")
        constraints = [
            original_is_there("title", "workplan"),
            models.CheckConstraint(
                condition=Q(original_language__in=LANGUAGES),
                name="workplan_original_language_is_known",
                violation_error_message=_("Choose English, Spanish, French or Portuguese."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return reverse("documents:plan-detail", args=[self.group.slug])


class Paragraph(Tracked):
    """A paragraph of the narrative, in Markdown; `[^key]` calls the note with that key."""

    class Section(models.TextChoices):
        BACKGROUND = "background", _("Background")
        MANDATE = "mandate", _("Mandate")
        CONSIDERATIONS = "considerations", _("Other considerations")

    plan = models.ForeignKey(WorkPlan, models.PROTECT, related_name="paragraphs")
    section = models.CharField(_("section"), max_length=16, choices=Section)
    position = models.PositiveIntegerField(_("position"))
    text = LanguagesField(_("text"))

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("paragraph")
        verbose_name_plural = _("paragraphs")
        constraints = [
            original_is_there("text", "paragraph"),
            models.CheckConstraint(
                condition=Q(section__in=["background", "mandate", "considerations"]),
                name="paragraph_section_is_known",
                violation_error_message=_("Choose background, mandate or other considerations."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_section_display()}: {str(self.text)[:60]}"


class Note(Tracked):
    """A note at the foot of the page. Its number is not stored: notes are numbered as the text calls them."""

    plan = models.ForeignKey(WorkPlan, models.PROTECT, related_name="notes")
    key = models.CharField(
        _("key"),
        max_length=40,
        validators=[RegexValidator(r"^[a-z0-9-]+\Z", _("Use small letters, digits and hyphens."))],
    )
    text = LanguagesField(_("text"))

    class Meta:
        ordering = ["key", "id"]
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [
            original_is_there("text", "note"),
            models.UniqueConstraint(
                fields=["plan", "key"],
                name="note_key_once_per_plan",
                violation_error_message=_("Another note of this plan has this key; choose a different one."),
            ),
        ]

    def __str__(self) -> str:
        return f"[^{self.key}] {str(self.text)[:60]}"


class PlanRow(Tracked):
    """A row of the plan's table: a resolution, as this plan prints it, with its mandates and areas."""

    plan = models.ForeignKey(WorkPlan, models.PROTECT, related_name="rows")
    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="rows", verbose_name=_("resolution"))
    position = models.PositiveIntegerField(_("position"))
    symbol_as_printed = models.CharField(_("symbol as printed"), max_length=200)
    title_as_printed = LanguagesField(_("title as printed"))

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("row of the plan")
        verbose_name_plural = _("rows of the plan")
        constraints = [
            original_is_there("title_as_printed", "planrow"),
            models.UniqueConstraint(
                fields=["plan", "resolution"],
                condition=Q(is_withdrawn=False),
                name="planrow_resolution_once_per_plan",
                violation_error_message=_("This resolution already has a row in the plan."),
            ),
        ]

    def __str__(self) -> str:
        return self.symbol_as_printed


class Mandate(Tracked):
    """What a resolution asks for, in the plan's wording.

    A deadline may be imprecise: its words are always kept, and where they allow it the first and the last day that
    they can mean. A later resolution may refine it to days of its own.
    """

    class Progress(models.TextChoices):
        OPEN = "open", _("open")
        UNDER_WAY = "under way", _("under way")
        DONE = "done", _("done")

    row = models.ForeignKey(PlanRow, models.PROTECT, related_name="mandates", verbose_name=_("resolution"))
    position = models.PositiveIntegerField(_("position"))
    paragraph = models.CharField(_("paragraph number"), max_length=16, blank=True, default="")
    text = LanguagesField(_("wording"))
    progress = models.CharField(_("progress"), max_length=16, choices=Progress, default=Progress.OPEN)
    deadline_words = LanguagesField(_("deadline in words"), null=True, blank=True)
    deadline_earliest = models.DateField(_("first day it can mean"), null=True, blank=True)
    deadline_latest = models.DateField(_("last day it can mean"), null=True, blank=True)
    refined_by = models.ForeignKey(
        Resolution, models.PROTECT, null=True, blank=True, related_name="refinements", verbose_name=_("refined by")
    )
    refined_earliest = models.DateField(_("refined to, first day"), null=True, blank=True)
    refined_latest = models.DateField(_("refined to, last day"), null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        constraints = [
            original_is_there("text", "mandate"),
            original_is_there("deadline_words", "mandate"),
            models.CheckConstraint(
                condition=Q(progress__in=["open", "under way", "done"]),
                name="mandate_progress_is_known",
                violation_error_message=_("Choose open, under way or done."),
            ),
            models.CheckConstraint(
                condition=Q(deadline_earliest__isnull=True, deadline_latest__isnull=True)
                | Q(
                    deadline_earliest__isnull=False,
                    deadline_latest__isnull=False,
                    deadline_latest__gte=F("deadline_earliest"),
                ),
                name="mandate_deadline_days_in_order",
                violation_error_message=_(
                    "Give the first and the last day of the deadline, in this order, or neither."
                ),
            ),
            models.CheckConstraint(
                condition=Q(deadline_earliest__isnull=True) | Q(deadline_words__isnull=False),
                name="mandate_deadline_has_words",
                violation_error_message=_("Write the deadline in words as well, as the plan prints it."),
            ),
            models.CheckConstraint(
                condition=Q(refined_by__isnull=True, refined_earliest__isnull=True, refined_latest__isnull=True)
                | Q(
                    refined_by__isnull=False,
                    deadline_words__isnull=False,
                    refined_earliest__isnull=False,
                    refined_latest__isnull=False,
                    refined_latest__gte=F("refined_earliest"),
                ),
                name="mandate_refinement_is_whole",
                violation_error_message=_(
                    "A refined deadline names the resolution and its first and last day, in this order."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.text)[:80]

    def get_absolute_url(self) -> str:
        return reverse("documents:mandate-detail", args=[self.id])
