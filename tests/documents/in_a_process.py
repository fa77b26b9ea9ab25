"""What people and workers do on bad days, each in a process of its own, so that one can be killed in the middle.

`run` is told the database and the act; it sends what came of it through its end of a pipe.
"""

import os
import signal
from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from multiprocessing.connection import Connection
from typing import Any

from django.apps import apps
from django.core.mail import EmailMessage
from django.db import connections
from django.db.models import F
from django.db.models.signals import post_save

from documents.actions import AlreadyAdopted, NothingToIssue, adopt_plan, issue_plan
from documents.models import Adoption, Edition, EditionFile, Rendering, Revision
from documents.printing import files, rendering
from documents.reading.texts import working_text
from mandates.models import WorkPlan
from meetings.models import Meeting
from mispa.ground import outbox
from mispa.ground.models import ChangeSet, Mail, User
from mispa.ground.text import Text
from tests import factories as make


def run(database: str, pipe: Connection, act: str, options: dict[str, Any]) -> None:
    connections["default"].settings_dict["NAME"] = database
    kill_at = options.pop("kill_at", None)
    if kill_at:
        _kill_at(*kill_at)
    answer = ACTS[act](pipe, **options)
    connections.close_all()
    pipe.send(answer)


def _kill_at(model: str, number: int) -> None:
    """The power fails when so many rows of a model have been written and nothing is committed."""
    written = count(1)

    def fall(**_kwargs: Any) -> None:
        if next(written) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    post_save.connect(fall, sender=apps.get_model("documents", model), weak=False)


def _together(pipe: Connection) -> None:
    """Says that it is ready, and goes on when it is told."""
    pipe.send("ready")
    pipe.recv()


# ---- the acts


def prepare(pipe: Connection) -> str:
    """A group with two chairs and two secretaries, edition 1 issued, and a word changed since."""
    group = make.whole_group(slug="rivers")
    for username, role in (
        ("ana", "chair"),
        ("bruno", "vice-chair"),
        ("carla", "secretariat"),
        ("dora", "secretariat"),
    ):
        make.member(group, role, username=username)
    make.issue(group)
    make.reword(group.plan, title=Text.of("Second title"))
    return "prepared"


def issue(pipe: Connection, by: str, is_long: bool = False) -> str:
    if is_long:
        files.LONG = 0  # type: ignore[misc] # all is long: files are only asked for
    plan, person = WorkPlan.objects.get(), User.objects.get(username=by)
    seen = working_text(plan).seal
    _together(pipe)
    try:
        edition = issue_plan(plan=plan, by=person, reason="for the meeting", seen=seen)
    except NothingToIssue as error:
        return type(error).__name__
    return str(edition)


def adopt(pipe: Connection, by: str) -> str:
    edition, person = Edition.objects.latest("number"), User.objects.get(username=by)
    where: dict[str, Any] = {"meeting": Meeting.objects.get(), "topic": None, "on": date(2013, 9, 5)}
    _together(pipe)
    try:
        adopt_plan(edition=edition, seen=edition.sha256, how="consensus", note="", by=person, **where)
    except AlreadyAdopted as error:
        return f"{type(error).__name__} by {error.adoption.presiding_name}"
    return "adopted"


def work(pipe: Connection, is_slow: bool = False) -> list[str]:
    """A worker: makes all that has been asked for. A slow one holds its first file until it is told to go on."""
    _together(pipe)
    if is_slow:
        make_it = files.made

        def slowly(inputs: dict[str, Any]) -> bytes:
            content = make_it(inputs)
            files.made = make_it
            _together(pipe)
            return content

        files.made = slowly
    names = []
    while made := rendering.make_next():
        names.append(made.inputs["name"])
    return names


def grow_old(pipe: Connection) -> int:
    """What was begun was begun longer ago than a worker takes."""
    earlier = F("started_at") - rendering.GIVEN_UP_AFTER - timedelta(seconds=1)
    return Rendering.objects.exclude(started_at=None).update(started_at=earlier)


def lay_mails(pipe: Connection, number: int) -> str:
    """So many people are to be told of one and the same."""
    for place in range(number):
        outbox.put(make.UserFactory(username=f"reader-{place}", email="reader@example.org"), kind="test", about="it")
    return "laid"


def send(pipe: Connection, dies: str = "") -> list[str]:
    """A worker sends what waits; the ids of the mails that the mail server got. It may die at a moment of its first."""

    class Server:
        def open(self) -> None:
            os.kill(os.getpid(), signal.SIGKILL) if dies == "before handing over" else None

        def send_messages(self, messages: list[EmailMessage]) -> int:
            os.kill(os.getpid(), signal.SIGKILL) if dies == "while handing over" else None
            got.extend(message.extra_headers["Message-ID"] for message in messages)
            return len(messages)

        def close(self) -> None:
            return None

    got: list[str] = []
    setattr(outbox, "get_connection", Server)  # noqa: B010 (all that is asked of a connection)
    _together(pipe)
    while outbox.send_next(lambda mail: outbox.Letter("en", "It happened", "It happened today.")):
        pass
    return got


def claims_grow_old(pipe: Connection) -> int:
    """What was taken was taken longer ago than a worker needs."""
    earlier = F("claimed_at") - outbox.GIVEN_UP_AFTER - outbox.SILENT_AFTER
    handed = F("handed_over_at") - outbox.GIVEN_UP_AFTER - outbox.SILENT_AFTER
    Mail.objects.exclude(handed_over_at=None).update(handed_over_at=handed)
    return Mail.objects.exclude(claimed_at=None).update(claimed_at=earlier)


def look_at_mails(pipe: Connection) -> dict[str, int]:
    return {
        "sent": Mail.objects.exclude(sent_at=None).count(),
        "waiting": outbox.waiting().count(),
        "in doubt": outbox.in_doubt().count(),
    }


def look(pipe: Connection) -> dict[str, Any]:
    stored = EditionFile.objects.filter(edition__number=2).order_by("name").values_list("name", flat=True)
    return {
        "editions": Edition.objects.count(),
        "revisions": Revision.objects.count(),
        "mentions": Edition.objects.filter(mentions__isnull=False).count(),
        "acts": ChangeSet.objects.filter(reason="for the meeting").count(),
        "adoptions": list(Adoption.objects.values_list("presiding_name", flat=True)),
        "files of edition 2": list(stored),
        "asked for": Rendering.objects.count(),
    }


_OF_PAPERS = (prepare, issue, adopt, work, grow_old, look)
_OF_MAILS = (lay_mails, send, claims_grow_old, look_at_mails)
ACTS: dict[str, Callable[..., Any]] = {one.__name__: one for one in (*_OF_PAPERS, *_OF_MAILS)}
