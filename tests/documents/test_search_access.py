"""Who finds what: a reader of each role, in two groups with something for each audience."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from documents.reading.texts import text_for
from documents.searching.finding import Found, search
from documents.searching.reader import Reader
from documents.searching.words import read
from mandates.symbols import REGISTERED
from mispa.ground.models import User
from tests import world as worlds
from tests.world import (
    CIRCULATED,
    HIDDEN,
    ISSUED,
    LIMITED,
    PROPOSED,
    SHARED,
    UNPUBLISHED,
    WITHDRAWN,
    WORKING,
    World,
)

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


def find(typed: str, user: Any) -> Found:
    return search(Reader(user), read(typed, REGISTERED))


@pytest.fixture(scope="module")
def world(module_db: None) -> World:
    return worlds.build()


FINDS: dict[str, set[str]] = {
    "anonymous": set(),
    "outsider": set(),
    "delegate": {CIRCULATED, LIMITED, SHARED, UNPUBLISHED},
    "secretariat": {WORKING, CIRCULATED, ISSUED, LIMITED, SHARED, UNPUBLISHED, PROPOSED},
    "chair": {WORKING, CIRCULATED, ISSUED, LIMITED, SHARED, UNPUBLISHED, PROPOSED},
    "vice-chair": {WORKING, CIRCULATED, ISSUED, LIMITED, SHARED, UNPUBLISHED, PROPOSED},
    "neighbour": {HIDDEN, SHARED},
    "administrator": {CIRCULATED, ISSUED, HIDDEN, LIMITED, SHARED, UNPUBLISHED},
}
WORDS = (WORKING, CIRCULATED, ISSUED, LIMITED, SHARED, UNPUBLISHED, PROPOSED, WITHDRAWN, HIDDEN)


def who(world: World, role: str) -> Any:
    return NOBODY if role == "anonymous" else User.objects.get(pk=world.clients[role].session["_auth_user_id"])


@pytest.mark.parametrize("role", FINDS)
def test_a_reader_finds_what_is_for_her_and_nothing_else(role, world):
    client = world.client(role)
    for word in WORDS:
        found = find(word, who(world, role))
        assert bool(found.hits) == (word in FINDS[role]), word
        page = client.get("/search/", {"q": word}).content.decode()
        # What she typed stands in the box and in the links; all else is in the list.
        assert (word in page.partition('class="lines hits"')[2].partition("</ol>")[0]) == (word in FINDS[role]), word


@pytest.mark.parametrize("role", FINDS)
def test_what_a_reader_finds_she_can_open(role, world):
    client = world.client(role)
    for typed in (*WORDS, "report", "river", "depth", "meeting", "care", "cp"):
        for hit in find(typed, who(world, role)).hits:
            assert client.get(hit.url).status_code == 200, hit


@pytest.mark.parametrize("role", FINDS)
def test_of_each_plan_a_reader_finds_the_text_that_its_page_shows(role, world):
    user = who(world, role)
    reader = Reader(user)
    shown = {
        reading.edition.pk
        for pk, group in reader.groups.items()
        if pk not in reader.written and (reading := text_for(user, group)) and reading.edition
    }

    assert set(reader.editions) == shown
