"""What a file would change in the working text of a plan: object by object and field by field, with three sides.

Theirs is the file, mine the working text, base what the last import of this plan brought. What only the file changed
is proposed, what only we changed stays, what both changed differently is shown and stays as it is here unless a person
takes the file's. A text is compared in the language of the file alone. A file empties nothing that it cannot hold.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Final
from uuid import UUID, uuid5

from documents.editions.snapshot import SECTIONS, take
from documents.importing.brought import Brought, Place
from documents.importing.matching import Key, pairs
from documents.importing.naming import Names
from documents.importing.values import TEXTS, Values, guessed_kind, in_our_keys, values_of
from documents.models import ImportedPlan
from mandates.models import Mandate, Note, Paragraph, PlanRow, WorkPlan
from meetings.models import Meeting, Topic
from mispa.ground.text import LANGUAGES, Text

Json = Mapping[str, Any]
MODELS: Final[dict[str, Any]] = {
    "paragraph": Paragraph,
    "note": Note,
    "row": PlanRow,
    "mandate": Mandate,
    "meeting": Meeting,
    "topic": Topic,
}
_OWNERS: Final = {
    "paragraph": "plan_id",
    "note": "plan_id",
    "row": "plan_id",
    "mandate": "row_id",
    "meeting": "group_id",
    "topic": "meeting_id",
}


class State(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ONLY_HERE = "only here"  # not in the file; it is kept
    LEFT_OUT = "left out"  # an import brought it, and here it was left out, withdrawn or cancelled; so it stays


@dataclass(frozen=True)
class Field:
    """A value that differs, of a text one language of it."""

    of: str  # the key of its item
    name: str
    language: str
    base: Any
    mine: Any
    theirs: Any
    is_conflict: bool

    @property
    def key(self) -> str:
        return ":".join(filter(None, (self.of, self.name, self.language)))


@dataclass(kw_only=True)
class Item:
    """An object of the file, of the plan, or of both."""

    kind: str
    path: str  # in the file's text; empty where it is only here
    id: str  # its own, or the one that it will have
    number: int  # its place among its kind, from 1: in the file, else here
    here: int = 0  # its place here, from 1
    state: State
    parent: "Item | None" = None
    section: str = ""  # of a paragraph
    part: Json  # as the file has it, else as it stands here
    theirs: Values = field(default_factory=dict)
    mine: Values = field(default_factory=dict)
    fields: list[Field] = field(default_factory=list)
    kept: int = 0  # fields that were changed here alone, and stay
    place: Place | None = None
    returns: bool = False  # it was here once, and comes back
    named: Values = field(default_factory=dict)  # what it stands on: the resolution of a row, the series of a meeting
    is_refused: bool = False  # there is nothing that it could stand on
    may_go: bool = False  # it can be withdrawn

    @property
    def key(self) -> str:
        return self.path or f"{self.kind}/{self.id}"

    @property
    def is_touched(self) -> bool:
        return not self.is_refused and (bool(self.fields) or self.state == State.NEW)


@dataclass(frozen=True)
class Choices:
    """What a person decided otherwise than is presumed.

    `others` are keys: of what is new, to leave it out; of what changed, to keep ours; of a conflict, to take the
    file's; of what is only here, to withdraw it; of what was left out, to bring it in after all.
    """

    others: frozenset[str] = frozenset()
    convene: bool = False  # the meetings that the file brings are entered as convened
    oddities: Mapping[int, str] = field(default_factory=dict)  # by place in the list of anomalies: the candidate taken


@dataclass(kw_only=True)
class Proposal:
    plan: WorkPlan
    brought: Brought
    base: ImportedPlan | None
    items: list[Item]
    names: Names
    statuses: Mapping[str, str]  # of the meetings that are here

    @property
    def has_work(self) -> bool:
        """Whether saving it with what is presumed would do anything, be it to note what was decided."""
        return any(item.is_touched for item in self.items)

    @property
    def work(self) -> int:
        """How many objects the file brings or changes."""
        return sum(item.is_touched for item in self.items)

    @cached_property
    def note_numbers(self) -> dict[str, int]:
        """The numbers that notes print, by their keys: those of the file, and of those that are only here."""
        numbers = {}
        for item in self.of("note"):
            key = item.theirs.get("key") or item.mine.get("key")
            if key and item.part.get("number"):
                numbers[str(key)] = int(item.part["number"])
        return numbers

    @property
    def conflicts(self) -> list[Field]:
        return [one for item in self.items for one in item.fields if one.is_conflict]

    def of(self, kind: str) -> list[Item]:
        return [item for item in self.items if item.kind == kind]

    def to_json(self) -> dict[str, Any]:
        """For programs, and for telling whether it is the one that a person saw."""
        return {
            "file": {"kind": self.brought.kind, "sha256": self.brought.sha256, "language": self.brought.language},
            "base": self.base.number if self.base else None,
            "items": [
                {
                    "kind": item.kind,
                    "path": item.path,
                    "id": item.id,
                    "state": item.state,
                    "refused": item.is_refused,
                    "kept": item.kept,
                    "fields": [
                        {
                            "name": one.name,
                            "language": one.language,
                            "base": one.base,
                            "ours": one.mine,
                            "file": one.theirs,
                            "conflict": one.is_conflict,
                        }
                        for one in item.fields
                    ],
                }
                for item in self.items
            ],
            "new": {
                kind: [
                    {"id": one.id, "name": one.name.to_json(), "symbol": one.printed, "returns": one.is_withdrawn}
                    for one in named.values()
                ]
                for kind, named in self.names.new.items()
            },
            "anomalies": [
                {"oddity": one.oddity, "printed": one.printed, "candidates": list(one.candidates)}
                for one in self.brought.anomalies
            ],
        }

    @property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps(self.to_json(), sort_keys=True).encode()).hexdigest()

    def counts(self, kind: str) -> dict[State, int]:
        found = dict.fromkeys(State, 0)
        for item in self.of(kind):
            found[item.state] += 1
        return found


def propose(plan: WorkPlan, brought: Brought, base: ImportedPlan | None) -> Proposal:
    """Compare a file with the working text as it is now, in a constant number of queries.

    `base` is the import whose text both are held against.
    """
    return _Comparing(plan, brought, base).proposal()


Part = dict[str, Any]


class _Comparing:
    """Walks through the file; each method compares one kind of object."""

    def __init__(self, plan: WorkPlan, brought: Brought, base: ImportedPlan | None) -> None:
        self.plan, self.brought, self.text, self.base = plan, brought, brought.text, base
        self.base_text: Part = self.base.text if self.base else {}
        self.mine = take(plan, is_whole=True).text
        self.names = Names()
        self.languages = LANGUAGES if brought.kind == "json" else (brought.language,)
        self.base_languages = LANGUAGES if self.base and self.base.kind == "json" else (brought.language,)
        self.statuses = dict(_statuses(plan))
        self.imports = ImportedPlan.objects.filter(plan=plan).count()
        self.once = self._once()
        self.ids: dict[str, str] = {}  # of the file → here
        self.items: list[Item] = []

    def proposal(self) -> Proposal:
        self.plan_itself()
        keys = self.notes()
        narrative = self.text.get("narrative", {})
        for section in SECTIONS:
            theirs = [one | {"text": in_our_keys(one["text"], keys)} for one in narrative.get(section, [])]
            self.paragraphs(section, theirs)
        self.rows()
        self.meetings()
        return Proposal(
            plan=self.plan,
            brought=self.brought,
            base=self.base,
            items=self.items,
            names=self.names,
            statuses=self.statuses,
        )

    # ---- what was here once

    def _once(self) -> dict[str, dict[str, Any]]:
        """By kind and id: the rows that do not stand, but whose ids the file or the base names."""
        wanted: dict[str, set[str]] = {kind: set() for kind in MODELS}
        for text in (self.text, self.base_text):
            for kind, part in _parts(text):
                if _is_uuid(part.get("id")):
                    wanted[kind].add(part["id"])
        found = {}
        for kind, ids in wanted.items():
            where: dict[str, Any] = {"pk__in": ids}
            rows = list(MODELS[kind].objects.filter(**where)) if ids else []
            if kind == "note":
                rows += list(Note.objects.filter(plan=self.plan, is_withdrawn=True).exclude(pk__in=ids))
            found[kind] = {str(row.pk): row for row in rows}
        return found

    def _id_for(self, kind: str, part: Part, path: str, owner: str) -> tuple[str, bool]:
        """The id that a new object gets, and whether it is one that was here and comes back."""
        asked = part.get("id")
        row = self.once[kind].get(asked or "")
        if _is_uuid(asked) and row is None:
            return str(asked), False
        if row is not None and row.is_withdrawn and str(getattr(row, _OWNERS[kind])) == owner:
            return str(row.pk), True
        return str(uuid5(self.plan.pk, f"{self.imports}/{self.brought.sha256}/{path}")), False

    # ---- the parts of a plan

    def plan_itself(self) -> None:
        theirs, mine = self.text.get("plan") or {}, self.mine["plan"]
        item = self.item("plan", "plan", theirs, mine, self.base_text.get("plan"), number=1)
        self.ids[str(theirs.get("id"))] = mine["id"]
        self.items.append(item)

    def notes(self) -> dict[str, str]:
        """Compares the notes; gives for each key of the file the key that the note has or gets here."""
        theirs = self.text.get("notes", [])
        certain: list[Key] = [_id]
        if self.brought.kind == "json":
            certain.append(lambda one: one["key"])
        found = self.list_of("note", "notes", theirs, self.mine["notes"], self.base_text.get("notes", []), certain)
        keys, taken = {}, {one["key"] for one in self.mine["notes"]}
        gone = {row.key: row for row in self.once["note"].values() if row.is_withdrawn and row.plan_id == self.plan.pk}
        for item in found:
            key = printed = str(item.part["key"])
            if item.mine:
                key = item.mine["key"]
            elif item.state == State.NEW:
                number = 2
                while key in taken:
                    key, number = f"{printed}-{number}", number + 1
                taken.add(key)
                if key in gone:
                    item.id, item.returns = str(gone[key].pk), True
            if item.path:
                keys[printed] = key
                item.theirs["key"] = key
        return keys

    def paragraphs(self, section: str, theirs: list[Part]) -> None:
        mine, base = self.mine["narrative"][section], self.base_text.get("narrative", {}).get(section, [])
        found = self.list_of("paragraph", f"narrative/{section}", theirs, mine, base, [_id], section=section)
        self.order("paragraph", found, mine, base, f"narrative/{section}")

    def rows(self) -> None:
        theirs = [one | {"symbol": self.symbol(one)} for one in self.text.get("rows", [])]
        mine = [one | {"symbol": self.symbol(one)} for one in self.mine["rows"]]
        base = [one | {"symbol": self.symbol(one)} for one in self.base_text.get("rows", [])]
        certain: list[Key] = [lambda one: one["symbol"], _id]
        found = self.list_of("row", "rows", theirs, mine, base, certain, by_place=False, words=lambda part: ())
        seen: set[str] = set()
        for item in found:
            if item.path and item.theirs["symbol"] != item.mine.get("symbol"):
                if not item.theirs["title"]:
                    item.theirs["title"] = self.title_of(item.part).to_json()
                title = Text.from_json(item.part.get("resolution_title") or item.theirs["title"])
                resolution = self.names.resolution(item.part["symbol"], self.printed(item.part), title)
                item.named = {"resolution": resolution}
                item.is_refused = not resolution or item.part["symbol"] in seen
            seen.add(item.part["symbol"])
        self.order("row", found, mine, base, "rows")
        ours, before = _by_id(mine), _by_id(base)
        for item in found:
            if item.path:  # what is only here goes, or stays, with all that is in it
                self.mandates(item, ours.get(item.id), before.get(item.id))

    def title_of(self, row: Json) -> Text:
        """What a resolution is called that the file names by its symbol alone."""
        known = self.names.resolutions.get(row["symbol"])
        printed: str = row["symbol_as_printed"] or row["symbol"]
        return known.title if known else Text.of(printed, self.brought.language)

    def symbol(self, row: Json) -> str:
        return self.names.symbol(row.get("symbol") or row["symbol_as_printed"])

    def printed(self, row: Json) -> str:
        """The symbol under which a new resolution is registered: as the row prints it, unless that cannot be read."""
        printed = str(row["symbol_as_printed"])
        return printed if self.names.symbol(printed) == row["symbol"] else str(row["symbol"])

    def mandates(self, row: Item, mine: Part | None, base: Part | None) -> None:
        theirs = row.part["mandates"]
        ours, before = (one["mandates"] if one else [] for one in (mine, base))
        found = self.list_of("mandate", f"{row.path}/mandates", theirs, ours, before, [_id], parent=row)
        self.order("mandate", found, ours, before, f"{row.key}/mandates", parent=row)

    def meetings(self) -> None:
        for kind in Meeting.Kind.SESSION, Meeting.Kind.MINISTERIAL:
            theirs = [(place, one) for place, one in enumerate(self.text.get("meetings", [])) if one["kind"] == kind]
            of_kind = [one for one in self.mine["meetings"] if one["kind"] == kind]
            cancelled = Meeting.Status.CANCELLED
            of_kind.sort(key=lambda one: self.statuses[one["id"]] == cancelled)
            base = [one for one in self.base_text.get("meetings", []) if one["kind"] == kind]
            certain: list[Key] = [_id, _number, _start, _day]
            found = self.list_of(
                "meeting",
                "meetings",
                [one for _place, one in theirs],
                of_kind,
                base,
                certain,
                places=[place for place, _one in theirs],
                standing=sum(self.statuses[one["id"]] != cancelled for one in of_kind),
                words=lambda part: (),
            )
            ours, before = _by_id(of_kind), _by_id(base)
            for item in found:
                if self.statuses.get(item.id) == cancelled and item.path:
                    item.state, item.fields = State.LEFT_OUT, []
                    continue
                if item.state == State.NEW and kind == Meeting.Kind.MINISTERIAL:
                    item.named = self.names.next_of_series(item.part)
                    item.is_refused = not item.named
                if item.path:
                    self.topics(item, ours.get(item.id), before.get(item.id))

    def topics(self, meeting: Item, mine: Part | None, base: Part | None) -> None:
        theirs = meeting.part["topics"]
        ours, before = (one["topics"] if one else [] for one in (mine, base))
        found = self.list_of("topic", f"{meeting.path}/topics", theirs, ours, before, [_id], parent=meeting)
        self.order("topic", found, ours, before, f"{meeting.key}/topics", parent=meeting)

    # ---- a list, and an object of it

    def list_of(
        self,
        kind: str,
        path: str,
        theirs: Sequence[Part],
        mine: Sequence[Part],
        base: Sequence[Part],
        certain: Sequence[Key],
        *,
        parent: Item | None = None,
        section: str = "",
        by_place: bool = True,
        places: Sequence[int] | None = None,
        standing: int | None = None,
        words: Callable[[Part], Sequence[str]] | None = None,
    ) -> list[Item]:
        """Compares two lists; gives the items of the file in its order, then those that are only here."""
        here = {one["id"] for one in mine}
        gone = [one for one in base if one.get("id") not in here]
        ours = [*mine, *gone]
        before = _by_id(base)
        in_file = words or self.words

        def known(part: Part) -> list[str]:
            was = before.get(part.get("id") or "")
            return [*in_file(part), *(in_file(was) if was and was is not part else ())]

        found = pairs(
            theirs,
            ours,
            certain=certain,
            their_words=in_file,
            our_words=known,
            standing=len(mine) if standing is None else standing,
            by_place=by_place,
        )
        items = []
        owner = parent.id if parent else str(self.plan.group_id if kind == "meeting" else self.plan.pk)
        for number, part in enumerate(theirs):
            at = f"{path}/{places[number] if places else number}"
            other = ours[found[number]] if number in found else None
            if other is not None and other.get("id") in here:
                item = self.item(kind, at, part, other, before.get(other["id"]), number=number + 1)
                item.here = found[number] + 1
            else:
                item = self.item(kind, at, part, None, other, number=number + 1)
                item.id, item.returns = self._id_for(kind, other or part, at, owner)
                if parent and parent.state == State.LEFT_OUT:
                    item.state = State.LEFT_OUT
                item.is_refused = bool(parent and parent.is_refused)
            item.parent, item.section = parent, section
            if part.get("id"):
                self.ids[part["id"]] = item.id
            items.append(item)
        taken = {found[number] for number in found}
        for place, part in enumerate(mine):
            if place not in taken:
                may_go = kind != "meeting" or self.statuses[part["id"]] == Meeting.Status.PROPOSED
                items.append(
                    Item(
                        kind=kind,
                        path="",
                        id=part["id"],
                        number=place + 1,
                        here=place + 1,
                        state=State.ONLY_HERE,
                        parent=parent,
                        section=section,
                        part=part,
                        mine=self.values(kind, part),
                        may_go=may_go,
                    )
                )
        self.items += items
        return items

    def words(self, part: Json) -> list[str]:
        text = part.get("text") or {}
        return [text[language] for language in self.languages if text.get(language)]

    def values(self, kind: str, part: Json | None) -> Values:
        return values_of(kind, part) if part is not None else {}

    def item(self, kind: str, path: str, theirs: Part, mine: Part | None, base: Part | None, *, number: int) -> Item:
        """Three sides of one object; `mine` is None where it does not stand here."""
        wanted = values_of(kind, self.named(kind, theirs))
        ours, before = self.values(kind, mine), self.values(kind, base)
        item = Item(
            kind=kind,
            path=path,
            id=mine["id"] if mine else "",
            number=number,
            state=State.UNCHANGED if mine else State.NEW,
            part=theirs,
            theirs=wanted,
            mine=ours,
            place=self.brought.places.get(path),
        )
        if mine is None:
            if base is not None:
                item.state = State.LEFT_OUT
            elif kind == "topic" and not wanted["kind"]:
                wanted["kind"] = guessed_kind(wanted["text"])
            return item
        if kind == "mandate":
            wanted["deadline"] = self.deadline(wanted["deadline"], ours)
        for name in wanted:
            if name != "key":
                self.compare(item, name, wanted[name], ours[name], before.get(name), base is not None)
        if item.fields:
            item.state = State.CHANGED
        return item

    def deadline(self, theirs: Any, mine: Values) -> Any:
        """The deadline of a paper, which prints after our words what another resolution made of them."""
        if self.brought.kind == "json" or not (theirs and mine["deadline"] and mine["refined"]):
            return theirs
        language = self.brought.language
        ours, said = mine["deadline"].get(language, ""), theirs.get(language, "")
        is_printed = ours and said.startswith(ours) and mine["refined"][0] in said.removeprefix(ours)
        return mine["deadline"] if is_printed else theirs

    def compare(self, item: Item, name: str, theirs: Any, mine: Any, base: Any, has_base: bool) -> None:
        if name not in TEXTS:
            if self.is_held(item.kind, name, theirs, base):
                self.side(item, name, "", theirs, mine, base, has_base)
            return
        for language in self.languages:
            said, ours, before = (side.get(language, "") if side else "" for side in (theirs, mine, base))
            if said or (before and self.is_held(item.kind, name, said, before)):
                self.side(item, name, language, said, ours, before, has_base and language in self.base_languages)

    def side(self, item: Item, name: str, language: str, theirs: Any, mine: Any, base: Any, has_base: bool) -> None:
        if theirs == mine or (self.brought.kind != "json" and _spaced(theirs) == _spaced(mine)):
            return
        if has_base and theirs == base:
            item.kept += 1
            return
        is_conflict = has_base and mine != base
        item.fields.append(Field(item.key, name, language, base if has_base else None, mine, theirs, is_conflict))

    def is_held(self, kind: str, name: str, theirs: Any, base: Any) -> bool:
        """Whether the file says this: an empty value says something only where its kind of file could hold it."""
        if (kind, name) == ("row", "title"):
            return bool(theirs)  # a symbol alone takes no title away
        if theirs or self.brought.kind == "json" or (kind, name) == ("row", "areas"):
            return (kind, name) != ("topic", "kind") or self.brought.kind == "json"
        return bool(base) and self.base is not None and self.base.kind == self.brought.kind

    def named(self, kind: str, part: Json) -> Part:
        """A part of the file with the ids of what it names: areas, rooms, cities, mandates."""
        named = dict(part)
        if "areas" in part:
            named["areas"] = self.names.areas_of(part["areas"])
        if kind == "meeting":
            named["room"] = self.names.room(part.get("room"))
            alone = part.get("country") if self.brought.kind != "json" and not part.get("city") else None
            named["city"] = self.names.city(part.get("city"), part.get("country")) or self.names.city_of(alone)
        if kind == "topic":
            named["mandates"] = [self.ids[one] for one in part.get("mandates") or () if one in self.ids]
            named["documents"] = self.names.papers(part.get("documents") or ())
        return named

    def order(
        self,
        kind: str,
        found: list[Item],
        mine: Sequence[Part],
        base: Sequence[Part],
        key: str,
        parent: Item | None = None,
    ) -> None:
        """The order of a list is compared like a field, by what is in both; `key` names it."""
        theirs = [item.id for item in found if item.path and item.mine]
        both = set(theirs)
        ours = [one["id"] for one in mine if one["id"] in both]
        if theirs == ours:
            return
        before = [one["id"] for one in base if one.get("id") in both]
        known = set(before)
        in_file, here = ([one for one in side if one in known] for side in (theirs, ours))
        if before and in_file == before:
            return
        is_conflict = bool(before) and here != before
        holder = Item(
            kind="order",
            path="",
            id=f"{kind}/{key}",
            number=0,
            state=State.CHANGED,
            parent=parent,
            section=found[0].section,
            part={"kind": kind, "key": (kind, parent.id if parent else "", found[0].section)},
        )
        numbers = {one["id"]: number for number, one in enumerate(mine, start=1)}
        then, now, wanted = ([numbers[one] for one in side] for side in (before, ours, theirs))
        holder.fields.append(Field(holder.key, "order", "", then, now, wanted, is_conflict))
        self.items.append(holder)


def _spaced(value: Any) -> Any:
    """A wording without spaces too many, which no paper keeps for certain."""
    return " ".join(value.split()) if isinstance(value, str) else value


def _id(part: Part) -> str:
    return part.get("id") or ""


def _number(part: Part) -> int:
    return part.get("number") or 0


def _start(part: Part) -> str:
    return part["starts"] or ""


def _day(part: Part) -> str:
    return (part["starts"] or "")[:10]


def _by_id(parts: Iterable[Part]) -> dict[str, Part]:
    return {one["id"]: one for one in parts if one.get("id")}


def _is_uuid(value: Any) -> bool:
    try:
        return bool(UUID(str(value)))
    except ValueError:
        return False


def _parts(text: Json) -> Iterable[tuple[str, Json]]:
    """All parts of a text that are objects of their own, with their kinds."""
    for section in (text.get("narrative") or {}).values():
        yield from (("paragraph", one) for one in section)
    yield from (("note", one) for one in text.get("notes") or ())
    for row in text.get("rows") or ():
        yield "row", row
        yield from (("mandate", one) for one in row["mandates"])
    for meeting in text.get("meetings") or ():
        yield "meeting", meeting
        yield from (("topic", one) for one in meeting["topics"])


def _statuses(plan: WorkPlan) -> Iterable[tuple[str, str]]:
    for pk, status in Meeting.objects.filter(group=plan.group_id).values_list("pk", "status"):
        yield str(pk), status
