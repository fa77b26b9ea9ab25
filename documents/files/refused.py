"""Why a file is not taken. The sentences for it are in `checking`."""

from enum import StrEnum, auto


class Why(StrEnum):
    EMPTY = auto()
    TOO_LARGE = auto()
    UNKNOWN = auto()  # none of the formats that are taken
    OLD_WORD = auto()  # .doc
    RICH_TEXT = auto()  # .rtf
    MARKUP = auto()  # a page of HTML, or XML, under the name of a text
    OTHER_OFFICE = auto()  # a spreadsheet, a presentation, a template
    NAMED_OTHERWISE = auto()  # the name says another format
    NOT_UTF8 = auto()
    PASSWORD = auto()
    MACROS = auto()
    SCRIPTS = auto()  # in a PDF
    OTHER_FILES = auto()  # inside
    FROM_OUTSIDE = auto()  # what it fetches when it is opened
    UNPACKS_TO_TOO_MUCH = auto()
    MANY_PARTS = auto()
    HARMFUL = auto()  # what no honest program writes: entities, paths that lead out of the file
    BROKEN = auto()
    TOO_SLOW = auto()


class Refused(Exception):
    """A file that is not taken, with the reason."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why
