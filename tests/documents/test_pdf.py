import hashlib
import io
import os
import re
import socket
import subprocess
import sys
from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

import page
import pikepdf
import pypdf
import pytest
from django.conf import settings
from django.utils import timezone

from documents.pdf import calendar_pdf, work_plan_pdf
from mispa.ground.text import Text
from tests.documents.samples import long_plan_text, plan_record, plan_text

LAST_CHANGE = "last change September 12, 2013, 11:42 (Washington)"


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, with single plain spaces."""
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def numbers(pages: list[str], words: str) -> list[int]:
    """The numbers of the pages on which the words stand."""
    return [number for number, text in enumerate(pages, start=1) if words in text]


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
    pages = pages_of(work_plan_pdf(plan_text(), plan_record("working", None), "en"))

    assert numbers(pages, f"DRAFT · working text · {LAST_CHANGE}") == [1, 2, 3, 4]
    assert "12 September 2013" in pages[0]


def test_an_adopted_text_names_its_meeting_and_is_no_draft():
    pages = pages_of(work_plan_pdf(plan_text(), plan_record("adopted"), "en"))

    assert numbers(pages, "Adopted · edition 1") == [1, 2, 3, 4]
    assert "(Adopted at the meeting of September 19, 2013)" in pages[0]
    assert "19 September 2013" in pages[0]
    assert numbers(pages, "DRAFT · ") == []


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
    abroad, in_words, whole_days, unknown = text["meetings"][1:5]
    abroad |= {
        "timezone": "America/Bogota",
        "city": {"id": "city-medellin", "name": Text.of("Medellín")},
        "country": Text.of("Colombia"),
        "room": None,
        "title": Text.of("Meeting of experts"),
    }
    in_words |= {
        "starts": None,
        "ends": None,
        "precision": "imprecise",
        "words": Text.of("Early October"),
        "room": None,
    }
    whole_days |= {"starts": date(2013, 10, 3), "ends": date(2013, 10, 4), "all_day": True, "topics": []}
    unknown |= {"starts": None, "ends": None, "precision": "imprecise", "room": None}
    text["meetings"][0]["topics"][1]["documents"] = ["MISPA IV/doc.3/13", "MISPA IV/doc.4/13 rev. 1"]

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


# ---- the file


@pytest.mark.parametrize("made", ["plan", "long_plan", "calendar"])
def test_the_file_conforms_to_pdf_ua(made, request, tmp_path):
    file = tmp_path / "plan.pdf"
    file.write_bytes(request.getfixturevalue(made))

    failures = {failure.rule_id for failure in page.validate_pdf(str(file), profile="ua1").failures}

    with pikepdf.open(file) as pdf:
        streams = [item for item in pdf.objects if isinstance(item, pikepdf.Stream)]
        # The validator takes a compressed stream for too short when it happens to end in the byte CR.
        assert all(len(item.read_raw_bytes()) == int(item.Length) for item in streams)
    assert {rule for rule in failures if not rule.endswith("STREAM-LENGTH-001")} == set()


def test_the_file_says_its_language_title_dates_and_outline(plan):
    with pikepdf.open(io.BytesIO(plan)) as pdf:
        assert pdf.Root.Lang == "en"
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.docinfo.Title) == str(plan_text()["plan"]["title"])
        assert str(pdf.docinfo.ModDate) == "D:20130912154231Z"
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


@pytest.mark.parametrize(
    ("language", "wording"),
    [
        ("en", "Naïve café, “quotes” – dash… façade"),
        ("es", "¿Próxima reunión? ¡Año del Grupo! Ñandú, pingüino, él, sí, último, Áéíóú «así»"),
        ("fr", "Où l’œuvre naît : « Ça ! », forêt, Noël, ÿ, Ÿ, ŒUVRE, àâèéêëîïôùûü"),
        ("pt", "Reunião de segurança pública: ações, âmbito, àquela, pôr, três, Ãõ"),
    ],
)
def test_every_letter_of_the_four_languages_comes_from_our_own_fonts(language, wording):
    text = plan_text()
    translations = {language: f"{wording} *{wording}* **{wording}**"} if language != "en" else {}
    text["narrative"]["considerations"][0]["text"] = Text.of(wording, "en", **translations)
    text["group"]["short_name"] = text["plan"]["title"] = Text.of(
        "Work plan", "en", **dict.fromkeys(translations, wording)
    )

    pdf = work_plan_pdf(text, plan_record(), language)

    assert wording in " ".join(pages_of(pdf))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        names = {str(item.BaseFont) for item in opened.objects if fits(item, "/Font") and "/BaseFont" in item}
        assert opened.Root.Lang == language
    assert {re.sub(r"^/\w{6}\+(\w+).*", r"\1", name) for name in names} == {"Manuale", "Archivo"}


def fits(item: pikepdf.Object, kind: str) -> bool:
    return isinstance(item, pikepdf.Dictionary) and item.get("/Type") == kind


def test_words_around_a_text_are_all_in_the_language_of_the_paper():
    whole = " ".join(pages_of(work_plan_pdf(plan_text(), plan_record(), "es")))

    assert "13 de septiembre de 2013 Original: inglés" in whole
    assert "Jueves" in whole


def test_a_heading_of_ours_does_not_go_on_in_another_language():
    text = plan_text()
    text["group"]["name"] = Text.of("Working Group of Ten", "en", es="Grupo de los Diez")

    headings = {
        language: re.search("IV. (.*?) R[eé]s", " ".join(pages_of(work_plan_pdf(text, plan_record(), language))))[1]
        for language in ("en", "es", "fr")
    }

    assert headings == {
        "en": "WORK PLAN OF THE WORKING GROUP OF TEN",
        "es": "PLAN DE TRABAJO DEL GRUPO DE LOS DIEZ",
        "fr": "PLAN DE TRAVAIL DU GROUPE DE TRAVAIL",
    }


def test_markup_in_a_wording_is_printed_and_not_obeyed():
    text = plan_text()
    wording = '<img src="https://example.org/x.png"> <style>*{display:none}</style>'
    text["rows"][2]["mandates"][0]["text"] = text["group"]["short_name"] = Text.of(wording)

    pages = pages_of(work_plan_pdf(text, plan_record(), "en"))

    assert wording in pages[2]
    assert "<img" in pages[0]


def test_rendering_asks_no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)

    assert work_plan_pdf(plan_text(), plan_record(), "en").startswith(b"%PDF-1.7")


# ---- the same text gives the same bytes

_IN_A_PROCESS = """
import hashlib, django
django.setup()
from documents.pdf import work_plan_pdf
from tests.documents.samples import long_plan_text, plan_record
print(hashlib.sha256(work_plan_pdf(long_plan_text(4), plan_record(), "en")).hexdigest())
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

    here = hashlib.sha256(work_plan_pdf(long_plan_text(4), plan_record(), "en")).hexdigest()
    assert made == {f"{here}\n"}


def test_the_zone_of_the_reader_changes_nothing(plan):
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        assert work_plan_pdf(plan_text(), plan_record(), "en") == plan


def test_another_instant_of_change_makes_another_file(plan):
    record = plan_record() | {"last_change_at": datetime(2013, 9, 12, 15, 43, tzinfo=ZoneInfo("UTC"))}

    assert work_plan_pdf(plan_text(), record, "en") != plan
