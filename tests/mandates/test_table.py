"""The table in which all mandates are written at once: what changed is saved, all of it or nothing."""

import re
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.test import Client

from mandates.models import Mandate, PlanRow, WorkingGroup
from mispa.ground.models import ChangeSet, KeptDraft
from mispa.ground.text import Text
from tests import factories as make
from tests.writing import made, said

TABLE = "/rivers/work-plan/draft/mandates/"


@pytest.fixture
def group(db: None) -> WorkingGroup:
    """One row with two mandates more."""
    group = make.whole_group(slug="rivers")
    row = group.plan.rows.get()
    for place, words in enumerate(("Dredge the river.", "Plant trees."), start=2):
        made(make.MandateFactory, row=row, position=place * 1_000_000, text=Text.of(words, es=f"{words} (es)"))
    return group


def sent(page: Any) -> dict[str, Any]:
    """What the table would send as it is on the page."""
    found: dict[str, Any] = {}

    def take(bound: Any) -> None:
        value = bound.value()
        if value not in (None, False, ""):
            found[bound.html_name] = list(map(str, value)) if isinstance(value, list | tuple) else str(value)

    for part in page.context["parts"]:
        for line in filter(None, (part.head, *part.lines, part.blank)):
            for bound in line:
                take(bound)
        found[f"order-{part.owner.pk}"] = [str(line.thing.pk) for line in (*part.lines, part.blank) if line]
    found["opened_from"] = str(page.context["form"]["opened_from"].value())
    return found | {"reason": "read again"}


def opened(client: Client, url: str = TABLE) -> dict[str, Any]:
    page = client.get(url)
    assert page.status_code == 200
    return sent(page)


def mandates(group: WorkingGroup) -> list[Mandate]:
    return list(Mandate.objects.standing().filter(row__plan__group=group).order_by("position", "id"))


def wordings(group: WorkingGroup) -> list[str]:
    return [str(mandate.text) for mandate in mandates(group)]


def test_table_writes_only_what_changed_in_one_change_set(group, as_secretariat):
    first, second, third = mandates(group)
    typed = opened(as_secretariat)
    typed |= {f"{second.pk}-text": "Dredge every river.", f"{second.pk}-paragraph": "4"}
    before = ChangeSet.objects.count()

    answer = as_secretariat.post(TABLE, typed)

    assert (answer.status_code, answer.url, said(answer)) == (302, TABLE, ["Saved."])
    assert wordings(group) == ["Measure the depth of each river.", "Dredge every river.", "Plant trees."]
    assert ChangeSet.objects.count() == before + 1
    written = [mandate.history.count() for mandate in (first, second, third)]
    assert written == [1, 2, 1]
    second.refresh_from_db()
    assert (second.paragraph, second.text.is_stale("es")) == ("4", True)


def test_table_can_say_that_translations_stay_right(group, as_secretariat):
    second = mandates(group)[1]
    typed = opened(as_secretariat) | {f"{second.pk}-text": "Dredge the rivers.", "keeps_translations": "on"}

    as_secretariat.post(TABLE, typed)

    second.refresh_from_db()
    assert (str(second.text), second.text.is_stale("es")) == ("Dredge the rivers.", False)


def test_table_writes_areas_of_rows_and_of_mandates(group, as_secretariat):
    area = made(make.ResponsibleAreaFactory, name=Text.of("Bureau of Banks"))
    row, mandate = group.plan.rows.get(), mandates(group)[0]
    typed = opened(as_secretariat)
    typed |= {f"{row.pk}-areas": [*typed[f"{row.pk}-areas"], str(area.pk)], f"{mandate.pk}-areas": [str(area.pk), ""]}

    as_secretariat.post(TABLE, typed)

    assert [str(one.area) for one in row.assignments.all()] == ["Secretariat for Water", "Bureau of Banks"]
    assert [str(one.area) for one in mandate.assignments.all()] == ["Bureau of Banks"]


