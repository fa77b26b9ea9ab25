"""A finding: something that a plan lacks or says twice, with its place and with the form that mends it."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# In the order in which the report has them; the first column is part of keys that are kept, so it does not change.
KINDS: Final[dict[str, Promise]] = {
    "no-area": _("Mandates without a responsible area"),
    "no-meeting": _("Mandates that no meeting treats"),
    "no-paper": _("Mandates without a paper"),
    "done-without-paper": _("Mandates that are done, but by no paper"),
    "deadline-past": _("Deadlines that have passed"),
    "deadline-near": _("Deadlines that are near"),
    "deadline-before-meetings": _("Deadlines with no meeting before them"),
    "deadline-without-days": _("Deadlines without days"),
    "meeting-without-topics": _("Meetings without topics"),
    "meeting-without-room": _("Meetings without a room"),
    "meeting-not-recorded": _("Past meetings that are not recorded"),
    "place-unknown": _("Meetings without a city"),
    "topic-without-paper": _("Topics without a paper"),
    "paper-not-considered": _("Papers that no meeting has considered"),
    "symbol-pending": _("Symbols that have not been given"),
    "symbol-to-check": _("Symbols to check"),
    "printed-otherwise": _("Symbols that are printed in another way"),
    "same-title": _("Resolutions with one title"),
    "days-contradicted": _("Days that the record contradicts"),
    "translation-missing": _("Translations that are missing"),
    "translation-stale": _("Translations that are older than their original"),
}


@dataclass(frozen=True)
class Finding:
    """`says` is the sentence, `more` what to know beside it, `url` where to look, `mend` where editors mend it.

    `kind` and `about`, the id of what lacks something, name it for ever. `facts` are what it was found in, in no
    language: where they change, it is another finding.
    """

    kind: str
    about: str
    says: str
    more: str
    url: str
    mend: str = ""
    facts: tuple[Any, ...] = field(default=())

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.about}"

    def fingerprint(self, touched: Any = None) -> str:
        """64 hex digits of what was found; `touched` is the last change of what it hangs on."""
        told = json.dumps([self.kind, self.about, self.facts, touched], default=str)
        return hashlib.sha256(told.encode()).hexdigest()
