"""What every form that writes carries: a reason, the state from which it was opened, and what others wrote since."""

import re
import unicodedata
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from functools import cache
from typing import Any, ClassVar, Final
from uuid import UUID

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mispa.ground import dates
from mispa.ground.diff import differences, plain
from mispa.ground.fields import Clash, DayField, LanguagesFormField, LanguagesWidget
from mispa.ground.links import Beside
from mispa.ground.merging import LANGUAGE_NAMES, Comparison, Key, own_fields, words
from mispa.ground.text import LANGUAGES, Text
from mispa.ground.translating import changed_since, originals

# Of a wording. The longest paragraph of a plan has some 2,000 characters.
LONGEST: Final = 20_000
# Never part of a text: control characters but tab and line ends, what is no character at all, marks that turn the
# direction of what follows, and the spaces without a width that come along with pasted text.
_CONTROLS: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufeff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)


# What shows nothing by itself, though it may stand between letters: joiners, direction marks, soft hyphens, spaces.
_UNSEEN: Final = frozenset({"Cf", "Zs", "Zl", "Zp", "Cc"})


def without_controls(typed: str) -> str:
    """The text without what is never part of one; empty where nothing is left that anybody can see."""
    kept = _CONTROLS.sub("", typed)
    is_seen = any(unicodedata.category(sign) not in _UNSEEN for sign in kept)
    return kept if is_seen or not kept.strip() else ""


def as_uuid(typed: str) -> UUID | None:
    """An id that a form sent; None where it is none."""
    try:
        return UUID(typed)
    except ValueError:
        return None


def why_this_change() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Why this change"),
        help_text=gettext_lazy("Printed in the history. For example: asked for at the meeting of September 5."),
        min_length=3,
        max_length=2000,
        error_messages={
            "required": gettext_lazy("Say in some words why this is changed."),
            "min_length": gettext_lazy("Say in some words why this is changed."),
        },
    )


def translations_stay_right() -> forms.BooleanField:
    return forms.BooleanField(
        label=gettext_lazy("The translations stay right"),
        help_text=gettext_lazy("Counts where you change an original: its translations are then not marked as older."),
        required=False,
    )


