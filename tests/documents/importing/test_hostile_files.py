"""Files that are no plans, or mean harm: refused with a sentence, or read within bounds, in time and in memory."""

import io
import json
import re
import time
import tracemalloc
import zipfile
from contextlib import suppress
from typing import Any

import pytest

from documents.importing.brought import NoPlan
from documents.importing.docx_file import read_docx
from documents.importing.package import Package
from documents.importing.reading import read
from mandates.symbols import REGISTERED
from tests.documents.importing.reading import bring, narrative
from tests.documents.importing.word import W, call, cell, docx, notes, p, table, zipped

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
HEAD = p("Background", style="H1") + p("a") + p("Mandate", style="H1") + p("b")
DOCUMENT = f'<w:document xmlns:w="{W}"><w:body/></w:document>'
ENTITIES = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def deep(open_tags: str, times: int) -> bytes:
    names = re.findall(r"<(\S+?)>", open_tags)
    closing = "".join(f"</{name}>" for name in reversed(names))
    return docx(HEAD + open_tags * times + closing * times)


def as_json(parts: dict[str, Any]) -> bytes:
    text = {
        "plan": {"title": {"original": "en", "en": "x"}, "original_language": "en"},
        "narrative": {"background": [], "mandate": [], "considerations": []},
        "notes": [],
        "rows": [],
        "meetings": [],
    }
    return json.dumps({"schema": 1, "text": text | parts}).encode()


def row_of(number: int) -> dict[str, Any]:
    title = {"original": "en", "en": "Ports"}
    return {"symbol_as_printed": f"AG/RES. {number} (I-O/71)", "title": title, "areas": [], "mandates": []}


def note_of(number: int) -> dict[str, Any]:
    return {"key": f"n{number}", "text": {"original": "en", "en": "Report"}, "symbols": []}


