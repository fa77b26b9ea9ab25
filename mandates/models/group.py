"""The working group, the bodies above it, the delegations in it, and who does what in it."""

from collections.abc import Set
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mispa.ground.models import Tracked, TrackedQuerySet
from mispa.ground.text import LanguagesField, original_is_there
from mispa.ground.zones import DayIn, valid_timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User

# The first words of our addresses; a group's address begins with its slug.
RESERVED_SLUGS = frozenset(
    """
    accounts admin areas calendar changes contributions documents healthz mandates meetings notes paragraphs resolutions
    rooms rows search static symbols topics verify
    """.split()  # noqa: SIM905 (a list of thirty quoted words is harder to read)
)


class Body(Tracked):
    """An organ of the organization: the Permanent Council, the Committee on Hemispheric Security."""

    name = LanguagesField(_("name"))
    abbreviation = models.CharField(_("abbreviation"), max_length=16, blank=True, default="")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="committees")

    class Meta:
        ordering = ["id"]
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        constraints = [
            original_is_there("name", "body"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="body_is_not_its_own_parent",
                violation_error_message=_("A body cannot stand above itself."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


def holds_today(*, zone: str, of: str = "") -> tuple[Any, ...]:
    """Of what holds from a day to a day: that it does on this day in a zone. Names are those of the columns.

    The day stands first in each comparison: SQLite has room for so many open brackets in a query, and no more.
    """
    today = DayIn(timezone.now(), F(zone))
    goes_on = Q(LessThanOrEqual(today, F(f"{of}until"))) | Q(**{f"{of}until__isnull": True})
    return GreaterThanOrEqual(today, F(f"{of}since")), goes_on


class WorkingGroupQuerySet(TrackedQuerySet):
    def with_role_of(self, user: "User", roles: Set[str]) -> Self:
        """Those in which a person has one of these roles today; one twice where she has two."""
        own = {"memberships__user": user.pk, "memberships__is_withdrawn": False, "memberships__role__in": roles}
        return self.filter(*holds_today(zone="timezone", of="memberships__"), **own)

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Groups shown to everybody, and to a person those in which she has a role; the administrator sees all."""
        if not user.is_authenticated:
            return self.standing().filter(is_public=True)
        if user.is_staff:
            return self.standing()
        return self.standing().filter(Q(is_public=True) | Q(id__in=Membership.objects.groups_of(user)))


class WorkingGroup(Tracked):
    """A working group that prepares a ministerial meeting; every plan, meeting and role belongs to one."""

    class DelegationsOrder(models.TextChoices):
        READER = "reader", _("by name, in the language of the page")
        SPANISH = "spanish", _("by name, in the Spanish alphabet")
        SINCE = "since", _("by the day since which they take part")
        LOT = "lot", _("as drawn by lot")

    slug = models.SlugField(
        _("address"),
        max_length=64,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", _("Use small letters, digits and hyphens."))],
    )
    name = LanguagesField(_("name"))
    short_name = LanguagesField(_("short name"))
    body = models.ForeignKey(Body, models.PROTECT, related_name="groups", verbose_name=_("body above the group"))
    timezone = models.CharField(_("time zone"), max_length=64, default="America/New_York", validators=[valid_timezone])
    place = LanguagesField(_("city of its hours"))  # names the zone for readers: “Washington time”
    is_public = models.BooleanField(_("shown to everybody"), default=False)
    delegations_order = models.CharField(
        _("order of the delegations"), max_length=8, choices=DelegationsOrder, default=DelegationsOrder.READER
    )

    objects: ClassVar[Any] = WorkingGroupQuerySet.as_manager()

    class Meta:
        ordering = ["slug", "id"]
        verbose_name = _("working group")
        verbose_name_plural = _("working groups")
        constraints = [
            models.UniqueConstraint(
                "slug",
                name="workinggroup_slug_is_unique",
                violation_error_message=_("Another group has this address; choose a different one."),
            ),
            models.CheckConstraint(
                condition=~Q(slug__in=sorted(RESERVED_SLUGS)),
                name="workinggroup_slug_is_not_reserved",
                violation_error_message=_("This word is an address of mispa itself; choose a different one."),
            ),
            models.CheckConstraint(
                condition=Q(delegations_order__in=["reader", "spanish", "since", "lot"]),
                name="workinggroup_delegations_order_is_known",
                violation_error_message=_("Choose one of the orders in which delegations are listed."),
            ),
            original_is_there("name", "workinggroup"),
            original_is_there("short_name", "workinggroup"),
            original_is_there("place", "workinggroup"),
        ]

    def __str__(self) -> str:
        return str(self.short_name)

    def get_absolute_url(self) -> str:
        return reverse("pages:overview", args=[self.slug])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class InForceQuerySet(TrackedQuerySet):
    def in_force_now(self) -> Self:
        """What holds on this day in the zone of its group: a role that ends on a day ends at midnight there."""
        return self.standing().filter(*holds_today(zone="group__timezone"))

    def in_force(self, on: date) -> Self:
        """What holds on a day: begun, and not yet ended; both ends count."""
        return self.standing().filter(Q(until__isnull=True) | Q(until__gte=on), since__lte=on)


class Delegation(Tracked):
    """A member state's delegation to a group, for as long as it takes part. `position` is the place drawn by lot."""

    group = models.ForeignKey(WorkingGroup, models.PROTECT, related_name="delegations")
    code = models.CharField(
        _("country code"), max_length=2, validators=[RegexValidator(r"^[A-Z]{2}\Z", _("Two capital letters."))]
    )
    name = LanguagesField(_("name"))
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    objects: ClassVar[Any] = InForceQuerySet.as_manager()

    class Meta:
        ordering = ["group", "code", "id"]
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "code", "since"],
                name="delegation_once_per_group_and_day",
                violation_error_message=_("This delegation is already listed from that day on."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="delegation_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first."),
            ),
            original_is_there("name", "delegation"),
        ]

    def __str__(self) -> str:
        return str(self.name)


