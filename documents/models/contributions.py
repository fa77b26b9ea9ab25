"""What delegations contribute to the compilation of a group: information and good practice, pillar by pillar."""

from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from documents.models.files import FileKind, StoredFile
from mandates.models import Delegation, Pillar, WorkingGroup
from mandates.permissions import delegations_of, groups_edited_by, groups_of
from mispa.ground.models import Tracked, TrackedQuerySet, User
from mispa.ground.text import LANGUAGES

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class ContributionQuerySet(TrackedQuerySet):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """What is accepted for the members of its group, and for everybody where the delegation agreed.

        What is submitted is for those who may see the history of the group; the rest for the delegation alone.
        """
        return self.standing().open_to(user)

    def open_to(self, user: "User | AnonymousUser") -> Self:
        """The same, with withdrawn ones for the delegation and for those who may see the history of the group."""
        shown = self.filter(delegation__group__in=WorkingGroup.objects.visible_to(user))
        compiled = Q(state=Contribution.State.ACCEPTED, is_withdrawn=False)
        seen = (compiled & Q(may_be_public=True)) | Q(delegation__in=delegations_of(user))
        handed_in = Q(state__in=sorted(HANDED_IN))
        if user.is_authenticated and user.is_staff:
            return shown.filter(seen | handed_in)
        members = compiled & Q(delegation__group__in=groups_of(user))
        return shown.filter(seen | members | (handed_in & Q(delegation__group__in=groups_edited_by(user))))

    def of(self, group: WorkingGroup) -> Self:
        return self.filter(delegation__group=group)

    def accepted(self) -> Self:
        """The compilation."""
        return self.standing().filter(state=Contribution.State.ACCEPTED)

    def in_order(self) -> Self:
        """Pillar by pillar, then in the order in which they were submitted."""
        return self.order_by("pillar__position", "pillar_id", "submitted_at", "id")


class Contribution(Tracked):
    """Information or good practice that a delegation gives on one of the pillars, in one language: a text, a file or
    both.

    A draft is the delegation's own. From acceptance on, the database refuses to change it; it can only be withdrawn.
    """

    class State(models.TextChoices):
        """How far a contribution is. Taken back and returned are drafts that others have read before."""

        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        TAKEN_BACK = "taken back", _("taken back")
        RETURNED = "returned", _("returned")
        ACCEPTED = "accepted", _("accepted")

    delegation = models.ForeignKey(
        Delegation, models.PROTECT, related_name="contributions", verbose_name=_("delegation")
    )
    pillar = models.ForeignKey(Pillar, models.PROTECT, related_name="contributions", verbose_name=_("pillar"))
    title = models.CharField(_("title"), max_length=300)
    text = models.TextField(_("text"), blank=True, default="")
    language = models.CharField(_("language"), max_length=2, choices=User.Language)
    stored = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="of_contributions", verbose_name=_("file")
    )
    file_name = models.CharField(_("name of the file"), max_length=150, blank=True, default="")
    file_kind = models.CharField(_("kind of file"), max_length=8, choices=FileKind, blank=True, default="")
    may_be_public = models.BooleanField(_("may be published"), default=False)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.DRAFT)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)

    objects: ClassVar[Any] = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ["delegation", "pillar", "id"]
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "taken back", "returned", "accepted"]),
                name="contribution_state_is_known",
                violation_error_message=_("Choose draft, submitted, taken back, returned or accepted."),
            ),
            models.CheckConstraint(
                condition=Q(language__in=LANGUAGES),
                name="contribution_language_is_known",
                violation_error_message=_("Choose English, Spanish, French or Portuguese."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "taken back", "returned"])
                & Q(submitted_at__isnull=True, accepted_at__isnull=True)
                | Q(state="submitted", submitted_at__isnull=False, accepted_at__isnull=True)
                | Q(state="accepted", submitted_at__isnull=False, accepted_at__isnull=False),
                name="contribution_times_fit_its_state",
                violation_error_message=_("What is submitted or accepted has the time of it, and nothing else has."),
            ),
            models.CheckConstraint(
                condition=Q(stored__isnull=True, file_name="", file_kind="")
                | Q(stored__isnull=False) & ~Q(file_name="") & Q(file_kind__in=["pdf", "docx", "odt", "txt", "md"]),
                name="contribution_file_is_whole",
                violation_error_message=_("A file has its name and its kind."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "taken back", "returned"]) | ~Q(text="") | Q(stored__isnull=False),
                name="contribution_says_something",
                violation_error_message=_("Write a text, or attach a file."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("documents:contribution-detail", args=[self.pk])

    @property
    def group(self) -> WorkingGroup:
        found: WorkingGroup = self.delegation.group
        return found

    @property
    def is_with_the_delegation(self) -> bool:
        """It may be changed, by the delegation alone."""
        return self.state in WITH_THE_DELEGATION

    @property
    def is_handed_in(self) -> bool:
        return self.state in HANDED_IN


State = Contribution.State
# To which state each leads. What is accepted stays so.
MOVES: Final[dict[str, frozenset[str]]] = {
    State.DRAFT: frozenset({State.SUBMITTED}),
    State.TAKEN_BACK: frozenset({State.SUBMITTED}),
    State.RETURNED: frozenset({State.SUBMITTED}),
    State.SUBMITTED: frozenset({State.TAKEN_BACK, State.RETURNED, State.ACCEPTED}),
    State.ACCEPTED: frozenset(),
}
WITH_THE_DELEGATION: Final = frozenset({State.DRAFT, State.TAKEN_BACK, State.RETURNED})
HANDED_IN: Final = frozenset({State.SUBMITTED, State.ACCEPTED})
# Of the rows of its history, those that others than the delegation are told of.
TOLD: Final = Q(state__in=sorted(set(State) - {State.DRAFT}))
