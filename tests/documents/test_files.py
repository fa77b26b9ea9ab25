"""Papers are made once per content, the long ones outside the request, and served from where they are kept."""

import os
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext, override

from documents.actions import consider_plan
from documents.editions.record import record_of
from documents.models import EditionFile, Rendering
from documents.printing import files
from documents.printing.files import MAKERS, inputs_for, made
from documents.printing.rendering import GIVEN_UP_AFTER, KEPT_FOR, make_next, tidy
from mispa.ground.text import Text
from tests import factories as make
from tests.conftest import signed_in
from tests.documents.papers import pages_of

PAPERS = ["calendar.pdf", "work-plan.docx", "work-plan.pdf"]


@pytest.fixture
def makings(monkeypatch) -> list[str]:
    """The names of the files that are made, as they are made."""
    names: list[str] = []

    def noted(inputs: dict[str, Any]) -> bytes:
        names.append(f"{inputs['name']} {inputs['language']}")
        return made(inputs)

    monkeypatch.setattr(files, "made", noted)
    return names


@pytest.fixture
def long(monkeypatch) -> None:
    """Every text is a long one."""
    monkeypatch.setattr(files, "LONG", 0)


@pytest.fixture
def broken(monkeypatch) -> None:
    """No file can be made."""

    def fail(inputs: dict[str, Any]) -> bytes:
        raise RuntimeError("no font at hand")

    monkeypatch.setattr(files, "made", fail)


@pytest.fixture
def draft(group) -> str:
    return f"/{group.slug}/work-plan/draft.pdf"


def kept() -> list[str]:
    return sorted(EditionFile.objects.values_list("name", flat=True))


# ---- once per content


def test_a_paper_of_a_working_text_is_made_once_until_a_word_changes(draft, group, as_secretariat, makings):
    first, second = as_secretariat.get(draft), as_secretariat.get(draft)
    make.reword(group.plan, title=Text.of("Another title"))
    third = as_secretariat.get(draft)

    assert makings == ["work-plan.pdf en"] * 2
    assert first.content == second.content != third.content


def test_papers_of_an_edition_are_made_when_it_is_issued_and_never_again(group, client, makings):
    edition = make.issue(group, "public")
    at_issue = list(makings)

    answers = [client.get(edition.address(extension)) for extension in ("pdf", "docx")]
    calendar = client.get(f"/{group.slug}/calendar.pdf")

    assert sorted(at_issue) == [f"{name} en" for name in PAPERS]
    assert makings == at_issue
    stored = {one.name: bytes(one.content) for one in edition.files.all()}
    assert [one.content for one in (*answers, calendar)] == [
        stored[name] for name in ("work-plan.pdf", "work-plan.docx", "calendar.pdf")
    ]
    assert not Rendering.objects.exists()


def test_a_file_does_not_depend_on_who_may_read_it_nor_on_what_came_after(group, chair):
    meeting = make.reword(group.meetings.get(), status="held", starts_on=make.ON, ends_on=make.ON)
    edition = make.issue(group)
    make.adopt(edition, meeting, chair)
    adopted = record_of(edition) | {"audiences": []}
    make.reword(group.plan, title=Text.of("Another title"))
    make.adopt(make.issue(group), meeting, chair)
    superseded = record_of(edition.plan.editions.get(number=1))

    for name in PAPERS:
        before, after = (inputs_for(edition.text, one, edition, name, "en") for one in (adopted, superseded))
        stored = edition.files.get(standing="adopted", name=name)
        assert files.key_of(before) == files.key_of(after)
        assert made(after) == bytes(stored.content)
    assert (superseded["status"], superseded["audiences"]) == ("superseded", ["public"])


def test_what_makes_a_file_is_there():
    places = {pattern: list(Path(settings.BASE_DIR).glob(pattern)) for pattern in MAKERS}

    assert [pattern for pattern, found in places.items() if not found] == []


def test_of_two_requests_for_a_short_file_one_makes_it_and_the_other_waits(draft, as_secretariat, makings, monkeypatch):
    waits = count(1)

    def other_request_is_ready(seconds: float) -> None:
        if next(waits) == 3:
            Rendering.objects.update(content=b"%PDF of the other request")

    as_secretariat.get(draft)
    Rendering.objects.update(content=None, started_at=timezone.now())
    monkeypatch.setattr("documents.printing.rendering.time.sleep", other_request_is_ready)

    assert as_secretariat.get(draft).content == b"%PDF of the other request"
    assert makings == ["work-plan.pdf en"]


def test_who_has_waited_long_enough_for_another_request_is_told_so(draft, as_secretariat, makings, monkeypatch):
    as_secretariat.get(draft)
    Rendering.objects.update(content=None, started_at=timezone.now())
    monkeypatch.setattr("documents.printing.rendering.time.sleep", lambda seconds: None)

    answer = as_secretariat.get(draft)

    assert (answer.status_code, answer["Refresh"]) == (202, "5")
    assert "It has been begun." in answer.text
    assert makings == ["work-plan.pdf en"]


