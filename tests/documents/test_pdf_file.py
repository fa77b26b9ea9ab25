"""The paper as a file: its conformance, tags, enclosures, seal and bytes."""

import hashlib
import inspect
import io
import os
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pikepdf
import pytest
import segno
from django.conf import settings
from django.utils import timezone

from documents.printing.pdf import Enclosure, calendar_pdf, claimed_seal, proof, tags, work_plan_pdf
from mispa.ground.text import Text
from tests.documents.papers import PROFILES, failures
from tests.documents.samples import (
    CONSIDERED,
    adoption,
    corrigendum_record,
    long_plan_text,
    plan_record,
    plan_text,
    translated,
)

SHA = hashlib.sha256(b"a text").hexdigest()
SEAL = {"sha256": SHA, "url": f"https://mispa.example/verify/{SHA}/"}
AT = datetime(2013, 9, 12, 15, 42, 31, tzinfo=UTC)
ENCLOSURES = (
    Enclosure("work-plan.json", "application/json", b'{"schema": 1}\r', "The plan – as data", AT),
    Enclosure("calendar.ics", "text/calendar", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "The calendar", AT),
)
AD_REFERENDUM = plan_record(2, adopted=adoption("ad referendum"))
ADOPTED = plan_record(2, considered=CONSIDERED, adopted=adoption())
# What is settled, in which language, whether all of it is in that language, whether sealed, whether with enclosures.
PAPERS = {
    "draft": (plan_record(None), "en", True, False, False),
    "draft, incomplete": (plan_record(considered=CONSIDERED), "es", False, True, True),
    "adopted": (ADOPTED, "fr", True, True, True),
    "adopted, incomplete": (ADOPTED, "pt", False, False, False),
    "ad referendum": (AD_REFERENDUM, "pt", True, False, True),
    "ad referendum, incomplete": (AD_REFERENDUM, "fr", False, True, False),
    "corrigendum": (corrigendum_record(), "es", True, True, True),
    "corrigendum, original": (corrigendum_record(), "en", True, True, False),
}


@cache
def paper(name: str) -> bytes:
    """Each paper of this file is made once."""
    if name == "long":
        return work_plan_pdf(long_plan_text(8), ADOPTED, "en", seal=SEAL, enclosures=ENCLOSURES)
    if name == "calendar":
        return calendar_pdf(plan_text(), ADOPTED, "en", seal=SEAL, enclosures=ENCLOSURES)
    record, language, is_complete, is_sealed, has_enclosures = PAPERS[name]
    text = translated(plan_text(), *{"es", "fr", "pt"} - (set() if is_complete else {language}))
    if name == "draft, incomplete":
        text = translated(plan_text(), "es") | {"rows": plan_text()["rows"][:1]}
    return work_plan_pdf(
        text, record, language, seal=SEAL if is_sealed else None, enclosures=ENCLOSURES if has_enclosures else ()
    )


def opened(name: str) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(paper(name)))


def elements(name: str) -> tuple[pikepdf.Pdf, list[pikepdf.Dictionary]]:
    """A paper, to be kept while its tags are looked at, and the tags, as a reader meets them."""

    def walk(value: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
        if isinstance(value, pikepdf.Array):
            for one in value:
                yield from walk(one)
        elif isinstance(value, pikepdf.Dictionary) and "/S" in value:
            yield value
            yield from walk(value.get("/K", pikepdf.Array()))

    pdf = opened(name)
    return pdf, list(walk(pdf.Root.StructTreeRoot.K))


# ---- conformance


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", [*PAPERS, "long", "calendar"])
def test_the_file_conforms_to_pdf_a_and_to_pdf_ua(name, profile, tmp_path):
    file = tmp_path / "plan.pdf"
    file.write_bytes(paper(name))

    assert failures(file, profile) == []


def test_the_metadata_claim_both_standards_and_are_not_compressed():
    with opened("adopted") as pdf:
        metadata = pdf.Root.Metadata.read_raw_bytes().decode()

    assert 'pdfaid:part="3" pdfaid:conformance="A"' in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata


def test_the_file_says_its_language_title_dates_and_outline():
    pdf = opened("draft")

    assert pdf.Root.Lang == "en"
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.docinfo.Title) == str(plan_text()["plan"]["title"])
    assert str(pdf.docinfo.ModDate) == str(pdf.docinfo.CreationDate) == "D:20130912154231Z"
    with pdf.open_outline() as outline:
        [title] = outline.root
        assert [item.title for item in title.children][:3] == [
            "I. Background",
            "II. Mandate",
            "III. Other considerations",
        ]
        assert [item.title for item in title.children[3].children] == [
            row["symbol_as_printed"] for row in plan_text()["rows"]
        ]
    assert {tuple(page.mediabox) for page in pdf.pages} == {(0, 0, 612, 792)}


