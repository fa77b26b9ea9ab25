import io
from datetime import date

import pytest
from docx import Document
from docx.oxml import parse_xml

from documents.printing.docx import work_plan_docx
from mispa.ground.text import Text
from tests.documents.samples import (
    adoption,
    corrigendum_record,
    long_plan_text,
    mandate,
    plan_record,
    plan_text,
    translated,
)
from tests.documents.word_files import (
    ADOPTED,
    SEAL,
    R,
    W,
    everything,
    has_style,
    paragraphs,
    parts,
    plain,
    root,
    running,
    styled,
    words,
    words_of,
)

LAST_CHANGE = "last change September 12, 2013, 11:42 (Washington)"


@pytest.fixture(scope="module")
def plan() -> bytes:
    return work_plan_docx(plan_text(), plan_record(), "en")


@pytest.fixture(scope="module")
def full() -> bytes:
    return work_plan_docx(everything(), corrigendum_record(), "en", seal=SEAL)


def with_paragraph(wording: str, **translations: str) -> dict:
    text = plan_text()
    text["narrative"]["considerations"] = [{"id": "one", "text": Text.of(wording, **translations)}]
    return text


# ---- around the text


def test_the_head_names_bodies_symbol_day_and_original(plan):
    left, right = Document(io.BytesIO(plan)).tables[0].rows[0].cells

    assert left.text.split("\n") == [
        "Permanent Council",
        "Committee on Hemispheric Security",
        "Working Group to Prepare MISPA IV",
    ]
    assert plain(right.text).split("\n") == ["symbol pending", "13 September 2013", "Original: English"]


def test_the_head_carries_the_symbol_once_there_is_one():
    text = plan_text()
    text["plan"]["symbol"] = "CSH/GT/MISPA-1/13"

    whole = words(root(work_plan_docx(text, plan_record(), "en")))

    assert "CSH/GT/MISPA-1/13 13 September 2013" in whole
    assert "symbol pending" not in whole


def test_the_title_is_typed_as_it_is_and_capital_by_its_style(plan):
    assert paragraphs(plan, "Title") == [str(plan_text()["plan"]["title"])]
    [caps] = [
        style.find(f"{W}rPr/{W}caps")
        for style in root(plan, "styles").iter(f"{W}style")
        if style.get(f"{W}styleId") == "Title"
    ]
    assert caps.get(f"{W}val") is None


def test_a_draft_says_so_over_every_page_with_its_last_change(plan):
    assert sorted(running(plan).values()) == [
        f"DRAFT · edition 1 · {LAST_CHANGE}",
        "Working Group to Prepare MISPA IV",
        "Working Group to Prepare MISPA IV",
        f"– 2 – DRAFT · edition 1 · {LAST_CHANGE}",
    ]
    assert paragraphs(plan, "Mark") == ["DRAFT · edition 1"]
    assert paragraphs(plan, "Subtitle") == ["(As it stood on September 12, 2013, at 11:42, Washington)"]


def test_the_working_text_has_no_edition():
    file = work_plan_docx(plan_text(), plan_record(None), "en")

    assert paragraphs(file, "Mark") == ["DRAFT · working text"]
    assert "12 September 2013" in words(root(file))


def test_a_settled_text_names_its_meetings_and_is_no_draft():
    file = work_plan_docx(plan_text(), ADOPTED, "en")

    assert paragraphs(file, "Mark") == ["Adopted · edition 2"]
    assert paragraphs(file, "Subtitle") == [
        "(Considered at the meetings of September 5 and 19, 2013 and adopted at the meeting of September 19, 2013)"
    ]
    assert "Adopted September 19, 2013 · edition 2" in running(file).values()
    assert not [name for name, blob in parts(file).items() if b"DRAFT" in blob]
    assert "19 September 2013" in words(root(file))


