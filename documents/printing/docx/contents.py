"""What the Word file says, part by part, in the order of the paper."""

from collections.abc import Sequence
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from docx.oxml import OxmlElement
from docx.shared import Length
from docx.table import Table, _Cell, _Row

from documents.editions.standing import is_settled, which, word
from documents.printing import printed
from documents.printing.docx.package import describe, new_document, restarted, shares
from documents.printing.docx.wording import MANDATES, NUMBERS, Block, Wordings, count, field, link
from documents.printing.printed import Json
from mispa.ground import dates
from mispa.ground.templatetags.looks import in_eights

# A row with no more letters takes less than half a page and is kept whole.
_SHORT: Final = 1200


class Paper:
    """A plan on its way into `document`, in the language that is active."""

    def __init__(self, text: Json, record: Json, language: str) -> None:
        self.text, self.record, self.language = text, record, language
        self.group, self.plan = text["group"], text["plan"]
        self.document = new_document(language, is_settled(record))
        self.words = Wordings(self.document, language, text["notes"])

    def write(self, seal: Json | None) -> None:
        describe(
            self.document,
            title=str(self.plan["title"]),
            author=str(self.group["name"]),
            status=word(self.record),
            language=self.language,
            at=self.record["last_change_at"],
        )
        self.every_page()
        self.head()
        self.title()
        for section in printed.sections(self.text["narrative"]):
            self.heading(section["heading"])
            for paragraph in section["paragraphs"]:
                self.words.prose(self.document, paragraph["text"])
        self.work_plan()
        self.calendar()
        if self.record["corrections"]:
            self.corrections()
        if seal:
            self.proof(seal)

    # ---- around the text

    def every_page(self) -> None:
        """How settled the text is over each page, the number from the second on, and the group at the foot."""
        [section] = self.document.sections
        state = printed.on_every_page(self.record, self.group)
        number = section.header.paragraphs[0]
        number.add_run("– ")
        field(number, "PAGE", "2")
        number.add_run(" –")
        self.words.line(section.header, "Running Mark", state)
        section.first_page_header.paragraphs[0].style = "Running Mark"
        section.first_page_header.paragraphs[0].add_run(state)
        for footer in (section.footer, section.first_page_footer):
            name = self.group["short_name"]
            self.words.run(footer.paragraphs[0], str(name), name.lang)

    def head(self) -> None:
        left, right = self.row(self.table("Head of a Paper", shares(66, 34))).cells
        for place, body in enumerate(self.group["bodies"]):
            self.words.say(self.words.line(left, "Head"), body, is_bold=place == 0 or None)
        self.words.line(left, "Head", self.group["short_name"])
        symbol = self.plan["symbol"] or _("symbol pending")
        self.words.say(self.words.line(right, "Head Right"), symbol, is_bold=True)
        self.words.line(right, "Head Right", dates.day_formal(printed.paper_date(self.record, self.group)))
        original = printed.language_name(self.plan["original_language"])
        self.words.message(right, "Head Right", _("Original: %(language)s"), language=original)

    def title(self) -> None:
        self.words.line(self.document, "Mark", word(self.record))
        self.words.line(self.document, "Title", self.plan["title"])
        for line in printed.status_lines(self.record, self.group):
            self.words.line(self.document, "Subtitle", f"({line})")
        original = self.plan["original_language"]
        if corrigendum := printed.corrigendum(self.record, self.group, original):
            self.words.line(self.document, "Subtitle", corrigendum)
        if incomplete := printed.not_in_language(self.text, self.language):
            self.words.line(self.document, "Subtitle", incomplete)

    def heading(self, words: str) -> None:
        self.words.line(self.document, "heading 1", words)

    # ---- the work plan

    def work_plan(self) -> None:
        group = printed.in_a_sentence(self.group["name"])
        self.heading(_("Work plan of the %(group)s") % {"group": group})
        if not self.text["rows"]:
            self.words.line(self.document, "Body Text", _("No resolution is in the plan yet."))
            return
        table = self.table("Plan Table", shares(25, 52, 23), _("Resolution"), _("Mandate"), _("Area responsible"))
        for row in self.text["rows"]:
            cells = self.row(table, is_kept=_letters(row) <= _SHORT).cells
            self.words.line(cells[0], "Symbol", row["symbol_as_printed"])
            self.words.line(cells[0], "Table Text", row["title"])
            self.mandates(cells[1], row["mandates"])
            self.areas(cells[2], row)

    def mandates(self, cell: _Cell, mandates: Sequence[Json]) -> None:
        if not mandates:
            self.words.line(cell, "Table Detail", _("No mandate is entered."))
            return
        number = restarted(self.document, MANDATES)
        for mandate in mandates:
            count(self.words.line(cell, "Mandate", mandate["text"]), number)
            if mandate["paragraph"]:
                said = _("Paragraph %(number)s of the resolution")
                self.words.message(cell, "List Detail", said, number=mandate["paragraph"])
            if deadline := printed.deadline_worth_printing(mandate):
                self.deadline(cell, deadline)
            if mandate["areas"]:
                line = self.words.line(cell, "List Detail", _("Area responsible:"), " ")
                for place, area in enumerate(mandate["areas"]):
                    for wording in ("; " if place else "", area["name"], *_in_brackets(area["unit"])):
                        self.words.say(line, wording)

    def deadline(self, cell: _Cell, deadline: Json) -> None:
        words = deadline["words"]
        if not deadline["refined_by"]:
            self.words.message(cell, "List Detail", _("When: %(words)s."), words=words)
            return
        self.words.message(
            cell,
            "List Detail",
            _("When: %(words)s; %(symbol)s says %(refined)s."),
            words=words,
            symbol=deadline["refined_by"],
            refined=dates.days(deadline["refined_earliest"], deadline["refined_latest"]),
        )

    def areas(self, cell: _Cell, row: Json) -> None:
        for area in row["areas"]:
            self.words.line(cell, "Table Text", area["name"])
            if area["unit"]:
                self.words.line(cell, "Table Detail", area["unit"]["name"])
        if not row["areas"]:
            is_by_mandate = any(mandate["areas"] for mandate in row["mandates"])
            none = _("As named with the mandates.") if is_by_mandate else _("No area is named in the plan.")
            self.words.line(cell, "Table Detail", none)

    # ---- the calendar

    def calendar(self) -> None:
        self.heading(_("Calendar of activities and meetings of the Working Group"))
        self.document.paragraphs[-1].paragraph_format.page_break_before = True
        meetings = [printed.with_facts(meeting, self.group) for meeting in self.text["meetings"]]
        sessions = [meeting for meeting in meetings if meeting["kind"] == "session"]
        if sessions:
            self.sessions(sessions)
        else:
            self.words.line(self.document, "Body Text", _("No meeting of the Group is in the plan yet."))
        for meeting in meetings:
            if meeting["kind"] == "ministerial":
                self.when_and_where(self.document, meeting)
                self.words.line(self.document, "Body Text", meeting["title"] or _("Ministerial meeting"))

    def sessions(self, sessions: Sequence[Json]) -> None:
        table = self.table("Plan Table", shares(34, 66), _("Date"), _("Topic"))
        for meeting in sessions:
            day, topics = self.row(table, is_kept=_letters(meeting) <= _SHORT).cells
            self.when_and_where(day, meeting)
            if meeting["title"]:
                self.words.say(self.words.line(topics, "Table Text"), meeting["title"], is_bold=True)
            for topic in meeting["topics"]:
                self.words.line(topics, "Topic", topic["text"])
                if topic["documents"]:
                    self.words.line(topics, "List Detail", "; ".join(topic["documents"]))
            if not meeting["topics"]:
                self.words.line(topics, "Table Detail", _("No topic is named in the plan."))
        # What follows a table: its note, or the space that Word needs there.
        has_hours = any(meeting["has_hours"] for meeting in sessions)
        said = _("Hours are those of %(place)s.") if has_hours else ""
        self.words.message(self.document, "Table Note", said, place=self.group["place"])

    def when_and_where(self, block: Block, meeting: Json) -> None:
        starts, ends = meeting["starts"], meeting["ends"]
        if starts and meeting["precision"] != "imprecise":
            self.words.line(block, "Day", dates.days(starts, ends))
            if meeting["is_one_day"]:
                self.words.line(block, "Fact", capfirst(dates.weekday(starts)))
            if meeting["has_hours"]:
                zone = f" ({meeting['other_zone']})" if meeting["other_zone"] else ""
                self.words.line(block, "Fact", dates.hours_us(starts, ends) + zone)
        else:
            self.words.line(block, "Day", meeting["words"] or _("The day is not in the plan."))
        if meeting["room"]:
            self.words.line(block, "Fact", meeting["room"]["name"])
        if meeting["is_elsewhere"]:
            places = [meeting["city"] and meeting["city"]["name"], meeting["country"]]
            line = self.words.line(block, "Fact")
            for place, wording in enumerate(filter(None, places)):
                self.words.say(line, ", " if place else "")
                self.words.say(line, wording)

    # ---- what comes last

    def corrections(self) -> None:
        self.words.line(self.document, "heading 2", _("Corrections"))
        number = restarted(self.document, NUMBERS)
        for one in self.record["corrections"]:
            language = one["language"]  # none where a printed symbol is corrected
            name = printed.language_name(language) if language else ""
            where = " · ".join(filter(None, (one["where"], name)))
            line = self.words.line(self.document, "List Number")
            count(line, number)
            self.words.say(line, where, is_bold=True)
            for said, wording in ((_("Before:"), one["before"]), (_("Now:"), one["after"])):
                if wording:
                    under = self.words.line(self.document, "List Continue", said, " ")
                    self.words.run(under, wording, language or self.language)

    def proof(self, seal: Json) -> None:
        self.words.line(self.document, "heading 2", _("Proof of %(edition)s") % {"edition": which(self.record)})
        self.words.say(self.words.line(self.document, "Proof Text"), _("Seal"), is_bold=True)
        self.words.line(self.document, "Digits", in_eights(seal["sha256"]))
        explained = _(
            "The seal is the SHA-256 of every word of the plan in all its languages. This file can be changed; the "
            "text that was sealed is at:"
        )
        self.words.line(self.document, "Proof Text", explained)
        link(self.words.line(self.document, "Fact"), seal["url"])

    # ---- tables

    def table(self, style: str, widths: Sequence[Length], *headings: str) -> Table:
        """A table with its heading row, if it has one, which comes again on each page."""
        table: Table = self.document.add_table(0, len(widths), style)
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        if headings:
            row = self.row(table, is_kept=True)
            row._element.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
            for cell, heading in zip(row.cells, headings, strict=True):
                self.words.line(cell, "Table Head", heading)
        return table

    def row(self, table: Table, is_kept: bool = False) -> _Row:
        row: _Row = table.add_row()  # type: ignore[no-untyped-call]
        if is_kept:
            row._element.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        return row


def _letters(part: Any) -> int:
    return sum(len(str(text)) for text in printed.texts(part))


def _in_brackets(unit: Json | None) -> Sequence[Any]:
    return (" (", unit["name"], ")") if unit else ()
