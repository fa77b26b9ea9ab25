"""By which papers a mandate is prepared and carried out."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from documents.models.papers import Document
from mandates.models import Mandate
from mispa.ground.models import Tracked


class MandateDocument(Tracked):
    """A paper that prepares what a mandate asks for, or by which it is done; the plan prints neither."""

    class Role(models.TextChoices):
        PREPARES = "prepares", _("prepares it")
        CARRIES_OUT = "carries out", _("carries it out")

    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="papers")
    document = models.ForeignKey(Document, models.PROTECT, related_name="mandates")
    role = models.CharField(_("role"), max_length=16, choices=Role)
    position = models.PositiveIntegerField(_("position"))

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("paper of a mandate")
        verbose_name_plural = _("papers of mandates")
        constraints = [
            models.UniqueConstraint(
                fields=["mandate", "document", "role"],
                condition=Q(is_withdrawn=False),
                name="mandatedocument_document_once_per_role",
                violation_error_message=_("This paper is already named."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=["prepares", "carries out"]),
                name="mandatedocument_role_is_known",
                violation_error_message=_("Choose whether the paper prepares the mandate or carries it out."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.document)
