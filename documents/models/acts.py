"""What meetings do with an edition; sealed like it, but for what is only prepared."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from documents.models.editions import Edition
from meetings.models import Meeting, Topic
from mispa.ground.models import ChangeSet, Tracked


class AtAMeeting(models.Model):
    """What a meeting did with an edition: on a day, under a topic of its order of business."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="+", verbose_name=_("meeting"))
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("topic"))
    on = models.DateField(_("day"))  # as the calendar of the group's zone has it
    note = models.TextField(_("note"), blank=True)
    change_set = models.ForeignKey(ChangeSet, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Consideration(AtAMeeting):
    """A meeting of the Group considered an edition."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="considerations")

    class Meta:
        ordering = ["on", "id"]
        verbose_name = _("consideration")
        verbose_name_plural = _("considerations")
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "meeting"],
                name="consideration_once_per_meeting",
                violation_error_message=_("It is recorded already that this meeting considered this edition."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition}: {self.meeting}"


class Adoption(AtAMeeting):
    """The Group adopted an edition: an event, recorded by who presided over the meeting.

    By consensus it is in force from that day on; ad referendum from its `Confirmation` on.
    """

    class How(models.TextChoices):
        CONSENSUS = "consensus", _("by consensus")
        AD_REFERENDUM = "ad referendum", _("ad referendum, to be confirmed")

    class PresidingRole(models.TextChoices):
        CHAIR = "chair", _("chair")
        VICE_CHAIR = "vice-chair", _("vice chair, acting as chair")

    edition = models.OneToOneField(Edition, models.PROTECT, related_name="adoption")
    how = models.CharField(_("how"), max_length=16, choices=How, default=How.CONSENSUS)
    presiding_name = models.CharField(  # as it was then
        _("presiding officer"),
        max_length=310,  # a first and a last name of an account
        error_messages={"blank": _("Name who presided: the chair, or a vice chair acting.")},
    )
    presiding_role = models.CharField(_("presiding as"), max_length=16, choices=PresidingRole)

    class Meta:
        ordering = ["on", "id"]
        verbose_name = _("adoption")
        verbose_name_plural = _("adoptions")
        constraints = [
            models.CheckConstraint(
                condition=Q(how__in=["consensus", "ad referendum"]),
                name="adoption_how_is_known",
                violation_error_message=_("Choose consensus or ad referendum."),
            ),
            models.CheckConstraint(
                condition=Q(presiding_role__in=["chair", "vice-chair"]) & ~Q(presiding_name=""),
                name="adoption_has_its_presiding_officer",
                violation_error_message=_("Name who presided: the chair, or a vice chair acting."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition}: {self.get_how_display()}"


class Confirmation(models.Model):
    """What was adopted ad referendum has been confirmed; a meeting may be named."""

    adoption = models.OneToOneField(Adoption, models.PROTECT, related_name="confirmation")
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("meeting")
    )
    on = models.DateField(_("day"))
    note = models.TextField(_("note"), blank=True)
    change_set = models.ForeignKey(ChangeSet, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["on", "id"]
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")

    def __str__(self) -> str:
        return str(self.adoption)


class PreparedAdoption(Tracked):
    """What the secretariat has filled in for the officer who will record the adoption; it adopts nothing."""

    edition = models.OneToOneField(Edition, models.PROTECT, related_name="prepared")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="+", verbose_name=_("meeting"))
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("topic"))
    on = models.DateField(_("day"))
    how = models.CharField(_("how"), max_length=16, choices=Adoption.How, default=Adoption.How.CONSENSUS)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["edition", "id"]
        verbose_name = _("prepared adoption")
        verbose_name_plural = _("prepared adoptions")
        constraints = [
            models.CheckConstraint(
                condition=Q(how__in=["consensus", "ad referendum"]),
                name="preparedadoption_how_is_known",
                violation_error_message=_("Choose consensus or ad referendum."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.edition)
