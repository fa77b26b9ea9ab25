"""In which of the four languages a text is, by its little words."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Final

_LITTLE: Final = {
    "en": "the of and to in for on by with at from its as that",
    "es": "el los las del y en para por que con la al su como",
    "fr": "le les des du et la aux dans pour au par une sur ce",
    "pt": "o os da do dos das e em para na no ao com que à",
}
_WORD: Final = re.compile(r"[^\W\d_]+")
_ENOUGH: Final = 5_000


def language_of(passages: Iterable[str]) -> str:
    """The code of the language whose little words come most often; English where none do."""
    words = (word[0].lower() for passage in passages for word in _WORD.finditer(passage))
    counted = Counter(islice(words, _ENOUGH))
    return max(_LITTLE, key=lambda code: sum(counted[word] for word in _LITTLE[code].split()))
