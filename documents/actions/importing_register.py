"""A register that was written to a file is read back in: all of it as one change-set, or nothing.

Papers are found by id, else by symbol; what is not here is registered, what differs revised, and what the file leaves
out stays. Everything is written by the acts of `registering`, whose rules hold here too.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.actions.importing import NothingToImport
from documents.actions.registering import (
    LINKS_OF_PAPER,
    Issued,
    add_revision,
    issue_revision,
    link_new_paper,
    register_paper,
    revise_paper,
    revise_revision,
)
from documents.importing.register_file import Fault, ReadPaper, ReadRegister, ReadState
from documents.models import Document, Revision
from documents.models.papers import read_series_line
from mandates.models import Delegation, ResponsibleArea, WorkingGroup, registered_organs
from mandates.permissions import can_register
from mandates.symbols import SymbolError, parse
from mispa.ground.changes import changes
from mispa.ground.editing import AlreadyThere
from mispa.ground.models import ChangeSet, User
from mispa.ground.openings import latest_change
from mispa.ground.text import Text, search_key

_NOT_ITS_ID: Final = gettext_lazy("Its id is that of another paper. Leave the id out to register it anew.")


class State(StrEnum):
    """What becomes of a paper of the file."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    LEFT_OUT = "left out"
    REFUSED = "refused"


@dataclass
class Outcome:
    """What becomes of a paper, and what of it: a sentence for each thing that is done."""

    place: str
    name: str
    state: State = State.UNCHANGED
    done: list[str] = field(default_factory=list)

    def does(self, sentence: str, state: State = State.CHANGED) -> None:
        self.done.append(sentence)
        if self.state == State.UNCHANGED:
            self.state = state


@dataclass
class Report:
    """What a file does, or would do; with a fault nothing is saved."""

    outcomes: list[Outcome] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def count(self, state: State) -> int:
        return sum(one.state == state for one in self.outcomes)

    @property
    def has_work(self) -> bool:
        return any(one.state in {State.NEW, State.CHANGED} for one in self.outcomes)


class RegisterRefused(Exception):
    """Something in the file cannot be; `report` says what, and where."""

    def __init__(self, report: Report) -> None:
        super().__init__(report)
        self.report = report


class _Undone(Exception):
    """Takes back what was tried."""


def import_register(
    *, group: WorkingGroup, register: ReadRegister, by: User, reason: str, only_try: bool = False
) -> Report:
    """Save what a file brings, as one change-set of that person; with `only_try`, say what that would be.

    Raises PermissionDenied, RegisterRefused where anything in it is wrong, NothingToImport where it changes nothing.
    """
    if not can_register(by, group):
        raise PermissionDenied
    report = Report(faults=list(register.faults))
    try:
        with changes(by=by, reason=reason, source=ChangeSet.Source.IMPORT):
            _Saving(group, register, by, reason, report).save()
            if report.faults or only_try or not report.has_work:
                raise _Undone
    except _Undone:
        if report.faults:
            raise RegisterRefused(report) from None
        if not report.has_work and not only_try:
            raise NothingToImport from None
    return report


