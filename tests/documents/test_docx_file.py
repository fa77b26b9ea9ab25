import hashlib
import io
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from posixpath import dirname, join, normpath
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pypdf
import pytest
from django.conf import settings
from django.utils import timezone, translation
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml

from documents.printing.docx import work_plan_docx
from documents.printing.pdf import work_plan_pdf
from mispa.ground.text import Text
from tests.documents.samples import corrigendum_record, long_plan_text, plan_record, plan_text
from tests.documents.word_files import (
    ADOPTED,
    RELS,
    SEAL,
    R,
    W,
    everything,
    paragraphs,
    parts,
    plain,
    root,
    running,
    words,
)


@pytest.fixture(scope="module")
def plan() -> bytes:
    return work_plan_docx(plan_text(), plan_record(), "en")


@pytest.fixture(scope="module")
def full() -> bytes:
    return work_plan_docx(everything(), corrigendum_record(), "en", seal=SEAL)


@pytest.fixture(scope="module")
def opened(plan, full, tmp_path_factory) -> dict[str, tuple[bytes, list[str]]]:
    """Three files, and the words of each page as LibreOffice lays them out."""
    folder = tmp_path_factory.mktemp("office")
    made = {"plan": plan, "full": full, "long": work_plan_docx(long_plan_text(4), ADOPTED, "en")}
    for name, file in made.items():
        (folder / f"{name}.docx").write_bytes(file)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    files = [str(folder / f"{name}.docx") for name in made]
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *files],
        capture_output=True,
        timeout=120,
        check=True,
    )
    return {name: (file, pages_of((folder / f"{name}.pdf").read_bytes())) for name, file in made.items()}


# ---- the package


@pytest.mark.parametrize("made", ["plan", "full"])
def test_every_part_is_well_formed_has_a_type_and_is_reached(made, request):
    package = parts(request.getfixturevalue(made))
    types = parse_xml(package["[Content_Types].xml"])
    named = {item.get("PartName") for item in types} | {item.get("Extension") for item in types}

    reached = set()
    for name in (name for name in package if name.endswith(".rels")):
        for relation in parse_xml(package[name]).iter(f"{RELS}Relationship"):
            if relation.get("TargetMode") != "External":
                reached.add(normpath(join(dirname(dirname(name)), relation.get("Target"))).lstrip("/"))

    content = {name for name in package if not name.endswith(".rels") and name != "[Content_Types].xml"}
    assert reached == content
    assert all(f"/{name}" in named for name in content)
    assert [parse_xml(blob).tag for blob in package.values()]


@pytest.mark.parametrize("made", ["plan", "full"])
def test_what_the_document_refers_to_is_there(made, request):
    package = parts(request.getfixturevalue(made))
    document = parse_xml(package["word/document.xml"])
    everywhere = [parse_xml(package[name]) for name in package if name.startswith("word/") and "_rels" not in name]
    styles = {style.get(f"{W}styleId") for style in parse_xml(package["word/styles.xml"]).iter(f"{W}style")}
    lists = {num.get(f"{W}numId") for num in parse_xml(package["word/numbering.xml"]).iter(f"{W}num")}
    relations = {item.get("Id") for item in parse_xml(package["word/_rels/document.xml.rels"])}

    def used(*tags: str) -> set[str]:
        return {one.get(f"{W}val") for part in everywhere for tag in tags for one in part.iter(f"{W}{tag}")}

    assert used("pStyle", "rStyle", "tblStyle", "basedOn", "next") <= styles
    assert used("numId") <= lists
    assert {value for item in document.iter() for key, value in item.items() if key in {f"{R}id"}} <= relations


