"""Ten bullets are pasted, ten mandates are there."""

import pytest

from mandates.models import Mandate
from mispa.ground.models import ChangeSet
from mispa.ground.pasting import Item, folded, is_counted, items_of
from mispa.ground.text import Text
from tests import factories as make
from tests.mandates.test_table import sent
from tests.writing import errors, made, said

# ---- what is a list


@pytest.mark.parametrize("mark", ["·", "•", "-", "–", "—", "*", "▪", "\uf0b7", "o\t", "a)", "(b)", "iv.", "(ii)", "B)"])
def test_mark_is_taken_off(mark):
    assert items_of(f"{mark} Measure the river.\n{mark}\tPlant trees.\u00a0") == [
        Item("Measure the river."),
        Item("Plant trees."),
    ]


@pytest.mark.parametrize("mark", ["•", "●", "→ ", "✔", "☐ ", "\uf0d8", "\uf0fc ", "a.- "])
def test_drawn_bullet_needs_no_space(mark):
    assert items_of(f"{mark}Measure rivers.\n{mark}Count fish.") == [Item("Measure rivers."), Item("Count fish.")]


@pytest.mark.parametrize("mark", ["5.", "5)", "(5)", "5.\t", " 5.  ", "5\t", "5.-", "5º", "5.º", "5°"])
def test_number_is_taken_off_and_remembered(mark):
    assert items_of(f"{mark} Measure the river.") == [Item("Measure the river.", "5")]


@pytest.mark.parametrize(
    "words",
    ["A river is measured.", "2013 was dry.", "-5 degrees at night", "I. is no numeral here", "o rio", "5 rivers"],
)
def test_words_that_only_look_like_a_mark_stay(words):
    assert items_of(words) == [Item(words)]


def test_broken_lines_are_joined_where_there_are_marks():
    pasted = "• Measure the depth\r\n  of each river,\r\n  and its width.\r\n\r\n• Plant\ntrees.\n•\nCount the fish.\n"

    found = [item.wording for item in items_of(pasted)]

    assert found == ["Measure the depth of each river, and its width.", "Plant trees.", "Count the fish."]


def test_word_that_was_broken_at_its_hyphen_is_whole_again():
    pasted = "- inter-\n  American work\n- meas\u00ad\nuring\n- pre- and post-flood"

    assert [item.wording for item in items_of(pasted)] == ["inter-American work", "measuring", "pre- and post-flood"]


def test_line_behind_an_empty_line_is_an_item_of_its_own():
    assert [item.wording for item in items_of("To ask for:\n- maps\n\nAlso boats")] == [
        "To ask for:",
        "maps",
        "Also boats",
    ]


def test_lines_without_marks_are_items():
    assert [item.wording for item in items_of("Measure.\n\n  Plant trees. \n")] == ["Measure.", "Plant trees."]


def test_nothing_is_no_list():
    assert items_of(" \n•\n\t\n") == []


def test_numbers_from_one_on_count_the_items_only():
    assert is_counted(items_of("1. Measure.\n2. Plant."))
    assert not is_counted(items_of("4. Measure.\n7. Plant."))


def test_same_words_are_the_same_whatever_their_case_accents_and_stop():
    assert folded("Medir la  Época del río.") == folded("medir la epoca del rio;")


# ---- pasted under a resolution


@pytest.fixture
def row(group):
    return group.plan.rows.get()


def url(row):
    return f"/rows/{row.pk}/mandates/paste/"


def wordings(row):
    return [str(mandate.text) for mandate in Mandate.objects.filter(row=row).order_by("position")]


def test_ten_bullets_are_ten_mandates_in_one_change_set(row, as_secretariat):
    pasted = "\n".join(f"• Measure river {name}." for name in "abcdefghij")
    before = ChangeSet.objects.count()
    page = as_secretariat.post(url(row), {"pasted": pasted})
    assert ChangeSet.objects.count() == before

    answer = as_secretariat.post(url(row), sent(page))

    assert (answer.status_code, answer.url) == (302, f"/{row.plan.group.slug}/work-plan/draft/#row-{row.pk}")
    expected = ["Measure the depth of each river.", *(f"Measure river {name}." for name in "abcdefghij")]
    assert wordings(row) == expected
    assert ChangeSet.objects.count() == before + 1


