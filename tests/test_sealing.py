"""Editions, releases and their files only grow: both databases refuse to change them, and nothing later is in them."""

import hashlib
import json
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from documents.actions import NothingToIssue, WorkingTextHasChanged, issue_plan, release_plan
from documents.editions.seals import seal_of
from documents.models import SEALED, Document, Edition, EditionFile, EditionMention, Release
from documents.reading.texts import working_text
from mandates.models import Body, Mandate, Note, Paragraph, PlanRow, RegisteredSymbol, Resolution, ResponsibleArea
from meetings.models import City, Room
from mispa.ground.changes import changes
from mispa.ground.models import ChangeSet, Tracked, User
from mispa.ground.sealing import Seal, sealed_tables
from mispa.ground.text import Text
from tests import factories as make

FACTORIES: dict[str, Any] = {
    "documents_edition": make.EditionFactory,
    "documents_editionmention": make.EditionMentionFactory,
    "documents_release": make.ReleaseFactory,
    "documents_editionfile": make.EditionFileFactory,
    "documents_consideration": make.ConsiderationFactory,
    "documents_adoption": make.AdoptionFactory,
    "documents_confirmation": make.ConfirmationFactory,
    "documents_importedplan": make.ImportedPlanFactory,
    "documents_storedfile": make.StoredFileFactory,
}


def refused(write: Callable[[], Any]) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    return str(error.value)


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


# ---- the database


def test_what_keeps_no_history_is_sealed():
    ours = [model for app in ("mandates", "meetings", "documents") for model in apps.get_app_config(app).get_models()]
    plain = [model for model in ours if not issubclass(model, Tracked) and not hasattr(model, "instance_type")]

    # What is no record may be thrown away: a rendering is made again, a file that waits to be saved is chosen again,
    # the index of the search is written from what it finds, the text of a file taken out of it.
    passing = {f"documents_{name}" for name in ("rendering", "waitingfile", "searchentry", "filetext")}
    # A person's own wishes, and mails that are being put together.
    passing |= {f"documents_{name}" for name in ("follow", "personalfeed", "readuntil", "bundle", "bundledchange")}
    assert {model._meta.db_table for model in plain} - passing == set(SEALED)


def test_every_sealing_trigger_is_there_after_all_migrations(db):
    assert sealed_tables(connection) == dict.fromkeys(SEALED, 2)


@pytest.mark.parametrize("table", SEALED)
def test_sql_cannot_change_a_sealed_row(table, writing):
    FACTORIES[table]()
    statements = [f"UPDATE {table} SET id = id", f"DELETE FROM {table}"]
    if connection.vendor == "postgresql":
        connection.check_constraints()  # TRUNCATE waits for none that is still open
        statements += [f"TRUNCATE {table} CASCADE"]
    else:
        statements += [f"REPLACE INTO {table} SELECT * FROM {table}"]

    answers = [refused(lambda statement=statement: execute(statement)) for statement in statements]

    assert [f"sealed: rows of {table} are never changed or deleted" in answer for answer in answers] == [True] * 3


@pytest.mark.parametrize("table", SEALED)
def test_the_orm_cannot_change_a_sealed_row(table, writing):
    row = FACTORIES[table]()
    rows = type(row).objects.filter(pk=row.pk)
    column = next(one.name for one in row._meta.concrete_fields if not one.primary_key)
    writes = [
        row.save,
        row.delete,
        rows.delete,
        lambda: rows.update(**{column: getattr(row, column)}),
        lambda: type(row).objects.bulk_update([row], [column]),
    ]

    answers = [refused(write) for write in writes]

    assert ["sealed" in answer for answer in answers] == [True] * 5
    assert rows.exists()


@pytest.mark.django_db
def test_going_back_in_migrations_and_forth_again_seals_again():
    """What migrations do to seals, in their order and without the tables that they make."""
    known = MigrationLoader(None).disk_migrations
    migrations = [known[key] for key in sorted(known) if key[0] == "documents"]
    steps = [step for migration in migrations for step in migration.operations if isinstance(step, Seal)]
    editor = SimpleNamespace(connection=connection)

    for step in reversed(steps):
        step.database_backwards("documents", editor, None, None)
    without = sealed_tables(connection)
    for step in steps:
        step.database_forwards("documents", editor, None, None)

    assert (without, sealed_tables(connection)) == ({}, dict.fromkeys(SEALED, 2))


