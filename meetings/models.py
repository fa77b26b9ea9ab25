"""When and where the Group sits, and on what; and the ministerial process that it serves."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mandates.models import Mandate, Note, Resolution, WorkingGroup
from mandates.permissions import groups_edited_by
from mispa.ground.fields import valid_year
from mispa.ground.models import Tracked, TrackedQuerySet
from mispa.ground.text import LanguagesField, Text, original_is_there
from mispa.ground.zones import valid_timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User


TITLED = _("{meeting}: {title}")  # the number of a session and its own title, together wherever it is named


def roman(number: int) -> str:
    """The Roman numeral of an ordinal from 1 on: MISPA IV."""
    numerals = [(100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
    written = ""
    for value, numeral in numerals:
        written += numeral * (number // value)
        number %= value
    return written


class City(Tracked):
    """A city where meetings are held. Its country is empty where the sources do not print it."""

    name = LanguagesField(_("name"))
    country = LanguagesField(_("country"), null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        constraints = [original_is_there("name", "city"), original_is_there("country", "city")]

    def __str__(self) -> str:
        return f"{self.name}, {self.country}" if self.country else str(self.name)


class Room(Tracked):
    """A room; all committees share them."""

    name = LanguagesField(_("name"))
    city = models.ForeignKey(City, models.PROTECT, null=True, blank=True, related_name="rooms", verbose_name=_("city"))

    class Meta:
        ordering = ["id"]
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        constraints = [original_is_there("name", "room")]

    def __str__(self) -> str:
        return str(self.name)


class Series(Tracked):
    """A process of ministerial meetings, such as MISPA."""

    slug = models.SlugField(_("address"), max_length=64)
    name = LanguagesField(_("name"))
    short_name = models.CharField(_("short name"), max_length=16)

    class Meta:
        ordering = ["slug", "id"]
        verbose_name = _("series of ministerial meetings")
        verbose_name_plural = _("series of ministerial meetings")
        constraints = [
            models.UniqueConstraint(
                "slug",
                name="series_slug_is_unique",
                violation_error_message=_("Another series has this address; choose a different one."),
            ),
            original_is_there("name", "series"),
        ]

    def __str__(self) -> str:
        return self.short_name


def leads_to(groups: Iterable[Any]) -> Exists:
    """Of a meeting: whether it is in the process that leads to the ministerial meeting of one of these groups."""
    ordinal = Coalesce(OuterRef("ordinal"), OuterRef("prepares__ordinal"))
    return Exists(Meeting.objects.filter(group__in=groups, series=OuterRef("series"), ordinal__gte=ordinal))


class MeetingQuerySet(TrackedQuerySet):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """All that were ever convened; proposed ones only for those who prepare them."""
        groups = WorkingGroup.objects.visible_to(user)
        seen = self.standing().filter(Q(group__isnull=True) | Q(group__in=groups))
        return seen.filter(~Q(status=Meeting.Status.PROPOSED) | Q(group__in=groups_edited_by(user)))

    def in_calendar(self, group: WorkingGroup) -> Self:
        """The sessions of a group and the ministerial meeting that it prepares, in order of time."""
        return self.filter(group=group).in_order()

    def of_process(self, group: WorkingGroup) -> Self:
        """The ministerial meeting that a group prepares, those of its series before it, and what prepared them."""
        return self.filter(leads_to([group]))

    def in_order(self) -> Self:
        """By first day, of words the earliest that they mean; those without a day, and those put off, stand last."""
        day = Case(When(status=Meeting.Status.POSTPONED, then=Value(None)), default=F("starts_on"))
        return self.order_by(day.asc(nulls_last=True), F("starts_at").asc(nulls_first=True), "number", "id")

    def ever_set_for(self, day: date, group: WorkingGroup) -> Self:
        """Those of a group that were, at any time after they were convened, set for a day or for days around it."""
        rows = Meeting.history.model.objects.filter(group_id=group.pk, starts_on__lte=day, ends_on__gte=day)
        known = rows.exclude(precision=Meeting.Precision.IMPRECISE).exclude(status=Meeting.Status.PROPOSED)
        return self.filter(pk__in=known.values("id"))

    def with_places(self) -> Self:
        return self.select_related("group", "series", "room__city", "city", "prepares")


class Meeting(Tracked):
    """A session of a group, a ministerial meeting, or a meeting that prepared one.

    The series owns ministerial and preparatory meetings, a group owns its sessions; the ministerial meeting that a
    group prepares stands in the group's calendar as well. `number` counts in that calendar and is never used again.
    Wall time and zone are stored; instants are computed. Of a meeting put off or cancelled, day and place are the last
    for which it was set (`meetings.life` tells all the earlier ones). What the record says otherwise than print is kept
    beside it, with its source (`checked_…`).
    """

    class Kind(models.TextChoices):
        SESSION = "session", _("meeting of the Group")
        MINISTERIAL = "ministerial", _("ministerial meeting")
        PREPARATORY = "preparatory", _("preparatory meeting")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("To be confirmed")
        CONVENED = "convened", _("Convened")
        POSTPONED = "postponed", _("Postponed")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")

    class Precision(models.TextChoices):
        EXACT = "exact", _("day and hours")
        ALL_DAY = "all-day", _("whole days")
        IMPRECISE = "imprecise", _("in words")

    class Fold(models.IntegerChoices):
        FIRST = 0, _("the first time")
        SECOND = 1, _("the second time")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    group = models.ForeignKey(WorkingGroup, models.PROTECT, null=True, blank=True, related_name="meetings")
    series = models.ForeignKey(Series, models.PROTECT, null=True, blank=True, related_name="meetings")
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    ordinal = models.PositiveIntegerField(_("ordinal"), null=True, blank=True)  # MISPA IV: 4
    prepares = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="preparatory_meetings")
    title = LanguagesField(_("title"), null=True, blank=True)
    theme = LanguagesField(_("theme"), null=True, blank=True)
    further = LanguagesField(_("further decisions"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.PROPOSED)
    # What readers are told of the last time that it was convened, moved, postponed, cancelled or held.
    notice = LanguagesField(_("notice to its readers"), null=True, blank=True)

    precision = models.CharField(_("how exact"), max_length=16, choices=Precision, default=Precision.EXACT)
    words = LanguagesField(_("when, in words"), null=True, blank=True)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    starts_at = models.TimeField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    ends_at = models.TimeField(_("to"), null=True, blank=True)
    # Where clocks go back, an hour comes twice: which is meant. NULL where it comes once.
    starts_fold = models.PositiveSmallIntegerField(_("begins, of two"), choices=Fold, null=True, blank=True)
    ends_fold = models.PositiveSmallIntegerField(_("ends, of two"), choices=Fold, null=True, blank=True)
    timezone = models.CharField(_("time zone"), max_length=64, validators=[valid_timezone])
    room = models.ForeignKey(
        Room, models.PROTECT, null=True, blank=True, related_name="meetings", verbose_name=_("room")
    )
    city = models.ForeignKey(
        City, models.PROTECT, null=True, blank=True, related_name="meetings", verbose_name=_("city")
    )
    country = LanguagesField(_("country, where no city is named"), null=True, blank=True)

    checked_starts_on = models.DateField(_("first day by the record"), null=True, blank=True)
    checked_ends_on = models.DateField(_("last day by the record"), null=True, blank=True)
    checked_source = LanguagesField(_("what the record is"), null=True, blank=True)

    # The note at the foot of the plan that cites this (preparatory) meeting.
    note = models.OneToOneField(Note, models.PROTECT, null=True, blank=True, related_name="meeting")

    objects: ClassVar[Any] = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "number", "id"]
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="session", group__isnull=False, series__isnull=True, ordinal__isnull=True)
                | Q(kind="ministerial", series__isnull=False, ordinal__isnull=False)
                | Q(kind="preparatory", series__isnull=False, group__isnull=True, ordinal__isnull=True),
                name="meeting_has_its_owner",
                violation_error_message=_(
                    "A group owns its sessions; a series owns ministerial and preparatory meetings."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind="preparatory") ^ Q(prepares__isnull=True),
                name="meeting_preparatory_names_what_it_prepares",
                violation_error_message=_("A preparatory meeting, and no other, names the meeting that it prepares."),
            ),
            models.CheckConstraint(
                condition=Q(group__isnull=True, number__isnull=True)
                | Q(group__isnull=False, number__isnull=False, number__gte=1),
                name="meeting_in_a_calendar_has_a_number",
                violation_error_message=_("A meeting in a group's calendar has a number there."),
            ),
            models.UniqueConstraint(
                fields=["group", "number"],
                name="meeting_number_once_per_group",
                violation_error_message=_("This number is taken; a meeting's number is never used again."),
            ),
            models.UniqueConstraint(
                fields=["series", "ordinal"],
                name="meeting_ordinal_once_per_series",
                violation_error_message=_("The series already has a meeting with this ordinal."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "convened", "postponed", "held", "cancelled"]),
                name="meeting_status_is_known",
                violation_error_message=_("Choose to be confirmed, convened, postponed, held or cancelled."),
            ),
            models.CheckConstraint(
                condition=Q(starts_fold__isnull=True) | Q(starts_fold__in=[0, 1], starts_at__isnull=False),
                name="meeting_starts_fold_is_of_two",
                violation_error_message=_("Choose the first or the second time at which this hour comes."),
            ),
            models.CheckConstraint(
                condition=Q(ends_fold__isnull=True) | Q(ends_fold__in=[0, 1], ends_at__isnull=False),
                name="meeting_ends_fold_is_of_two",
                violation_error_message=_("Choose the first or the second time at which this hour comes."),
            ),
            models.CheckConstraint(
                condition=Q(
                    precision="exact",
                    starts_on__isnull=False,
                    ends_on__isnull=False,
                    starts_at__isnull=False,
                    ends_at__isnull=False,
                )
                | Q(
                    precision="all-day",
                    starts_on__isnull=False,
                    ends_on__isnull=False,
                    starts_at__isnull=True,
                    ends_at__isnull=True,
                )
                | Q(precision="imprecise", words__isnull=False, starts_at__isnull=True, ends_at__isnull=True),
                name="meeting_times_fit_precision",
                violation_error_message=_(
                    "Give days and hours, or whole days without hours, or the time in words without hours."
                ),
            ),
            models.CheckConstraint(
                # A time in words may have a first day alone.
                condition=Q(ends_on__isnull=True)
                | (
                    Q(starts_on__isnull=False)
                    & (
                        Q(ends_on__gt=F("starts_on"))
                        | (
                            Q(ends_on=F("starts_on"))
                            & (
                                Q(ends_at__isnull=True)
                                | Q(ends_at__gt=F("starts_at"))
                                # From 1:30 in summer time to 1:15 in winter time are 45 minutes.
                                | Q(starts_fold__isnull=False, starts_fold=0, ends_fold__isnull=False, ends_fold=1)
                            )
                        )
                    )
                ),
                name="meeting_ends_after_start",
                violation_error_message=_("The end lies before the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(checked_starts_on__isnull=True, checked_ends_on__isnull=True, checked_source__isnull=True)
                | Q(
                    checked_starts_on__isnull=False,
                    checked_ends_on__isnull=False,
                    checked_ends_on__gte=F("checked_starts_on"),
                    checked_source__isnull=False,
                ),
                name="meeting_checked_days_have_a_source",
                violation_error_message=_("Days by the record need a first day, a last day and a source."),
            ),
            *(
                original_is_there(name, "meeting")
                for name in ("title", "theme", "further", "notice", "words", "country", "checked_source")
            ),
        ]

    def __str__(self) -> str:
        if self.kind != self.Kind.SESSION:
            return str(self.title)
        return str(TITLED).format(meeting=self.numbered, title=self.title) if self.title else self.numbered

    def clean(self) -> None:
        super().clean()
        wrong = {}
        for name in ("starts_on", "ends_on", "checked_starts_on", "checked_ends_on"):
            try:
                if day := getattr(self, name):
                    valid_year(day)
            except ValidationError as error:
                # The days by the record stand in no form.
                wrong[NON_FIELD_ERRORS if name.startswith("checked") else name] = error
        if wrong:
            raise ValidationError(wrong)

    def get_absolute_url(self) -> str:
        if self.group:
            return reverse("documents:meeting-detail", args=[self.group.slug, self.number])
        return ""

    @property
    def place_city(self) -> City | None:
        """The city named for the meeting, else that of its room."""
        return self.city or (self.room.city if self.room else None)

    @property
    def place_country(self) -> Text | None:
        country: Text | None = self.place_city.country if self.place_city else self.country
        return country

    @property
    def numbered(self) -> str:
        """Such as Meeting 8: its number in the calendar of its group."""
        return str(_("Meeting %(number)s") % {"number": self.number})

    @property
    def short_title(self) -> str:
        """Such as MISPA IV; empty for what is no ministerial meeting."""
        return f"{self.series.short_name} {roman(self.ordinal)}" if self.series and self.ordinal else ""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def starts(self) -> datetime | None:
        """The instant (UTC) at which an exact meeting begins."""
        return self._instant(self.starts_on, self.starts_at, self.starts_fold)

    @property
    def ends(self) -> datetime | None:
        return self._instant(self.ends_on, self.ends_at, self.ends_fold)

    @property
    def wall_times(self) -> tuple[datetime, datetime] | None:
        """When an exact meeting begins and ends by the clocks of its zone, with their offsets; None without hours."""
        if self.starts is None or self.ends is None:
            return None
        return self.starts.astimezone(self.zone), self.ends.astimezone(self.zone)

    def _instant(self, day: date | None, hour: time | None, fold: int | None) -> datetime | None:
        if day is None or hour is None:
            return None
        return datetime.combine(day, hour, self.zone).replace(fold=fold or 0).astimezone(UTC)

    @property
    def has_day(self) -> bool:
        """Whether it is set for a time that can be told: not put off, and not without a first day."""
        return self.starts_on is not None and self.status != self.Status.POSTPONED

    @property
    def is_exact(self) -> bool:
        """Whether its first day is a day on which it is held, and not the earliest that words can mean."""
        return self.has_day and self.precision != self.Precision.IMPRECISE

    @property
    def period(self) -> tuple[datetime, datetime] | None:
        """The instants between which it is held, whole days from midnight to midnight; None where these are not set."""
        if self.starts and self.ends:
            return self.starts, self.ends
        if self.starts_on is None or self.ends_on is None or self.precision != self.Precision.ALL_DAY:
            return None
        after = self.ends_on + timedelta(days=1)
        first, last = (datetime.combine(day, time.min, self.zone).astimezone(UTC) for day in (self.starts_on, after))
        return first, last

    def is_over(self, now: datetime) -> bool:
        """Whether the meeting lies in the past at an instant; one without a day, or put off, never does."""
        return self.has_day and self.lies_before(now)

    def lies_before(self, now: datetime) -> bool:
        """Whether the time for which it is, or was, set is over."""
        if self.ends:
            return self.ends <= now
        if self.ends_on is None:
            return False
        return datetime.combine(self.ends_on + timedelta(days=1), time.min, self.zone) <= now


class MeetingBasis(Tracked):
    """A resolution on whose ground a ministerial meeting is held."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="bases")
    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="bases")
    position = models.PositiveIntegerField(_("position"))

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("basis of a meeting")
        verbose_name_plural = _("bases of meetings")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "resolution"],
                condition=Q(is_withdrawn=False),
                name="meetingbasis_resolution_once_per_meeting",
                violation_error_message=_("This resolution is already named."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.resolution)


class Topic(Tracked):
    """An item of a meeting's agenda, in order."""

    class Kind(models.TextChoices):
        ELECTION = "election", _("election")
        ADOPTION = "adoption", _("consideration and adoption")
        CONSIDERATION = "consideration", _("consideration")
        OTHER = "other", _("other business")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="topics", verbose_name=_("meeting"))
    position = models.PositiveIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    text = LanguagesField(_("wording"))

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [
            original_is_there("text", "topic"),
            models.CheckConstraint(
                condition=Q(kind__in=["election", "adoption", "consideration", "other"]),
                name="topic_kind_is_known",
                violation_error_message=_(
                    "Choose election, consideration and adoption, consideration or other business."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.text)


class TopicMandate(Tracked):
    """A mandate that a topic serves."""

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="topic_mandates")
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="topic_mandates")
    position = models.PositiveIntegerField(_("position"))

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("mandate of a topic")
        verbose_name_plural = _("mandates of topics")
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "mandate"],
                condition=Q(is_withdrawn=False),
                name="topicmandate_mandate_once_per_topic",
                violation_error_message=_("This mandate is already named."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.mandate)
