"""The secretariat puts files to the states of papers; readers of the paper get them, until then and from then on."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client, override_settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from documents.actions import (
    add_file,
    issue_revision,
    restore_file,
    revise_file,
    withdraw_file,
    withdraw_revision,
)
from documents.files.checking import CheckedFile, check, clean_name
from documents.files.receiving import WithinBounds
from documents.files.storing import store
from documents.kinds import REGISTER
from documents.models import FileText, Revision, RevisionFile, SearchEntry, StoredFile
from documents.reading.asof import query_for
from documents.reading.files import files_of
from documents.searching.finding import search
from documents.searching.indexing import rebuild
from documents.searching.reader import Reader
from documents.searching.sources import LONGEST
from documents.searching.words import read
from mandates.symbols import REGISTERED
from mispa.ground.changes import changes
from mispa.ground.editing import ChangedMeanwhile
from mispa.ground.models import ChangeSet
from mispa.ground.openings import latest_change
from mispa.ground.reverting import CannotUndo, undo
from tests import factories as make
from tests.conftest import signed_in
from tests.documents.files.made import docx
from tests.writing import errors, made, opened, said

NOBODY = AnonymousUser()
LIMITED = {"document__distribution": "limited", "document__is_public": False}


@pytest.fixture
def working(group: Any) -> Revision:
    """A public paper that is not issued yet."""
    how = {"document__group": group, "document__is_public": True, "document__original_languages": "es"}
    revision: Revision = made(make.RevisionFactory, state="working", **how)
    return revision


@pytest.fixture
def issued(group: Any) -> Revision:
    revision: Revision = made(make.RevisionFactory, document__group=group, document__is_public=True)
    return revision


def text(words: str = "Depths of the Paraguay", name: str = "depths.txt") -> CheckedFile:
    return check(words.encode(), name)


def add(revision: Revision, by: Any, file: CheckedFile | None = None, language: str = "en") -> RevisionFile:
    return add_file(revision=revision, by=by, reason="came by mail", file=file or text(), language=language)


def act(do: Any, file_row: RevisionFile, by: Any, **values: Any) -> Any:
    return do(file_row=file_row, by=by, reason="a better one", opened_from=latest_change(), **values)


def issue(revision: Revision, by: Any, opened_from: int | None = None) -> Revision:
    seen = latest_change() if opened_from is None else opened_from
    return issue_revision(revision=revision, by=by, reason="for the meeting", opened_from=seen)


def upload(client: Client, address: str, content: bytes, name: str, **more: str) -> Any:
    form = {key: value for key, value in opened(client, address).items() if key != "file"}
    return client.post(address, form | {"reason": "came by mail", "file": SimpleUploadedFile(name, content)} | more)


# ---- storing


def test_the_same_content_is_stored_once(working, issued, secretariat):
    first, second = add(working, secretariat), add(issued, secretariat, text(name="other.md"))

    assert first.stored == second.stored
    assert (first.kind, second.kind) == ("txt", "md")
    assert StoredFile.objects.count() == 1
    with first.stored.content.open() as content:
        assert content.read() == b"Depths of the Paraguay"


@pytest.mark.django_db
def test_nothing_stays_of_what_is_not_saved():
    names: list[str] = []

    def cut_off() -> None:
        names.append(store(text("Half of a text")).place)
        assert default_storage.exists(names[0])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        made(cut_off)

    assert not default_storage.exists(names[0])
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_nothing_stays_of_what_the_storage_could_not_take(monkeypatch):
    """Its disk is full when half of the file is written."""

    def half(storage: Any, name: str, content: Any, max_length: Any = None) -> str:
        taken.append(storage._save(name, ContentFile(content.read(3))))
        raise OSError("no space left on device")

    taken: list[str] = []
    monkeypatch.setattr(InMemoryStorage, "save", half)
    with pytest.raises(OSError, match="no space"), changes(by=None, reason="a full disk", source="command"):
        store(text("A text for a full disk"))

    assert taken
    assert not default_storage.exists(taken[0])


@pytest.mark.django_db
def test_who_sends_again_what_was_lost_puts_it_back():
    with changes(by=None, reason="made for a test", source="command"):
        stored = store(text("Lost and sent again"))
        default_storage.delete(stored.content.name)
        store(text("Lost and sent again"))

    assert default_storage.exists(stored.content.name)


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("MISPA IV doc. 3-13 esp.PDF", "MISPA-IV-doc.-3-13-esp.pdf"),
        ("C:\\Documents\\Informe anual.pdf", "Informe-anual.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("año\u202egpj.pdf", "año-gpj.pdf"),
        ('a"; filename=b.exe.pdf', "a-filename-b.exe.pdf"),
        (".pdf", "pdf.pdf"),
        ("///.pdf", "pdf.pdf"),
        ("ж" * 300 + ".pdf", "ж" * 100 + ".pdf"),
    ],
)
def test_a_name_is_cleaned(name, cleaned):
    assert clean_name(name, "pdf") == cleaned


def test_a_file_that_is_too_large_is_not_held(settings):
    settings.LARGEST_FILE = 1_000
    handler = WithinBounds()
    handler.new_file("file", "a.txt", "text/plain", 0)
    for start in range(0, 3_000, 500):
        handler.receive_data_chunk(b"a" * 500, start)

    received = handler.file_complete(3_000)

    assert (received.size, received.read(), handler.parts) == (3_000, b"", [])


# ---- by whom, and until when


def test_the_secretariat_adds_a_file_on_the_page(working, as_secretariat):
    address = f"/documents/revisions/{working.pk}/files/new/"
    assert opened(as_secretariat, address)["language"] == "es"

    answer = upload(as_secretariat, address, docx(), "Informe final.docx")

    assert answer.url == f"{working.get_absolute_url()}#files"
    file = RevisionFile.objects.get()
    assert (file.kind, file.language, file.name, file.is_issued) == ("docx", "es", "Informe-final.docx", False)
    assert file.history.get().change_set.reason == "came by mail"
    assert f'href="{file.get_absolute_url()}"' in as_secretariat.get(working.get_absolute_url()).content.decode()


def test_a_refused_file_leaves_nothing_and_keeps_what_was_typed(working, as_secretariat):
    address = f"/documents/revisions/{working.pk}/files/new/"

    page = upload(as_secretariat, address, b"MZ\0", "Informe.pdf", language="fr", reason="because of the annex")

    assert errors(page) == {"file": ["This is no PDF, Word, OpenDocument or text file. Save it as one of these first."]}
    assert page.context["form"]["reason"].value() == "because of the annex"
    assert page.context["form"]["language"].value() == "fr"
    assert "only the file has to be chosen again" in page.content.decode()
    assert not RevisionFile.objects.exists()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(("came", "saved"), [(0.3, 0), (0.6, 0), (0.99, 0), (1, 1)])
def test_an_upload_that_is_cut_off_leaves_nothing(came, saved, working, as_secretariat):
    """The line breaks while the file is on its way, after all that was typed has come; or it does not break."""
    form = {"language": "es", "reason": "came by mail", "file": SimpleUploadedFile("a.txt", b"Depths. " * 10_000)}
    whole = encode_multipart(BOUNDARY, form)

    as_secretariat.generic(
        "POST",
        f"/documents/revisions/{working.pk}/files/new/",
        whole[: int(len(whole) * came)],
        content_type=MULTIPART_CONTENT,
    )

    assert RevisionFile.objects.count() == StoredFile.objects.count() == saved


def test_a_second_file_of_a_kind_and_language_is_refused_beside_the_file(working, secretariat, as_secretariat):
    add(working, secretariat)

    page = upload(
        as_secretariat, f"/documents/revisions/{working.pk}/files/new/", b"Other depths", "b.txt", language="en"
    )

    assert errors(page) == {"file": ["There is a file of this kind in this language; replace that one."]}
    assert StoredFile.objects.count() == 1


def test_a_file_of_a_working_text_is_replaced_with_its_history(working, secretariat, as_secretariat):
    file = add(working, secretariat)
    before = file.stored

    answer = upload(as_secretariat, f"/documents/files/{file.pk}/edit/", b"Deeper depths", "deeper.md")

    assert said(answer) == ["Saved."]
    file.refresh_from_db()
    assert (file.name, file.kind) == ("deeper.md", "md")
    assert [row.stored_id for row in file.history.order_by("history_id")] == [before.pk, file.stored_id]
    assert "depths.txt" in as_secretariat.get(f"/documents/files/{file.pk}/history/").content.decode()


def test_a_state_that_is_brought_back_brings_its_content(working, secretariat, as_secretariat):
    file = add(working, secretariat)
    first, seen = file.stored, latest_change()
    act(revise_file, file, secretariat, file=text("Deeper depths", "deeper.md"), language="en")
    address = f"/documents/files/{file.pk}/revert/?to={seen}"

    answer = as_secretariat.post(address, opened(as_secretariat, address) | {"reason": "it was the right one"})

    assert said(answer) == ["Brought back."]
    after = RevisionFile.objects.get()
    assert (after.name, after.kind, after.stored) == ("depths.txt", "txt", first)


def test_only_the_language_of_a_file_may_be_changed(working, secretariat, as_secretariat):
    file = add(working, secretariat)
    address = f"/documents/files/{file.pk}/edit/"
    form = {key: value for key, value in opened(as_secretariat, address).items() if key != "file"}

    as_secretariat.post(address, form | {"reason": "it is in French", "language": "fr"})

    after = RevisionFile.objects.get()
    assert (after.language, after.stored, after.name) == ("fr", file.stored, file.name)


def test_a_file_of_a_working_text_is_withdrawn_and_restored(working, secretariat):
    file = add(working, secretariat)

    act(withdraw_file, file, secretariat)
    assert not RevisionFile.objects.visible_to(secretariat).exists()

    act(restore_file, file, secretariat)
    assert RevisionFile.objects.visible_to(secretariat).get() == file


def test_the_files_of_an_issued_text_never_change(working, secretariat):
    file, gone = add(working, secretariat), add(working, secretariat, language="pt")
    act(withdraw_file, gone, secretariat)
    issue(working, secretariat)

    for do, one, values in (
        (revise_file, file, {"file": text("Other depths"), "language": "en"}),
        (withdraw_file, file, {}),
        (restore_file, gone, {}),
    ):
        with pytest.raises(ValidationError, match="its files stay as they are"):
            act(do, one, secretariat, **values)
    assert RevisionFile.objects.visible_to(NOBODY).get() == file


@pytest.mark.parametrize(
    "change",
    ["name = 'b.txt'", "language = 'fr'", "is_withdrawn = true", "is_issued = false", "stored_id = stored_id + 1"],
)
def test_the_database_keeps_the_files_of_an_issued_text(change, issued, secretariat):
    add(issued, secretariat)

    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE documents_revisionfile SET {change}")


def test_the_database_keeps_what_is_stored(working, secretariat):
    add(working, secretariat)

    for statement in ("UPDATE documents_storedfile SET size = 1", "DELETE FROM documents_storedfile"):
        with pytest.raises(IntegrityError, match="sealed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_translation_comes_to_an_issued_text_for_ever(issued, secretariat, as_secretariat):
    address = f"/documents/revisions/{issued.pk}/files/new/"
    assert "can neither be replaced nor withdrawn" in as_secretariat.get(address).content.decode()

    upload(as_secretariat, address, b"Profundidades", "es.txt", language="es")

    file = RevisionFile.objects.get()
    assert file.is_issued
    with pytest.raises(ValidationError, match="its files stay as they are"):
        act(withdraw_file, file, secretariat)


def test_what_added_a_file_to_an_issued_text_is_not_undone(issued, secretariat):
    file = add(issued, secretariat)

    with pytest.raises(CannotUndo, match="its files stay as they are"):
        undo(ChangeSet.objects.latest("pk"), register=REGISTER, by=secretariat, reason="a mistake")

    assert RevisionFile.objects.visible_to(NOBODY).get() == file


def test_another_file_from_the_form_of_an_issued_one_is_refused_in_words(issued, as_secretariat):
    """Sent, then Back, another one chosen, and sent again."""
    address = f"/documents/revisions/{issued.pk}/files/new/"
    form = {key: value for key, value in opened(as_secretariat, address).items() if key != "file"}
    form |= {"reason": "came by mail", "language": "es"}
    as_secretariat.post(address, form | {"file": SimpleUploadedFile("es.txt", b"Profundidades")})

    page = as_secretariat.post(address, form | {"file": SimpleUploadedFile("es.txt", b"Otras profundidades")})

    assert "its files stay as they are" in page.content.decode()
    assert StoredFile.objects.get().of_revisions.count() == 1


def test_the_page_that_issues_a_text_names_its_files(working, secretariat, as_secretariat):
    add(working, secretariat)

    page = as_secretariat.get(f"/documents/revisions/{working.pk}/issue/").content.decode()

    assert "depths.txt (English)" in page
    assert "A translation may still be added later." in page


def test_who_issues_a_text_has_seen_its_files(working, secretariat):
    seen = latest_change()
    file = add(working, secretariat)

    with pytest.raises(ChangedMeanwhile):
        issue(working, secretariat, opened_from=seen)

    working.refresh_from_db()
    file.refresh_from_db()
    assert (working.state, file.is_issued) == ("working", False)


def test_a_text_with_files_can_be_withdrawn_and_its_files_go_with_it(working, secretariat):
    issue(working, secretariat)
    add(working, secretariat)
    made(make.RevisionFactory, document=working.document, position=2)

    withdraw_revision(revision=working, by=secretariat, reason="a mistake", opened_from=latest_change())

    assert not RevisionFile.objects.visible_to(secretariat).exists()


# ---- for readers


def test_the_original_comes_first_then_languages_and_kinds(working, secretariat):
    for language, name in (("mul", "a.txt"), ("en", "a.txt"), ("en", "a.md"), ("es", "a.md")):
        add(working, secretariat, text(name=name), language=language)

    lines = files_of(secretariat, working)

    assert [(one.file.language, one.file.kind, one.is_original) for one in lines] == [
        ("es", "md", True),
        ("en", "txt", False),
        ("en", "md", False),
        ("mul", "txt", False),
    ]


def test_a_page_of_the_past_names_the_files_of_then(working, secretariat, as_secretariat):
    kept, replaced = add(working, secretariat), add(working, secretariat, language="fr")
    at = ChangeSet.objects.latest("pk").at
    act(revise_file, replaced, secretariat, file=text("Deeper depths", "deeper.md"), language="fr")

    page = as_secretariat.get(working.get_absolute_url() + query_for(at)).content.decode()

    assert f'href="{kept.get_absolute_url()}"' in page
    assert "French, plain text" in page
    assert "deeper.md" not in page


def test_a_page_asks_as_often_for_three_files_as_for_one(working, secretariat, as_secretariat):
    asked = []
    for languages in (["en"], ["es", "fr"]):
        for language in languages:
            add(working, secretariat, language=language)
        with CaptureQueriesContext(connection) as queries:
            as_secretariat.get(working.get_absolute_url())
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_a_file_of_a_working_text_is_for_those_who_prepare_it(working, secretariat, as_delegate, as_secretariat):
    address = add(working, secretariat).get_absolute_url()

    assert [client.get(address).status_code for client in (Client(), as_delegate, as_secretariat)] == [404, 404, 200]

    issue(working, secretariat)

    assert [client.get(address).status_code for client in (Client(), as_delegate)] == [200, 200]


def test_of_a_hidden_file_no_answer_says_anything(group, secretariat, outsider):
    """Whatever is asked, the answer is the one for a file that never was."""
    limited = made(make.RevisionFactory, document__group=group, **LIMITED)
    file = add(limited, secretariat, text("Secretword"))

    def told(client: Client, pk: str, name: str, headers: dict[str, str]) -> tuple[int, str]:
        answer = client.get(f"/documents/files/{pk}/{name}", headers=headers)
        return answer.status_code, re.sub('csrfmiddlewaretoken" value=".+?"', "", answer.content.decode()).replace(
            pk, ""
        )

    for client in (Client(), signed_in(outsider)):
        for headers in ({}, {"range": "bytes=0-3"}, {"if-none-match": f'"{file.stored.sha256}"'}):
            for name in (file.name, "wrong.txt"):
                answer = told(client, str(file.pk), name, headers)
                assert answer == told(client, "00000000-0000-4000-8000-000000000000", name, headers)
                assert answer[0] == 404


def test_the_name_that_a_file_had_leads_to_the_one_that_it_has(issued, secretariat):
    file = add(issued, secretariat)

    answer = Client().get(f"/documents/files/{file.pk}/old.txt")

    assert (answer.status_code, answer.url) == (302, file.get_absolute_url())


# ---- search


def found(typed: str, user: Any = NOBODY) -> list[tuple[str, str]]:
    with override("en"):
        hits = search(Reader(user), read(typed, REGISTERED)).hits
    return [(str(hit.thing), "".join(piece.text for piece in hit.excerpt)) for hit in hits]


def test_the_text_of_a_file_finds_its_paper_with_a_piece_of_it(issued, secretariat):
    add(issued, secretariat, text("La profundidad del Paraná en invierno", "a.txt"), language="es")

    assert found("parana invierno") == [(str(issued), "La profundidad del Paraná en invierno")]
    entries = SearchEntry.objects.filter(part=issued.pk, text__contains="Paraná")
    assert [entry.language for entry in entries] == ["es"]


def test_the_text_of_a_file_is_found_by_who_may_have_it(working, secretariat, delegate):
    file = add(working, secretariat)

    assert [bool(found("Paraguay", user)) for user in (NOBODY, delegate, secretariat)] == [False, False, True]

    act(withdraw_file, file, secretariat)

    assert found("Paraguay", secretariat) == []


def test_a_word_far_behind_in_a_long_text_is_found_and_shown(issued, secretariat):
    add(issued, secretariat, text("depth " * (LONGEST // 6 + 100) + "Pilcomayo is the deepest"))

    ((_thing, excerpt),) = found("Pilcomayo")

    assert "Pilcomayo is the deepest" in excerpt


def test_the_index_is_made_again_without_the_files(issued, secretariat):
    add(issued, secretariat)
    before = list(SearchEntry.objects.order_by("pk").values_list("text_words", flat=True))
    with override_settings(STORAGES={"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}):
        for _progress in rebuild():
            pass

    assert list(SearchEntry.objects.order_by("pk").values_list("text_words", flat=True)) == before
    assert FileText.objects.get().words == "depths of the paraguay"
