"""The outbox: a mail is never lost, and never sent twice by itself."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from smtplib import SMTPDataError, SMTPServerDisconnected
from typing import Any

import pytest
import time_machine
from django.core import mail as sent
from django.core.mail.backends.locmem import EmailBackend as LocMemBackend
from django.db import IntegrityError, transaction
from django.urls import reverse

from mispa.ground import outbox
from mispa.ground.changes import changes
from mispa.ground.models import ChangeSet, Mail, Posting, User
from mispa.ground.outbox import PAUSES, SILENT_AFTER, Enclosure, Letter, put, send_next, state
from tests import factories as make
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def reader(db: None) -> User:
    return make.UserFactory(username="reader", email="reader@example.org")


def letter(mail: Mail) -> Letter:
    return Letter("fr", "It\nhappened", "It happened today.", {"List-Id": "<test>"})


class Server:
    """A mail server that fails in a way of its own."""

    def __init__(self, *failures: Exception | None, refuses_to_open: bool = False) -> None:
        self.failures, self.got, self.refuses_to_open = list(failures), list[str](), refuses_to_open

    def __call__(self) -> Any:
        return self

    def open(self) -> None:
        if self.refuses_to_open:
            raise ConnectionRefusedError("nobody listens")

    def send_messages(self, messages: list[Any]) -> None:
        self.got += [message.extra_headers["Message-ID"] for message in messages]
        failure = self.failures.pop(0) if self.failures else None
        if failure:
            raise failure

    def close(self) -> None:
        raise SMTPServerDisconnected("gone before we said goodbye")


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts a mail server of the test's own in the place of the real one."""

    def serve(*failures: Exception | None, **how: Any) -> Server:
        server = Server(*failures, **how)
        monkeypatch.setattr(outbox, "get_connection", server)
        return server

    return serve


# ---- from the change


def test_a_change_leaves_a_posting_and_one_that_is_rolled_back_leaves_none():
    with changes(by=None, reason="kept", source="command") as kept:
        pass
    with pytest.raises(ZeroDivisionError), changes(by=None, reason="not kept", source="command"):
        raise ZeroDivisionError

    assert [one.change_set for one in Posting.objects.all()] == [kept]
    assert ChangeSet.objects.count() == 1


# ---- sending


def test_a_mail_is_sent_once_with_headers_that_say_what_it_is(reader):
    put(reader, kind="test", about="1")

    first, second = send_next(letter), send_next(letter)

    (message,) = sent.outbox
    assert (message.to, message.subject, message.body) == (["reader@example.org"], "It happened", "It happened today.")
    assert second is None
    assert first.sent_at is not None
    assert message.extra_headers == {
        "Message-ID": f"<{first.pk}@localhost>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": "fr",
        "List-Id": "<test>",
    }


def test_answers_go_to_who_reads_them(reader, settings):
    settings.EMAIL_REPLY_TO = "secretariat@example.org"
    put(reader, kind="test", about="1")

    send_next(letter)

    assert sent.outbox[0].message()["Reply-To"] == "secretariat@example.org"


def test_what_goes_over_the_line_is_mail_as_others_read_it(reader):
    put(reader, kind="test", about="1")
    subject, text = "Réunion déplacée · 会议 " * 9, f"Été\n{'long ' * 900}\n"
    link = f"<https://mispa.example.org/stop/{'x' * 200}/>"

    send_next(lambda mail: Letter("fr", subject, text, {"List-Unsubscribe": link}))

    wire = sent.outbox[0].message().as_bytes(linesep="\r\n")
    read = message_from_bytes(wire, policy=policy.default)
    head = wire.split(b"\r\n\r\n")[0]
    assert max(map(len, wire.split(b"\r\n"))) < 998
    assert head.isascii()
    assert b"\n" not in wire.replace(b"\r\n", b"")
    assert str(read["Subject"]).strip() == subject.strip()
    assert str(read["List-Unsubscribe"]).strip() == link
    assert read.get_content().replace("\r\n", "\n") == text


