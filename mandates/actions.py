"""What is done to a plan and to what it cites: resolutions, rows, mandates, paragraphs, notes, areas.

Every action is one change-set, asks all rules and answers in words; `mispa.ground.editing` says what they may raise.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mandates.models import (
    Assignment,
    Mandate,
    Note,
    Paragraph,
    PlanRow,
    RegisteredSymbol,
    Resolution,
    ResponsibleArea,
    WorkingGroup,
    WorkPlan,
)
from mandates.models.plan import POSITION_GAP
from mandates.prose import note_calls
from mandates.registry import SYMBOL
from mispa.ground.editing import StillNeeded, create, named_by, new, restore, revise, withdraw
from mispa.ground.links import Links
from mispa.ground.models import Tracked, User
from mispa.ground.order import last_position, move

# Areas: links of rows and of mandates ------------------------------------

_UNITS = ("area_id", "unit_id")
AREAS_OF_ROW = Links(Assignment, "row", _UNITS, gettext_lazy("responsible areas"), POSITION_GAP)
AREAS_OF_MANDATE = Links(Assignment, "mandate", _UNITS, gettext_lazy("responsible areas"), POSITION_GAP)


# Groups ------------------------------------------------------------------


def revise_group(*, group: WorkingGroup, by: User, reason: str, opened_from: int, **values: Any) -> WorkingGroup:
    """Change what a group is called, where it sits, and whether it is shown to everybody."""
    values.pop("restoring", None)  # a group is never withdrawn on a page
    return revise(group, mine=values, opened_from=opened_from, by=by, reason=reason)


# Resolutions -------------------------------------------------------------


def create_resolution(*, by: User, reason: str, symbol: str, new_id: UUID | None = None, **values: Any) -> Resolution:
    """Enter a resolution by the symbol that it prints; one that a person must check first is kept as pending."""
    resolution = new(Resolution, new_id, values)
    return create(resolution, by=by, reason=reason, besides={SYMBOL: symbol})


def revise_resolution(
    *, resolution: Resolution, by: User, reason: str, opened_from: int, restoring: bool = False, **values: Any
) -> Resolution:
    return revise(
        resolution,
        mine=values,
        opened_from=opened_from,
        by=by,
        reason=reason,
        besides={"symbol": SYMBOL},
        check=symbol_in_use if restoring else None,
        restoring=() if restoring else None,
    )


def withdraw_resolution(*, resolution: Resolution, by: User, reason: str, opened_from: int) -> Resolution:
    """Its symbol is withdrawn with it, and stays taken."""
    return withdraw(
        resolution, by=by, reason=reason, opened_from=opened_from, needed=partial(_where, by=by), also=symbol_withdrawn
    )


def restore_resolution(*, resolution: Resolution, by: User, reason: str, opened_from: int) -> Resolution:
    return restore(resolution, by=by, reason=reason, opened_from=opened_from, also=symbol_in_use)


def symbol_withdrawn(thing: Any) -> None:
    """Of whatever has a symbol: it goes with the thing, and stays taken."""
    _set_state(thing.symbol, RegisteredSymbol.State.WITHDRAWN)


def symbol_in_use(thing: Any) -> None:
    """The same back."""
    _set_state(thing.symbol, RegisteredSymbol.State.IN_USE)


def _set_state(symbol: RegisteredSymbol, state: RegisteredSymbol.State) -> None:
    if symbol.canonical and symbol.state != state:
        symbol.state = state
        symbol.save()


# The plan itself ---------------------------------------------------------


def revise_plan(*, plan: WorkPlan, by: User, reason: str, opened_from: int, **values: Any) -> WorkPlan:
    """Change its title, or which language is its original."""
    return revise(plan, mine=values, opened_from=opened_from, by=by, reason=reason)


# Rows --------------------------------------------------------------------

_PARTS_OF_ROW = ("mandates", "mandates.assignments", "mandates.papers", "assignments")


def create_row(
    *, plan: WorkPlan, by: User, reason: str, areas: Sequence[str] = (), new_id: UUID | None = None, **values: Any
) -> PlanRow:
    """Set a resolution into the plan, at the end of its table."""
    row = new(PlanRow, new_id, values, plan=plan)

    def prepare(row: PlanRow) -> None:
        row.position = last_position(PlanRow, {"plan": plan.pk}, POSITION_GAP)

    return create(row, by=by, reason=reason, besides={AREAS_OF_ROW: areas}, prepare=prepare)


def revise_row(
    *, row: PlanRow, by: User, reason: str, opened_from: int, restoring: bool = False, **values: Any
) -> PlanRow:
    return revise(
        row,
        mine=values,
        opened_from=opened_from,
        by=by,
        reason=reason,
        besides={"areas": AREAS_OF_ROW},
        restoring=_PARTS_OF_ROW if restoring else None,
    )


def withdraw_row(*, row: PlanRow, by: User, reason: str, opened_from: int) -> PlanRow:
    """Its mandates and their areas go with it."""
    return withdraw(
        row, by=by, reason=reason, opened_from=opened_from, parts=_PARTS_OF_ROW, needed=partial(_where, by=by)
    )


def restore_row(*, row: PlanRow, by: User, reason: str, opened_from: int) -> PlanRow:
    return restore(row, by=by, reason=reason, opened_from=opened_from, parts=_PARTS_OF_ROW)


def move_row(*, row: PlanRow, upwards: bool, opened_from: int, by: User, reason: str) -> PlanRow:
    where = {"plan": row.plan_id}
    return move(row, where=where, upwards=upwards, opened_from=opened_from, by=by, reason=reason, gap=POSITION_GAP)


# Mandates ----------------------------------------------------------------

_PARTS_OF_MANDATE = ("assignments", "papers")


def create_mandate(
    *, row: PlanRow, by: User, reason: str, areas: Sequence[str] = (), new_id: UUID | None = None, **values: Any
) -> Mandate:
    """Write a mandate under a row, after the others."""
    mandate = new(Mandate, new_id, values, row=row)

    def prepare(mandate: Mandate) -> None:
        mandate.position = last_position(Mandate, {"row": row.pk}, POSITION_GAP)

    return create(mandate, by=by, reason=reason, besides={AREAS_OF_MANDATE: areas}, prepare=prepare)


def revise_mandate(
    *, mandate: Mandate, by: User, reason: str, opened_from: int, restoring: bool = False, **values: Any
) -> Mandate:
    return revise(
        mandate,
        mine=values,
        opened_from=opened_from,
        by=by,
        reason=reason,
        besides={"areas": AREAS_OF_MANDATE},
        restoring=_PARTS_OF_MANDATE if restoring else None,
    )


def withdraw_mandate(*, mandate: Mandate, by: User, reason: str, opened_from: int) -> Mandate:
    """Refused while a topic of a meeting serves it."""
    return withdraw(
        mandate, by=by, reason=reason, opened_from=opened_from, parts=_PARTS_OF_MANDATE, needed=partial(_where, by=by)
    )


def restore_mandate(*, mandate: Mandate, by: User, reason: str, opened_from: int) -> Mandate:
    return restore(mandate, by=by, reason=reason, opened_from=opened_from, parts=_PARTS_OF_MANDATE)


def move_mandate(*, mandate: Mandate, upwards: bool, opened_from: int, by: User, reason: str) -> Mandate:
    where = {"row": mandate.row_id}
    return move(mandate, where=where, upwards=upwards, opened_from=opened_from, by=by, reason=reason, gap=POSITION_GAP)


# Paragraphs --------------------------------------------------------------


def create_paragraph(
    *, plan: WorkPlan, section: str, by: User, reason: str, new_id: UUID | None = None, **values: Any
) -> Paragraph:
    """Write a paragraph at the end of a section."""
    paragraph = new(Paragraph, new_id, values, plan=plan, section=section)

    def prepare(paragraph: Paragraph) -> None:
        paragraph.position = last_position(Paragraph, {"plan": plan.pk, "section": section}, POSITION_GAP)

    return create(paragraph, by=by, reason=reason, prepare=prepare, check=calls_known_notes)


def revise_paragraph(
    *, paragraph: Paragraph, by: User, reason: str, opened_from: int, restoring: bool = False, **values: Any
) -> Paragraph:
    return revise(
        paragraph,
        mine=values,
        opened_from=opened_from,
        by=by,
        reason=reason,
        check=calls_known_notes,
        restoring=() if restoring else None,
    )


def withdraw_paragraph(*, paragraph: Paragraph, by: User, reason: str, opened_from: int) -> Paragraph:
    return withdraw(paragraph, by=by, reason=reason, opened_from=opened_from)


def restore_paragraph(*, paragraph: Paragraph, by: User, reason: str, opened_from: int) -> Paragraph:
    return restore(paragraph, by=by, reason=reason, opened_from=opened_from, also=calls_known_notes)


def move_paragraph(*, paragraph: Paragraph, upwards: bool, opened_from: int, by: User, reason: str) -> Paragraph:
    where = {"plan": paragraph.plan_id, "section": paragraph.section}
    return move(
        paragraph, where=where, upwards=upwards, opened_from=opened_from, by=by, reason=reason, gap=POSITION_GAP
    )


def calls_known_notes(paragraph: Paragraph) -> None:
    known = set(Note.objects.standing().filter(plan=paragraph.plan_id).values_list("key", flat=True))
    unknown = [key for key in _calls(paragraph) if key not in known]
    if unknown:
        calls = ", ".join(f"[^{key}]" for key in dict.fromkeys(unknown))
        raise ValidationError(
            {"text": _("There is no note for %(calls)s. Write the note first, or correct the key.") % {"calls": calls}}
        )


def _calls(paragraph: Paragraph) -> list[str]:
    text = paragraph.text
    return [key for _language, wording in text for key in note_calls(wording)] if text else []


# Notes -------------------------------------------------------------------


def create_note(*, plan: WorkPlan, by: User, reason: str, new_id: UUID | None = None, **values: Any) -> Note:
    """Write a note; it is printed once a paragraph calls it by its key."""
    return create(new(Note, new_id, values, plan=plan), by=by, reason=reason, check=_keeps_its_callers)


def revise_note(*, note: Note, by: User, reason: str, opened_from: int, restoring: bool = False, **values: Any) -> Note:
    return revise(
        note,
        mine=values,
        opened_from=opened_from,
        by=by,
        reason=reason,
        check=_keeps_its_callers,
        restoring=() if restoring else None,
    )


def withdraw_note(*, note: Note, by: User, reason: str, opened_from: int) -> Note:
    """Refused while a paragraph calls it, or a preparatory meeting is cited in it."""
    return withdraw(
        note, by=by, reason=reason, opened_from=opened_from, needed=lambda note: [*named_by(note), *_callers(note)]
    )


def restore_note(*, note: Note, by: User, reason: str, opened_from: int) -> Note:
    return restore(note, by=by, reason=reason, opened_from=opened_from)


def _callers(note: Any) -> list[Paragraph]:
    paragraphs = Paragraph.objects.standing().filter(plan=note.plan_id).order_by("section", "position", "id")
    return [paragraph for paragraph in paragraphs if note.key in _calls(paragraph)]


def _keeps_its_callers(note: Note) -> None:
    before = Note.objects.filter(pk=note.pk).first()
    if before and before.key != note.key and (callers := _callers(before)):
        words = {"call": f"[^{before.key}]", "places": "; ".join(map(str, callers))}
        raise ValidationError({"key": _("%(call)s is called here: %(places)s. Change the call there first.") % words})


# Areas -------------------------------------------------------------------


def create_area(*, by: User, reason: str, new_id: UUID | None = None, **values: Any) -> ResponsibleArea:
    return create(
        new(ResponsibleArea, new_id, values),
        by=by,
        reason=reason,
        check=partial(stands_below_no_unit_of_its_own, by=by),
    )


def revise_area(
    *, area: ResponsibleArea, by: User, reason: str, opened_from: int, restoring: bool = False, **values: Any
) -> ResponsibleArea:
    return revise(
        area,
        mine=values,
        opened_from=opened_from,
        by=by,
        reason=reason,
        check=partial(stands_below_no_unit_of_its_own, by=by),
        restoring=() if restoring else None,
    )


def withdraw_area(*, area: ResponsibleArea, by: User, reason: str, opened_from: int) -> ResponsibleArea:
    """Refused while a row or a mandate names it, or a unit belongs to it."""
    return withdraw(area, by=by, reason=reason, opened_from=opened_from, needed=partial(_where, by=by))


def restore_area(*, area: ResponsibleArea, by: User, reason: str, opened_from: int) -> ResponsibleArea:
    return restore(area, by=by, reason=reason, opened_from=opened_from)


def stands_below_no_unit_of_its_own(area: ResponsibleArea, by: User) -> None:
    above, seen = area.parent, {area.pk}
    while above is not None:
        if above.pk in seen:
            raise ValidationError({"parent": _("%(area)s is itself a unit of this area.") % {"area": area.parent}})
        seen.add(above.pk)
        above = above.parent
    moved = not area._state.adding and ResponsibleArea.objects.filter(pk=area.pk).exclude(parent=area.parent_id)
    if moved and (named := Assignment.objects.standing().filter(unit=area.pk).exclude(area=area.parent_id)):
        hidden = _hidden_from(by)
        places = "; ".join(dict.fromkeys(hidden(one) or str(one.row or one.mandate) for one in named))
        raise StillNeeded(
            {"parent": _("As a unit of the other area it is named here: %(places)s.") % {"places": places}}
        )


# Where things are named --------------------------------------------------


def _where(thing: Tracked, by: User) -> Iterable[models.Model | str]:
    """What names an object; of a link the place where it is seen, in words where the name alone would not tell.

    Of a group that the person may not know of, only that there is something.
    """
    hidden, hides = _hidden_from(by), ""
    for other in named_by(thing):
        if words := hidden(other):
            hides = words
            continue
        topic, meeting, plan = (getattr(other, name, None) for name in ("topic", "meeting", "plan"))
        if topic:
            yield f"{topic.meeting}: {topic}"
        elif meeting:
            yield f"{other._meta.verbose_name}: {meeting}"
        elif plan:
            yield f"{other._meta.verbose_name}: {other} ({plan.group})"
        elif isinstance(other, Assignment) and isinstance(thing, ResponsibleArea):
            yield other.row or other.mandate or other
        else:
            yield other
    if hides:
        yield hides


def _hidden_from(by: User) -> Callable[[models.Model], str]:
    """What to say of a thing that belongs to a group which the person may not know of; nothing of others."""
    visible = set(WorkingGroup.objects.visible_to(by).values_list("pk", flat=True))

    def hidden(thing: Any) -> str:
        opened = getattr(type(thing)._default_manager, "visible_to", None)  # a paper may be limited
        if opened and not opened(by).filter(pk=thing.pk).exists():
            return _("in something that you may not see")
        for step in ("topic", "meeting", "mandate", "row", "plan"):
            thing = getattr(thing, step, None) or thing
        group = getattr(thing, "group_id", None)
        return _("in a plan that you may not see") if group and group not in visible else ""

    return hidden
