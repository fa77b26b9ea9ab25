"""What a file is, told by how it begins."""

from enum import StrEnum
from typing import Final

from documents.files.refused import Refused, Why


class Format(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    TEXT = "text"


# The endings that a name may have; of a name without one, the first is added.
ENDINGS: Final = {
    Format.PDF: ("pdf",),
    Format.DOCX: ("docx",),
    Format.ODT: ("odt",),
    Format.TEXT: ("txt", "md"),
}
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")  # of old .doc files, and of .docx files under a password
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ODF: Final = b"mimetypeapplication/vnd.oasis.opendocument."  # uncompressed, at a fixed place: so the standard has it
_ODF_AT: Final = 30
_BLANK: Final = b"\0 \t\r\n\x0b\x0c"


def format_of(data: bytes) -> Format:
    """Of a file's bytes. Raises Refused for what is not taken."""
    if not data.strip(_BLANK):
        raise Refused(Why.EMPTY)
    if data.startswith(b"%PDF-"):
        return Format.PDF
    if data.startswith(_OLE):
        raise Refused(Why.PASSWORD if "EncryptedPackage".encode("utf-16-le") in data else Why.OLD_WORD)
    if data.startswith(_ZIP):
        return Format.ODT if data.startswith(_ODF, _ODF_AT) else Format.DOCX
    if data.startswith(b"{\\rtf"):
        raise Refused(Why.RICH_TEXT)
    return Format.TEXT
