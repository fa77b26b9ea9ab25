"""The pages that write, the same for all objects: new, edit, withdraw, restore, move; with the pages of what was.

An app says by a `Subject` what the object is, who may write it and by which actions; `pages_of` gives the addresses.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mispa.ground import looking_back
from mispa.ground.editing import (
    AlreadyThere,
    ChangedMeanwhile,
    Conflict,
    NothingChanged,
    WithdrawnMeanwhile,
    last_change_of,
    revise,
)
from mispa.ground.forms import ReasonForm, WritingForm, as_uuid, said, without_controls
from mispa.ground.history import Change, Entry, past
from mispa.ground.kept import fill, forget_sent, take_up, taken_up, typed_in
from mispa.ground.links import Beside
from mispa.ground.merging import compare, split, values_then
from mispa.ground.models import Tracked
from mispa.ground.openings import UnknownOpening, latest_change, opening_in, opening_of
from mispa.ground.order import order_now, order_then

CONFLICT = 409
Act = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class Subject:
    """An object, what the person who asks may do with it, and by which actions it is written."""

    thing: Tracked
    noun: str  # of its addresses: "mandates:mandate"; empty on the page that made it
    address: Mapping[str, Any]  # what its addresses are made of
    may_edit: bool
    may_withdraw: bool | None = None  # and restore; None where it is for those who edit
    may_see_history: bool
    told: Q = field(default_factory=Q)  # of which rows of its history
    form: type[WritingForm]
    options: Mapping[str, Any] = field(default_factory=dict)  # of the form
    revise: Act
    withdraw: Act
    restore: Act
    move: Act | None = None
    order: Mapping[str, Any] = field(default_factory=dict)  # the list in which it has its place
    back: Callable[[Any], str]  # where its reader sees it
    say: Callable[[Any], str] = lambda thing: ""  # what the writer should know of what was saved
    context: Mapping[str, Any] = field(default_factory=dict)  # of the page: group and place
    made_in: int | None = None  # the change-set that made it, where the form was opened before that
    title: str = ""  # of the page that edits it, where that is a step of its own
    template: str = "ground/form.html"

    @property
    def besides(self) -> Mapping[str, Beside]:
        return self.form.besides

    def url(self, verb: str) -> str:
        return reverse(f"{self.noun}-{verb}", kwargs=dict(self.address))

    def page(self, **more: Any) -> dict[str, Any]:
        """What all its pages know."""
        verbs = ["edit", "history", "withdraw", "restore", "revert", *(["move"] if self.move else [])]
        return {
            "subject": self,
            "thing": self.thing,
            "name": str(getattr(self.thing, "text", None) or self.thing),
            "urls": {verb: self.url(verb) for verb in verbs} if self.noun else {},
            "back": self.back(self.thing),
            "group": None,
            "place": "",
            **self.context,
            **more,
        }


def pages_of(noun: str, find: Callable[..., Subject], *, moves: bool = False) -> list[URLPattern]:
    """The addresses below an object's own. `find` gives the subject for a person and an address, or raises 404."""

    def page(verb: str, view: Callable[[HttpRequest, Subject], HttpResponse], safe: bool = False) -> URLPattern:
        def answer(request: HttpRequest, **address: Any) -> HttpResponse:
            return view(request, find(request.user, **address))

        allowed = require_safe if safe else require_http_methods(["GET", "HEAD", "POST"])
        return path(f"{verb}/", allowed(answer), name=f"{noun}-{verb}")

    pages = [
        page("edit", edit),
        page("history", looking_back.history, safe=True),
        page("withdraw", withdraw),
        page("restore", restore),
        page("revert", looking_back.revert),
    ]
    return [*pages, page("move", move)] if moves else pages


# Edit -------------------------------------------------------------------


def edit(request: HttpRequest, subject: Subject) -> HttpResponse:
    if not subject.may_edit:
        raise PermissionDenied
    form = _edit_form(request, subject)
    if not form.is_valid():
        return _form_page(request, subject, form)
    try:
        thing = subject.revise(**_act(request, form), opened_from=_opened_from(form), restoring=_restoring(form))
    except Conflict as conflict:
        form.catch_up(conflict.comparison)
        return _form_page(request, subject, form, status=CONFLICT, template="ground/conflict.html")
    except WithdrawnMeanwhile as withdrawn:
        return _form_page(request, subject, form, status=CONFLICT, withdrawn=withdrawn.change_set)
    except ChangedMeanwhile as meanwhile:
        changed = _changed(subject, _opened_from(form), meanwhile.parts)
        form.go_on_from(_opened(subject)[0])
        return _form_page(request, subject, form, status=CONFLICT, changed=changed)
    except NothingChanged as nothing:
        if not nothing.already_there:
            forget_sent(request)
            return _form_page(request, subject, form, nothing=True)
        messages.info(request, _("This was saved already."))
        return redirect(subject.back(subject.thing))
    except UnknownOpening as unknown:
        form.add_error(None, str(unknown))
        return _form_page(request, subject, form)
    except ValidationError as error:
        _refused(subject, form, error)
        return _form_page(request, subject, form)
    _say_saved(request, thing, form)
    _say(request, subject.say(thing))
    return redirect(subject.back(thing))


