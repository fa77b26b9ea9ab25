"""A number that is none, in an address or in a hidden field, is answered in words on every page that writes."""

import re
from typing import Any

import pytest
from django.urls import reverse

from mispa.ground.openings import as_number
from tests import world as worlds
from tests.test_access import TABLE, address
from tests.world import ROLES, World
from tests.writing import fields_of

pytestmark = pytest.mark.django_db

ODD = ("²", "٣", "9" * 40, "3.0", "-1")  # digits to Python, a number to it, and more than a column holds
WRITTEN = {entry: role for entry, page in TABLE.items() for role in ROLES if role in (page.write or ())}


@pytest.fixture(scope="module")
def world(module_db: None) -> World:
    return worlds.build()


@pytest.mark.parametrize(
    ("typed", "number"), [("0", 0), ("12", 12), *((odd, None) for odd in (*ODD, "", " 1", "1_0", "0x1"))]
)
def test_digits_alone_are_a_number(typed, number):
    assert as_number(typed) == number


def forms_of(page: Any) -> list[dict[str, Any]]:
    """What could be sent: with all as it stands but for the state that it was opened from, and with everything odd."""
    names = set(re.findall(r'<(?:input|select|textarea|button)[^>]* name="([\w-]+)"', page.text))
    if "opened_from" not in names:
        return []
    stands = fields_of(page) if hasattr(page.context.get("form"), "fields") else {}
    return [
        stands | {"reason": "for the test", "opened_from": "²"},
        dict.fromkeys(names - {"csrfmiddlewaretoken"}, "²"),
    ]


@pytest.mark.parametrize("entry", WRITTEN)
def test_an_odd_number_breaks_no_page(entry, world):
    client, where = world.client(WRITTEN[entry]), address(entry, world)

    answers = [client.post(where, form).status_code for form in forms_of(client.get(where))]

    assert set(answers) <= {200, 302, 409}


def test_an_odd_number_in_an_address_names_nothing(world):
    client = world.client("secretariat")
    revert = next(address(entry, world) for entry in TABLE if entry.endswith(":meeting-revert"))

    assert [client.get(revert.partition("?")[0], {"to": odd}).status_code for odd in ODD] == [404] * len(ODD)
    assert client.get(reverse("documents:changes", args=["rivers"]), {"page": "²"}).status_code == 200
    for odd in ODD:
        assert client.post(reverse("documents:changes-read", args=["rivers"]), {"latest": odd}).status_code == 302
        assert client.post(reverse("documents:following"), {"stop": odd}).status_code == 302