class TypedForm(forms.BaseForm):
    """A form that reads what was typed without the characters that nobody can see."""

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        if isinstance(data, QueryDict):
            data = data.copy()
            for name, values in list(data.lists()):
                data.setlist(name, [without_controls(value) for value in values])
        elif data is not None:
            data = {name: without_controls(v) if isinstance(v, str) else v for name, v in data.items()}
        super().__init__(data, *args, **kwargs)

    def put_now(self, **now: str) -> None:
        """What was typed stays, beside what the page says now: to be sent again by who has read that."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        for name, value in now.items():
            self.data[name] = value  # type: ignore[index]


class WritingForm(TypedForm, forms.ModelForm):
    """A form that is saved by an action: it asks for a reason, and knows from which state it was opened."""

    # What stands beside the model's columns (`Links` and the like), by field name.
    besides: ClassVar[Mapping[str, Beside]] = {}
    # Titles of sections and the fields in each; the reason comes last by itself.
    sections: ClassVar[Sequence[tuple[Any, Sequence[str]]]] = ()
    # Constraints, and beside which field their sentence is shown.
    rules: ClassVar[Mapping[str, str]] = {}

    reason = why_this_change()
    keeps_translations = translations_stay_right()
    opened_from = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**62)
    new_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    restoring = forms.BooleanField(widget=forms.HiddenInput, required=False)

    comparison: Comparison | None = None
    is_undeclared = False
    use_required_attribute = False  # the answer beside the field comes from us, in words

    def __init__(self, *args: Any, original: str = "en", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, column in self.fields.items():
            if isinstance(column, LanguagesFormField):
                column.original = original
            if isinstance(column, LanguagesFormField) and name in own_fields(self._meta.model):
                column.label = column.label or capfirst(self._meta.model._meta.get_field(name).verbose_name)
                self._show_as_saved(name, column.widget)
        if not any(self._translated_in(name) for name in self.fields):
            del self.fields["keeps_translations"]

    def _show_as_saved(self, name: str, widget: LanguagesWidget) -> None:
        """What stands, beside which the widget shows what is typed; and on demand what changed in the original."""
        thing, text = self.instance, getattr(self.instance, name)
        if isinstance(text, Text) and not self.is_new:
            known = cache(lambda: originals(type(thing), [name], [thing.pk]))
            widget.stands = text
            widget.changed_since = lambda language: changed_since(thing.pk, name, text, language, known())

    def _translated_in(self, name: str) -> bool:
        """Whether a text has translations that are up to date."""
        text: Any = getattr(self.fields[name].widget, "stands", None)
        others = [code for code in LANGUAGES if code != text.original] if text else []
        return any(text.state_in(code) == "complete" for code in others)

    @property
    def is_new(self) -> bool:
        """Opened to make something, though that may have been saved before it was sent again."""
        return bool(self.instance._state.adding or self.data.get("new_id"))

    @property
    def names(self) -> list[str]:
        """What this form writes."""
        return [name for name in self.fields if name in (self._meta.fields or ()) or name in self.besides]

    def values(self) -> dict[str, Any]:
        """What was typed, in the shape of columns: a reference by its id."""
        typed = {}
        for name in self.names:
            value = self.cleaned_data[name]
            if isinstance(value, Text) and self.cleaned_data.get("keeps_translations"):
                value = replace(value, declared=value.declared | {value.original})
            typed[name] = value.pk if isinstance(value, Model) else value
        return typed

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for name in self.fields:
            text = self.cleaned_data.get(name)
            for language, wording in text if isinstance(text, Text) else ():
                if len(wording) > LONGEST:
                    words = {"language": LANGUAGE_NAMES[language]}
                    self.add_error(name, _("The wording in %(language)s is too long. Divide or shorten it.") % words)
        return cleaned

    # After others have written ------------------------------------------

    def yield_where_chosen(self, base: Mapping[Key, Any]) -> None:
        """Take the others' wording, seen on the page of two wordings, where the writer chose it."""
        for key, value in base.items():
            if self.data.get(_choice(key)) == "theirs":
                self._put(key, value)

    def catch_up(self, comparison: Comparison) -> None:
        """Show what others changed meanwhile, keep what was typed, and go on from the state of now."""
        for key in comparison.taken:
            self._put(key, comparison.now[key])
        self._put(("opened_from", ""), comparison.latest)
        self.comparison = comparison
        self._undeclare({name for name, language in (*comparison.taken, *comparison.conflicts) if language})
        for name, language in comparison.conflicts:
            widget = self.fields[name].widget
            if isinstance(widget, LanguagesWidget):
                # A new mapping: the widgets of all forms of a class share what was in them when they were made.
                widget.clashes = {**widget.clashes, language: self._clash(comparison, (name, language))}

    def go_on_from(self, change_set: int) -> None:
        """Keep what was typed; what others changed meanwhile is shown beside the form."""
        self._put(("opened_from", ""), change_set)

    def _undeclare(self, names: Set[str]) -> None:
        """What was declared of wordings that are others now has to be declared again."""
        for name in names:
            self.is_undeclared |= bool(self.data.getlist(f"{name}-right"))  # type: ignore[attr-defined]
            self._put((name, "right"), [])
        if names and self.data.get("keeps_translations"):
            self.is_undeclared = True
            self._put(("keeps_translations", ""), "")

    def _put(self, key: Key, value: Any) -> None:
        name = "-".join(filter(None, key))
        self.data = sent = self.data.copy()  # type: ignore[attr-defined]
        if isinstance(value, (list, tuple)):
            sent.setlist(name, list(value))
        else:
            sent[name] = "" if value is None else value

    def _clash(self, comparison: Comparison, key: Key) -> Clash:
        name, language = key
        sides = (comparison.base, comparison.now, comparison.mine)
        base, theirs, mine = (self.in_words(key, side[key]) for side in sides)
        label = str(self.fields[name].label)
        if language in LANGUAGES:
            label = f"{label} ({LANGUAGE_NAMES[language]})"
        elif language:
            label = _("%(field)s: original language") % {"field": label}
        ending = f"-{language}" if language else "_field" if self[name].use_fieldset else ""
        return Clash(
            name=_choice(key),
            control=f"{self[name].auto_id}{ending}",
            label=label,
            base=plain(base),
            theirs=differences(base, theirs),
            mine=differences(base, mine),
            change_set=comparison.by.get(key),
        )

    def in_words(self, key: Key, value: Any) -> str:
        name, language = key
        if name in self.besides:
            return self.besides[name].words(value)
        if language == "original":
            return str(LANGUAGE_NAMES.get(value, ""))
        return str(value) if language else words(self._meta.model, name, value)

    @property
    def clashes(self) -> list[Clash]:
        return [self._clash(self.comparison, key) for key in self.comparison.conflicts] if self.comparison else []

    @property
    def kept(self) -> list[str]:
        """In words: what only others changed, which stays."""
        return said(self, self.comparison) if self.comparison else []

    # For the template ---------------------------------------------------

    def blocks(self) -> list[dict[str, Any]]:
        """Sections with their fields; with a field what both changed in it, unless its widget shows that itself."""
        clashes = {clash.name: clash for clash in self.clashes}
        blocks = []
        for title, names in self.sections:
            lines = [
                {"field": self[name], "clash": clashes.get(_choice((name, ""))), "weekday": self._weekday(name)}
                for name in names
                if name in self.fields and not self[name].is_hidden
            ]
            if lines:
                blocks.append({"title": title, "lines": lines})
        return blocks

    def _weekday(self, name: str) -> str:
        column = self.fields[name]
        if not isinstance(column, DayField):
            return ""
        try:
            day = column.to_python(self[name].value())
        except ValidationError:
            return ""
        return dates.weekday(day) if day else ""

    def refuse(self, error: ValidationError) -> None:
        refuse(self, error)

    def add_error(self, field: str | None, error: Any) -> None:
        """A broken rule of the database answers beside the field that can mend it."""
        if field is None and hasattr(error, "error_dict"):
            places = {str(rule.violation_error_message): rule.name for rule in self._meta.model._meta.constraints}
            moved: dict[str, list[ValidationError]] = {}
            for name, errors in error.error_dict.items():
                for one in errors:
                    rule = places.get(str(one.message)) if name == NON_FIELD_ERRORS else None
                    moved.setdefault(self.rules.get(str(rule), name), []).append(one)
            error = ValidationError(moved)
        super().add_error(field, error)


