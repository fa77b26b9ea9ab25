"""A text in several languages: one original, translations, and from which original each was made."""

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import filterfalse
from typing import Any, Final, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

LANGUAGES: Final = ("en", "es", "fr", "pt")
STATES: Final = ("missing", "stale", "complete")  # of a text in a language
ORIGINAL_IS_MISSING: Final = _("Write the text in its original language.")


def fingerprint(wording: str) -> str:
    """Twelve hex digits that change when the wording does; they tell which original a translation was made from."""
    return hashlib.sha256(unicodedata.normalize("NFC", wording).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Text:
    """One text of the Group: wordings by language, the original's language, and what translations were made from.

    `Text.of("…")` makes one in English. `str(text)` is the wording for the language of the page: that language's, else
    the original's; `text.language_for(code)` says which of the two it is, so that pages can mark it.
    """

    original: str
    wordings: Mapping[str, str]
    made_from: Mapping[str, str] = field(default_factory=dict)
    # What the writer of a form says beside its wordings, never stored: the translations that are right as they stand.
    # The original's own language among them says that its change leaves those right which were so before.
    declared: frozenset[str] = field(default=frozenset(), compare=False)

    @classmethod
    def of(cls, wording: str, original: str = "en", **translations: str) -> Self:
        """A text whose translations, if any, are up to date with its original."""
        made_from = {language: fingerprint(wording) for language in translations}
        return cls(original, {original: wording, **translations}, made_from)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """From the shape of the database and of a snapshot: {"original": "en", "en": "…", "from": {…}}."""
        wordings = {language: value[language] for language in LANGUAGES if value.get(language)}
        return cls(value["original"], wordings, dict(value.get("from", {})))

    def to_json(self) -> dict[str, Any]:
        shape: dict[str, Any] = {"original": self.original, **self.wordings}
        if self.made_from:
            shape["from"] = dict(self.made_from)
        return shape

    def language_for(self, language: str) -> str:
        """The language in which a reader of `language` gets this text."""
        return language if language in self.wordings else self.original

    def in_language(self, language: str) -> str:
        return self.wordings[self.language_for(language)]

    def is_stale(self, language: str) -> bool:
        """Whether the original has changed since this translation was made."""
        made_from = self.made_from.get(language)
        return made_from is not None and made_from != fingerprint(self.wordings[self.original])

    def state_in(self, language: str) -> str:
        """“missing”, “stale” or “complete”, one of `STATES`."""
        if language not in self.wordings:
            return "missing"
        return "stale" if self.is_stale(language) else "complete"

    def with_wording(self, language: str, wording: str) -> Self:
        """The text with one wording changed, or without it where `wording` is empty (never the original)."""
        wordings = {key: value for key, value in self.wordings.items() if key != language}
        made_from = {key: value for key, value in self.made_from.items() if key != language}
        if wording:
            wordings[language] = wording
            if language != self.original:
                made_from[language] = fingerprint(self.wordings[self.original])
        return type(self)(self.original, wordings, made_from)

    @property
    def lang(self) -> str:
        """The language that `str()` gives now, for the `lang` attribute."""
        return self.language_for((get_language() or self.original)[:2])

    def __str__(self) -> str:
        return self.wordings[self.lang]

    def __bool__(self) -> bool:
        return bool(self.wordings.get(self.original))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.wordings.items())

    def __hash__(self) -> int:
        return hash((self.original, tuple(sorted(self.wordings.items()))))


class LanguagesField(models.JSONField):
    """A column that holds a `Text`; NULL where an optional text is absent."""

    description = "A text in several languages"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        # A key transform inside a constraint or filter brings one wording, not the whole.
        loaded = super().from_db_value(value, expression, connection)
        return Text.from_json(loaded) if isinstance(loaded, dict) and "original" in loaded else loaded

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(value.to_json() if isinstance(value, Text) else value, connection, prepared)

    def to_python(self, value: Any) -> Any:
        return Text.from_json(value) if isinstance(value, dict) and "original" in value else value

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        if isinstance(value, Text):
            if value.original not in LANGUAGES:
                raise ValidationError(_("The original language is not one of the four."), code="language")
            if not value:
                raise ValidationError(ORIGINAL_IS_MISSING, code="blank")
            return
        super().validate(value, model_instance)

    def value_to_string(self, obj: models.Model) -> Any:
        value = self.value_from_object(obj)
        return value.to_json() if isinstance(value, Text) else value

    def formfield(self, **kwargs: Any) -> Any:
        return None  # forms name their language fields themselves: see forms.LanguagesFormField


def original_is_there(name: str, model: str) -> models.CheckConstraint:
    """CHECK: where the text is there at all, its original language is one of the four and has a wording."""
    has_original = models.Q(**{f"{name}__isnull": True})
    for language in LANGUAGES:
        is_written = models.Q(**{f"{name}__has_key": language}) & ~models.Q(**{f"{name}__{language}": ""})
        has_original |= models.Q(**{f"{name}__original": language}) & is_written
    # A comparison with a key that is not there is NULL, and a CHECK lets NULL pass.
    surely = models.Case(models.When(has_original, then=True), default=False, output_field=models.BooleanField())
    return models.CheckConstraint(
        condition=surely,
        name=f"{model}_{name}_has_its_original",
        violation_error_message=ORIGINAL_IS_MISSING,
    )


# Comparing and sorting ---------------------------------------------------

# Letters that Unicode does not take apart, as dictionaries file them.
_LETTERS: Final = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})
_AFTER_N: Final = f"n{chr(0x10FFFF)}"  # behind everything that begins with n


def search_key(wording: str) -> str:
    """A wording for comparing: without case, accents and spaces too many."""
    letters = unicodedata.normalize("NFKD", wording.casefold())
    plain = "".join(filterfalse(unicodedata.combining, letters))
    return " ".join(plain.translate(_LETTERS).split())


def sort_key(text: Text | str, language: str = "") -> tuple[str, str, str]:
    """Where a name stands in a list for readers of a language, else of that of the page.

    Letters count first, then their accents, then case: small letters before capitals. In Spanish ñ comes after n.
    """
    language = language or (get_language() or "")[:2]
    wording = unicodedata.normalize("NFC", text.in_language(language) if isinstance(text, Text) else text)
    small = wording.casefold()
    letters = small.replace("ñ", _AFTER_N) if language == "es" else small
    return search_key(letters), small, wording.swapcase()
