"""What proves a paper: its seal in digits, as a QR code that leads to its check, and in the file itself."""

import re
from collections.abc import Mapping
from typing import Any, Final

import segno
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mispa.ground.templatetags.looks import in_eights

# As the metadata of the file name the seal; they are not compressed, so the bytes can be searched.
NAME_OF_SEAL: Final = "mispa:seal:{}"
_SEAL_IN_FILE: Final = re.compile(rb"mispa:seal:([0-9a-f]{64})(?![0-9a-f])")
_INK: Final = "#14201b"


def claimed_seal(content: bytes) -> str:
    """The seal of the edition that a file says it is, also where somebody has changed it; "" for any other file."""
    found = _SEAL_IN_FILE.search(content)
    return found[1].decode() if found else ""


def proof(seal: Mapping[str, Any]) -> dict[str, Any]:
    """What the block at the end of a paper prints of a seal; the address in two lines, as the digits are long."""
    before, digits, after = str(seal["url"]).partition(seal["sha256"])
    return {
        "digits": in_eights(seal["sha256"]).split(),
        "url": seal["url"],
        "address": f"{before}\n{digits}{after}".strip(),
        "code": qr_code(seal["url"]),
    }


def qr_code(url: str) -> SafeString:
    """A drawing that a phone reads, one unit per module, without the quiet zone: the paper around it is white."""
    code = segno.make(url, error="m", micro=False)
    says = _("QR code that leads to %(url)s") % {"url": url}
    drawing: str = code.svg_inline(border=0, dark=_INK, omitsize=True, title=says, svgclass=None, lineclass=None)
    return SafeString(drawing)  # segno escapes the title
