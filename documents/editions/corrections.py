"""What a corrigendum may mend of a sealed text: single wordings, found by comparing it with the working text.

Everything else that differs (a mandate more, another hour, another order) changes what the Group adopted, and is for an
amendment.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from mispa.ground.text import LANGUAGES, Text

Json = dict[str, Any]
Path = tuple[str, ...]

# Printed strings that are wordings in no language of their own.
_PRINTED: Final = {"symbol_as_printed"}
# What comes with the wording, or with the paper, and is compared nowhere.
_ASIDE: Final = {("plan", "symbol"), ("documents",), ("notes", "symbols")}


@dataclass(frozen=True)
class Correction:
    """One wording that differs, at all places where the text prints it; `language` is empty for a printed symbol."""

    paths: tuple[Path, ...]
    language: str
    before: str
    after: str

    @property
    def key(self) -> str:
        """What a form calls it by; it changes with either wording."""
        parts = "\0".join(["/".join(path) for path in self.paths] + [self.language, self.before, self.after])
        return hashlib.sha256(parts.encode()).hexdigest()[:16]

    def to_json(self) -> Json:
        return {
            "paths": [list(path) for path in self.paths],
            "language": self.language,
            "before": self.before,
            "after": self.after,
        }


@dataclass(frozen=True)
class Differences:
    """What differs between two texts: wordings, and the places where something else does."""

    wordings: list[Correction]
    others: list[Path]


def differences(sealed: Json, working: Json) -> Differences:
    """How the working text differs from a sealed one, wording by wording."""
    found: dict[tuple[str, str, str, str], list[Path]] = {}
    others: list[Path] = []
    _compare(sealed, working, (), found, others)
    wordings = [
        Correction(tuple(paths), language, before, after) for (_of, language, before, after), paths in found.items()
    ]
    return Differences(wordings, others)


def _compare(old: Any, new: Any, path: Path, found: dict[Any, list[Path]], others: list[Path]) -> None:
    if old == new or _names(path) in _ASIDE:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        if "original" in old and "original" in new and old["original"] == new["original"]:
            _compare_wordings(old, new, path, found)
        elif old.get("id") == new.get("id") and old.keys() == new.keys():
            for key in old:
                _compare(old[key], new[key], (*path, key), found, others)
        else:
            others.append(path)
    elif isinstance(old, list) and isinstance(new, list):
        _compare_lists(old, new, path, found, others)
    elif isinstance(old, str) and isinstance(new, str) and path[-1] in _PRINTED:
        found.setdefault((path[-1], "", old, new), []).append(path)
    else:
        others.append(path)


def _compare_wordings(old: Json, new: Json, path: Path, found: dict[Any, list[Path]]) -> None:
    for language in LANGUAGES:
        before, after = old.get(language, ""), new.get(language, "")
        if before != after:
            found.setdefault((path[-1], language, before, after), []).append(path)


def _compare_lists(
    old: list[Any], new: list[Any], path: Path, found: dict[Any, list[Path]], others: list[Path]
) -> None:
    if [_id(one) for one in old] != [_id(one) for one in new]:
        others.append(path)
    after = {_id(one): one for one in new}
    for one in old:
        if isinstance(one, dict) and _id(one) in after:
            _compare(one, after[_id(one)], (*path, _id(one)), found, others)


def _id(one: Any) -> str:
    """By what the members of a list are told apart: their ids; texts and strings by themselves."""
    if isinstance(one, dict):
        return str(one.get("id") or (one.get("original") and Text.from_json(one).wordings[one["original"]]))
    return str(one)


def _names(path: Path) -> Path:
    """A path without the ids in it."""
    return tuple(part for part in path if not _is_id(part))


def _is_id(part: str) -> bool:
    return len(part) == 36 and part.count("-") == 4


def corrected(sealed: Json, working: Json, chosen: Iterable[Correction]) -> Json:
    """The sealed text with the chosen wordings as the working text has them; nothing else is touched."""
    text: Json = deepcopy(sealed)
    for correction in chosen:
        for path in correction.paths:
            holder = _at(text, path[:-1])
            if not correction.language:
                holder[path[-1]] = correction.after
                continue
            leaf, new = holder[path[-1]], _at(working, path)
            if correction.after:
                leaf[correction.language] = correction.after
            else:
                leaf.pop(correction.language, None)
            _take_origins(leaf, new, correction.language)
    return text


def _take_origins(leaf: Json, new: Json, corrected: str) -> None:
    """From which original each translation was made: as the working text says where it has both wordings alike."""
    original, before = leaf["original"], leaf.pop("from", {})
    after = new.get("from", {})
    alike = leaf[original] == new[original]
    made_from = {
        language: (after if language == corrected or (alike and leaf[language] == new.get(language)) else before).get(
            language
        )
        for language in LANGUAGES
        if language != original and leaf.get(language)
    }
    if known := {language: fingerprint for language, fingerprint in made_from.items() if fingerprint}:
        leaf["from"] = known


def _at(value: Any, path: Sequence[str]) -> Any:
    for part in path:
        value = value[part] if isinstance(value, dict) else next(one for one in value if _id(one) == part)
    return value


# ---- in words


def in_words(text: Json, corrections: Iterable[Mapping[str, Any]]) -> list[Json]:
    """The corrections of a corrigendum with the place of each in words, in the language of the page."""
    return [{**one, "where": where(text, tuple(one["paths"][0]))} for one in corrections]


def where(text: Json, path: Path) -> str:
    """The place of a wording in a text, in words: mandate 2 of AG/RES. 2735 (XLII-O/12)."""
    match path:
        case ("group", *_rest):
            return _("name of the group")
        case ("plan", *_rest):
            return _("title of the plan")
        case ("narrative", section, paragraph, *_rest):
            names = {
                "background": _("Background"),
                "mandate": _("Mandate"),
                "considerations": _("Other considerations"),
            }
            return _("%(section)s, paragraph %(number)s") % {
                "section": names.get(section, section),
                "number": _place(text["narrative"][section], paragraph),
            }
        case ("notes", note, *_rest):
            return _("note %(number)s") % {"number": _place(text["notes"], note)}
        case ("rows", row, "mandates", mandate, *rest):
            row_part = _at(text["rows"], (row,))
            place: dict[str, Any] = {
                "number": _place(row_part["mandates"], mandate),
                "symbol": row_part["symbol_as_printed"],
            }
            if "areas" in rest:
                return _("area responsible beside mandate %(number)s of %(symbol)s") % place
            return _("mandate %(number)s of %(symbol)s") % place
        case ("rows", row, kind, *_rest):
            symbol = {"symbol": _at(text["rows"], (row,))["symbol_as_printed"]}
            if kind == "areas":
                return _("area responsible beside %(symbol)s") % symbol
            return _("title of %(symbol)s") % symbol if "title" in kind else _("symbol of %(symbol)s") % symbol
        case ("meetings", meeting, *rest):
            return _in_meeting(text, meeting, rest)
        case ("process", *_rest):
            return _("the ministerial process")
    return _("elsewhere in the text")


def _in_meeting(text: Json, meeting: str, rest: Sequence[str]) -> str:
    part = _at(text["meetings"], (meeting,))
    name = (
        _("meeting %(number)s") % {"number": part["number"]}
        if part["kind"] == "session"
        else str(Text.from_json(part["title"]))
        if part["title"]
        else _("Ministerial meeting")
    )
    if "topics" in rest:
        names = {"number": _place(part["topics"], rest[1]), "meeting": name}
        return _("topic %(number)s of %(meeting)s") % names
    return _("%(meeting)s, its place") % {"meeting": name} if rest and rest[0] in {"room", "city", "country"} else name


def _place(parts: list[Json], id: str) -> int:
    return next(number for number, one in enumerate(parts, start=1) if _id(one) == id)
