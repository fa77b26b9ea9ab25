"""Resolutions and their symbols: read, pending, taken, given up."""

import pytest
from django.core.exceptions import ValidationError

from mandates.actions import create_resolution, restore_resolution, revise_resolution, withdraw_resolution
from mandates.models import RegisteredSymbol, Resolution, WorkPlan
from mispa.ground.openings import latest_change
from mispa.ground.text import Text
from tests import factories
from tests.writing import made

PRINTED = "AG/RES. 2735 (XLII-O/12)"


@pytest.fixture
def write(secretariat):
    return {"by": secretariat, "reason": "for a test"}


@pytest.fixture
def plan(group):
    return WorkPlan.objects.get()


def refusal(error):
    return " ".join(error.value.messages)


def revise(action, write, **values):
    return action(opened_from=latest_change(), **write, **values)


def test_create_resolution_registers_its_symbol(write):
    resolution = create_resolution(**write, symbol="ag/res 2735 (XLII-O/12)", title=Text.of("Advancing Security"))

    symbol = resolution.symbol
    assert (symbol.printed, symbol.canonical, symbol.state) == ("ag/res 2735 (XLII-O/12)", PRINTED, "in use")


def test_create_resolution_keeps_a_doubtful_symbol_as_pending(write):
    resolution = create_resolution(**write, symbol="AG/RES. 2735", title=Text.of("Advancing Security"))

    symbol = resolution.symbol
    assert (symbol.printed, symbol.canonical, symbol.state) == ("AG/RES. 2735", None, "pending")
    assert symbol.review == "short citation"


@pytest.mark.parametrize(
    ("printed", "says"),
    [
        ("September 5, 2013", "“September 5, 2013” seems to name more than one symbol"),
        ("MISPA/INF.3/08", "This is the symbol of a document, not of a resolution."),
        ("", "is empty; write a symbol"),
    ],
)
def test_create_resolution_refuses_what_is_no_symbol_of_one(write, printed, says):
    with pytest.raises(ValidationError) as error:
        create_resolution(**write, symbol=printed, title=Text.of("Advancing Security"))

    assert set(error.value.message_dict) == {"symbol"}
    assert says in refusal(error)
    assert not RegisteredSymbol.objects.filter(printed=printed).exists()


def test_create_resolution_names_what_holds_a_taken_symbol(write):
    create_resolution(**write, symbol=PRINTED, title=Text.of("Advancing Security"))

    with pytest.raises(ValidationError) as error:
        create_resolution(**write, symbol="AG/RES.2735 (XLII-O/12)", title=Text.of("Another"))

    assert refusal(error) == f"This symbol is taken: resolution {PRINTED}, “Advancing Security”."


def test_create_resolution_says_that_a_withdrawn_one_has_the_symbol(write):
    resolution = create_resolution(**write, symbol=PRINTED, title=Text.of("Advancing Security"))
    revise(withdraw_resolution, write, resolution=resolution)

    with pytest.raises(ValidationError) as error:
        create_resolution(**write, symbol=PRINTED, title=Text.of("Another"))

    assert "taken by something withdrawn" in refusal(error)


def test_create_resolution_takes_a_registered_symbol_that_nothing_has(write):
    free = made(factories.RegisteredSymbolFactory, canonical=PRINTED, slug="ag-res-2735-xlii-o-12")

    resolution = create_resolution(**write, symbol=PRINTED, title=Text.of("Advancing Security"))

    assert resolution.symbol == free


def test_create_resolution_never_takes_a_withdrawn_symbol_again(write):
    made(factories.RegisteredSymbolFactory, canonical=PRINTED, slug="ag-res-2735-xlii-o-12", state="withdrawn")

    with pytest.raises(ValidationError) as error:
        create_resolution(**write, symbol=PRINTED, title=Text.of("Advancing Security"))

    assert refusal(error) == f"{PRINTED} was withdrawn, and a symbol is never used again."


def test_revise_resolution_completes_a_pending_symbol_in_place(write):
    resolution = create_resolution(**write, symbol="AG/RES. 2735", title=Text.of("Advancing Security"))

    saved = revise(revise_resolution, write, resolution=resolution, symbol=PRINTED)

    assert saved.symbol_id == resolution.symbol_id
    assert (saved.symbol.canonical, saved.symbol.state, saved.symbol.review) == (PRINTED, "in use", "")


def test_revise_resolution_withdraws_a_symbol_that_was_misread_and_can_go_back(write):
    resolution = create_resolution(**write, symbol="AG/RES. 2735 (XLIII-O/13)", title=Text.of("Advancing Security"))
    wrong = resolution.symbol

    corrected = revise(revise_resolution, write, resolution=resolution, symbol=PRINTED)
    wrong.refresh_from_db()
    assert (str(corrected.symbol), wrong.state) == (PRINTED, "withdrawn")

    back = revise(revise_resolution, write, resolution=corrected, symbol="AG/RES. 2735 (XLIII-O/13)")
    wrong.refresh_from_db()
    assert (back.symbol, wrong.state) == (wrong, "in use")


def test_withdraw_resolution_names_the_plan_that_cites_it(group, write):
    resolution = Resolution.objects.get()

    with pytest.raises(ValidationError) as error:
        revise(withdraw_resolution, write, resolution=resolution)

    assert f"row of the plan: {resolution} (Rivers Group)" in refusal(error)
    assert not Resolution.objects.get().is_withdrawn


def test_withdraw_and_restore_resolution_take_the_symbol_along(write):
    resolution = create_resolution(**write, symbol=PRINTED, title=Text.of("Advancing Security"))

    revise(withdraw_resolution, write, resolution=resolution)
    resolution.symbol.refresh_from_db()
    assert resolution.symbol.state == "withdrawn"

    revise(restore_resolution, write, resolution=resolution)
    resolution.symbol.refresh_from_db()
    assert resolution.symbol.state == "in use"
