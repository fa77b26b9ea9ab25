"""Wordings put into paragraphs: their language, the mark of those that are in another one, Markdown, and notes."""

import re
from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from docx.blkcntnr import BlockItemContainer
from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Twips
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from markdown_it.token import Token

from documents.printing.docx.package import TAGS, add_part, restarted
from documents.printing.printed import Json, language_name
from mandates.prose import tokens
from mispa.ground.text import Text

BULLETS, NUMBERS, MANDATES = 2, 3, 4  # as templates/docx/numbering.xml counts them
_DEEPEST: Final = 2
_INDENT: Final = Twips(510)
# As a browser does: any white space is one space. What XML cannot hold is none either.
_SPACES: Final = re.compile("[\x00-\x20\ufffe\uffff]+")
_PLACE: Final = re.compile(r"%\((\w+)\)s")

Wording = Text | str
Block = BlockItemContainer | Document


class Wordings:
    """Writes into one document, for readers of one language, which is the active one."""

    def __init__(self, document: Document, language: str, notes: Sequence[Json]) -> None:
        self.document = document
        self.language = language
        self.notes = Notes(self, notes)

    # ---- lines

    def line(self, block: Block, style: str, *wordings: Wording) -> Paragraph:
        """A paragraph in this style that says the wordings, one after the other."""
        paragraph = _paragraph_in(block, style)
        for wording in wordings:
            self.say(paragraph, wording)
        return paragraph

    def message(self, block: Block, style: str, message: str, **parts: Wording) -> Paragraph:
        """A paragraph that says a translated message; the wordings in its places keep their own language."""
        wordings = [parts[piece] if place % 2 else piece for place, piece in enumerate(_PLACE.split(message))]
        return self.line(block, style, *wordings)

    def say(self, paragraph: Paragraph, wording: Wording, *, is_bold: bool | None = None) -> None:
        """The wording, and a mark where it is not in the reader's language or older than its original."""
        if isinstance(wording, str):
            _run(paragraph, wording).bold = is_bold
            return
        self.run(paragraph, str(wording), wording.lang).bold = is_bold
        self.mark(paragraph, wording)

    def run(self, paragraph: Paragraph, words: str, language: str) -> Run:
        run = _run(paragraph, words)
        if language != self.language:
            lang = OxmlElement("w:lang")
            lang.set(qn("w:val"), TAGS[language])
            run._element.get_or_add_rPr().append(lang)
        return run

    def mark(self, paragraph: Paragraph, text: Text) -> None:
        if text.lang != self.language:
            _run(paragraph, f" [{language_name(text.lang)}]", "Language Mark")
        elif text.is_stale(text.lang):
            why = _("older than the original")
            _run(paragraph, f" [{why}]", "Language Mark")

    # ---- Markdown

    def prose(self, block: Block, text: Text) -> None:
        """A paragraph of the narrative, which may hold lists and call notes."""
        lists: list[int] = []
        begins_item, paragraph = False, None
        for token in tokens(str(text)):
            match token.type:
                case "bullet_list_open":
                    lists.append(BULLETS)
                case "ordered_list_open":
                    start = int(token.attrs.get("start", 1))
                    lists.append(restarted(self.document, NUMBERS, min(len(lists), _DEEPEST), start))
                case "bullet_list_close" | "ordered_list_close":
                    lists.pop()
                case "list_item_open":
                    begins_item = True
                case "inline":
                    paragraph = _prose_paragraph(block, lists, begins_item)
                    begins_item = False
                    self._inline(paragraph, token.children or (), text.lang)
        if paragraph is not None:
            self.mark(paragraph, text)

    def _inline(self, paragraph: Paragraph, children: Sequence[Token], language: str) -> None:
        is_bold = is_italic = None
        for child in children:
            match child.type:
                case "text":
                    run = self.run(paragraph, child.content, language)
                    run.bold, run.italic = is_bold, is_italic
                case "hardbreak":
                    paragraph.add_run().add_break()
                case "note_call":
                    self.notes.call(paragraph, child.content)
                case "strong_open" | "strong_close":
                    is_bold = child.nesting == 1 or None
                case "em_open" | "em_close":
                    is_italic = child.nesting == 1 or None


