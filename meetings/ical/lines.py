"""The lines of a calendar file: instants, letters, and where a line may be folded (RFC 5545, 3.1 and 3.3)."""

import re
from datetime import UTC, date, datetime, time
from typing import Final
from urllib.parse import quote

_CHANGED: Final = re.compile(rb"\r\nLAST-MODIFIED:(\d{8}T\d{6}Z)\r\n")
_NEVER: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")  # control characters, but for the tab


def instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def latest_told(content: bytes) -> datetime | None:
    """The latest instant at which an event in a file was changed, as the file says; None where it has no event."""
    told = max(_CHANGED.findall(content), default=None)
    return datetime.strptime(told.decode(), "%Y%m%dT%H%M%S%z") if told else None


def wall_time(day: date, hour: time) -> str:
    return f"{day:%Y%m%d}T{hour:%H%M%S}"


def escaped(text: str) -> str:
    """Every kind of line end becomes one; other control characters may not stand in a calendar."""
    lines = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").splitlines()
    return _NEVER.sub("", "\\n".join(lines))


def mailbox(name: str, address: str) -> str:
    """A person or an office, behind the name of a property: a name within quotes has none of its own (3.2)."""
    plain = _NEVER.sub("", " ".join(name.replace('"', "'").split()))
    uri = quote(address, safe="@+")
    return f';CN="{plain}":mailto:{uri}'


def folded(line: str) -> bytes:
    """A line in pieces of at most 75 octets that cut no letter."""
    rest, width, pieces = line.encode(), 75, []
    while len(rest) > width:
        cut = width
        while rest[cut] & 0b1100_0000 == 0b1000_0000:  # within a letter
            cut -= 1
        pieces.append(rest[:cut])
        rest, width = rest[cut:], 74  # each further piece begins with a space
    return b"\r\n ".join([*pieces, rest]) + b"\r\n"
