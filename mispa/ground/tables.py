"""The page that writes a whole table at once: lines under what they belong to, new lines, and their order.

An app says by a `Table` which lines these are and by which action they are saved: all together, or none. The page works
without a script; with one (order.js) lines are added, moved and saved by keys.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mispa.ground.editing import ChangedMeanwhile, Conflict, NothingChanged, WithdrawnMeanwhile, last_change_of
from mispa.ground.forms import ReasonForm, as_uuid, translations_stay_right, why_this_change
from mispa.ground.kept import take_up, taken_up, typed_in
from mispa.ground.lines import LineForm, PasteForm, parted, seen_of, values_now_of
from mispa.ground.merging import Values, compare
from mispa.ground.models import Tracked
from mispa.ground.openings import UnknownOpening, latest_change
from mispa.ground.order import agree, woven
from mispa.ground.together import Act, Edit, Refused

CONFLICT = 409


@dataclass(frozen=True, kw_only=True)
class Table:
    """Which lines a page shows and how they are saved."""

    title: str
    columns: Sequence[tuple[str, str]]  # the fields of a line, and the heads above them
    owners: Callable[[Iterable[UUID]], list[Any]]  # those that stand, and those of these ids that were withdrawn
    owner: str  # the column of a line that names its owner, such as "row_id"
    line: type[LineForm]
    new: Callable[[Any, UUID], Tracked]  # an unsaved line of an owner
    head: type[LineForm] | None = None  # what of an owner is written in the table itself
    choices: Callable[[Iterable[str]], Mapping[str, Any]] = lambda chosen: {}  # of fields, with what was chosen before
    original: str = "en"
    save: Act
    describe: Callable[[Any], Mapping[str, Any]]  # an owner's name, what to say beside it, where it is seen
    full: Callable[[Any], str]  # where a line has all its fields
    back: str  # where the page leads when all is saved
    leave: str
    context: Mapping[str, Any] = field(default_factory=dict)
    shows_all: bool = True  # or new lines only
    reason: str = ""  # what is offered as the reason
    remark: Callable[[LineForm], str] = lambda line: ""  # what the writer should know of a new line
    carried: Mapping[str, str] = field(default_factory=dict)  # what the page has to send beside its fields


class TableForm(ReasonForm):
    """What is asked once for the whole table."""

    reason = why_this_change()
    keeps_translations = translations_stay_right()
    field_order = ["reason", "keeps_translations", "opened_from"]


@dataclass
class Group:
    """An owner with its lines, as they stand or as they were typed; `blank` is a line for one more."""

    owner: Any
    head: LineForm | None
    lines: list[LineForm]
    blank: LineForm | None
    about: Mapping[str, Any]


class Sheet:
    """A table before its writer: as it stands, or as she sent it."""

    def __init__(self, table: Table, data: QueryDict | None = None) -> None:
        self.table, self.data = table, data
        self.latest = latest_change()
        self.parts = parted(data) if data is not None else {}
        asked = self.parts.get("", QueryDict()) if data is not None else None
        self.form = TableForm(asked, initial={"opened_from": self.latest, "reason": table.reason})
        self.moved: list[UUID] = []  # owners of which both changed the order
        self._read()
        self.posted = {owner.pk: self._posted(owner) for owner in self.owners}
        self._look_back()
        self.groups = [self._group(owner) for owner in self.owners]

    def _read(self) -> None:
        """What stands now."""
        table = self.table
        named = [pk for name in (self.data or ()) if (pk := as_uuid(name.removeprefix("order-")))]
        self.owners = table.owners(named)
        lines = table.line.model._base_manager.filter(**{f"{table.owner}__in": [one.pk for one in self.owners]})
        self.things: dict[UUID, Any] = {thing.pk: thing for thing in lines.order_by("position", "id")}
        self.now = values_now_of(table.line, self.things.values())
        self.heads_now = values_now_of(table.head, self.owners) if table.head else {}
        held = [*self.now.values(), *self.heads_now.values()]
        chosen = {key for values in held for value in values.values() if isinstance(value, tuple) for key in value}
        self.options = {"original": table.original, **table.choices(chosen)}

    def _posted(self, owner: Any) -> list[UUID]:
        typed = self.data.getlist(f"order-{owner.pk}") if self.data is not None else []
        return list(dict.fromkeys(pk for one in typed if (pk := as_uuid(one))))

    def _look_back(self) -> None:
        """What the writer saw when she opened the page."""
        self.then: dict[UUID, Any] = {}
        self.seen: Mapping[UUID, Values] = {}
        self.heads_seen: Mapping[UUID, Values] = {}
        if self.data is None or not self.form.is_valid():
            return
        ids, until = [owner.pk for owner in self.owners], self.form.cleaned_data["opened_from"]
        self.then, self.seen = seen_of(self.table.line, {f"{self.table.owner}__in": ids}, until)
        if self.table.head:
            self.heads_seen = seen_of(self.table.head, {"id__in": ids}, until)[1]

    # ---- its forms

    def _group(self, owner: Any) -> Group:
        if self.data is None:
            keys = self._standing(owner) if self.table.shows_all else []
        else:
            keys = [key for key in self.posted[owner.pk] if not self._is_blank(key)]
        head = self._form(self.table.head, owner, self.heads_now, self.heads_seen) if self.table.head else None
        lines = [self._line(owner, key) for key in keys]
        blank = None if owner.is_withdrawn or not self.table.shows_all else self._fresh(owner, uuid4())
        return Group(owner, head, lines, blank, self.table.describe(owner))

    def _standing(self, owner: Any) -> list[UUID]:
        own = self.table.owner
        return [pk for pk, one in self.things.items() if getattr(one, own) == owner.pk and not one.is_withdrawn]

    def _is_blank(self, key: UUID) -> bool:
        """A line for one more in which nothing was typed."""
        typed = {name[37:] for name, values in self.parts.get(str(key), QueryDict()).lists() if any(values)}
        return key not in self.things and typed <= self.table.line.always_there

    def _line(self, owner: Any, key: UUID) -> LineForm:
        thing = self.things.get(key)
        if thing is not None:
            return self._form(self.table.line, thing, self.now, self.seen)
        line = self._fresh(owner, key)
        line.remark = self.table.remark(line)
        return line

    def _fresh(self, owner: Any, key: UUID) -> LineForm:
        thing = self.table.new(owner, key)
        return self.table.line(self.parts.get(str(key)), thing=thing, values={}, **self.options)

    def _form(self, kind: type[LineForm], thing: Any, now: Any, seen: Any, is_typed: bool = True) -> LineForm:
        typed = self.parts.get(str(thing.pk)) if is_typed else None
        form = kind(typed, thing=thing, values=now[thing.pk], **self.options)
        if form.is_bound and thing.pk in seen:
            form.yield_where_chosen(seen[thing.pk])
        form.full = self.table.full(thing) if kind is self.table.line else ""
        return form

    def add(self, owner: Any, values: Sequence[Mapping[str, Any]]) -> None:
        """Lines that are offered and not typed yet."""
        (group,) = (group for group in self.groups if group.owner.pk == owner.pk)
        for one in values:
            line = self.table.line(None, thing=self.table.new(owner, uuid4()), values=one, **self.options)
            line.remark = self.table.remark(line)
            group.lines.append(line)

    @property
    def wanted_lines(self) -> list[LineForm]:
        forms = [form for group in self.groups for form in (group.head, *group.lines) if form]
        return [form for form in forms if form.is_bound and not form.is_left_out]

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), *(line.is_valid() for line in self.wanted_lines)])

    @property
    def faults(self) -> list[LineForm]:
        """The lines in which something must be put right or chosen."""
        return [line for line in self.wanted_lines if line.errors or line.clashes or line.withdrawn]

    @property
    def fields(self) -> dict[str, forms.Field]:
        """Where words are typed, by which a draft of the table is known."""
        lines = [line for group in self.groups for line in group.lines]
        return {"reason": self.form.fields["reason"]} | {line.add_prefix("text"): line.fields["text"] for line in lines}

    # ---- what was typed

    def edits(self) -> dict[UUID, Edit]:
        """By object; what is as it was seen is not among them."""
        keeps = self.form.cleaned_data["keeps_translations"]
        found = {}
        for line in self.wanted_lines:
            key = line.thing.pk
            is_head = line.model is not self.table.line.model
            seen = (self.heads_seen if is_head else self.seen).get(key)
            if changed := line.changed(seen or {}, keeps):
                found[key] = Edit(line.thing, changed, is_new=seen is None)
        return found

    @property
    def opened_from(self) -> int:
        number: int = self.form.cleaned_data["opened_from"]
        return number

    def orders(self) -> dict[UUID, list[UUID]]:
        """By owner, where the writer moved lines or put new ones between them."""
        left_out = {line.thing.pk for group in self.groups for line in group.lines if line.is_left_out}
        found = {}
        for owner, posted in self.posted.items():
            wanted = [key for key in posted if key not in left_out and not self._is_blank(key)]
            then = [row for row in self.then.values() if getattr(row, self.table.owner) == owner]
            before = [row.pk for row in sorted(then, key=lambda row: (row.position, row.pk)) if not row.is_withdrawn]
            first_new = next((place for place, key in enumerate(wanted) if key not in before), len(wanted))
            if not agree(wanted, before) or any(key in before for key in wanted[first_new:]):
                found[owner] = wanted
        return found

    # ---- after it was refused

    def catch_up(self, refused: Refused) -> None:
        """Show what others wrote meanwhile, keep all that was typed, and go on from the state of now."""
        edits, orders, opened_from = self.edits(), self.orders(), self.opened_from
        self.latest = latest_change()
        self._read()
        for group in self.groups:
            group.owner = next((one for one in self.owners if one.pk == group.owner.pk), group.owner)
            if group.head:
                group.head = self._caught_up(group.head, edits, refused, opened_from)
            typed = {line.thing.pk: self._caught_up(line, edits, refused, opened_from) for line in group.lines}
            group.lines = [typed.get(key) or self._line(group.owner, key) for key in self._keys(group, typed, orders)]
            if isinstance(refused.why.get(("order", group.owner.pk)), ChangedMeanwhile):
                self.moved.append(group.owner.pk)
        lines = {form.thing.pk for group in self.groups for form in (group.head, *group.lines) if form}
        for key, error in refused.why.items():
            if isinstance(error, ValidationError) and key not in lines:
                self.form.refuse(error)
        self.form.go_on_from(self.latest)

    def _keys(self, group: Group, typed: Mapping[UUID, Any], orders: Mapping[UUID, Any]) -> list[UUID]:
        """The order that the writer wants, else that of now; with what came, without what is gone and left alone."""
        standing = self._standing(group.owner) if self.table.shows_all else []
        mine = [key for key, line in typed.items() if line is not None]
        return woven(mine, standing) if group.owner.pk in orders else woven(standing or mine, mine)

    def _caught_up(self, line: LineForm, edits: Mapping[UUID, Edit], refused: Refused, opened_from: int) -> Any:
        """A line with what others wrote; one that the writer did not touch as it stands now, or None if it is gone."""
        key = line.thing.pk
        is_head = line.model is not self.table.line.model
        now = self.heads_now if is_head else self.now
        thing = next((one for one in self.owners if one.pk == key), None) if is_head else self.things.get(key)
        if key not in edits and not line.is_left_out:
            stands = thing is not None and not thing.is_withdrawn
            return self._form(type(line), thing, now, {}, is_typed=False) if stands else None
        why = refused.why.get(key)
        if isinstance(why, ValidationError):
            line.refuse(why)
        if isinstance(why, WithdrawnMeanwhile):
            line.withdrawn = why.change_set
        elif thing is not None and key in edits and not edits[key].is_new:
            if thing.is_withdrawn:
                line.withdrawn = last_change_of(thing)
            mine = edits[key].values
            line.catch_up(now[key], compare(thing, mine=mine, opened_from=opened_from, besides=line.besides))
        elif isinstance(why, Conflict):
            line.refuse(ValidationError(_("It was saved before and changed since. Open the table again.")))
        return line


# The page ----------------------------------------------------------------


def write(request: HttpRequest, table: Table) -> HttpResponse:
    if request.method != "POST":
        draft = taken_up(request)
        return page(request, table, Sheet(table, typed_in(draft) if draft else None))
    sheet = Sheet(table, request.POST)
    if not sheet.is_valid():
        return page(request, table, sheet)
    try:
        how = {"by": request.user, "reason": sheet.form.cleaned_data["reason"], "opened_from": sheet.opened_from}
        table.save(edits=sheet.edits(), orders=sheet.orders(), **how)
    except Refused as refused:
        sheet.catch_up(refused)
        return page(request, table, sheet, status=CONFLICT if refused.others_wrote else 200)
    except NothingChanged as nothing:
        if not nothing.already_there:
            return page(request, table, sheet, nothing=True)
        messages.info(request, _("This was saved already."))
        return redirect(table.back)
    except UnknownOpening as unknown:
        sheet.form.add_error(None, str(unknown))
        return page(request, table, sheet)
    messages.info(request, _("Saved."))
    return redirect(table.back)


def offer(table: Table, owner: Any, values: Sequence[Mapping[str, Any]]) -> Sheet | None:
    """New lines to look at before they are saved; None if there are none."""
    if not values:
        return None
    sheet = Sheet(table)
    sheet.add(owner, values)
    return sheet


def paste(
    request: HttpRequest, table: Table, owner: Any, values_in: Callable[[str], Sequence[Mapping[str, Any]]]
) -> HttpResponse:
    """What is pasted is shown as lines that are not saved yet, and saved when these are sent.

    `values_in` finds the values of the lines in what was pasted.
    """
    if request.method == "POST" and "pasted" not in request.POST:
        return write(request, table)
    form = PasteForm(request.POST) if request.method == "POST" else PasteForm()
    if form.is_valid():
        if offered := offer(table, owner, values_in(form.cleaned_data["pasted"])):
            return page(request, table, offered)
        form.add_error("pasted", str(PasteForm.base_fields["pasted"].error_messages["required"]))
    draft = taken_up(request)
    if draft and "pasted" not in draft.fields:
        return page(request, table, Sheet(table, typed_in(draft)))
    take_up(request, form)
    context = {"form": form, "title": table.title, "back": table.leave, "group": None, "place": "", **table.context}
    return render(request, "ground/paste.html", context)


def page(request: HttpRequest, table: Table, sheet: Sheet, *, status: int = 200, nothing: bool = False) -> HttpResponse:
    context = {
        "table": table,
        "title": table.title,
        "sheet": sheet,
        "parts": sheet.groups,
        "form": sheet.form,
        "faults": sheet.faults,
        "moved": sheet.moved,
        "nothing": nothing,
        "others_wrote": status == CONFLICT,
        "group": None,
        "place": "",
        **table.context,
    }
    return render(request, "ground/table.html", context, status=status)
