"""A machine that stops in the middle, two people at once, a worker that dies: all is there or nothing, and once.

Each act runs in a process of its own, on a database of its own with all migrations.
"""

import multiprocessing
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.documents import in_a_process

pytestmark = pytest.mark.django_db  # for the database that is copied; the tests themselves ask it nothing

PAPERS = ["calendar.pdf", "work-plan.docx", "work-plan.pdf"]
LONGEST = 60  # seconds that an act may take on a slow machine

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.documents.django_first", "tests.documents.in_a_process"])


class Act:
    """An act that has been begun; `together` lets several go on at the same moment."""

    def __init__(self, database: str, act: str, **options: Any) -> None:
        self.pipe, theirs = processes.Pipe()
        self.process = processes.Process(target=in_a_process.run, args=(database, theirs, act, options))
        self.process.start()
        theirs.close()

    def heard(self) -> Any:
        assert self.pipe.poll(LONGEST), "it takes too long"
        return self.pipe.recv()

    def goes_on(self) -> None:
        self.pipe.send("go on")

    def ended(self) -> Any:
        """What came of it: its answer, or “killed”."""
        try:
            answer = self.heard()
        except EOFError:
            answer = "killed"
        self.process.join(LONGEST)
        assert self.process.exitcode == (-signal.SIGKILL if answer == "killed" else 0)
        self.process.close()
        self.pipe.close()
        return answer


def together(*acts: Act) -> list[Any]:
    """Lets acts go on at the same moment, and gives what came of each."""
    assert [act.heard() for act in acts] == ["ready"] * len(acts)
    for act in acts:
        act.goes_on()
    return [act.ended() for act in acts]


# ---- databases


@pytest.fixture(scope="module")
def databases(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Callable[..., str]]:
    """Copies a database, by default that of the tests, which has all migrations and no rows."""
    made: list[str] = []
    with django_db_blocker.unblock():
        migrated = connection.settings_dict["NAME"]
        copy = _on_sqlite(tmp_path_factory.mktemp("bad-days")) if connection.vendor == "sqlite" else _on_postgresql
        connection.close() if connection.vendor == "postgresql" else None  # nobody may use what is copied

    def copied(of: str = "") -> str:
        with django_db_blocker.unblock():
            name = f"bad_days_{len(made)}_{migrated}" if connection.vendor == "postgresql" else str(len(made))
            made.append(copy(of, name))
        return made[-1]

    yield copied
    if connection.vendor == "postgresql":
        for name in made:
            _ask_server(f'DROP DATABASE "{name}" WITH (FORCE)')


def _on_sqlite(folder: Path) -> Callable[[str, str], str]:
    def copy(of: str, name: str) -> str:
        path = str(folder / f"{name}.sqlite3")
        if of:
            shutil.copy(of, path)
        else:
            connection.ensure_connection()
            target = sqlite3.connect(path)
            connection.connection.backup(target)
            target.close()
        return path

    return copy


def _on_postgresql(of: str, name: str) -> str:
    _ask_server(f'CREATE DATABASE "{name}" TEMPLATE "{of or connection.settings_dict["NAME"]}"')
    return name


def _ask_server(statement: str) -> None:
    where = connection.settings_dict
    server = {
        "host": where["HOST"],
        "port": where["PORT"] or None,
        "user": where["USER"],
        "password": where["PASSWORD"],
    }
    with psycopg.connect(dbname="postgres", autocommit=True, **server) as server_connection:
        server_connection.execute(statement)


@pytest.fixture(scope="module")
def prepared(databases: Callable[..., str]) -> str:
    """The group with edition 1, from which each test starts."""
    database = databases()
    assert Act(database, "prepare").ended() == "prepared"
    return database


@pytest.fixture
def begin(databases: Callable[..., str], prepared: str) -> Callable[..., Act]:
    """Begins acts in a database of the test's own."""
    database = databases(prepared)
    return lambda act, **options: Act(database, act, **options)


# ---- the machine stops


@pytest.mark.parametrize("kill_at", [("Edition", 1), ("EditionFile", 1), ("EditionFile", 3)], ids=str)
def test_an_edition_is_there_with_all_its_files_or_not_at_all(kill_at, begin):
    before = begin("look").ended()
    killed = together(begin("issue", by="carla", kill_at=kill_at))

    after = begin("look").ended()
    again = together(begin("issue", by="carla"))

    assert killed == ["killed"]
    assert after == before
    assert again == ["edition 2"]
    assert begin("look").ended() == {
        "editions": 2,
        "revisions": 2,
        "mentions": 2,
        "acts": 1,
        "adoptions": [],
        "files of edition 2": PAPERS,
        "asked for": 0,
    }


