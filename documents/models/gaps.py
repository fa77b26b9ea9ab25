"""Who takes care of a finding in a plan, and which findings the Group's editors let stand."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mandates.models import WorkingGroup
from mispa.ground.models import Tracked


class Care(Tracked):
    """What has been decided about one finding of a group's plan: whose it is, or that it stands as it is, and why.

    A finding is computed and has no row; `key` names it, its kind and the object that it is about. `seen` is the
    fingerprint of the facts that were accepted: where they change, the finding is asked again. A row that decides
    nothing any more is withdrawn.
    """

    group = models.ForeignKey(WorkingGroup, models.PROTECT, related_name="cares")
    key = models.CharField(_("finding"), max_length=100)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    because = models.TextField(_("accepted as it is, because"), blank=True, default="")
    seen = models.CharField(_("what was accepted"), max_length=64, blank=True, default="")

    class Meta:
        ordering = ["group", "key"]
        verbose_name = _("care of a finding")
        verbose_name_plural = _("care of findings")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "key"],
                name="care_finding_once_per_group",
                violation_error_message=_("This finding is taken care of already."),
            ),
            models.CheckConstraint(
                condition=Q(because="", seen="") | (~Q(because="") & ~Q(seen="")),
                name="care_accepts_what_was_seen_for_a_reason",
                violation_error_message=_("Say why it may stand as it is."),
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def holds(self, facts: str) -> bool:
        """Whether the finding with these facts has been accepted."""
        return not self.is_withdrawn and bool(self.because) and self.seen == facts

    @property
    def decides_nothing(self) -> bool:
        return self.owner_id is None and not self.because
