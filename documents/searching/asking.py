"""The words and the choices of a search, as they stand in its address."""

from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.searching.reader import Reader
from documents.searching.sources import KINDS
from documents.searching.words import Query, read
from mandates.models import registered_organs
from mispa.ground.fields import YEARS
from mispa.ground.models import User

LONGEST: Final = 300  # letters of a search


class _WordsField(forms.CharField):
    """Whatever somebody types or pastes; signs that no text has count as spaces."""

    def to_python(self, value: Any) -> str | None:
        return super().to_python(value.replace("\0", " ") if isinstance(value, str) else value)


class SearchForm(forms.Form):
    """What is looked for, and among what. Once it is valid, `query` has the words."""

    use_required_attribute = False

    q = _WordsField(
        label=gettext_lazy("Words or symbol"),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "maxlength": None}),
        error_messages={
            "required": gettext_lazy("Write what you look for."),
            "max_length": gettext_lazy("Search for fewer words: at most %(limit_value)s letters."),
        },
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    group = forms.ChoiceField(label=gettext_lazy("Group"), required=False)
    year = forms.IntegerField(
        label=gettext_lazy("Year"),
        required=False,
        min_value=YEARS[0],
        max_value=YEARS[-1],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4, "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), gettext_lazy("Write the year with four digits.")
        ),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)

    query: Query

    def __init__(self, data: Any, reader: Reader) -> None:
        super().__init__(data, auto_id="search-%s")
        groups = [(group.slug, str(group.short_name)) for group in reader.groups.values()]
        states = [
            (capfirst(str(kind.label)), [(f"{name}:{state}", word) for state, word in kind.states.items()])
            for name, kind in KINDS.items()
            if kind.states
        ]
        self._offer("kind", _("any kind"), [(name, capfirst(str(kind.label))) for name, kind in KINDS.items()])
        self._offer("group", _("any group"), groups)
        self._offer("language", _("any language"), User.Language.choices)
        self._offer("status", _("any status"), states)

    def _offer(self, name: str, any_word: str, choices: Any) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = [("", any_word), *choices]

    @property
    def narrowing(self) -> list[forms.BoundField]:
        return [field for field in self if field.name != "q"]

    @property
    def is_narrowed(self) -> bool:
        return any(self.data.get(field.name) for field in self.narrowing)

    def clean_q(self) -> str:
        typed: str = self.cleaned_data["q"]
        self.query = read(typed, registered_organs())
        if not self.query.words:
            raise ValidationError(_("Write a word, a number or a symbol."))
        return typed