# ---- tags


def test_the_private_part_of_weasyprint_that_we_wrap_is_as_we_know_it():
    parameters = list(inspect.signature(tags._BUILD).parameters)

    assert parameters == ["box", "parent", "pdf", "page_number", "nums", "annotations", "tags"], (
        "WeasyPrint builds its tags in another way than the version that documents/pdf/tags.py was written for: "
        "notes may be no notes, and foreign passages without their language. See what it does now, and mend that file."
    )


def test_each_note_is_tagged_as_one_and_has_an_id_of_its_own():
    _pdf, items = elements("draft")

    notes = [one for one in items if one.S == "/Note"]

    assert [str(one.ID).partition("-")[2].partition("-")[0] for one in notes] == ["1", "2", "3", "4", "5", "6", "7"]
    assert len({str(one.ID) for one in notes}) == 7
    assert [str(kid.S) for one in notes for kid in one.K if kid.S == "/Lbl"] == ["/Lbl"] * 7
    assert Counter(str(one.S) for one in items)["/Reference"] == 7


def test_a_passage_in_another_language_says_which():
    text = translated(plan_text(), "es")
    text["narrative"]["considerations"][0]["text"] = Text.of("One passage.")
    text["rows"][2]["mandates"][0]["text"] = Text.of("Another passage.")
    text["notes"][3]["text"] = Text.of("A third one.")

    found = _languages(work_plan_pdf(text, plan_record(), "es"))

    assert found == {("/Div", "en"): 1, ("/Span", "en"): 2}


def test_a_text_that_is_all_in_one_language_says_it_once():
    assert _languages(paper("adopted")) == {}


def test_a_corrected_wording_says_its_language():
    assert _languages(paper("corrigendum, original")) == {("/Span", "es"): 2}