def _edit_form(request: HttpRequest, subject: Subject) -> WritingForm:
    if request.method != "POST":
        latest, subject = _opened(subject)
        opened = {name: beside.read(subject.thing) for name, beside in subject.besides.items()}
        initial = {**opened, "opened_from": latest}
        form = subject.form(initial=initial, instance=copy(subject.thing), **subject.options)
        if draft := taken_up(request):
            fill(form, _sent_form(subject, _opened_somewhere(subject, typed_in(draft))).data)
        return form
    return _sent_form(subject, request.POST.copy(), request.FILES)


def _sent_form(subject: Subject, sent: QueryDict, files: Any = None) -> WritingForm:
    """The form as it was sent, with the others' wordings where they were chosen."""
    # A copy, because a form writes what was typed into its object.
    if subject.made_in and not sent.get("opened_from"):
        sent["opened_from"] = str(subject.made_in)
    form = subject.form(sent, files, instance=copy(subject.thing), **subject.options)
    if any(name.startswith("choice-") for name in sent):
        try:
            seen = values_then(subject.thing, form.names, subject.besides, int(str(sent["opened_from"])))
        except (UnknownOpening, ValueError, KeyError, OverflowError):
            return form  # the action will say so
        form.yield_where_chosen(split(type(subject.thing), seen))
    return form


def _opened_somewhere(subject: Subject, sent: QueryDict) -> QueryDict:
    """A draft that does not say from which state it was opened is compared with the first.

    So what others wrote since is shown beside it, and not overwritten.
    """
    try:
        opening_of(subject.thing, int(sent.get("opened_from", "")))
    except (UnknownOpening, ValueError, OverflowError):
        sent["opened_from"] = str(subject.thing.history.earliest("history_id").change_set_id)
    return sent


def _opened(subject: Subject) -> tuple[int, Subject]:
    """From which state a page is opened, and the object read after that.

    In the other order a change in between would be neither shown nor noticed.
    """
    latest = latest_change()
    return latest, replace(subject, thing=type(subject.thing)._base_manager.get(pk=subject.thing.pk))


def _act(request: HttpRequest, form: WritingForm) -> dict[str, Any]:
    return {"by": request.user, "reason": form.cleaned_data["reason"], **form.values()}


def _opened_from(form: WritingForm) -> int:
    return form.cleaned_data["opened_from"] or 0


def _restoring(form: WritingForm) -> bool:
    return bool(form.cleaned_data["restoring"])


def _refused(subject: Subject, form: WritingForm, error: ValidationError) -> None:
    """The rules refused the result. If others' changes are part of it, the writer has to see them."""
    latest, subject = _opened(subject)
    try:
        comparison = compare(subject.thing, mine=form.values(), opened_from=_opened_from(form), besides=subject.besides)
    except UnknownOpening as unknown:
        form.add_error(None, str(unknown))
        return
    if comparison.taken:
        form.catch_up(replace(comparison, latest=latest))
    form.refuse(error)


def _say_saved(request: HttpRequest, thing: Tracked, form: WritingForm) -> None:
    comparison = compare(thing, mine=form.values(), opened_from=_opened_from(form), besides=form.besides)
    if kept := said(form, comparison):
        names = ", ".join(kept)
        messages.info(request, _("Saved. Others changed meanwhile, and it is kept: %(names)s.") % {"names": names})
    else:
        messages.info(request, _("Saved."))


def _say(request: HttpRequest, sentence: str) -> None:
    if sentence:
        messages.warning(request, sentence)


def _form_page(
    request: HttpRequest,
    subject: Subject,
    form: WritingForm,
    *,
    status: int = 200,
    template: str = "",
    **more: Any,
) -> HttpResponse:
    withdrawn = more.get("withdrawn")
    if withdrawn is None and subject.thing.is_withdrawn:
        withdrawn = last_change_of(subject.thing)
    title = subject.title or _("Edit this %(kind)s") % {"kind": subject.thing._meta.verbose_name}
    context = {"nothing": False, "changed": None, **more, "form": form, "title": title, "withdrawn": withdrawn}
    return render(request, template or subject.template, _named(subject.page(**context)), status=status)


