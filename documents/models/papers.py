"""Papers in all their languages and revisions, and where meetings and topics name them."""

from itertools import combinations
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from documents.models.editions import Edition
from mandates.models import Delegation, RegisteredSymbol, ResponsibleArea, WorkingGroup, WorkPlan, registered_organs
from mandates.permissions import groups_edited_by, groups_of, is_editor_anywhere
from mandates.symbols import SymbolError, parse
from meetings.models import Meeting, Topic
from mispa.ground.models import Tracked, TrackedQuerySet, User
from mispa.ground.text import LANGUAGES, LanguagesField, Text, original_is_there

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

SETS: Final = ["/".join(some) for size in range(1, 5) for some in combinations(LANGUAGES, size)]
TEXTUAL: Final = "textual"


def languages_of(key: str) -> Any:
    """“en/es” in words: English/Spanish."""
    names = [User.Language(code).label for code in key.split("/")]
    return format_lazy("/".join(["{}"] * len(names)), *names)


def original_languages() -> list[tuple[str, Any]]:
    """In which languages a paper can have been drafted: one, several, or each part in its own."""
    return [*((key, languages_of(key)) for key in SETS), (TEXTUAL, _("textual: each part in its own language"))]


def some_languages() -> list[tuple[str, Any]]:
    """The languages that a corrigendum can concern, where it does not concern all."""
    return [(key, languages_of(key)) for key in SETS[:-1]]


def _is_issued() -> Q:
    """Not only working states of it stand."""
    states = Revision.objects.filter(document=OuterRef("pk"), is_withdrawn=False)
    return Q(~Exists(states.filter(state="working"))) | Q(Exists(states.filter(state="issued")))


def _prepared_by(user: "User | AnonymousUser", group: str) -> Q:
    """For who writes for its group; what belongs to none, for the editors of any."""
    theirs = Q(**{f"{group}__in": groups_edited_by(user)})
    return theirs | Q(**{f"{group}__isnull": True}) if is_editor_anywhere(user) else theirs


