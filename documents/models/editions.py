"""Editions of a plan, to whom they are released, and their files.

The database refuses to change or delete these rows (`mispa.ground.sealing`).
"""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mandates.models import RegisteredSymbol, WorkingGroup, WorkPlan
from mandates.permissions import Role, groups_edited_by, groups_of
from mispa.ground.models import ChangeSet
from mispa.ground.text import LANGUAGES

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User


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

    def with_since(self) -> Self:
        """Each with the first day on which it was in force; adopted ad referendum, it is from its confirmation on."""
        since = Case(When(adoption__how="consensus", then="adoption__on"), default="adoption__confirmation__on")
        return self.annotate(in_force_since=since)

    def adopted_by(self, day: date) -> Self:
        """Those in force on a day or before it, by the day on which that began; the one in force on the day is last."""
        return self.with_since().filter(in_force_since__lte=day).order_by("in_force_since", "number")


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
    revision = models.OneToOneField("Revision", models.PROTECT, related_name="edition")
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
