"""verify_editions: recomputes all that is sealed, and names what is not as it was.

What it finds is made here as only somebody with the keys of the database itself could make it.
"""

import hashlib
import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from documents.actions import consider_plan
from documents.editions.seals import chain_of, seal_of
from documents.models import SEALED, Edition, EditionFile
from meetings.models import Meeting
from mispa.ground.changes import changes
from mispa.ground.sealing import seal, unseal
from mispa.ground.text import Text
from tests import factories as make

pytestmark = pytest.mark.django_db

NOBODYS = "0123456789abcdef" * 4


def verified(*arguments: str) -> tuple[list[str], str]:
    """The lines that the command writes, and with which sentence it fails."""
    out = StringIO()
    try:
        call_command("verify_editions", *arguments, stdout=out)
    except CommandError as error:
        return out.getvalue().splitlines(), str(error)
    return out.getvalue().splitlines(), ""


def tampered(statement: str, *values: Any) -> None:
    unseal(connection, SEALED)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
    finally:
        seal(connection, SEALED)


def db_id(thing: Any) -> str:
    """An id as SQL by hand writes it: SQLite keeps it as hex digits only."""
    return str(thing.pk) if connection.vendor == "postgresql" else thing.pk.hex


@pytest.fixture(scope="module")
def history(module_db: None) -> list[Edition]:
    """Edition 1, adopted, with a corrigendum; edition 2, a draft; another corrigendum of edition 1; edition 3."""
    group = make.whole_group(slug="rivers")
    chair, session = make.member(group, "chair"), Meeting.objects.get(group=group)
    first = make.issue(group)
    consider_plan(edition=first, meeting=session, topic=None, on=make.ON, note="", by=chair)
    make.adopt(first, session, chair)
    make.reword(group.plan, title=Text.of("Work plan of the Rivers"))
    corrigendum = make.correct(first, None)
    make.reword(group.plan, title=Text.of("Quite another title"))
    second = make.issue(group, "delegations")
    late = make.correct(first, None)
    make.reword(group.plan, title=Text.of("And another one"))
    return [first, corrigendum, second, late, make.issue(group)]


def test_what_is_as_it_was_sealed_is_counted(history):
    lines, failure = verified()

    files = EditionFile.objects.count()
    assert (lines, failure) == ([f"editions: 5, files: {files}; all is as it was sealed"], "")
    assert files >= 15


def test_editions_of_one_group_are_verified_by_themselves(history):
    make.issue(make.whole_group(slug="lakes"))

    lines, failure = verified("--group", "lakes")

    assert (lines, failure) == (["editions: 1, files: 3; all is as it was sealed"], "")


def test_an_unknown_group_is_refused(db):
    assert verified("--group", "nowhere") == ([], "There is no group “nowhere”.")


def test_a_changed_word_breaks_the_seal(history):
    text = json.dumps(history[2].text).replace("Measure the depth", "Forget the depth")
    tampered("UPDATE documents_edition SET text = %s WHERE id = %s", text, history[2].pk)

    lines, failure = verified()

    expected, found = history[2].sha256, seal_of(json.loads(text))
    assert lines == [f"rivers, edition 2: seal: expected {expected}, found {found}"]
    assert failure.endswith("differences: 1")


def test_a_word_that_was_changed_and_sealed_anew_breaks_the_chain_of_what_follows(history):
    text = json.dumps(history[0].text).replace("Measure the depth", "Forget the depth")
    sha256 = seal_of(json.loads(text))
    statement = "UPDATE documents_edition SET text = %s, sha256 = %s, chain = %s WHERE id = %s"
    tampered(statement, text, sha256, chain_of("", sha256), history[0].pk)

    lines, _failure = verified()

    assert [line for line in lines if line.startswith("rivers, edition 1, corrigendum 1: chain: expected ")]
    assert [line for line in lines if ": corrections: expected " in line or ": text: expected " in line]
    assert [line for line in lines if f"seal in work-plan.pdf in en (draft): expected {sha256}" in line]


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("number", 9, "edition 9: number: expected 2, found 9"),
        ("schema", 2, "edition 2: schema: expected 1, found 2"),
        ("chain", NOBODYS, f"edition 2: chain: expected %(chain)s, found {NOBODYS}"),
        ("text", "[]", "edition 2: seal: expected %(sha256)s, found "),
        ("text", "[]", "edition 2: plan in the text: expected %(plan)s, found none"),
        ("corrections", "[{}]", "edition 2: corrections: expected none, found 1"),
    ],
)
def test_each_column_of_an_edition_is_looked_at(column, value, says, history):
    second = history[2]
    tampered(f"UPDATE documents_edition SET {column} = %s WHERE id = %s", value, second.pk)

    lines, _failure = verified()

    wanted = f"rivers, {says}" % {"chain": second.chain, "sha256": second.sha256, "plan": second.plan_id}
    assert [line for line in lines if line.startswith(wanted)]