def _choice(key: Key) -> str:
    return f"choice-{key[0]}-{key[1]}".rstrip("-")


def said(form: WritingForm, comparison: Comparison) -> list[str]:
    """The names of the fields that others alone changed, in the order of the form, each once."""
    return list(dict.fromkeys(str(form.fields[name].label) for name, _language in comparison.taken))


class ReasonForm(TypedForm, forms.Form):
    """To withdraw or to restore: a reason is all that is asked."""

    use_required_attribute = False

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Printed in the history."),
        min_length=3,
        max_length=2000,
        error_messages={
            "required": gettext_lazy("Say in some words why."),
            "min_length": gettext_lazy("Say in some words why."),
        },
    )
    opened_from = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**62)

    def go_on_from(self, change_set: int) -> None:
        self.put_now(opened_from=str(change_set))

    def refuse(self, error: ValidationError) -> None:
        refuse(self, error)


def refuse(form: forms.BaseForm, error: ValidationError) -> None:
    """Show what an action refused: beside its field where it is on the form, else on top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    shown: dict[str, list[ValidationError]] = {}
    for name, errors in error.error_dict.items():
        shown.setdefault(name if name in form.fields else NON_FIELD_ERRORS, []).extend(errors)
    form.add_error(None, ValidationError(shown))