def _named(page: dict[str, Any]) -> dict[str, Any]:
    """With the name by which its writer finds the form again among what she did not save."""
    return page | {"form_name": " · ".join(filter(None, [page["title"], page["name"]]))}


# New --------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Creation:
    """A new object: its form, the action that saves it, and where its reader sees it."""

    thing: Tracked  # unsaved, with what the address says of it
    form: type[WritingForm]
    options: Mapping[str, Any] = field(default_factory=dict)
    create: Act
    back: Callable[[Any], str]
    say: Callable[[Any], str] = lambda thing: ""
    leave: str  # where to go without saving
    find: Callable[[Any], Subject] | None = None  # the pages of what was made, by which it is restored
    context: Mapping[str, Any] = field(default_factory=dict)
    template: str = "ground/form.html"


def create(request: HttpRequest, creation: Creation) -> HttpResponse:
    """The object's id is in the form: what is sent twice is saved once; with other words it is an edit."""
    new = creation.thing
    options = {"instance": copy(new), **creation.options}
    if request.method != "POST":
        form = creation.form(initial={"new_id": new.pk}, **options)
        take_up(request, form)
        return _new_page(request, creation, form)
    if (made := _made_before(request, creation)) is not None:
        return _correct(request, creation, made)
    form = creation.form(request.POST, request.FILES, **options)
    if not form.is_valid():
        return _new_page(request, creation, form)
    try:
        thing = creation.create(**_act(request, form), new_id=form.cleaned_data["new_id"] or new.pk)
    except AlreadyThere:  # in this moment, by the other of two clicks
        made = _made_before(request, creation)
        if made is None:
            raise PermissionDenied from None
        return _correct(request, creation, made)
    except ValidationError as error:
        form.refuse(error)
        return _new_page(request, creation, form)
    messages.info(request, _("Saved."))
    _say(request, creation.say(thing))
    return redirect(creation.back(thing))


def _made_before(request: HttpRequest, creation: Creation) -> Any:
    """What this person made from this form, in the place that its address names."""
    new, new_id = creation.thing, as_uuid(request.POST.get("new_id", ""))
    made = type(new)._base_manager.filter(pk=new_id).first() if new_id else None
    if made is None or made.history.earliest("history_id").change_set.by_id != request.user.pk:
        return None
    typed = {*(creation.form._meta.fields or ()), *creation.form.besides}
    given = [column for column in new._meta.concrete_fields if column.is_relation and column.name not in typed]
    owners = [column.attname for column in given if getattr(new, column.attname) is not None]
    return made if all(getattr(made, owner) == getattr(new, owner) for owner in owners) else None


def _correct(request: HttpRequest, creation: Creation, made: Any) -> HttpResponse:
    """The form of a new object sent again: with other words (back, corrected, sent) it is an edit like others."""
    made_in = made.history.earliest("history_id").change_set_id
    if made.is_withdrawn and creation.find:
        return edit(request, replace(creation.find(made), form=creation.form, made_in=made_in))
    if made.is_withdrawn:
        form = creation.form(request.POST, request.FILES, instance=copy(made), **creation.options)
        form.add_error(None, _("It was withdrawn meanwhile. Restore it first."))
        return _new_page(request, creation, form)

    def correct(*, by: Any, reason: str, opened_from: int, restoring: bool, **values: Any) -> Any:
        try:
            return creation.create(by=by, reason=reason, new_id=made.pk, **values)
        except AlreadyThere as there:
            told = {"by": by, "reason": reason, "opened_from": opened_from}
            return _revise_again(made, mine=values, besides=creation.form.besides, check=there.check, **told)

    subject = Subject(
        thing=made,
        noun="",
        address={},
        may_edit=True,
        may_see_history=False,
        form=creation.form,
        options=creation.options,
        revise=correct,
        withdraw=correct,
        restore=correct,
        back=creation.back,
        say=creation.say,
        context=creation.context,
        template=creation.template,
        made_in=made_in,
    )
    return edit(request, subject)


def _revise_again(thing: Any, **values: Any) -> Any:
    try:
        return revise(thing, **values)
    except NothingChanged:
        raise NothingChanged(already_there=True) from None


def _new_page(request: HttpRequest, creation: Creation, form: WritingForm) -> HttpResponse:
    title = _("New %(kind)s") % {"kind": creation.thing._meta.verbose_name}
    page: dict[str, Any] = {"form": form, "title": title, "name": "", "back": creation.leave, "urls": {}}
    page |= {"withdrawn": None, "nothing": False, "group": None, "place": ""}
    return render(request, creation.template, _named(page | dict(creation.context)))


# Withdraw and restore ---------------------------------------------------


def withdraw(request: HttpRequest, subject: Subject) -> HttpResponse:
    return _confirm(request, subject, subject.withdraw, "withdraw")