def test_an_edition_that_was_taken_out_is_missed(history):
    _first, corrigendum, second, late, _third = (edition.pk for edition in history)
    for table in ("editionfile", "editionmention", "release"):
        tampered(f"DELETE FROM documents_{table} WHERE edition_id = %s", second)
    elsewhere = "UPDATE documents_edition SET plan_id = %s, number = 1, previous_id = NULL WHERE id = %s"
    tampered(elsewhere, db_id(make.whole_group(slug="lakes").plan), second)
    tampered("UPDATE documents_edition SET previous_id = %s WHERE id = %s", corrigendum, late)
    tampered("DELETE FROM documents_edition WHERE id = %s", second)

    lines, _failure = verified()

    assert [line for line in lines if line.startswith("rivers, edition 1, corrigendum 2: chain: expected ")]
    assert "rivers, edition 3: number: expected 2, found 3" in lines


def test_a_corrigendum_changes_nothing_but_what_it_lists(history):
    corrigendum = history[1]
    text = json.dumps(corrigendum.text).replace("10:00", "11:00")
    sha256 = seal_of(json.loads(text))
    statement = "UPDATE documents_edition SET text = %s, sha256 = %s WHERE id = %s"
    tampered(statement, text, sha256, corrigendum.pk)

    lines, _failure = verified()

    wanted = "edition 1, corrigendum 1: text: expected that before it with its corrections, found other changes"
    assert [line for line in lines if line.startswith(f"rivers, {wanted}")]


def test_a_corrigendum_lists_all_that_it_changes(history):
    tampered("UPDATE documents_edition SET corrections = '[]' WHERE id = %s", history[1].pk)

    lines, _failure = verified()

    assert len(lines) == 1
    assert lines[0].startswith("rivers, edition 1, corrigendum 1: corrections: expected []")
    assert "Work plan of the Rivers" in lines[0]


def test_a_changed_file_is_named(history):
    file = history[2].files.get(name="work-plan.docx")
    tampered("UPDATE documents_editionfile SET content = %s WHERE id = %s", b"another", file.pk)

    lines, _failure = verified()

    found = hashlib.sha256(b"another").hexdigest()
    assert lines == [f"rivers, edition 2: work-plan.docx in en (draft): expected {file.sha256}, found {found}"]


def test_the_paper_of_another_edition_in_the_place_of_this_ones_is_named(history):
    other = history[0].files.get(name="work-plan.pdf", standing="draft")
    own = history[2].files.get(name="work-plan.pdf")
    statement = "UPDATE documents_editionfile SET content = %s, sha256 = %s WHERE id = %s"
    tampered(statement, bytes(other.content), other.sha256, own.pk)

    lines, _failure = verified()

    expected, found = history[2].sha256, history[0].sha256
    assert lines == [f"rivers, edition 2: seal in work-plan.pdf in en (draft): expected {expected}, found {found}"]


def test_a_file_that_calls_a_draft_adopted_is_named(history):
    own = history[2].files.get(name="work-plan.pdf")
    tampered("UPDATE documents_editionfile SET standing = 'adopted' WHERE id = %s", own.pk)

    lines, _failure = verified()

    assert lines == ["rivers, edition 2: work-plan.pdf in en (adopted): expected draft, found adopted"]


def test_acts_that_cannot_be_are_named(history):
    with changes(by=None, reason="another group", source="command"):
        elsewhere = make.MeetingFactory(number=7)
        topic = make.TopicFactory(meeting=elsewhere)
    tampered("UPDATE documents_adoption SET meeting_id = %s, topic_id = %s", db_id(elsewhere), db_id(topic))
    tampered("UPDATE documents_consideration SET topic_id = %s", db_id(topic))
    tampered("UPDATE documents_release SET audience = 'delegations' WHERE edition_id = %s", history[0].pk)

    lines, _failure = verified()

    assert lines == [
        f"rivers, edition 1: consideration: topic: expected one of that meeting, found {topic.pk}",
        f"rivers, edition 1: adoption: meeting: expected one of the group, found {elsewhere.pk}",
        "rivers, edition 1: release: expected to everybody, since it is adopted, found none",
    ]


def test_no_corrigendum_is_adopted(history):
    tampered("UPDATE documents_adoption SET edition_id = %s", history[1].pk)

    lines, _failure = verified()

    assert (
        f"rivers, edition 1, corrigendum 1: adoption: expected none of a corrigendum, found one on {make.ON}" in lines
    )


def test_a_confirmation_belongs_to_an_adoption_ad_referendum(history, writing):
    make.ConfirmationFactory(adoption=history[0].adoption, on=date(2013, 9, 1))

    lines, _failure = verified()

    assert lines == [
        "rivers, edition 1: confirmation: expected none after consensus, found one on 2013-09-01",
        "rivers, edition 1: confirmation: day: expected 2013-09-05 or later, found 2013-09-01",
    ]


def test_nothing_is_done_with_an_edition_before_it_is_there(history):
    first, second = (history[place].change_set for place in (0, 2))
    statement = "UPDATE documents_release SET change_set_id = %s WHERE edition_id = %s"
    tampered(statement, first.pk, history[2].pk)

    lines, _failure = verified()

    assert lines == [f"rivers, edition 2: release: instant: expected after {second.at}, found {first.at}"]