def test_a_file_arrives_as_it_was_to_the_octet(reader):
    put(reader, kind="test", about="1")
    content = f"BEGIN:VCALENDAR\r\nNAME:Été {'long ' * 400}\r\n.\r\nFrom here\r\n\r\n".encode()
    file = Enclosure("réunion-1.ics", content, "text/calendar", {"charset": "utf-8", "method": "PUBLISH"})

    send_next(lambda mail: Letter("fr", "It happened", "Été.\n", enclosures=[file]))

    wire = sent.outbox[0].message().as_bytes(linesep="\r\n")
    text, found = message_from_bytes(wire, policy=policy.default).iter_parts()
    assert max(map(len, wire.split(b"\r\n"))) < 998
    assert b"\n" not in wire.replace(b"\r\n", b"")
    assert text.get_content().strip() == "Été."
    assert (found.get_payload(decode=True), found.get_filename()) == (content, "réunion-1.ics")
    assert (found.get_content_type(), found["Content-Type"].params["method"]) == ("text/calendar", "PUBLISH")


def test_a_header_of_two_lines_is_not_sent(reader, caplog):
    put(reader, kind="test", about="1")

    mail = send_next(lambda mail: Letter("fr", "a", "b", {"List-Id": "<a>\nBcc: all@example.org"}))

    assert (sent.outbox, state(mail), mail.handed_over_at) == ([], "tried, will be tried again", None)
    assert "BadHeaderError" in mail.problem


def test_who_is_told_of_the_same_twice_gets_one_mail(reader):
    assert put(reader, kind="test", about="1") == put(reader, kind="test", about="1")

    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.create(recipient=reader, kind="test", about="1", not_before=NOON)


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}], ids=str)
def test_nobody_writes_to_a_closed_account_or_to_no_address(reader, change):
    put(reader, kind="test", about="1")
    User.objects.filter(pk=reader.pk).update(**change)

    mail = send_next(letter)

    assert sent.outbox == []
    assert state(mail) == "not sent: nothing to say"


def test_nothing_to_say_is_not_sent(reader):
    put(reader, kind="test", about="1")

    mail = send_next(lambda mail: None)

    assert (sent.outbox, state(mail)) == ([], "not sent: nothing to say")


def test_a_mail_that_cannot_be_written_lets_the_others_go(reader, caplog):
    put(reader, kind="test", about="1")
    put(reader, kind="test", about="2")

    def compose(mail: Mail) -> Letter:
        return letter(mail) if mail.about == "2" else [][0]

    states = [state(send_next(compose)), state(send_next(compose))]

    assert states == ["tried, will be tried again", "sent"]
    assert "a mail could not be written" in caplog.text


# ---- the mail server


def test_who_cannot_be_reached_is_tried_again_after_growing_pauses(reader, served):
    served(refuses_to_open=True)
    tried_at = []

    with time_machine.travel(NOON, tick=False) as clock:
        put(reader, kind="test", about="1")
        for _minute in range(60):
            if send_next(letter):
                tried_at.append(_minute)
            clock.shift(timedelta(minutes=1))

    assert tried_at == [0, 1, 6, 21]
    assert Mail.objects.get().problem == "ConnectionRefusedError: nobody listens"
    assert sorted(PAUSES) == list(PAUSES)


def test_a_refused_mail_is_tried_again_under_the_same_id(reader, served):
    server = served(SMTPDataError(451, b"later"))

    with time_machine.travel(NOON, tick=False) as clock:
        put(reader, kind="test", about="1")
        states = [state(send_next(letter))]
        clock.shift(PAUSES[0])
        states.append(state(send_next(letter)))

    assert states == ["tried, will be tried again", "sent"]
    assert len(server.got) == 2
    assert len(set(server.got)) == 1


def test_what_is_refused_for_too_long_is_left_to_the_administrator(reader, served):
    served(*[SMTPDataError(550, b"no such person")] * 20)

    with time_machine.travel(NOON, tick=False) as clock:
        put(reader, kind="test", about="1")
        tried = 0
        for _day in range(30):
            tried += send_next(letter) is not None
            clock.shift(timedelta(days=1))

        assert tried == len(PAUSES) + 1
        assert list(outbox.in_doubt()) == [Mail.objects.get()]


