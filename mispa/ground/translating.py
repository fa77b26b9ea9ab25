"""What a translation was made from: the wording that its original had then, found in the history."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.safestring import SafeString

from mispa.ground.diff import differences
from mispa.ground.models import Tracked
from mispa.ground.text import Text, fingerprint

# By object, field, original language and fingerprint.
Originals = Mapping[tuple[Any, str, str, str], str]


def originals(model: type[Tracked], names: Iterable[str], ids: Iterable[Any]) -> Originals:
    """Every wording that the originals of some texts ever had, in one query."""
    names = list(names)
    found: dict[tuple[Any, str, str, str], str] = {}
    rows = model.history.model.objects.filter(id__in=list(ids)).order_by("history_id")
    for pk, *texts in rows.values_list("id", *names):
        for name, text in zip(names, texts, strict=True):
            if text:
                wording = text.wordings[text.original]
                found[pk, name, text.original, fingerprint(wording)] = wording
    return found


def changed_since(pk: Any, name: str, text: Text, language: str, known: Originals) -> SafeString | None:
    """The original of now with what changed in it since a translation was made; None if that cannot be told."""
    before = known.get((pk, name, text.original, text.made_from.get(language, "")))
    return None if before is None else differences(before, text.wordings[text.original])