def test_what_was_adopted_ad_referendum_says_so_until_it_is_confirmed():
    waiting = work_plan_docx(plan_text(), plan_record(2, adopted=adoption("ad referendum")), "en")
    confirmed = plan_record(2, adopted=adoption("ad referendum", date(2013, 10, 3)))

    assert "Adopted ad referendum · edition 2 · not confirmed yet" in running(waiting).values()
    assert paragraphs(work_plan_docx(plan_text(), confirmed, "en"), "Mark") == ["Adopted · edition 2"]


@pytest.mark.parametrize(
    ("record", "rule"),
    [
        (plan_record(), "dashed"),
        (plan_record(2, adopted=adoption("ad referendum")), "dashed"),
        (ADOPTED, "double"),
    ],
)
def test_the_rule_under_the_head_is_double_only_where_the_text_is_settled(record, rule):
    styles = root(work_plan_docx(plan_text(), record, "en"), "styles")

    [head] = [style for style in styles.iter(f"{W}style") if style.get(f"{W}styleId") == "HeadofaPaper"]

    assert head.find(f".//{W}bottom").get(f"{W}val") == rule


def test_what_the_record_says_of_its_status_and_readers_changes_nothing():
    later = ADOPTED | {"status": "superseded", "audiences": ["public"]}

    assert work_plan_docx(plan_text(), later, "en") == work_plan_docx(plan_text(), ADOPTED, "en")


def test_pages_are_numbered_by_a_field_from_the_second_on(plan):
    fields = {
        name: [one.get(f"{W}instr").strip() for one in parse_xml(blob).iter(f"{W}fldSimple")]
        for name, blob in parts(plan).items()
        if "header" in name
    }

    assert sorted(fields.values()) == [[], ["PAGE"]]
    assert Document(io.BytesIO(plan)).sections[0].different_first_page_header_footer


def test_a_corrigendum_lists_what_it_corrects(full):
    whole = words(root(full))

    assert "Corrigendum 1 of 3 October 2013: Spanish translation corrected; printed symbol corrected" in whole
    assert (
        "Corrections mandate 2 of CP/RES. 1014 · Spanish Before: noviembre de 2012 Now: noviembre "
        "symbol of AG/RES. 2809 Before: AG/RES. 2809 Now: AG/RES. 2809 (XLIII) Proof"
    ) in whole
    [spanish] = [run for run in root(full).iter(f"{W}r") if words_of(run) == "noviembre"]
    assert spanish.find(f"{W}rPr/{W}lang").get(f"{W}val") == "es-ES"


def test_the_seal_stands_at_the_end_with_its_address(full):
    last = words(root(full)).partition("Proof of ")[2]

    assert last == (
        "edition 2, corrigendum 1 Seal " + "01234567 89abcdef " * 4 + "The seal is the SHA-256 of every word of the "
        "plan in all its languages. This file can be changed; the text that was sealed is at: " + SEAL["url"]
    )
    [link] = root(full).iter(f"{W}hyperlink")
    relations = parse_xml(parts(full)["word/_rels/document.xml.rels"])
    assert {item.get("Id"): item.get("Target") for item in relations}[link.get(f"{R}id")] == SEAL["url"]


def test_a_text_that_is_not_sealed_proves_nothing(plan):
    assert "Proof" not in words(root(plan))
    assert "hyperlink" not in parts(plan)["word/document.xml"].decode()


# ---- the narrative and its notes


def test_sections_are_headings_in_the_order_of_the_source(plan):
    assert paragraphs(plan, "Heading 1") == [
        "Background",
        "Mandate",
        "Other considerations",
        "Work plan of the Working Group to Prepare the Fourth Meeting of Ministers Responsible for Public Security in "
        "the Americas",
        "Calendar of activities and meetings of the Working Group",
    ]


