"""The contributions of a group as its readers see them: by pillar or by state, as a sheet, and who has answered."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from documents.models import Contribution
from documents.models.contributions import HANDED_IN, State
from documents.reading.delegations import delegations_on
from mandates.models import Delegation, Pillar, WorkingGroup
from mispa.ground import dates
from mispa.ground.merging import LANGUAGE_NAMES

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User

Json = dict[str, Any]
BY_PILLAR: Final = "pillar"
BY_STATE: Final = "state"
COLUMNS: Final = (
    "id", "pillar", "delegation", "code", "title", "language", "text", "file", "state", "submitted", "accepted",
    "may be published",
)  # fmt: skip


@dataclass(frozen=True)
class Section:
    """A pillar or a delegation, with its contributions."""

    of: Pillar | Delegation
    contributions: Sequence[Contribution]


@dataclass(frozen=True)
class Answer:
    """What a delegation has handed in, pillar by pillar: how many are accepted, and how many wait to be."""

    delegation: Delegation
    cells: Sequence[tuple[Pillar, int, int]]


@dataclass(frozen=True)
class Answers:
    """Of the delegations of a day, in the order of the group: what they have handed in, and who has not."""

    pillars: Sequence[Pillar]
    given: Sequence[Answer]
    missing: Sequence[Delegation]


class Contributions:
    """Those that a reader may see, in the order of the group. Each list is asked for once."""

    def __init__(self, group: WorkingGroup, user: "User | AnonymousUser", on: date) -> None:
        self.group, self.on = group, on
        every = Delegation.objects.standing().filter(group=group)
        listed = delegations_on(every, on, group.delegations_order, {})
        self.here = [one.delegation for one in listed.here]
        order = [one.delegation for one in (*listed.here, *listed.to_come, *listed.left)]
        self._place = {one.pk: place for place, one in enumerate(order)}
        seen = Contribution.objects.open_to(user).of(group).select_related("pillar", "stored", "delegation__group")
        self.seen = sorted(seen.in_order(), key=self._by_pillar)

    def _by_pillar(self, one: Contribution) -> tuple[Any, ...]:
        return one.pillar.position, str(one.pillar_id), self._of_delegation(one)

    def _of_delegation(self, one: Contribution) -> int:
        return self._place.get(one.delegation_id, len(self._place))

    @property
    def standing(self) -> list[Contribution]:
        return [one for one in self.seen if not one.is_withdrawn]

    @property
    def accepted(self) -> list[Contribution]:
        """The compilation, pillar by pillar."""
        return [one for one in self.standing if one.state == State.ACCEPTED]

    def sections(self, by: str = BY_PILLAR) -> list[Section]:
        """The compilation in one of its two orders."""
        if by == BY_PILLAR:
            return _sections(self.accepted, lambda one: one.pillar)
        return _sections(sorted(self.accepted, key=self._of_delegation), lambda one: one.delegation)

    def answers(self) -> Answers:
        """For those who see all that is handed in."""
        pillars = list(Pillar.objects.standing().order_by("position", "id"))
        handed_in = [one for one in self.standing if one.state in HANDED_IN]
        counted = Counter((one.delegation_id, one.pillar_id, one.state) for one in handed_in)
        given = {one.delegation_id for one in handed_in}

        def answer(of: Delegation) -> Answer:
            keys = [(pillar, (of.pk, pillar.pk)) for pillar in pillars]
            cells = [(one, counted[*key, State.ACCEPTED], counted[*key, State.SUBMITTED]) for one, key in keys]
            return Answer(of, cells)

        return Answers(
            pillars,
            [answer(one) for one in self.here if one.pk in given],
            [one for one in self.here if one.pk not in given],
        )


def _sections(contributions: Iterable[Contribution], of: Any) -> list[Section]:
    found: dict[Any, list[Contribution]] = {}
    names: dict[Any, Any] = {}
    for one in contributions:
        names.setdefault(of(one).pk, of(one))
        found.setdefault(of(one).pk, []).append(one)
    return [Section(names[pk], some) for pk, some in found.items()]


# As files ---------------------------------------------------------------------


def as_json(contributions: Iterable[Contribution], knows_way: Callable[[Contribution], bool]) -> list[Json]:
    """`knows_way` says of which the reader knows the way that they took: when they were submitted."""

    def file(one: Contribution) -> Json | None:
        stored = one.stored
        return {"name": one.file_name, "size": stored.size, "sha256": stored.sha256} if stored else None

    return [
        {
            "id": str(one.pk),
            "pillar": one.pillar.name.to_json(),
            "delegation": {"code": one.delegation.code, "name": one.delegation.name.to_json()},
            "title": one.title,
            "text": one.text,
            "language": one.language,
            "file": file(one),
            "state": one.state,
            "submitted_at": one.submitted_at if knows_way(one) else None,
            "accepted_at": one.accepted_at,
            "may_be_public": one.may_be_public,
        }
        for one in contributions
    ]


def as_rows(
    contributions: Iterable[Contribution], knows_way: Callable[[Contribution], bool]
) -> list[Mapping[str, str]]:
    """A row for each, with its pillar and its delegation in the language that is active now; `knows_way` as above."""
    return [
        {
            "id": str(one.pk),
            "pillar": str(one.pillar),
            "delegation": str(one.delegation),
            "code": one.delegation.code,
            "title": one.title,
            "language": one.language,
            "text": one.text,
            "file": one.file_name,
            "state": one.get_state_display(),
            "submitted": one.submitted_at.isoformat() if one.submitted_at and knows_way(one) else "",
            "accepted": one.accepted_at.isoformat() if one.accepted_at else "",
            "may be published": _("yes") if one.may_be_public else _("no"),
        }
        for one in contributions
    ]


# As a sheet -------------------------------------------------------------------


def compilation(contributions: Contributions, by: str, *, is_of_everybody: bool) -> Json:
    """The compilation as a sheet (`documents.printing.pdf.sheets`), in the language that is active now.

    `is_of_everybody` says that it is the public's: only what may be published.
    """
    group, made_on = contributions.group, contributions.on
    word = _("Open to everybody") if is_of_everybody else _("For the members of the Group")
    compiled = _("Compiled %(day)s") % {"day": dates.day(made_on)}
    return {
        "group": _group(group),
        "day": made_on.isoformat(),
        "word": word,
        "rule": "issued",
        "status_lines": [compiled],
        "foot": f"{word} · {compiled}",
        "by": by,
        "lines": [_line(one, section, by) for section in contributions.sections(by) for one in section.contributions],
    }


def _group(group: WorkingGroup) -> Json:
    bodies = [body for body in (group.body.parent, group.body) if body]
    return {
        "name": group.name.to_json(),
        "short_name": group.short_name.to_json(),
        "bodies": [body.name.to_json() for body in bodies],
    }


def _line(one: Contribution, section: Section, by: str) -> Json:
    beside: Pillar | Delegation = one.delegation if by == BY_PILLAR else one.pillar
    file = {"name": one.file_name, "size": filesizeformat(one.stored.size)} if one.stored else None
    return {
        "id": str(one.pk),
        "section": section.of.name.to_json(),
        "beside": beside.name.to_json(),
        "title": one.title,
        "text": one.text,
        "language": one.language,
        "language_name": str(LANGUAGE_NAMES[one.language]),
        "accepted": dates.day(dates.in_zone(one.accepted_at, one.group.timezone)) if one.accepted_at else "",
        "file": file,
    }