def test_new_line_is_saved_where_it_was_put_and_once(group, as_secretariat):
    row, new = group.plan.rows.get(), str(uuid4())
    typed = opened(as_secretariat) | {f"{new}-text": "Count the fish."}
    typed[f"order-{row.pk}"].insert(1, new)

    answers = [as_secretariat.post(TABLE, typed) for _time in range(2)]

    assert [said(answer)[-1] for answer in answers] == ["Saved.", "This was saved already."]
    assert wordings(group) == [
        "Measure the depth of each river.",
        "Count the fish.",
        "Dredge the river.",
        "Plant trees.",
    ]


def test_order_of_the_lines_is_saved_with_them(group, as_secretariat):
    row, (first, second, third) = group.plan.rows.get(), mandates(group)
    typed = opened(as_secretariat) | {f"order-{row.pk}": [str(third.pk), str(first.pk), str(second.pk)]}

    as_secretariat.post(TABLE, typed)

    assert mandates(group) == [third, first, second]
    assert [one.history.count() for one in (first, second, third)] == [1, 1, 2]


def test_two_writers_of_different_lines_and_fields_are_both_kept(group, as_secretariat, as_chair):
    first, second, _third = mandates(group)
    typed = opened(as_secretariat) | {f"{first.pk}-paragraph": "1", f"{second.pk}-text": "Dredge."}
    made_by_chair = opened(as_chair) | {f"{first.pk}-text": "Measure."}
    as_chair.post(TABLE, made_by_chair)

    answer = as_secretariat.post(TABLE, typed)

    assert answer.status_code == 302
    assert wordings(group) == ["Measure.", "Dredge.", "Plant trees."]
    assert mandates(group)[0].paragraph == "1"


def test_conflict_in_one_line_saves_nothing_and_keeps_all_that_was_typed(group, as_secretariat, as_chair):
    first, second, third = mandates(group)
    as_typed = {f"{first.pk}-text": "Measure mine.", f"{second.pk}-text": "Dredge mine."}
    typed = opened(as_secretariat) | as_typed
    as_chair.post(TABLE, opened(as_chair) | {f"{first.pk}-text": "Measure theirs.", f"{third.pk}-text": "Plant oaks."})

    page = as_secretariat.post(TABLE, typed)

    assert page.status_code == 409
    assert wordings(group) == ["Measure theirs.", "Dredge the river.", "Plant oaks."]
    ((_name, clash),) = page.context["faults"][0].clashes
    assert "Measure the depth of each river." in clash.base
    assert "theirs" in clash.theirs
    kept = sent(page)
    assert {key: kept[key] for key in as_typed} == as_typed
    assert kept[f"{third.pk}-text"] == "Plant oaks."


@pytest.mark.parametrize(("choice", "outcome"), [("mine", "Measure mine."), ("theirs", "Measure theirs.")])
def test_conflict_is_solved_by_a_choice(choice, outcome, group, as_secretariat, as_chair):
    first, second, _third = mandates(group)
    typed = opened(as_secretariat) | {f"{first.pk}-text": "Measure mine.", f"{second.pk}-text": "Dredge mine."}
    as_chair.post(TABLE, opened(as_chair) | {f"{first.pk}-text": "Measure theirs."})
    page = as_secretariat.post(TABLE, typed)

    answer = as_secretariat.post(TABLE, sent(page) | {f"{first.pk}-choice-text": choice})

    assert answer.status_code == 302
    assert wordings(group) == [outcome, "Dredge mine.", "Plant trees."]


def test_line_that_was_withdrawn_meanwhile_is_shown_with_what_was_typed(group, as_secretariat):
    first, second, third = mandates(group)
    typed = opened(as_secretariat) | {f"{first.pk}-text": "Measure mine.", f"{second.pk}-text": "Dredge mine."}
    for gone in (first, third):
        make.reword(gone, is_withdrawn=True)

    page = as_secretariat.post(TABLE, typed)

    kept = sent(page)
    assert (page.status_code, wordings(group)) == (409, ["Dredge the river."])
    assert [line.thing for line in page.context["faults"]] == [first]
    assert (kept[f"{first.pk}-text"], f"{third.pk}-text" in kept) == ("Measure mine.", False)
    as_secretariat.post(TABLE, kept | {f"{first.pk}-gone": "1"})
    assert wordings(group) == ["Dredge mine."]


