"""Areas of many rows and mandates are set at once, after a look at what will change."""

import pytest
from django.test import Client

from mandates.forms import after
from mandates.models import Mandate
from mispa.ground.models import ChangeSet, KeptDraft
from mispa.ground.text import Text
from tests import factories as make
from tests.ground.test_kept import typed as filled_in
from tests.writing import errors, fields_of, made, send


@pytest.mark.parametrize(
    ("how", "outcome"),
    [("set", ("b", "c/u")), ("add", ("a", "b", "c/u")), ("remove", ("a",))],
)
def test_areas_that_will_stand(how, outcome):
    assert after(("a", "b"), how, ("b", "c/u")) == outcome


def test_area_with_another_unit_is_the_same_area():
    assert after(("a/u", "b"), "add", ("a/v",)) == ("a/v", "b")
    assert after(("a/u", "b"), "remove", ("a",)) == ("b",)


@pytest.fixture
def url(group):
    return f"/{group.slug}/work-plan/draft/areas/"


@pytest.fixture
def area(db):
    return made(make.ResponsibleAreaFactory, name=Text.of("Bureau of Banks"))


@pytest.fixture
def typed(group, area, url, as_secretariat):
    """A row and its mandate get an area."""
    row, mandate = group.plan.rows.get(), Mandate.objects.get(row__plan__group=group)
    page = as_secretariat.get(url)
    opened_from = page.context["form"].initial["opened_from"]
    return {"opened_from": opened_from, "how": "add", "areas": [str(area.pk)], "things": [row.pk, mandate.pk]}


def areas_of(thing):
    return [str(one) for one in thing.assignments.filter(is_withdrawn=False).order_by("position", "id")]


def test_change_is_shown_and_then_saved_in_one_change_set(group, url, typed, as_secretariat):
    row, mandate = group.plan.rows.get(), Mandate.objects.get(row__plan__group=group)
    before = ChangeSet.objects.count()

    page = as_secretariat.post(url, typed)

    water = "Secretariat for Water"
    words = [(one["before"], one["after"]) for one in page.context["changes"]]
    assert words == [(water, f"{water}; Bureau of Banks"), ("", "Bureau of Banks")]
    assert ChangeSet.objects.count() == before
    as_secretariat.post(url, typed | {"save": "1", "reason": "as the Bureau asked"})
    assert (areas_of(row), areas_of(mandate)) == ([water, "Bureau of Banks"], ["Bureau of Banks"])
    assert ChangeSet.objects.count() == before + 1


def test_areas_that_others_changed_meanwhile_are_shown_again(group, url, typed, as_secretariat, as_chair):
    row = group.plan.rows.get()
    other = made(make.ResponsibleAreaFactory, name=Text.of("Bureau of Fish"))
    theirs = typed | {"areas": [str(other.pk)], "how": "set", "things": [row.pk]}
    as_chair.post(url, theirs | {"save": "1", "reason": "as Fish asked"})

    page = as_secretariat.post(url, typed | {"save": "1", "reason": "as the Bureau asked"})

    assert page.status_code == 409
    assert page.context["changes"][0]["after"] == "Bureau of Fish; Bureau of Banks"
    assert areas_of(row) == ["Bureau of Fish"]


def test_saving_asks_for_a_reason(url, typed, as_secretariat):
    page = as_secretariat.post(url, typed | {"save": "1"})

    assert errors(page) == {"reason": ["Say in some words why this is changed."]}


def test_area_that_is_withdrawn_is_refused(url, typed, area, as_secretariat):
    make.reword(area, is_withdrawn=True)

    page = as_secretariat.post(url, typed | {"save": "1", "reason": "as the Bureau asked"})

    assert errors(page) == {"areas": ["Choose from the list."]}


def test_nothing_ticked_is_said_beside_the_field(url, typed, as_secretariat):
    page = as_secretariat.post(url, typed | {"things": [], "areas": []})

    assert errors(page) == {"things": ["Tick at least one."], "areas": ["Choose at least one area."]}


def test_what_was_chosen_comes_back_with_what_will_change(url, typed, as_secretariat):
    form = filled_in(as_secretariat, url) | typed | {"save": "1", "reason": "as the Bureau asked"}
    send(Client(), url, form)

    page = as_secretariat.get(KeptDraft.objects.get().taken_up_at)

    assert fields_of(page)["areas"] == typed["areas"]
    assert fields_of(page)["reason"] == "as the Bureau asked"
    assert len(page.context["changes"]) == 2


def test_look_at_many_asks_as_often_as_at_one(group, url, typed, as_secretariat, django_assert_max_num_queries):
    row = group.plan.rows.get()
    things = [made(make.MandateFactory, row=row).pk for _one in range(12)]

    with django_assert_max_num_queries(25):
        page = as_secretariat.post(url, typed | {"things": things})

    assert len(page.context["changes"]) == 12