def linked() -> bytes:
    """A zip whose document is a symbolic link to a file outside."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        link = zipfile.ZipInfo("word/document.xml")
        link.external_attr = 0o120777 << 16
        target.writestr(link, "/etc/passwd")
    return made.getvalue()


REFUSED = {
    "empty": (b"", "is empty"),
    "too large": (b"a" * 20_000_001, "larger than 20 megabytes"),
    "under a password": (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password: |Remove it in Word"),
    "an old .doc": (OLE + bytes(600), "Save it in Word as .docx"),
    "called .docx": (b"Background", "is called .docx, and is none"),
    "cut off": (docx(HEAD)[:-100], "is broken"),
    "not unpacked": (b"PK\x03\x04" + bytes(100), "is broken"),
    "a spreadsheet": (zipped({"xl/workbook.xml": b"<a/>"}), "a spreadsheet or the like"),
    "another zip": (zipped({"a.txt": b"a"}), "is not a Word file"),
    "another root": (docx(main="<a/>"), "is not a Word file"),
    "no XML": (docx(main="<w:document"), "is broken"),
    "entities": (docx(main=ENTITIES + DOCUMENT), "may be harmful"),
    "entities in UTF-16": (zipped({"word/document.xml": (ENTITIES + DOCUMENT).encode("utf-16")}), "may be harmful"),
    "another code": (docx(main='<?xml version="1.0" encoding="UTF-7"?>+ADw-'), "is broken"),
    "many parts": (zipped({str(number): b"" for number in range(2_001)}), "more than 2,000 parts"),
    "a part too large": (zipped({"word/document.xml": bytes(45_000_000)}), "unpacks to more than a plan can be"),
    "too many tags": (docx(HEAD + "<w:p/>" * 1_000_000), "unpacks to more than a plan can be"),
    "too many lines": (docx(HEAD + "<w:p/>" * 13_000), "more text than a plan can have"),
    "too many letters": (docx(HEAD + p("a" * 800_000)), "more text than a plan can have"),
    "too deep": (deep("<w:sdt><w:sdtContent>", 200), "is broken"),
    "tables too deep": (deep("<w:tbl><w:tr><w:tc>", 20), "more text than a plan can have"),
    "a span too wide": (docx(table((cell("a", looks='<w:gridSpan w:val="99999"/>'),))), "more than 64 columns"),
    "cells too many": (docx(table(["a"] * 65)), "more than 64 columns"),
    "fields too deep": (
        docx(HEAD + p('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' * 11)),
        "more text than a plan can have",
    ),
    "too many areas": (
        docx(table(("Resolution", "Mandate", "Area"), ("AG/RES. 1 (I-O/71)", "m", "; ".join(map(str, range(7_000)))))),
        "more text than a plan can have",
    ),
    "too many rows": (
        as_json({"rows": [row_of(number) for number in range(10_000)]}),
        "more text than a plan can have",
    ),
    "too many notes": (
        as_json({"notes": [note_of(number) for number in range(10_000)]}),
        "more text than a plan can have",
    ),
    "JSON too deep": (b'{"schema":1,"text":' + b"[" * 100_000, "This JSON cannot be read"),
    "JSON with a NUL": (as_json({"rows": [row_of(1) | {"symbol_as_printed": "a\0"}]}), "a sign that cannot be kept"),
    "a file inside": (docx(HEAD + '<w:altChunk r:id="x"/>'), "is broken"),
    "a link for a part": (linked(), "is broken"),
    "all of it doubtful": (docx(HEAD + p("(" * 2_000)), "Too much in this file is doubtful"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_plan_is_refused_with_what_to_do(case):
    data, words = REFUSED[case]

    with pytest.raises(NoPlan, match=words):
        read(data, "plan.json" if data.startswith(b"{") else "plan.docx", REGISTERED)


SLOW = {
    "lists": docx(HEAD + "".join(p("x", num="1", level=place % 9) for place in range(2_900))),
    "stars": docx(HEAD + p("*a" * 4_900) * 12),
    "looks": docx(HEAD + p("<w:r><w:rPr><w:b/></w:rPr><w:t>a</w:t></w:r><w:r><w:t> b</w:t></w:r>" * 7_000)),
    "stray slashes": docx(HEAD + p("/ a") * 2_900 + p("\ufffd. n")),
    "calls": docx(HEAD + p(*[call(1)] * 9_000), footnotes=notes(n1="x")),
    "semicolons": docx(table(("Resolution", "Mandate", "Area"), ("AG/RES. 1 (I-O/71)", "m", "a;" * 60_000))),
    "dates": docx(table(("Date", "Topic"), *[("5 and 6 de " * 25, "x")] * 200)),
    "deadlines": docx(
        table(
            ("Resolution", "Mandate"), ("AG/RES. 1 (I-O/71)", "· m\n" + "\n".join(["When: " + "a; says " * 22] * 200))
        )
    ),
    "symbols": docx(HEAD + p("AG/RES. 2735 (XLII-O/12) " * 5_900)),
    "tabs": b"Work plan\n" + b"\tx\n" * 2_900 + b"Background\nMandate\n",
    "borders": b"Work plan\nResolution\tMandate\n" + b"\t" * 140_000,
    "attributes": docx(HEAD + "<w:p " + " ".join(f"a{place}=''" for place in range(150_000)) + "/>"),
}


@pytest.mark.parametrize("case", SLOW)
def test_what_could_take_long_is_read_or_refused_in_time(case):
    start = time.process_time()
    with suppress(NoPlan):
        read(SLOW[case], "plan.txt", REGISTERED)

    assert time.process_time() - start < 2


def test_no_part_is_unpacked_further_than_it_may():
    """The size in the directory is a lie: the part unpacks to more."""
    data = bytearray(zipped({"word/document.xml": bytes(60_000_000)}))
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = (100).to_bytes(4, "little")

    tracemalloc.start()
    with pytest.raises(NoPlan):
        read_docx(bytes(data))
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 60_000_000


def test_parts_together_may_not_be_larger_than_they_may():
    data = bytearray(zipped({str(name): b"a" for name in range(11)}))
    for found in re.finditer(b"PK\x01\x02", bytes(data)):
        data[found.start() + 24 : found.start() + 28] = (20_000_000).to_bytes(4, "little")

    with pytest.raises(NoPlan, match="unpacks to more than a plan can be"):
        Package(bytes(data))


def test_addresses_outside_of_the_file_are_never_followed():
    outside = b"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
    <Relationship Id="a" Type="x/footnotes" Target="file:///etc/passwd" TargetMode="External"/>
    <Relationship Id="b" Type="x/numbering" Target="../../../etc/passwd"/></Relationships>"""
    file = docx(HEAD, **{"word/_rels/document.xml.rels": outside})

    brought = bring(file)

    assert narrative(brought, "background") == ["a"]
    assert brought.text["notes"] == []


@pytest.mark.parametrize(
    "block",
    [
        p("x", num="1", level=-5) + p("y", num="1", level=3),
        table(("Resolution", "Mandate"), ("AG/RES. 1 (I-O/71)", "m")).replace(
            "<w:tr>", '<w:tr><w:trPr><w:gridBefore w:val="-3"/></w:trPr>'
        ),
        p('<w:r><w:sym w:char="D800"/><w:sym w:char="0000"/><w:sym w:char="FFFF"/><w:t>x</w:t></w:r>'),
    ],
    ids=["a depth below none", "a column before the first", "signs that are none"],
)
def test_numbers_out_of_bounds_break_nothing(block):
    brought = bring(docx(HEAD, block))

    assert not re.search("[\x00\ud800\uffff]", str(brought.text))


def test_macros_and_other_parts_are_not_looked_at():
    brought = bring(docx(HEAD, **{"word/vbaProject.bin": OLE * 100, "../../etc/passwd": b"x"}))

    assert narrative(brought, "background") == ["a"]