class _Saving:
    """The acts of one import: first every paper with its texts, then what papers say of one another."""

    def __init__(self, group: WorkingGroup, register: ReadRegister, by: User, reason: str, report: Report) -> None:
        self.group, self.register, self.report = group, register, report
        self.said: dict[str, Any] = {"by": by, "reason": reason}
        self.opened_from = latest_change()
        self.organs = registered_organs()
        self.known: dict[str, UUID] = {}  # ids of papers by what the file calls them
        self.named = _Named(register)
        self.met: dict[UUID, str] = {}  # texts here that the file has brought or found, and at which of its places
        self.entered: dict[UUID, str] = {}  # papers that it has brought
        self.submitters = _Submitters(group)
        self.faulty = {fault.place for fault in register.faults}

    def save(self) -> None:
        done: list[tuple[ReadPaper, Document, Outcome]] = []
        for paper in self.register.papers:
            outcome = Outcome(paper.place, _name(paper))
            self.report.outcomes.append(outcome)
            document = self.paper(paper, outcome)
            if document:
                self.remember(paper, document)
                done.append((paper, document, outcome))
        for paper, document, outcome in done:
            if outcome.state != State.LEFT_OUT and not self.is_faulty(paper):
                with self.at(paper.place, outcome):
                    self.links(paper, document, outcome)

    @contextmanager
    def at(self, place: str, outcome: Outcome) -> Iterator[None]:
        """What is refused in here is a fault of that place, and undone by itself so that the next can be looked at."""
        try:
            with transaction.atomic():
                yield
        except ValidationError as error:
            outcome.state = State.REFUSED
            for sentence in _sentences(error):
                self.refuse(place, sentence)
        except AlreadyThere:
            outcome.state = State.REFUSED
            self.refuse(place, str(_NOT_ITS_ID))

    def refuse(self, place: str, sentence: str) -> None:
        self.report.faults.append(Fault(place, sentence))
        self.faulty.add(place)

    def is_faulty(self, paper: ReadPaper) -> bool:
        return not self.faulty.isdisjoint({paper.place, *(one.place for one in paper.states)})

    def remember(self, paper: ReadPaper, document: Document) -> None:
        for name in (paper.id, paper.base, document.base, document.pk):
            if name:
                self.known[str(name)] = document.pk

    # ---- papers

    def paper(self, paper: ReadPaper, outcome: Outcome) -> Document | None:
        if self.is_faulty(paper):
            outcome.state = State.REFUSED
            return None
        found: Document | None = None
        with self.at(paper.place, outcome):
            found = self.find(paper)
        if self.is_faulty(paper):
            return None
        if not paper.is_own or paper.of_plan or (found and found.plan_id):
            outcome.state = State.LEFT_OUT
            return found
        with self.at(paper.place, outcome):
            found = self.revised(paper, found, outcome) if found else self.registered(paper, outcome)
        if not self.is_faulty(paper):
            for state in paper.states[0 if outcome.state != State.NEW else 1 :]:
                with self.at(state.place, outcome):
                    self.text(state, found, outcome)
        return found

    def find(self, paper: ReadPaper) -> Document | None:
        """The paper here: by its id, that of a text, or its symbol; without any of them by title and printed symbol."""
        base = self.base_of(paper)
        if not paper.is_own:
            known = Document.objects.known_to(self.group)
            return known.filter(pk=paper.id).first() or (known.filter(base=base).first() if base else None)
        ids = [state.id for state in paper.states if state.id]
        found: list[Document] = list(Document.objects.filter(Q(pk=paper.id) | Q(revisions__in=ids)).distinct())
        if any(one.group_id != self.group.pk for one in found):
            raise ValidationError(_NOT_ITS_ID)
        if not found:
            own = Document.objects.filter(base=base, group=self.group)
            found = list(own) if base else self.pending_like(paper)
        if len({one.pk for one in found}) > 1:
            raise ValidationError(_("Its ids are those of several papers here. Leave out those that are in doubt."))
        if found and found[0].is_withdrawn:
            raise ValidationError(_("This paper was withdrawn here. Restore it first, or take it out of the file."))
        return found[0] if found else None

    def base_of(self, paper: ReadPaper) -> str:
        for printed in (paper.base, *(one.symbol or one.printed for one in paper.states)):
            if printed and (canonical := self.canonical(printed)):
                return canonical.base
        return ""

    def canonical(self, printed: str) -> "_Canonical | None":
        try:
            symbol = parse(printed, self.organs)
        except SymbolError:
            return None
        return _Canonical(str(symbol), str(symbol.base))

    def pending_like(self, paper: ReadPaper) -> list[Document]:
        """Papers here that are called alike; none for what has an id, and none that another part of the file means."""
        if paper.title is None or paper.id or any(one.id for one in paper.states):
            return []
        printed = next((one.printed or one.symbol or "" for one in paper.states), "")
        pending = Document.objects.standing().filter(group=self.group, base=None, plan=None)
        pending = pending.filter(revisions__is_withdrawn=False, revisions__symbol__printed=printed).distinct()
        alike = [one for one in pending if one.title.wordings == paper.title.over(one.title).wordings]
        found = [one for one in alike if one.pk not in self.named.papers and str(one.pk) not in self.known]
        if len(found) > 1:
            sentence = _("Several papers here are called so and have no symbol yet. Write the id of the one you mean.")
            raise ValidationError(sentence)
        return found

    def columns(self, paper: ReadPaper, ours: Document | None) -> dict[str, Any]:
        """What the file says of a paper, as the acts take it."""
        columns = {name: value for name, value in paper.said.items() if value is not None or name == "registered_on"}
        if columns.get("series_line"):
            columns["series_line"] = read_series_line(columns["series_line"])
        if paper.title:
            columns["title"] = paper.title.over(ours.title) if ours else paper.title.as_text()
        if paper.submitted_by is not None and not (ours and self.submitters.is_by(ours, paper.submitted_by)):
            columns |= self.submitters.find(paper.submitted_by)
        return columns

    def registered(self, paper: ReadPaper, outcome: Outcome) -> Document:
        columns = self.columns(paper, None)
        for name, sentence in (("title", _("title: a paper has one.")), ("kind", _("kind: a paper has one."))):
            if not columns.get(name):
                raise ValidationError(sentence)
        first = paper.states[0]
        document = register_paper(
            group=self.group,
            symbol=self.wanted(first),
            dated=first.said.get("dated"),
            new_id=paper.id,
            revision_id=first.id,
            languages=first.said.get("languages", ""),
            before=_issued(first, columns["title"]),
            **columns,
            **self.said,
        )
        self.entered[document.pk] = paper.place
        self.met |= dict.fromkeys(document.revisions.values_list("pk", flat=True), first.place)
        outcome.does(_("registered"), State.NEW)
        return document

    def revised(self, paper: ReadPaper, ours: Document, outcome: Outcome) -> Document:
        columns = self.columns(paper, ours)
        new = {name: value for name, value in columns.items() if value != _value(ours, name)}
        if not new:
            return ours
        if ours.pk in self.entered:
            raise ValidationError(_stands_already(ours.base or ours.title, self.entered[ours.pk]))
        for name, value in new.items():
            outcome.does(_change(_label(Document, name), _value(ours, name), value))
        return revise_paper(document=ours, opened_from=self.opened_from, **new, **self.said)

    # ---- texts

    def text(self, state: ReadState, document: Document, outcome: Outcome) -> None:
        revision = self.find_text(state, document)
        if revision and revision.pk in self.met:
            raise ValidationError(_stands_already(revision, self.met[revision.pk]))
        if revision:
            self.met[revision.pk] = state.place
        if revision is None:
            self.add(state, document, outcome)
        elif revision.is_withdrawn:
            raise ValidationError(_("This text was withdrawn here. Restore it first, or take it out of the file."))
        elif revision.state == Revision.State.ISSUED:
            self.hold_against(state, revision, outcome)
        else:
            self.rework(state, revision, outcome)

    def find_text(self, state: ReadState, document: Document) -> Revision | None:
        states = Revision.objects.filter(document=document).select_related("symbol", "document")
        ours: list[Revision] = list(states.order_by("position", "id"))
        if found := next((one for one in ours if state.id and one.pk == state.id), None):
            return found
        wanted = self.wanted(state)
        canonical = self.canonical(wanted) if wanted else None
        standing = [one for one in ours if not one.is_withdrawn]
        if canonical:
            found = next((one for one in ours if one.symbol.canonical == canonical.symbol), None)
        else:
            pending = [one for one in standing if not one.symbol.canonical and one.symbol.printed == wanted]
            free = (one for one in pending if one.pk not in self.named.texts and one.pk not in self.met)
            found = next(free, None)
        return found

    def wanted(self, state: ReadState) -> str:
        """The symbol as the file prints it; where that cannot be read, the one that stands beside it."""
        printed, symbol = state.printed or "", state.symbol or ""
        if not printed or not symbol or printed == symbol:
            return printed or symbol
        read, beside = self.canonical(printed), self.canonical(symbol)
        if read and beside and read.symbol != beside.symbol:
            words = {"printed": printed, "symbol": symbol}
            raise ValidationError(_("“%(printed)s” and “%(symbol)s” are two symbols. Leave one of them out.") % words)
        return symbol if beside and not read else printed

    def add(self, state: ReadState, document: Document, outcome: Outcome) -> None:
        own = {name: state.said[name] for name in ("dated", "languages") if state.said.get(name)}
        before = _issued(state, document.title)
        wanted = self.wanted(state)
        how: dict[str, Any] = {"new_id": state.id, "before": before, **own, **self.said}
        self.met[add_revision(document=document, symbol=wanted, **how).pk] = state.place
        outcome.does((_("%(text)s issued") if before else _("%(text)s entered")) % {"text": wanted or document.title})

    def rework(self, state: ReadState, revision: Revision, outcome: Outcome) -> None:
        """A working text becomes as the file has it, and is issued where the file says so."""
        own = [name for name in ("dated", "languages") if name in state.said]
        new: dict[str, Any] = {one: state.said[one] for one in own if state.said[one] != getattr(revision, one)}
        if self.has_other_symbol(state, revision):
            new["symbol"] = self.wanted(state)
        for name, value in new.items():
            ours = revision.symbol.printed if name == "symbol" else getattr(revision, name)
            outcome.does(_change(_label(Revision, name), ours, value, of=str(revision)))
        how = {"revision": revision, "opened_from": self.opened_from, **self.said}
        if before := _issued(state, revision.document.title):
            issue_revision(before=before, **new, **how)
            outcome.does(_("%(text)s issued") % {"text": revision})
        elif new:
            revise_revision(**new, **how)

    def hold_against(self, state: ReadState, revision: Revision, outcome: Outcome) -> None:
        """An issued text stays as it is; only the symbol for which it was still waiting can come."""
        if not state.said.get("is_issued", True):
            raise ValidationError(_("It is issued here, and the file says that it is not. What is issued stays so."))
        wrong = []
        for name in ("dated", "issued_on", "languages"):
            value, ours = state.said.get(name, getattr(revision, name)), getattr(revision, name)
            if value != ours and (name != "issued_on" or value):
                wrong.append(_change(_label(Revision, name), ours, value))
        title = revision.title or revision.document.title
        if state.title and (theirs := state.title.over(title)) != title:
            wrong.append(_change(_label(Revision, "title"), title, theirs))
        if self.has_other_symbol(state, revision):
            if revision.symbol.canonical:
                wrong.append(_change(_label(Revision, "symbol"), revision.symbol.printed, self.wanted(state)))
            else:
                wanted = self.wanted(state)
                outcome.does(_change(_label(Revision, "symbol"), revision.symbol.printed, wanted))
                revise_revision(revision=revision, opened_from=self.opened_from, symbol=wanted, **self.said)
        if wrong:
            sentence = _("It is issued, and stays as it is. Enter a revision or a corrigendum of it.")
            raise ValidationError(f"{sentence} ({'; '.join(wrong)})")

    def has_other_symbol(self, state: ReadState, revision: Revision) -> bool:
        if state.printed is None and state.symbol is None:
            return False
        wanted = self.wanted(state)
        if wanted == revision.symbol.printed:
            return False
        # A file that gives only the canonical form says nothing of how it is printed.
        return bool(state.printed) or wanted != (revision.symbol.canonical or "")

    # ---- what papers say of one another

    def links(self, paper: ReadPaper, document: Document, outcome: Outcome) -> None:
        of_file = {str(pk) for pk in self.known.values()}
        new: dict[str, Any] = {}
        for relation, named in paper.links.items():
            name = relation.replace(" ", "_")
            ours = LINKS_OF_PAPER[name].read(document)
            theirs = list(dict.fromkeys(self.linked(one) for one in named))
            if [one for one in ours if one in of_file or one in theirs] != theirs:
                new[name] = (*theirs, *(one for one in ours if one not in of_file and one not in theirs))
        for name, value in new.items():
            links = LINKS_OF_PAPER[name]
            outcome.does(_change(str(links.label), links.words(links.read(document)), links.words(value)))
        if new and document.pk in self.entered:
            link_new_paper(document=document, **new, **self.said)
        elif new:
            revise_paper(document=document, opened_from=self.opened_from, **new, **self.said)

    def linked(self, name: str) -> str:
        """The id of a paper that another one names; only one that every editor of the group knows of."""
        canonical = self.canonical(name)
        names = [name, *([canonical.symbol, canonical.base] if canonical else [])]
        if found := next((self.known[one] for one in names if one in self.known), None):
            return str(found)
        known = Document.objects.known_to(self.group).filter(base__in=names)
        pk = known.values_list("pk", flat=True).first() or self.by_id(name)
        if pk is None:
            sentence = _("There is no paper “%(name)s” here. Enter it first, or leave it out.")
            raise ValidationError(sentence % {"name": name})
        return str(pk)

    def by_id(self, name: str) -> UUID | None:
        try:
            found: UUID | None = (
                Document.objects.known_to(self.group).filter(pk=UUID(name)).values_list("pk", flat=True).first()
            )
        except ValueError:
            return None
        return found