# ---- an edition is what was issued, and stays it


def rename_everything(group: Any) -> None:
    """Each thing that an edition prints gets another name, and each sentence another wording."""
    other = Text.of("Quite another name")
    make.reword(group, name=other, short_name=Text.of("Others"), place=other)
    named: list[Any] = [Body, ResponsibleArea, Room, City]
    for thing in (thing for model in named for thing in model.objects.all()):
        make.reword(thing, name=other)
    for resolution in Resolution.objects.all():
        make.reword(resolution, title=other)
    for row in PlanRow.objects.all():
        make.reword(row, title_as_printed=other, symbol_as_printed="AG/RES. 1 (I-O/71)")
    for thing in (*Mandate.objects.all(), *Note.objects.all()):
        make.reword(thing, text=other)
    for paragraph in Paragraph.objects.all():
        make.reword(paragraph, text=Text.of("Quite another sentence, without a note."))
    make.reword(group.plan, title=other)


def text_of_the_page(client: Any, edition: Edition) -> str:
    """The words between the frame's head and foot, which show the group as it is called today."""
    main = re.search(r"<main.*</main>", client.get(edition.get_absolute_url()).text, re.DOTALL)
    assert main
    return main[0]


def test_later_names_change_no_byte_of_an_edition(group, client):
    edition = make.issue(group, "public")

    def bytes_of_it() -> list[Any]:
        files = [client.get(f"{edition.get_absolute_url()[:-1]}.{kind}").content for kind in ("pdf", "json")]
        return [text_of_the_page(client, edition), *files, client.get(f"/{group.slug}/calendar.pdf").content]

    before = bytes_of_it()
    rename_everything(group)

    assert bytes_of_it() == before
    assert "Quite another" in str(working_text(group.plan).json_text)


