"""Responsible areas, and what is assigned to them."""

from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mandates.models.plan import Mandate, PlanRow
from mispa.ground.models import Tracked, TrackedQuerySet
from mispa.ground.text import LanguagesField, original_is_there


class ResponsibleArea(Tracked):
    """Who carries a mandate out: a committee, a secretariat, or a unit within one (its `parent`)."""

    slug = models.SlugField(_("address"), max_length=80)
    name = LanguagesField(_("name"))
    abbreviation = models.CharField(_("abbreviation"), max_length=16, blank=True, default="")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="units", verbose_name=_("is a unit of")
    )

    class Meta:
        ordering = ["slug", "id"]
        verbose_name = _("responsible area")
        verbose_name_plural = _("responsible areas")
        constraints = [
            models.UniqueConstraint(
                "slug",
                name="responsiblearea_slug_is_unique",
                violation_error_message=_("Another area has this address; choose a different one."),
            ),
            models.CheckConstraint(
                condition=~Q(slug="new"),
                name="responsiblearea_slug_is_not_reserved",
                violation_error_message=_("This word is an address of mispa itself; choose a different one."),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="responsiblearea_is_not_its_own_unit",
                violation_error_message=_("An area cannot be a unit of itself."),
            ),
            original_is_there("name", "responsiblearea"),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return reverse("documents:area-detail", args=[self.slug])


class AssignmentQuerySet(TrackedQuerySet):
    def in_order(self) -> Self:
        return self.order_by("position", "id")


class Assignment(Tracked):
    """An area, perhaps with the unit in it that is named in brackets, set beside a row or a single mandate."""

    row = models.ForeignKey(PlanRow, models.PROTECT, null=True, blank=True, related_name="assignments")
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, blank=True, related_name="assignments")
    position = models.PositiveIntegerField(_("position"))
    area = models.ForeignKey(ResponsibleArea, models.PROTECT, related_name="assignments", verbose_name=_("area"))
    unit = models.ForeignKey(
        ResponsibleArea, models.PROTECT, null=True, blank=True, related_name="unit_assignments", verbose_name=_("unit")
    )

    objects: ClassVar[Any] = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.CheckConstraint(
                condition=Q(row__isnull=True) ^ Q(mandate__isnull=True),
                name="assignment_to_a_row_or_a_mandate",
                violation_error_message=_("An area is set beside a row or beside a mandate, not both."),
            ),
            models.UniqueConstraint(
                fields=["row", "area"],
                condition=Q(is_withdrawn=False, row__isnull=False),
                name="assignment_area_once_per_row",
                violation_error_message=_("This area is already named here."),
            ),
            models.UniqueConstraint(
                fields=["mandate", "area"],
                condition=Q(is_withdrawn=False, mandate__isnull=False),
                name="assignment_area_once_per_mandate",
                violation_error_message=_("This area is already named here."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} ({self.unit})" if self.unit else str(self.area)

    def clean(self) -> None:
        if self.unit and self.unit.parent_id != self.area_id:
            raise ValidationError({"unit": _("This unit does not belong to the area.")})
