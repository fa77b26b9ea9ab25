import re
from collections import Counter
from datetime import date

import pytest

from documents.printing.pdf import calendar_pdf, work_plan_pdf
from documents.printing.pdf.contents import context_for
from mispa.ground.text import Text
from tests.documents.papers import numbers, pages_of
from tests.documents.samples import (
    CONSIDERED,
    adoption,
    corrigendum_record,
    long_plan_text,
    plan_record,
    plan_text,
    set_meetings_otherwise,
)

LAST_CHANGE = "last change September 12, 2013, 11:42 (Washington)"


@pytest.fixture(scope="module")
def plan() -> bytes:
    return work_plan_pdf(plan_text(), plan_record(), "en")


@pytest.fixture(scope="module")
def long_plan() -> bytes:
    return work_plan_pdf(long_plan_text(), plan_record(), "en")


@pytest.fixture(scope="module")
def calendar() -> bytes:
    return calendar_pdf(plan_text(), plan_record(), "en")


# ---- what is printed


def test_the_head_names_bodies_symbol_day_and_original(plan):
    first = pages_of(plan)[0]

    assert first.startswith("Permanent Council Committee on Hemispheric Security Working Group to Prepare MISPA IV")
    assert "symbol pending 13 September 2013 Original: English" in first


def test_the_head_carries_the_symbol_once_there_is_one():
    text = plan_text()
    text["plan"]["symbol"] = "CSH/GT/MISPA-1/13"

    first = pages_of(work_plan_pdf(text, plan_record(), "en"))[0]

    assert "CSH/GT/MISPA-1/13 13 September 2013" in first
    assert "symbol pending" not in first


def test_the_sections_stand_in_the_order_of_the_source(plan):
    whole = " ".join(pages_of(plan))
    heads = [
        "I. BACKGROUND",
        "II. MANDATE",
        "III. OTHER CONSIDERATIONS",
        "IV. WORK PLAN OF THE WORKING GROUP TO PREPARE THE FOURTH MEETING",
        "V. CALENDAR OF ACTIVITIES AND MEETINGS OF THE WORKING GROUP",
    ]

    places = [re.search(rf"(?<![IV]){re.escape(head)}", whole).start() for head in heads]

    assert places == sorted(places)


def test_a_section_without_a_paragraph_is_left_out_and_the_others_are_counted():
    text = plan_text()
    text["narrative"]["mandate"] = []

    whole = " ".join(pages_of(work_plan_pdf(text, plan_record(), "en")))

    assert "II. OTHER CONSIDERATIONS" in whole
    assert "IV. CALENDAR" in whole


def test_a_draft_says_so_on_every_page_with_edition_and_last_change(plan):
    pages = pages_of(plan)

    assert numbers(pages, f"DRAFT · edition 1 · {LAST_CHANGE}") == [1, 2, 3, 4]
    assert "(As it stood on September 12, 2013, at 11:42, Washington)" in pages[0]


def test_the_working_text_has_no_edition():
    pages = pages_of(work_plan_pdf(plan_text(), plan_record(None), "en"))

    assert numbers(pages, f"DRAFT · working text · {LAST_CHANGE}") == [1, 2, 3, 4]
    assert "12 September 2013" in pages[0]


def test_a_draft_that_meetings_considered_names_them_and_is_a_draft_still():
    pages = pages_of(work_plan_pdf(plan_text(), plan_record(considered=CONSIDERED), "en"))

    assert "(Considered at the meetings of September 5 and 19, 2013) (As it stood on September 12," in pages[0]
    assert numbers(pages, "DRAFT · edition 1 · ") == [1, 2, 3, 4]


def test_a_settled_text_names_its_meeting_on_every_page_and_is_no_draft():
    record = plan_record(2, considered=CONSIDERED, adopted=adoption())

    pages = pages_of(work_plan_pdf(plan_text(), record, "en"))

    adopted = (
        "(Considered at the meetings of September 5 and 19, 2013 and adopted at the meeting of September 19, 2013)"
    )
    assert "19 September 2013 Original: English Adopted · edition 2 WORK PLAN" in pages[0]
    assert adopted in pages[0]
    assert numbers(pages, "Adopted September 19, 2013 · edition 2") == [1, 2, 3, 4]
    assert numbers(pages, "DRAFT") == []
    assert numbers(pages, "As it stood") == []


def test_what_was_adopted_ad_referendum_is_not_settled_before_it_is_confirmed():
    record = plan_record(2, adopted=adoption("ad referendum"))

    pages = pages_of(work_plan_pdf(plan_text(), record, "en"))

    assert "(Adopted ad referendum at the meeting of September 19, 2013; not confirmed yet) (As it stood on" in pages[0]
    assert numbers(pages, "Adopted ad referendum · edition 2 · not confirmed yet") == [1, 2, 3, 4]
    assert "13 September 2013" in pages[0]  # the day of issue, not yet one of adoption


