"""All topics of a calendar in one table, pasted topics, and the order of an agenda."""

import pytest

from meetings.models import Topic
from mispa.ground.models import ChangeSet
from mispa.ground.text import Text
from tests import factories as make
from tests.mandates.test_table import opened, sent
from tests.writing import made, said

TABLE = "/rivers/meetings/topics/"


@pytest.fixture
def group(db):
    group = make.whole_group(slug="rivers")
    second = made(make.MeetingFactory, group=group, number=2, status="proposed")
    made(make.TopicFactory, meeting=second, text=Text.of("Depths again"), position=1_000_000)
    return group


def topics(group, number):
    return list(Topic.objects.filter(meeting__group=group, meeting__number=number).order_by("position", "id"))


def test_topics_of_all_meetings_are_written_in_one_change_set(group, as_secretariat):
    (first,), (second,) = topics(group, 1), topics(group, 2)
    before = ChangeSet.objects.count()
    typed = opened(as_secretariat, TABLE) | {f"{first.pk}-text": "Election", f"{first.pk}-kind": "election"}

    answer = as_secretariat.post(TABLE, typed | {f"{second.pk}-text": "Depths once more"})

    assert (answer.url, said(answer)) == (TABLE, ["Saved."])
    assert [(one.kind, str(one.text)) for one in (*topics(group, 1), *topics(group, 2))] == [
        ("election", "Election"),
        ("consideration", "Depths once more"),
    ]
    assert ChangeSet.objects.count() == before + 1


def test_kind_alone_makes_no_new_topic(group, as_secretariat):
    typed = opened(as_secretariat, TABLE)

    page = as_secretariat.post(TABLE, typed)

    assert any(
        name.endswith("-kind") and name[:36] in typed[f"order-{meeting.pk}"]
        for name in typed
        for meeting in group.meetings.all()
    )
    assert "Nothing was changed" in page.text


def test_conflict_about_a_topic_keeps_what_was_typed(group, as_secretariat, as_chair):
    (first,) = topics(group, 1)
    typed = opened(as_secretariat, TABLE) | {f"{first.pk}-text": "Mine"}
    as_chair.post(TABLE, opened(as_chair, TABLE) | {f"{first.pk}-text": "Theirs"})

    page = as_secretariat.post(TABLE, typed)

    assert (page.status_code, sent(page)[f"{first.pk}-text"]) == (409, "Mine")
    assert str(topics(group, 1)[0].text) == "Theirs"


def test_pasted_topics_are_saved_at_once_and_not_twice(group, as_secretariat):
    url = "/rivers/meetings/1/topics/paste/"
    page = as_secretariat.post(url, {"pasted": "1. Election\n2. consideration of the depths.\n3. Other business"})

    answer = as_secretariat.post(url, sent(page))

    assert answer.url == "/rivers/meetings/1/"
    words = ["Consideration of the depths", "Election", "Other business"]
    assert [str(one.text) for one in topics(group, 1)] == words


def test_order_of_an_agenda_is_put_right_by_numbers(group, as_secretariat):
    (first,) = topics(group, 1)
    second, third = (
        made(make.TopicFactory, meeting=first.meeting, position=place * 1_000_000, text=Text.of(f"Topic {place}"))
        for place in (2, 3)
    )
    url = "/rivers/meetings/1/topics/order/"
    page = as_secretariat.get(url)
    typed = {"opened_from": page.context["opened_from"], "item": [one.pk for one in (first, second, third)]}
    places = {f"place-{first.pk}": "1", f"place-{second.pk}": "2", f"place-{third.pk}": "1"}

    answer = as_secretariat.post(url, typed | places)

    assert answer.url == "/rivers/meetings/1/#business"
    assert topics(group, 1) == [third, first, second]
    assert [one.history.count() for one in (first, second, third)] == [1, 1, 2]
