import io
import re
from dataclasses import replace

import pikepdf
import pypdf
import pytest
from django.utils import translation

from documents.printing.pdf import work_plan_pdf
from documents.printing.pdf.contents import context_for
from mispa.ground.text import Text
from tests.documents.papers import pages_of
from tests.documents.samples import plan_record, plan_text, translated


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


def test_a_complete_language_shows_no_mark():
    text = translated(plan_text(), "es")

    pdf = work_plan_pdf(text, plan_record(), "es")

    assert "AMERICAS ES" in pages_of(pdf)[0]
    assert _marks(pdf, "EN", "anterior al original") == {}


def test_what_is_not_in_the_language_is_marked_and_a_line_under_the_head_says_so():
    text = translated(plan_text(), "es")
    text["narrative"]["mandate"][0]["text"] = plan_text()["narrative"]["mandate"][0]["text"]
    text["rows"][0]["mandates"][2]["text"] = plan_text()["rows"][0]["mandates"][2]["text"]
    text["notes"][3]["text"] = replace(text["notes"][3]["text"], made_from={"es": "0" * 12})

    with translation.override("es"):
        marked = context_for(text, plan_record(), "es", None)["incomplete"]
    pdf = work_plan_pdf(text, plan_record(), "es")

    assert len(marked) == 3
    assert " ".join(marked) in pages_of(pdf)[0]
    assert _marks(pdf, "EN", "anterior al original") == {"EN": 3, "anterior al original": 2}


def _marks(pdf: bytes, *marks: str) -> dict[str, int]:
    """How often each mark stands in the whole paper, the line under the head included."""
    whole = " ".join(pages_of(pdf))
    found = {mark: len(re.findall(rf"(?<!\w){mark}(?!\w)", whole)) for mark in marks}
    return {mark: count for mark, count in found.items() if count}


def test_long_words_are_divided_and_symbols_are_not():
    text = plan_text()
    name = Text.of("Antidisestablishmentarianism " * 2 + "AG/RES. 2735 (XLII-O/12)")
    text["rows"][0]["areas"] = [{"id": "area", "name": name, "unit": None}]

    pdf = pypdf.PdfReader(io.BytesIO(work_plan_pdf(text, plan_record(), "en")))

    raw = "".join(page.extract_text() for page in pdf.pages)
    assert len(re.findall(r"Anti[a-z]*-\n[a-z]*ism", raw)) == 2
    assert "AG/RES. 2735 (XLII-O/12)" in raw.rpartition("ism")[2]


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
