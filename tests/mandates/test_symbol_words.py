"""What is wrong with a symbol, in the language of the page."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils.translation import gettext, override

from mandates import symbols
from mandates.symbol_words import explain
from mandates.symbols import SymbolError, parse

OTHERS = ["es", "fr", "pt"]
PRINTED = {
    "unknown organ": "CIES/RES. 499 (XXIX-O/95)",
    "no number": "MISPA/INF. /08",
    "short citation": "AG/RES. 2735",
    "no year": "CP/doc.3183",
    "session and year disagree": "AG/RES. 2809 (XLIII-O/14)",
    "years disagree": "CIDI/RES. 1/17 (XX-O/16)",
    "qualifier without number": "MISPA/doc.7/08 rev.",
    "lettered addendum": "CP/doc.4711/12 add. 1. a",
    "nothing": "",
    "too long": "MISPA/doc.7/08 " * 20,
    "footnote mark": "CP/ACTA 1988/141/",
    "foreign sign": "**MISPA/doc.7/08**",
    "several symbols": "AG/RES. 2735-2740 (XLII-O/12)",
    "brackets": "CP/RES. 1014 (1915/13",
    "split digits": "AG/RES. 27 35 (XLII-O/12)",
    "not a symbol": "A/RES/70/1",
    "organ part": "MISPA/documento 7/08",
    "doubled prefix": "CP/CP/RES. 1014 (1915/13)",
    "number": "AG/RES. 0 (XLII-O/12)",
    "year": "MISPA/doc.7/8",
    "session": "AG/RES. 2735 (1915/13)",
    "Roman numeral": "AG/RES. 2735 (XXXXII-O/12)",
    "qualifier": "MISPA/doc.7/08 rev. II",
    "repeated qualifier": "MISPA/doc.7/08 rev. 2 rev. 3",
    "shelf mark": "OEA/Ser.G rev. 1",
}


def error_of(reason):
    with pytest.raises(SymbolError) as caught:
        parse(PRINTED[reason])
    assert caught.value.reason == reason
    return caught.value


def test_every_reason_has_its_example_here():
    assert set(PRINTED) == {*symbols._REVIEW, *symbols._REFUSAL}


@pytest.mark.parametrize("reason", PRINTED)
def test_in_english_the_sentence_is_that_of_the_error(reason):
    error = error_of(reason)

    with override("en"):
        assert explain(error) == str(error) == f"“{error.shown}” {error.complaint}"


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("reason", PRINTED)
def test_sentence_is_in_the_language_of_the_page_and_keeps_the_text(reason, language):
    error = error_of(reason)
    left, right = ("«\N{NO-BREAK SPACE}", "\N{NO-BREAK SPACE}»") if language == "fr" else ("“", "”")

    with override(language):
        sentence = explain(error)

    assert sentence.startswith(f"{left}{error.shown}{right} ")
    assert error.complaint not in sentence


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("reason", PRINTED)
def test_examples_in_a_sentence_stay_as_they_are(reason, language):
    complaint = error_of(reason).complaint
    examples = re.findall(
        r"\([A-Z0-9/-]+\)|\b[A-Z]+(?: III)?/\S*[0-9]+/?[0-9]*\b|\b(?:rev|corr|add)\. [0-9]", complaint
    )

    with override(language):
        assert [example for example in examples if example not in gettext(complaint)] == []


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("reason", symbols._REVIEW)
def test_reason_for_review_is_a_word_of_the_language(reason, language):
    with override(language):
        words = render_to_string("documents/_review.html", {"review": reason})

    assert words
    assert "Pending" not in words
    assert reason not in words