def test_markdown_becomes_lists_and_emphasis():
    wording = "*One* and **two** and ***both***\\\nbelow:\n\n- point\n- other\n\n  more\n\n  3. third\n\n1 < 2 & 3"
    document = Document(io.BytesIO(work_plan_docx(with_paragraph(wording), plan_record(), "en")))
    lines = [line for line in document.paragraphs if line.style.name.startswith(("Body", "List"))][9:14]

    assert [(line.style.name, line.text) for line in lines] == [
        ("Body Text", "One and two and both\nbelow:"),
        ("List Bullet", "point"),
        ("List Bullet", "other"),
        ("List Continue", "more"),
        ("List Number", "third"),
    ]
    looks = {run.text: (run.bold, run.italic) for run in lines[0].runs}
    assert (looks["One"], looks["two"], looks["both"]) == ((None, True), (True, None), (True, True))
    assert looks[" and "] == (None, None)
    assert "1 < 2 & 3" in paragraphs_of(document)


def paragraphs_of(document) -> list[str]:
    return [line.text for line in document.paragraphs]


def test_a_list_counts_from_its_own_number():
    file = work_plan_docx(with_paragraph("3. three\n4. four\n\nand\n\n1. one"), plan_record(), "en")
    lists = {num.get(f"{W}numId"): num for num in root(file, "numbering").iter(f"{W}num")}

    used = [line.find(f".//{W}numId") for line in root(file).iter(f"{W}p") if styled(line, "ListNumber")]

    starts = [lists[one.get(f"{W}val")].find(f".//{W}startOverride").get(f"{W}val") for one in used]
    assert starts == ["3", "3", "1"]


def test_notes_are_notes_of_word_in_their_order_under_two_lines(plan):
    notes = root(plan, "footnotes")
    calls = [call.get(f"{W}id") for call in root(plan).iter(f"{W}footnoteReference")]

    assert calls == ["1", "2", "3", "4", "5", "6", "7"]
    assert [(note.get(f"{W}id"), words(note)) for note in notes] == [
        ("-1", ""),
        ("0", ""),
        *((str(note["number"]), f"/ {note['text']}") for note in plan_text()["notes"]),
    ]
    assert [note.get(f"{W}type") for note in notes][:3] == ["separator", "continuationSeparator", None]
    assert len(list(notes.iter(f"{W}footnoteRef"))) == 7
    separators = [one.get(f"{W}id") for one in root(plan, "settings").find(f"{W}footnotePr")]
    assert separators == ["-1", "0"]


def test_a_second_call_refers_to_the_first_and_an_unknown_one_shows():
    text = with_paragraph("Again.[^lima-2009] And [^nothing].")

    file = work_plan_docx(text, plan_record(), "en")

    assert len(list(root(file).iter(f"{W}footnoteReference"))) == 7
    [field] = root(file).iter(f"{W}fldSimple")
    [bookmark] = [one for one in root(file).iter(f"{W}bookmarkStart") if one.get(f"{W}name") in field.get(f"{W}instr")]
    assert field.get(f"{W}instr").split()[0] == "NOTEREF"
    assert bookmark.getnext().find(f"{W}footnoteReference").get(f"{W}id") == words_of(field) == "5"
    assert "Again.5/ And [^nothing]." in words(root(file))


def test_a_note_has_the_same_number_in_a_language_that_calls_it_earlier():
    text = plan_text()
    text["narrative"] = {"background": [], "mandate": [], "considerations": []}
    text["narrative"]["background"] = [
        {
            "id": "one",
            "text": Text.of("A[^santiago-2007] b[^montego-bay-2008]", es="B[^montego-bay-2008] a[^santiago-2007]"),
        }
    ]

    file = work_plan_docx(text, plan_record(), "es")

    calls = [(one.get(f"{W}id"), one.get(f"{W}customMarkFollows")) for one in root(file).iter(f"{W}footnoteReference")]
    assert calls == [("1", "1"), ("2", None)]
    assert "B2/ a/" in words(root(file))  # Word counts the other one itself


def test_a_plan_without_notes_has_no_part_for_them():
    text = plan_text() | {"narrative": {"background": [], "mandate": [], "considerations": []}, "notes": []}

    assert "word/footnotes.xml" not in parts(work_plan_docx(text, plan_record(), "en"))


