"""The delegations of a group: which take part since when, and in which order they are listed."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from mandates.models import Delegation, Membership, WorkingGroup
from mispa.ground.text import Text, sort_key

# The Bahamas stand under B. El Salvador stands under E: that is its name.
_ARTICLE: Final = re.compile(r"(the|las|los|les|as|os)\s+", re.IGNORECASE)
Order = WorkingGroup.DelegationsOrder


@dataclass(frozen=True)
class Listed:
    """A delegation with the roles of its people, as far as the reader may know them."""

    delegation: Delegation
    people: Sequence[Membership]


@dataclass(frozen=True)
class Delegations:
    """On a day, each in the order of the group: those that take part, those that will, those that have left."""

    here: Sequence[Listed]
    to_come: Sequence[Listed]
    left: Sequence[Listed]

    @property
    def since(self) -> date | None:
        """The day since which all of them take part, where it is one."""
        days = {one.delegation.since for one in self.here}
        return days.pop() if len(days) == 1 else None


def delegations_on(
    delegations: Iterable[Delegation], on: date, order: str, people: Mapping[Any, Sequence[Membership]]
) -> Delegations:
    listed = sorted(delegations, key=_ORDERS[Order(order)])

    def those(belong: Callable[[Delegation], bool]) -> list[Listed]:
        return [Listed(one, people.get(one.pk, ())) for one in listed if belong(one)]

    return Delegations(
        here=those(lambda one: one.since <= on and not _has_left(one, on)),
        to_come=those(lambda one: one.since > on),
        left=those(lambda one: _has_left(one, on)),
    )


def _has_left(delegation: Delegation, on: date) -> bool:
    return delegation.until is not None and delegation.until < on


def _by_name(name: Text, language: str = "") -> tuple[str, str, str]:
    wording = name.in_language(language) if language else str(name)
    return sort_key(_ARTICLE.sub("", wording, count=1) if _ARTICLE.match(wording) else wording, language)


_ORDERS: Final[dict[Order, Callable[[Delegation], Any]]] = {
    Order.READER: lambda one: (_by_name(one.name), one.since),
    Order.SPANISH: lambda one: (_by_name(one.name, "es"), one.since),
    Order.SINCE: lambda one: (one.since, _by_name(one.name)),
    Order.LOT: lambda one: (one.position, _by_name(one.name)),
}


def people_of(group: WorkingGroup, on: date) -> dict[Any, list[Membership]]:
    """By delegation, None for those of none: who has which role on a day. For those who may read names alone."""
    found: dict[Any, list[Membership]] = {}
    roles = Membership.objects.in_force(on).filter(group=group).select_related("user")
    for one in roles.order_by("role", "since", "user__last_name", "user__username"):
        found.setdefault(one.delegation_id, []).append(one)
    return found
