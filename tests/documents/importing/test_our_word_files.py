"""A plan that was written here as a Word file comes back as it went: all that the file can hold in its language."""

import re
from typing import Any

import pytest

from documents.importing.reading import read
from documents.printing import printed
from documents.printing.docx import work_plan_docx
from mandates.symbols import REGISTERED, find_all
from mispa.ground.text import Text
from tests.documents.importing.reading import odd
from tests.documents.samples import corrigendum_record, plan_record, plan_text, translated
from tests.documents.word_files import SEAL, everything


def expected(text: dict[str, Any], language: str) -> dict[str, Any]:
    """What a Word file in a language holds of a snapshot's text."""
    keys = {note["key"]: f"n{note['number']}" for note in text["notes"]}

    def one(words: Text | None, *, calls: bool = False) -> Any:
        if words is None:
            return None
        code = words.language_for(language)
        wording = words.in_language(language)
        if calls:
            wording = re.sub(r"\[\^([a-z0-9-]+)\]", lambda call: f"[^{keys[call[1]]}]", wording)
        return {"original": code, code: wording}

    def named(part: Any) -> Any:
        return part and {"id": None, "name": one(part["name"])}

    def areas(part: Any) -> list[Any]:
        return [{**named(area), "unit": named(area["unit"])} for area in part["areas"]]

    def deadline(mandate: Any) -> Any:
        due = printed.deadline_worth_printing(mandate)
        if not due:
            return None
        refined = {key: due[key] and str(due[key]) for key in ("refined_by", "refined_earliest", "refined_latest")}
        return {"words": one(due["words"]), "earliest": None, "latest": None, **refined}

    def symbols(note: Any) -> list[str]:
        return [str(hit.symbol or hit.printed) for hit in find_all(note["text"].in_language(language))]

    def moment(value: Any) -> str | None:
        return value and value.isoformat()[:16]

    def meeting(one_of_them: Any) -> dict[str, Any]:
        facts = printed.with_facts(one_of_them, text["group"])
        is_imprecise = facts["precision"] == "imprecise"
        day = (lambda value: moment(value)) if facts["has_hours"] else (lambda value: value and str(value)[:10])
        return {
            "id": None,
            "number": None,
            "kind": facts["kind"],
            "title": one(facts["title"]),
            "starts": day(facts["starts"]),
            "ends": day(facts["ends"]),
            "all_day": bool(facts["all_day"]),
            "precision": facts["precision"] if is_imprecise or not facts["all_day"] else "all-day",
            "words": one(facts["words"]),
            "timezone": None,
            "room": named(facts["room"]),
            "city": named(facts["city"]) if facts["is_elsewhere"] else None,
            "country": one(facts["country"]) if facts["is_elsewhere"] else None,
            "basis": [],
            "topics": [
                {"id": None, "kind": None, "text": one(topic["text"]), "mandates": [], "documents": topic["documents"]}
                for topic in facts["topics"]
            ],
        }

    return {
        "plan": {
            "id": None,
            "symbol": text["plan"]["symbol"],
            "title": one(text["plan"]["title"]),
            "original_language": text["plan"]["original_language"],
        },
        "narrative": {
            section: [{"id": None, "text": one(part["text"], calls=True)} for part in parts]
            for section, parts in text["narrative"].items()
        },
        "notes": [
            {
                "id": None,
                "key": keys[note["key"]],
                "number": note["number"],
                "text": one(note["text"]),
                "symbols": symbols(note),
                "meeting": None,
            }
            for note in text["notes"]
        ],
        "rows": [
            {
                "id": None,
                "symbol": row["symbol"],
                "symbol_as_printed": row["symbol_as_printed"],
                "title": one(row["title"]),
                "resolution_title": None,
                "areas": areas(row),
                "mandates": [
                    {
                        "id": None,
                        "paragraph": mandate["paragraph"],
                        "text": one(mandate["text"]),
                        "areas": areas(mandate),
                        "deadline": deadline(mandate),
                    }
                    for mandate in row["mandates"]
                ],
            }
            for row in text["rows"]
        ],
        "meetings": [meeting(one_of_them) for one_of_them in text["meetings"]],
    }


