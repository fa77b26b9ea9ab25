"""Starting the group that prepares the next ministerial meeting, from the one that prepared the last."""

import re
from collections.abc import Hashable, Mapping, Set
from datetime import date
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from mandates.actions import revise_group, revise_plan
from mandates.models import Delegation, Membership, Note, Paragraph, WorkingGroup, WorkPlan
from mandates.prose import note_calls
from meetings.actions import revise_meeting
from meetings.models import Meeting, roman
from mispa.ground.changes import changes
from mispa.ground.editing import create, new
from mispa.ground.models import Tracked, User
from mispa.ground.text import Text
from mispa.ground.together import together

# How ministerial meetings are counted in their titles, from the first to the eighth.
_COUNTED: Final = {
    "en": ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth"),
    "es": ("Primera", "Segunda", "Tercera", "Cuarta", "Quinta", "Sexta", "Séptima", "Octava"),
    "fr": (
        "Première",
        "Deuxième",
        "Troisième",
        "Quatrième",
        "Cinquième",
        "Sixième",
        "Septième",
        "Huitième",
        "Neuvième",
    ),
    "pt": ("Primeira", "Segunda", "Terceira", "Quarta", "Quinta", "Sexta", "Sétima", "Oitava"),
}


def prepared_by(group: WorkingGroup) -> Meeting | None:
    """The ministerial meeting that a group prepares."""
    found = Meeting.objects.standing().filter(group=group, kind=Meeting.Kind.MINISTERIAL).select_related("series")
    latest: Meeting | None = found.order_by("-ordinal").first()
    return latest


def renumbered(text: Text, series: str, ordinal: int) -> Text:
    """A name for the next meeting, where it counts this one: MISPA IV, the Fourth Meeting.

    A translation that does not count it is left out, because it would be of another text.
    """
    wordings = {code: _counted_on(wording, code, series, ordinal) for code, wording in text}
    original = wordings.pop(text.original)
    is_same = original == text.wordings[text.original]
    kept = {code: wording for code, wording in wordings.items() if is_same or wording != text.wordings[code]}
    return Text.of(original, text.original, **kept)


def _counted_on(wording: str, language: str, series: str, ordinal: int) -> str:
    words = _COUNTED[language]
    if ordinal < len(words):
        wording = re.sub(rf"\b{words[ordinal - 1]}\b", words[ordinal], wording)
    return re.sub(rf"\b({re.escape(series)}[ -]){roman(ordinal)}\b", rf"\g<1>{roman(ordinal + 1)}", wording)


def found_next_group(
    *,
    after: WorkingGroup,
    values: Mapping[str, Any],
    plan_title: Text,
    meeting: Mapping[str, Any] | None,
    takes: Set[str],
    by: User,
    reason: str,
    new_id: UUID | None = None,
) -> WorkingGroup:
    """The next group below the same body, with an empty plan and the ministerial meeting that it prepares.

    Nobody but its people sees it yet. Who starts it keeps her role. `takes` says what comes over: “delegations”,
    “secretariat”, “considerations”. Raises AlreadyThere where it was sent twice.
    """
    with changes(by=by, reason=reason):
        group = create(new(WorkingGroup, new_id, {**values, **_kept(after)}), by=by, reason=reason)
        on = timezone.localdate(timezone=group.zone)  # by which day its roles are asked
        language = after.plan.original_language if hasattr(after, "plan") else plan_title.original
        plan = _saved(WorkPlan(group=group, title=plan_title, original_language=language))
        if meeting:
            _saved(_ministerial(group, meeting))
        delegations = _take_delegations(after, group, on) if "delegations" in takes else {}
        _take_people(after, group, on, delegations, by, everybody="secretariat" in takes)
        if "considerations" in takes:
            _take_considerations(after, plan)
        return group


def _kept(after: WorkingGroup) -> dict[str, Any]:
    """What stays as it was in the group before."""
    return {"body": after.body_id, "delegations_order": after.delegations_order}


def revise_next_group(
    *,
    group: WorkingGroup,
    values: Mapping[str, Any],
    plan_title: Text,
    meeting: Mapping[str, Any] | None,
    by: User,
    reason: str,
    **_once: Any,
) -> None:
    """What was typed when the form was sent again is an edit of what was made from it; who is in it is settled.

    Raises Refused where others changed the same since, NothingChanged where all of it is so already.
    """
    opened_from = group.history.earliest("history_id").change_set_id
    acts: dict[Hashable, Any] = {
        "group": partial(revise_group, group=group, opened_from=opened_from, **values),
        "plan": partial(revise_plan, plan=group.plan, opened_from=opened_from, title=plan_title),
    }
    prepared = prepared_by(group)
    if meeting and prepared:
        typed = _when(meeting)
        del typed["series"], typed["ordinal"]
        acts["meeting"] = partial(revise_meeting, meeting=prepared, opened_from=opened_from, **typed)
    together(acts, by=by, reason=reason)


def _saved(thing: Any) -> Any:
    thing.full_clean()
    thing.save()
    return thing


def _ministerial(group: WorkingGroup, values: Mapping[str, Any]) -> Meeting:
    ministerial = {"kind": Meeting.Kind.MINISTERIAL, "number": 1, "timezone": group.timezone}
    return Meeting(group=group, **ministerial, **_when(values))


def _when(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the form says of the meeting, as whole days where there are some."""
    day = values["starts_on"]
    precision = Meeting.Precision.ALL_DAY if day else Meeting.Precision.IMPRECISE
    return {**values, "precision": precision, "ends_on": values["ends_on"] or day}


def _take_delegations(after: WorkingGroup, group: WorkingGroup, on: date) -> dict[Any, Delegation]:
    """Those that take part today, by the delegation of before; `on` is the day in the zone of the new group."""
    there = Delegation.objects.in_force_now().filter(group=after).order_by("code", "id")
    return {
        one.pk: _saved(Delegation(group=group, code=one.code, name=one.name, since=on, position=one.position))
        for one in there
    }


def _take_people(
    after: WorkingGroup, group: WorkingGroup, on: date, delegations: Mapping[Any, Delegation], by: User, everybody: bool
) -> None:
    """The one who starts the group, in her role; with her the secretariat, if it is wanted."""
    there = Membership.objects.in_force_now().filter(group=after).order_by("-since", "id")
    taken = set()
    for one in there:
        is_wanted = one.user_id == by.pk or (everybody and one.role == Membership.Role.SECRETARIAT)
        if is_wanted and one.user_id not in taken:
            taken.add(one.user_id)
            delegation = delegations.get(one.delegation_id)
            _saved(Membership(group=group, user_id=one.user_id, role=one.role, delegation=delegation, since=on))


def _take_considerations(after: WorkingGroup, plan: WorkPlan) -> None:
    """The paragraphs of the last section, with the notes that they call."""
    section = Paragraph.Section.CONSIDERATIONS
    paragraphs = Paragraph.objects.standing().filter(plan__group=after, section=section).order_by("position", "id")
    called = {key for one in paragraphs for _code, wording in one.text for key in note_calls(wording)}
    things: list[Tracked] = [
        Note(plan=plan, key=note.key, text=note.text)
        for note in Note.objects.standing().filter(plan__group=after, key__in=called).order_by("key")
    ]
    things += [Paragraph(plan=plan, section=section, position=one.position, text=one.text) for one in paragraphs]
    for thing in things:
        _saved(thing)
