"""A whole list is put into another order: as few rows as possible are written, and nobody's order is lost."""

import pytest

from mandates.models import Mandate, PlanRow
from mispa.ground.order import rising, woven
from tests import factories as make
from tests.writing import made, said


@pytest.mark.parametrize(
    ("current", "after"),
    [
        ([1000, 2000, 3000], [1000, 2000, 3000]),
        ([3000, 1000, 2000], [499, 1000, 2000]),
        ([1000, 3000, 2000], [1000, 1500, 2000]),
        ([2000, 3000, 1000], [2000, 3000, 4000]),
        ([1000, 4000, 2000, 3000, 5000], [1000, 1500, 2000, 3000, 5000]),
        ([7, 7, 7], [1, 4, 7]),
        ([5, 9, 6], [1000, 2000, 3000]),
        ([6, 5, 7, 8], [2, 5, 7, 8]),
        ([3, 0, 1, 2], [1000, 2000, 3000, 4000]),
        ([], []),
    ],
)
def test_positions_rise_and_most_stay(current, after):
    assert rising(current, 1000) == after


def test_what_only_the_other_list_has_stands_behind_the_same_neighbour():
    assert woven([3, 1, 2], [0, 1, 7, 8, 2]) == [0, 3, 1, 7, 8, 2]


@pytest.fixture
def row(group):
    row = group.plan.rows.get()
    for place in (2, 3):
        made(make.MandateFactory, row=row, position=place * 1_000_000)
    return row


def mandates(row):
    return list(Mandate.objects.standing().filter(row=row).order_by("position", "id"))


def url(row):
    return f"/rows/{row.pk}/mandates/order/"


def asked(client, row, wanted):
    return {"opened_from": client.get(url(row)).context["opened_from"], "item": [one.pk for one in wanted]}


def test_wanted_order_is_saved_by_writing_one_row(row, as_secretariat):
    first, second, third = mandates(row)

    answer = as_secretariat.post(url(row), asked(as_secretariat, row, [third, first, second]))

    assert (answer.url, said(answer)) == (
        f"/{row.plan.group.slug}/work-plan/draft/#row-{row.pk}",
        ["The order is saved."],
    )
    assert mandates(row) == [third, first, second]
    assert [one.history.count() for one in (first, second, third)] == [1, 1, 2]


def test_order_that_others_changed_is_shown_beside_the_wanted_one(row, as_secretariat, as_chair):
    first, second, third = mandates(row)
    mine = asked(as_secretariat, row, [third, first, second])
    as_chair.post(url(row), asked(as_chair, row, [second, first, third]))

    page = as_secretariat.post(url(row), mine)

    assert page.status_code == 409
    assert (page.context["items"], page.context["now"]) == ([third, first, second], [second, first, third])
    assert mandates(row) == [second, first, third]
    as_secretariat.post(url(row), mine | {"opened_from": page.context["opened_from"]})
    assert mandates(row) == [third, first, second]


def test_what_others_added_and_took_away_meanwhile_stays_so(row, as_secretariat):
    first, second, third = mandates(row)
    mine = asked(as_secretariat, row, [third, second, first])
    added = made(make.MandateFactory, row=row, position=2_500_000)
    make.reword(first, is_withdrawn=True)

    as_secretariat.post(url(row), mine)

    assert mandates(row) == [third, second, added]


def test_order_sent_twice_is_saved_once(row, as_secretariat):
    mine = asked(as_secretariat, row, reversed(mandates(row)))

    answers = [as_secretariat.post(url(row), mine) for _time in range(2)]

    assert said(answers[1])[-1] == "This was saved already."


def test_order_without_its_opening_is_refused_in_words(row, as_secretariat):
    before = mandates(row)

    page = as_secretariat.post(url(row), {"opened_from": "x", "item": [one.pk for one in reversed(before)]})

    assert "It cannot be told what you saw" in page.text
    assert (page.context["items"], mandates(row)) == (before[::-1], before)


def test_rows_and_paragraphs_have_an_order_too(group, as_secretariat):
    plan = group.plan
    made(make.PlanRowFactory, plan=plan, position=5_000_000)
    made(make.ParagraphFactory, plan=plan, position=5_000_000)
    lists = {
        "rows/order/": PlanRow.objects.filter(plan=plan),
        "paragraphs/order/?section=background": plan.paragraphs.all(),
    }
    for address, things in lists.items():
        before = list(things.order_by("position", "id"))
        page = as_secretariat.get(f"/{group.slug}/work-plan/draft/{address}")
        typed = {"opened_from": page.context["opened_from"], "item": [one.pk for one in before[::-1]]}

        as_secretariat.post(f"/{group.slug}/work-plan/draft/{address}", typed)

        assert list(things.order_by("position", "id")) == before[::-1]
