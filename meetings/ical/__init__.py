"""The calendar as files that people subscribe to, and that papers and mails enclose (RFC 5545).

A meeting is one event for life: its UID comes from the meeting's identity, never from what may change. All stamps come
from the history, so that the same data gives the same bytes, and a subscriber who has them gets a 304.
"""

from meetings.ical.events import uid
from meetings.ical.feeds import feed
from meetings.ical.files import CONTENT_TYPE, calendar_file
from meetings.ical.lines import latest_told
from meetings.ical.mails import METHOD, published
from meetings.ical.stamps import Stamp, stamps

__all__ = ["CONTENT_TYPE", "METHOD", "Stamp", "calendar_file", "feed", "latest_told", "published", "stamps", "uid"]
