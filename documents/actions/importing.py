"""What a file brings is saved: all of it as one change-set, or nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from documents.actions.tying import ON_THE_TABLE
from documents.importing.brought import Brought
from documents.importing.keeping import anomalies_as_json
from documents.importing.proposal import MODELS, Choices, Field, Item, Proposal, State, propose
from documents.importing.values import TEXTS, in_our_keys
from documents.importing.words import full_name, place
from documents.kinds import REGISTER
from documents.models import ImportedPlan
from mandates import actions as mandates
from mandates.models import Mandate, Paragraph, PlanRow, Resolution, ResponsibleArea, WorkPlan
from mandates.models.plan import POSITION_GAP
from meetings import actions as meetings
from meetings.kinds import BASES
from meetings.models import City, Meeting, Room, Topic
from mispa.ground.changes import changes
from mispa.ground.editing import NothingChanged, restore
from mispa.ground.models import ChangeSet, User
from mispa.ground.openings import latest_change
from mispa.ground.order import arrange, woven
from mispa.ground.telling import steps_in
from mispa.ground.text import Text, fingerprint
from mispa.ground.trusting import database_checks

Tell = Callable[[int, int], None]  # how many of how many are done


class NothingToImport(Exception):
    """The file brings nothing that is not here."""

    def __str__(self) -> str:
        return _("Nothing changes: all that this file holds is here already.")


class ProposalHasChanged(Exception):
    """What was seen is no longer what saving would do. The proposal of now goes with it."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(proposal)
        self.proposal = proposal

    def __str__(self) -> str:
        return _("The plan has changed since you saw this. Look at it again; your choices are kept.")


# What an import is held against ------------------------------------------


def proposal_for(plan: WorkPlan, brought: Brought) -> Proposal:
    """What a file would change now, held against the last import of this plan that says the same kind of thing."""
    return propose(plan, brought, _base(plan, brought))


def _base(plan: WorkPlan, brought: Brought) -> ImportedPlan | None:
    """The last import in the language of this file, or in all; one that was undone does not count."""
    for one in ImportedPlan.objects.filter(plan=plan).order_by("-number"):
        in_its_language = "json" in {one.kind, brought.kind} or one.language == brought.language
        if in_its_language and not is_undone(one.change_set_id):
            return one
    return None


def is_undone(change_set: int) -> bool:
    """Whether nothing that a change-set did is left: what it made is withdrawn, what it changed is as it was."""
    has_written = False
    for kind in REGISTER.kinds:
        steps = [] if kind.follows else steps_in(kind.model, [change_set])
        things = kind.things(step.id for step in steps) if steps else {}
        names = [column.attname for column in kind.model._meta.concrete_fields]
        for step in steps:
            has_written = True
            thing = things[step.id]
            if step.before is None and not thing.is_withdrawn:
                return False
            if step.before and any(getattr(thing, name) != getattr(step.before, name) for name in names):
                return False
    return has_written


def convened_by(change_set: int) -> list[Meeting]:
    """The meetings that a change-set convened and that stand: others know of them, so nothing undoes them."""
    steps = steps_in(Meeting, [change_set])
    proposed = Meeting.Status.PROPOSED
    ids = [
        step.id
        for step in steps
        if step.after.status != proposed and (step.before is None or step.before.status == proposed)
    ]
    standing = Meeting.objects.standing().filter(pk__in=ids).exclude(status=proposed)
    return list(standing.select_related("group").order_by("starts_on", "number", "id"))


# Saving ------------------------------------------------------------------


def import_plan(
    *,
    plan: WorkPlan,
    brought: Brought,
    file_name: str,
    choices: Choices,
    seen: str,
    by: User | None,
    reason: str,
    may_enter_rooms: bool = True,
    tell: Tell = lambda done, of: None,
) -> ImportedPlan:
    """Save what a file brings. `seen` is the digest of the proposal that the person saw.

    Rooms and cities are the secretariat's: without `may_enter_rooms` a new one is refused.

    Raises NothingToImport, ProposalHasChanged, or a ValidationError that names the object and its place in the file.
    Without a person it is a command of the system.
    """
    source = ChangeSet.Source.IMPORT if by else ChangeSet.Source.COMMAND
    with changes(by=by, reason=reason, source=source) as change_set:
        proposal = proposal_for(plan, brought)
        if proposal.digest != seen:
            raise ProposalHasChanged(proposal)
        if choices.oddities:
            proposal = propose(plan, _decided(brought, choices), proposal.base)
        saving = _Saving(proposal, choices, by, reason, may_enter_rooms, tell)
        if not saving.has_work:
            raise NothingToImport
        saving.save()
        imported = ImportedPlan(
            plan=plan,
            number=ImportedPlan.objects.filter(plan=plan).count() + 1,
            file_name=file_name[-255:],
            kind=brought.kind,
            language=brought.language,
            sha256=brought.sha256,
            text=saving.text_with_ids(),
            anomalies=anomalies_as_json(brought),
            change_set=change_set,
        )
        imported.full_clean()
        imported.save(force_insert=True)
    return imported


