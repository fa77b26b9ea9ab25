"""Word files taken apart, and a plan in which everything stands that a plan can print."""

import io
import re
from typing import Any
from zipfile import ZipFile

from docx import Document
from docx.oxml import parse_xml

from mispa.ground.text import Text
from tests.documents.samples import CONSIDERED, adoption, plan_record, plan_text, set_meetings_otherwise

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
DIGITS = "0123456789abcdef" * 4
SEAL = {"sha256": DIGITS, "previous": None, "chain": "f" * 64, "url": f"https://mispa.test/verify/{DIGITS}/"}
ADOPTED = plan_record(2, adopted=adoption(), considered=CONSIDERED)


def parts(file: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(file)) as package:
        return {name: package.read(name) for name in package.namelist()}


def root(file: bytes, name: str = "document") -> Any:
    return parse_xml(parts(file)[f"word/{name}.xml"])


def words(element: Any) -> str:
    """The words of a part, paragraph by paragraph, with single plain spaces."""
    lines = ["".join(piece.text for piece in line.iter(f"{W}t")) for line in element.iter(f"{W}p")]
    return " ".join(" ".join(lines).split())


def running(file: bytes) -> dict[str, str]:
    """What the heads of pages say, and the feet."""
    return {name: words(parse_xml(blob)) for name, blob in parts(file).items() if re.search("header|footer", name)}


def paragraphs(file: bytes, style: str) -> list[str]:
    document = Document(io.BytesIO(file))
    inside = [line for table in document.tables for cell in table._cells for line in cell.paragraphs]
    return [plain(line.text) for line in (*document.paragraphs, *inside) if line.style.name == style]


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def everything() -> dict:
    """A plan in which everything stands that a plan can print."""
    text = plan_text()
    text["rows"][2]["mandates"][0] |= {"paragraph": "14", "areas": text["rows"][0]["areas"]}
    text["rows"].append({**text["rows"][1], "id": "row-4", "mandates": []})
    set_meetings_otherwise(text)
    text["narrative"]["considerations"].append(
        {"id": "lists", "text": Text.of("*Two* lists:\n\n- one,\n- **two**:\n\n  more of it\n\n  7. seven\n  8. eight")}
    )
    return text


def words_of(run: Any) -> str:
    return "".join(piece.text for piece in run.iter(f"{W}t"))


def styled(line: Any, style: str) -> bool:
    found = line.find(f"{W}pPr/{W}pStyle")
    return found is not None and found.get(f"{W}val") == style


def has_style(run: Any, style: str) -> bool:
    found = run.find(f"{W}rPr/{W}rStyle")
    return found is not None and found.get(f"{W}val") == style
