"""Papers in all their languages and revisions, and where meetings and topics name them."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from documents.models.editions import Edition
from mandates.models import RegisteredSymbol, WorkingGroup, WorkPlan
from mandates.permissions import groups_of
from meetings.models import Meeting, Topic
from mispa.ground.models import Tracked, TrackedQuerySet
from mispa.ground.text import LanguagesField, original_is_there

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User


class DocumentQuerySet(TrackedQuerySet):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Public papers for everybody; the others for people with a role in their group, and the administrator.

        The paper of a hidden group is hidden with it, and that of a plan is seen by whom one of its editions reached.
        """
        seen = self.standing()
        if user.is_authenticated and user.is_staff:
            return seen
        groups = groups_of(user)
        shown = Q(group__isnull=True) | Q(group__in=WorkingGroup.objects.visible_to(user))
        public = Q(distribution="general", is_public=True) & shown
        shared = Q(group__isnull=True) if groups else Q(pk__in=[])
        opened = Edition.objects.visible_to(user).values("revision__document_id")
        return seen.filter(public | Q(group__in=groups) | shared).filter(Q(plan__isnull=True) | Q(id__in=opened))

    def known_to(self, group: WorkingGroup) -> Self:
        """Those that every editor of a group knows of: its own, those of no group, and public ones of others."""
        public = Q(is_public=True, group__is_public=True, group__is_withdrawn=False)
        return self.standing().filter(Q(group=group) | Q(group__isnull=True) | public)


class Document(Tracked):
    """A paper in all its languages and revisions, known by its base symbol; pending while it has none.

    The document of a group's plan is public as soon as an edition of it is released to the public.
    """

    class Kind(models.TextChoices):
        WORK_PLAN = "work plan", _("work plan")
        FINAL_DOCUMENT = "final document", _("final document")
        INFORMATION = "information", _("information paper")
        REPORT = "report", _("report")
        CONCEPT_PAPER = "concept paper", _("concept paper")
        OTHER = "other", _("other paper")

    class Distribution(models.TextChoices):
        GENERAL = "general", _("general")
        LIMITED = "limited", _("limited")

    base = models.CharField(_("base symbol"), max_length=200, null=True, blank=True)  # noqa: DJ001 (NULL is not unique)
    title = LanguagesField(_("title"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    distribution = models.CharField(
        _("distribution"), max_length=16, choices=Distribution, default=Distribution.GENERAL
    )
    is_public = models.BooleanField(_("known to the public"), default=False)
    group = models.ForeignKey(WorkingGroup, models.PROTECT, null=True, blank=True, related_name="documents")
    plan = models.OneToOneField(WorkPlan, models.PROTECT, null=True, blank=True, related_name="document")

    objects: ClassVar[Any] = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["base", "id"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.UniqueConstraint(
                "base",
                name="document_base_is_unique",
                violation_error_message=_("This symbol is taken; a new state of the paper is a revision of it."),
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["work plan", "final document", "information", "report", "concept paper", "other"]
                ),
                name="document_kind_is_known",
                violation_error_message=_("Choose a kind of paper."),
            ),
            models.CheckConstraint(
                condition=Q(distribution__in=["general", "limited"]),
                name="document_distribution_is_known",
                violation_error_message=_("Choose general or limited."),
            ),
            models.CheckConstraint(
                condition=Q(is_public=False) | Q(distribution="general"),
                name="document_limited_is_not_public",
                violation_error_message=_("A limited paper is not shown to the public."),
            ),
            original_is_there("title", "document"),
        ]

    def __str__(self) -> str:
        return str(self.title)


class RevisionQuerySet(TrackedQuerySet):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Those of papers that a reader may see; one that is an edition of a plan, if she may open the edition."""
        seen = self.standing().filter(document__in=Document.objects.visible_to(user))
        return seen.filter(Q(edition__isnull=True) | Q(edition__in=Edition.objects.visible_to(user)))

    def latest_last(self) -> Self:
        """In the order of editions, where they are any: the corrigendum of an old one is no later state."""
        number = F("edition__number").asc(nulls_first=True)
        return self.order_by(number, F("edition__corrigendum").asc(nulls_first=True), "position", "id")


class Revision(Tracked):
    """One state of a document: its first issue, a rev., a corr. or an add., with the full symbol."""

    class State(models.TextChoices):
        WORKING = "working", _("working")
        ISSUED = "issued", _("issued")

    document = models.ForeignKey(Document, models.PROTECT, related_name="revisions")
    symbol = models.OneToOneField(RegisteredSymbol, models.PROTECT, related_name="revision", verbose_name=_("symbol"))
    position = models.PositiveIntegerField(_("position"))
    state = models.CharField(_("state"), max_length=16, choices=State)

    objects: ClassVar[Any] = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["document", "position", "id"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["working", "issued"]),
                name="revision_state_is_known",
                violation_error_message=_("Choose working or issued."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.symbol)

    def get_absolute_url(self) -> str:
        return reverse("documents:document-detail", args=[self.symbol.slug or self.symbol_id])

    def clean(self) -> None:
        parsed = self.symbol.parsed if hasattr(self, "symbol") else None
        if parsed and self.document.base and str(parsed.base) != self.document.base:
            raise ValidationError({"symbol": _("This symbol belongs to another document.")})


class MeetingDocument(Tracked):
    """A paper that a meeting adopted, or that stands for a preparatory meeting in the plan's notes."""

    class Role(models.TextChoices):
        OUTCOME = "outcome", _("outcome")
        INPUT = "input", _("input")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="papers")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="meetings")
    role = models.CharField(_("role"), max_length=16, choices=Role)
    position = models.PositiveIntegerField(_("position"))

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("paper of a meeting")
        verbose_name_plural = _("papers of meetings")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "revision"],
                condition=Q(is_withdrawn=False),
                name="meetingdocument_revision_once_per_meeting",
                violation_error_message=_("This paper is already named."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=["outcome", "input"]),
                name="meetingdocument_role_is_known",
                violation_error_message=_("Choose outcome or input."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.revision)


class TopicDocument(Tracked):
    """A paper that a topic is about."""

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="papers")
    document = models.ForeignKey(Document, models.PROTECT, related_name="topics")
    position = models.PositiveIntegerField(_("position"))

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("paper of a topic")
        verbose_name_plural = _("papers of topics")
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "document"],
                condition=Q(is_withdrawn=False),
                name="topicdocument_document_once_per_topic",
                violation_error_message=_("This paper is already named."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.document)