@pytest.mark.parametrize("language", ["en", "es", "fr", "pt"])
def test_everything_that_the_file_holds_comes_back(language):
    text = translated(everything(), "es", "fr", "pt")
    text["plan"]["symbol"] = "CSH/GT/MISPA-1/13"

    brought = read(work_plan_docx(text, corrigendum_record(), language, seal=SEAL), "plan.docx", REGISTERED)

    assert brought.language == language
    assert brought.text == expected(text, language)


def test_what_is_in_another_language_keeps_it_without_its_mark():
    text = everything()
    text["rows"][0]["title"] = Text.of("Solo en español", "es")
    text["rows"][2]["mandates"][0]["areas"][0]["name"] = Text.of("Comité", es="Comisión")
    text["narrative"]["mandate"][0]["text"] = Text.of("Two", es="*Dos*")

    brought = read(work_plan_docx(text, plan_record(), "es"), "plan.docx", REGISTERED)

    assert brought.language == "es"
    assert brought.text == expected(text, "es")


def test_only_what_is_odd_in_the_plan_itself_is_told():
    brought = read(work_plan_docx(everything(), corrigendum_record(), "en", seal=SEAL), "plan.docx", REGISTERED)

    assert odd(brought) == [
        ("doubtful symbol", "MISPA/INF. /08"),
        ("imprecise", "Early October"),
        ("same title", "Advancing Hemispheric Security: A Multidimensional Approach"),
        (
            "two documents",
            "MISPA-III/RE/doc.7/10) or Rapporteur’s Report (MISPA-III/RE/doc.8/10 rev. 1",
        ),
        ("two forms", "CP/RES. 1014 (1915-13)"),
        ("two forms", "MISPA-III/doc.8/11 rev. 2"),
        ("two forms", "MISPA-III/doc.9/11 rev. 2"),
    ]


def test_a_plan_without_rows_and_meetings_comes_back_empty():
    text = plan_text() | {"rows": [], "meetings": []}

    brought = read(work_plan_docx(text, plan_record(), "en"), "plan.docx", REGISTERED)

    assert brought.text == expected(text, "en")


WORDINGS = [
    "*One* and **two** and ***both***\\\nbelow:\n\n- point\n- other\n\n  more\n\n  3. third",
    "Signs: 2 * 3 * 4, a_b, [d], x\\y",
    "Signs: \\*a\\* \\_c\\_ \\[d]",
    "1\\. is no list",
    "- begins with an item\n- goes on",
    "3. three\n4. four",
    "1. a\n2. b\n1) c",
    "- a\n  - b\n    - c\n- d",
    "*a **b** c* and **d *e* f**",
    "*An emphasis with **strength** inside*",
    "**(MISPA)** and *“quoted”*.",
    "1 < 2 & 3",
    "Twice.[^lima-2009] And again.[^lima-2009]",
    "Emphasis[^lima-2009] *before*[^lima-2009] a note",
]


@pytest.mark.parametrize("wording", WORDINGS)
def test_markdown_comes_back_letter_by_letter(wording):
    text = plan_text()
    text["narrative"]["considerations"] = [{"id": "one", "text": Text.of(wording)}]

    brought = read(work_plan_docx(text, plan_record(), "en"), "plan.docx", REGISTERED)

    assert brought.text["narrative"] == expected(text, "en")["narrative"]


def test_a_note_keeps_its_number_in_a_language_that_calls_it_earlier():
    text = plan_text()
    wording = Text.of("A[^santiago-2007] b[^montego-bay-2008]", es="B[^montego-bay-2008] a[^santiago-2007]")
    text["narrative"] = {"background": [{"id": "one", "text": wording}], "mandate": [], "considerations": []}
    text["notes"] = text["notes"][:2]

    brought = read(work_plan_docx(text, plan_record(), "es"), "plan.docx", REGISTERED)

    assert brought.text["narrative"]["background"][0]["text"]["es"] == "B[^n2] a[^n1]"
    assert [(note["key"], note["symbols"]) for note in brought.text["notes"]] == [
        ("n1", ["MISPA/INF. /08"]),
        ("n2", ["MISPA/INF.3/08"]),
    ]


def test_paragraphs_that_one_text_holds_become_paragraphs_of_the_section():
    text = plan_text()
    text["narrative"]["considerations"] = [{"id": "one", "text": Text.of("One\n\nTwo\n\n- three")}]

    brought = read(work_plan_docx(text, plan_record(), "en"), "plan.docx", REGISTERED)

    assert [one["text"]["en"] for one in brought.text["narrative"]["considerations"]] == ["One", "Two\n\n- three"]