# ---- the tables


def test_the_heading_row_comes_again_on_each_page(plan):
    repeated = [words(row) for row in root(plan).iter(f"{W}tr") if row.find(f"{W}trPr/{W}tblHeader") is not None]

    assert repeated == ["Resolution Mandate Area responsible", "Date Topic"]


def test_short_rows_are_kept_whole_and_long_ones_are_not():
    table = list(root(work_plan_docx(long_plan_text(4), plan_record(), "en")).iter(f"{W}tbl"))[1]

    kept = [row.find(f"{W}trPr/{W}cantSplit") is not None for row in table.iter(f"{W}tr")]

    assert kept == [True, False, True, True, False]


def test_mandates_are_counted_within_their_resolution(plan):
    lists = [line.find(f".//{W}numId").get(f"{W}val") for line in root(plan).iter(f"{W}p") if styled(line, "Mandate")]

    assert [lists.count(number) for number in dict.fromkeys(lists)] == [3, 5, 1]
    assert paragraphs(plan, "Symbol") == [row["symbol_as_printed"] for row in plan_text()["rows"]]


def test_deadlines_paragraphs_and_areas_stand_under_their_mandates(plan, full):
    assert paragraphs(plan, "List Detail") == [
        "When: second half of 2013; CP/RES. 1014 (1915/13) says November 21 and 22, 2013.",
        "When: June 2014.",
    ]
    assert paragraphs(full, "List Detail")[1:4] == [
        "Paragraph 14 of the resolution",
        "When: June 2014.",
        "Area responsible: Committee on Hemispheric Security; "
        "Secretariat for Multidimensional Security (Department of Public Security)",
    ]


def test_areas_stand_beside_their_row_with_their_unit_or_the_paper_says_there_is_none(plan, full):
    table = Document(io.BytesIO(plan)).tables[1]

    assert [row.cells[2].text.split("\n") for row in table.rows[1:]] == [
        [
            "Committee on Hemispheric Security",
            "Secretariat for Multidimensional Security",
            "Department of Public Security",
        ],
        ["Committee on Hemispheric Security", "General Secretariat"],
        ["No area is named in the plan."],
    ]
    assert Document(io.BytesIO(full)).tables[1].rows[3].cells[2].text == "As named with the mandates."
    assert Document(io.BytesIO(full)).tables[1].rows[4].cells[1].text == "No mandate is entered."


def test_the_calendar_gives_day_weekday_hours_and_room(plan):
    table = Document(io.BytesIO(plan)).tables[2]

    first = plain(table.rows[1].cells[0].text).split("\n")

    assert first == ["September 5, 2013", "Thursday", "10:00 a.m. – 1:00 p.m.", "Simón Bolívar Room"]
    assert table.rows[1].cells[1].text.split("\n")[0] == "Election of Vice Chairs of the Working Group"
    assert len(table.rows) == 6
    assert paragraphs(plan, "Table Note") == ["Hours are those of Washington."]
    assert words(root(plan)).endswith(
        "November 21 and 22, 2013 Colombia Fourth Meeting of Ministers Responsible for Public Security in the Americas "
        "(MISPA IV)"
    )


def test_meetings_abroad_in_words_and_on_whole_days_are_printed_as_such(full):
    cells = [
        [" ".join(cell.text.split()) for cell in row.cells] for row in Document(io.BytesIO(full)).tables[2].rows[1:]
    ]

    assert cells[0][1].count("MISPA IV/doc.3/13; MISPA IV/doc.4/13 rev. 1") == 1
    assert cells[1:] == [
        [
            "September 19, 2013 Thursday 10:00 a.m. – 1:00 p.m. (Medellín) Medellín, Colombia",
            "Meeting of experts Consideration of the documents of MISPA IV",
        ],
        ["Early October", "Consideration of the documents of MISPA IV"],
        ["October 3 and 4, 2013 Simón Bolívar Room", "No topic is named in the plan."],
        ["The day is not in the plan.", "Consideration of the documents of MISPA IV"],
    ]


