"""Our own JSON of a plan (docs/plan-json.md), whole or only its text: its shape is checked, and its ids are kept."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from documents.importing.brought import NoPlan
from mispa.ground.text import LANGUAGES

Json = dict[str, Any]
Check = Callable[[Any, str], Any]

_SCHEMA: Final = 1
_LARGEST: Final = 5_000_000
_KEY: Final = re.compile(r"[a-z0-9-]{1,40}")
_UNFIT: Final = re.compile("[\x00\ud800-\udfff]")  # what no database keeps


class _Wrong(Exception):
    """What is wrong, after the path of the key."""


def read_json(data: bytes) -> tuple[Json, str]:
    """The text of the plan and its original language; raises `NoPlan` with the path of the key that is wrong."""
    try:
        text = _text_of(_parsed(data))
        made: Json = _PLAN_TEXT(text, "")
        _ids_once(made)
    except _Wrong as wrong:
        path, what = wrong.args
        said = _("In this JSON, “%(path)s” %(what)s.") % {"path": path or "{}", "what": what}
        raise NoPlan(said) from None
    return made, made["plan"]["original_language"]


def _parsed(data: bytes) -> Any:
    if len(data) > _LARGEST:
        raise NoPlan(_("This JSON is larger than 5 megabytes. Bring in the JSON of one plan."))
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise NoPlan(_("The letters of this JSON cannot be read. Save it with the encoding UTF-8.")) from None
    except json.JSONDecodeError as wrong:
        said = _("This JSON cannot be read: line %(line)s, column %(column)s. Take the file as it was written here.")
        raise NoPlan(said % {"line": wrong.lineno, "column": wrong.colno}) from None
    except (ValueError, RecursionError):
        raise NoPlan(_("This JSON cannot be read. Take the file as it was written here.")) from None


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _text_of(whole: Any) -> Any:
    """The text inside the envelope, or what is the text itself."""
    if not isinstance(whole, dict):
        raise NoPlan(_("This JSON is not that of a plan. Take the file as it was written here."))
    if "schema" in whole or "text" in whole:
        if whole.get("schema") != _SCHEMA or isinstance(whole["schema"], bool):
            said = _("This JSON has another form (“schema”) than 1. Take a file that was written by this version.")
            raise NoPlan(said)
        return whole.get("text")
    if not {"plan", "rows", "meetings"} & set(whole):
        raise NoPlan(_("This JSON is not that of a plan. Take the file as it was written here."))
    return whole


# ---- checks: each takes a value and its path, and gives back what is kept


def _string(value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise _Wrong(path, _("must be a text"))
    if _UNFIT.search(value):
        raise _Wrong(path, _("holds a sign that cannot be kept"))
    return value


def _words(value: Any, path: str) -> str:
    if not _string(value, path).strip():
        raise _Wrong(path, _("must not be empty"))
    return str(value)


def _whole_number(value: Any, path: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 100_000:
        raise _Wrong(path, _("must be a number"))
    return value


def _truth(value: Any, path: str) -> bool:
    if not isinstance(value, bool):
        raise _Wrong(path, _("must be true or false"))
    return value


def _uuid(value: Any, path: str) -> str:
    try:
        return str(UUID(_string(value, path)))
    except ValueError:
        raise _Wrong(path, _("must be an id such as those of the files that were written here")) from None


def _one_of(*known: str) -> Check:
    def check(value: Any, path: str) -> str:
        if value not in known or not isinstance(value, str):
            raise _Wrong(path, _("must be one of: %(known)s") % {"known": ", ".join(known)})
        return value

    return check


def _day(value: Any, path: str) -> str:
    try:
        return date.fromisoformat(_string(value, path)).isoformat()
    except ValueError:
        raise _Wrong(path, _("must be a day such as 2013-09-05")) from None


def _moment(value: Any, path: str) -> str:
    if isinstance(value, str) and "T" not in value:
        return _day(value, path)
    try:
        moment = datetime.strptime(_string(value, path), "%Y-%m-%dT%H:%M")
    except ValueError:
        raise _Wrong(path, _("must be a day, or a day and an hour such as 2013-09-05T10:00")) from None
    return moment.isoformat(timespec="minutes")


def _note_key(value: Any, path: str) -> str:
    if not _KEY.fullmatch(_string(value, path)):
        raise _Wrong(path, _("must be made of small letters, digits and hyphens"))
    return str(value)


def _paragraph(value: Any, path: str) -> str:
    words = str(value) if isinstance(value, int) and not isinstance(value, bool) else _string(value, path)
    if len(words) > 16:
        raise _Wrong(path, _("must be the number of a paragraph"))
    return words


def _text(value: Any, path: str) -> Json:
    """A text in languages, with a wording in its original language."""
    if not isinstance(value, dict):
        raise _Wrong(path, _("must be a text in languages"))
    original = _one_of(*LANGUAGES)(value.get("original"), _under(path, "original"))
    made: Json = {"original": original, original: _words(value.get(original), _under(path, original))}
    for language in LANGUAGES:
        if value.get(language):
            made[language] = _words(value[language], _under(path, language))
    if "from" in value:
        of = _under(path, "from")
        made["from"] = {
            _one_of(*LANGUAGES)(language, of): _string(print, _under(of, language))
            for language, print in _mapping(value["from"], of).items()
        }
    return made


def _mapping(value: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _Wrong(path, _("must be an object"))
    return value


def _maybe(check: Check) -> Check:
    """What may be null, and may be missing."""
    return lambda value, path: None if value is None else check(value, path)


def _list(check: Check) -> Check:
    def each(value: Any, path: str) -> list[Any]:
        if not isinstance(value, list):
            raise _Wrong(path, _("must be a list"))
        return [check(one, _under(path, str(place))) for place, one in enumerate(value)]

    return each


def _object(**checks: Check) -> Check:
    """An object with these keys; others may be there, and are left."""

    def check(value: Any, path: str) -> Json:
        given = _mapping(value, path)
        return {key: inner(given.get(key), _under(path, key)) for key, inner in checks.items()}

    return check


def _under(path: str, key: str) -> str:
    return f"{path}/{key}" if path else key


_id = _maybe(_uuid)
_maybe_text = _maybe(_text)
_named = _object(id=_id, name=_text)
_AREAS = _list(_object(id=_id, name=_text, unit=_maybe(_named)))
_DEADLINE = _object(
    words=_text,
    earliest=_maybe(_day),
    latest=_maybe(_day),
    refined_by=_maybe(_words),
    refined_earliest=_maybe(_day),
    refined_latest=_maybe(_day),
)
_MANDATE = _object(id=_id, paragraph=_maybe(_paragraph), text=_text, areas=_AREAS, deadline=_maybe(_DEADLINE))
_ROW = _object(
    id=_id,
    symbol=_maybe(_words),
    symbol_as_printed=_string,
    title=_text,
    resolution_title=_maybe_text,
    areas=_AREAS,
    mandates=_list(_MANDATE),
)
_TOPIC = _object(
    id=_id,
    kind=_one_of("election", "adoption", "consideration", "other"),
    text=_text,
    mandates=_list(_uuid),
    documents=_list(_words),
)
_MEETING = _object(
    id=_id,
    number=_maybe(_whole_number),
    kind=_one_of("session", "ministerial"),
    title=_maybe_text,
    starts=_maybe(_moment),
    ends=_maybe(_moment),
    all_day=_truth,
    precision=_one_of("exact", "all-day", "imprecise"),
    words=_maybe_text,
    timezone=_maybe(_words),
    room=_maybe(_named),
    city=_maybe(_named),
    country=_maybe_text,
    basis=_list(_maybe(_words)),
    topics=_list(_TOPIC),
)
_NOTE = _object(
    id=_id, key=_note_key, number=_maybe(_whole_number), text=_text, symbols=_list(_words), meeting=_maybe(_words)
)
_SECTION = _list(_object(id=_id, text=_text))
_PLAN_TEXT = _object(
    plan=_object(id=_id, symbol=_maybe(_words), title=_text, original_language=_one_of(*LANGUAGES)),
    narrative=_object(background=_SECTION, mandate=_SECTION, considerations=_SECTION),
    notes=_list(_NOTE),
    rows=_list(_ROW),
    meetings=_list(_MEETING),
)


def _ids_once(text: Json) -> None:
    """Nothing of a plan stands in it twice; areas and rooms may."""
    seen: set[str] = set()

    def see(listed: list[Json], path: str) -> None:
        for place, one in enumerate(listed):
            if one["id"] in seen:
                raise _Wrong(f"{path}/{place}/id", _("is there twice"))
            seen.update([one["id"]] if one["id"] else [])
            for inner in ("mandates", "topics"):
                if one.get(inner) and isinstance(one[inner][0], dict):
                    see(one[inner], f"{path}/{place}/{inner}")

    for section, listed in text["narrative"].items():
        see(listed, f"narrative/{section}")
    for part in ("notes", "rows", "meetings"):
        see(text[part], part)
    keys: set[str] = set()
    for place, note in enumerate(text["notes"]):
        if note["key"] in keys:
            raise _Wrong(f"notes/{place}/key", _("is there twice"))
        keys.add(note["key"])
