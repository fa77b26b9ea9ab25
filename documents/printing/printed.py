"""What a paper says around the words of a text, whichever file it is: days, status, headings, facts of a meeting.

`text` and `record` are those of a snapshot, as `documents.editions.snapshot.objects` gives them; words come in the
language that is active now.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from django.utils import translation
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from documents.editions.snapshot import wall_times
from documents.editions.standing import is_settled, status_line, which, word
from mispa.ground import dates
from mispa.ground.text import Text

Json = Mapping[str, Any]


def language_name(code: str) -> str:
    """The name of a language as it stands in a sentence; of the four only English writes it with a capital."""
    name = str(get_language_info(code)["name_translated"])
    return name if translation.get_language() == "en" else name.lower()


def in_a_sentence(name: Text) -> str:
    """The name of the group where a heading of ours goes on with it; only one in the same language fits there."""
    return str(name) if name.lang == translation.get_language() else _("Working Group")


# How settled the text is ------------------------------------------------


def paper_date(record: Json, group: Json) -> date:
    """The day in the head: of adoption, or of confirmation; of issue for a draft and for what corrects a text."""
    adopted = record["adopted"]
    if is_settled(record) and not record["corrigendum"]:
        day: date = adopted["confirmed_on"] or adopted["on"]
        return day
    return record["issued_on"] or dates.in_zone(record["last_change_at"], group["timezone"]).date()


def status_lines(record: Json, group: Json) -> list[str]:
    """What stands in brackets under the title; of a draft also the instant, since there is no meeting to name."""
    done = [line] if (line := status_line(record)) else []
    if is_settled(record):
        return done
    changed = dates.in_zone(record["last_change_at"], group["timezone"])
    when = {"day": dates.day(changed), "hour": dates.hour(changed), "place": group["place"]}
    return [*done, _("As it stood on %(day)s, at %(hour)s, %(place)s") % when]


def on_every_page(record: Json, group: Json) -> str:
    """What every page says, so that a single one tells whether the text is settled; of a draft also its last change."""
    adopted = record["adopted"]
    if not adopted:
        changed = dates.in_zone(record["last_change_at"], group["timezone"])
        when = {"day": dates.day(changed), "hour": dates.hour(changed), "place": group["place"]}
        last_change = _("last change %(day)s, %(hour)s (%(place)s)") % when
        return f"{word(record)} · {last_change}"
    if adopted["how"] == "consensus":
        return _("Adopted %(day)s · %(edition)s") % {"day": dates.day(adopted["on"]), "edition": which(record)}
    if not adopted["confirmed_on"]:
        return _("%(word)s · not confirmed yet") % {"word": word(record)}
    days = {"day": dates.day(adopted["on"]), "confirmed": dates.day(adopted["confirmed_on"])}
    return _("Adopted ad referendum %(day)s, confirmed %(confirmed)s · %(edition)s") % {
        **days,
        "edition": which(record),
    }


def corrigendum(record: Json, group: Json, original: str) -> str:
    """Which corrigendum this is and what it corrects, by language; empty for any other text."""
    if not record["corrigendum"]:
        return ""
    languages = dict.fromkeys(one["language"] for one in record["corrections"])
    corrected = [_what_is_corrected(language, original) for language in languages]
    return _("Corrigendum %(number)s of %(day)s: %(corrected)s") % {
        "number": record["corrigendum"],
        "day": dates.day_formal(paper_date(record, group)),
        "corrected": "; ".join(corrected),
    }


def _what_is_corrected(language: str, original: str) -> str:
    if not language:
        return _("printed symbol corrected")
    if language == original:
        return _("original corrected")
    return _("%(language)s translation corrected") % {"language": language_name(language)}


# In which language ------------------------------------------------------


PARTS: Final = ("group", "plan", "narrative", "notes", "rows", "meetings")  # of a text, as papers print them


def not_in_language(text: Json, language: str) -> str:
    """The sentence of a paper some of whose texts are printed in their original; empty where none is."""
    if all(one.lang == language for one in texts([text[part] for part in PARTS])):
        return ""
    return not_complete(language)


def not_complete(language: str) -> str:
    return _("This text is not complete in %(language)s.") % {"language": language_name(language)}


def texts(value: Any) -> Iterator[Text]:
    """Every text inside a part of a snapshot."""
    if isinstance(value, Text):
        yield value
    elif isinstance(value, Mapping | list):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from texts(inner)


# The parts --------------------------------------------------------------


def sections(narrative: Json) -> Iterator[dict[str, Any]]:
    """The sections of the narrative that hold a paragraph: “heading” and “paragraphs”."""
    headings = {
        "background": _("Background"),
        "mandate": _("Mandate"),
        "considerations": _("Other considerations"),
    }
    for key, heading in headings.items():
        if narrative.get(key):
            yield {"heading": heading, "paragraphs": narrative[key]}


def deadline_worth_printing(mandate: Json) -> Json | None:
    """The deadline, where it says more than the mandate's own wording does."""
    deadline: Json | None = mandate["deadline"]
    if not deadline or deadline["refined_by"]:
        return deadline
    return None if str(deadline["words"]).casefold() in str(mandate["text"]).casefold() else deadline


def with_facts(meeting: Json, group: Json) -> dict[str, Any]:
    """A meeting and what its lines in the calendar depend on."""
    has_hours = bool(meeting["starts"]) and not meeting["all_day"] and meeting["precision"] == "exact"
    city = str(meeting["city"]["name"]) if meeting["city"] else ""
    starts, ends = wall_times(meeting) if has_hours else (meeting["starts"], meeting["ends"])
    return {
        **meeting,
        "starts": starts,
        "ends": ends,
        "has_hours": has_hours,
        "is_one_day": bool(meeting["starts"]) and f"{meeting['starts']:%F}" == f"{meeting['ends']:%F}",
        "is_elsewhere": city != str(group["place"]) if city else bool(meeting["country"]),
        # The hours of the Group are named once, under the table.
        "other_zone": (city or meeting["timezone"]) if meeting["timezone"] != group["timezone"] else "",
    }
