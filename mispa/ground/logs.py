"""What the logs of the application never say: the keys that stand in addresses."""

import logging
import re
from typing import Final

# A calendar that comes without sign-in, and the link that stops mails.
_KEYS: Final = re.compile(r"(?<=/calendar/)[^/\s?]+(?=\.ics)|(?<=/accounts/following/stop/)[^/\s?]+")


class WithoutKeys(logging.Filter):
    """Takes the key out of every address in a message; it keeps no message back."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        without = _KEYS.sub("…", said)
        if without != said:
            record.msg, record.args = without, ()
        return True
