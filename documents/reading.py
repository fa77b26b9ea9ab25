"""Which text of a plan a reader gets, and what its symbols lead to."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import get_language

from documents import snapshot
from documents.actions import record_of, seal_of
from documents.models import Edition, Revision
from mandates.models import Resolution, WorkingGroup, WorkPlan
from mandates.permissions import is_editor, role_in

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
        """What an address of a paper needs so that it comes in the language of the page, where it is complete."""
        language = (get_language() or self.original)[:2]
        return f"?lang={language}" if language != self.original and language in self.record["languages"] else ""

    @cached_property
    def seal(self) -> str:
        return self.edition.sha256 if self.edition else seal_of(self.json_text)

    def as_json(self) -> dict[str, Any]:
        """The whole envelope of `docs/plan-json.md`; instants are UTC with a Z."""
        record = {key: _plain(value) for key, value in self.record.items()}
        seal = None
        if self.edition:
            previous = self.edition.previous
            seal = {"sha256": self.edition.sha256, "previous": previous.sha256 if previous else None}
        return {"schema": snapshot.SCHEMA, "text": self.json_text, "record": record, "seal": seal}


def _plain(value: Any) -> Any:
    if hasattr(value, "hour"):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    return value.isoformat() if hasattr(value, "isoformat") else value


def working_record(taken: snapshot.Snapshot) -> dict[str, Any]:
    """What is known of a working text beside its words."""
    return {
        "status": "working",
        "edition": None,
        "last_change_at": taken.last_change_at,
        "issued_on": None,
        "considered": [],
        "adopted": None,
        "audiences": [],
        "languages": snapshot.complete_languages(taken.text),
    }


def working_text(plan: WorkPlan) -> Reading:
    """What the secretariat is writing, now."""
    taken = snapshot.take(plan)
    return Reading(plan, taken.text, working_record(taken), None)


def of_edition(edition: Edition) -> Reading:
    return Reading(edition.plan, edition.text, record_of(edition), edition)


def editions_for(user: "User | AnonymousUser", group: WorkingGroup) -> Any:
    """The editions of a group's plan that a reader may open, the latest first."""
    readable = Edition.objects.filter(plan__group=group).readable_by(user, role_in(user, group))
    return (
        readable.select_related("plan__group__body__parent", "change_set__by", "previous", "revision__symbol")
        .prefetch_related("releases__change_set")
        .latest_first()
    )


def text_for(user: "User | AnonymousUser", group: WorkingGroup) -> Reading | None:
    """The latest text that a reader may read; None while there is none."""
    edition = editions_for(user, group).first()
    return of_edition(edition) if edition else None


def reader_text(user: "User | AnonymousUser", group: WorkingGroup) -> Reading | None:
    """The text in which a reader finds single things: the working text for who writes it, else the latest released."""
    return working_text(group.plan) if is_editor(user, group) else text_for(user, group)


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
