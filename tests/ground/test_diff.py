"""Word differences: phrase for phrase, nothing lost, nothing unescaped."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mispa.ground.diff import differences, pieces, plain


def test_differences_mark_what_was_removed_and_added():
    html = differences("meetings that are found necessary", "meetings that the Group has found necessary")

    assert html == (
        'meetings that <del><span class="vh">removed: </span>are</del>'
        '<ins><span class="vh">added: </span>the Group has</ins> found necessary'
    )


def test_differences_escape_html_on_both_sides():
    html = differences("a <b> & c", "a <script>alert(1)</script> & c")

    assert "<b>" not in html
    assert "<script>" not in html
    assert "&lt;" in html


def test_differences_of_equal_texts_mark_nothing():
    assert differences("The same, twice.", "The same, twice.") == "The same, twice."


def test_differences_keep_line_breaks():
    assert differences("one\ntwo", "one\ntwo") == "one<br>two"
    assert plain("a\n<b>") == "a<br>&lt;b&gt;"


@pytest.mark.parametrize(
    "word",
    ["2026–2027", "programa-presupuesto", "3.2", "1915/13", "Época"],
)
def test_pieces_never_cut_inside(word):
    cut = pieces(f"the {word} stays here", f"the {word}x stays here")

    assert cut == [("the ", "the "), (word, f"{word}x"), (" stays here", " stays here")]


def test_pieces_take_a_lone_unchanged_word_into_the_change():
    cut = pieces("antes del 15 de abril próximo", "hasta fines de mayo próximo")

    assert cut == [("antes del 15 de abril", "hasta fines de mayo"), (" próximo", " próximo")]


def test_pieces_keep_two_unchanged_words_between_changes():
    cut = pieces("one two three four", "uno two three cuatro")

    assert cut == [("one", "uno"), (" two three ", " two three "), ("four", "cuatro")]


def test_pieces_of_very_long_texts_are_one_change():
    old, new = "a " * 4000 + "end", "b " * 4000 + "end."

    assert pieces(old, new) == [(old, new)]


def test_pieces_of_texts_that_share_only_spaces_are_cut_at_once():
    old, new = "".join(f"a{n} " for n in range(900)), "".join(f"b{n} " for n in range(900))
    began = time.perf_counter()

    pieces(old, new)

    assert time.perf_counter() - began < 5


@given(st.text(max_size=60), st.text(max_size=60))
def test_pieces_give_both_texts_back(before, after):
    cut = pieces(before, after)

    assert "".join(old for old, _new in cut) == before
    assert "".join(new for _old, new in cut) == after


@given(st.text(alphabet="ab <>&\"'\n", max_size=30), st.text(alphabet="ab <>&\"'\n", max_size=30))
def test_differences_hold_no_tags_but_their_own(before, after):
    html = differences(before, after)

    without = re.sub(
        r'<del><span class="vh">removed: </span>|<ins><span class="vh">added: </span>|</(del|ins)>', "", html
    )
    assert "<" not in without.replace("<br>", "")