# ---- two at once


def test_of_two_officers_one_adopts_and_the_other_is_told(begin):
    answers = together(begin("adopt", by="ana"), begin("adopt", by="bruno"))

    (adopted_by,) = begin("look").ended()["adoptions"]
    assert sorted(answers) == [f"AlreadyAdopted by {adopted_by}", "adopted"]


def test_of_two_secretariats_one_issues_and_the_other_is_told(begin):
    answers = together(begin("issue", by="carla"), begin("issue", by="dora"))

    found = begin("look").ended()
    assert sorted(answers) == ["NothingToIssue", "edition 2"]
    assert (found["editions"], found["acts"], found["files of edition 2"]) == (2, 1, PAPERS)


# ---- workers


@pytest.fixture
def asked(begin: Callable[..., Act]) -> None:
    """Edition 2 is issued, and its three papers are asked for."""
    assert together(begin("issue", by="carla", is_long=True)) == ["edition 2"]


def test_what_a_worker_left_half_made_is_made_again_after_a_while(asked, begin):
    killed = together(begin("work", kill_at=("EditionFile", 2)))
    soon = together(begin("work"))
    waiting = begin("look").ended()
    begin("grow_old").ended()

    later = together(begin("work"))

    assert killed == ["killed"]
    assert [len(names) for names in soon + later] == [1, 1]
    assert (waiting["asked for"], len(waiting["files of edition 2"])) == (1, 2)
    found = begin("look").ended()
    assert (found["asked for"], found["files of edition 2"]) == (0, PAPERS)


def test_two_workers_at_once_store_each_file_once(asked, begin):
    answers = together(begin("work"), begin("work"))

    assert sorted(answers[0] + answers[1]) == PAPERS
    found = begin("look").ended()
    assert (found["asked for"], found["files of edition 2"]) == (0, PAPERS)


def test_a_worker_that_was_only_slow_stores_nothing_twice(asked, begin):
    slow = begin("work", is_slow=True)
    assert slow.heard() == "ready"
    slow.goes_on()
    assert slow.heard() == "ready"  # it has made its file, and has not stored it
    begin("grow_old").ended()

    quick = together(begin("work"))
    slow.goes_on()
    answer = slow.ended()

    assert [sorted(names) for names in quick] == [PAPERS]
    assert len(answer) == 1
    found = begin("look").ended()
    assert (found["asked for"], found["files of edition 2"]) == (0, PAPERS)


# ---- mails


@pytest.fixture(scope="module")
def with_mails(databases: Callable[..., str], prepared: str) -> str:
    """The same with six mails that wait."""
    database = databases(prepared)
    assert Act(database, "lay_mails", number=6).ended() == "laid"
    return database


@pytest.fixture
def post(databases: Callable[..., str], with_mails: str) -> Callable[..., Act]:
    database = databases(with_mails)
    return lambda act, **options: Act(database, act, **options)


def test_two_workers_send_each_mail_once(post):
    answers = together(post("send"), post("send"))

    assert len(set(answers[0] + answers[1])) == len(answers[0] + answers[1]) == 6
    assert post("look_at_mails").ended() == {"sent": 6, "waiting": 0, "in doubt": 0}


def test_a_mail_whose_worker_died_before_it_went_is_sent_by_another_after_a_while(post):
    killed = together(post("send", dies="before handing over"))
    soon = together(post("send"))
    post("claims_grow_old").ended()

    later = together(post("send"))

    assert killed == ["killed"]
    assert [len(got) for got in soon + later] == [5, 1]
    assert post("look_at_mails").ended() == {"sent": 6, "waiting": 0, "in doubt": 0}


def test_a_mail_whose_worker_died_while_it_went_is_not_sent_again_and_is_in_doubt(post):
    killed = together(post("send", dies="while handing over"))
    post("claims_grow_old").ended()

    others = together(post("send"))

    assert killed == ["killed"]
    assert [len(got) for got in others] == [5]
    assert post("look_at_mails").ended() == {"sent": 5, "waiting": 0, "in doubt": 1}