class MembershipQuerySet(InForceQuerySet):
    def groups_of(self, user: "User | AnonymousUser") -> list[UUID]:
        """The ids of the groups in which a person has a role today; asked once per request, kept on the user."""
        if not user.is_authenticated:
            return []
        if "_groups" not in user.__dict__:
            own = self.in_force_now().filter(user=user.pk)
            user.__dict__["_groups"] = list(own.values_list("group_id", flat=True))
        found: list[UUID] = user.__dict__["_groups"]
        return found


class Membership(Tracked):
    """A person's role in a group, for a time. The rules of who may do what are in `mandates.permissions`."""

    class Role(models.TextChoices):
        DELEGATE = "delegate", _("Delegate")
        SECRETARIAT = "secretariat", _("Secretariat")
        CHAIR = "chair", _("Chair")
        VICE_CHAIR = "vice-chair", _("Vice chair")

    group = models.ForeignKey(WorkingGroup, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=16, choices=Role)
    delegation = models.ForeignKey(
        Delegation, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("delegation")
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects: ClassVar[Any] = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["group", "role", "since", "id"]
        verbose_name = _("role in a group")
        verbose_name_plural = _("roles in groups")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "user", "since"],
                condition=Q(is_withdrawn=False),
                name="membership_one_role_from_a_day_on",
                violation_error_message=_("This person already has a role in the group from that day on."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=["delegate", "secretariat", "chair", "vice-chair"]),
                name="membership_role_is_known",
                violation_error_message=_("Choose delegate, secretariat, chair or vice chair."),
            ),
            models.CheckConstraint(
                condition=~Q(role="delegate") | Q(delegation__isnull=False),
                name="membership_delegate_has_delegation",
                violation_error_message=_("Name the delegation of this delegate."),
            ),
            models.CheckConstraint(
                condition=~Q(role="secretariat") | Q(delegation__isnull=True),
                name="membership_secretariat_has_no_delegation",
                violation_error_message=_("The secretariat belongs to no delegation."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="membership_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}"

    def clean(self) -> None:
        if self.delegation and self.delegation.group_id != self.group_id:
            raise ValidationError({"delegation": _("This delegation belongs to another group.")})


class Pillar(Tracked):
    """One of the lines of public security along which the ministers arrange their work."""

    position = models.PositiveIntegerField(_("position"))
    name = LanguagesField(_("name"))

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("pillar")
        verbose_name_plural = _("pillars")
        constraints = [original_is_there("name", "pillar")]

    def __str__(self) -> str:
        return str(self.name)
