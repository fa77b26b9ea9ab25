"""The lines of a table: forms of many objects on one page, each text in its original language only."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from typing import Any, ClassVar, Final
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from mispa.ground.diff import differences, plain
from mispa.ground.fields import Clash, OrderedChoiceField, OrderedChoiceWidget
from mispa.ground.forms import LONGEST, TypedForm, refuse
from mispa.ground.links import Links
from mispa.ground.merging import LANGUAGE_NAMES, Comparison, Key, Values, is_text, values_of, words
from mispa.ground.models import ChangeSet, Tracked
from mispa.ground.openings import rows_then
from mispa.ground.text import LANGUAGES, Text

_HELPERS: Final = frozenset({"language", "take"})


class OneMoreWidget(OrderedChoiceWidget):
    """A table is long: one empty choice is enough."""

    spare = 1


class OneMoreField(OrderedChoiceField):
    widget = OneMoreWidget


class WordingField(forms.CharField):
    """A text in the one language that a table shows."""

    widget = forms.Textarea(attrs={"rows": 2})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST, **kwargs)

    def to_python(self, value: Any) -> Any:
        return _tidy(str(value or ""))


def _tidy(wording: str) -> str:
    return wording.replace("\r\n", "\n").replace("\r", "\n").strip()


class PasteForm(TypedForm, forms.Form):
    use_required_attribute = False

    pasted = forms.CharField(
        label=gettext_lazy("Paste a list here"),
        help_text=gettext_lazy(
            "One to a line or bullet. Bullets, numbers and letters before them are taken off. "
            "You see all before it is saved."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": gettext_lazy("Paste something first.")},
    )


class LineForm(TypedForm, forms.Form):
    """One object in a table. Its fields are columns of the object, and what it holds in rows beside them.

    `values` are what stands, by field; the texts among them are shown in the language in which they were written.
    """

    model: ClassVar[type[Tracked]]
    besides: ClassVar[Mapping[str, Links]] = {}
    always_there: ClassVar[Set[str]] = _HELPERS  # fields that say nothing where the others are empty
    use_required_attribute = False

    language = forms.ChoiceField(choices=[(code, code) for code in LANGUAGES], required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, thing: Tracked, values: Values, original: str = "en", **choices: Any) -> None:
        self.thing, self.original = thing, original
        texts = [text for name, text in values.items() if isinstance(text, Text)]
        shown_in = texts[0].original if texts else original
        shown = {name: shown_as(value, shown_in) for name, value in values.items()}
        super().__init__(data, prefix=str(thing.pk), initial={**shown, "language": shown_in})
        for name, field in self.fields.items():
            if isinstance(field, OrderedChoiceField):
                field.choices = choices[name]
            if isinstance(field, WordingField):
                field.widget.attrs["lang"] = self["language"].value() or shown_in
        if not any(isinstance(field, WordingField) for field in self.fields.values()):
            del self.fields["language"]
        self.clashes: list[tuple[str, Clash]] = []  # each with the field that it is about
        self.withdrawn: ChangeSet | None = None
        self.remark = ""
        self.full = ""  # where the object has all its fields

    @classmethod
    def names(cls) -> list[str]:
        """What it writes."""
        return [name for name in cls.base_fields if name not in _HELPERS]

    @property
    def is_left_out(self) -> bool:
        """Whether the writer does not want it: a new line without the tick, or a withdrawn one that may stay so."""
        return ("take" in self.fields and not self["take"].value()) or bool(self.data.get(self.add_prefix("gone")))

    def columns(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in _HELPERS]

    def changed(self, seen: Values, keeps_translations: bool = False) -> dict[str, Any]:
        """What was typed that is not as it was seen."""
        changed = {}
        for name in self.names():
            value = self.cleaned_data[name]
            if is_text(self.model, name):
                value = self._reworded(seen.get(name), value, keeps_translations)
            if name not in seen or value != seen[name]:
                changed[name] = value
        return changed

    def _reworded(self, text: Text | None, wording: str, keeps_translations: bool) -> Text:
        language = self.cleaned_data["language"] or (text.original if text else self.original)
        if text is None:
            return Text.of(wording, language)
        if _tidy(text.wordings.get(language, "")) == wording:
            return text
        reworded = text.with_wording(language, wording)
        return replace(reworded, declared=frozenset({language})) if keeps_translations else reworded

    # After others have written ------------------------------------------

    def put(self, name: str, value: Any) -> None:
        """Show a value in a field in place of what was typed."""
        self.data = sent = self.data.copy()  # type: ignore[attr-defined]
        shown = shown_as(value, self["language"].value() if "language" in self.fields else self.original)
        if isinstance(shown, tuple):
            sent.setlist(self.add_prefix(name), list(shown))
        else:
            sent[self.add_prefix(name)] = shown

    def yield_where_chosen(self, seen: Values) -> None:
        """Take the others' value, seen on the page of two wordings, where the writer chose it."""
        for name in self.names():
            if name in seen and self.data.get(self.add_prefix(f"choice-{name}")) == "theirs":
                self.put(name, seen[name])

    def catch_up(self, now: Values, comparison: Comparison) -> None:
        """Show what others changed meanwhile, and both where they changed what the writer changed too."""
        mine = {name for name, _language in comparison.changed_by_me}
        for name in self.names():
            if name not in mine:
                self.put(name, now[name])
        self.clashes = [(key[0], self._clash(comparison, key)) for key in comparison.conflicts]

    def _clash(self, comparison: Comparison, key: Key) -> Clash:
        name, language = key
        sides = (comparison.base, comparison.now, comparison.mine)
        base, theirs, mine = (self._in_words(key, side[key]) for side in sides)
        label = str(self.fields[name].label)
        fieldset = "_field" if self[name].use_fieldset else ""
        return Clash(
            name=self.add_prefix(f"choice-{name}"),
            control=f"{self[name].auto_id}{fieldset}",
            label=f"{label} ({LANGUAGE_NAMES[language]})" if language in LANGUAGES else label,
            base=plain(base),
            theirs=differences(base, theirs),
            mine=differences(base, mine),
            change_set=comparison.by.get(key),
        )

    def _in_words(self, key: Key, value: Any) -> str:
        name, language = key
        if name in self.besides:
            return self.besides[name].words(value)
        return str(value) if language else words(self.model, name, value)

    def refuse(self, error: ValidationError) -> None:
        refuse(self, error)