def test_what_is_pasted_is_saved_once_though_it_is_sent_twice(row, as_secretariat):
    typed = sent(as_secretariat.post(url(row), {"pasted": "- Plant trees.\n- Count fish."}))

    answers = [as_secretariat.post(url(row), typed) for _time in range(2)]

    assert said(answers[1])[-1] == "This was saved already."
    assert wordings(row) == ["Measure the depth of each river.", "Plant trees.", "Count fish."]


def test_numbers_of_the_resolution_are_offered_as_paragraph_numbers(row, as_secretariat):
    page = as_secretariat.post(url(row), {"pasted": "4. Plant trees.\n7. Count fish."})

    as_secretariat.post(url(row), sent(page))

    found = Mandate.objects.filter(row=row).order_by("position").values_list("paragraph", flat=True)
    assert list(found) == ["", "4", "7"]


def test_words_that_the_plan_has_already_are_shown_and_left_out(row, as_secretariat):
    made(make.MandateFactory, row=row, text=Text.of("Count fish.", es="Contar los peces."))
    pasted = "- MEASURE the depth of each river\n- Contar los peces\n- Plant trees.\n- Plant trees."

    page = as_secretariat.post(url(row), {"pasted": pasted})

    lines = page.context["parts"][0].lines
    assert [bool(line.remark) for line in lines] == [True, True, False, False]
    assert [line["take"].value() for line in lines] == [False, False, True, False]
    as_secretariat.post(url(row), sent(page))
    assert sorted(wordings(row)) == ["Count fish.", "Measure the depth of each river.", "Plant trees."]


def test_lines_may_be_corrected_before_they_are_saved(row, as_secretariat):
    page = as_secretariat.post(url(row), {"pasted": "- Plant treees.\n- Count fish."})
    first = page.context["parts"][0].lines[0]

    as_secretariat.post(url(row), sent(page) | {f"{first.prefix}-text": "Plant trees."})

    assert wordings(row)[1:] == ["Plant trees.", "Count fish."]


def test_nothing_pasted_is_asked_again(row, as_secretariat):
    page = as_secretariat.post(url(row), {"pasted": " \n "})

    assert errors(page)["pasted"][0] == "Paste something first."


def test_row_that_was_withdrawn_takes_no_more_mandates(row, as_secretariat):
    typed = sent(as_secretariat.post(url(row), {"pasted": "- Plant trees."}))
    make.reword(row, is_withdrawn=True)

    page = as_secretariat.post(url(row), typed)

    (line,) = page.context["faults"]
    assert line.non_field_errors() == [f"Row of the plan “{row}” is withdrawn itself. Restore it first."]
    assert line["text"].value() == "Plant trees."
    assert wordings(row) == ["Measure the depth of each river."]


# ---- a resolution that is not in the plan yet


def test_resolution_and_its_mandates_enter_the_plan_at_once(group, as_secretariat):
    resolution = made(make.ResolutionFactory, title=Text.of("Care of Lakes"))
    url = f"/{group.slug}/work-plan/draft/rows/paste/"
    page = as_secretariat.post(url, {"resolution": resolution.pk, "pasted": "4. Measure lakes.\n6. Count fish."})
    typed = sent(page) | dict(page.context["table"].carried)
    before = ChangeSet.objects.count()

    answers = [as_secretariat.post(url, typed) for _time in range(2)]

    row = group.plan.rows.get(resolution=resolution)
    assert answers[0].url == f"/{group.slug}/work-plan/draft/#row-{row.pk}"
    assert (row.symbol_as_printed, str(row.title_as_printed)) == (str(resolution.symbol), "Care of Lakes")
    assert wordings(row) == ["Measure lakes.", "Count fish."]
    assert ChangeSet.objects.count() == before + 1


def test_resolution_that_entered_the_plan_meanwhile_is_refused_in_words(group, as_secretariat):
    resolution = made(make.ResolutionFactory)
    url = f"/{group.slug}/work-plan/draft/rows/paste/"
    page = as_secretariat.post(url, {"resolution": resolution.pk, "pasted": "- Measure lakes."})
    typed = sent(page) | dict(page.context["table"].carried)
    made(make.PlanRowFactory, plan=group.plan, resolution=resolution)

    page = as_secretariat.post(url, typed)

    assert page.context["form"].non_field_errors() == ["This resolution already has a row in the plan."]
    assert page.context["parts"][0].lines[0]["text"].value() == "Measure lakes."
    assert not Mandate.objects.filter(row__resolution=resolution).exists()