def test_what_was_adopted_ad_referendum_and_confirmed_is_settled():
    record = plan_record(2, adopted=adoption("ad referendum", date(2013, 9, 26)))

    pages = pages_of(work_plan_pdf(plan_text(), record, "en"))

    foot = "Adopted ad referendum September 19, 2013, confirmed September 26, 2013 · edition 2"
    assert numbers(pages, foot) == [1, 2, 3, 4]
    assert "26 September 2013 Original: English Adopted · edition 2" in pages[0]


@pytest.mark.parametrize(
    ("record", "rule"),
    [
        (plan_record(None), "draft"),
        (plan_record(2, considered=CONSIDERED), "draft"),
        (plan_record(2, adopted=adoption("ad referendum")), "draft"),
        (plan_record(2, adopted=adoption("ad referendum", date(2013, 9, 26))), "adopted"),
        (plan_record(2, adopted=adoption(), status="superseded"), "adopted"),
        (corrigendum_record(), "adopted"),
    ],
)
def test_the_rule_across_the_page_is_that_of_an_adopted_text_only_when_it_is_settled(record, rule):
    assert context_for(plan_text(), record, "en", None)["rule"] == rule


def test_a_corrigendum_says_under_the_title_and_at_the_end_what_it_corrects():
    pages = pages_of(work_plan_pdf(plan_text(), corrigendum_record(), "en"))

    assert "3 October 2013 Original: English Adopted · edition 2, corrigendum 1" in pages[0]
    assert (
        "Corrigendum 1 of 3 October 2013: Spanish translation corrected; printed symbol corrected I. BACKGROUND"
    ) in pages[0]
    assert pages[-1].startswith(
        "CORRECTIONS mandate 2 of CP/RES. 1014 · Spanish Before: noviembre de 2012 Now: noviembre "
        "symbol of AG/RES. 2809 Before: AG/RES. 2809 Now: AG/RES. 2809 (XLIII)"
    )
    assert numbers(pages, "Adopted September 19, 2013 · edition 2, corrigendum 1") == [1, 2, 3, 4, 5]


def test_pages_are_numbered_from_the_second_on(plan):
    assert [re.findall(r"– (\d+) –", text) for text in pages_of(plan)] == [[], ["2"], ["3"], ["4"]]


def test_the_nine_mandates_are_numbered_within_their_resolutions(plan):
    whole = " ".join(pages_of(plan))
    printed = [
        f"{number} {str(item['text'])[:20]}"
        for row in plan_text()["rows"]
        for number, item in enumerate(row["mandates"], start=1)
    ]

    places = [whole.index(words) for words in printed]

    assert [words[0] for words in printed] == ["1", "2", "3", "1", "2", "3", "4", "5", "1"]
    assert places == sorted(places)


def test_the_symbol_is_printed_as_the_plan_prints_it(plan):
    assert numbers(pages_of(plan), "CP/RES. 1014 (1915-13)") == [3]


def test_an_area_that_the_plan_does_not_name_is_said_once(plan):
    assert " ".join(pages_of(plan)).count("No area is named in the plan.") == 1


def test_a_deadline_is_printed_where_it_says_more_than_the_mandate(plan):
    whole = " ".join(pages_of(plan))

    assert "When: second half of 2013; CP/RES. 1014 (1915/13) says November 21 and 22, 2013." in whole
    assert "When: June 2014." in whole
    assert whole.count("When: ") == 2  # and not “November 21 and 22, 2013”, which its mandate says already


def test_paragraph_number_and_areas_of_a_mandate_are_printed_under_it():
    text = plan_text()
    text["rows"][2]["mandates"][0] |= {"paragraph": "14", "areas": text["rows"][0]["areas"]}

    whole = " ".join(pages_of(work_plan_pdf(text, plan_record(), "en")))

    assert "Paragraph 14 of the resolution" in whole
    assert (
        "Area responsible: Committee on Hemispheric Security; "
        "Secretariat for Multidimensional Security (Department of Public Security)"
    ) in whole
    assert "As named with the mandates." in whole
    assert "No area is named in the plan." not in whole


def test_a_plan_without_rows_and_meetings_says_so():
    text = plan_text() | {"rows": [], "meetings": []}

    pages = pages_of(work_plan_pdf(text, plan_record(), "en"))

    assert numbers(pages, "No resolution is in the plan yet.") == [2]
    assert numbers(pages, "No meeting of the Group is in the plan yet.") == [3]


# ---- notes


def test_each_note_stands_on_the_page_of_its_call(plan):
    assert [note_pages(pages_of(plan), note) for note in plan_text()["notes"]] == [([1], [1])] * 7


@pytest.mark.parametrize("lines", [6, 10, 15])
def test_a_line_goes_to_the_next_page_with_its_note(lines):
    text = plan_text()
    text["narrative"]["background"].insert(1, {"id": "filling", "text": Text.of("x" + "\\\nline" * lines)})

    pages = pages_of(work_plan_pdf(text, plan_record(), "en"))

    found = [note_pages(pages, note) for note in text["notes"]]
    assert all(calls == notes for calls, notes in found)
    assert {calls[0] for calls, _notes in found} == {1, 2}


