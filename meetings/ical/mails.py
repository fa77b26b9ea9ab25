"""What a mail encloses of the calendar: the events that it tells of, as every feed has them at that moment (RFC 5546).

They are published, and nobody is asked: a REQUEST goes to attendees, whose answers somebody must read, and a CANCEL to
those who were asked. Here a delegation sends whom it likes, and a follower has said no more than that she wants to
know. A published event has the UID of the feed, so that it replaces what came before it; one that is called off is
published as cancelled.
"""

from typing import Any, Final

from mandates.models import WorkingGroup
from meetings.ical.feeds import events_of, years_of
from meetings.ical.files import END_OF_EVENT, message, text_of
from meetings.ical.lines import mailbox

METHOD: Final = "PUBLISH"


def published(meetings: Any, *, group: WorkingGroup, language: str, address: str) -> bytes:
    """The file of these meetings; empty where none is an event. `meetings` is a query of what its reader may see.

    RFC 5546 (3.2.1) wants to know who publishes: the group, at an address to which people write.
    """
    events = events_of(meetings, language)
    organizer = text_of([f"ORGANIZER{mailbox(group.short_name.in_language(language), address)}"])
    bodies = (one.text + organizer + END_OF_EVENT for one in events)
    return message(METHOD, years_of(events), bodies) if events else b""