def _decided(brought: Brought, choices: Choices) -> Brought:
    """What was read, with the days that a person chose where a weekday contradicts its day or a day can be two."""
    text = deepcopy(brought.text)
    for number, day in choices.oddities.items():
        for place_of, meeting in enumerate(text.get("meetings", [])):
            if brought.places.get(f"meetings/{place_of}") == brought.anomalies[number].place:
                _move_to(meeting, day)
    return replace(brought, text=text)


def _move_to(meeting: dict[str, Any], day: str) -> None:
    """To another day, with as many days and the same hours."""
    starts, ends = meeting["starts"], meeting["ends"] or meeting["starts"]
    if not starts or starts[:10] == day:
        return
    moved = date.fromisoformat(ends[:10]) + (date.fromisoformat(day) - date.fromisoformat(starts[:10]))
    meeting["starts"], meeting["ends"] = day + starts[10:], moved.isoformat() + ends[10:]


_ORDER: Final = ("plan", "note", "paragraph", "row", "mandate", "meeting", "topic")
_CREATE: Final[Mapping[str, Callable[..., Any]]] = {
    "note": mandates.create_note,
    "paragraph": mandates.create_paragraph,
    "row": mandates.create_row,
    "mandate": mandates.create_mandate,
    "meeting": meetings.create_meeting,
    "topic": meetings.create_topic,
}
_REVISE: Final[Mapping[str, Callable[..., Any]]] = {
    "plan": mandates.revise_plan,
    "note": mandates.revise_note,
    "paragraph": mandates.revise_paragraph,
    "row": mandates.revise_row,
    "mandate": mandates.revise_mandate,
    "meeting": meetings.revise_meeting,
    "topic": meetings.revise_topic,
}
_WITHDRAW: Final[Mapping[str, Callable[..., Any]]] = {
    "note": mandates.withdraw_note,
    "paragraph": mandates.withdraw_paragraph,
    "row": mandates.withdraw_row,
    "mandate": mandates.withdraw_mandate,
    "meeting": meetings.withdraw_meeting,
    "topic": meetings.withdraw_topic,
}
_WHERE: Final[Mapping[type, str]] = {Paragraph: "plan", PlanRow: "plan", Mandate: "row", Topic: "meeting"}


