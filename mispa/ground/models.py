"""What all stand on: people, change-sets, and the bases of everything that keeps a history."""

import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractUser
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from mispa.ground import changes
from mispa.ground.trusting import is_trusting
from mispa.ground.zones import valid_timezone


class User(AbstractUser):
    """A person with an account. Never deleted, only deactivated: history must go on saying who.

    `is_staff` makes an administrator, who runs the system and takes no decision of a group.
    """

    class Language(models.TextChoices):
        EN = "en", _("English")
        ES = "es", _("Spanish")
        FR = "fr", _("French")
        PT = "pt", _("Portuguese")

    language = models.CharField(_("language"), max_length=2, choices=Language, blank=True, default="")
    timezone = models.CharField(_("time zone"), max_length=64, blank=True, default="", validators=[valid_timezone])

    class Meta:
        ordering = ["username", "id"]
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(
                condition=Q(language__in=["", "en", "es", "fr", "pt"]),
                name="user_language_is_known",
                violation_error_message=_("Choose English, Spanish, French or Portuguese."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class KeptDraft(models.Model):
    """What a person typed into a form and did not save: her own, seen by nobody else, and no part of any history.

    A form has one draft from its opening on; its id is in the form. `fields` is what the form would send.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="kept_drafts")
    address = models.TextField()
    name = models.TextField()
    labels = models.JSONField()
    fields = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "id"]
        verbose_name = _("kept draft")
        verbose_name_plural = _("kept drafts")

    def __str__(self) -> str:
        return self.name

    @property
    def taken_up_at(self) -> str:
        """The address of the form, filled with it."""
        return f"{self.address}{'&' if '?' in self.address else '?'}kept={self.pk}"


class ChangeSet(models.Model):
    """One act of writing: everything saved in it happened at one instant, by one person, for one reason."""

    class Source(models.TextChoices):
        PAGE = "page", _("on a page")
        COMMAND = "command", _("by a command")
        IMPORT = "import", _("by an import")

    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="change_sets")
    on_behalf_of = models.TextField(blank=True, default="")
    at = models.DateTimeField(db_index=True)
    reason = models.TextField(
        validators=[MinLengthValidator(3)], error_messages={"blank": _("Say why this is changed.")}
    )
    source = models.CharField(max_length=16, choices=Source, default=Source.PAGE)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        constraints = [
            models.CheckConstraint(
                condition=Q(by__isnull=False) | Q(source="command"),
                name="changeset_names_a_person",
                violation_error_message=_("Only a command of the system writes without a person."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="changeset_has_a_reason",
                violation_error_message=_("Say why this is changed."),
            ),
            models.CheckConstraint(
                condition=Q(source__in=["page", "command", "import"]),
                name="changeset_source_is_known",
                violation_error_message=_("Choose where this change came from."),
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class Posting(models.Model):
    """A change-set that nobody has been told of yet: the first row of the outbox, written in its transaction.

    So a change that is rolled back has no mail, and no change can be forgotten. The worker looks at each, in order,
    and takes it away; it is no part of any history.
    """

    change_set = models.OneToOneField(ChangeSet, models.CASCADE, primary_key=True, related_name="posting")

    class Meta:
        ordering = ["change_set"]

    def __str__(self) -> str:
        return str(self.change_set)


class Mail(models.Model):
    """A mail to one person; its words are written when it goes (`mispa.ground.outbox`), and kept as they went.

    How far it is, its instants say. From `handed_over_at` on the mail server may have it: it is never sent a second
    time by itself, even if nothing more is heard of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(User, models.PROTECT, related_name="mails", verbose_name=_("recipient"))
    kind = models.CharField(_("kind"), max_length=16)
    about = models.CharField(_("about"), max_length=64)  # what it tells, in the words of its kind
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    not_before = models.DateTimeField(_("not before"))
    claimed_at = models.DateTimeField(null=True, blank=True)  # a worker has taken it
    handed_over_at = models.DateTimeField(_("handed over"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)  # the mail server said that it has it
    dropped_at = models.DateTimeField(_("not sent"), null=True, blank=True)  # there was nothing to say to this person
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    problem = models.TextField(_("problem"), blank=True, default="")
    message_id = models.CharField(max_length=255, blank=True, default="")  # the same at every attempt
    language = models.CharField(_("language"), max_length=2, blank=True, default="")
    subject = models.TextField(_("subject"), blank=True, default="")
    text = models.TextField(_("text"), blank=True, default="")

    class Meta:
        ordering = ["-made_at", "id"]
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "about", "recipient"],
                name="mail_once_per_person",
                violation_error_message=_("This person is told of it already."),
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(handed_over_at__isnull=False, dropped_at__isnull=True),
                name="mail_sent_was_handed_over",
                violation_error_message=_("What was sent was handed over to the mail server before."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}: {self.recipient}"


class InChangeSet(models.Model):
    """What a history row has beside its object's columns: the change-set, never NULL."""

    change_set = models.ForeignKey(ChangeSet, models.PROTECT, related_name="+", default=changes.current_id)

    class Meta:
        abstract = True


def _person_of_the_change_set(instance: models.Model, **kwargs: Any) -> User | None:
    change_set = changes.current()
    return change_set.by if change_set else None


class TrackedQuerySet(models.QuerySet[Any]):
    """Reads of what keeps a history. `update()` and `bulk_*` would write none: the lint of the tests bans them."""

    def standing(self) -> Self:
        """What has not been withdrawn."""
        return self.filter(is_withdrawn=False)


class Tracked(models.Model):
    """The base of everything that keeps a history: a UUID from its creation on, and a history row for every save.

    A save outside a change-set fails in the database (NOT NULL). Nothing is deleted: what should go is withdrawn,
    and may be restored.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    is_withdrawn = models.BooleanField(_("withdrawn"), default=False)
    history = HistoricalRecords(inherit=True, bases=[InChangeSet], get_user=_person_of_the_change_set)

    objects: ClassVar[Any] = TrackedQuerySet.as_manager()

    class Meta:
        abstract = True

    def get_constraints(self) -> Any:
        """The rules that are asked before it is saved: all of them, or those that the database cannot ask in words."""
        found = super().get_constraints()
        if not is_trusting.get():
            return found
        checks = models.CheckConstraint
        return [(model, [one for one in rules if not isinstance(one, checks)]) for model, rules in found]

    @property
    def _history_date(self) -> datetime:
        # All rows of a change-set carry its one instant.
        change_set = changes.current()
        return change_set.at if change_set else timezone.now()


def as_of(model: type[Tracked], at: datetime, **filters: Any) -> list[Any]:
    """All objects of a model as they were at an instant (UTC or aware), withdrawn ones included, in no order.

    `filters` name columns of the model itself and are held against their values of that instant.
    """
    rows = model.history.model.objects.filter(change_set__at__lte=at)
    latest = rows.values("id").annotate(latest=models.Max("history_id")).order_by().values("latest")
    then = rows.filter(history_id__in=latest).exclude(history_type="-").filter(**filters)
    return [row.instance for row in then]
