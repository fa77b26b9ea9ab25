"""Readers of calendar files that share no code with ours, and checks of the bytes that none of them makes."""

import re
from datetime import UTC, datetime, timedelta

import icalendar
import ics
import vobject


def checked(data: bytes, method: str | None = None) -> dict[str, icalendar.Event]:
    """The events by UID, after every check of the bytes and by every reader."""
    check_lines(data)
    text = data.decode()
    vobject.readOne(text).validate(raiseException=True)
    assert len(ics.Calendar(text).events) == data.count(b"BEGIN:VEVENT\r\n")
    calendar = icalendar.Calendar.from_ical(data)
    assert [component.errors for component in calendar.walk() if component.errors] == []
    events = {str(event["UID"]): event for event in calendar.events}
    assert len(events) == data.count(b"BEGIN:VEVENT\r\n"), "a UID stands twice"
    zones = {str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")}
    assert {zone.decode() for zone in re.findall(rb";TZID=([^:;]+)", unfolded(data))} <= zones
    assert calendar.get("METHOD") == method
    return events


def check_lines(data: bytes) -> None:
    assert data.endswith(b"\r\n")
    lines = data.removesuffix(b"\r\n").split(b"\r\n")
    assert [line for line in lines if b"\r" in line or b"\n" in line or not line] == []
    assert [line for line in lines if len(line) > 75] == []
    for line in lines:
        line.decode()  # a letter cut in two fails here


def unfolded(data: bytes) -> bytes:
    return data.replace(b"\r\n ", b"")


def instants(data: bytes) -> dict[str, tuple[datetime, datetime]]:
    """Begin and end of each event in UTC, as ics computes them from the zones that are in the file."""
    return {
        event.uid: (event.begin.to("utc").datetime, event.end.to("utc").datetime)
        for event in ics.Calendar(data.decode()).events
    }


def offset_at(onsets: list[tuple[datetime, timedelta]], instant: datetime) -> timedelta:
    return max(onset for onset in onsets if onset[0] <= instant)[1]


def onsets_of(data: bytes, zone: str) -> list[tuple[datetime, timedelta]]:
    """When which offset from UTC begins in a zone of the file, read as RFC 5545 (3.6.5) says."""
    (component,) = (found for found in icalendar.Calendar.from_ical(data).timezones if found["TZID"] == zone)
    return [
        (observance.DTSTART.replace(tzinfo=UTC) - observance.TZOFFSETFROM, observance.TZOFFSETTO)
        for observance in component.subcomponents
    ]
