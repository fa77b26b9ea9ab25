"""Who follows a group, a meeting or a paper is told by mail: once for each change, of what is so, in her language."""

import os
import re
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core import mail as sent
from django.core.mail.backends.locmem import EmailBackend as LocMemBackend
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from documents.actions import release_plan
from documents.actions.following import GoneAlready, follow, hold_bundle, may_follow, release_bundle
from documents.mailing import HOLD, HOLD_AT_MOST, make_mails, sort_next, token_for
from documents.management.commands import send_outbox
from documents.models import Bundle, Follow, Release
from mandates.models import Membership, WorkingGroup
from meetings.actions import cancel_meeting, hold_meeting, move_meeting, postpone_meeting
from meetings.models import Meeting
from mispa.ground.changes import changes
from mispa.ground.models import Mail, Posting, User
from mispa.ground.openings import latest_change
from mispa.ground.text import Text
from tests import factories as make
from tests.conftest import signed_in
from tests.meetings.ical_checks import checked, unfolded

pytestmark = pytest.mark.django_db

NOW = datetime(2030, 3, 4, 15, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = date(2030, 5, 2)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def meeting(group: WorkingGroup) -> Meeting:
    meeting: Meeting = Meeting.objects.get(group=group)
    return make.reword(meeting, starts_on=DAY, ends_on=DAY)


@pytest.fixture
def reader(group: WorkingGroup, meeting: Meeting, delegate: User, clock: Any) -> User:
    """A delegate who follows the group and reads Spanish; all that was done before is sorted."""
    delegate.email, delegate.language = "uruguay@example.org", "es"
    delegate.save()
    work()
    follow(thing=group, user=delegate)
    return delegate


def work() -> list[Any]:
    """The worker looks once; the mails that go."""
    before = len(sent.outbox)
    call_command("send_outbox", stdout=StringIO())
    return sent.outbox[before:]


def words(mail: Any) -> str:
    return " ".join(mail.body.split())


def moved(meeting: Meeting, by: User, day: date) -> None:
    how: dict[str, Any] = {"by": by, "reason": "the hall is taken", "opened_from": latest_change()}
    move_meeting(meeting=Meeting.objects.get(pk=meeting.pk), starts_on=day, ends_on=day, **how)


def cancelled(meeting: Meeting, by: User) -> None:
    cancel_meeting(meeting=meeting, by=by, reason="no quorum", opened_from=latest_change(), notice=None)


def released(group: WorkingGroup, by: User) -> None:
    """Edition 1 is opened to the delegations."""
    edition = make.issue(group)
    release_plan(
        edition=edition, audience=Release.Audience.DELEGATIONS, by=by, consent="by telephone", reason="it is ready"
    )


# ---- when it goes


def test_a_release_is_told_after_some_minutes_and_once(group, reader, secretariat, clock):
    released(group, secretariat)

    at_once = work()
    clock.shift(HOLD)
    later = work()
    again = work()

    assert [len(mails) for mails in (at_once, later, again)] == [0, 1, 0]
    assert later[0].to == ["uruguay@example.org"]
    assert "/rivers" not in later[0].body
    assert f"/{group.slug}/work-plan/editions/1/" in later[0].body


def test_what_its_author_corrects_soon_after_is_in_the_same_mail(group, reader, secretariat, clock):
    released(group, secretariat)
    work()
    clock.shift(HOLD - MINUTE)
    with changes(by=secretariat, reason="a report"):
        report = make.RevisionFactory(document__group=group, document__title=Text.of("Report on Mills"))

    clock.shift(MINUTE)
    early = work()
    clock.shift(HOLD)
    (mail,) = work()

    assert early == []
    assert mail.body.count("http") == 5
    assert report.symbol.canonical in mail.body


def test_who_goes_on_correcting_keeps_nobody_waiting_for_more_than_an_hour(group, reader, secretariat, clock):
    mails: list[Any] = []
    for _time in range(8):
        with changes(by=secretariat, reason="a report"):
            make.RevisionFactory(document__group=group)
        mails += work()
        clock.shift(HOLD - MINUTE)

    assert HOLD_AT_MOST < 8 * (HOLD - MINUTE)
    assert len(mails) == 1


@pytest.mark.parametrize(
    "call",
    [
        lambda meeting, by: moved(meeting, by, date(2030, 5, 9)),
        cancelled,
        lambda meeting, by: postpone_meeting(meeting=meeting, by=by, reason="ill", opened_from=latest_change()),
    ],
    ids=["moved", "cancelled", "postponed"],
)
def test_what_calls_people_waits_until_an_editor_lets_it_go(call, meeting, reader, secretariat, chair, clock):
    call(meeting, secretariat)
    work()
    clock.shift(timedelta(days=1))
    waiting = work()

    release_bundle(bundle=Bundle.objects.get(), by=chair)

    assert waiting == []
    assert [mail.to for mail in work()] == [["uruguay@example.org"]]


def test_what_is_held_back_does_not_go(meeting, reader, secretariat, chair, clock):
    cancelled(meeting, secretariat)
    work()
    hold_bundle(bundle=Bundle.objects.get(), by=chair, reason="they know already")
    clock.shift(timedelta(days=1))

    held = work()
    release_bundle(bundle=Bundle.objects.get(), by=secretariat)

    assert held == []
    assert len(work()) == 1


def test_of_two_who_decide_about_a_mail_that_has_gone_both_are_told(meeting, reader, secretariat, chair):
    cancelled(meeting, secretariat)
    work()
    bundle = Bundle.objects.get()
    release_bundle(bundle=bundle, by=chair)
    work()

    with pytest.raises(GoneAlready):
        release_bundle(bundle=bundle, by=secretariat)
    with pytest.raises(GoneAlready):
        hold_bundle(bundle=bundle, by=secretariat, reason="too late")


def test_who_let_a_mail_go_stays_the_one_who_did(meeting, reader, secretariat, chair):
    cancelled(meeting, secretariat)
    work()
    bundle = Bundle.objects.get()
    release_bundle(bundle=bundle, by=chair)

    with pytest.raises(GoneAlready):
        release_bundle(bundle=bundle, by=secretariat)

    assert Bundle.objects.get().released_by == chair


# ---- what it says


def test_a_move_that_is_corrected_is_told_as_one_move(meeting, reader, secretariat, chair):
    moved(meeting, secretariat, date(2030, 5, 9))
    work()
    moved(meeting, chair, date(2030, 5, 16))
    work()
    release_bundle(bundle=Bundle.objects.get(), by=chair)

    (mail,) = work()

    said = words(mail)
    assert [day for day in ("2 de mayo", "9 de mayo", "16 de mayo") if day in said] == ["2 de mayo", "16 de mayo"]
    assert "10:00–13:00 (Washington [EN], UTC−4; 14:00–17:00 GMT)" in said  # noqa: RUF001 (a minus sign is meant)


def test_a_mail_that_goes_late_tells_the_hour_of_then(meeting, reader, secretariat, clock):
    moved(meeting, secretariat, date(2030, 5, 9))
    work()
    release_bundle(bundle=Bundle.objects.get(), by=secretariat)
    while sort_next():
        pass
    make_mails()  # it waits for the mail server
    moved(meeting, secretariat, date(2030, 5, 23))

    (mail,) = work()

    assert "23 de mayo de 2030" in words(mail)
    assert "9 de mayo" not in words(mail)


def test_what_is_taken_back_is_not_told(meeting, reader, secretariat, chair, clock):
    moved(meeting, secretariat, date(2030, 5, 9))
    work()
    moved(meeting, secretariat, DAY)
    work()
    page = signed_in(chair).get(reverse("documents:mail-list", args=[meeting.group.slug]))
    overview = signed_in(chair).get(meeting.group.get_absolute_url())

    assert page.context["waiting"] == []
    assert "waits for you" not in overview.text
    with pytest.raises(GoneAlready):
        release_bundle(bundle=Bundle.objects.get(), by=chair)
    assert work() == []
    assert not Mail.objects.exists()


def test_work_on_the_text_is_told_to_nobody(group, reader, secretariat, clock):
    with changes(by=secretariat, reason="a better word"):
        make.MandateFactory(row=group.plan.rows.get(), text=Text.of("Secretword"))
        make.MeetingFactory(group=group, status="proposed", words=Text.of("Secretword"))
    make.issue(group, by=secretariat)

    work()
    clock.shift(HOLD)

    assert work() == []
    assert not Bundle.objects.exists()
    assert not Posting.objects.exists()


def test_names_and_reasons_are_in_no_mail(meeting, reader, secretariat):
    secretariat.first_name, secretariat.last_name = "Personword", "Surname"
    secretariat.save()
    moved(meeting, secretariat, date(2030, 5, 9))
    work()
    release_bundle(bundle=Bundle.objects.get(), by=secretariat)

    (mail,) = work()

    said = f"{mail.subject} {mail.body} {mail.extra_headers}"
    assert [word for word in ("Personword", "Surname", "secretariat", "the hall is taken") if word in said] == []


def test_the_mail_is_in_the_language_of_its_reader(meeting, reader, secretariat, chair):
    chair.email, chair.language = "chair@example.org", "pt"
    chair.save()
    follow(thing=meeting, user=chair)
    cancelled(meeting, secretariat)
    work()
    release_bundle(bundle=Bundle.objects.get(), by=chair)

    said = {mail.extra_headers["Content-Language"]: mail.body for mail in work()}

    assert set(said) == {"es", "pt"}
    assert "Reunión 1" in said["es"]
    assert "Reunião 1" in said["pt"]
    assert "Working Group on Rivers [EN]" in said["pt"]


# ---- with which file


def postponed(meeting: Meeting, by: User) -> None:
    postpone_meeting(meeting=meeting, by=by, reason="ill", opened_from=latest_change())


def sent_off(by: User) -> list[Any]:
    """The mails of all that waits, once an editor has let them go."""
    work()
    for bundle in Bundle.objects.waiting():
        release_bundle(bundle=bundle, by=by)
    return work()


def file_in(mail: Any) -> Any:
    """What another program finds enclosed in a mail as it goes over the line."""
    (file,) = message_from_bytes(mail.message().as_bytes(linesep="\r\n"), policy=policy.default).iter_attachments()
    return file


def events_in(calendar: bytes) -> list[bytes]:
    """Each event to the octet, but for its organizer, which feeds do not name."""
    events = re.findall(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", calendar, re.DOTALL)
    return [re.sub(rb"ORGANIZER.*\r\n(?: .*\r\n)*", b"", event) for event in events]


@pytest.mark.parametrize(
    ("call", "status"),
    [
        (lambda meeting, by: moved(meeting, by, date(2030, 5, 9)), "CONFIRMED"),
        (cancelled, "CANCELLED"),
        (postponed, "CANCELLED"),
    ],
    ids=["moved", "cancelled", "postponed"],
)
def test_the_mail_encloses_the_event_as_the_feed_has_it(call, status, meeting, reader, secretariat, settings):
    settings.EMAIL_REPLY_TO = "Secretaría <secretariat@example.org>"
    make.reword(meeting.group, short_name=Text.of('Rivers "and" Lakes', es='Ríos, "lagos"; y más de los que caben'))
    call(Meeting.objects.get(), secretariat)

    (mail,) = sent_off(secretariat)

    file = file_in(mail)
    (event,) = checked(content := file.get_payload(decode=True), "PUBLISH").values()
    feed = Client().get(f"{meeting.group.get_absolute_url()}calendar.ics?lang=es").content
    assert events_in(content) == events_in(feed)
    assert (event["UID"], event["STATUS"]) == (f"{meeting.pk}@mispa", status)
    assert event["SEQUENCE"] > 0
    assert event["ORGANIZER"] == "mailto:secretariat@example.org"
    assert event["ORGANIZER"].params["CN"] == "Ríos, 'lagos'; y más de los que caben"
    assert "ATTENDEE" not in event
    assert b"X-WR-CALNAME" not in content
    assert dict(file["Content-Type"].params) == {"charset": "utf-8", "method": "PUBLISH", "name": "meeting-1.ics"}
    assert (file.get_content_type(), file.get_filename()) == ("text/calendar", "meeting-1.ics")
    assert ": meeting-1.ics" in words(mail)


def test_the_file_has_the_state_of_the_moment_at_which_it_goes(meeting, reader, secretariat, monkeypatch):
    moved(meeting, secretariat, date(2030, 5, 9))
    work()
    release_bundle(bundle=Bundle.objects.get(), by=secretariat)

    def is_away(self: Any) -> None:
        raise ConnectionRefusedError("nobody listens")

    with monkeypatch.context() as patch, time_machine.travel(NOW, tick=False):
        patch.setattr(LocMemBackend, "open", is_away)
        assert work() == []
    moved(meeting, secretariat, date(2030, 5, 23))
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        (mail,) = work()

    content = unfolded(file_in(mail).get_payload(decode=True))
    assert b"DTSTART;TZID=America/New_York:20300523T100000\r\n" in content
    assert b"20300509" not in content
    assert b"\r\nSEQUENCE:3\r\n" in content


def test_several_meetings_are_in_one_file_and_who_follows_one_gets_that_alone(meeting, reader, chair, secretariat):
    User.objects.filter(pk=chair.pk).update(email="chair@example.org")
    follow(thing=meeting, user=chair)
    with changes(by=secretariat, reason="the calendar of the year"):
        other = make.MeetingFactory(group=meeting.group, number=2, starts_on=DAY, ends_on=DAY)
        make.MeetingFactory(group=meeting.group, number=3, status="proposed", title=Text.of("Secretword"))
        cancelled(meeting, secretariat)

    files = {mail.to[0]: file_in(mail) for mail in sent_off(secretariat)}

    found = {to: set(checked(file.get_payload(decode=True), "PUBLISH")) for to, file in files.items()}
    uids = [f"{one.pk}@mispa" for one in (meeting, other)]
    assert found == {"uruguay@example.org": set(uids), "chair@example.org": {uids[0]}}
    assert {to: file.get_filename() for to, file in files.items()} == {
        "uruguay@example.org": "calendar.ics",
        "chair@example.org": "meeting-1.ics",
    }
    assert b"Secretword" not in b"".join(file.get_payload(decode=True) for file in files.values())


def convened_in_words(meeting: Meeting, by: User) -> None:
    with changes(by=by, reason="later"):
        in_words = {"precision": "imprecise", "words": Text.of("early June"), "starts_on": None, "ends_on": None}
        make.MeetingFactory(group=meeting.group, number=2, starts_at=None, ends_at=None, **in_words)


def held(meeting: Meeting, by: User) -> None:
    hold_meeting(meeting=meeting, by=by, reason="it was", opened_from=latest_change(), notice=None)


@pytest.mark.parametrize(
    "happens",
    [convened_in_words, held, lambda meeting, by: released(meeting.group, by)],
    ids=["no day", "held when it was set for", "no meeting"],
)
def test_what_changes_nobodys_calendar_encloses_nothing(happens, meeting, reader, secretariat, clock):
    clock.move_to(datetime(2030, 5, 3, tzinfo=UTC))
    happens(meeting, secretariat)
    work()
    clock.shift(HOLD)

    (mail,) = sent_off(secretariat) or sent.outbox

    assert mail.attachments == []
    assert ".ics" not in mail.body


def test_editors_are_told_which_file_goes_with_a_mail(meeting, reader, as_chair, secretariat):
    address = reverse("documents:mail-list", args=[meeting.group.slug])
    released(meeting.group, secretariat)
    work()
    without = as_chair.get(address)
    cancelled(meeting, secretariat)
    work()

    assert ".ics" not in without.text
    assert "with the file meeting-1.ics" in as_chair.get(address).text


# ---- to whom


def follows_the_meeting(group: WorkingGroup, reader: User) -> None:
    Follow.objects.all().delete()
    follow(thing=group.meetings.get(number=1), user=reader)


@pytest.mark.parametrize(
    ("happens", "number"),
    [
        (lambda group, reader: None, 1),
        (lambda group, reader: User.objects.filter(pk=reader.pk).update(is_active=False), 0),
        (lambda group, reader: User.objects.filter(pk=reader.pk).update(email=""), 0),
        (lambda group, reader: make.reword(Membership.objects.get(user=reader), until=date(2030, 1, 1)), 0),
        (lambda group, reader: Follow.objects.all().delete(), 0),
        (lambda group, reader: make.reword(group, is_withdrawn=True), 0),
        (follows_the_meeting, 0),
    ],
    ids=["nothing", "closed", "no address", "no role", "stopped", "group gone", "follows a meeting"],
)
def test_whether_she_may_know_is_asked_when_the_mail_goes(happens, number, group, reader, secretariat, clock):
    released(group, secretariat)
    work()
    clock.shift(HOLD)
    make_mails()
    happens(group, reader)

    assert len(work()) == number


def test_a_paper_that_was_closed_again_is_told_no_more(group, reader, secretariat, clock):
    with changes(by=secretariat, reason="a report"):
        paper = make.RevisionFactory(document__group=group, document__is_public=False)
    work()
    clock.shift(HOLD)
    make.reword(paper.document, is_withdrawn=True)

    assert work() == []


def test_who_did_it_is_not_told(group, reader, secretariat, chair, clock):
    for person in (secretariat, chair):
        User.objects.filter(pk=person.pk).update(email=f"{person.username}@example.org")
        follow(thing=group, user=person)
    released(group, secretariat)
    work()
    clock.shift(HOLD)

    assert {mail.to[0] for mail in work()} == {"uruguay@example.org", "chair@example.org"}


def test_who_did_a_part_of_it_is_told_of_what_another_did(meeting, reader, secretariat, chair):
    for person in (secretariat, chair):
        User.objects.filter(pk=person.pk).update(email=f"{person.username}@example.org")
        follow(thing=meeting.group, user=person)
    moved(meeting, secretariat, date(2030, 5, 3))
    moved(meeting, chair, date(2030, 5, 4))
    while sort_next():
        pass
    release_bundle(bundle=Bundle.objects.get(), by=chair)

    assert "secretariat@example.org" in {mail.to[0] for mail in work()}


def test_who_follows_one_thing_is_told_of_that_alone(group, meeting, reader, secretariat, clock):
    with changes(by=None, reason="more of each", source="command"):
        other = make.MeetingFactory(group=group, number=2, starts_on=DAY, ends_on=DAY)
        papers = [make.RevisionFactory(document__group=group) for _paper in range(2)]
    work()
    Follow.objects.all().delete()
    follow(thing=meeting, user=reader)
    follow(thing=papers[0].document, user=reader)
    with changes(by=secretariat, reason="all at once"):
        for one in (meeting, other):
            moved(one, secretariat, date(2030, 5, 9))
        for paper in papers:
            make.TopicDocumentFactory(
                topic=meeting.topics.get() if paper is papers[0] else make.TopicFactory(meeting=other),
                document=paper.document,
            )
    work()
    release_bundle(bundle=Bundle.objects.get(), by=secretariat)

    (mail,) = work()

    assert "Reunión 1" in mail.body
    assert "Reunión 2" not in mail.body


@pytest.mark.parametrize(
    ("role", "may"), [("delegate", True), ("chair", True), ("administrator", True), ("outsider", False)]
)
def test_mails_are_for_people_with_a_role(role, may, group, request):
    person = request.getfixturevalue(role)
    address = reverse("documents:group-follow", args=[group.slug])

    answer = signed_in(person).post(address, {"follow": "1", "next": "/"})

    assert may_follow(person, group) == may
    assert answer.status_code == (302 if may else 403)
    assert Follow.objects.filter(user=person).exists() == may


# ---- pages


def test_a_page_offers_to_follow_what_it_shows_and_to_stop(group, meeting, as_delegate, delegate):
    with changes(by=None, reason="a paper", source="command"):
        paper = make.RevisionFactory(document__group=group)
    pages = [f"/{group.slug}/changes/", meeting.get_absolute_url(), paper.get_absolute_url()]

    for page in pages:
        as_delegate.post(as_delegate.get(page).context["follow"]["address"], {"follow": "1", "next": page})
    followed = as_delegate.get(reverse("documents:following"))
    for one in Follow.objects.all():
        as_delegate.post(reverse("documents:following"), {"stop": one.pk})

    assert [one["url"] for one in followed.context["follows"]] == [f"/{group.slug}/", *pages[1:]]
    assert not Follow.objects.exists()
    assert [Client().get(page).context["follow"] for page in pages] == [None, None, None]


def test_nobody_stops_what_another_follows(group, delegate, as_chair):
    followed = follow(thing=group, user=delegate)

    as_chair.post(reverse("documents:following"), {"stop": followed.pk})

    assert Follow.objects.get() == followed


def test_what_she_may_no_longer_see_has_no_name_in_her_list(group, delegate, as_delegate):
    follow(thing=group, user=delegate)
    make.reword(group, is_public=False)
    make.reword(Membership.objects.get(user=delegate), until=date(2014, 1, 1))

    page = as_delegate.get(reverse("documents:following"))

    assert "something that you may no longer see" in page.text
    assert "Rivers" not in page.text


def test_editors_read_each_mail_in_all_languages_before_it_goes(meeting, reader, as_chair, secretariat):
    cancelled(meeting, secretariat)
    work()
    address = reverse("documents:mail-list", args=[meeting.group.slug])

    overview = as_chair.get(meeting.group.get_absolute_url())
    (waiting,) = as_chair.get(address).context["waiting"]
    as_chair.post(reverse("documents:mail-hold", args=[meeting.group.slug, waiting["bundle"].pk]), {"reason": ""})
    without_reason = as_chair.get(address)
    as_chair.post(reverse("documents:mail-hold", args=[meeting.group.slug, waiting["bundle"].pk]), {"reason": "Known"})
    held = as_chair.get(address)
    seen = {"seen": held.context["waiting"][0]["seen"]}
    as_chair.post(reverse("documents:mail-release", args=[meeting.group.slug, waiting["bundle"].pk]), seen)

    assert "1 mail to those who follow waits for you." in overview.text
    assert [text["language"] for text in waiting["texts"]] == ["en", "es", "fr", "pt"]
    assert waiting["people"] == [reader]
    assert "Say why the mail is held back." in without_reason.text
    assert "Held back by chair: Known" in held.text
    (mail,) = work()
    assert mail.subject == waiting["texts"][1]["subject"]
    assert mail.body.startswith(waiting["texts"][1]["text"].rstrip("\n"))


def test_an_editor_sends_what_she_has_read_and_not_what_came_since(meeting, reader, as_chair, secretariat, chair):
    moved(meeting, secretariat, date(2030, 5, 9))
    work()
    slug = meeting.group.slug
    (before,) = as_chair.get(reverse("documents:mail-list", args=[slug])).context["waiting"]
    moved(meeting, secretariat, date(2030, 5, 16))
    work()
    address = reverse("documents:mail-release", args=[slug, before["bundle"].pk])

    refused = as_chair.post(address, {"seen": before["seen"]}, follow=True)
    unseen = [as_chair.post(address), work()][1]
    as_chair.post(address, {"seen": refused.context["waiting"][0]["seen"]})

    assert "This mail has changed since you read it" in refused.text
    assert unseen == []
    assert "16 de mayo" in words(work()[0])


# ---- the worker


def test_a_worker_that_is_asked_to_stop_sees_its_mail_through(group, reader, chair, secretariat, clock, monkeypatch):
    chair.email = "chair@example.org"
    chair.save()
    follow(thing=group, user=chair)
    released(group, secretariat)
    work()
    clock.shift(HOLD)
    handler = signal.getsignal(signal.SIGTERM)
    plain = LocMemBackend.send_messages

    def asked(backend: Any, messages: list[Any]) -> int:
        os.kill(os.getpid(), signal.SIGTERM)
        return int(plain(backend, messages))

    monkeypatch.setattr(LocMemBackend, "send_messages", asked)

    mails = work()

    assert len(mails) == 1
    assert sorted(mail.sent_at is not None for mail in Mail.objects.all()) == [False, True]
    assert not Mail.objects.filter(sent_at=None).exclude(handed_over_at=None).exists()
    assert signal.getsignal(signal.SIGTERM) == handler


def test_a_worker_outlives_a_database_that_is_busy(reader, monkeypatch):
    looks = iter([OperationalError("database is locked"), None])
    said = StringIO()

    def look() -> bool:
        if error := next(looks):
            raise error
        os.kill(os.getpid(), signal.SIGTERM)
        return False

    monkeypatch.setattr(send_outbox, "sort_next", look)
    monkeypatch.setattr(send_outbox, "PAUSE", 0)
    monkeypatch.setattr(send_outbox, "connection", SimpleNamespace(close=lambda: None))

    call_command("send_outbox", watch=True, stdout=said)

    assert "database is locked" in said.getvalue()


# ---- stopping from a mail


@pytest.fixture
def stop(group: WorkingGroup, meeting: Meeting, delegate: User) -> Callable[[], str]:
    """The delegate follows things of two groups; the address that ends the mails about one."""
    with changes(by=None, reason="more to follow", source="command"):
        paper = make.RevisionFactory(document__group=group)
        other = make.WorkingGroupFactory(slug="lakes")
        make.MembershipFactory(group=other, user=delegate, role="chair")
    for thing in (group, meeting, paper.document, other):
        follow(thing=thing, user=delegate)
    return lambda: reverse("documents:following-stop", args=[token_for(delegate, group)])


def test_one_click_in_a_mail_program_ends_the_mails_about_the_group(stop):
    program = Client(enforce_csrf_checks=True)

    answer = program.post(stop(), {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert [str(one.thing.slug) for one in Follow.objects.all()] == ["lakes"]


def test_only_looking_at_the_link_ends_nothing(stop):
    page = Client().get(stop())

    assert "Stop these mails" in page.text
    assert Follow.objects.count() == 4


def test_a_link_that_was_changed_ends_nothing(stop, chair, group):
    forged = stop().replace(f"/{User.objects.get(username='delegate').pk}:", f"/{chair.pk}:")

    answers = [Client().post(forged).status_code, Client().post(stop()[:-4] + "/").status_code]

    assert answers == [404, 404]
    assert Follow.objects.count() == 4


def test_a_mail_says_how_it_is_stopped(group, reader, secretariat, clock):
    released(group, secretariat)
    work()
    clock.shift(HOLD)
    (mail,) = work()

    address = f"http://localhost{':8000' if ':8000' in mail.body else ''}/accounts/following/stop/"
    assert mail.extra_headers["List-Unsubscribe"].startswith(f"<{address}")
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.extra_headers["List-Unsubscribe"].strip("<>") in mail.body
