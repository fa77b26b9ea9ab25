"""The file around the words: an empty document with our styles and no part that we do not need, and its bytes."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.template.loader import render_to_string
from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import parse_xml
from docx.shared import Length, Mm

# Languages as Word's dictionaries name them.
TAGS: Final = {"en": "en-US", "es": "es-ES", "fr": "fr-FR", "pt": "pt-BR"}
WIDTH: Final = Mm(165.9)
# Core properties hold no more; python-docx refuses what is longer.
_LONGEST_PROPERTY: Final = 255
_LOOKS: Final = {
    True: {"rule": "double", "thickness": 6, "colour": "0D5A48"},
    False: {"rule": "dashed", "thickness": 12, "colour": "7D4D00"},
}
_NEEDED: Final = {
    RELATIONSHIP_TYPE.OFFICE_DOCUMENT,
    RELATIONSHIP_TYPE.CORE_PROPERTIES,
    RELATIONSHIP_TYPE.STYLES,
    RELATIONSHIP_TYPE.NUMBERING,
    RELATIONSHIP_TYPE.SETTINGS,
}


def new_document(language: str, is_settled: bool) -> WordDocument:
    """An empty document on US Letter: python-docx's own, with our styles, lists and settings in place of its."""
    document = Document()
    for rels in (document.part.rels, document.part.package.rels):
        for key in [key for key, rel in rels.items() if rel.reltype not in _NEEDED]:
            del rels[key]
    context = {"lang": TAGS[language], **_LOOKS[is_settled]}
    for element, name in (
        (document.styles.element, "styles"),
        (document.part.numbering_part.element, "numbering"),
        (document.settings.element, "settings"),
    ):
        element[:] = list(_part(name, context))
    add_part(document, "fontTable", RELATIONSHIP_TYPE.FONT_TABLE, CONTENT_TYPE.WML_FONT_TABLE)
    [section] = document.sections
    section.page_width, section.page_height = Mm(215.9), Mm(279.4)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin, section.bottom_margin = Mm(27), Mm(24)
    section.header_distance, section.footer_distance = Mm(12), Mm(11)
    section.different_first_page_header_footer = True
    return document


def add_part(document: WordDocument, name: str, relation: str, content_type: str) -> Any:
    """One more part beside the document, from the template of its name; its root element comes back, to be filled."""
    place = PackURI(f"/word/{name}.xml")
    part = XmlPart(place, content_type, _part(name, {}), document.part.package)
    document.part.relate_to(part, relation)
    return part.element


def _part(name: str, context: dict[str, Any]) -> Any:
    return parse_xml(render_to_string(f"docx/{name}.xml", context).strip())


def describe(document: WordDocument, *, title: str, author: str, status: str, language: str, at: datetime) -> None:
    """What the file says of itself; `at` is the aware instant at which its words last changed."""
    properties = document.core_properties
    properties.title, properties.author = title[:_LONGEST_PROPERTY], author[:_LONGEST_PROPERTY]
    properties.last_modified_by = properties.author
    properties.content_status, properties.language = status[:_LONGEST_PROPERTY], TAGS[language]
    properties.comments = properties.keywords = ""
    properties.revision = 1
    properties.created = properties.modified = at.astimezone(UTC)


def restarted(document: WordDocument, abstract: int, level: int = 0, start: int = 1) -> int:
    """The number of a list of its own, which counts from `start`; `abstract` says how it looks."""
    num = document.part.numbering_part.element.add_num(abstract)
    num.add_lvlOverride(ilvl=level).add_startOverride(start)
    number: int = num.numId
    return number


def shares(*percent: int) -> list[Length]:
    """Widths of columns, as shares of the line."""
    return [Length(WIDTH * share // 100) for share in percent]


def as_bytes(document: WordDocument) -> bytes:
    """The document as a file, without the clock in it."""
    written, fixed = BytesIO(), BytesIO()
    document.save(written)
    with ZipFile(written) as source, ZipFile(fixed, "w") as target:
        for name in source.namelist():
            member = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            target.writestr(member, source.read(name), ZIP_DEFLATED)
    return fixed.getvalue()
