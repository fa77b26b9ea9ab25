"""Pages that withdraw, restore and move, and the history of what was done."""

import re

import pytest
from django.urls import reverse

from mandates.actions import move_mandate, revise_mandate
from mandates.models import Mandate, Note, Paragraph, PlanRow, Resolution, ResponsibleArea
from mispa.ground.models import ChangeSet
from mispa.ground.openings import latest_change
from mispa.ground.text import Text
from tests import factories
from tests.writing import errors, fields_of, made, opened, said

NOUNS = {
    Resolution: "resolution",
    ResponsibleArea: "area",
    PlanRow: "row",
    Mandate: "mandate",
    Paragraph: "paragraph",
    Note: "note",
}


def url(thing, verb):
    address = {Resolution: lambda: thing.symbol.slug or thing.pk, ResponsibleArea: lambda: thing.slug}
    return reverse(f"mandates:{NOUNS[type(thing)]}-{verb}", args=[address.get(type(thing), lambda: thing.pk)()])


@pytest.fixture
def mandate(group):
    return Mandate.objects.get()


@pytest.fixture
def write(secretariat):
    return {"by": secretariat, "reason": "for a test"}


def test_withdraw_and_restore_ask_for_a_reason(as_secretariat, mandate):
    for verb, after in (("withdraw", True), ("restore", False)):
        sent = opened(as_secretariat, url(mandate, verb))
        refused = as_secretariat.post(url(mandate, verb), sent)
        done = as_secretariat.post(url(mandate, verb), sent | {"reason": "agreed"})

        mandate.refresh_from_db()
        assert errors(refused) == {"reason": ["Say in some words why."]}
        assert done.status_code == 302
        assert mandate.is_withdrawn is after


def test_withdraw_sent_twice_says_that_it_is_done(as_secretariat, mandate):
    sent = opened(as_secretariat, url(mandate, "withdraw")) | {"reason": "agreed"}
    as_secretariat.post(url(mandate, "withdraw"), sent)

    answer = as_secretariat.post(url(mandate, "withdraw"), sent)

    assert answer.status_code == 302
    assert "It is withdrawn already." in said(answer)


def test_withdraw_of_what_changed_meanwhile_shows_the_change_first(as_chair, mandate, write):
    sent = opened(as_chair, url(mandate, "withdraw")) | {"reason": "agreed"}
    revise_mandate(mandate=mandate, opened_from=latest_change(), **write, text=Text.of("Measure the banks."))

    answer = as_chair.post(url(mandate, "withdraw"), sent)

    mandate.refresh_from_db()
    assert answer.status_code == 409
    assert not mandate.is_withdrawn
    assert re.search(r"added: </span>[^<]*banks", answer.content.decode())
    assert fields_of(answer)["reason"] == "agreed"

    as_chair.post(url(mandate, "withdraw"), fields_of(answer))
    mandate.refresh_from_db()
    assert mandate.is_withdrawn


def test_withdraw_says_where_it_is_still_named(as_secretariat, group):
    area = ResponsibleArea.objects.get()
    sent = opened(as_secretariat, url(area, "withdraw")) | {"reason": "agreed"}

    answer = as_secretariat.post(url(area, "withdraw"), sent)

    assert answer.status_code == 200
    assert f"It is still named here: row of the plan: {PlanRow.objects.get()}." in answer.content.decode()


def test_withdraw_names_the_part_that_changed_meanwhile(as_chair, mandate, write):
    sent = opened(as_chair, url(mandate.row, "withdraw")) | {"reason": "agreed"}
    revise_mandate(mandate=mandate, opened_from=latest_change(), **write, text=Text.of("Measure the banks."))

    answer = as_chair.post(url(mandate.row, "withdraw"), sent)

    assert answer.status_code == 409
    assert [(change.label, str(change.wording)) for change in answer.context["changed"].changes][:1] == [
        ("Mandate", "Measure the banks.")
    ]
    as_chair.post(url(mandate.row, "withdraw"), fields_of(answer))
    assert Mandate.objects.get().is_withdrawn


