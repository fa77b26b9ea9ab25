"""A proposal as its page shows it: counts, oddities with their places, and items by section, each with its choice."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from documents.importing import words
from documents.importing.brought import Anomaly, Oddity
from documents.importing.proposal import Field, Item, Proposal, State
from mandates.models import Paragraph
from meetings.models import Meeting
from mispa.ground.diff import differences, plain
from mispa.ground.text import Text

Shown = dict[str, Any]
_STATES: Final = {
    State.NEW: pgettext_lazy("of a thing in a file", "new"),
    State.CHANGED: pgettext_lazy("of a thing in a file", "changed"),
    State.UNCHANGED: pgettext_lazy("of a thing in a file", "unchanged"),
    State.ONLY_HERE: pgettext_lazy("of a thing in a file", "only here"),
    State.LEFT_OUT: pgettext_lazy("of a thing in a file", "left out before"),
}
_CHOICES: Final = {
    State.NEW: gettext_lazy("Leave it out"),
    State.ONLY_HERE: gettext_lazy("Withdraw it"),
    State.LEFT_OUT: gettext_lazy("Bring it in"),
}


# Choices ------------------------------------------------------------------


def days_to_choose(proposal: Proposal) -> dict[int, Sequence[str]]:
    """The oddities that a person decides: by number the days that can be meant."""
    return {
        number: one.candidates
        for number, one in enumerate(proposal.brought.anomalies)
        if one.oddity == Oddity.WEEKDAY and len(one.candidates) > 1
    }


def decisions_in(proposal: Proposal) -> Iterator[str]:
    """The keys of all that can be decided otherwise."""
    for item in proposal.items:
        if _choice(proposal, item):
            yield item.key
        yield from (field.key for field in item.fields)


def _choice(proposal: Proposal, item: Item) -> str:
    """What can be chosen for an item as a whole; empty where nothing can."""
    if item.is_refused or (item.state == State.ONLY_HERE and not item.may_go):
        return ""
    if item.state == State.LEFT_OUT and item.id in proposal.statuses and not item.returns:
        return ""
    return str(_CHOICES.get(item.state, ""))


# On top -------------------------------------------------------------------


def headlines(proposal: Proposal) -> list[Shown]:
    """The numbers that say at a glance what the file brings."""
    new = {kind: proposal.counts(kind)[State.NEW] for kind in ("row", "mandate", "meeting", "topic")}
    text = sum(proposal.counts(kind)[State.NEW] for kind in ("paragraph", "note"))
    changed = [item for item in proposal.items if item.state == State.CHANGED]
    conflicts = len(proposal.conflicts)
    unchanged = [item for item in proposal.items if item.state == State.UNCHANGED]
    only_here = [item for item in proposal.items if item.state == State.ONLY_HERE]
    kept, odd = sum(item.kept for item in proposal.items), len(proposal.brought.anomalies)
    said = [
        (new["row"], ngettext("new resolution", "new resolutions", new["row"])),
        (new["mandate"], ngettext("new mandate", "new mandates", new["mandate"])),
        (new["meeting"], ngettext("new meeting", "new meetings", new["meeting"])),
        (new["topic"], ngettext("new topic", "new topics", new["topic"])),
        (text, ngettext("new paragraph or note", "new paragraphs and notes", text)),
        (len(changed), ngettext("thing changed", "things changed", len(changed))),
        (conflicts, ngettext("choice to make", "choices to make", conflicts)),
        (len(unchanged), ngettext("thing unchanged", "things unchanged", len(unchanged))),
        (kept, ngettext("change of ours that stays", "changes of ours that stay", kept)),
        (len(only_here), ngettext("thing only here", "things only here", len(only_here))),
        (odd, ngettext("oddity", "oddities", odd)),
    ]
    return [{"number": number, "words": label} for number, label in said if number]


def oddities(anomalies: Sequence[Anomaly], kind: str, form: Any = None) -> list[Shown]:
    """What is odd, in the order of the file, with its place in words; and the field where a day can be chosen."""
    return [
        {
            "says": words.oddity(one),
            "printed": one.printed,
            "place": words.place(one.place, kind),
            "candidates": [] if one.oddity == Oddity.WEEKDAY else one.candidates,
            "field": form[f"oddity-{number}"] if form and number in form.candidates else None,
        }
        for number, one in enumerate(anomalies)
    ]


# Item by item -------------------------------------------------------------


def has_meetings_to_convene(proposal: Proposal) -> bool:
    """Whether the file brings meetings that are not convened yet."""
    return any(
        not item.is_refused and (item.state == State.NEW or proposal.statuses.get(item.id) == Meeting.Status.PROPOSED)
        for item in proposal.of("meeting")
        if item.path
    )


def sections(proposal: Proposal, chosen: set[str]) -> list[Shown]:
    """What there is to see, by the parts of a plan; an item that is as it was is there only for what is in it."""
    titles: dict[str, Any] = {"plan": _("The plan")}
    titles |= {section.value: section.label for section in Paragraph.Section}
    titles |= {"note": _("Notes"), "row": _("Resolutions and mandates"), "meeting": _("Calendar")}
    inside: dict[str, list[Item]] = {}
    for item in proposal.items:
        if item.parent:
            inside.setdefault(item.parent.key, []).append(item)
    found: dict[str, list[Shown]] = {}
    for item in proposal.items:
        if item.parent is None and (shown := _shown(proposal, item, inside, chosen)):
            place = item.section or (item.part["kind"] if item.kind == "order" else item.kind)
            found.setdefault(place, []).append(shown)
    return [{"id": place, "title": titles[place], "items": found[place]} for place in titles if place in found]


def _shown(proposal: Proposal, item: Item, inside: Mapping[str, Sequence[Item]], chosen: set[str]) -> Shown | None:
    parts = [shown for one in inside.get(item.key, ()) if (shown := _shown(proposal, one, inside, chosen))]
    if item.state == State.UNCHANGED and not parts:
        return None
    return {
        "key": item.key,
        "name": words.name(item),
        "state": _STATES[item.state] if item.state != State.UNCHANGED else "",
        "place": words.place(item.place, proposal.brought.kind),
        "says": words.saying(proposal, item) if item.state != State.CHANGED and item.state != State.UNCHANGED else "",
        "language": _language(item),
        "facts": list(_facts(proposal, item)),
        "choice": _choice(proposal, item),
        "is_chosen": item.key in chosen,
        "refusal": _refusal(proposal, item),
        "fields": [_field(proposal, one, chosen) | {"hint": _hint(proposal, item, one)} for one in item.fields],
        "parts": parts,
    }


def _language(item: Item) -> str:
    said = item.part.get("text") or item.part.get("title")
    return str(said["original"]) if said else ""


def _facts(proposal: Proposal, item: Item) -> Iterator[str]:
    """What is said of a new item beside its words."""
    if item.state != State.NEW:
        return
    for name in ("when", "words", "room", "city", "areas", "deadline"):
        if item.theirs.get(name):
            field = Field(item.key, name, "", None, None, item.theirs[name], False)
            if said := words.value(proposal, field, item.theirs[name]):
                yield said


def _refusal(proposal: Proposal, item: Item) -> str:
    if item.is_refused and item.kind == "row":
        return _("It is not taken: its symbol is not that of a resolution, or another row has it.")
    if item.is_refused and item.kind == "meeting":
        return _("It is not taken: its series is not known here, or it stands in the calendar of another group.")
    if item.state == State.LEFT_OUT and item.id in proposal.statuses and not item.returns:
        return _("It is cancelled here, and stays so.")
    if item.state == State.ONLY_HERE and not item.may_go:
        return _("Others know of it, so it stays. What becomes of it is decided in the calendar.")
    return ""


def _field(proposal: Proposal, field: Field, chosen: set[str]) -> Shown:
    base, mine, theirs = (words.value(proposal, field, side) for side in (field.base, field.mine, field.theirs))
    return {
        "key": field.key,
        "name": capfirst(words.field_name(field)),
        "language": field.language,
        "is_conflict": field.is_conflict,
        "is_chosen": field.key in chosen,
        "base": plain(base),
        "mine": differences(base, mine),
        "theirs": differences(base, theirs) if field.is_conflict else differences(mine, theirs),
        "choice": _("Take the file’s") if field.is_conflict else _("Keep ours"),
    }


def _hint(proposal: Proposal, item: Item, field: Field) -> str:
    """What a paper cannot say of a translation: whether it is now right."""
    mine = item.mine.get(field.name) if field.language and field.theirs and proposal.brought.kind != "json" else None
    if mine and Text.from_json(mine).is_stale(field.language):
        return _("It stays marked as older than the original until somebody confirms the translation.")
    return ""
