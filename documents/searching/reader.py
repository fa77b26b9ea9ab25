"""Who searches: which groups she sees, whose working text she writes, and which edition of the others she reads."""

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from documents.models import Edition
from mandates.models import WorkingGroup
from mandates.permissions import groups_edited_by
from meetings.models import Meeting

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User


class Reader:
    """Asked once for all groups. Of each plan a reader finds what its pages show her (`documents.reading.texts`)."""

    def __init__(self, user: "User | AnonymousUser") -> None:
        self.user, self.now = user, timezone.now()
        groups = WorkingGroup.objects.visible_to(user).select_related("plan", "body__parent").order_by("slug")
        self.groups: dict[Any, WorkingGroup] = {group.pk: group for group in groups}
        edited = set(groups_edited_by(user).values_list("pk", flat=True))
        self.written = [pk for pk, group in self.groups.items() if pk in edited and hasattr(group, "plan")]

    @cached_property
    def editions(self) -> list[int]:
        """Of each plan that she does not write: the edition in force, else the latest that she may open."""
        opened = Edition.objects.visible_to(self.user).filter(pk=OuterRef("pk")).values("pk")
        theirs = Edition.objects.filter(plan__group__in=[*self.groups]).exclude(plan__group__in=self.written)
        found = theirs.with_since().select_related("plan", "change_set").annotate(is_open=Exists(opened))
        by_group: dict[Any, list[Any]] = {}
        for edition in found.defer("text", "corrections").order_by("number", "corrigendum"):
            by_group.setdefault(edition.plan.group_id, []).append(edition)
        read = (self._read(self.groups[pk], editions) for pk, editions in by_group.items())
        return [edition.pk for edition in read if edition is not None]

    def _read(self, group: WorkingGroup, editions: list[Any]) -> Any:
        day = self.now.astimezone(group.zone).date()
        since = [(one.in_force_since, one.number) for one in editions if one.in_force_since]
        adopted = [(began, number) for began, number in since if began <= day]
        if not adopted:
            return next((one for one in reversed(editions) if one.is_open), None)
        _since, number = max(adopted)
        same = [one for one in editions if one.number == number]
        corrigenda = [one for one in same if one.corrigendum and one.change_set.at <= self.now]
        return corrigenda[-1] if corrigenda else same[0]

    def process_groups(self, meetings: Iterable[Meeting]) -> dict[Any, WorkingGroup]:
        """Of meetings that belong to no group, by id: a group on whose page of the process each stands."""
        own = Meeting.objects.filter(group__in=[*self.groups], series__isnull=False).order_by("ordinal", "pk")
        groups = list(own.values_list("group_id", "series_id", "ordinal"))
        found: dict[Any, WorkingGroup] = {}
        for meeting in meetings:
            ordinal = meeting.ordinal or (meeting.prepares.ordinal if meeting.prepares else 0) or 0
            for group, series, of_group in groups:
                if series == meeting.series_id and of_group >= ordinal:
                    found.setdefault(meeting.pk, self.groups[group])
        return found