class _Named:
    """What a file names by id: `texts`, and the `papers` that are here for them."""

    def __init__(self, register: ReadRegister) -> None:
        self.texts = {text.id for paper in register.papers for text in paper.states if text.id}
        of_texts = Revision.objects.filter(pk__in=self.texts).values_list("document_id", flat=True)
        self.papers: set[UUID] = {paper.id for paper in register.papers if paper.id} | set(of_texts)


def _stands_already(thing: Any, place: str) -> str:
    return _("“%(value)s” stands in %(place)s already.") % {"value": thing, "place": place}


@dataclass(frozen=True)
class _Canonical:
    symbol: str
    base: str


class _Submitters:
    """Who can have submitted a paper: delegations of the group, by country code or name, and areas."""

    def __init__(self, group: WorkingGroup) -> None:
        self.delegations: dict[str, UUID] = {}
        self.areas: dict[str, UUID] = {}
        for one in Delegation.objects.standing().filter(group=group).order_by("since", "id"):
            self._enter(self.delegations, one.code, one.name, one.pk)
        for one in ResponsibleArea.objects.standing().order_by("slug"):
            self._enter(self.areas, one.slug, one.name, one.pk)

    @staticmethod
    def _enter(names: dict[str, UUID], code: str, name: Text, pk: UUID) -> None:
        for words in (code, *(wording for _language, wording in name)):
            names[search_key(words)] = pk

    @staticmethod
    def is_by(ours: Document, words: str) -> bool:
        """Whether a paper is by whom the words name, who may take part no longer."""
        one = ours.delegation or ours.area
        if one is None:
            return not words
        code = one.code if isinstance(one, Delegation) else one.slug
        return search_key(words) in {search_key(name) for name in (code, *(wording for _code, wording in one.name))}

    def find(self, words: str) -> dict[str, UUID | None]:
        """The columns for a name; none where it is empty. Raises ValidationError for one that nobody has."""
        key = search_key(words)
        if not key:
            return {"delegation": None, "area": None}
        if key in self.delegations:
            return {"delegation": self.delegations[key], "area": None}
        if key in self.areas:
            return {"delegation": None, "area": self.areas[key]}
        sentence = _("There is no delegation and no area “%(name)s” here. Enter it first, or leave this empty.")
        raise ValidationError(sentence % {"name": words})