# The order of elements that Word insists upon (ECMA-376), as far as we write them.
_ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr suppressAutoHyphens spacing ind"
    " contextualSpacing jc outlineLvl",
    "rPr": "rStyle rFonts b bCs i iCs caps noProof color spacing sz szCs u vertAlign lang",
    "tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook",
    "tcPr": "tcW tcBorders",
    "tblBorders": "top left bottom right insideH insideV",
    "tblCellMar": "top left bottom right",
    "style": "name basedOn next uiPriority semiHidden qFormat pPr rPr tblPr tblStylePr",
    "lvl": "start numFmt pStyle lvlText lvlJc pPr rPr",
    "num": "abstractNumId lvlOverride",
    "numPr": "ilvl numId",
    "settings": "zoom defaultTabStop characterSpacingControl footnotePr compat themeFontLang decimalSymbol "
    " listSeparator",
    "font": "altName panose1 charset family pitch",
    "sectPr": "headerReference footerReference pgSz pgMar cols titlePg docGrid",
    "tbl": "tblPr tblGrid tr",
    "tr": "trPr tc",
    "numbering": "abstractNum num",
}


@pytest.mark.parametrize("made", ["plan", "full"])
def test_elements_stand_in_the_order_that_word_insists_upon(made, request):
    found = set()
    for name, blob in parts(request.getfixturevalue(made)).items():
        for element in parse_xml(blob).iter():
            tag = element.tag.removeprefix(W)
            if tag not in _ORDER or (tag == "tcPr" and element.getparent().tag == f"{W}tblStylePr"):
                continue
            order = _ORDER[tag].split()
            places = [order.index(child.tag.removeprefix(W)) for child in element]
            assert places == sorted(places), (name, tag)
            found.add(tag)

    assert found == set(_ORDER)


def test_every_cell_ends_in_a_paragraph_and_no_two_tables_touch(full):
    document = root(full)

    assert {cell[-1].tag for cell in document.iter(f"{W}tc")} == {f"{W}p"}
    assert [table.getnext().tag for table in document.iter(f"{W}tbl")] == [f"{W}p"] * 3


def test_the_file_says_its_title_author_language_state_and_days(plan):
    properties = Document(io.BytesIO(plan)).core_properties

    assert properties.title == str(plan_text()["plan"]["title"])
    assert properties.author == properties.last_modified_by == str(plan_text()["group"]["name"])
    assert (properties.language, properties.content_status) == ("en-US", "DRAFT · edition 1")
    assert properties.created == properties.modified == datetime(2013, 9, 12, 15, 42, 31, tzinfo=UTC)
    assert properties.comments == ""


def test_a_title_longer_than_the_file_can_say_of_itself_is_printed_whole():
    text = plan_text()
    text["plan"]["title"] = Text.of("Title " * 100 + "with an end")

    file = work_plan_docx(text, plan_record(), "en")

    assert paragraphs(file, "Title") == ["Title " * 100 + "with an end"]
    assert len(Document(io.BytesIO(file)).core_properties.title) == 255


def test_the_paper_is_us_letter(plan):
    [section] = Document(io.BytesIO(plan)).sections

    assert (round(section.page_width.inches, 2), round(section.page_height.inches, 2)) == (8.5, 11)


def test_styles_have_the_names_that_word_knows(plan):
    names = {style.name for style in Document(io.BytesIO(plan)).styles}

    assert names >= {"Title", "Subtitle", "Heading 1", "Heading 2", "Body Text", "List Bullet", "List Number"}
    assert names >= {"Header", "Footer", "footnote text", "footnote reference", "Hyperlink", "Plan Table"}
    assert Document(io.BytesIO(plan)).styles["Plan Table"].type == WD_STYLE_TYPE.TABLE


# ---- the same words in LibreOffice and on our own paper

# What a layout adds by itself: numbers of sections, and the headings of tables again.
OF_THE_LAYOUT = {"i", "ii", "iii", "iv", "v", "resolution", "mandate", "area", "responsible", "date", "topic"}


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def printed_words(text: str) -> list[str]:
    """The words of a text in their order, whole where a line divides them.

    Numbers are left out, since lists and notes print their own.
    """
    return re.findall(r"[^\W\d_]+", re.sub(r"(?<=[^\W\d])-\s*(?=[^\W\d])", "", text.casefold()))


