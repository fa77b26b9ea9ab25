"""`import_plan`: what the page does, from a shell."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from documents.models import ImportedPlan
from documents.printing.files import as_json
from documents.reading.texts import working_text
from mandates.models import Mandate, WorkingGroup
from tests import factories as make
from tests.documents.importing.files import bring, empty_group, plan_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The JSON of a plan of another group."""
    group = empty_group("creeks")
    bring(group, plan_text(), convene=True)
    path = tmp_path / "plan.json"
    path.write_bytes(as_json(working_text(group.plan).as_json()))
    return path


def run(*arguments: Any, group: str = "brooks") -> str:
    out = StringIO()
    call_command("import_plan", *map(str, arguments), group=group, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_a_dry_run_prints_what_would_change_and_writes_nothing(file):
    said = run(file, "--create", "--dry-run")

    assert said.splitlines()[0].startswith("2 new resolutions; 3 new mandates; 2 new meetings; 3 new topics")
    assert "new: CP/RES. 700 (1100/09): Mandate 2" in said
    assert not WorkingGroup.objects.filter(slug="brooks").exists()


def test_meetings_that_no_plan_prints_yet_are_told_until_they_are_convened(file):
    assert "--convene" in run(file, "--create").splitlines()[-1]
    assert "--convene" in run(file).splitlines()[-1]
    assert "--convene" not in run(file, "--convene").splitlines()[-1]
    assert run(file).splitlines()[-1] == "Nothing changes: all that this file holds is here already."


def test_a_missing_group_is_entered_with_its_plan_as_the_file_tells_it(file):
    said = run(file, "--create", "--convene")

    group = WorkingGroup.objects.get(slug="brooks")
    assert said.splitlines()[-1] == "Brought in: import 1 of this plan, one change."
    assert (str(group.name), str(group.plan.title), group.is_public) == (
        "Working Group on Rivers",
        "Plan of the Rivers",
        False,
    )
    assert Mandate.objects.filter(row__plan=group.plan).count() == 3
    assert group.meetings.filter(status="convened").count() == 2


def test_the_second_run_changes_nothing_and_says_so(file):
    run(file, "--create", "--convene")

    assert run(file).splitlines()[-1] == "Nothing changes: all that this file holds is here already."
    assert ImportedPlan.objects.filter(plan__group__slug="brooks").count() == 1


def test_json_is_for_programs(file):
    proposal = json.loads(run(file, "--create", "--dry-run", "--json"))

    assert proposal["file"]["kind"] == "json"
    assert [item["state"] for item in proposal["items"] if item["kind"] == "row"] == ["new", "new"]


def test_it_is_written_in_the_name_of_a_person_for_a_reason(file):
    group = empty_group()
    person = make.member(group, "secretariat")

    run(file, "--by", person.username, "--reason", "sent by the secretariat")

    change_set = ImportedPlan.objects.get(plan=group.plan).change_set
    assert (change_set.by, change_set.reason, change_set.source) == (person, "sent by the secretariat", "import")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["plan.json"], "There is no group “brooks”; --create would enter it."),
        (["missing.json", "--create"], "cannot be read: No such file or directory."),
        (["plan.json", "--create", "--by", "nobody"], "There is no account “nobody”."),
        (["empty.txt", "--create"], "This file is empty."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(arguments, sentence, file):
    (file.parent / "empty.txt").write_bytes(b"")

    with pytest.raises(CommandError, match=sentence):
        run(file.parent / arguments[0], *arguments[1:])

    assert not WorkingGroup.objects.filter(slug="brooks").exists()


def test_a_rule_that_refuses_leaves_no_group_behind(file):
    told = json.loads(file.read_text(encoding="utf-8"))
    told["text"]["meetings"][0]["ends"] = "2013-09-05T09:00"
    file.write_text(json.dumps(told), encoding="utf-8")

    with pytest.raises(CommandError, match="The end lies before the beginning"):
        run(file, "--create")

    assert not WorkingGroup.objects.filter(slug="brooks").exists()


def test_of_a_file_without_an_end_no_more_is_read_than_can_be_taken():
    with pytest.raises(CommandError, match="larger than 20 megabytes"):
        run("/dev/zero")