def _languages(pdf: bytes) -> dict[tuple[str, str], int]:
    """How many tags of a kind say that they are in a language other than the paper's."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        items = [item for item in file.objects if isinstance(item, pikepdf.Dictionary)]
        return Counter((str(item.S), str(item.Lang)) for item in items if "/S" in item and "/Lang" in item)


# ---- enclosures


def test_enclosures_are_in_the_file_as_they_were_given():
    pdf = opened("adopted")

    found = {
        name: (one.get_file().read_bytes(), one.get_file().mime_type, one.description, one.get_file().creation_date)
        for name, one in pdf.attachments.items()
    }

    assert found == {one.name: (one.content, one.media_type, one.description, one.at) for one in ENCLOSURES}
    assert [str(one.UF) for one in pdf.Root.AF] == ["calendar.ics", "work-plan.json"]
    assert {str(one.AFRelationship) for one in pdf.Root.AF} == {"/Data"}
    names = pdf.Root.Names.EmbeddedFiles.Names
    assert [str(name) for name in list(names)[::2]] == ["calendar.ics", "work-plan.json"]


def test_without_an_enclosure_the_file_has_none():
    pdf = opened("draft")

    assert dict(pdf.attachments) == {}
    assert "/AF" not in pdf.Root


# ---- seal


def test_a_sealed_file_tells_its_seal_to_who_only_searches_the_bytes():
    assert claimed_seal(paper("adopted")) == SHA
    assert claimed_seal(paper("calendar")) == SHA


def test_a_changed_file_still_tells_which_edition_it_claims_to_be():
    changed = io.BytesIO()
    with opened("adopted") as pdf:
        del pdf.pages[1]
        pdf.save(changed)

    assert claimed_seal(changed.getvalue()) == SHA


@pytest.mark.parametrize("content", [b"", b"mispa:seal:800928cb", b"mispa:seal:" + b"0" * 65, SHA.encode()])
def test_other_bytes_claim_no_seal(content):
    assert claimed_seal(content) == ""


def test_a_file_without_a_seal_claims_none():
    assert claimed_seal(paper("draft")) == ""


@pytest.mark.parametrize("name", ["adopted", "corrigendum", "long", "calendar"])
def test_the_proof_stands_whole_on_the_last_page(name):
    pages = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=paper(name), capture_output=True, check=True
    ).stdout.decode()
    *others, last = pages.removesuffix("\f").split("\f")

    assert [eight for eight in proof.proof(SEAL)["digits"] if eight in last] == proof.proof(SEAL)["digits"]
    assert "https://mispa.example/verify/" in last
    assert f"{SHA}/" in last
    assert not any("mispa.example" in page for page in others)


def test_the_code_is_a_figure_with_words_for_it():
    _pdf, items = elements("long")

    [figure] = [one for one in items if one.S == "/Figure"]

    assert str(figure.Alt) == f"QR code that leads to {SEAL['url']}"


@pytest.mark.parametrize("url", [SEAL["url"], "http://localhost:8000/verify/?a=1&b=2"])
def test_the_code_draws_the_address(url):
    expected = [[bool(module) for module in row] for row in segno.make(url, error="m", micro=False).matrix]

    assert drawn(proof.qr_code(url), len(expected)) == expected


def drawn(svg: str, size: int) -> list[list[bool]]:
    """The modules that the path of a drawing paints: it moves (m) and paints (h) along rows, one after the other."""
    grid = [[False] * size for _row in range(size)]
    path = svg.partition(' d="M0 0.5')[2].partition('"')[0]
    across, down = 0, 0
    for step in path.replace("h", " h").replace("m", " m").split(" "):
        if step.startswith("h"):
            ends = across + int(step[1:])
            grid[down][across:ends] = [True] * (ends - across)
            across = ends
        elif step.startswith("m"):
            across += int(step[1:])
        elif step:
            down += int(step)
    return grid


# ---- the same text gives the same bytes


def test_rendering_asks_no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)

    assert work_plan_pdf(plan_text(), plan_record(), "en").startswith(b"%PDF-1.7")


_IN_A_PROCESS = """
import hashlib, django
django.setup()
from tests.documents.test_pdf_file import a_paper_with_everything
print(hashlib.sha256(a_paper_with_everything()).hexdigest())
"""


def a_paper_with_everything() -> bytes:
    return work_plan_pdf(plan_text(), corrigendum_record(), "es", seal=SEAL, enclosures=ENCLOSURES)


def test_two_processes_make_the_same_bytes():
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _IN_A_PROCESS],
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "mispa.settings", "PYTHONHASHSEED": seed, "TZ": zone},
            cwd=settings.BASE_DIR,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed, zone in [("1", "UTC"), ("2", "America/Bogota")]
    ]

    made = {process.communicate()[0] for process in processes}

    assert made == {f"{hashlib.sha256(a_paper_with_everything()).hexdigest()}\n"}


def test_the_zone_of_the_reader_changes_nothing():
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        made = calendar_pdf(plan_text(), ADOPTED, "en", seal=SEAL, enclosures=ENCLOSURES)

    assert made == paper("calendar")


def test_a_release_or_a_later_text_changes_nothing():
    record = ADOPTED | {"status": "superseded", "audiences": ["delegations", "public"]}

    assert calendar_pdf(plan_text(), record, "en", seal=SEAL, enclosures=ENCLOSURES) == paper("calendar")


def test_another_instant_of_change_makes_another_file():
    record = ADOPTED | {"last_change_at": AT + timedelta(seconds=1)}

    assert calendar_pdf(plan_text(), record, "en", seal=SEAL, enclosures=ENCLOSURES) != paper("calendar")


def test_another_enclosure_makes_another_file_with_an_identifier_of_its_own():
    other = (ENCLOSURES[0], replace(ENCLOSURES[1], content=b"BEGIN:VCALENDAR\r\nX-WR-CALNAME:X\r\nEND:VCALENDAR\r\n"))

    with pikepdf.open(io.BytesIO(calendar_pdf(plan_text(), ADOPTED, "en", seal=SEAL, enclosures=other))) as pdf:
        assert bytes(pdf.trailer.ID[0]) != bytes(opened("calendar").trailer.ID[0])