def test_order_that_others_changed_too_is_asked_again(group, as_secretariat, as_chair):
    row, (first, second, third) = group.plan.rows.get(), mandates(group)
    mine, theirs = [third, first, second], [second, first, third]
    typed = opened(as_secretariat) | {f"order-{row.pk}": [str(one.pk) for one in mine], f"{first.pk}-paragraph": "2"}
    as_chair.post(TABLE, opened(as_chair) | {f"order-{row.pk}": [str(one.pk) for one in theirs]})

    page = as_secretariat.post(TABLE, typed)

    assert (page.status_code, mandates(group)) == (409, theirs)
    assert sent(page)[f"order-{row.pk}"][:3] == [str(one.pk) for one in mine]
    assert as_secretariat.post(TABLE, sent(page)).status_code == 302
    assert mandates(group) == mine


def test_line_without_words_is_refused_beside_its_field(group, as_secretariat):
    first = mandates(group)[0]
    typed = opened(as_secretariat) | {f"{first.pk}-text": " ", f"{first.pk}-paragraph": "3"}

    page = as_secretariat.post(TABLE, typed)

    assert page.context["faults"][0].errors == {"text": ["Write the wording. To take a mandate out, withdraw it."]}
    assert sent(page)[f"{first.pk}-paragraph"] == "3"
    assert wordings(group)[0] == "Measure the depth of each river."


def test_table_in_which_nothing_changed_is_not_saved(group, as_secretariat):
    before = ChangeSet.objects.count()

    page = as_secretariat.post(TABLE, opened(as_secretariat))

    assert "Nothing was changed, so nothing was saved." in page.text
    assert ChangeSet.objects.count() == before


def test_line_of_another_plan_cannot_be_written_here(group, as_secretariat, secretariat):
    other = make.whole_group(slug="lakes")
    foreign = Mandate.objects.get(row__plan__group=other)
    row = group.plan.rows.get()
    typed = opened(as_secretariat) | {f"{foreign.pk}-text": "Mine now."}
    typed[f"order-{row.pk}"].append(str(foreign.pk))

    page = as_secretariat.post(TABLE, typed)

    foreign.refresh_from_db()
    assert str(foreign.text) == "Measure the depth of each river."
    assert page.context["faults"][0].non_field_errors() == [
        "This page is out of date. Copy what you typed and open it again."
    ]


def test_table_without_the_state_it_was_opened_from_says_so_and_keeps_what_was_typed(group, as_secretariat):
    first = mandates(group)[0]
    typed = opened(as_secretariat) | {f"{first.pk}-text": "Measure.", "opened_from": "999999"}

    page = as_secretariat.post(TABLE, typed)

    assert "It cannot be told what you saw" in page.text
    assert sent(page)[f"{first.pk}-text"] == "Measure."
    assert PlanRow.objects.get(plan__group=group).history.count() == 1


def test_what_was_typed_in_the_table_and_not_saved_is_taken_up_again(group, as_secretariat):
    first = mandates(group)[0]
    page = as_secretariat.get(TABLE)
    mark = re.search(r'name="opened_as" value="([^"]+)"', page.text)
    typed = sent(page) | {"opened_as": mark[1], f"{first.pk}-text": "Measure.", "reason": ""}
    as_secretariat.post(TABLE, urlencode(typed, doseq=True), content_type="application/x-www-form-urlencoded")
    (draft,) = KeptDraft.objects.all()

    again = as_secretariat.get(draft.taken_up_at)

    kept = sent(again)
    assert (kept[f"{first.pk}-text"], wordings(group)[0]) == ("Measure.", "Measure the depth of each river.")
    answer = as_secretariat.post(TABLE, kept | {"reason": "read again"})
    assert (answer.status_code, wordings(group)[0]) == (302, "Measure.")
