"""Which text of a plan a reader gets, and what its symbols lead to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from documents.editions import snapshot, standing
from documents.editions.record import Records, envelope
from documents.editions.seals import seal_of
from documents.models import Edition, Release, Revision
from mandates.models import Resolution, WorkingGroup, WorkPlan
from mandates.permissions import can_see_circulated, can_see_history, is_editor, role_in

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User


@dataclass
class Reading:
    """A text before a reader: the JSON of it, the record beside it, and the edition, or None for the working text."""

    plan: WorkPlan
    json_text: dict[str, Any]
    record: dict[str, Any]
    edition: Edition | None

    @cached_property
    def text(self) -> dict[str, Any]:
        """The text in the objects that templates want."""
        found: dict[str, Any] = snapshot.objects(self.json_text)
        return found

    @property
    def original(self) -> str:
        language: str = self.json_text["plan"]["original_language"]
        return language

    @property
    def file_query(self) -> str:
        """What an address of a paper needs so that it comes in the language of the page."""
        language = (get_language() or self.original)[:2]
        return f"?lang={language}" if language != self.original else ""

    @cached_property
    def seal(self) -> str:
        return self.edition.sha256 if self.edition else seal_of(self.json_text)

    @property
    def title(self) -> str:
        return standing.title(self.record)

    @property
    def status_line(self) -> str:
        return standing.status_line(self.record)

    @property
    def is_settled(self) -> bool:
        return standing.is_settled(self.record)

    def as_json(self) -> dict[str, Any]:
        """The whole envelope of `docs/plan-json.md`; instants are UTC with a Z."""
        return envelope(self.json_text, self.record, self.edition)


def working_record(taken: snapshot.Snapshot) -> dict[str, Any]:
    """What is known of a working text beside its words."""
    return {
        "status": "working",
        "edition": None,
        "corrigendum": None,
        "last_change_at": taken.last_change_at,
        "issued_on": None,
        "considered": [],
        "adopted": None,
        "corrections": [],
        "audiences": [],
        "languages": snapshot.complete_languages(taken.text),
    }


def working_text(plan: WorkPlan, at: datetime | None = None) -> Reading:
    """What the secretariat is writing, now or as it was at an instant."""
    taken = snapshot.take(plan, at)
    return Reading(plan, taken.text, working_record(taken), None)


def of_edition(edition: Edition, records: Records | None = None) -> Reading:
    records = records or Records(edition.plan)
    return Reading(edition.plan, edition.text, records.of(edition), edition)


def address_of(group: WorkingGroup, reading: Reading) -> str:
    """The page of a text: its edition, or the working text."""
    return (
        reading.edition.get_absolute_url() if reading.edition else reverse("documents:draft-detail", args=[group.slug])
    )


def editions_for(user: "User | AnonymousUser", group: WorkingGroup) -> Any:
    """The editions of a group's plan that a reader may open, with their corrigenda, the latest first."""
    return _complete(Edition.objects.filter(plan__group=group).readable_by(user, role_in(user, group))).latest_first()


def _complete(editions: Any) -> Any:
    related = editions.select_related(
        "plan__group__body__parent", "change_set__by", "previous", "revision__symbol", "revision__document"
    )
    return related.prefetch_related("releases__change_set")


def in_force(group: WorkingGroup, at: datetime) -> Edition | None:
    """The edition in force on the day of an instant, as its corrigenda of until then have it; None before the first."""
    editions = _complete(Edition.objects.filter(plan__group=group))
    adopted = editions.filter(corrigendum=0).adopted_by(at.astimezone(group.zone).date()).last()
    if adopted is None:
        return None
    corrigenda = editions.filter(number=adopted.number, corrigendum__gt=0, change_set__at__lte=at)
    found: Edition = corrigenda.order_by("corrigendum").last() or adopted
    return found


def text_for(user: "User | AnonymousUser", group: WorkingGroup, at: datetime | None = None) -> Reading | None:
    """The text in force, else the latest that a reader may read; now, or what was so at an instant.

    None while there is none.
    """
    edition = in_force(group, at or timezone.now())
    if edition is None:
        editions = editions_for(user, group)
        if at is not None:
            opened = Release.objects.filter(change_set__at__lte=at).filter(edition__plan__group=group)
            audiences = ["public", "delegations"] if can_see_circulated(user, group) else ["public"]
            opened = opened.filter(audience__in=audiences)
            by_then = Q(change_set__at__lte=at) if can_see_history(user, group) else Q(pk__in=opened.values("edition"))
            editions = editions.filter(by_then)
        edition = editions.first()
    if edition is None:
        return None
    return of_edition(edition, Records(edition.plan, at))


def issued_text(group: WorkingGroup, at: datetime | None = None) -> Reading | None:
    """The text in force, else the latest issued, whoever may read it; now, or what was so at an instant."""
    then = at or timezone.now()
    issued = _complete(Edition.objects.filter(plan__group=group, change_set__at__lte=then)).latest_first()
    edition = in_force(group, then) or issued.first()
    if edition is None:
        return None
    return of_edition(edition, Records(edition.plan, at))


def reader_text(user: "User | AnonymousUser", group: WorkingGroup, at: datetime | None = None) -> Reading | None:
    """The text in which a reader finds single things: the working text for who writes it, else the latest released.

    Now, or what was so at an instant; None while there is none.
    """
    if not is_editor(user, group) or not hasattr(group, "plan"):
        return text_for(user, group, at)
    if at and not group.plan.history.filter(change_set__at__lte=at).exists():
        return None
    return working_text(group.plan, at)


def links_for(user: "User | AnonymousUser", symbols: Iterable[str]) -> dict[str, str]:
    """Canonical symbol → address, for those that lead to something this reader may see."""
    wanted = list(symbols)
    found: dict[str, str] = {}
    revisions = Revision.objects.visible_to(user).filter(symbol__canonical__in=wanted)
    for canonical, slug in revisions.values_list("symbol__canonical", "symbol__slug"):
        found[str(canonical)] = reverse("documents:document-detail", args=[slug])
    resolutions = Resolution.objects.visible_to(user).standing().filter(symbol__canonical__in=wanted)
    for canonical, slug in resolutions.values_list("symbol__canonical", "symbol__slug"):
        found[canonical] = reverse("documents:resolution-detail", args=[slug])
    return found