def on_pages(file: bytes, pages: int) -> Counter[str]:
    """How often each word of a file is printed: once in the text and its notes, and what stands on every page."""
    over = next(line for name, line in running(file).items() if "header" in name)
    every_page = printed_words(f"{over} {plan_text()['group']['short_name']}")
    return Counter(printed_words(words(root(file)) + " " + words(root(file, "footnotes"))) + every_page * pages)


def out_of_order(expected: list[str], shown: list[str]) -> list[str]:
    """The expected words that do not come one after the other in what is shown."""
    rest = iter(shown)
    return [word for word in expected if word not in rest]


@pytest.mark.parametrize("name", ["plan", "full", "long"])
def test_libreoffice_prints_the_words_of_the_file_and_no_others(name, opened):
    file, pages = opened[name]

    shown = Counter(printed_words(" ".join(pages)))

    assert on_pages(file, len(pages)) - shown == Counter()
    assert set(shown - on_pages(file, len(pages))) <= OF_THE_LAYOUT


@pytest.mark.parametrize("name", ["plan", "full"])
def test_libreoffice_prints_the_words_in_their_order(name, opened):
    file, pages = opened[name]

    expected = printed_words(words(root(file)))

    assert len(expected) > 600
    assert out_of_order(expected, printed_words(" ".join(pages))) == []


def test_libreoffice_counts_notes_sections_and_pages_as_our_paper_does(opened):
    _file, pages = opened["plan"]

    lines = [line.split() for page in pages for line in page.splitlines()]
    assert [line[0] for line in lines if line and re.fullmatch(r"[IV]+\.", line[0])] == [
        "I.",
        "II.",
        "III.",
        "IV.",
        "V.",
    ]
    assert [line[0] for line in lines if line and re.fullmatch(r"\d/", line[0])] == [f"{n}/" for n in range(1, 8)]
    assert [re.findall(r"– (\d+) –", page) for page in pages] == [[], *([str(n)] for n in range(2, len(pages) + 1))]


def test_libreoffice_repeats_the_heading_of_a_table_and_the_mark_of_a_text_on_each_page(opened):
    _file, pages = opened["long"]

    of_table = [number for number, page in enumerate(pages) if "Area responsible" in page]

    assert len(of_table) > 3
    assert of_table == list(range(of_table[0], len(pages) - 1))
    assert all("Adopted September 19, 2013 · edition 2" in plain(page) for page in pages)


def test_our_own_paper_prints_the_same_words(plan):
    pages = pages_of(work_plan_pdf(plan_text(), plan_record(), "en"))

    shown = Counter(printed_words(" ".join(pages)))

    assert on_pages(plan, len(pages)) - shown == Counter()
    assert set(shown - on_pages(plan, len(pages))) <= OF_THE_LAYOUT


# ---- the same text gives the same bytes

_IN_A_PROCESS = """
import hashlib, django
django.setup()
from documents.printing.docx import work_plan_docx
from tests.documents.samples import corrigendum_record, plan_text
print(hashlib.sha256(work_plan_docx(plan_text(), corrigendum_record(), "es")).hexdigest())
"""


def test_two_processes_make_the_same_bytes():
    made = {
        subprocess.run(
            [sys.executable, "-c", _IN_A_PROCESS],
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "mispa.settings", "PYTHONHASHSEED": seed, "TZ": zone},
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in [("1", "UTC"), ("2", "America/Bogota")]
    }

    here = hashlib.sha256(work_plan_docx(plan_text(), corrigendum_record(), "es")).hexdigest()
    assert made == {f"{here}\n"}


def test_the_zone_and_the_language_of_the_reader_change_nothing(plan):
    with timezone.override(ZoneInfo("Asia/Tokyo")), translation.override("fr"):
        assert work_plan_docx(plan_text(), plan_record(), "en") == plan


def test_the_clock_is_not_in_the_file(plan):
    with ZipFile(io.BytesIO(plan)) as package:
        assert {item.date_time for item in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_another_instant_of_change_makes_another_file(plan):
    record = plan_record() | {"last_change_at": datetime(2013, 9, 12, 15, 43, tzinfo=UTC)}

    assert work_plan_docx(plan_text(), record, "en") != plan