def restore(request: HttpRequest, subject: Subject) -> HttpResponse:
    return _confirm(request, subject, subject.restore, "restore")


def _confirm(request: HttpRequest, subject: Subject, act: Act, verb: str) -> HttpResponse:
    if not (subject.may_edit if subject.may_withdraw is None else subject.may_withdraw):
        raise PermissionDenied
    if request.method != "POST":
        latest, subject = _opened(subject)
        form = ReasonForm()
        take_up(request, form)
        form.initial["opened_from"] = latest  # what is withdrawn is what this page shows
        return _confirm_page(request, subject, verb, form)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _confirm_page(request, subject, verb, form)
    written = {"by": request.user, "reason": form.cleaned_data["reason"]}
    try:
        thing = act(**written, opened_from=form.cleaned_data["opened_from"])
    except ChangedMeanwhile as meanwhile:
        changed = _changed(subject, form.cleaned_data["opened_from"], meanwhile.parts)
        latest, subject = _opened(subject)
        form.go_on_from(latest)
        return _confirm_page(request, subject, verb, form, changed=changed)
    except NothingChanged:
        done = _("It is withdrawn already.") if verb == "withdraw" else _("It stands already.")
        messages.info(request, done)
        return redirect(subject.back(subject.thing))
    except UnknownOpening as unknown:
        form.add_error(None, str(unknown))
        return _confirm_page(request, subject, verb, form)
    except ValidationError as error:
        form.refuse(error)
        return _confirm_page(request, subject, verb, form)
    messages.info(request, _("Withdrawn.") if verb == "withdraw" else _("Restored."))
    return redirect(subject.back(thing))


def _changed(subject: Subject, opened_from: int, parts: Sequence[Tracked]) -> Entry:
    """What changed after the page was opened, of the object and of the parts that go with it, those by their names."""
    own = past(subject.thing, subject.besides, subject.told)[:1]
    entries = [entry for entry in own if entry.change_set.pk > opened_from or not parts]
    for part in parts:
        entry = past(part, {})[0]
        name = Change(capfirst(str(part._meta.verbose_name)), "", "", str(part), is_first=True)
        entries.append(Entry(entry.change_set, changes=[name, *entry.changes]))
    latest = max((entry.change_set for entry in entries), key=lambda change_set: change_set.pk)
    return Entry(latest, changes=[change for entry in entries for change in entry.changes])


def _confirm_page(
    request: HttpRequest, subject: Subject, verb: str, form: ReasonForm, changed: Any = None
) -> HttpResponse:
    titles = {"withdraw": _("Withdraw this %(kind)s"), "restore": _("Restore this %(kind)s")}
    title = titles[verb] % {"kind": subject.thing._meta.verbose_name}
    page = _named(subject.page(form=form, verb=verb, title=title, changed=changed))
    return render(request, "ground/confirm.html", page, status=CONFLICT if changed else 200)


# Move -------------------------------------------------------------------


def move(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Up or down by one place. The reason may be left out: the act says it all."""
    if not subject.may_edit or subject.move is None:
        raise PermissionDenied
    if request.method != "POST":
        return _move_page(request, subject)
    upwards = request.POST.get("direction") == "up"
    reason = without_controls(request.POST.get("reason", "")).strip() or (
        _("Moved up.") if upwards else _("Moved down.")
    )
    try:
        if request.POST.get("direction") not in {"up", "down"}:
            raise ValidationError(_("Choose up or down."))
        opened_from = opening_in(request.POST)
        thing = subject.move(upwards=upwards, opened_from=opened_from, by=request.user, reason=reason)
    except ChangedMeanwhile:
        return _move_page(request, subject, seen=order_then(type(subject.thing), subject.order, opened_from))
    except WithdrawnMeanwhile:
        return _move_page(request, subject, error=_("It was withdrawn meanwhile. Restore it first."))
    except UnknownOpening as unknown:
        return _move_page(request, subject, error=str(unknown))
    except ValidationError as error:
        return _move_page(request, subject, error=" ".join(error.messages))
    messages.info(request, _("Moved up.") if upwards else _("Moved down."))
    return redirect(subject.back(thing))


def _move_page(
    request: HttpRequest, subject: Subject, *, seen: list[Any] | None = None, error: str = ""
) -> HttpResponse:
    latest, subject = _opened(subject)
    page = subject.page(
        title=_("Move: %(kind)s") % {"kind": subject.thing._meta.verbose_name},
        now=order_now(type(subject.thing), subject.order),
        seen=[row.instance for row in seen] if seen is not None else None,
        error=error,
        opened_from=latest,
    )
    return render(request, "ground/move.html", page, status=CONFLICT if seen is not None else 200)