def _issued(state: ReadState, title: Text) -> Issued | None:
    """How the file says that a text was issued; the title is that of its paper where it says no other."""
    if not state.said.get("is_issued"):
        return None
    return Issued(on=state.said.get("issued_on"), title=state.title.as_text() if state.title else title)


# In words ----------------------------------------------------------------


def _name(paper: ReadPaper) -> str:
    title = paper.title.wordings[paper.title.original] if paper.title else ""
    printed = next((one.printed or one.symbol for one in paper.states), "")
    return paper.base or printed or title


def _value(ours: Document, name: str) -> Any:
    return getattr(ours, f"{name}_id" if name in {"delegation", "area"} else name)


def _label(model: Any, name: str) -> str:
    return str(model._meta.get_field(name).verbose_name)


def _change(label: str, before: Any, after: Any, of: str = "") -> str:
    """“kind: report → agenda”; an empty value is a dash."""
    words = f"{label}: {_shown(before)} → {_shown(after)}"
    return f"{of}, {words}" if of else words


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, UUID):
        model: Any = Delegation if Delegation.objects.filter(pk=value).exists() else ResponsibleArea
        return str(model.objects.get(pk=value))
    return str(value) if value not in {None, ""} else "–"


def _sentences(error: ValidationError) -> Iterable[str]:
    """Its sentences, each with the field that it is about."""
    if not hasattr(error, "error_dict"):
        return list(error.messages)
    found = []
    for name, messages in error.message_dict.items():
        label = "" if name == "__all__" else f"{name.replace('_', ' ')}: "
        found += [f"{label}{message}" for message in messages]
    return found
