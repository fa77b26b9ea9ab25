"""What a feed keeps of its events: never what is old, hidden, or of another reader, group, language or process."""

from datetime import date

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.test import Client

from documents.kinds import REGISTER
from meetings.ical import feeds
from meetings.models import Meeting, Topic
from mispa.ground.changes import changes
from mispa.ground.models import ChangeSet
from mispa.ground.reverting import undo
from mispa.ground.text import Text
from tests import factories as make
from tests.conftest import signed_in
from tests.meetings.ical_checks import checked

ADDRESS = "/rivers/calendar.ics"
DRAFT, COMPTE = "1. Draft agenda", "1. Projet d'ordre du jour"


@pytest.fixture
def rivers(db):
    group = make.whole_group(slug="rivers")
    make.reword(Topic.objects.get(), text=Text.of("Draft agenda", fr="Projet d'ordre du jour"))
    return group


@pytest.fixture
def hall(rivers):
    with changes(by=None, reason="a hall", source="command"):
        hall = make.RoomFactory(name=Text.of("Hall of Rivers"))
    make.reword(Meeting.objects.get(), room=hall)
    return hall


def events(address=ADDRESS, client=None):
    return checked((client or Client()).get(address).content)


def event(address=ADDRESS):
    (one,) = events(address).values()
    return one


def test_processes_that_keep_different_things_answer_alike(rivers, hall, monkeypatch):
    """Each asks at another time, and so has kept the events of another state."""
    processes = [LocMemCache(f"process-{number}", {}) for number in range(3)]
    answers = []

    def ask(process):
        monkeypatch.setattr(feeds, "cache", process)
        answer = Client().get(ADDRESS)
        return answer["ETag"], answer.content

    for number, process in enumerate(processes):
        make.reword(hall, name=Text.of(f"Hall {number}"))
        ask(process)
        answers.append([ask(one) for one in processes[: number + 1]])

    assert [len(set(one)) for one in answers] == [1, 1, 1]
    assert b"Hall 2" in answers[-1][0][1]


def test_memory_that_is_too_small_costs_time_and_nothing_else(rivers, monkeypatch):
    whole = Client().get(ADDRESS).content
    monkeypatch.setattr(feeds, "cache", LocMemCache("small", {"OPTIONS": {"MAX_ENTRIES": 3}}))
    languages = ["en", "es", "fr", "pt"] * 2

    answers = [Client().get(f"{ADDRESS}?lang={language}").content for language in languages]

    assert answers[0] == answers[4] == whole
    assert answers[:4] == answers[4:]
    assert len(feeds.cache._cache) == 3


def test_languages_are_kept_apart(rivers):
    first = [event(f"{ADDRESS}?lang={language}")["DESCRIPTION"] for language in ("en", "fr", "en", "fr")]

    assert [said.split("\n")[0] for said in first] == [DRAFT, COMPTE, DRAFT, COMPTE]


def test_a_change_of_one_group_leaves_the_other_as_it_was(rivers):
    lakes = make.whole_group(slug="lakes", short_name=Text.of("Lakes Group"))
    before = Client().get("/lakes/calendar.ics").content, Client().get(ADDRESS).content

    make.reword(lakes, short_name=Text.of("Group of Lakes"))

    after = Client().get("/lakes/calendar.ics").content, Client().get(ADDRESS).content
    assert (before[0] == after[0], before[1] == after[1]) == (False, True)
    assert b"SUMMARY:Group of Lakes: meeting 1" in after[0]


def test_a_renamed_room_makes_only_the_events_that_print_it_anew(rivers, hall, monkeypatch):
    with changes(by=None, reason="elsewhere", source="command"):
        make.MeetingFactory(group=rivers, number=2, room__name=Text.of("Hall of Lakes"))
    events()
    made, plain = [], feeds._made
    monkeypatch.setattr(feeds, "_made", lambda keys, language: made.append(len(keys)) or plain(keys, language))

    make.reword(hall, name=Text.of("Great Hall"))

    assert sorted(one["LOCATION"].split(",")[0] for one in events().values()) == ["Great Hall", "Hall of Lakes"]
    assert made == [1]


def test_a_room_that_goes_to_another_city_is_told(rivers, hall):
    event()

    with changes(by=None, reason="the other building", source="command"):
        city = make.CityFactory(name=Text.of("Bogotá"))
    make.reword(hall, city=city)

    assert event()["LOCATION"].startswith("Hall of Rivers, Bogotá")


def test_a_topic_that_is_withdrawn_and_restored(rivers):
    topic = Topic.objects.get()
    said = [event()["DESCRIPTION"].split("\n")[0]]

    for is_withdrawn in (True, False):
        make.reword(topic, is_withdrawn=is_withdrawn)
        said.append(event()["DESCRIPTION"].split("\n")[0])

    assert [said[0], said[1].partition(":")[0], said[2]] == [DRAFT, "Topics and documents", DRAFT]


def test_a_change_that_is_taken_back_is_a_change(rivers):
    before = event()
    secretary = make.member(rivers, "secretariat")
    make.reword(Meeting.objects.get(), starts_on=date(2013, 9, 6), ends_on=date(2013, 9, 6))
    moved = event()

    undo(ChangeSet.objects.latest("pk"), register=REGISTER, by=secretary, reason="a mistake")

    back = event()
    assert (back.start, back["UID"]) == (before.start, before["UID"])
    assert [one["SEQUENCE"] for one in (before, moved, back)] == [0, 1, 2]
    assert back["LAST-MODIFIED"].dt >= moved["LAST-MODIFIED"].dt  # to the second


def test_what_an_editor_sees_is_kept_from_everybody_else(rivers):
    with changes(by=None, reason="proposed", source="command"):
        proposed = make.MeetingFactory(group=rivers, number=2, status="proposed")
    secretary = signed_in(make.member(rivers, "secretariat"))
    uid = f"{proposed.pk}@mispa"

    seen = [uid in events(client=client) for client in (secretary, Client(), secretary)]

    assert seen == [True, False, True]


def test_a_role_that_ends_ends_what_it_let_see(rivers):
    with changes(by=None, reason="proposed", source="command"):
        make.MeetingFactory(group=rivers, number=2, status="proposed")
    person = make.member(rivers, "secretariat")
    before = len(events(client=signed_in(person)))

    make.reword(person.memberships.get(), until=date(2013, 12, 31))

    assert (before, len(events(client=signed_in(person)))) == (2, 1)


def test_a_group_that_is_hidden_has_no_feed_for_who_has_its_address(rivers):
    has = {"if-none-match": Client().get(ADDRESS)["ETag"]}

    make.reword(rivers, is_public=False)

    assert Client().get(ADDRESS, headers=has).status_code == 404
    assert Client().get("/rivers/meetings/1.ics").status_code == 404


def test_words_are_found_in_what_is_kept_and_in_what_changed(rivers):
    found = [len(events(f"{ADDRESS}?topic=ordre+DU"))]

    make.reword(Topic.objects.get(), text=Text.of("Report", es="Informe sobre la crecida"))

    found += [len(events(f"{ADDRESS}?topic={words}")) for words in ("ordre+du", "Crecida", "")]
    assert found == [1, 0, 1, 1]
