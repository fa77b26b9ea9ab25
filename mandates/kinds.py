"""How the things of a plan are told and undone: `mispa.ground.kinds` says what is declared."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from mandates import actions
from mandates.models import (
    Assignment,
    Body,
    Delegation,
    Mandate,
    Membership,
    Note,
    Paragraph,
    Pillar,
    PlanRow,
    RegisteredOrgan,
    RegisteredSymbol,
    Resolution,
    ResponsibleArea,
    WorkingGroup,
    WorkPlan,
)
from mandates.permissions import is_editor, is_editor_anywhere
from mandates.registry import SYMBOL
from mispa.ground.kinds import Kind

if TYPE_CHECKING:
    from mispa.ground.models import User


def edits(user: "User", group: WorkingGroup | None) -> bool:
    """Of a group its editors, of what all groups share the editors of any."""
    return is_editor(user, group) if group else is_editor_anywhere(user)


def nobody(user: "User", group: WorkingGroup | None) -> bool:
    """What pages do not change: who is in the group, in which role, and what stands above it."""
    return False


def by_slug(thing: Any) -> dict[str, Any]:
    return {"slug": thing.slug}


def _by_symbol(resolution: Resolution) -> dict[str, Any]:
    return {"slug": resolution.symbol.slug or resolution.pk}


def _area_may_be(area: Any, by: "User | None") -> None:
    actions.stands_below_no_unit_of_its_own(area, by or AnonymousUser())  # type: ignore[arg-type]


def _paragraphs_may_be(paragraphs: Iterable[Any]) -> None:
    for paragraph in paragraphs:
        if not paragraph.is_withdrawn:
            actions.calls_known_notes(paragraph)


def _all_calls_are_answered(notes: Sequence[Any]) -> None:
    plans = {note.plan_id for note in notes}
    _paragraphs_may_be(Paragraph.objects.standing().filter(plan__in=plans).order_by("position", "id"))


def _nothing(thing: Any) -> Iterable[Model | str]:
    """What holds a symbol is asked of that which has it."""
    return ()


KINDS = (
    Kind(model=Body, may_edit=nobody, is_lasting=True),
    Kind(model=WorkingGroup, groups=("",), may_edit=nobody, is_lasting=True),
    Kind(model=Delegation, groups=("group",), may_edit=nobody, is_lasting=True),
    Kind(model=Membership, groups=("group",), related=("user",), may_edit=nobody, is_lasting=True),
    Kind(model=Pillar, may_edit=nobody, is_lasting=True),
    Kind(model=RegisteredOrgan, may_edit=nobody, is_lasting=True),
    Kind(model=RegisteredSymbol, may_edit=edits, follows=True, needed=_nothing),
    Kind(
        model=Resolution,
        noun="mandates:resolution",
        address=_by_symbol,
        related=("symbol",),
        besides={"symbol": SYMBOL},
        may_edit=edits,
        withdrawn=actions.symbol_withdrawn,
        restored=actions.symbol_in_use,
    ),
    Kind(
        model=ResponsibleArea,
        noun="mandates:area",
        address=by_slug,
        may_edit=edits,
        check=_area_may_be,
    ),
    Kind(model=WorkPlan, groups=("group",), may_edit=edits, is_lasting=True),
    Kind(
        model=Note,
        groups=("plan__group",),
        noun="mandates:note",
        may_edit=edits,
        settled=_all_calls_are_answered,
    ),
    Kind(
        model=Paragraph,
        groups=("plan__group",),
        noun="mandates:paragraph",
        may_edit=edits,
        settled=_paragraphs_may_be,
    ),
    Kind(
        model=PlanRow,
        groups=("plan__group",),
        noun="mandates:row",
        besides={"areas": actions.AREAS_OF_ROW},
        may_edit=edits,
    ),
    Kind(
        model=Mandate,
        groups=("row__plan__group",),
        noun="mandates:mandate",
        besides={"areas": actions.AREAS_OF_MANDATE},
        may_edit=edits,
    ),
    Kind(
        model=Assignment,
        groups=("row__plan__group", "mandate__row__plan__group"),
        related=("area", "unit"),
        owners=("row", "mandate"),
        may_edit=edits,
    ),
)
