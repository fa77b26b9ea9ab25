"""What is sent becomes a file that can be kept, or a sentence that says why it cannot and how to mend it."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from documents.files import plain
from documents.files.apart import look_apart
from documents.files.formats import ENDINGS, Format, format_of
from documents.files.looking import MOST_LETTERS, cleaned
from documents.files.refused import Refused, Why

LONGEST_NAME: Final = 100  # letters, without the ending
_SAME_ENDING: Final = {"markdown": "md", "text": "txt"}
_ENDING: Final = re.compile(r"[A-Za-z][A-Za-z0-9]{0,7}")
_NOT_IN_NAMES: Final = re.compile(r"[^\w.()+-]+")
_FORMATS: Final[dict[Format, str | Promise]] = {
    Format.PDF: "PDF",
    Format.DOCX: gettext_lazy("Word"),
    Format.ODT: "OpenDocument",
    Format.TEXT: gettext_lazy("plain text"),
}
SENTENCES: Final[dict[Why, str | Promise]] = {
    Why.EMPTY: gettext_lazy("This file is empty."),
    Why.TOO_LARGE: gettext_lazy("This file is larger than %(limit)s megabytes. Take pictures out of it, or divide it."),
    Why.UNKNOWN: gettext_lazy("This is no PDF, Word, OpenDocument or text file. Save it as one of these first."),
    Why.OLD_WORD: gettext_lazy("This is a file of an old kind (.doc). Save it in Word as .docx first."),
    Why.RICH_TEXT: gettext_lazy("This is a file of an old kind (RTF). Save it in Word as .docx first."),
    Why.MARKUP: gettext_lazy("This is a web page or XML, and no text. Print it as a PDF first."),
    Why.OTHER_OFFICE: gettext_lazy(
        "This is a spreadsheet, a presentation or a template. Save it as a PDF, or as a text in .docx or .odt."
    ),
    Why.NAMED_OTHERWISE: gettext_lazy(
        "The name of this file ends in .%(ending)s, but what is in it is %(format)s. "
        "Choose the right file, or save it under the right ending."
    ),
    Why.NOT_UTF8: gettext_lazy(
        "The letters of this text are not written in UTF-8, so that accents would be lost. Save it as UTF-8 first."
    ),
    Why.PASSWORD: gettext_lazy("This file is protected by a password. Take the password away and save it first."),
    Why.MACROS: gettext_lazy("This file has macros in it. Save it without them, in Word as .docx."),
    Why.SCRIPTS: gettext_lazy(
        "This PDF runs scripts, starts programs or sends a form. Print it as a PDF again, and choose that file."
    ),
    Why.OTHER_FILES: gettext_lazy(
        "There are other files, sounds or objects of other programs inside this file. Take them out and save it first."
    ),
    Why.FROM_OUTSIDE: gettext_lazy(
        "This file fetches a picture, a text or a template from elsewhere when it is opened. "
        "Put it into the file or take it out, and save it first."
    ),
    Why.UNPACKS_TO_TOO_MUCH: gettext_lazy(
        "This file unpacks to more than a paper can be. Copy the text into a new file."
    ),
    Why.MANY_PARTS: gettext_lazy("This file has more than 2,000 parts. Copy the text into a new file."),
    Why.HARMFUL: gettext_lazy(
        "This file holds what no such file holds, and may be harmful. Copy the text into a new file."
    ),
    Why.BROKEN: gettext_lazy("This file is broken or was cut off. Open it, save it again, and choose it once more."),
    Why.TOO_SLOW: gettext_lazy("This file takes too long to read. Print it as a PDF, and choose that file."),
}


class FileRefused(Exception):
    """A file that is not taken: a sentence for the person who sent it, and the reason `why`."""

    def __init__(self, why: Why, **words: Any) -> None:
        super().__init__(SENTENCES[why] % words if words else SENTENCES[why])
        self.why = why

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept. Two are equal if their content and their name are."""

    sha256: str
    name: str  # cleaned, with the ending of its kind
    content: bytes = field(compare=False, repr=False)
    format: Format = field(compare=False)
    text: str = field(compare=False, repr=False)

    @property
    def kind(self) -> str:
        """The ending of its name: pdf, docx, odt, txt or md."""
        return self.name.rpartition(".")[2]


def check(content: bytes, name: str) -> CheckedFile:
    """Looks at what was sent: what is in it decides, and its name must not say otherwise. Raises FileRefused."""
    if len(content) > settings.LARGEST_FILE:
        raise too_large()
    try:
        its_format = format_of(content)
        is_text = its_format == Format.TEXT
        text = cleaned_lines(plain.words_of(content)) if is_text else look_apart(content, its_format)
        ending = _ending(name, its_format)
    except Refused as refused:
        raise FileRefused(refused.why) from None
    return CheckedFile(hashlib.sha256(content).hexdigest(), clean_name(name, ending), content, its_format, text)


def too_large() -> FileRefused:
    return FileRefused(Why.TOO_LARGE, limit=settings.LARGEST_FILE // 1_000_000)


def cleaned_lines(text: str) -> str:
    return "\n".join(filter(None, map(cleaned, text[:MOST_LETTERS].splitlines())))


def _parts(name: str) -> tuple[str, str]:
    """The name without folders and ending, and the ending; what follows the dot of “doc.3-13” is none."""
    base = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    stem, _dot, ending = base.rpartition(".")
    if not stem or not _ENDING.fullmatch(ending):
        return base, ""
    return stem, _SAME_ENDING.get(ending.lower(), ending.lower())


def _ending(name: str, its_format: Format) -> str:
    """The ending that the name has, or gets where it has none. Raises Refused where it says another format."""
    ending = _parts(name)[1]
    if not ending:
        return ENDINGS[its_format][0]
    if ending in ENDINGS[its_format]:
        return ending
    if its_format == Format.TEXT and not any(ending in endings for endings in ENDINGS.values()):
        raise Refused(Why.UNKNOWN)  # a program, a table: no more a text than anything that is made of letters
    raise FileRefused(Why.NAMED_OTHERWISE, ending=ending, format=_FORMATS[its_format])


def clean_name(name: str, ending: str) -> str:
    """The name without folders, spaces and signs that addresses, systems or readers trip over."""
    stem = _NOT_IN_NAMES.sub("-", _parts(name)[0]).strip("-._")[:LONGEST_NAME].strip("-._")
    return f"{stem or 'file'}.{ending}"