def test_a_line_that_breaks_while_the_mail_goes_leaves_it_in_doubt(reader, served):
    server = served(SMTPServerDisconnected("Connection unexpectedly closed"))

    with time_machine.travel(NOON, tick=False) as clock:
        put(reader, kind="test", about="1")
        mail = send_next(letter)
        at_once = list(outbox.in_doubt())
        clock.shift(SILENT_AFTER + SECOND)
        again = send_next(letter)

        assert (state(mail), again, len(server.got)) == ("handed over, not confirmed", None, 1)
        assert [at_once, list(outbox.in_doubt())] == [[mail], [mail]]


def test_the_worker_of_a_claim_that_grew_old_does_not_begin_to_hand_over(reader, served):
    server = served()
    put(reader, kind="test", about="1")

    def slowly(mail: Mail) -> Letter:
        Mail.objects.update(claimed_at=NOON)  # it took so long that another has taken it
        return letter(mail)

    send_next(slowly)

    assert (server.got, Mail.objects.get().handed_over_at) == ([], None)


def test_a_worker_that_dies_while_it_hands_over_leaves_its_mail_in_doubt_after_some_minutes(reader, monkeypatch):
    def dies(self: Any, messages: list[Any]) -> None:
        raise KeyboardInterrupt  # as good as a kill: nothing is noted after it

    monkeypatch.setattr(LocMemBackend, "send_messages", dies)
    with time_machine.travel(NOON, tick=False) as clock:
        put(reader, kind="test", about="1")
        with pytest.raises(KeyboardInterrupt):
            send_next(letter)
        on_its_way = [list(outbox.in_doubt()), outbox.send_once_more(Mail.objects), outbox.count_as_sent(Mail.objects)]
        clock.shift(SILENT_AFTER + SECOND)

        assert on_its_way == [[], 0, 0]
        assert send_next(letter) is None
        assert list(outbox.in_doubt()) == [Mail.objects.get()]
        assert outbox.send_once_more(Mail.objects) == 1


def test_of_many_that_are_due_each_is_sent(reader):
    for number in range(25):
        put(reader, kind="test", about=str(number))

    while send_next(letter):
        pass

    assert len({message.extra_headers["Message-ID"] for message in sent.outbox}) == 25


def test_what_was_sent_long_ago_is_tidied_away_and_what_waits_is_not(reader, served):
    served()
    with time_machine.travel(NOON, tick=False):
        put(reader, kind="test", about="1")
        send_next(letter)
        waiting = put(reader, kind="test", about="2")

    outbox.tidy()
    with time_machine.travel(NOON + outbox.KEPT_FOR + SECOND, tick=False):
        outbox.tidy()

    assert list(Mail.objects.all()) == [waiting]


# ---- the administrator


def decide(administrator: User, action: str) -> str:
    page = reverse("admin:ground_mail_changelist")
    chosen = {"action": action, "_selected_action": [str(Mail.objects.get().pk)]}
    return signed_in(administrator).post(page, chosen, follow=True).text


@pytest.mark.parametrize(
    ("action", "left", "said"),
    [("once_more", "waiting", "Mails to be sent again: 1"), ("as_sent", "sent", "Mails counted as sent: 1")],
)
def test_the_administrator_decides_about_a_mail_in_doubt(action, left, said, reader, administrator, served):
    served(SMTPServerDisconnected("gone"))
    put(reader, kind="test", about="1")
    send_next(letter)

    page = decide(administrator, action)

    assert said in page
    assert state(Mail.objects.get()) == left


@pytest.mark.parametrize("action", ["once_more", "as_sent"])
def test_what_was_sent_is_not_sent_again_by_the_administrator(action, reader, administrator):
    put(reader, kind="test", about="1")
    send_next(letter)

    decide(administrator, action)

    assert send_next(letter) is None
    assert len(sent.outbox) == 1