class DocumentQuerySet(TrackedQuerySet):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Public papers for everybody; the others for people with a role in their group, and the administrator.

        The paper of a hidden group is hidden with it, that of a plan is seen by whom one of its editions reached, and
        one of which nothing is issued yet by those who prepare it.
        """
        return self.standing().open_to(user)

    def open_to(self, user: "User | AnonymousUser") -> Self:
        """The same, withdrawn ones included."""
        if user.is_authenticated and user.is_staff:
            return self
        groups = groups_of(user)
        shown = Q(group__isnull=True) | Q(group__in=WorkingGroup.objects.visible_to(user))
        public = Q(distribution="general", is_public=True) & shown
        shared = Q(group__isnull=True) if groups else Q(pk__in=[])
        opened = Edition.objects.visible_to(user).values("revision__document_id")
        found = self.filter(public | Q(group__in=groups) | shared).filter(Q(plan__isnull=True) | Q(id__in=opened))
        return found.filter(_is_issued() | _prepared_by(user, "group"))

    def known_to(self, group: WorkingGroup) -> Self:
        """Those that every editor of a group knows of: its own, those of no group, and public ones of others."""
        public = Q(is_public=True, group__is_public=True, group__is_withdrawn=False) & _is_issued()
        return self.standing().filter(Q(group=group) | Q(group__isnull=True) | public)


class Document(Tracked):
    """A paper in all its languages and revisions, known by its base symbol; pending while it has none.

    The document of a group's plan is public as soon as an edition of it is released to the public.
    """

    class Kind(models.TextChoices):
        WORK_PLAN = "work plan", _("work plan")
        AGENDA = "agenda", _("agenda")
        SCHEDULE = "schedule", _("schedule")
        ORDER_OF_BUSINESS = "order of business", _("order of business")
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
    kind = models.CharField(_("kind"), max_length=32, choices=Kind)
    series_line = models.CharField(_("series line"), max_length=100, blank=True, default="")
    original_languages = models.CharField(
        _("original language"), max_length=16, choices=original_languages, blank=True, default=""
    )
    registered_on = models.DateField(_("registered on"), null=True, blank=True)
    delegation = models.ForeignKey(
        Delegation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("submitting delegation"),
    )
    area = models.ForeignKey(
        ResponsibleArea,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("submitting area"),
    )
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
                    kind__in=[
                        "work plan",
                        "agenda",
                        "schedule",
                        "order of business",
                        "final document",
                        "information",
                        "report",
                        "concept paper",
                        "other",
                    ]
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
            models.CheckConstraint(
                condition=Q(original_languages__in=["", *SETS, TEXTUAL]),
                name="document_original_language_is_known",
                violation_error_message=_("Choose the languages in which the paper was written."),
            ),
            models.CheckConstraint(
                condition=Q(delegation__isnull=True) | Q(area__isnull=True),
                name="document_is_submitted_by_one",
                violation_error_message=_("Name the delegation or the area that submits the paper, not both."),
            ),
            original_is_there("title", "document"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def clean(self) -> None:
        if self.delegation and self.delegation.group_id != self.group_id:
            raise ValidationError({"delegation": _("This delegation belongs to another group.")})
        if self.series_line:
            self.series_line = read_series_line(self.series_line)


def read_series_line(typed: str) -> str:
    """The shelf mark above a symbol in its canonical form, such as OEA/Ser.K/XLIX.4. Raises ValidationError."""
    try:
        read = parse(typed, registered_organs())
    except SymbolError as error:
        words = {"text": error.shown}
        sentence = _("A series line looks like OEA/Ser.K/XLIX.4; “%(text)s” is none.")
        raise ValidationError({"series_line": ValidationError(sentence, params=words)}) from error
    if read.kind != "Ser":
        raise ValidationError({"series_line": _("A series line looks like OEA/Ser.K/XLIX.4; this is a symbol.")})
    return str(read)


class RevisionQuerySet(TrackedQuerySet):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Those of papers that a reader may see; one that is an edition of a plan, if she may open the edition.

        What is not issued yet is for those who prepare it.
        """
        return self.standing().filter(document__is_withdrawn=False).open_to(user)

    def open_to(self, user: "User | AnonymousUser") -> Self:
        """The same, withdrawn ones included."""
        # Asked of each paper by itself: a list of all that she may see is long.
        seen = self.filter(Exists(Document.objects.open_to(user).filter(pk=OuterRef("document_id"))))
        seen = seen.filter(Q(edition__isnull=True) | Q(edition__in=Edition.objects.visible_to(user)))
        if user.is_authenticated and user.is_staff:
            return seen
        return seen.filter(Q(state="issued") | _prepared_by(user, "document__group"))

    def latest_last(self) -> Self:
        """In the order of editions, where they are any: the corrigendum of an old one is no later state."""
        number = F("edition__number").asc(nulls_first=True)
        return self.order_by(number, F("edition__corrigendum").asc(nulls_first=True), "position", "id")


class Revision(Tracked):
    """One state of a document: its first issue, a rev., a corr. or an add., with the full symbol.

    Once it is issued, with the title that the paper has then, the database refuses to change it; it can only be
    withdrawn. Whether a later state has superseded it follows from the others, and is stored nowhere.
    """

    class State(models.TextChoices):
        WORKING = "working", _("working")
        ISSUED = "issued", _("issued")

    document = models.ForeignKey(Document, models.PROTECT, related_name="revisions")
    symbol = models.OneToOneField(RegisteredSymbol, models.PROTECT, related_name="revision", verbose_name=_("symbol"))
    position = models.PositiveIntegerField(_("position"))
    state = models.CharField(_("state"), max_length=16, choices=State)
    title = LanguagesField(_("title as issued"), null=True, blank=True)
    dated = models.DateField(_("date of the text"), null=True, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    languages = models.CharField(
        _("languages that it concerns"), max_length=16, choices=some_languages, blank=True, default=""
    )

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
            models.CheckConstraint(
                condition=Q(languages__in=["", *SETS[:-1]]),
                name="revision_choice_of_languages_is_known",
                violation_error_message=_("Choose the languages that the corrigendum concerns."),
            ),
            original_is_there("title", "revision"),
        ]

    def __str__(self) -> str:
        return str(self.symbol)

    @property
    def shown_title(self) -> Text:
        """The title with which it was issued; while it is not, the one that its paper has in the register."""
        title: Text = self.title or self.document.title
        return title

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
