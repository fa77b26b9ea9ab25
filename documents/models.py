"""Documents and their revisions; editions of a plan, to whom they are released, and the files made of them."""

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mandates.models import RegisteredSymbol, WorkingGroup, WorkPlan
from mandates.permissions import Role, groups_edited_by, groups_of
from meetings.models import Meeting, Topic
from mispa.ground.models import ChangeSet, Tracked, TrackedQuerySet
from mispa.ground.text import LANGUAGES, LanguagesField, original_is_there

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


# Sealed: the database refuses to change or delete these rows (mispa.ground.sealing) ------------


class EditionQuerySet(models.QuerySet[Any]):
    def readable_by(self, user: "User | AnonymousUser", role: Role | None) -> Self:
        """The editions of a group that a person with this role may read; editors and administrators see all."""
        if role in {Role.SECRETARIAT, Role.CHAIR, Role.VICE_CHAIR} or user.is_staff:
            return self
        audiences = ["public", "delegations"] if role else ["public"]
        return self.filter(id__in=Release.objects.filter(audience__in=audiences).values("edition_id"))

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The same for the editions of all groups at once."""
        if user.is_authenticated and user.is_staff:
            return self
        public = Q(audience="public", edition__plan__group__in=WorkingGroup.objects.visible_to(user))
        circulated = Q(audience="delegations", edition__plan__group__in=groups_of(user))
        opened = Release.objects.filter(public | circulated).values("edition_id")
        return self.filter(Q(id__in=opened) | Q(plan__group__in=groups_edited_by(user)))

    def latest_first(self) -> Self:
        return self.order_by("-number", "-corrigendum")

    def adopted_by(self, day: date) -> Self:
        """Those in force on a day or before it, by the day on which that began; the one in force on the day is last.

        What was adopted ad referendum is in force from its confirmation on.
        """
        since = Case(When(adoption__how="consensus", then="adoption__on"), default="adoption__confirmation__on")
        return self.annotate(in_force_since=since).filter(in_force_since__lte=day).order_by("in_force_since", "number")


class Edition(models.Model):
    """A copy of the working text, sealed: every printed word, by id and language, and its SHA-256.

    `text` is the object that the seal covers (`docs/plan-json.md`); nothing that happens later is in it. A corrigendum
    is an edition too, with the number of the one that it corrects and its own number beside it: that text with some
    wordings mended, and nothing else. `chain` binds an edition to all before it: the SHA-256 of the chain of the
    previous one and this seal, as hex digits one after the other.
    """

    plan = models.ForeignKey(WorkPlan, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    corrigendum = models.PositiveIntegerField(default=0)  # 0 for an edition itself
    corrections = models.JSONField(default=list, blank=True)  # of a corrigendum: paths, language, before, after
    revision = models.OneToOneField(Revision, models.PROTECT, related_name="edition")
    schema = models.PositiveSmallIntegerField(default=1)  # of `text`
    text = models.JSONField()
    sha256 = models.CharField(max_length=64, db_index=True)
    chain = models.CharField(max_length=64, default="", blank=True)
    previous = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="next")
    last_change_at = models.DateTimeField()  # of the working text when it was sealed
    change_set = models.ForeignKey(ChangeSet, models.PROTECT, related_name="editions")

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "number", "corrigendum"]
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number", "corrigendum"],
                name="edition_number_once_per_plan",
                violation_error_message=_("This edition has been issued already."),
            ),
            models.CheckConstraint(
                condition=Q(number=1, corrigendum=0, previous__isnull=True)
                | (~Q(number=1, corrigendum=0) & Q(number__gte=1, previous__isnull=False)),
                name="edition_follows_the_one_before",
                violation_error_message=_("An edition names the one before it; the first has none."),
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="edition_seal_is_sha256",
                violation_error_message=_("A seal has 64 hex digits."),
            ),
            models.CheckConstraint(
                condition=Q(chain__regex=r"^[0-9a-f]{64}$"),
                name="edition_chain_is_sha256",
                violation_error_message=_("A seal has 64 hex digits."),
            ),
        ]

    def __str__(self) -> str:
        names = {"number": self.number, "corrigendum": self.corrigendum}
        if self.corrigendum:
            return str(_("edition %(number)s, corrigendum %(corrigendum)s") % names)
        return str(_("edition %(number)s") % names)

    def get_absolute_url(self) -> str:
        return self.address("detail")

    def address(self, what: str) -> str:
        """The address of its page (“detail”), of a file (“pdf”, “json”, “docx”, “ics”) or of what is done to it."""
        where = [self.text["group"]["slug"], self.number]
        if self.corrigendum:
            return reverse(f"documents:corrigendum-{what}", args=[*where, self.corrigendum])
        return reverse(f"documents:edition-{what}", args=where)


class EditionMention(models.Model):
    """A symbol that an edition prints: what makes a resolution or paper known to the readers of that edition."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="mentions")
    symbol = models.ForeignKey(RegisteredSymbol, models.PROTECT, related_name="mentions")

    class Meta:
        ordering = ["edition", "symbol"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "symbol"],
                name="editionmention_symbol_once",
                violation_error_message=_("This symbol is already noted."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.symbol)


