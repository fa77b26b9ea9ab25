"""What changed, for each reader: the page, the feed, and how far she has read."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from documents.actions import release_plan
from documents.mailing import KIND, compose
from documents.models import ReadUntil, TopicDocument
from documents.reading.news import News
from mandates.models import WorkingGroup
from meetings.actions import cancel_meeting, convene_meeting, hold_meeting, move_meeting, postpone_meeting
from meetings.models import Meeting, Room
from mispa.ground.changes import changes
from mispa.ground.models import Mail, User
from mispa.ground.openings import latest_change
from mispa.ground.text import Text
from tests import factories as make
from tests import world as worlds
from tests.test_leaks import FOR, WORDS
from tests.writing import made

pytestmark = pytest.mark.django_db

ENTRY = "{http://www.w3.org/2005/Atom}entry"
EVERYBODY = AnonymousUser()


def told(group: WorkingGroup, reader: Any) -> list[str]:
    """The first sentences of all that a reader is told, the latest change first, but for the making of the group."""
    news = News(group, reader).since()
    return [" ".join(line.words.split()) for event in news for line in event.lines][:-1]


@pytest.fixture
def meeting(group: WorkingGroup) -> Meeting:
    return Meeting.objects.get(group=group)


def step(action: Callable[..., Any], meeting: Meeting, by: User, **values: Any) -> None:
    how: dict[str, Any] = {"by": by, "reason": "Reasonword", "opened_from": latest_change()}
    action(meeting=Meeting.objects.get(pk=meeting.pk), **how, **values)


# ---- meetings


def test_a_move_is_told_with_both_times_their_zone_and_the_notice(group, meeting, secretariat):
    hall = make.reword(Room.objects.get(), name=Text.of("Hall of Mills"))
    with changes(by=None, reason="another room", source="command"):
        other = make.RoomFactory(name=Text.of("Hall of Springs"), city=hall.city)
    days = {"starts_on": date(2013, 11, 7), "ends_on": date(2013, 11, 7), "room": str(other.pk)}

    step(move_meeting, meeting, secretariat, notice=Text.of("The Council needs the hall."), **days)

    line = News(group, EVERYBODY).since()[0].lines[0]
    assert " ".join(line.words.split()) == (
        "Meeting 1 was moved from Thursday, September 5, 2013, 10:00–13:00 (Washington, UTC−4; 14:00–17:00 GMT)"  # noqa: RUF001
        " to Thursday, November 7, 2013, 10:00–13:00 (Washington, UTC−5; 15:00–18:00 GMT)."  # noqa: RUF001
    )
    assert line.more == [
        "Place: Hall of Springs, Washington, D.C., United States; before that: "
        "Hall of Mills, Washington, D.C., United States."
    ]
    assert str(line.notice) == "The Council needs the hall."


def test_a_time_in_words_becomes_no_day_in_a_headline(group, meeting, secretariat):
    words = {"words": Text.of("late October"), "starts_at": None, "ends_at": None}
    make.reword(meeting, precision="imprecise", starts_on=date(2013, 10, 20), ends_on=date(2013, 10, 31), **words)

    event = News(group, EVERYBODY).since()[0]

    assert event.headline == "Meeting 1: moved, late October"
    assert event.lines[0].words.endswith(" to late October.")


def test_each_step_of_a_meeting_has_its_sentence(group, meeting, secretariat):
    steps = (postpone_meeting, cancel_meeting, convene_meeting, hold_meeting)

    for action in steps:
        step(action, meeting, secretariat)

    at = "Thursday, September 5, 2013, 10:00–13:00 (Washington, UTC−4; 14:00–17:00 GMT)."  # noqa: RUF001
    assert told(group, EVERYBODY)[::-1] == [
        f"Meeting 1 was postponed; the new day is not set. It was set for this time: {at}",
        f"Meeting 1 was cancelled. It was set for this time: {at}",
        f"Meeting 1 will take place after all: {at}",
        f"Meeting 1 was held: {at}",
    ]


def test_a_proposed_meeting_is_told_of_from_its_convening_on(group, secretariat):
    with changes(by=secretariat, reason="one more"):
        proposed = make.MeetingFactory(group=group, number=2, status="proposed")
        paper = make.RevisionFactory(document__group=group, document__title=Text.of("Early paper"))
        make.TopicDocumentFactory(topic=make.TopicFactory(meeting=proposed), document=paper.document)
    before = told(group, secretariat)

    step(convene_meeting, proposed, secretariat)

    assert before == [f"Issued: {paper.symbol.canonical}:"]
    assert len(told(group, EVERYBODY)) == 2
    assert told(group, EVERYBODY)[0].startswith("Meeting 2 was convened: ")


# ---- editions


def test_an_edition_is_told_to_those_to_whom_it_was_opened(group, secretariat, delegate):
    edition = make.issue(group, by=secretariat)
    issued = told(group, secretariat)
    release_plan(edition=edition, audience="delegations", by=secretariat, consent="given", reason="ready")
    circulated = [told(group, reader) for reader in (EVERYBODY, delegate)]
    release_plan(edition=edition, audience="public", by=secretariat, consent="given", reason="ready")

    to_delegations, to_all = (f"Work plan, edition 1: opened to {them}." for them in ("the delegations", "everybody"))
    assert issued == []
    assert circulated == [[], [to_delegations]]
    assert [told(group, reader) for reader in (EVERYBODY, delegate)] == [[to_all], [to_all, to_delegations]]


def test_an_adoption_is_told_without_its_opening_and_without_a_name(group, meeting, chair):
    chair.first_name, chair.last_name = "Ana", "Ruiz"
    chair.save()
    edition = make.issue(group)

    make.adopt(edition, meeting, chair)

    assert told(group, EVERYBODY) == ["Work plan, edition 1: adopted by consensus on September 5, 2013 (Meeting 1)."]


# ---- papers


def test_a_paper_is_told_to_those_who_may_see_it(group, meeting, secretariat, delegate):
    with changes(by=secretariat, reason="a paper"):
        limited = make.RevisionFactory(document__group=group, document__is_public=False)
        tie = make.TopicDocumentFactory(topic=meeting.topics.get(), document=limited.document)
    make.reword(TopicDocument.objects.get(pk=tie.pk), is_withdrawn=True)
    closed = [told(group, EVERYBODY), told(group, delegate)]

    make.reword(limited.document, is_public=True)

    issued, put_on, taken_off = (
        f"Issued: {limited.symbol.canonical}:",
        "A paper was put on the table of Meeting 1:",
        "A paper was taken off the table of Meeting 1:",
    )
    assert closed == [[], [taken_off, issued, put_on]]
    assert told(group, EVERYBODY)[0] == "A paper was opened to everybody:"
    assert (News(group, EVERYBODY).net({TopicDocument.history.earliest("pk").change_set_id})[0].words) == issued


def test_a_paper_that_was_opened_while_it_was_written_is_told_when_it_is_issued(group, secretariat):
    with changes(by=secretariat, reason="a paper is being written"):
        paper = make.RevisionFactory(document__group=group, document__is_public=False, state="working")
    make.reword(paper.document, is_public=True)
    make.reword(paper, state="issued")

    assert told(group, EVERYBODY) == [f"Issued: {paper.symbol.canonical}:"]


def test_a_paper_is_told_from_its_issuing_on(group, meeting, secretariat, delegate):
    with changes(by=secretariat, reason="a paper is being written"):
        paper = make.RevisionFactory(document__group=group, state="working")
        make.TopicDocumentFactory(topic=meeting.topics.get(), document=paper.document)
    before = [told(group, reader) for reader in (secretariat, delegate)]

    make.reword(paper, state="issued")

    assert before == [[], []]
    assert told(group, delegate)[0] == f"Issued: {paper.symbol.canonical}:"


# ---- the page


def shown(client: Client, address: str) -> Any:
    page = client.get(address)
    assert page.status_code == 200
    return page


def test_editors_see_who_and_why_and_the_others_do_not(group, meeting, as_secretariat, as_delegate, secretariat):
    step(move_meeting, meeting, secretariat, starts_on=date(2013, 9, 12), ends_on=date(2013, 9, 12))
    make.reword(group.plan, title=Text.of("Another title"))

    pages = {client: shown(client, f"/{group.slug}/changes/") for client in (as_secretariat, as_delegate, Client())}

    counts = [len(page.context["page_of"].object_list) for page in pages.values()]
    assert counts[0] > counts[1] == counts[2] == 2
    assert ["Reasonword" in page.text for page in pages.values()] == [True, False, False]
    assert ["reworded for a test" in page.text for page in pages.values()] == [True, False, False]


def test_the_page_begins_on_the_day_that_is_asked_for(group, meeting, secretariat):
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        step(cancel_meeting, meeting, secretariat)
        today = timezone.now().date()
        counts = {
            asked: shown(Client(), f"/{group.slug}/changes/{asked}").context["page_of"].paginator.count
            for asked in ("", f"?since={today - timedelta(days=99)}", f"?since={today + timedelta(days=2)}")
        }
        wrong = shown(Client(), f"/{group.slug}/changes/?since=yesterday")

    assert list(counts.values()) == [1, 2, 0]
    assert "Write the day as 2013-09-05." in wrong.text


def test_who_has_read_finds_what_is_new_the_next_time(group, meeting, as_delegate, secretariat):
    address = f"/{group.slug}/changes/"
    first = shown(as_delegate, address)
    step(cancel_meeting, meeting, secretariat)  # while she reads

    as_delegate.post(f"{address}read/", {"latest": first.context["latest"]})
    second = shown(as_delegate, address)
    as_delegate.post(f"{address}read/", {"latest": second.context["latest"]})

    assert [" ".join(line.words.split())[:23] for event in second.context["page_of"] for line in event.lines] == [
        "Meeting 1 was cancelled"
    ]
    assert list(shown(as_delegate, address).context["page_of"]) == []
    assert shown(Client(), address).context["page_of"].paginator.count == 2


@pytest.mark.parametrize("latest", ["", "x", "0", "9" * 30])
def test_a_mark_that_names_no_change_is_none(latest, group, as_delegate):
    answer = as_delegate.post(f"/{group.slug}/changes/read/", {"latest": latest})

    assert answer.status_code == 302
    assert not ReadUntil.objects.exists()


# ---- the feed


def entries(content: bytes) -> dict[str, str]:
    found = ElementTree.fromstring(content).iter(ENTRY)
    return {entry.findtext(f"{ENTRY[:-5]}id", ""): entry.findtext(f"{ENTRY[:-5]}title", "") for entry in found}


def test_the_feed_is_the_same_for_everybody_and_has_the_public_part(group, as_secretariat, secretariat):
    edition = make.issue(group)
    release_plan(edition=edition, audience="delegations", by=secretariat, consent="given", reason="ready")

    feeds = [client.get(f"/{group.slug}/changes.atom").content for client in (Client(), as_secretariat)]

    assert feeds[0] == feeds[1]
    assert [title[:19] for title in entries(feeds[0]).values()] == ["Meeting 1: convened"]


def test_an_entry_keeps_its_id_while_others_come(group, meeting, secretariat):
    before = entries(Client().get(f"/{group.slug}/changes.atom").content)

    step(cancel_meeting, meeting, secretariat)
    after = entries(Client().get(f"/{group.slug}/changes.atom").content)

    assert len(after) == 2
    assert list(after.items())[1:] == list(before.items())


def test_who_has_the_feed_is_told_so(group, meeting, secretariat):
    address = f"/{group.slug}/changes.atom"
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False) as clock:
        first = Client().get(address)
        has = {"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}
        again = [Client().get(address, headers=headers).status_code for headers in has]
        clock.shift(60)
        step(cancel_meeting, meeting, secretariat)
        clock.shift(120)
        later = [Client().get(address, headers=headers).status_code for headers in has]

    assert again == [304, 304]
    assert later == [200, 200]


@pytest.mark.parametrize("feed", ["changes.atom", "calendar.ics"])
def test_a_feed_does_not_tell_when_something_hidden_was_written(group, meeting, feed):
    address = f"/{group.slug}/{feed}"
    with time_machine.travel(datetime(2030, 5, 5, 12, tzinfo=UTC), tick=False) as clock:
        before = Client().get(address)["Last-Modified"]
        clock.shift(60)
        made(make.MeetingFactory, group=group, number=9, status="proposed")
        clock.shift(120)

        assert Client().get(address)["Last-Modified"] == before


def test_the_feed_has_a_language_and_bears_what_is_no_xml(group, meeting, secretariat):
    step(cancel_meeting, meeting, secretariat, notice=Text.of("A \x0b\uffffbell"))

    answer = Client().get(f"/{group.slug}/changes.atom?lang=es")

    assert ElementTree.fromstring(answer.content).attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "es"
    assert [title[:20] for title in entries(answer.content).values()] == [
        "Reunión 1: cancelada",
        "Reunión 1: convocada",
    ]
    assert "A bell" in answer.text


def test_a_summary_is_html_with_the_words_as_they_are(group, meeting, secretariat):
    step(cancel_meeting, meeting, secretariat, notice=Text.of("Rooms <1> & 2"))

    answer = Client().get(f"/{group.slug}/changes.atom")

    summary = ElementTree.fromstring(answer.content).find(f"{ENTRY}/{ENTRY[:-5]}summary")
    assert summary is not None
    assert summary.attrib == {"type": "html"}
    assert (summary.text or "").startswith("<p>Meeting 1 was cancelled. ")
    assert (summary.text or "").endswith("<br>Notice: Rooms &lt;1&gt; &amp; 2</p>")


# ---- nobody is told what is not for her


def test_no_mail_and_no_feed_has_a_word_that_is_not_for_its_reader(django_db_blocker):
    world = worlds.build()
    people = dict(zip(("delegate", "neighbour", "administrator"), User.objects.order_by("pk"), strict=False))
    for name in people:
        people[name] = User.objects.get(username=name)
        User.objects.filter(pk=people[name].pk).update(email=f"{name}@example.org")
    for group in (world.rivers, world.lakes):
        everything = {one.change_set for event in News(group, people["administrator"]).since() for one in [event]}
        bundle = make.BundleFactory(group=group)
        for change_set in everything:
            make.BundledChangeFactory(bundle=bundle, change_set=change_set)
        for name, person in people.items():
            if name != "delegate" or group == world.rivers:
                make.FollowFactory(user=person, group=group)
            Mail.objects.create(recipient=person, kind=KIND, about=bundle.pk, not_before=timezone.now())

    said = dict.fromkeys(people, "")
    for mail in Mail.objects.select_related("recipient"):
        letter = compose(mail)
        said[mail.recipient.username] += f"{letter.subject} {letter.text}" if letter else ""
    feeds = "".join(Client().get(f"/{slug}/changes.atom").text for slug in ("rivers", "lakes"))

    met = {name: {word for word in WORDS if word.casefold() in words.casefold()} for name, words in said.items()}
    assert {name: words - FOR[name] for name, words in met.items()} == {name: set() for name in people}
    assert all(said.values())
    assert {word for word in WORDS if word.casefold() in feeds.casefold()} == set()
    assert met["delegate"] >= {"Limitedword", "Unpublishedword"}
    assert met["administrator"] & {"Reasonword", "Personword", "Workingword", "Proposedword", "Issuedword"} == set()