def test_a_plan_without_rows_and_meetings_says_so():
    whole = words(root(work_plan_docx(plan_text() | {"rows": [], "meetings": []}, plan_record(), "en")))

    assert "No resolution is in the plan yet." in whole
    assert "No meeting of the Group is in the plan yet." in whole


def test_markup_and_characters_that_no_file_can_hold_are_printed_or_left_out():
    text = plan_text()
    text["rows"][0]["mandates"] = [mandate("odd", "<b>&amp;</b>\x0b in\n two\tlines \ufffe here")]

    assert paragraphs(work_plan_docx(text, plan_record(), "en"), "Mandate")[0] == "<b>&amp;</b> in two lines here"


# ---- languages


@pytest.mark.parametrize(("language", "tag"), [("en", "en-US"), ("es", "es-ES"), ("fr", "fr-FR"), ("pt", "pt-BR")])
def test_a_complete_language_is_that_of_the_whole_file(language, tag):
    text = translated(plan_text(), "es", "fr", "pt")

    file = work_plan_docx(text, plan_record(), language)

    assert root(file, "styles").find(f"{W}docDefaults//{W}lang").get(f"{W}val") == tag
    assert list(root(file).iter(f"{W}lang")) == list(root(file, "footnotes").iter(f"{W}lang")) == []
    assert paragraphs(file, "Title") == [text["plan"]["title"].in_language(language)]
    assert "[" not in words(root(file)) + words(root(file, "footnotes"))


def test_what_is_not_in_the_language_keeps_its_own_and_is_marked():
    text = translated(plan_text(), "es")
    text["rows"][0]["mandates"][0]["text"] = Text.of("Only in English")
    text["notes"][0]["text"] = Text.of("A note in English")
    text["rows"][0]["mandates"][1]["deadline"]["words"] = Text.of("soon")

    file = work_plan_docx(text, plan_record(), "es")

    everywhere = [*root(file).iter(f"{W}r"), *root(file, "footnotes").iter(f"{W}r")]
    foreign = [words_of(run) for run in everywhere if run.find(f"{W}rPr/{W}lang") is not None]
    assert foreign == ["Only in English", "soon", "A note in English"]
    assert paragraphs(file, "Mandate")[0] == "Only in English [inglés]"
    assert words(root(file, "footnotes")).startswith("/ A note in English [inglés] / ")
    assert paragraphs(file, "List Detail")[0].startswith("Cuándo: soon [inglés]; CP/RES. 1014")
    marks = [words_of(run) for run in everywhere if has_style(run, "LanguageMark")]
    assert marks == [" [inglés]"] * 3


def test_a_translation_older_than_its_original_is_marked():
    text = translated(plan_text(), "es")
    text["rows"][2]["mandates"][0]["text"] = Text("en", {"en": "New", "es": "Viejo"}, {"es": "0" * 12})
    text["narrative"]["considerations"][0]["text"] = Text("en", {"en": "New", "es": "Uno\n\nDos"}, {"es": "0" * 12})

    file = work_plan_docx(text, plan_record(), "es")

    assert paragraphs(file, "Mandate")[-1] == "Viejo [anterior al original]"
    assert paragraphs(file, "Body Text")[-3:-1] == ["Uno", "Dos [anterior al original]"]


def test_words_around_the_text_are_in_the_language_of_the_file_and_say_that_it_is_not_complete():
    file = work_plan_docx(plan_text(), plan_record(), "es")

    assert "13 de septiembre de 2013 Original: inglés" in words(root(file))
    assert paragraphs(file, "Heading 1")[3] == "Plan de trabajo del Grupo de Trabajo"
    assert len(paragraphs(file, "Subtitle")) == 2
    assert len(paragraphs(work_plan_docx(plan_text(), plan_record(), "en"), "Subtitle")) == 1
