"""Which delegations take part, in which order, and whose names are shown to whom."""

import re
from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from mandates.models import Delegation, WorkingGroup
from mispa.ground.text import Text
from tests import factories as make
from tests.conftest import signed_in
from tests.documents.test_lives import words
from tests.writing import made, opened

PAGE = "/rivers/delegations/"


@pytest.fixture
def group(db: None) -> WorkingGroup:
    with time_machine.travel("2013-01-01T12:00Z", tick=False):
        return make.whole_group(slug="rivers")


@pytest.fixture
def listed(group: WorkingGroup) -> WorkingGroup:
    states = [
        ("DE", Text.of("Germany", es="Alemania"), date(2013, 3, 1), 3000),
        ("BS", Text.of("The Bahamas", es="Bahamas"), date(2013, 2, 1), 1000),
        ("SV", Text.of("El Salvador", es="El Salvador"), date(2013, 1, 1), 2000),
        ("ES", Text.of("Spain", es="España"), date(2013, 1, 1), 4000),
    ]
    for code, name, since, position in states:
        made(make.DelegationFactory, group=group, code=code, name=name, since=since, position=position)
    return group


def names(client: Client, language: str = "en") -> list[str]:
    html = client.get(PAGE, headers={"accept-language": language}).content.decode()
    return re.findall(r'<li><span class="says">([^<]+)', html)


@pytest.mark.parametrize(
    ("order", "language", "expected"),
    [
        ("reader", "en", ["The Bahamas", "El Salvador", "Germany", "Spain"]),
        ("reader", "es", ["Alemania", "Bahamas", "El Salvador", "España"]),
        ("spanish", "en", ["Germany", "The Bahamas", "El Salvador", "Spain"]),
        ("since", "en", ["El Salvador", "Spain", "The Bahamas", "Germany"]),
        ("lot", "en", ["The Bahamas", "El Salvador", "Germany", "Spain"]),
    ],
)
def test_delegations_stand_in_the_order_of_the_group(listed, order, language, expected):
    make.reword(listed, delegations_order=order)

    assert names(Client(), language) == expected


def test_page_says_since_when_each_takes_part_and_until_when_it_did(listed):
    germany = Delegation.objects.get(code="DE")
    make.reword(germany, until=date(2013, 6, 30))
    made(make.DelegationFactory, group=listed, code="FR", name=Text.of("France"), since=date(2013, 12, 1))

    with time_machine.travel("2013-09-01T12:00Z", tick=False):
        page = words(Client(), PAGE)

    assert "The Bahamas since February 1, 2013" in page
    assert "Will take part France since December 1, 2013" in page
    assert "No longer taking part Germany March 1, 2013 to June 30, 2013" in page
    assert "3 delegations" in page


def test_names_of_persons_are_for_those_who_may_see_history(group):
    delegate, secretary = make.member(group, "delegate"), make.member(group, "secretariat")
    readers = {"everybody": Client(), "delegate": signed_in(delegate), "secretariat": signed_in(secretary)}

    pages = {reader: words(client, PAGE) for reader, client in readers.items()}

    assert {reader: "delegate Delegate" in page for reader, page in pages.items()} == {
        "everybody": False,
        "delegate": False,
        "secretariat": True,
    }


def test_secretariat_chooses_the_order_and_enters_the_lot(listed, as_secretariat):
    settings = reverse("mandates:group-settings", args=["rivers"])
    as_secretariat.post(settings, opened(as_secretariat, settings) | {"delegations_order": "lot", "reason": "drawn"})
    order = reverse("mandates:delegation-order", args=["rivers"])
    assert f'href="{order}"' in as_secretariat.get(PAGE).content.decode()
    page = as_secretariat.get(order)
    keys = {one.code: str(one.pk) for one in Delegation.objects.filter(group=listed)}
    drawn = {"SV": "1", "DE": "2", "ES": "3", "BS": "4"}
    places = {f"place-{keys[code]}": place for code, place in drawn.items()}

    sent = {"item": list(keys.values()), "opened_from": page.context["opened_from"], **places}
    answer = as_secretariat.post(order, sent)

    assert answer["Location"] == PAGE
    assert names(as_secretariat) == ["El Salvador", "Germany", "Spain", "The Bahamas"]
    listed.refresh_from_db()
    assert listed.history.latest().change_set.reason == "drawn"


def test_order_drawn_by_lot_is_refused_where_others_drew_meanwhile(listed, as_secretariat):
    order = reverse("mandates:delegation-order", args=["rivers"])
    opening = as_secretariat.get(order).context["opened_from"]
    by_place = [str(one.pk) for one in Delegation.objects.filter(group=listed).order_by("position")]
    sent = {"item": by_place, "opened_from": opening}
    as_secretariat.post(order, sent | {f"place-{by_place[3]}": "1"})

    answer = as_secretariat.post(order, sent | {f"place-{by_place[0]}": "4"})

    assert answer.status_code == 409