class Release(models.Model):
    """The opening of an edition to the delegations or to the public, with the chair's consent."""

    class Audience(models.TextChoices):
        DELEGATIONS = "delegations", _("the delegations")
        PUBLIC = "public", _("everybody")

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="releases")
    audience = models.CharField(_("opened to"), max_length=16, choices=Audience)
    consent = models.TextField(
        _("consent of the chair"), error_messages={"blank": _("Record how the chair consented.")}
    )
    change_set = models.ForeignKey(ChangeSet, models.PROTECT, related_name="releases")

    class Meta:
        ordering = ["edition", "id"]
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "audience"],
                name="release_once_per_audience",
                violation_error_message=_("This edition has already been opened to them."),
            ),
            models.CheckConstraint(
                condition=Q(audience__in=["delegations", "public"]),
                name="release_audience_is_known",
                violation_error_message=_("Choose the delegations or everybody."),
            ),
            models.CheckConstraint(
                condition=~Q(consent=""),
                name="release_has_consent",
                violation_error_message=_("Record how the chair consented."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition}: {self.get_audience_display()}"


class EditionFile(models.Model):
    """A file rendered from an edition: made once, and served as it is from then on.

    A draft that is adopted gets files of its own that say so; those of the draft stay.
    """

    class Standing(models.TextChoices):
        DRAFT = "draft", _("draft")
        AD_REFERENDUM = "ad referendum", _("adopted ad referendum")
        ADOPTED = "adopted", _("adopted")

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="files")
    standing = models.CharField(max_length=16, choices=Standing, default=Standing.DRAFT)
    name = models.CharField(max_length=32)  # work-plan.pdf, calendar.pdf, work-plan.docx
    language = models.CharField(max_length=2)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64, db_index=True)

    class Meta:
        ordering = ["edition", "name", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "standing", "name", "language"],
                name="editionfile_made_once",
                violation_error_message=_("This file has been made already."),
            ),
            models.CheckConstraint(
                condition=Q(standing__in=["draft", "ad referendum", "adopted"]),
                name="editionfile_standing_is_known",
                violation_error_message=_("Choose draft, adopted ad referendum or adopted."),
            ),
            models.CheckConstraint(
                condition=Q(language__in=LANGUAGES),
                name="editionfile_language_is_known",
                violation_error_message=_("Choose English, Spanish, French or Portuguese."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.name} {self.language}"


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


SEALED = (
    "documents_edition",
    "documents_editionmention",
    "documents_release",
    "documents_editionfile",
    "documents_consideration",
    "documents_adoption",
    "documents_confirmation",
)

# Beside the sealed tables ----------------------------------------------------------------------


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


class Rendering(models.Model):
    """A file that was asked for, found by a digest of all that goes into it; made outside the request where long.

    No record of anybody's work: rows may be removed at any time, and are made again when asked for.
    """

    key = models.CharField(primary_key=True, max_length=64)
    inputs = models.JSONField()
    wanted_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    page = models.PositiveIntegerField(default=0)  # the one being laid out
    problem = models.TextField(blank=True)
    content = models.BinaryField(null=True)

    class Meta:
        ordering = ["wanted_at", "key"]

    def __str__(self) -> str:
        return self.key
