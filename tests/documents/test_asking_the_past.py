"""`?as_of=`: which instant is meant, and who may ask for it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client, RequestFactory

from documents.reading.asof import NotAnInstant, instant_asked_for, query_for
from mispa.ground.models import ChangeSet
from tests import world as worlds
from tests.test_access import EDITORS, HISTORY, SHARED_HISTORY, meaning
from tests.test_leaks import FOR, WORDS, everything_said, slugs
from tests.world import PROPOSED, ROLES, World

NOW = datetime(2013, 9, 5, 16, tzinfo=UTC)  # noon in Washington
WASHINGTON = ZoneInfo("America/New_York")


# ---- which instant is meant


def asked(query: str, zone: ZoneInfo = WASHINGTON) -> datetime | None:
    with time_machine.travel(NOW, tick=False):
        return instant_asked_for(RequestFactory().get(f"/rivers/calendar/{query}"), zone)


@pytest.mark.parametrize(
    ("query", "instant"),
    [
        ("2013-09-04", datetime(2013, 9, 5, 3, 59, 59, 999999, UTC)),
        ("2013-03-10", datetime(2013, 3, 11, 3, 59, 59, 999999, UTC)),  # a day of 23 hours
        ("2013-09-05", NOW),  # today has not ended
        ("2013-09-05T10:00-04:00", datetime(2013, 9, 5, 14, tzinfo=UTC)),
        ("2013-09-05T10:00%2B02:00", datetime(2013, 9, 5, 8, tzinfo=UTC)),
        ("2013-09-05T10:00+02:00", datetime(2013, 9, 5, 8, tzinfo=UTC)),  # the + arrives as a space
        ("2013-09-05T10:00Z", datetime(2013, 9, 5, 10, tzinfo=UTC)),
        ("2013-09-05t10:00z", datetime(2013, 9, 5, 10, tzinfo=UTC)),
        ("2013-09-05T10:00", datetime(2013, 9, 5, 14, tzinfo=UTC)),
        ("2013-09-05+10:00", datetime(2013, 9, 5, 14, tzinfo=UTC)),
        ("2013-09-05T10:00:01.5", datetime(2013, 9, 5, 14, 0, 1, 500000, UTC)),
        ("+2013-09-05T12:00+", NOW),
        ("", None),
        ("+", None),
    ],
)
def test_an_instant_is_read_in_the_zone_of_the_page(query, instant):
    assert asked(f"?as_of={query}") == instant


def test_no_instant_is_asked_for_where_the_address_has_none():
    assert asked("") is None


@pytest.mark.parametrize("at", [NOW, NOW - timedelta(microseconds=1), datetime(2013, 3, 10, 7, 30, tzinfo=UTC)])
def test_the_query_of_a_link_is_read_as_that_very_instant(at):
    assert asked(query_for(at), ZoneInfo("Asia/Tokyo")) == at


@pytest.mark.parametrize(
    "typed",
    [
        "yesterday",
        "2013-02-30",
        "2013-9-4",
        "20130904",
        "2013-W36-3",
        "2013-09-05T25:00",
        "2013-09-05T10",
        "2013-09-05T10:00-04",
        "2013-09-05T10:00-99:00",
        "2013-09-05Z",
        "0001-01-01T00:00%2B01:00",
        "9999-12-31",
        "٢٠١٣-09-05",
        "2013-09-04%0A1",
    ],
)
def test_what_is_no_instant_is_refused_with_how_to_write_one(typed):
    with pytest.raises(NotAnInstant, match=r"cannot be read as a day or an instant\. Write a day as 2013-09-05"):
        asked(f"?as_of={typed}")


@pytest.mark.parametrize("typed", ["2013-09-06", "2013-09-05T12:01", "2013-09-05T16:00:01Z", "2999-01-01"])
def test_what_is_to_come_is_refused(typed):
    with pytest.raises(NotAnInstant, match=r"is still to come\. Write a day"):
        asked(f"?as_of={typed}")


@pytest.mark.parametrize("typed", ["2012-11-04T01:30", "2013-03-10T02:30"])
def test_an_hour_that_came_twice_or_never_is_refused_without_its_offset(typed):
    with pytest.raises(NotAnInstant, match=f"the hour of “{typed}” came twice or not at all"):
        asked(f"?as_of={typed}")

    assert asked(f"?as_of={typed}-04:00") is not None


# ---- who may ask

PAGES: dict[str, tuple[Any, frozenset[str]]] = {
    "calendar": (lambda world: "/rivers/calendar/", HISTORY),
    "calendar as JSON": (lambda world: "/rivers/calendar.json", HISTORY),
    "meeting": (lambda world: "/rivers/meetings/1/", HISTORY),
    "proposed meeting": (lambda world: "/rivers/meetings/3/", EDITORS),
    "process": (lambda world: "/rivers/process/", HISTORY),
    "register": (lambda world: "/rivers/documents/", HISTORY),
    "mandate": (lambda world: f"/mandates/{world.mandate.pk}/", HISTORY),
    "paper": (lambda world: world.paper.get_absolute_url(), HISTORY),
    "resolution": (lambda world: world.row.resolution.get_absolute_url(), SHARED_HISTORY),
    "area": (lambda world: world.row.assignments.earliest("position").area.get_absolute_url(), SHARED_HISTORY),
}
GIVEN_NOW_ONLY = {
    "calendar file": lambda world: "/rivers/calendar.ics",
    "calendar as PDF": lambda world: "/rivers/calendar.pdf",
    "meetings of a day": lambda world: "/rivers/meetings/2013-09-05/",
}


@pytest.fixture(scope="module")
def world(module_db: None) -> World:
    return worlds.build()


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_the_past_of_a_page_is_for_those_who_may_see_history(name, world):
    address, readers = PAGES[name]
    asks = address(world) + query_for(ChangeSet.objects.latest("at").at)

    answers = {role: meaning(world.client(role).get(asks)) for role in ROLES}

    refused = {role: "not there" if role in HISTORY - readers else "refused" for role in ROLES}
    assert answers == refused | dict.fromkeys(readers, "let in") | {"anonymous": "sign in"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name in PAGES if "JSON" not in name])
def test_the_form_that_asks_for_a_day_is_for_the_same_people(name, world):
    address, readers = PAGES[name]
    offered = {role for role in ROLES if b'name="as_of"' in world.client(role).get(address(world)).content}

    assert offered == readers


@pytest.mark.django_db
@pytest.mark.parametrize("name", GIVEN_NOW_ONLY)
def test_what_is_given_as_it_is_now_refuses_the_past(name, world):
    answer = world.client("secretariat").get(f"{GIVEN_NOW_ONLY[name](world)}?as_of=2013-09-05")

    assert answer.status_code == 404
    assert "This is given as it is now only." in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["limited", "unpublished"])
def test_who_may_not_know_of_a_paper_learns_nothing_from_its_past(name, world):
    hidden = getattr(world, name).get_absolute_url()
    query = query_for(ChangeSet.objects.latest("at").at)

    for role in ("outsider", "neighbour"):
        answers = [world.client(role).get(address + query) for address in (hidden, "/documents/never-was/")]
        assert [answer.status_code for answer in answers] == [404, 404]
        pages = [re.findall("<main.*?</main>", answer.content.decode(), re.DOTALL) for answer in answers]
        assert pages[0] == pages[1]


@pytest.mark.django_db
def test_a_refusal_says_for_whom_the_past_is(world):
    answer = world.client("delegate").get("/rivers/calendar/?as_of=2013-09-05")

    assert "is shown to the secretariat, the chair and the administrator" in answer.content.decode()


@pytest.mark.django_db
def test_sign_in_leads_back_to_the_past_that_was_asked_for(world):
    answer = Client().get("/rivers/calendar/?as_of=2013-09-05")

    assert answer["Location"] == "/accounts/sign-in/?next=/rivers/calendar/%3Fas_of%3D2013-09-05"


@pytest.mark.django_db
def test_a_typing_error_is_answered_in_words(world):
    answer = world.client("chair").get("/rivers/calendar/?as_of=5+September")

    assert answer.status_code == 404
    assert "“5 September” cannot be read as a day or an instant." in answer.content.decode()


def pages_with_a_past() -> list[str]:
    """Every page that shows its past, seen or unseen."""
    of_groups = [
        "calendar/",
        "calendar.json",
        "process/",
        "documents/",
        *(f"meetings/{number}/" for number in range(1, 6)),
    ]
    shared = [f"/{noun}s/{slug}/" for noun in ("area", "resolution", "document") for slug in slugs(noun)]
    return shared + [f"/{group}/{page}" for group in ("rivers", "lakes") for page in of_groups]


@pytest.mark.django_db
@pytest.mark.parametrize("role", FOR)
def test_the_past_has_no_word_that_is_not_for_its_reader(role, world):
    client, instants = world.client(role), list(ChangeSet.objects.order_by("at").values_list("at", flat=True))
    met: dict[str, str] = {}

    for address in pages_with_a_past():
        for at in (instants[len(instants) // 2], instants[-1]):
            said = everything_said(client.get(address + query_for(at)))
            met |= {word: address for word in WORDS - set(met) if word.casefold() in said}

    assert {word: met[word] for word in set(met) - FOR[role]} == {}
    assert (PROPOSED in met) == (role == "secretariat")