# ---- long texts


def test_a_page_does_not_wait_for_a_long_text(draft, as_secretariat, makings, long):
    answer = as_secretariat.get(draft)

    assert (answer.status_code, answer["Refresh"], answer["Cache-Control"]) == (202, "5", "no-store")
    assert "It waits for its turn." in answer.text
    assert makings == []


def test_the_page_says_how_far_a_long_text_is_and_then_gives_it(draft, as_secretariat, makings, long, monkeypatch):
    seconds = count(0, 2)
    monkeypatch.setattr("documents.printing.pdf.progress.monotonic", lambda: next(seconds))
    told = []
    as_secretariat.get(draft)

    asked = make_next(lambda key, page: told.append(as_secretariat.get(draft).text))
    answer = as_secretariat.get(draft)

    assert "Page 1 is being set." in told[0]
    assert "Page 2 is being set." in told[1]
    assert asked is not None
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content == asked.content == made(asked.inputs)
    assert makings == ["work-plan.pdf en"]
    assert make_next() is None


def test_long_papers_of_an_edition_go_to_the_sealed_table(group, client, long, makings):
    edition = make.issue(group, "public")
    assert (kept(), Rendering.objects.count(), makings) == ([], 3, [])

    while make_next():
        pass

    assert (kept(), Rendering.objects.count()) == (PAPERS, 0)
    assert client.get(edition.address("pdf")).content == bytes(edition.files.get(name="work-plan.pdf").content)
    assert len(makings) == 3


def test_what_was_considered_before_its_paper_was_made_is_not_made_twice(group, secretariat, client, long, makings):
    meeting = make.reword(group.meetings.get(), status="held", starts_on=make.ON, ends_on=make.ON)
    edition = make.issue(group, "public")
    client.get(edition.address("pdf"))
    consider_plan(edition=edition, meeting=meeting, topic=None, on=make.ON, note="", by=secretariat)
    client.get(edition.address("pdf"))
    assert Rendering.objects.count() == 4

    while make_next():
        pass

    assert (sorted(makings), Rendering.objects.count()) == ([f"{name} en" for name in PAPERS], 0)
    assert client.get(edition.address("pdf")).status_code == 200


def test_papers_in_many_languages_are_asked_for_and_each_is_made_for_who_comes_first(request, client, monkeypatch):
    monkeypatch.setattr(files, "LONG", 10_000)
    group = request.getfixturevalue("mispa_iv")
    edition = group.plan.editions.get()
    assert (kept(), Rendering.objects.count()) == ([], 12)

    answer = client.get(f"{edition.address('docx')}?lang=es")

    assert bytes(EditionFile.objects.get(name="work-plan.docx", language="es").content) == answer.content
    assert Rendering.objects.count() == 11


def test_a_long_draft_that_is_adopted_is_made_again_and_says_so(group, chair, long):
    meeting = make.reword(group.meetings.get(), status="held", starts_on=make.ON, ends_on=make.ON)
    edition = make.issue(group)

    make.adopt(edition, meeting, chair)
    while make_next():
        pass

    stored = edition.files.order_by("standing", "name").values_list("standing", "name")
    assert list(stored) == [(standing, name) for standing in ("adopted", "draft") for name in PAPERS]


# ---- languages that are not complete


def test_a_paper_in_a_language_that_is_not_complete_is_marked_and_kept_for_a_while_only(group, client, makings):
    edition = make.issue(group, "public")
    address = f"{edition.address('pdf')}?lang=es"

    first, second = client.get(address), client.get(address)

    with override("es"):
        sentence = gettext("This text is not complete in %(language)s.") % {"language": "español"}
    assert sentence in pages_of(first.content)[0]
    assert first.content == second.content
    assert makings.count("work-plan.pdf es") == 1
    assert set(EditionFile.objects.values_list("language", flat=True)) == {"en"}
    assert Rendering.objects.get().content == first.content


def test_a_worker_does_not_seal_a_paper_in_a_language_that_is_not_complete(group, client, monkeypatch):
    edition = make.issue(group, "public")
    monkeypatch.setattr(files, "LONG", 0)
    address = f"{edition.address('docx')}?lang=pt"
    assert client.get(address).status_code == 202

    make_next()

    assert client.get(address).status_code == 200
    assert not EditionFile.objects.filter(language="pt").exists()


# ---- what fails


def test_a_short_file_that_cannot_be_made_is_said_so_and_tried_again_by_the_next(
    draft, as_secretariat, broken, monkeypatch, caplog
):
    answer = as_secretariat.get(draft)
    monkeypatch.setattr(files, "made", made)

    assert answer.status_code == 503
    assert "Refresh" not in answer
    assert "It could not be made." in answer.text
    assert "no font at hand" not in answer.text
    assert "RuntimeError: no font at hand" in caplog.text
    assert as_secretariat.get(draft).status_code == 200