def shown_as(value: Any, language: str) -> Any:
    """A value as a field of a line shows it: of a text the one wording."""
    if isinstance(value, Text):
        return value.wordings.get(language, "")
    return "" if value is None else value


# Reading many at once -----------------------------------------------------


def values_now_of(form: type[LineForm], things: Iterable[Any]) -> dict[UUID, dict[str, Any]]:
    """What stands of many objects, by object and field, in a constant number of queries."""
    own = {thing.pk: values_of(thing, form.model, form.names()) for thing in things}
    return _with_links(form, own, None)


def seen_of(form: type[LineForm], where: Values, until: int) -> tuple[dict[UUID, Any], dict[UUID, dict[str, Any]]]:
    """The objects of a place as they were in the change-set `until`, and their values then."""
    rows = {row.id: row.instance for row in rows_then(form.model, where, until)}
    own = {pk: values_of(row, form.model, form.names()) for pk, row in rows.items()}
    return rows, _with_links(form, own, until)


def _with_links(form: type[LineForm], own: dict[UUID, dict[str, Any]], until: int | None) -> dict[UUID, dict[str, Any]]:
    for name, links in form.besides.items():
        held = links.read_all(own, until)
        for pk, values in own.items():
            values[name] = held.get(pk, ())
    return own


def parted(data: QueryDict) -> dict[str, QueryDict]:
    """What was sent, by the line to which it belongs: names of its fields begin with its id and a hyphen.

    What belongs to no line is found under the empty name.
    """
    parts: dict[str, QueryDict] = {}
    for name, values in data.lists():
        key = name[:36] if name[36:37] == "-" and "-" in name[:36] else ""
        parts.setdefault(key, QueryDict(mutable=True)).setlist(name, values)
    return parts
