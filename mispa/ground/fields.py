"""Fields of the forms that write: texts in languages, ordered choices, days and hours in words."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django.forms.models import ModelChoiceIterator
from django.template.loader import render_to_string
from django.utils.dates import MONTHS
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from mispa.ground.merging import LANGUAGE_NAMES
from mispa.ground.models import ChangeSet
from mispa.ground.text import LANGUAGES, Text, sort_key


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
        self.clashes: Mapping[str, Clash] = {}
        self.stands: Text | None = None  # the text as it is saved
        self.changed_since: Callable[[str], SafeString | None] = lambda language: None  # in its original

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, Any]:
        typed = {part: data.get(f"{name}-{part}") or "" for part in ("original", *LANGUAGES)}
        right = f"{name}-right"
        return typed | {"right": data.getlist(right) if hasattr(data, "getlist") else list(data.get(right, []))}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return all(f"{name}-{language}" not in data for language in LANGUAGES)

    def id_for_label(self, id_: str) -> str:
        return ""

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, dict(attrs or {}))
        id_ = context["widget"]["attrs"].get("id", f"id_{name}")
        original = value["original"]
        languages = sorted(LANGUAGES, key=lambda language: language != original)
        first, *others = (self._part(language, name, id_, value) for language in languages)
        context["original_part"], context["parts"] = first, others
        context["original"] = {"name": f"{name}-original", "id": f"{id_}-original", "value": original}
        context["original_clash"] = self.clashes.get("original")
        context["languages"] = LANGUAGE_NAMES.items()
        context["open_parts"] = [part for part in others if part["state"] in {"missing", "stale"}]
        context["is_long"] = self.long
        context["is_wrong"] = "aria-invalid" in context["widget"]["attrs"]
        has_news = any(part["state"] != "complete" or part["is_typed"] for part in others)
        context["is_open"] = bool(has_news or self.clashes or context["is_wrong"])
        return context

    def _part(self, language: str, name: str, id_: str, value: Any) -> dict[str, Any]:
        """One wording, and how it stands to the original: “missing”, “stale” or “complete”."""
        saved = self.stands.wordings.get(language, "") if self.stands else ""
        state = self.stands.state_in(language) if self.stands else "complete"
        return {
            "language": language,
            "label": LANGUAGE_NAMES[language],
            "name": f"{name}-{language}",
            "id": f"{id_}-{language}",
            "value": value[language],
            "state": state,
            "is_typed": value[language] != saved,
            "right": f"{name}-right",
            "is_right": language in value["right"],
            "changed_since": self.changed_since(language) if state == "stale" else None,
            "clash": self.clashes.get(language),
        }

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
            wordings = {language: value.wordings.get(language, "") for language in LANGUAGES}
            return {"original": value.original, **wordings, "right": []}
        typed = value or {}
        original = typed.get("original") or self.original
        wordings = {code: typed.get(code, "") for code in LANGUAGES}
        return {"original": original, **wordings, "right": typed.get("right", [])}

    def clean(self, value: Mapping[str, Any]) -> Text | None:
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
        if not wordings:
            return None
        text = Text.of(wordings.pop(original), original, **wordings)
        return replace(text, declared=frozenset(value["right"]) & set(wordings))


# Lists of choices -------------------------------------------------------


class _ByName(ModelChoiceIterator):
    """The choices of a list as readers of the page look for them."""

    def __iter__(self) -> Iterator[Any]:
        # The empty choice comes first.
        yield from sorted(super().__iter__(), key=lambda choice: (choice[0] != "", sort_key(str(choice[1]))))


def choose_by_name(field: Any, things: models.QuerySet[Any]) -> None:
    """Offer objects in a field of a form, in the order of their names."""
    field.iterator = _ByName
    field.queryset = things


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

YEARS = range(1900, 2201)  # what papers of ours can mean; years far away are slips, and no calendar can show them


def valid_year(day: date) -> None:
    """Refuses a day too far away."""
    if day.year not in YEARS:
        raise ValidationError(
            _("Write a year from %(first)s to %(last)s."),
            params={"first": YEARS[0], "last": YEARS[-1]},
            code="invalid",
        )


class DayField(forms.DateField):
    """A day as 2013-09-05, or as papers write it; what cannot be a day is answered with what could."""

    _ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\Z")
    _WORDS = re.compile(
        r"(?:(?P<day>\d{1,2})(?:\.|er|º)?\s+(?:de\s+)?(?P<month>[^\W\d]+)(?:\s+de)?"
        r"|(?P<month2>[^\W\d]+)\s+(?P<day2>\d{1,2})),?\s+(?P<year>\d{4})\Z"
    )
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"autocomplete": "off"})

    def to_python(self, value: Any) -> date | None:
        if not isinstance(value, str):
            return super().to_python(value)
        typed = " ".join(value.split())
        if not typed:
            return None
        year, month, day = self._parts(typed)
        if not (1 <= month <= 12 and 1 <= day <= 31 and year >= 1):
            raise ValidationError(_("Write the day as 2013-09-05, or as September 5, 2013."), code="invalid")
        valid_year(date(year, month, 1))
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
            if month := _month(name) or _month(name, "en"):
                return int(found["year"]), month, int(found["day"] or found["day2"])
        return 0, 0, 0


def _month(name: str, language: str | None = None) -> int:
    """The number of a month by its name in small letters, in a language or in that of the page; 0 if it is none."""
    with override(language or get_language()):
        return next((number for number, word in MONTHS.items() if str(word).casefold() == name), 0)


class HourField(forms.TimeField):
    """An hour of the day as 14:30, or 2:30 p.m."""

    widget = forms.TimeInput(format="%H:%M", attrs={"autocomplete": "off"})
    default_error_messages = {"invalid": gettext_lazy("Write the hour as 14:30.")}

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.strip().lower().replace("a.m.", "am").replace("p.m.", "pm").replace("h", ":")
        return super().to_python(value)

    input_formats = ["%H:%M", "%H.%M", "%I:%M %p", "%I:%M%p", "%I %p"]
