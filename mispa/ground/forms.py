"""Forms that write: texts in languages, ordered choices, days in words; and what every such form carries."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils.dates import MONTHS
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mispa.ground import dates
from mispa.ground.diff import differences, plain
from mispa.ground.links import Beside
from mispa.ground.merging import LANGUAGE_NAMES, Comparison, Key, own_fields, words
from mispa.ground.models import ChangeSet
from mispa.ground.text import LANGUAGES, Text


@dataclass(frozen=True)
class Clash:
    """What a reader needs to choose between two wordings of one field."""

    name: str  # of the choice
    control: str  # id of the field with the wording that will be saved
    label: str
    base: SafeString
    theirs: SafeString
    mine: SafeString
    change_set: ChangeSet | None


# Texts in languages -----------------------------------------------------


class LanguagesWidget(forms.Widget):
    """A field for each language, the original's first, and the choice which language that is."""

    use_fieldset = True
    template_name = "ground/_wordings.html"

    def __init__(self, long: bool = True, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.long = long
        self.clashes: dict[str, Clash] = {}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        return {part: data.get(f"{name}-{part}") or "" for part in ("original", *LANGUAGES)}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return all(f"{name}-{language}" not in data for language in LANGUAGES)

    def id_for_label(self, id_: str) -> str:
        return ""

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, dict(attrs or {}))
        id_ = context["widget"]["attrs"].get("id", f"id_{name}")
        original = value["original"]
        context["parts"] = [
            {
                "language": language,
                "label": LANGUAGE_NAMES[language],
                "name": f"{name}-{language}",
                "id": f"{id_}-{language}",
                "value": value[language],
                "is_original": language == original,
                "is_stale": language in value["stale"],
                "clash": self.clashes.get(language),
            }
            for language in sorted(LANGUAGES, key=lambda language: language != original)
        ]
        context["original"] = {"name": f"{name}-original", "id": f"{id_}-original", "value": original}
        context["original_clash"] = self.clashes.get("original")
        context["languages"] = LANGUAGE_NAMES.items()
        context["is_open"] = any(part["clash"] or part["value"] for part in context["parts"][1:]) or self.clashes
        context["is_long"] = self.long
        context["is_wrong"] = "aria-invalid" in context["widget"]["attrs"]
        return context

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return render_to_string(self.template_name, self.get_context(name, value, attrs))


class LanguagesFormField(forms.Field):
    """A `Text`, or None where nothing is written."""

    def __init__(self, *, long: bool = True, original: str = "en", **kwargs: Any) -> None:
        super().__init__(widget=LanguagesWidget(long), **kwargs)
        self.original = original

    def prepare_value(self, value: Any) -> dict[str, Any]:
        """From a `Text`, from None, or from what was typed."""
        if isinstance(value, Text):
            stale = [language for language in value.wordings if value.is_stale(language)]
            wordings = {language: value.wordings.get(language, "") for language in LANGUAGES}
            return {"original": value.original, **wordings, "stale": stale}
        typed = value or {}
        original = typed.get("original") or self.original
        return {"original": original, **{code: typed.get(code, "") for code in LANGUAGES}, "stale": []}

    def clean(self, value: Mapping[str, str]) -> Text | None:
        original = value["original"] or self.original
        if original not in LANGUAGES:
            raise ValidationError(_("Choose English, Spanish, French or Portuguese."), code="language")
        wordings = {}
        for language in LANGUAGES:
            wording = value[language].replace("\r\n", "\n").replace("\r", "\n").strip()
            ProhibitNullCharactersValidator()(wording)
            if wording:
                wordings[language] = wording
        if original not in wordings and (self.required or wordings):
            name = LANGUAGE_NAMES[original]
            raise ValidationError(
                _("Write the text in %(language)s, its original language."), params={"language": name}
            )
        return Text(original, wordings) if wordings else None


# An ordered list of choices ---------------------------------------------


class OrderedChoiceWidget(forms.Select):
    """One list to choose from for each item, in order, and some that are empty."""

    use_fieldset = True
    spare = 2

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [value for value in data.getlist(name) if value]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data

    def id_for_label(self, id_: str, index: str = "0") -> str:
        return ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        attrs = dict(attrs or {})
        id_ = attrs.get("id", f"id_{name}")
        places = [
            {
                "id": f"{id_}_{place}",
                "number": place,
                "options": [
                    {"value": key, "label": label, "selected": str(key) == str(chosen)} for key, label in self.choices
                ],
            }
            for place, chosen in enumerate([*(value or []), *[""] * self.spare], start=1)
        ]
        context = {"name": name, "places": places, "is_wrong": "aria-invalid" in attrs}
        return render_to_string("ground/_ordered.html", context)