def test_withdraw_names_no_row_of_a_hidden_group(as_secretariat, group):
    area = ResponsibleArea.objects.get()
    hidden = made(factories.PlanRowFactory, symbol_as_printed="SECRET/1", plan__group__is_public=False)
    made(factories.AssignmentFactory, row=hidden, area=area)
    sent = opened(as_secretariat, url(area, "withdraw")) | {"reason": "agreed"}

    page = as_secretariat.post(url(area, "withdraw"), sent).content.decode()

    assert f"row of the plan: {PlanRow.objects.get(plan__group=group)}; in a plan that you may not see." in page
    assert "SECRET" not in page


def test_withdrawn_area_leads_to_its_history(as_secretariat):
    area = made(factories.ResponsibleAreaFactory)
    sent = opened(as_secretariat, url(area, "withdraw")) | {"reason": "agreed"}

    answer = as_secretariat.post(url(area, "withdraw"), sent)

    assert answer["Location"] == url(area, "history")
    assert as_secretariat.get(answer["Location"]).status_code == 200


def test_withdraw_with_a_forged_opening_is_refused_in_words(as_secretariat, mandate):
    answer = as_secretariat.post(url(mandate, "withdraw"), {"reason": "agreed", "opened_from": "99999"})

    assert answer.status_code == 200
    assert "It cannot be told what you saw" in answer.content.decode()
    assert not Mandate.objects.get().is_withdrawn


@pytest.fixture
def second(mandate):
    return made(factories.MandateFactory, row=mandate.row, position=mandate.position + 1000, text=Text.of("Report."))


def test_move_changes_the_order_with_a_reason_of_its_own(as_secretariat, group, mandate, second):
    sent = {"direction": "up", "opened_from": latest_change()}

    answer = as_secretariat.post(url(second, "move"), sent)

    assert answer["Location"] == f"/{group.slug}/work-plan/draft/#mandate-{second.pk}"
    assert list(Mandate.objects.order_by("position")) == [second, mandate]
    assert ChangeSet.objects.latest("pk").reason == "Moved up."


def test_move_in_another_order_shows_both_and_moves_nothing(as_secretariat, mandate, second, write):
    opened_from = latest_change()
    move_mandate(mandate=second, upwards=True, opened_from=opened_from, **write)

    answer = as_secretariat.post(url(second, "move"), {"direction": "up", "opened_from": opened_from})

    assert answer.status_code == 409
    assert answer.context["seen"] == [mandate, second]
    assert answer.context["now"] == [second, mandate]
    assert answer.context["opened_from"] == latest_change()


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"direction": "sideways"}, "Choose up or down."),
        ({"direction": "up", "opened_from": "x"}, "It cannot be told what you saw"),
        ({"direction": "up", "opened_from": "9" * 40}, "It cannot be told what you saw"),
        ({"direction": "up"}, "It cannot be told what you saw"),
    ],
)
def test_move_refuses_in_words_what_no_button_sends(as_secretariat, mandate, sent, says):
    answer = as_secretariat.post(url(mandate, "move"), sent)

    assert answer.status_code == 200
    assert says in answer.content.decode()


def test_move_of_the_first_upwards_says_so(as_secretariat, mandate):
    answer = as_secretariat.post(url(mandate, "move"), {"direction": "up", "opened_from": latest_change()})

    assert "It is the first already." in answer.content.decode()


# History ---------------------------------------------------------------------


def test_history_tells_who_why_and_what(as_chair, mandate, write):
    revise_mandate(mandate=mandate, opened_from=latest_change(), **write, text=Text.of("Measure the banks."))

    page = as_chair.get(url(mandate, "history")).content.decode()

    assert "secretariat" in page
    assert "for a test" in page
    assert re.search(r'<del><span class="vh">removed: </span>[^<]*depth', page)
    assert "a command of the system" in page
    assert "on a page" in page


def test_history_escapes_what_was_typed(as_chair, mandate, write):
    revise_mandate(mandate=mandate, opened_from=latest_change(), **write, text=Text.of("<script>x</script>"))

    assert "<script>x" not in as_chair.get(url(mandate, "history")).content.decode()
