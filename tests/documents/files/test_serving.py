"""How a file is answered: its type, its name, its parts, and what the reader has already."""

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from documents.files.checking import check
from documents.files.serving import asked_for, span_of
from documents.files.storing import store
from documents.models import RevisionFile
from tests import factories as make
from tests.documents.files.made import docx, odt, pdf
from tests.writing import made

CONTENT = b"0123456789" * 20_000
SIZE = len(CONTENT)


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-0", (0, 0)),
        ("bytes=2-5", (2, 5)),
        ("bytes=2-", (2, 9)),
        ("bytes=-3", (7, 9)),
        ("bytes=-99", (0, 9)),
        ("bytes=4-99", (4, 9)),
        ("Bytes=4-4", (4, 4)),
        ("bytes=10-", None),
        ("bytes=10-12", None),
        ("bytes=-0", None),
    ],
)
def test_a_range_of_ten_bytes(header, span):
    wanted = asked_for(header)

    assert wanted
    assert span_of(wanted, 10) == span


@pytest.mark.parametrize(
    "header", ["", "bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,4-5", "lines=1-2", "bytes=a-b", "bytes=1-2x"]
)
def test_what_is_no_single_range_counts_as_nothing(header):
    assert asked_for(header) is None


@pytest.fixture
def file(group: Any) -> RevisionFile:
    return served(group, CONTENT, "depths.txt")


def served(group: Any, content: bytes, name: str) -> Any:
    checked = check(content, name)
    revision = made(make.RevisionFactory, document__group=group, document__is_public=True)
    stored = made(lambda: store(checked))
    return made(make.RevisionFileFactory, revision=revision, stored=stored, kind=checked.kind, name=checked.name)


def ask(file: RevisionFile, **headers: str) -> Any:
    return Client().get(file.get_absolute_url(), headers={key.replace("_", "-"): one for key, one in headers.items()})


def test_the_whole_file(file):
    answer = ask(file)

    assert (answer.status_code, answer.getvalue()) == (200, CONTENT)
    assert answer["Content-Length"] == str(SIZE)
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["ETag"] == f'"{file.stored.sha256}"'
    assert (answer["Cache-Control"], answer["Vary"].split(", ")[0]) == ("private, no-cache", "Cookie")


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (pdf(), "Informe.pdf", "application/pdf"),
        (docx(), "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (odt(), "a.odt", "application/vnd.oasis.opendocument.text"),
        (b"Depths", "a.txt", "text/plain; charset=utf-8"),
        (b"# Depths", "a.md", "text/markdown; charset=utf-8"),
    ],
)
def test_a_file_is_always_something_to_keep_and_of_its_type(content, name, media_type, group):
    answer = ask(served(group, content, name))

    assert answer["Content-Type"] == media_type
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'


def test_a_name_with_accents_is_told_in_the_way_of_the_standard(group):
    answer = ask(served(group, b"Depths", "año.txt"))

    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''a%C3%B1o.txt"


def test_a_part_of_the_file(file):
    answer = ask(file, range="bytes=65530-131080")

    assert (answer.status_code, answer.getvalue()) == (206, CONTENT[65530:131081])
    assert answer["Content-Range"] == f"bytes 65530-131080/{SIZE}"
    assert answer["Content-Length"] == "65551"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == 'attachment; filename="depths.txt"'


def test_a_part_that_is_not_there(file):
    answer = ask(file, range=f"bytes={SIZE}-")

    assert (answer.status_code, answer["Content-Range"], answer.content) == (416, f"bytes */{SIZE}", b"")


def test_a_part_of_what_the_reader_has_the_beginning_of(file):
    same, other = f'"{file.stored.sha256}"', '"another"'

    assert ask(file, range="bytes=0-1", if_range=same).status_code == 206
    assert ask(file, range="bytes=0-1", if_range=other).status_code == 200


def test_what_the_reader_has_already(file):
    answer = ask(file, if_none_match=f'"{file.stored.sha256}"', range="bytes=0-1")

    assert (answer.status_code, answer.content) == (304, b"")
    assert ask(file, if_match='"another"').status_code == 412


def test_only_the_head(file):
    answer = Client().head(file.get_absolute_url(), headers={"range": "bytes=0-1"})

    assert (answer.status_code, answer.content, answer["Content-Length"]) == (200, b"", str(SIZE))


def test_a_file_that_the_storage_lost_is_not_there(file, caplog):
    default_storage.delete(file.stored.content.name)

    answer = ask(file)

    assert answer.status_code == 404
    assert "cannot be found in the storage" in answer.content.decode()
    assert file.stored.content.name in caplog.text
