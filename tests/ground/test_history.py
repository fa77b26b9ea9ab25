"""The history of an object: its own columns and what it holds beside them, in words."""

import pytest

from mandates.actions import (
    AREAS_OF_MANDATE,
    create_mandate,
    move_mandate,
    restore_mandate,
    revise_mandate,
    revise_resolution,
    withdraw_mandate,
)
from mandates.models import Mandate, Resolution
from mandates.registry import SYMBOL
from mispa.ground.changes import changes
from mispa.ground.history import past
from mispa.ground.openings import latest_change
from mispa.ground.text import Text
from tests import factories

BESIDES = {"areas": AREAS_OF_MANDATE}


@pytest.fixture
def mandate(group):
    return Mandate.objects.get()


@pytest.fixture
def write(secretariat):
    return {"by": secretariat, "reason": "for a test"}


def revise(mandate, write, **values):
    return revise_mandate(mandate=mandate, opened_from=latest_change(), **write, **values)


def test_past_begins_with_the_creation(mandate):
    (entry,) = past(mandate, BESIDES)

    assert entry.acts == ["created"]
    assert ("Wording", "en", str(mandate.text)) in [
        (change.label, change.language, change.wording) for change in entry.changes
    ]


def test_past_shows_the_newest_first_with_words_by_language(mandate, write, secretariat):
    revise(mandate, write, text=Text.of(str(mandate.text), es="Medir."))

    entry = past(mandate, BESIDES)[0]

    (change,) = entry.changes
    assert (entry.change_set.by, entry.change_set.reason) == (secretariat, "for a test")
    assert (change.label, change.language, change.language_name) == ("Wording", "es", "Spanish")
    assert change.wording == '<ins><span class="vh">added: </span>Medir.</ins>'


def test_past_names_choices_days_and_references(mandate, write):
    resolution = Resolution.objects.get()
    values = {
        "progress": "under way",
        "deadline_words": Text.of("early 2013"),
        "deadline_earliest": "2013-01-01",
        "deadline_latest": "2013-03-31",
        "refined_by": resolution.pk,
        "refined_earliest": "2013-02-01",
        "refined_latest": "2013-02-02",
    }
    revise(mandate, write, **values)

    told = {change.label: str(change.wording) for change in past(mandate, BESIDES)[0].changes}

    assert "under way" in told["Progress"]
    assert "Tuesday, January\N{NO-BREAK SPACE}1, 2013" in told["First day it can mean"]
    assert str(resolution) in told["Refined by"]


def test_past_tells_acts(mandate, write):
    create_mandate(row=mandate.row, **write, text=Text.of("Report."))
    move_mandate(mandate=mandate, upwards=False, opened_from=latest_change(), **write)
    withdraw_mandate(mandate=mandate, opened_from=latest_change(), **write)
    restore_mandate(mandate=mandate, opened_from=latest_change(), **write)

    assert [entry.acts for entry in past(mandate, BESIDES)] == [
        ["restored"],
        ["withdrawn"],
        ["place in the order changed"],
        ["created"],
    ]


def test_past_tells_areas_with_the_change_set_that_set_them(mandate, write):
    with changes(by=None, reason="areas", source="command"):
        rivers = factories.ResponsibleAreaFactory(name=Text.of("Rivers"))
        lakes = factories.ResponsibleAreaFactory(name=Text.of("Lakes"))
    revise(mandate, write, areas=(str(rivers.pk),))
    revise(mandate, write, areas=(str(rivers.pk), str(lakes.pk)))

    told = [[(change.label, str(change.wording)) for change in entry.changes] for entry in past(mandate, BESIDES)[:2]]

    assert told == [
        [("Responsible areas", 'Rivers<ins><span class="vh">added: </span>; Lakes</ins>')],
        [("Responsible areas", "Rivers")],
    ]


def test_past_of_a_resolution_tells_its_symbol_once_as_printed(group, write):
    resolution = Resolution.objects.get()
    revise_resolution(resolution=resolution, opened_from=latest_change(), **write, symbol="AG/RES. 2735 (XLII-O/12)")

    told = [(change.label, str(change.wording)) for change in past(resolution, {"symbol": SYMBOL})[0].changes]

    assert [label for label, _wording in told] == ["Symbol"]
    assert "2735" in told[0][1]


def test_past_asks_the_same_number_of_queries_for_a_long_history(mandate, write, django_assert_num_queries):
    with changes(by=None, reason="areas", source="command"):
        keys = [str(factories.ResponsibleAreaFactory().pk) for _ in range(3)]
    revise(mandate, write, paragraph="1", areas=tuple(keys))
    asked = 4  # rows, the row of the plan that it belongs to, its areas, their names

    with django_assert_num_queries(asked):
        past(mandate, BESIDES)
    for number in range(2, 8):
        revise(mandate, write, paragraph=str(number), areas=tuple(keys[number % 3 :]))
    with django_assert_num_queries(asked):
        past(mandate, BESIDES)
