"""Files of each kind, built by hand: good ones, to which a test adds what is wrong."""

import io
import zipfile
from collections.abc import Callable, Sequence

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


def relations(inner: str) -> str:
    """A part that names them."""
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


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


def written_pdf(catalog: str = "", page: str = "", more: Sequence[str] = (), behind: bytes = b"") -> bytes:
    """One empty page, written out by hand, so that it may say what no library writes.

    `catalog` and `page` come into their dictionaries, `more` are objects from number 4 on, `behind` follows the end.
    """
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] {page} >>",
        *more,
    ]
    made, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{one}\nendobj\n".encode()
    table = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n" + "".join(f"{at:010} 00000 n \n" for at in places)
    trailer = f"trailer\n<< /Size {len(places) + 1} /Root 1 0 R >>\nstartxref\n{len(made)}\n%%EOF\n"
    return made + f"{table}{trailer}".encode() + behind


def updated_pdf(catalog: str, end: str = "") -> bytes:
    """The same with another catalog behind its end, as programs append what they change; `end` is how that ends."""
    whole = written_pdf()
    at = len(whole)
    first = int(whole.rpartition(b"startxref\n")[2].split()[0])
    change = f"1 0 obj\n<< /Type /Catalog /Pages 2 0 R {catalog} >>\nendobj\n"
    table = f"xref\n1 1\n{at:010} 00000 n \ntrailer\n<< /Size 4 /Root 1 0 R /Prev {first} >>\n"
    return whole + f"{change}{table}startxref\n{at + len(change)}\n{end}".encode()
