"""Tables as CSV files, for the spreadsheets in which they are opened."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import Any, Final

# What begins so is taken for a formula, also behind spaces; so are the wide forms of the signs.
_SIGNS: Final = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


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
    """A cell that no spreadsheet takes for a formula: an apostrophe before it says that it is text.

    One that begins with an apostrophe and such a sign gets another one, so that `as_meant` gives back what was there.
    """
    return f"'{cell}" if _looks_like_a_formula(cell) else cell


def as_meant(cell: str) -> str:
    """A cell as it was before `harmless`."""
    return cell.removeprefix("'") if _looks_like_a_formula(cell) else cell


def _looks_like_a_formula(cell: str) -> bool:
    return cell.lstrip("'").lstrip(" ").startswith(_SIGNS)
