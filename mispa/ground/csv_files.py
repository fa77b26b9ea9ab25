"""Tables as CSV files, for the spreadsheets in which they are opened."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import Any, Final

# What begins so is taken for a formula, also behind spaces and quotation marks; so are the wide forms of the signs.
_SIGNS: Final = "=+\\-@\uff1d\uff0b\uff0d\uff20"


def _beginning(mark: str) -> re.Pattern[str]:
    """Where a formula begins behind that `mark`, or a control sign that some spreadsheets skip before one.

    One that separates by other signs than we do sees a cell begin in the midst of ours.
    """
    return re.compile(
        rf"(?:\A|(?<=[;\t\r\n])){mark}(?=['\" ]*[{_SIGNS}])"  # behind apostrophes too, so that one more can be told
        rf"|\A{mark}(?=['\" ]*[\t\r\n])"
    )


_BARE: Final = _beginning("")
_MARKED: Final = _beginning("'")


def as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Rows by the names of their columns, which are the first line.

    With a byte order mark, because spreadsheets read UTF-8 as Latin letters without one. No cell is a formula.
    """
    content = StringIO(newline="")
    writer = csv.writer(content, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([harmless(str(row[name])) for name in columns] for row in rows)
    return content.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """A cell in which no spreadsheet finds a formula: an apostrophe before it says that it is text.

    What has an apostrophe before such a sign gets another one, so that `as_meant` gives back what was there.
    """
    return _BARE.sub("'", cell)


def as_meant(cell: str) -> str:
    """A cell as it was before `harmless`."""
    return _MARKED.sub("", cell)
