"""export_plan: what the pages show, as a file."""

import json
import re
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any

import pypdf
import pytest
from django.core.management import CommandError, call_command

from meetings.models import Meeting
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
def export(rivers, tmp_path) -> Any:
    """Runs the command for the group and gives the bytes that it wrote."""

    def run(*arguments: str) -> bytes:
        path = tmp_path / "file"
        out = StringIO()
        call_command("export_plan", "--group", "rivers", *arguments, "-o", str(path), stdout=out)
        content = path.read_bytes()
        assert out.getvalue() == f"{path}: {len(content):,} bytes\n"
        return content

    return run


def words_in(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages).split())


def test_the_latest_edition_is_written_as_it_was_sealed(export, rivers):
    stored = rivers.plan.editions.last().files.get(name="work-plan.pdf")

    assert export("--format", "pdf") == bytes(stored.content)


def test_an_edition_is_written_by_its_number(export, client):
    page = client.get("/rivers/work-plan/editions/1.json").json()

    written = json.loads(export("--format", "json", "--edition", "1"))

    assert written == page
    assert written["record"]["edition"] == 1


def test_the_working_text_is_what_the_secretariat_sees(export, rivers):
    secretariat = signed_in(make.member(rivers, "secretariat"))

    written = json.loads(export("--format", "json", "--draft"))

    assert written == secretariat.get("/rivers/work-plan/draft.json").json()
    assert written["text"]["plan"]["title"]["en"] == "Third title"
    assert (written["record"]["status"], written["seal"]) == ("working", None)


def test_the_working_text_as_of_an_instant_is_what_it_was_then(export, rivers):
    title_changed_at = ChangeSet.objects.filter(reason="reworded for a test").order_by("at").first().at

    written = json.loads(export("--format", "json", "--draft", "--as-of", title_changed_at.isoformat()))

    assert written["text"]["plan"]["title"]["en"] == "Second title"
    assert datetime.fromisoformat(written["record"]["last_change_at"]) == title_changed_at.replace(microsecond=0)


def test_a_pdf_of_the_working_text_is_marked_as_a_draft(export):
    words = words_in(export("--format", "pdf", "--draft")).casefold()

    assert "third title" in words
    assert "draft" in words


def test_a_pdf_in_another_language_has_its_wordings(export):
    assert "segundo título" in words_in(export("--format", "pdf", "--lang", "es")).casefold()


def test_the_calendar_is_the_one_on_the_page(export, client, settings):
    settings.ALLOWED_HOSTS = ["*", "plans.example.org"]

    written = export("--format", "ics")

    assert written == client.get("/rivers/calendar.ics", headers={"host": "plans.example.org"}).content
    assert b"URL:http://plans.example.org/rivers/meetings/1/\r\n" in written


def test_a_proposed_meeting_is_in_no_exported_calendar(export):
    make.reword(Meeting.objects.get(number=1), status=Meeting.Status.PROPOSED)

    assert b"BEGIN:VEVENT" not in export("--format", "ics")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--format", "pdf", "--edition", "9"], "There is no such edition"),
        (["--format", "pdf", "--edition", "0"], "There is no such edition"),
        (["--format", "docx"], "invalid choice: 'docx'"),
        (["--format", "json", "--draft", "--edition", "1"], "not allowed with argument"),
        (["--format", "json", "--as-of", "2013-09-12T11:42-04:00"], "--as-of goes with --draft"),
        (["--format", "json", "--draft", "--as-of", "2013-09-12T11:42-04:00"], "did not exist at that instant"),
        (["--format", "json", "--draft", "--as-of", "2013-09-12T11:42"], "write one with its offset"),
        (["--format", "json", "--draft", "--as-of", "last week"], "write one with its offset"),
        (["--format", "json", "--draft", "--as-of", "2013-02-30T11:42-04:00"], "write one with its offset"),
    ],
)
def test_what_cannot_be_exported_is_refused_in_words(arguments, says, export, tmp_path):
    with pytest.raises(CommandError, match=re.escape(says)):
        export(*arguments)

    assert list(tmp_path.iterdir()) == []


def test_an_unknown_group_is_refused(rivers, tmp_path):
    with pytest.raises(CommandError, match="There is no group “lakes”"):
        call_command("export_plan", "--group", "lakes", "--format", "json", "-o", str(tmp_path / "file"))


def test_a_group_without_an_edition_says_how_to_get_the_working_text(db, tmp_path):
    make.whole_group(slug="lakes")

    with pytest.raises(CommandError, match="--draft writes the working text"):
        call_command("export_plan", "--group", "lakes", "--format", "json", "-o", str(tmp_path / "file"))


def test_a_file_that_cannot_be_written_is_said_so(rivers, tmp_path):
    nowhere = tmp_path / "nowhere" / "file"

    with pytest.raises(CommandError, match=re.escape(f"{nowhere} cannot be written: No such file or directory.")):
        call_command("export_plan", "--group", "rivers", "--format", "json", "--draft", "-o", str(nowhere))
