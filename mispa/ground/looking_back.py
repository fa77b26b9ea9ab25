"""The history page of an object, and the page that brings something of its past back, as a change like others."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mispa.ground.editing import Conflict, NothingChanged, WithdrawnMeanwhile
from mispa.ground.forms import ReasonForm
from mispa.ground.history import Change, Entry, Words, beside_changed, past
from mispa.ground.kept import take_up
from mispa.ground.merging import Key, column_of, is_text, split, values_now, values_of, values_then
from mispa.ground.models import ChangeSet
from mispa.ground.openings import UnknownOpening, as_number, latest_change, row_then
from mispa.ground.sifting import SiftForm
from mispa.ground.text import LANGUAGES, Text

if TYPE_CHECKING:
    from mispa.ground.writing import Subject

CONFLICT: Final = 409
ON_A_PAGE: Final = 50


def history(request: HttpRequest, subject: "Subject") -> HttpResponse:
    if not subject.may_see_history:
        raise PermissionDenied
    title = _("History: %(kind)s") % {"kind": subject.thing._meta.verbose_name}
    entries = past(subject.thing, subject.besides, subject.told)
    group = subject.context.get("group")
    people = {entry.change_set.by for entry in entries}
    sift = SiftForm(request.GET, people=people, zone=group.zone if group else ZoneInfo(settings.TIME_ZONE))
    found = [entry for entry in entries if sift.lets(entry.change_set)] if sift.is_valid() else []
    page = subject.page(
        title=title,
        entries=Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
        latest=entries[0].change_set,
        first=entries[-1].change_set,
        sift=sift,
        brought_back=_names(subject) if subject.may_edit else (),
        whole=[entry.change_set.pk for entry in entries[1:]] if subject.may_edit else (),
    )
    return render(request, "ground/history.html", page)


def _names(subject: "Subject") -> list[str]:
    """What its form writes."""
    return [*(subject.form._meta.fields or ()), *subject.form.besides]


# Bringing back ----------------------------------------------------------


def revert(request: HttpRequest, subject: "Subject") -> HttpResponse:
    """One field, or one language of a text, or all that its form writes: as it was in the change-set `?to=`."""
    if not subject.may_edit:
        raise PermissionDenied
    to = _state_asked_for(request, subject)
    field, part = request.GET.get("field", ""), request.GET.get("part", "")
    names = _fields_asked_for(subject, field, part)
    if request.method != "POST":
        form = ReasonForm(initial={"opened_from": latest_change()})
        take_up(request, form)
        return _revert_page(request, subject, to, names, part, form)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _revert_page(request, subject, to, names, part, form)
    opened_from = form.cleaned_data["opened_from"]
    try:
        seen = values_then(subject.thing, names, subject.besides, opened_from)
        thing = subject.revise(
            by=request.user,
            reason=form.cleaned_data["reason"],
            opened_from=opened_from,
            restoring=subject.thing.is_withdrawn,
            **_brought_back(subject, seen, _then(subject, to, names), part),
        )
    except (Conflict, WithdrawnMeanwhile):
        form.go_on_from(latest_change())
        changed = past(subject.thing, subject.besides, subject.told)[0]
        return _revert_page(request, subject, to, names, part, form, changed=changed)
    except NothingChanged:
        messages.info(request, _("It is so already."))
        return redirect(subject.back(subject.thing))
    except UnknownOpening as unknown:
        form.add_error(None, str(unknown))
        return _revert_page(request, subject, to, names, part, form)
    except ValidationError as error:
        form.refuse(error)
        return _revert_page(request, subject, to, names, part, form)
    messages.info(request, _("Brought back."))
    return redirect(subject.back(thing))


def _state_asked_for(request: HttpRequest, subject: "Subject") -> int:
    to = as_number(request.GET.get("to", ""))
    if to is None or row_then(subject.thing, to) is None:
        raise Http404(_("This was not there at that time. The address names a state that never was."))
    return to


def _fields_asked_for(subject: "Subject", field: str, part: str) -> list[str]:
    names = _names(subject)
    if not field and not part:
        return names
    is_part = field in names and is_text(type(subject.thing), field) and part in {*LANGUAGES, "original"}
    if field not in names or (part and not is_part):
        raise Http404(_("The address names no field that can be brought back."))
    return [field]


def _then(subject: "Subject", to: int, names: Collection[str]) -> dict[str, Any]:
    """What stood there; of what stands beside the object, only what may still be named is known by itself."""
    values = values_of(row_then(subject.thing, to), type(subject.thing), names)
    return values | {name: subject.besides[name].read(subject.thing, to) for name in names if name in subject.besides}


def _brought_back(subject: "Subject", now: Mapping[str, Any], then: Mapping[str, Any], part: str) -> dict[str, Any]:
    """The values that the action is asked for: those of then, of a text perhaps one language alone."""
    return {name: _one_part(now[name], value, part) if part else value for name, value in then.items()}


def _one_part(now: Text | None, then: Text | None, part: str) -> Text | None:
    """A text with one of its wordings as it was, made from the original that it was made from then."""
    if now is None or then is None:
        return then
    if part == "original":
        return replace(now, original=then.original)
    wordings = {code: wording for code, wording in now if code != part}
    made_from = {code: origin for code, origin in now.made_from.items() if code != part}
    if part in then.wordings:
        wordings[part] = then.wordings[part]
        if part in then.made_from:
            made_from[part] = then.made_from[part]
    return Text(now.original, wordings, made_from)


def _revert_page(
    request: HttpRequest,
    subject: "Subject",
    to: int,
    names: Collection[str],
    part: str,
    form: ReasonForm,
    changed: Entry | None = None,
) -> HttpResponse:
    thing = type(subject.thing)._base_manager.get(pk=subject.thing.pk)
    now = values_now(thing, names, subject.besides)
    title = _("Bring back: %(kind)s") % {"kind": thing._meta.verbose_name}
    page = subject.page(
        form=form,
        title=title,
        form_name=f"{title}: {thing}",
        changes=_would_change(subject, now, _brought_back(subject, now, _then(subject, to, names), part)),
        comes=thing.is_withdrawn,
        state=ChangeSet.objects.select_related("by").get(pk=row_then(thing, to).change_set_id),
        changed=changed,
    )
    return render(request, "ground/revert.html", page, status=CONFLICT if changed else 200)


def _would_change(subject: "Subject", now: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[Change]:
    model, found = type(subject.thing), []
    words = Words(model, [_Holder(model, values, subject.besides) for values in (now, wanted)], subject.besides)
    was, will = split(model, now), split(model, wanted)
    for key in was:
        if was[key] != will[key]:
            found.append(_in_words(subject, words, key, was[key], will[key]))
    return found


class _Holder:
    """Values by the names of their columns, as the words of an object are read."""

    def __init__(self, model: Any, values: Mapping[str, Any], besides: Mapping[str, Any]) -> None:
        for column in model._meta.concrete_fields:
            setattr(self, column.attname, None)
        for name, value in values.items():
            if name not in besides:
                setattr(self, column_of(model, name), value)


def _in_words(subject: "Subject", words: Words, key: Key, was: Any, will: Any) -> Change:
    name, part = key
    if name in subject.besides:
        beside = subject.besides[name]
        return beside_changed(name, beside, beside.words(was), beside.words(will))
    language = part if part in LANGUAGES else ""
    return Change(words.label(key), language, words.word(key, was), words.word(key, will), key)
