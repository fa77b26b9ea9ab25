"""export_plan: what the pages show, byte for byte, as a file."""

import json
import re
from datetime import datetime, timedelta
from io import BytesIO, StringIO
from itertools import count
from typing import Any

import pypdf
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from documents.models import Rendering
from meetings.models import Meeting, Topic
from mispa.ground.models import ChangeSet
from mispa.ground.text import Text
from tests import factories as make
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def rivers(module_db) -> Any:
    """A group whose plan has an edition 1 for everybody, an edition 2 for the delegations, and was changed since."""
    group = make.whole_group(slug="rivers")
    make.issue(group, "public")
    make.reword(group.plan, title=Text.of("Second title", es="Segundo título"))
    make.issue(group, "delegations")
    make.reword(group.plan, title=Text.of("Third title"))
    return group


@pytest.fixture
def export(tmp_path) -> Any:
    """Runs the command for a group and gives the bytes that it wrote."""

    def run(*arguments: str, group: str = "rivers", stderr: StringIO | None = None) -> bytes:
        path = tmp_path / "file"
        out = StringIO()
        call_command("export_plan", "--group", group, *arguments, "-o", str(path), stdout=out, stderr=stderr)
        content = path.read_bytes()
        assert out.getvalue() == f"{path}: {len(content):,} bytes\n"
        return content

    return run


@pytest.fixture
def secretariat(rivers) -> Client:
    return signed_in(make.member(rivers, "secretariat"))


def words_in(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages).split())


# ---- which text


@pytest.mark.parametrize("extension", ["pdf", "docx"])
def test_the_latest_edition_is_written_as_it_was_stored(extension, export, rivers):
    stored = rivers.plan.editions.get(number=2).files.get(name=f"work-plan.{extension}")

    assert export("--format", extension) == bytes(stored.content)


@pytest.mark.parametrize("extension", ["pdf", "docx", "json", "ics"])
def test_an_edition_is_written_as_its_page_gives_it(extension, export, rivers, client):
    page = client.get(f"/rivers/work-plan/editions/1.{extension}")

    assert export("--format", extension, "--edition", "1") == page.content


@pytest.mark.parametrize("extension", ["pdf", "docx", "json"])
def test_the_working_text_is_what_the_secretariat_sees(extension, export, secretariat):
    written = export("--format", extension, "--draft")

    assert written == secretariat.get(f"/rivers/work-plan/draft.{extension}").content


def test_a_paper_in_a_language_that_is_not_complete_is_the_one_on_the_page(export, secretariat):
    written = export("--format", "pdf", "--lang", "es")

    assert written == secretariat.get("/rivers/work-plan/editions/2.pdf?lang=es").content
    assert "segundo título" in words_in(written).casefold()


def test_the_working_text_as_of_an_instant_is_what_it_was_then(export, rivers):
    title_changed_at = ChangeSet.objects.filter(reason="reworded for a test").order_by("at").first().at

    written = json.loads(export("--format", "json", "--draft", "--as-of", title_changed_at.isoformat()))

    assert written["text"]["plan"]["title"]["en"] == "Second title"
    assert datetime.fromisoformat(written["record"]["last_change_at"]) == title_changed_at.replace(microsecond=0)


def test_the_edition_as_of_an_instant_is_the_latest_issued_by_then(export, rivers):
    first, second = (edition.change_set.at for edition in rivers.plan.editions.order_by("number"))

    written = [json.loads(export("--format", "json", "--as-of", at.isoformat())) for at in (first, second)]

    assert [one["record"]["edition"] for one in written] == [1, 2]


def test_a_text_in_force_comes_before_a_later_edition_and_as_it_is_corrected(export, group, chair, client):
    secretary = make.member(group, "secretariat")
    meeting = make.reword(group.meetings.get(), status="held", starts_on=make.ON, ends_on=make.ON)
    first = make.issue(group)
    make.adopt(first, meeting, chair)
    make.reword(group.plan, title=Text.of("A title without the slip"))
    corrigendum = make.correct(first, secretary)
    make.reword(group.plan.rows.get(), symbol_as_printed="AG/RES. 1 (I-O/71) bis")
    make.issue(group)
    before = (corrigendum.change_set.at - timedelta(microseconds=1)).isoformat()

    in_force = export("--format", "pdf", group=group.slug)
    corrected = export("--format", "pdf", "--edition", "1", "--corrigendum", "1", group=group.slug)
    adopted = export("--format", "pdf", "--edition", "1", group=group.slug)
    not_yet_corrected = export("--format", "pdf", "--as-of", before, group=group.slug)

    assert in_force == corrected == client.get(f"/{group.slug}/work-plan.pdf").content
    assert adopted == not_yet_corrected == client.get(f"/{group.slug}/work-plan/editions/1.pdf").content
    assert corrected != adopted