@dataclass
class _Saving:
    """The acts of one import, in an order in which each finds what it stands on."""

    proposal: Proposal
    choices: Choices
    by: Any  # a person, or None for a command
    reason: str
    may_enter_rooms: bool
    tell: Tell

    def __post_init__(self) -> None:
        self.opened_from = latest_change()
        self.made: dict[str, Any] = {}  # things by id
        self.said: dict[str, Any] = {"by": self.by, "reason": self.reason}
        self.standing = {one.id for one in self.proposal.of("mandate") if one.mine}
        self.acts = self._acts()

    @property
    def has_work(self) -> bool:
        """Something to write, or something decided that the next file is held against."""
        return bool(self.acts) or self.proposal.has_work

    def save(self) -> None:
        for done, (item, act) in enumerate(self.acts, start=1):
            with _named(item, self.proposal.brought.kind):
                act(item)
            self.tell(done, len(self.acts))
        self._arrange()

    def _acts(self) -> list[tuple[Item, Callable[[Item], None]]]:
        acts: list[tuple[Item, Callable[[Item], None]]] = []
        for kind in _ORDER:
            for item in self.proposal.of(kind):
                if self.comes(item):
                    acts.append((item, self._bring))
                elif self.accepted(item) or self._is_convened(item):
                    acts.append((item, self._change))
        leaving = [item for item in self.proposal.items if self.leaves(item)]
        leaving.sort(key=lambda item: -_ORDER.index(item.kind))
        return acts + [(item, self._withdraw) for item in leaving]

    # ---- what was decided

    def comes(self, item: Item) -> bool:
        """Whether an object of the file that does not stand here is brought in."""
        if item.is_refused or not item.path or item.state not in {State.NEW, State.LEFT_OUT}:
            return False
        if item.id in self.proposal.statuses and not item.returns:
            return False  # a meeting that is cancelled
        if item.parent and item.parent.state in {State.NEW, State.LEFT_OUT}:
            if not self.comes(item.parent):
                return False
            if item.state == item.parent.state == State.LEFT_OUT:
                return True
        return (item.key in self.choices.others) == (item.state == State.LEFT_OUT)

    def leaves(self, item: Item) -> bool:
        return item.may_go and item.state == State.ONLY_HERE and item.key in self.choices.others

    def accepted(self, item: Item) -> list[Field]:
        """The fields that become as the file has them."""
        if item.is_refused and item.kind == "row":
            return []
        return [one for one in item.fields if (one.key in self.choices.others) == one.is_conflict]

    def _is_convened(self, item: Item) -> bool:
        is_proposed = self.proposal.statuses.get(item.id) == Meeting.Status.PROPOSED
        return self.choices.convene and item.kind == "meeting" and bool(item.path and item.mine) and is_proposed

    # ---- acts

    def _bring(self, item: Item) -> None:
        values = self._columns(item, item.theirs)
        if item.returns:
            self._revise(item, values, restoring=True)
        else:
            if item.kind == "paragraph":
                values["section"] = item.section
            made = _CREATE[item.kind](**self._owner(item), new_id=item.id, **values, **self.said)
            self._remember(item, made)
        self._beside(item, item.theirs)
        if item.kind == "meeting" and self.choices.convene:
            self._convene(item)

    def _change(self, item: Item) -> None:
        fields = self.accepted(item)
        chosen: dict[str, Any] = {}
        for name in dict.fromkeys(one.name for one in fields):
            taken = [one for one in fields if one.name == name]
            is_text = bool(taken[0].language)
            chosen[name] = _reworded(item.mine[name], taken, item.theirs[name]) if is_text else taken[0].theirs
        if columns := self._columns(item, chosen):
            self._revise(item, columns)
        self._beside(item, chosen)
        if self._is_convened(item):
            self._convene(item)

    def _convene(self, item: Item) -> None:
        # It may have been written in this very act, which no page has seen.
        meeting = meetings.convene_meeting(meeting=self._thing(item), opened_from=None, **self.said)
        self._remember(item, meeting)

    def _revise(self, item: Item, values: Mapping[str, Any], restoring: bool = False) -> None:
        thing = self._thing(item)
        more = {"restoring": True} if restoring else {}
        never = {"number", "kind"} if item.kind == "meeting" else set[str]()
        values = {name: value for name, value in values.items() if name not in never}
        with suppress(NothingChanged):  # what was restored with its parts may be as the file has it already
            thing = _REVISE[item.kind](
                **{item.kind: thing}, opened_from=self.opened_from, **more, **values, **self.said
            )
        self._remember(item, thing)

    def _withdraw(self, item: Item) -> None:
        thing = self._thing(item)
        thing.refresh_from_db()
        with suppress(NothingChanged):  # it went with what it belonged to
            _WITHDRAW[item.kind](**{item.kind: thing}, opened_from=self.opened_from, **self.said)

    def _beside(self, item: Item, values: Mapping[str, Any]) -> None:
        """What no action of the object writes: papers on the table of a topic, bases of a meeting."""
        if values.get("documents"):
            ids = [self.proposal.names.documents[one] for one in values["documents"]]
            ON_THE_TABLE.write(self.made[item.id], ids)
        if item.kind == "meeting" and values.get("basis"):
            BASES.write(self.made[item.id], [found for one in values["basis"] if (found := self._resolution(one))])

    def _remember(self, item: Item, thing: Any) -> None:
        self.made[item.id] = thing

    def _thing(self, item: Item) -> Any:
        if item.id not in self.made:
            model: Any = WorkPlan if item.kind == "plan" else MODELS[item.kind]
            self.made[item.id] = model.objects.get(pk=item.id)
        return self.made[item.id]

    def _owner(self, item: Item) -> dict[str, Any]:
        if item.kind == "meeting":
            return {"group": self.proposal.plan.group}
        return {item.parent.kind: self._thing(item.parent)} if item.parent else {"plan": self.proposal.plan}

    # ---- values as columns

    def _columns(self, item: Item, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values of an item as its action takes them; what they name is entered where it is new."""
        columns: dict[str, Any] = {}
        for name, value in values.items():
            if name in TEXTS:
                column = {("row", "title"): "title_as_printed", ("mandate", "deadline"): "deadline_words"}
                columns[column.get((item.kind, name), name)] = _text(value)
            elif name == "areas":
                columns["areas"] = tuple("/".join(self._need("area", one) for one in key.split("/")) for key in value)
            elif name in {"room", "city"}:
                columns[name] = self._need(name, value) if value else None
            elif name == "symbol":
                columns["resolution"] = self._need("resolution", item.named["resolution"])
            elif name == "days":
                columns["deadline_earliest"], columns["deadline_latest"] = map(_day, value or (None, None))
            elif name == "refined":
                columns |= self._refined(value)
            elif name == "when":
                columns |= _when(value)
            elif name == "mandates":
                columns["mandates"] = tuple(one for one in value if one in self.made or self._stands(one))
            elif name not in {"documents", "basis", "timezone"}:
                columns[name] = value
        if item.kind == "meeting" and "timezone" in values:
            columns["timezone"] = values["timezone"] or self.proposal.plan.group.timezone
        if item.kind == "meeting" and not item.mine:
            columns |= {"number": item.part.get("number"), "kind": item.part["kind"], **item.named}
        if item.kind == "row" and not columns.get("symbol_as_printed", True):
            columns["symbol_as_printed"] = item.part["symbol"]
        return columns

    def _stands(self, mandate: str) -> bool:
        return mandate in self.standing

    def _refined(self, value: Sequence[str]) -> dict[str, Any]:
        symbol, first, last = value or ("", None, None)
        found = self._resolution(symbol) if symbol else ""
        return {
            "refined_by": found or None,
            "refined_earliest": _day(first) if found else None,
            "refined_latest": _day(last) if found else None,
        }

    def _resolution(self, symbol: str) -> str:
        """The id of a resolution that is here or comes with the file; empty where it is neither."""
        names = self.proposal.names
        if new := names.new["resolution"].get(symbol):
            return self._need("resolution", new.id)
        known = names.resolutions.get(symbol)
        return self._need("resolution", str(known.pk)) if known and not known.is_withdrawn else ""

    def _need(self, kind: str, id: str) -> str:
        """Enter what the file names, if it is not here, or restore it."""
        named = self.proposal.names.new_by_id.get(id)
        if named is None or id in self.made:
            return id
        if kind in {"room", "city"} and not self.may_enter_rooms:
            raise ValidationError(
                _("“%(name)s” is new, and the secretariat enters rooms and cities. Ask it to enter this one first.")
                % {"name": named.name}
            )
        if named.parent:
            self._need("area", named.parent)
        self.made[id] = self._restored(kind, id) if named.is_withdrawn else self._entered(kind, named)
        return id

    def _entered(self, kind: str, named: Any) -> Any:
        said = {"new_id": named.id, **self.said}
        if kind == "area":
            return mandates.create_area(name=named.name, slug=named.slug, parent=named.parent or None, **said)
        if kind == "room":
            return meetings.create_room(name=named.name, **said)
        if kind == "city":
            return meetings.create_city(name=named.name, country=named.country, **said)
        return mandates.create_resolution(symbol=named.printed, title=named.name, **said)

    def _restored(self, kind: str, id: str) -> Any:
        said = {"opened_from": self.opened_from, **self.said}
        if kind == "area":
            return mandates.restore_area(area=ResponsibleArea.objects.get(pk=id), **said)
        if kind == "room":
            return meetings.restore_room(room=Room.objects.get(pk=id), **said)
        if kind == "city":
            return restore(City.objects.get(pk=id), **said)
        return mandates.restore_resolution(resolution=Resolution.objects.get(pk=id), **said)

    # ---- order

    def _arrange(self) -> None:
        """Put each list into its order: ours, with what came set where the file has it; or that of the file."""
        lists: dict[tuple[str, str, str], list[Item]] = {}
        for item in self.proposal.items:
            if item.kind in {"paragraph", "row", "mandate", "topic"}:
                lists.setdefault((item.kind, item.parent.id if item.parent else "", item.section), []).append(item)
        orders = {item.part["key"]: item for item in self.proposal.of("order")}
        for (kind, parent, section), items in lists.items():
            order = orders.get((kind, parent, section))
            accepts = bool(order and self.accepted(order))
            if accepts or any(self.comes(item) for item in items):
                self._arrange_list(kind, parent or str(self.proposal.plan.pk), section, items, accepts)

    def _arrange_list(self, kind: str, owner: str, section: str, items: Sequence[Item], as_file: bool) -> None:
        theirs = [item.id for item in items if item.path and (item.mine or self.comes(item))]
        here = sorted((item for item in items if item.here and not self.leaves(item)), key=lambda item: item.here)
        ours = [item.id for item in here]
        wanted = woven(theirs, ours) if as_file else woven(ours, theirs)
        if wanted == [*ours, *(one for one in theirs if one not in ours)]:
            return  # as they were entered
        model: Any = MODELS[kind]
        where: dict[str, Any] = {_WHERE[model]: owner} | ({"section": section} if section else {})
        by_id = {str(pk): pk for pk in model.objects.standing().filter(**where).values_list("pk", flat=True)}
        with suppress(NothingChanged):
            arrange(
                model,
                where=where,
                wanted=[by_id[one] for one in wanted if one in by_id],
                opened_from=self.opened_from,
                gap=POSITION_GAP,
                **self.said,
            )

    # ---- what is kept

    def text_with_ids(self) -> dict[str, Any]:
        """The file's text with the ids that its parts have here, and calls of notes by the keys that these have here.

        What was left out has no id.
        """
        text = deepcopy(self.proposal.brought.text)
        for item in self.proposal.items:
            if not item.path or item.kind == "plan":
                continue
            part = _at(text, item.path)
            part["id"] = item.id if item.mine or self.comes(item) or item.id in self.proposal.statuses else None
            for name in ("areas", "room", "city", "mandates", "documents"):
                if name in part and name in item.theirs:
                    part[name] = item.theirs[name]
        keys = {}
        for item in self.proposal.of("note"):
            if item.path:
                part = _at(text, item.path)
                keys[part["key"]] = part["key"] = item.theirs["key"]
        for section in text.get("narrative", {}).values():
            for part in section:
                part["text"] = in_our_keys(part["text"], keys)
        return text


def _at(text: Any, path: str) -> Any:
    for step in path.split("/"):
        text = text[int(step)] if step.isdigit() else text[step]
    return text


def _text(value: Any) -> Text | None:
    if isinstance(value, Text):
        return value
    return Text.from_json(value) if value else None


def _reworded(mine: Any, fields: Sequence[Field], theirs: Any) -> Text | None:
    """Our text with wordings of the file; the whole of the file's where we have none.

    A JSON tells from which original its translations are, and is believed. A paper does not: a translation that was
    older than the original stays marked so until somebody finds it right.
    """
    if not mine:
        return _text(theirs)
    before, file = Text.from_json(mine), Text.from_json(theirs) if theirs else None
    text = before
    for one in fields:
        if not one.theirs and one.language == text.original:
            return None
        text = text.with_wording(one.language, one.theirs)
    made_from = dict(text.made_from)
    told = file.made_from if file and file.original == text.original else {}
    stands = fingerprint(text.wordings[text.original])
    for language in {one.language for one in fields if one.theirs} - {text.original}:
        is_old = before.is_stale(language) and not told
        made_from[language] = before.made_from[language] if is_old else told.get(language, stands)
    right = {
        language
        for language, origin in told.items()
        if origin == stands and file and file.wordings.get(language) == before.wordings.get(language)
    }
    return replace(text, made_from=made_from, declared=frozenset(right))


def _when(value: Sequence[Any]) -> dict[str, Any]:
    precision, starts, ends = value
    ends = ends or (starts if precision != Meeting.Precision.IMPRECISE else None)
    return {
        "precision": precision,
        "starts_on": _day(starts),
        "starts_at": _hour(starts) if precision == Meeting.Precision.EXACT else None,
        "ends_on": _day(ends),
        "ends_at": _hour(ends) if precision == Meeting.Precision.EXACT else None,
    }


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value[:10]) if value else None


def _hour(value: str | None) -> time | None:
    return time.fromisoformat(value[11:]) if value and "T" in value else None


@contextmanager
def _named(item: Item, kind: str) -> Iterator[None]:
    """What a rule refuses says which object it is and where it stands in the file."""
    try:
        with database_checks():
            yield
    except ValidationError as error:
        where = place(item.place, kind)
        what = f"{full_name(item)} ({where})" if where else full_name(item)
        raise ValidationError([f"{what}: {message}" for message in error.messages]) from error
