"""The translators' desk: every text of a group's working text in its languages."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from documents.editions import snapshot
from documents.reading.frame import group_context, group_or_404, plan_or_404
from documents.reading.translations import Line, counts, lines
from documents.views.shared import filter_of, one_of
from mandates.permissions import can_see_history
from mispa.ground.merging import LANGUAGE_NAMES
from mispa.ground.text import LANGUAGES, STATES

ON_A_PAGE = 50
WORDS = {
    "": gettext_lazy("To be done"),
    "missing": gettext_lazy("Missing"),
    "stale": gettext_lazy("Older than the original"),
    "complete": gettext_lazy("Complete"),
    "all": gettext_lazy("All"),
}
WANTED = {"": {"missing", "stale"}, "all": set(STATES)} | {state: {state} for state in STATES}


@require_safe
def translation_list(request: HttpRequest, group: str) -> HttpResponse:
    found = group_or_404(request, group)
    if not can_see_history(request.user, found):
        raise PermissionDenied
    plan, every = plan_or_404(found), lines(request.user, found)
    kinds = {line.kind: line.label for line in every}
    languages = {"": _("All"), **LANGUAGE_NAMES}
    language = one_of(request, "language", languages, _("The address names no language of ours."))
    state = one_of(request, "state", WORDS, _("The address names no state of a translation."))
    kind = one_of(request, "kind", {"": _("All"), **kinds}, _("The address names no kind of text that is here."))
    asked = {language} if language else set(LANGUAGES)
    chosen = [one for line in every if kind in ("", line.kind) and (one := _only(line, asked, WANTED[state]))]
    context = group_context(request, found, "plan") | {
        "total": len(every),
        "languages_of_texts": _languages(every),
        "complete": [LANGUAGE_NAMES[code] for code in snapshot.complete_languages(snapshot.take(plan).text)],
        "page_of_lines": Paginator(chosen, ON_A_PAGE).get_page(request.GET.get("page")),
        "is_done": not any(one.state != "complete" for line in every for one in line.translations),
        "filters": [
            filter_of("language", _("Language"), language, languages),
            filter_of("state", _("State"), state, WORDS),
            filter_of("kind", _("Kind"), kind, {"": _("All"), **kinds}),
        ],
    }
    return render(request, "documents/translation_list.html", context)


def _only(line: Line, languages: set[str], states: set[str]) -> Line | None:
    """A text with those of its translations that are asked for; None if there are none."""
    asked = [one for one in line.translations if one.language in languages and one.state in states]
    return replace(line, translations=asked) if asked else None


def _languages(every: list[Line]) -> list[dict[str, Any]]:
    """How far each language is, with where the parts of its bar begin."""
    return [
        {
            "code": code,
            "name": LANGUAGE_NAMES[code],
            "there": number["original"] + number["complete"],
            **number,
        }
        for code, number in counts(every).items()
    ]