def test_an_exported_draft_is_marked_as_one(export):
    words = words_in(export("--format", "pdf", "--draft")).casefold()

    assert "third title" in words
    assert "draft" in words


def test_a_long_text_is_made_at_once_and_says_how_far_it_is(export, rivers, monkeypatch):
    short = export("--format", "pdf", "--draft")
    clock = count(0, 2)
    monkeypatch.setattr("documents.printing.files.LONG", 0)
    monkeypatch.setattr("documents.printing.pdf.progress.monotonic", lambda: next(clock))
    told = StringIO()

    written = export("--format", "pdf", "--draft", stderr=told)

    assert written == short
    assert told.getvalue().startswith("Page 1 is being set.\n")
    assert not Rendering.objects.exists()


# ---- the calendar


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_calendar_is_the_one_on_the_page(language, export, client, settings):
    settings.ORIGIN = "http://plans.example.org"
    settings.ALLOWED_HOSTS = ["plans.example.org"]

    written = export("--format", "ics", "--lang", language)

    address = f"/rivers/calendar.ics?lang={language}"
    assert written == client.get(address, headers={"host": "plans.example.org"}).content
    assert b"URL:http://plans.example.org/rivers/meetings/1/\r\n" in written


def test_a_proposed_meeting_is_in_no_exported_calendar(export):
    make.reword(Meeting.objects.get(number=1), status=Meeting.Status.PROPOSED)

    assert b"BEGIN:VEVENT" not in export("--format", "ics")


def test_a_withdrawn_topic_is_in_no_exported_calendar(export):
    words = str(Topic.objects.get().text).encode()
    before = export("--format", "ics")
    make.reword(Topic.objects.get(), is_withdrawn=True)

    assert (words in before, words in export("--format", "ics")) == (True, False)


def test_the_calendar_of_a_text_is_as_it_prints_it(export, rivers):
    at = rivers.plan.editions.get(number=2).change_set.at.isoformat()
    make.reword(Meeting.objects.get(number=1), status=Meeting.Status.CANCELLED)
    texts = [["--edition", "1"], ["--as-of", at], ["--draft", "--as-of", at], ["--draft"]]

    found = [export("--format", "ics", *which).count(b"BEGIN:VEVENT") for which in texts]

    assert found == [1, 1, 1, 0]


# ---- what is refused


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--format", "pdf", "--edition", "9"], "There is no such edition"),
        (["--format", "ics", "--edition", "0"], "There is no such edition"),
        (["--format", "pdf", "--edition", "1", "--corrigendum", "1"], "There is no such edition"),
        (["--format", "pdf", "--corrigendum", "1"], "--corrigendum goes with --edition"),
        (["--format", "odt"], "invalid choice: 'odt'"),
        (["--format", "pdf", "--lang", "de"], "invalid choice: 'de'"),
        (["--format", "json", "--draft", "--edition", "1"], "not allowed with argument"),
        (["--format", "json", "--edition", "1", "--as-of", "2013-09-12"], "an edition does not change"),
        (["--format", "json", "--as-of", "2013-09-12T11:42-04:00"], "There is no such edition"),
        (["--format", "json", "--draft", "--as-of", "2013-09-12T11:42-04:00"], "did not exist at that instant"),
        (["--format", "json", "--draft", "--as-of", "last week"], "“last week” cannot be read"),
        (["--format", "json", "--draft", "--as-of", ""], "“” cannot be read"),
        (["--format", "json", "--draft", "--as-of", "2013-02-30T11:42-04:00"], "cannot be read"),
        (["--format", "json", "--as-of", "2999-01-01"], "still to come"),
    ],
)
def test_what_cannot_be_exported_is_refused_in_words(arguments, says, export, rivers, tmp_path):
    with pytest.raises(CommandError, match=re.escape(says)):
        export(*arguments)

    assert list(tmp_path.iterdir()) == []


def test_an_unknown_group_is_refused(export):
    with pytest.raises(CommandError, match="There is no group “lakes”"):
        export("--format", "json", group="lakes")


def test_a_group_without_an_edition_says_how_to_get_the_working_text(export):
    make.whole_group(slug="lakes")

    with pytest.raises(CommandError, match="--draft writes the working text"):
        export("--format", "json", group="lakes")


def test_a_file_that_cannot_be_written_is_said_so(rivers, tmp_path):
    nowhere = tmp_path / "nowhere" / "file"

    with pytest.raises(CommandError, match=re.escape(f"{nowhere} cannot be written: No such file or directory.")):
        call_command("export_plan", "--group", "rivers", "--format", "json", "--draft", "-o", str(nowhere))