class OrderedChoiceField(forms.Field):
    """The chosen items in order, each once, as a tuple of their keys (see `Links`)."""

    widget = OrderedChoiceWidget

    def __init__(
        self, *, choices: Iterable[tuple[str, Any]] = (), once: Callable[[str], str] = str, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.once = once  # what may not come twice
        self.choices = list(choices)

    @property
    def choices(self) -> list[tuple[str, Any]]:
        return self._choices

    @choices.setter
    def choices(self, choices: Sequence[tuple[str, Any]]) -> None:
        self._choices = list(choices)
        self.widget.choices = [("", "–"), *self._choices]

    def clean(self, value: Sequence[str]) -> tuple[str, ...]:
        names = {str(key): str(label) for key, label in self._choices}
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")
        if not set(value) <= set(names):
            raise ValidationError(_("Choose from the list."), code="invalid_choice")
        ids = [self.once(key) for key in value]
        if double := next((key for key in value if ids.count(self.once(key)) > 1), None):
            raise ValidationError(_("“%(name)s” is there twice; choose it once."), params={"name": names[double]})
        return tuple(value)


# Days and hours ---------------------------------------------------------


class DayField(forms.DateField):
    """A day as 2013-09-05, or as papers write it; what cannot be a day is answered with what could."""

    _ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\Z")
    _WORDS = re.compile(
        r"(?:(?P<day>\d{1,2})\.?\s+(?P<month>[^\W\d]+)|(?P<month2>[^\W\d]+)\s+(?P<day2>\d{1,2})),?\s+(?P<year>\d{4})\Z"
    )
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"autocomplete": "off"})

    def to_python(self, value: Any) -> date | None:
        if not isinstance(value, str):
            return super().to_python(value)
        typed = " ".join(value.split())
        if not typed:
            return None
        year, month, day = self._parts(typed)
        if not (1 <= month <= 12 and 1 <= day <= 31 and year >= 1900):
            raise ValidationError(_("Write the day as 2013-09-05, or as September 5, 2013."), code="invalid")
        last = monthrange(year, month)[1]
        if day > last:
            raise ValidationError(
                _("%(month)s %(year)s has %(last)s days. Write %(month)s %(last)s, %(year)s, or another day."),
                params={"month": MONTHS[month], "year": year, "last": last},
                code="invalid",
            )
        return date(year, month, day)

    def _parts(self, typed: str) -> tuple[int, int, int]:
        if found := self._ISO.match(typed):
            return int(found["year"]), int(found["month"]), int(found["day"])
        if found := self._WORDS.match(typed):
            name = (found["month"] or found["month2"]).casefold()
            months = [number for number, word in MONTHS.items() if str(word).casefold() == name]
            english = [
                "january",
                "february",
                "march",
                "april",
                "may",
                "june",
                "july",
                "august",
                "september",
                "october",
                "november",
                "december",
            ]
            if not months and name in english:
                months = [english.index(name) + 1]
            if months:
                return int(found["year"]), months[0], int(found["day"] or found["day2"])
        return 0, 0, 0


class HourField(forms.TimeField):
    """An hour of the day as 14:30, or 2:30 p.m."""

    widget = forms.TimeInput(format="%H:%M", attrs={"autocomplete": "off"})
    default_error_messages = {"invalid": gettext_lazy("Write the hour as 14:30.")}

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.strip().lower().replace("a.m.", "am").replace("p.m.", "pm").replace("h", ":")
        return super().to_python(value)

    input_formats = ["%H:%M", "%H:%M:%S", "%H.%M", "%I:%M %p", "%I:%M%p", "%I %p"]


# The form itself --------------------------------------------------------


class WritingForm(forms.ModelForm):
    """A form that is saved by an action: it asks for a reason, and knows from which state it was opened."""

    # What stands beside the model's columns (`Links` and the like), by field name.
    besides: ClassVar[Mapping[str, Beside]] = {}
    # Titles of sections and the fields in each; the reason comes last by itself.
    sections: ClassVar[Sequence[tuple[Any, Sequence[str]]]] = ()
    # Constraints, and beside which field their sentence is shown.
    rules: ClassVar[Mapping[str, str]] = {}

    reason = forms.CharField(
        label=gettext_lazy("Why this change"),
        help_text=gettext_lazy("Printed in the history. For example: asked for at the meeting of September 5."),
        min_length=3,
        max_length=2000,
        error_messages={
            "required": gettext_lazy("Say in some words why this is changed."),
            "min_length": gettext_lazy("Say in some words why this is changed."),
        },
    )
    opened_from = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**62)
    new_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    restoring = forms.BooleanField(widget=forms.HiddenInput, required=False)

    comparison: Comparison | None = None
    use_required_attribute = False  # the answer beside the field comes from us, in words

    def __init__(self, *args: Any, original: str = "en", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, column in self.fields.items():
            if isinstance(column, LanguagesFormField):
                column.original = original
            if isinstance(column, LanguagesFormField) and name in own_fields(self._meta.model):
                column.label = column.label or capfirst(self._meta.model._meta.get_field(name).verbose_name)

    @property
    def is_new(self) -> bool:
        return bool(self.instance._state.adding)

    @property
    def names(self) -> list[str]:
        """What this form writes."""
        return [name for name in self.fields if name in (self._meta.fields or ()) or name in self.besides]

    def values(self) -> dict[str, Any]:
        """What was typed, in the shape of columns: a reference by its id."""
        typed = {}
        for name in self.names:
            value = self.cleaned_data[name]
            typed[name] = value.pk if isinstance(value, Model) else value
        return typed

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
        for name, language in comparison.conflicts:
            widget = self.fields[name].widget
            if isinstance(widget, LanguagesWidget):
                widget.clashes[language] = self._clash(comparison, (name, language))

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
                if name in self.fields
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


class ReasonForm(forms.Form):
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
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["opened_from"] = str(change_set)  # type: ignore[index]

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