def test_a_long_file_that_cannot_be_made_is_left_until_the_tables_are_tidied(
    draft, as_secretariat, long, broken, monkeypatch, caplog
):
    as_secretariat.get(draft)
    make_next()
    said = as_secretariat.get(draft)
    monkeypatch.setattr(files, "made", made)
    at_once = make_next()

    tidy()
    make_next()

    assert (said.status_code, at_once) == (503, None)
    assert "It could not be made." in said.text
    assert "RuntimeError: no font at hand" in caplog.text
    assert as_secretariat.get(draft).status_code == 200


def test_what_a_worker_was_stopped_at_may_be_begun_at_once(draft, as_secretariat, long, monkeypatch):
    def stopped(inputs: dict[str, Any]) -> bytes:
        raise KeyboardInterrupt

    as_secretariat.get(draft)
    monkeypatch.setattr(files, "made", stopped)
    with pytest.raises(KeyboardInterrupt):
        make_next()
    monkeypatch.setattr(files, "made", made)

    assert make_next() is not None
    assert as_secretariat.get(draft).status_code == 200


def test_what_another_worker_makes_is_left_to_it_for_a_while(draft, as_secretariat, long):
    as_secretariat.get(draft)
    Rendering.objects.update(started_at=timezone.now() - GIVEN_UP_AFTER + timedelta(minutes=1))
    soon = make_next()
    Rendering.objects.update(started_at=timezone.now() - GIVEN_UP_AFTER - timedelta(minutes=1))

    assert soon is None
    assert make_next() is not None


def test_what_was_made_long_ago_is_taken_away_and_what_waits_is_not(draft, group, as_secretariat, monkeypatch):
    as_secretariat.get(draft)
    monkeypatch.setattr(files, "LONG", 0)
    as_secretariat.get(f"{draft}?lang=es")
    Rendering.objects.update(wanted_at=timezone.now() - KEPT_FOR - timedelta(hours=1))

    tidy()

    assert [one.inputs["language"] for one in Rendering.objects.all()] == ["es"]


# ---- who may not read


@pytest.mark.parametrize("is_made", [True, False])
def test_what_is_made_for_one_reader_is_given_to_nobody_who_may_not_read_it(is_made, group, as_secretariat, long):
    edition = make.issue(group)
    addresses = [edition.address("pdf"), f"{edition.address('pdf')}?lang=es"]
    waiting = [as_secretariat.get(address).status_code for address in addresses]
    while is_made and make_next():
        pass

    readers = [Client(), signed_in(make.member(group, "delegate"))]
    answers = {reader.get(address).status_code for reader in readers for address in addresses}

    assert waiting == [202, 202]
    assert [as_secretariat.get(address).status_code for address in addresses] == [200 if is_made else 202] * 2
    assert answers == {404}


# ---- the worker


def test_the_worker_makes_what_was_asked_for_and_stops(draft, as_secretariat, long):
    as_secretariat.get(draft)
    out = StringIO()

    call_command("make_files", "--once", stdout=out)

    assert out.getvalue().splitlines()[-1] == "work-plan.pdf, en: made"
    assert as_secretariat.get(draft).status_code == 200


def test_the_worker_says_what_could_not_be_made_and_goes_on(draft, as_secretariat, long, monkeypatch):
    def fails_in_spanish(inputs: dict[str, Any]) -> bytes:
        if inputs["language"] == "es":
            raise RuntimeError("no font at hand")
        return made(inputs)

    as_secretariat.get(f"{draft}?lang=es")
    as_secretariat.get(draft)
    monkeypatch.setattr(files, "made", fails_in_spanish)
    out = StringIO()

    call_command("make_files", "--once", stdout=out)

    lines = [line for line in out.getvalue().splitlines() if ": page " not in line]
    assert lines == ["work-plan.pdf, es: RuntimeError: no font at hand", "work-plan.pdf, en: made"]


def test_the_worker_looks_now_and_then_and_stops_when_its_parent_is_gone(draft, as_secretariat, long, monkeypatch):
    parents = iter([7, 7, 1])
    pauses = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        as_secretariat.get(draft)

    monkeypatch.setattr("documents.management.commands.make_files.os.getppid", lambda: next(parents))
    monkeypatch.setattr("documents.management.commands.make_files.time.sleep", pause)
    monkeypatch.setattr("documents.management.commands.make_files.Command.tell", lambda *told: None)

    with pytest.raises(SystemExit):
        call_command("make_files", "--with-parent", "7", stdout=StringIO())

    assert pauses == [2]
    assert as_secretariat.get(draft).status_code == 200


def test_a_worker_whose_parent_ends_while_it_starts_ends_too():
    """The parent is gone before the worker has loaded Django; both write to one pipe, which closes with the last."""
    start = "import os, subprocess, sys; subprocess.Popen([*sys.argv[1:], str(os.getpid())])"
    worker = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "make_files", "--with-parent"]
    environment = os.environ | {"DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3", "SECRET_KEY": "of a test"}

    ended = subprocess.run(
        [sys.executable, "-c", start, *worker], env=environment, capture_output=True, text=True, timeout=60
    )

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
