"""The record beside a sealed text: what was done with it, derived from rows and kept in no column."""

from datetime import date, datetime
from functools import cached_property
from typing import Any

from documents.editions import snapshot
from documents.editions.standing import is_settled
from documents.models import Adoption, Consideration, Edition
from mandates.models import WorkPlan


class Records:
    """The records of a plan's editions, from one look at all considerations and adoptions of the plan.

    `at` leaves out what happened after an instant: at later meetings than those of its day, and later releases.
    """

    def __init__(self, plan: WorkPlan, at: datetime | None = None) -> None:
        self.plan, self.at = plan, at
        self.until = at.astimezone(plan.group.zone).date() if at else date.max

    @cached_property
    def _considerations(self) -> list[Consideration]:
        rows = Consideration.objects.filter(edition__plan=self.plan, on__lte=self.until)
        return list(rows.select_related("meeting", "edition").order_by("on", "meeting__number", "id"))

    @cached_property
    def _adoptions(self) -> dict[int, Adoption]:
        """By the number of the edition."""
        rows = Adoption.objects.filter(edition__plan=self.plan, on__lte=self.until)
        return {one.edition.number: one for one in rows.select_related("meeting", "edition", "confirmation")}

    @property
    def adopting(self) -> set[int]:
        """The ids of the change-sets by which editions were adopted or confirmed."""
        confirmations = (getattr(adoption, "confirmation", None) for adoption in self._adoptions.values())
        adopted = {adoption.change_set_id for adoption in self._adoptions.values()}
        return adopted | {one.change_set_id for one in confirmations if one}

    def of(self, edition: Edition) -> dict[str, Any]:
        """What is known of an edition beside its text; instants are UTC, days those of the group's zone.

        A corrigendum stands as the edition does that it corrects.
        """
        releases = [one for one in edition.releases.all() if self.at is None or one.change_set.at <= self.at]
        audiences = {release.audience for release in releases}
        adopted = self._adopted(edition.number)
        record = {
            "edition": edition.number,
            "corrigendum": edition.corrigendum or None,
            "last_change_at": edition.last_change_at,
            "issued_on": edition.change_set.at.astimezone(self.plan.group.zone).date(),
            "considered": self._considered(edition.number),
            "adopted": adopted,
            "corrections": edition.corrections,
            "audiences": sorted(audiences),
            "languages": snapshot.complete_languages(edition.text),
        }
        return {"status": self._status(record), **record}

    def _status(self, record: dict[str, Any]) -> str:
        if is_settled(record):
            later = (number for number in self._adoptions if number > record["edition"])
            superseded = any(is_settled({"adopted": self._adopted(number)}) for number in later)
            return "superseded" if superseded else "adopted"
        if record["adopted"]:
            return "ad referendum"
        return "released" if record["audiences"] else "issued"

    def _adopted(self, number: int) -> dict[str, Any] | None:
        adoption = self._adoptions.get(number)
        if adoption is None:
            return None
        confirmation = getattr(adoption, "confirmation", None)
        if confirmation and confirmation.on > self.until:
            confirmation = None
        return {
            "on": adoption.on,
            "how": adoption.how,
            "meeting": adoption.meeting.number,
            "confirmed_on": confirmation.on if confirmation else None,
            "presiding": {"name": adoption.presiding_name, "role": adoption.presiding_role},
            "note": adoption.note,
        }

    def _considered(self, number: int) -> list[dict[str, Any]]:
        """The meetings that considered this edition or a draft of it: those since the edition adopted before."""
        before = max((one for one in self._adoptions if one < number), default=0)
        last = self._adoptions[number].on if number in self._adoptions else self.until
        days = {
            (one.on, one.meeting.number): {"on": one.on, "meeting": one.meeting.number}
            for one in self._considerations
            if before < one.edition.number <= number and one.on <= last
        }
        return list(days.values())


def envelope(text: dict[str, Any], record: dict[str, Any], edition: Edition | None) -> dict[str, Any]:
    """The whole JSON of `docs/plan-json.md`; days and instants in it are strings, instants UTC with a Z."""
    seal = None
    if edition:
        previous = edition.previous
        seal = {
            "sha256": edition.sha256,
            "previous": previous.sha256 if previous else None,
            "chain": edition.chain,
        }
    schema = edition.schema if edition else snapshot.SCHEMA
    return {"schema": schema, "text": text, "record": _plain(record), "seal": seal}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


_INSTANTS, _DAYS = {"last_change_at"}, {"issued_on", "on", "confirmed_on"}


def from_plain(value: Any, key: str = "") -> Any:
    """A record as it was before `envelope` made strings of its days and instants."""
    if isinstance(value, dict):
        return {inner: from_plain(part, inner) for inner, part in value.items()}
    if isinstance(value, list):
        return [from_plain(part) for part in value]
    if isinstance(value, str) and key in _INSTANTS:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(value, str) and key in _DAYS else value


def record_of(edition: Edition) -> dict[str, Any]:
    """The record of one edition; for several of a plan, ask `Records` once."""
    return Records(edition.plan).of(edition)
