"""What a paper prints: a snapshot and its record as the templates in `templates/pdf/` want them."""

from datetime import UTC
from typing import Any

from django.utils.translation import gettext as _

from documents.editions.standing import is_settled, which, word
from documents.printing import printed
from documents.printing.pdf.proof import proof
from documents.printing.printed import Json


def context_for(text: Json, record: Json, language: str, seal: Json | None) -> dict[str, Any]:
    """The context of a paper in the language that is active now."""
    group, original = text["group"], text["plan"]["original_language"]
    meetings = [printed.with_facts(meeting, group) for meeting in text["meetings"]]
    sessions = [meeting for meeting in meetings if meeting["kind"] == "session"]
    return {
        "text": text,
        "language": language,
        "group_name": printed.in_a_sentence(group["name"]),
        "group_short_name": printed.in_a_sentence(group["short_name"]),
        "paper": True,
        "notes": text["notes"],
        # What is not adopted for good looks like a draft, however widely it has been opened.
        "rule": "adopted" if is_settled(record) else "draft",
        "word": word(record),
        "status_lines": printed.status_lines(record, group),
        "foot": printed.on_every_page(record, group),
        "corrigendum": printed.corrigendum(record, group, original),
        "corrections": [_correction(one) for one in record["corrections"]],
        "incomplete": incomplete([text[part] for part in printed.PARTS], language),
        "paper_date": printed.paper_date(record, group),
        "changed": record["last_change_at"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "original": printed.language_name(original),
        "edition": which(record),
        "proof": proof(seal) if seal else None,
        "is_strict": False,
        "sections": list(printed.sections(text["narrative"])),
        "sessions": sessions,
        "has_hours": any(meeting["has_hours"] for meeting in sessions),
        "coming": [meeting for meeting in meetings if meeting["kind"] == "ministerial"],
    }


def _correction(one: Json) -> dict[str, Any]:
    """One wording before and after; a printed symbol is in no language."""
    language = one["language"]
    return {**one, "name": printed.language_name(language) if language else "", "where": one.get("where", "")}


def incomplete(parts: Any, language: str) -> list[str]:
    """What to say of the passages that are marked; nothing where every text is in the language and up to date."""
    shown = {(one.lang, one.is_stale(one.lang)) for one in printed.texts(parts)}
    others = sorted({lang for lang, _is_stale in shown} - {language})
    sentences = []
    if others:
        sentences = [
            printed.not_complete(language),
            *(
                _("What is marked %(mark)s is in the original, %(language)s.")
                % {"mark": other.upper(), "language": printed.language_name(other)}
                for other in others
            ),
        ]
    if (language, True) in shown:
        mark = _("older than the original")
        sentences.append(_("The original of what is marked “%(mark)s” has changed since.") % {"mark": mark})
    return sentences