def note_pages(pages: list[str], note: dict) -> tuple[list[int], list[int]]:
    """Where the words before its call stand, and where the note itself does."""
    [before] = [
        match[1].replace("*", "")
        for item in plan_text()["narrative"]["background"]
        if (match := re.search(rf"(\S+ \S+)\[\^{note['key']}\]", str(item["text"])))
    ]
    return numbers(pages, f"{before}{note['number']}/"), numbers(pages, f"{note['number']}/ {str(note['text'])[:30]}")


# ---- the calendar


def test_the_calendar_begins_a_page_with_five_sessions_and_their_weekdays(plan):
    last = pages_of(plan)[-1]

    assert last.startswith("V. CALENDAR")
    assert re.findall(r"(\w+ \d+, 2013) (\w+day) (10:00 a\.m\. – 1:00 p\.m\.) Simón Bolívar Room", last) == [
        (f"{month} {day}, 2013", "Thursday", "10:00 a.m. – 1:00 p.m.")
        for month, day in [("September", 5), ("September", 19), ("September", 26), ("October", 3), ("October", 24)]
    ]
    assert last.count("Consideration of the documents of MISPA IV") == 4


def test_the_ministerial_meeting_closes_the_calendar(plan):
    last = pages_of(plan)[-1]

    assert "November 21 and 22, 2013 Colombia Fourth Meeting of Ministers" in last
    assert last.index("October 24, 2013") < last.index("November 21 and 22, 2013")


def test_the_calendar_alone_fits_one_page_under_the_same_head(calendar):
    pages = pages_of(calendar)

    assert len(pages) == 1
    assert pages[0].startswith("Permanent Council Committee on Hemispheric Security")
    assert "CALENDAR OF ACTIVITIES AND MEETINGS OF THE WORKING GROUP TO PREPARE MISPA IV" in pages[0]
    assert f"DRAFT · edition 1 · {LAST_CHANGE}" in pages[0]
    assert pages[0].count("Thursday") == 5


def test_meetings_abroad_in_words_and_on_whole_days_are_printed_as_such():
    text = plan_text()
    set_meetings_otherwise(text)

    last = pages_of(work_plan_pdf(text, plan_record(), "en"))[-1]

    assert "Thursday 10:00 a.m. – 1:00 p.m. (Medellín) Medellín, Colombia Meeting of experts" in last
    assert "Early October · Consideration" in last
    assert "October 3 and 4, 2013 Simón Bolívar Room No topic is named in the plan." in last
    assert "The day is not in the plan." in last
    assert "MISPA IV/doc.3/13; MISPA IV/doc.4/13 rev. 1" in last


# ---- long plans


def test_the_head_of_the_table_is_repeated_on_each_of_its_pages(long_plan):
    pages = pages_of(long_plan)

    of_table = numbers(pages, "Resolution Mandate Area responsible")

    assert len(of_table) > 10
    assert of_table == list(range(of_table[0], len(pages)))


def test_a_row_that_runs_over_names_its_resolution_again(long_plan):
    pages = pages_of(long_plan)

    for place in range(1, 21):
        symbol = f"AG/RES. {2700 + place} (XLII-O/12)"
        first, *others = numbers(pages, symbol)
        assert numbers(pages, f"Area responsible {symbol} (continued)") == others
        assert bool(others) == (place % 3 == 1)
        assert numbers(pages, f"{symbol} Resolution {place} on") == [first]


def test_every_mandate_is_kept_whole(long_plan):
    printed = [
        f"{number} {item['text']}"
        for row in long_plan_text()["rows"]
        for number, item in enumerate(row["mandates"], start=1)
    ]
    pages = pages_of(long_plan)

    found = {words: sum(text.count(words) for text in pages) for words in printed}

    assert found == Counter(printed)


@pytest.mark.parametrize("lines", [12, 16, 19])
def test_a_long_first_row_stays_under_its_heading_wherever_that_falls(lines):
    text = long_plan_text(rows=1)
    text["narrative"]["considerations"][0]["text"] = Text.of("Filling" + "\\\nline" * lines)

    pages = pages_of(work_plan_pdf(text, plan_record(), "en"))

    [heading] = numbers(pages, "IV. WORK PLAN OF THE WORKING GROUP")
    assert numbers(pages, "AG/RES. 2701 (XLII-O/12) Resolution 1 on") == [heading]
    assert numbers(pages, "1 Ask office no. 1 of those") == [heading]


def test_a_mandate_longer_than_a_page_is_printed_to_its_end():
    text = plan_text()
    text["rows"][1]["mandates"][2]["text"] = Text.of("Words and more words. " * 250 + "The end of it.")

    pages = pages_of(work_plan_pdf(text, plan_record(), "en"))

    assert " ".join(pages).count("Words and more words.") == 250
    assert len(numbers(pages, "The end of it.")) == 1
