"""What the parts of a reading share: wordings in the language of the file, and what is found to be odd."""

from typing import Any, Final

from documents.importing.brought import Anomaly, Oddity, Place

_LONGEST: Final = 400  # letters of a passage that is shown and not taken


class Wordings:
    """Makes texts, and collects what is odd."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.anomalies: list[Anomaly] = []

    def text(self, words: str, language: str = "") -> dict[str, Any]:
        """A text of one wording; its original is taken to be the language that it is in."""
        code = language or self.language
        return {"original": code, code: words}

    def say(self, oddity: Oddity, printed: str, place: Place, *candidates: str) -> None:
        self.anomalies.append(Anomaly(oddity, printed, place, candidates))

    def strange(self, words: str, place: Place) -> None:
        """A passage that has no place in a plan."""
        words = words.strip()
        shown = words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
        self.say(Oddity.NOT_UNDERSTOOD, shown, place)
