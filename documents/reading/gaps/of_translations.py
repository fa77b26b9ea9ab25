"""How much of a group's texts is missing in each language, or older than its original: one finding for each."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from documents.reading.gaps.finding import Finding
from documents.reading.translations import texts_of
from mandates.models import WorkingGroup
from mispa.ground.merging import LANGUAGE_NAMES
from mispa.ground.text import LANGUAGES, fingerprint


def of_translations(group: WorkingGroup) -> Iterator[Finding]:
    """The desk of the translators has the single texts."""
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for pk, name, text in texts_of(group):
        for language in LANGUAGES:
            if (state := text.state_in(language)) != "complete":
                found[state, language].append([str(pk), name, fingerprint(text.wordings[text.original])])
    desk = reverse("documents:translations", args=[group.slug])
    for language in LANGUAGES:
        for state in ("missing", "stale"):
            if texts := found[state, language]:
                where = f"{desk}?state={state}&language={language}"
                says = _says(state, len(texts)) % {"number": len(texts), "language": LANGUAGE_NAMES[language]}
                kind = f"translation-{state}"
                yield Finding(kind, language, says, _("The translators’ desk lists them."), where, where, tuple(texts))


def _says(state: str, number: int) -> str:
    if state == "missing":
        return ngettext(
            "%(number)s text is missing in %(language)s.", "%(number)s texts are missing in %(language)s.", number
        )
    return ngettext(
        "%(number)s text in %(language)s is older than its original.",
        "%(number)s texts in %(language)s are older than their originals.",
        number,
    )
