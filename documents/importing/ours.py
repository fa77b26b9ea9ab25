"""What our own papers print around the words of a plan, known again in each of the four languages.

The words come from the catalogues, as those that write the papers do.
"""

import re
from collections.abc import Set
from functools import lru_cache
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from mandates.symbols import find_all
from mispa.ground.text import LANGUAGES, search_key

_LONGEST: Final = 200  # letters of what is compared; places make long words slow
_PLACE: Final = re.compile(r"%\(\w+\)s")


@lru_cache
def _forms(message: str) -> tuple[re.Pattern[str], ...]:
    """The message in each language as a pattern, its places as groups."""
    made = []
    for language in LANGUAGES:
        with translation.override(language):
            said = " ".join(_(message).split())
        pieces = [re.escape(piece).replace("\\ ", " ") for piece in _PLACE.split(said)]
        made.append(re.compile("(.+?)".join(pieces), re.IGNORECASE))
    return tuple(made)


def _match(message: str, words: str) -> re.Match[str] | None:
    plain = " ".join(words.split())
    if len(plain) > _LONGEST:
        return None
    return next((found for form in _forms(message) if (found := form.fullmatch(plain))), None)


def is_said_of_nothing(words: str) -> bool:
    """Whether the words only say that the plan has nothing at this place."""
    return any(
        _match(message, words)
        for message in (
            "No resolution is in the plan yet.",
            "No mandate is entered.",
            "As named with the mandates.",
            "No area is named in the plan.",
            "No meeting of the Group is in the plan yet.",
            "No topic is named in the plan.",
            "The day is not in the plan.",
        )
    )


def paragraph_number(words: str) -> str:
    """“14” of “Paragraph 14 of the resolution”."""
    found = _match("Paragraph %(number)s of the resolution", words)
    return found[1].strip() if found else ""


_WHEN: Final = re.compile(
    r"(?:when|deadline|due|cu[aá]ndo|plazo|fecha l[ií]mite|[ée]ch[ée]ance|d[ée]lai|quando|prazo)\s*:\s*(.+)",
    re.IGNORECASE | re.DOTALL,
)
_WHO: Final = re.compile(
    r"(?:areas? responsible|responsible areas?|[aá]reas? responsables?|entit[ée]s? responsables?|organes? responsables?"
    r"|[aá]reas? respons[aá]ve(?:l|is)|responsibles?|responsables?|respons[aá]ve(?:l|is))\s*:\s*(.*)",
    re.IGNORECASE | re.DOTALL,
)


def when(words: str) -> str:
    """What follows “When:”, or another word for it."""
    found = _WHEN.fullmatch(words)
    return found[1].strip() if found else ""


def areas(words: str) -> str | None:
    """What follows “Area responsible:”, or another word for it; None of any other line."""
    found = _WHO.fullmatch(words)
    return found[1].strip() if found else None


def refined(words: str, organs: Set[str]) -> tuple[str, str | None, str]:
    """The words of a deadline, and what a later resolution says instead: its symbol and the days."""
    found = _match("When: %(words)s; %(symbol)s says %(refined)s.", f"When: {words}") or _in_any(words)
    if found:
        hits = find_all(found[2], organs)
        if len(hits) == 1 and hits[0].symbol and hits[0].printed == found[2].strip():
            return found[1], str(hits[0].symbol), found[3]
    return words.removesuffix("."), None, ""


def _in_any(words: str) -> re.Match[str] | None:
    """The same without the word “When” of a language."""
    if len(words) > _LONGEST:
        return None
    for form in _forms("When: %(words)s; %(symbol)s says %(refined)s."):
        _word, colon, rest = form.pattern.partition(":")
        if colon and (found := re.fullmatch(rest.strip(), " ".join(words.split()), re.IGNORECASE)):
            return found
    return None


def original_language(words: str) -> str:
    """The code of the language that “Original: English” names."""
    found = _match("Original: %(language)s", words)
    if not found:
        return ""
    named = search_key(found[1])
    for code, name in (("en", "English"), ("es", "Spanish"), ("fr", "French"), ("pt", "Portuguese")):
        for language in LANGUAGES:
            with translation.override(language):
                if search_key(_(name)) == named:
                    return code
    return ""