class Notes:
    """The notes of a text as notes of Word, each made where the text first calls it.

    Word counts them itself. Where a translation calls them in another order than the original, a note prints the number
    that it has in all languages.
    """

    def __init__(self, wordings: Wordings, notes: Sequence[Json]) -> None:
        self.wordings = wordings
        self.by_key = {note["key"]: note for note in notes}
        self.called: list[str] = []
        self.counted = 0
        self.root: Any = None

    def call(self, paragraph: Paragraph, key: str) -> None:
        note = self.by_key.get(key)
        if note is None:  # the author sees that the key is wrong
            _run(paragraph, f"[^{key}]")
        elif key in self.called:
            field(paragraph, rf"NOTEREF {_bookmark(note)} \f \h", str(note["number"]), "footnote reference")
            _run(paragraph, "/", "footnote reference")
        else:
            self.called.append(key)
            is_counted = note["number"] == self.counted + 1
            self.counted += is_counted
            self._refer(paragraph, note, is_counted)
            self._write(note, is_counted)

    def _refer(self, paragraph: Paragraph, note: Json, is_counted: bool) -> None:
        id = str(len(self.called))  # LibreOffice finds a note by its place among the calls
        reference = OxmlElement("w:footnoteReference")
        reference.set(qn("w:id"), id)
        begin, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        begin.set(qn("w:id"), id)
        begin.set(qn("w:name"), _bookmark(note))
        end.set(qn("w:id"), id)
        paragraph._element.append(begin)
        run = _run(paragraph, "", "footnote reference")
        run._element.append(reference)
        if not is_counted:
            reference.set(qn("w:customMarkFollows"), "1")
            run.add_text(str(note["number"]))
        paragraph._element.append(end)
        _run(paragraph, "/", "footnote reference")

    def _write(self, note: Json, is_counted: bool) -> None:
        if self.root is None:
            document = self.wordings.document
            self.root = add_part(document, "footnotes", RELATIONSHIP_TYPE.FOOTNOTES, CONTENT_TYPE.WML_FOOTNOTES)
        footnote = OxmlElement("w:footnote")
        footnote.set(qn("w:id"), str(len(self.called)))
        self.root.append(footnote)
        footnote.append(OxmlElement("w:p"))
        paragraph = Paragraph(footnote[0], self.wordings.document)
        paragraph.style = "footnote text"
        run = _run(paragraph, "" if is_counted else str(note["number"]), "footnote reference")
        if is_counted:
            run._element.append(OxmlElement("w:footnoteRef"))
        _run(paragraph, "/", "footnote reference")
        _run(paragraph, " ")
        self.wordings.say(paragraph, note["text"])


def _bookmark(note: Json) -> str:
    return f"_Note{note['number']}"


def _run(paragraph: Paragraph, words: str, style: str | None = None) -> Run:
    return paragraph.add_run(_SPACES.sub(" ", words), style)


def _paragraph_in(block: Block, style: str) -> Paragraph:
    """A new paragraph; the first in a cell takes the place of the empty one that every cell has."""
    if isinstance(block, _Cell) and len(block._element) == 2 and not len(block.paragraphs[0]._element):
        paragraph: Paragraph = block.paragraphs[0]
        paragraph.style = style
    else:
        paragraph = block.add_paragraph(style=style)
    return paragraph


def _prose_paragraph(block: Block, lists: Sequence[int], begins_item: bool) -> Paragraph:
    if not lists:
        return _paragraph_in(block, "Body Text")
    level = min(len(lists) - 1, _DEEPEST)
    if not begins_item:
        paragraph = _paragraph_in(block, "List Continue")
        paragraph.paragraph_format.left_indent = _INDENT * (level + 1)
        return paragraph
    paragraph = _paragraph_in(block, "List Bullet" if lists[-1] == BULLETS else "List Number")
    count(paragraph, lists[-1], level)
    return paragraph


def count(paragraph: Paragraph, number: int, level: int = 0) -> None:
    """Makes the paragraph an item of the list of this number."""
    properties = paragraph._element.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = level
    properties.get_or_add_numId().val = number


def field(paragraph: Paragraph, instruction: str, shown: str, style: str | None = None) -> None:
    """What Word computes, such as the number of the page; `shown` stands there until it does."""
    made = OxmlElement("w:fldSimple")
    made.set(qn("w:instr"), f" {instruction} ")
    made.append(_run(paragraph, shown, style)._element)
    paragraph._element.append(made)


def link(paragraph: Paragraph, address: str) -> None:
    made = OxmlElement("w:hyperlink")
    made.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    made.append(_run(paragraph, address, "Hyperlink")._element)
    paragraph._element.append(made)
