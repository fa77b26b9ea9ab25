"""Files of each kind, built by hand: good ones, to which a test adds what is wrong."""

import io
import zipfile
from collections.abc import Callable

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml."
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"


def zipped(parts: dict[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            how = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            target.writestr(name, content, how)
    return made.getvalue()


# ---- Word


def docx(
    body: str = "<w:p><w:r><w:t>Depth of rivers</w:t></w:r></w:p>",
    main: str = f"{TYPES}document.main+xml",
    rels: str = "",
    types: str = "",
    parts: dict[str, str | bytes] | None = None,
) -> bytes:
    whole: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/>{types}</Types>',
        "word/document.xml": f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{rels}</Relationships>',
    }
    return zipped(whole | (parts or {}))


def relation(kind: str, target: str, mode: str = "External") -> str:
    return f'<Relationship Id="r1" Type="{R}/{kind}" Target="{target}" TargetMode="{mode}"/>'


def field(*pieces: str) -> str:
    """A field of Word, its instruction in pieces."""
    parts = "".join(f"<w:r><w:instrText>{one}</w:instrText></w:r>" for one in pieces)
    begin, end = ('<w:r><w:fldChar w:fldCharType="begin"/></w:r>', '<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    return f"<w:p>{begin}{parts}{end}</w:p>"


# ---- OpenDocument


def odt(
    text: str = "<text:p>Depth of<text:s/>rivers</text:p>",
    before: str = "",
    manifest: str = "",
    kind: str = "text",
    parts: dict[str, str | bytes] | None = None,
) -> bytes:
    spaces = " ".join(
        f'xmlns:{name}="{OFFICE}{space}"' for name, space in [("office", "office:1.0"), ("text", "text:1.0")]
    )
    drawing = f'xmlns:draw="{OFFICE}drawing:1.0" xmlns:script="{OFFICE}script:1.0"'
    whole: dict[str, str | bytes] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f'<office:document-content {spaces} {drawing} xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"{before}<office:body><office:text>{text}</office:text></office:body></office:document-content>",
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{OFFICE}manifest:1.0">'
        f"{entry('/', 'application/vnd.oasis.opendocument.text')}{manifest}</manifest:manifest>",
    }
    return zipped(whole | (parts or {}))


def entry(path: str, media_type: str, inner: str = "") -> str:
    where = f'manifest:full-path="{path}" manifest:media-type="{media_type}"'
    return f"<manifest:file-entry {where}>{inner}</manifest:file-entry>"


# ---- PDF


def pdf(change: Callable[[PdfWriter], object] = lambda writer: None, words: str = "Depth of rivers") -> bytes:
    """One page with some words in one of the typefaces that every reader has."""
    writer = PdfWriter()
    page = writer.add_blank_page(300, 300)
    typeface = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    font = DictionaryObject({NameObject(key): NameObject(value) for key, value in typeface.items()})
    fonts = DictionaryObject({NameObject("/F1"): font})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    content = DecodedStreamObject()
    content.set_data(f"BT /F1 12 Tf 20 200 Td ({words}) Tj ET".encode())
    page[NameObject("/Contents")] = writer._add_object(content)
    change(writer)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