def test_a_seal_is_the_sha256_of_the_canonical_json_that_readers_get(group, client):
    edition = make.issue(group, "public")

    given = client.get(f"/{group.slug}/work-plan.json").json()

    canonical = json.dumps(given["text"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(canonical.encode()).hexdigest() == edition.sha256 == seal_of(edition.text)
    chain = hashlib.sha256(edition.sha256.encode()).hexdigest()
    assert given["seal"] == {"sha256": edition.sha256, "previous": None, "chain": chain}


def test_files_are_kept_with_their_sums(group):
    edition = make.issue(group)

    kept = {stored.name: bytes(stored.content) for stored in edition.files.all()}

    assert {name: content[:4] for name, content in kept.items()} == {
        "work-plan.pdf": b"%PDF",
        "calendar.pdf": b"%PDF",
        "work-plan.docx": b"PK\x03\x04",
    }
    assert {stored.name: stored.sha256 for stored in edition.files.all()} == {
        name: hashlib.sha256(content).hexdigest() for name, content in kept.items()
    }


# ---- issuing


def issue(group: Any, by: User | None = None, **values: Any) -> Edition:
    seen = values.pop("seen", None) or working_text(group.plan).seal
    source = "page" if by else "command"
    return issue_plan(plan=group.plan, by=by, reason="first circulation", source=source, seen=seen, **values)


def test_issuing_what_changed_since_it_was_seen_is_refused(group):
    seen = working_text(group.plan).seal
    make.reword(group.plan, title=Text.of("Another title"))

    with pytest.raises(WorkingTextHasChanged, match="has changed"):
        issue(group, seen=seen)

    assert not Edition.objects.exists()
    assert not Document.objects.exists()


def test_editions_follow_one_another_and_the_same_text_is_not_issued_twice(group, secretariat):
    first = issue(group, secretariat)
    with pytest.raises(NothingToIssue, match="nothing to issue"):
        issue(group, secretariat)
    make.reword(group.plan, title=Text.of("Second title"))

    second = issue(group, secretariat)

    assert [first.number, second.number] == [1, 2]
    assert (first.previous, second.previous) == (None, first)
    assert second.change_set.by == secretariat
    assert second.revision.document == first.revision.document


def test_symbols_are_pending_until_given_and_count_revisions_then(group):
    found = []
    for number, symbol in enumerate(["", "CP/CSH-1500/13", ""]):
        make.reword(group.plan, title=Text.of(f"Title {number}"))
        edition = issue(group, symbol=symbol)
        found.append((edition.text["plan"]["symbol"], edition.revision.symbol.state))

    assert found == [
        (None, RegisteredSymbol.State.PENDING),
        ("CP/CSH-1500/13 rev. 1", RegisteredSymbol.State.IN_USE),
        ("CP/CSH-1500/13 rev. 2", RegisteredSymbol.State.IN_USE),
    ]


@pytest.mark.parametrize(
    ("symbol", "says"),
    [
        ("AG/RES. 3999 (XLVIII-O/18)", "without rev., corr. or add."),
        ("CP/CSH-1500/13 rev. 2", "without rev., corr. or add."),
        ("MISPA/INF. /08", "not complete"),
        ("my own paper", "symbol"),
        ("CP/doc.77/13", "taken"),
    ],
)
def test_issuing_under_a_symbol_that_cannot_be_is_refused(symbol, says, group):
    with changes(by=None, reason="a paper with a symbol", source="command"):
        taken = make.DocumentSymbolFactory(canonical="CP/doc.77/13", slug="cp-doc-77-13")
        make.RevisionFactory(document__base="CP/doc.77/13", symbol=taken)

    with pytest.raises(ValidationError, match=re.escape(says)):
        issue(group, symbol=symbol)

    assert not Edition.objects.exists()


def test_an_edition_notes_the_symbols_that_it_prints(group):
    row = PlanRow.objects.get()

    edition = issue(group)

    assert [mention.symbol for mention in EditionMention.objects.filter(edition=edition)] == [row.resolution.symbol]


# ---- releasing


@pytest.fixture
def edition(group):
    with changes(by=None, reason="an edition", source="command"):
        document = make.DocumentFactory(group=group, plan=group.plan, is_public=False)
        return make.EditionFactory(plan=group.plan, revision__document=document)


def release(edition: Edition, audience: str, by: User, consent: str = "") -> Release:
    return release_plan(
        edition=edition, audience=Release.Audience(audience), by=by, consent=consent, reason="for the meeting"
    )


def test_the_chair_consents_by_releasing(edition, chair):
    released = release(edition, "delegations", chair)

    assert (released.consent, released.change_set.by) == ("given by the chair in person", chair)


def test_the_vice_chair_acts_for_the_chair(edition, vice_chair):
    assert release(edition, "delegations", vice_chair).consent == "given by the chair in person"


def test_the_secretariat_releases_with_the_consent_that_it_records(edition, secretariat):
    released = release(edition, "delegations", secretariat, "by telephone on September 2")

    assert released.consent == "by telephone on September 2"


def test_the_secretariat_cannot_release_without_consent(edition, secretariat):
    with pytest.raises(ValidationError, match="how the chair consented"):
        release(edition, "delegations", secretariat)

    assert not Release.objects.exists()
    assert not ChangeSet.objects.filter(reason="for the meeting").exists()


def test_an_edition_is_opened_to_an_audience_once(edition, chair):
    release(edition, "delegations", chair)

    with pytest.raises(ValidationError, match="already been opened"):
        release(edition, "delegations", chair)

    assert Release.objects.count() == 1


def test_only_a_release_to_everybody_makes_the_paper_public(edition, chair):
    document = edition.revision.document
    found = []
    for audience in ("delegations", "public"):
        release(edition, audience, chair)
        document.refresh_from_db()
        found.append(document.is_public)

    assert found == [False, True]


def test_the_register_shows_the_title_of_the_latest_edition_that_all_its_readers_may_read(edition, chair):
    plan, document = edition.plan, edition.revision.document
    make.reword(plan, title=Text.of("Second title"))
    with changes(by=None, reason="another edition", source="command"):
        revision = make.RevisionFactory(document=document, position=2)
        second = make.EditionFactory(plan=plan, number=2, previous=edition, revision=revision)
    titles = []
    for issued, audience in [
        (edition, "public"),
        (second, "delegations"),
        (second, "public"),
        (edition, "delegations"),
    ]:
        release(issued, audience, chair)
        document.refresh_from_db()
        revision.document.refresh_from_db()
        edition.revision.document.refresh_from_db()
        titles.append(str(document.title))

    assert titles == ["Work plan of the Rivers Group", "Work plan of the Rivers Group", "Second title", "Second title"]


def test_a_release_changes_nothing_of_the_edition(edition, chair):
    before = Edition.objects.values().get()

    release(edition, "public", chair)

    assert Edition.objects.values().get() == before
    assert not EditionFile.objects.exists()
