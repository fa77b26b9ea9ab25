"""The fields of a part of a plan as they are compared: texts by language, everything else as one value."""

from collections.abc import Mapping
from typing import Any, Final

from mandates.prose import NOTE_CALL
from meetings.models import Topic
from mispa.ground.text import LANGUAGES, search_key

Json = Mapping[str, Any]
Values = dict[str, Any]
TEXTS: Final = frozenset({"text", "title", "deadline", "words", "country"})
# The beginnings of words by which a topic tells what it is, without accents: in English, Spanish, French, Portuguese.
_KINDS: Final = (
    (Topic.Kind.ELECTION, ("elec", "elei")),
    (Topic.Kind.ADOPTION, ("adop", "adoc", "aprob", "aprov", "approb", "approv")),
    (Topic.Kind.CONSIDERATION, ("consider", "exam", "present", "apresent")),
)


def values_of(kind: str, part: Json) -> Values:
    """The values of a part; what the file does not say at all is None or empty, as the text has it."""
    match kind:
        case "plan":
            return {"title": part.get("title"), "original_language": part.get("original_language")}
        case "paragraph":
            return {"text": part["text"]}
        case "note":
            return {"text": part["text"], "key": part["key"]}
        case "row":
            return {
                "symbol": part["symbol"],
                "symbol_as_printed": part["symbol_as_printed"],
                "title": part["title"],
                "areas": _areas(part.get("areas")),
            }
        case "mandate":
            due = part.get("deadline") or {}
            return {
                "paragraph": part.get("paragraph") or "",
                "text": part["text"],
                "areas": _areas(part.get("areas")),
                "deadline": due.get("words"),
                "days": [due.get("earliest"), due.get("latest")] if due.get("earliest") else [],
                "refined": [due[name] for name in ("refined_by", "refined_earliest", "refined_latest")]
                if due.get("refined_by")
                else [],
            }
        case "meeting":
            return {
                "title": part.get("title"),
                "when": [part["precision"], part.get("starts"), part.get("ends")],
                "words": part.get("words"),
                "timezone": part.get("timezone") or "",
                "room": _id(part.get("room")),
                "city": _id(part.get("city")),
                "country": part.get("country") if not part.get("city") else None,
                "basis": list(filter(None, part.get("basis") or ())),
            }
    return {
        "kind": part.get("kind") or "",
        "text": part["text"],
        "mandates": list(part.get("mandates") or ()),
        "documents": list(part.get("documents") or ()),
    }


def _areas(part: Any) -> list[str]:
    """As `Links` names them: “<area>” or “<area>/<unit>”."""
    return [
        one if isinstance(one, str) else "/".join(filter(None, (one["id"], (one.get("unit") or {}).get("id"))))
        for one in part or ()
    ]


def _id(part: Any) -> str:
    return part if isinstance(part, str) else str(part["id"]) if part else ""


def in_our_keys(text: Json, keys: Mapping[str, str]) -> dict[str, Any]:
    """A paragraph of the file with the calls of its notes by the keys that they have here."""
    return {
        name: NOTE_CALL.sub(lambda call: f"[^{keys.get(call[1], call[1])}]", wording) if name in LANGUAGES else wording
        for name, wording in text.items()
    }


def guessed_kind(text: Json) -> str:
    """What a topic is, by the words in its original: a presumption that a person may change."""
    words = search_key(text[text["original"]]).split()
    for kind, beginnings in _KINDS:
        if any(word.startswith(beginnings) for word in words):
            return kind
    return Topic.Kind.OTHER
