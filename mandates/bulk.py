"""What is done to many parts of a plan at once: a whole table saved, lists put in another order.

Each action is one change-set: all of it is saved, or nothing (see `mispa.ground.together`).
"""

from collections.abc import Hashable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from mandates.actions import create_mandate, create_row, revise_mandate, revise_row
from mandates.models import Delegation, Mandate, Paragraph, PlanRow, WorkingGroup, WorkPlan
from mandates.models.plan import POSITION_GAP
from mispa.ground.editing import NothingChanged
from mispa.ground.models import User
from mispa.ground.order import arrange
from mispa.ground.together import Edit, once, together

Ids = Sequence[UUID]


def revise_table(
    *, edits: Mapping[UUID, Edit], orders: Mapping[UUID, Ids], opened_from: int, by: User, reason: str
) -> int:
    """Save what was typed in the table of a plan: areas of rows, mandates, new mandates, and their order by row."""
    acts: dict[Hashable, Any] = {key: partial(_write, edit, opened_from) for key, edit in edits.items()}
    for row, wanted in orders.items():
        acts["order", row] = partial(_arrange_mandates, row, wanted, opened_from)
    return together(acts, by=by, reason=reason)


def enter_row(
    *, row: PlanRow, edits: Mapping[UUID, Edit], orders: Mapping[UUID, Ids], opened_from: int, by: User, reason: str
) -> int:
    """Set a resolution into the plan, with the mandates that were typed under it."""
    acts: dict[Hashable, Any] = {row.pk: partial(_enter, row)}
    acts |= {key: partial(_write, edit, opened_from) for key, edit in edits.items()}
    return together(acts, by=by, reason=reason)


def _enter(row: PlanRow, *, by: User, reason: str) -> None:
    printed = {"symbol_as_printed": row.symbol_as_printed, "title_as_printed": row.title_as_printed}
    named = {"resolution": row.resolution_id, **printed}
    create = partial(create_row, plan=row.plan, by=by, reason=reason, new_id=row.pk, **named)
    once(row, "plan_id", create, _is_there)


def _is_there(made: PlanRow, first: int) -> None:
    raise NothingChanged(already_there=True)


def _write(edit: Edit, opened_from: int, *, by: User, reason: str) -> None:
    how: dict[str, Any] = {"by": by, "reason": reason, **edit.values}
    thing: Any = edit.thing
    if isinstance(thing, PlanRow):
        revise_row(row=thing, opened_from=opened_from, **how)
    elif edit.is_new:
        create = partial(create_mandate, row=thing.row, new_id=thing.pk, **how)
        once(
            thing,
            "row_id",
            create,
            lambda made, opened_from: revise_mandate(mandate=made, opened_from=opened_from, **how),
        )
    else:
        revise_mandate(mandate=thing, opened_from=opened_from, **how)


def _arrange_mandates(row: UUID, wanted: Ids, opened_from: int, *, by: User, reason: str) -> None:
    how: dict[str, Any] = {"opened_from": opened_from, "by": by, "reason": reason}
    arrange(Mandate, where={"row": row}, wanted=wanted, gap=POSITION_GAP, **how)


def arrange_delegations(*, group: WorkingGroup, wanted: Ids, opened_from: int, by: User, reason: str) -> None:
    """The order drawn by lot."""
    how: dict[str, Any] = {"opened_from": opened_from, "by": by, "reason": reason}
    arrange(Delegation, where={"group": group.pk}, wanted=wanted, gap=POSITION_GAP, **how)


def arrange_rows(*, plan: WorkPlan, wanted: Ids, opened_from: int, by: User, reason: str) -> None:
    how: dict[str, Any] = {"opened_from": opened_from, "by": by, "reason": reason}
    arrange(PlanRow, where={"plan": plan.pk}, wanted=wanted, gap=POSITION_GAP, **how)


def arrange_mandates(*, row: PlanRow, wanted: Ids, opened_from: int, by: User, reason: str) -> None:
    _arrange_mandates(row.pk, wanted, opened_from, by=by, reason=reason)


def arrange_paragraphs(*, plan: WorkPlan, section: str, wanted: Ids, opened_from: int, by: User, reason: str) -> None:
    how: dict[str, Any] = {"opened_from": opened_from, "by": by, "reason": reason}
    arrange(Paragraph, where={"plan": plan.pk, "section": section}, wanted=wanted, gap=POSITION_GAP, **how)
