"""verify_files: what is lost, what was altered, what belongs to no row; and what it sweeps away."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from documents.files.checking import check
from documents.files.storing import store
from documents.models import StoredFile
from tests.writing import made

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    """A storage on disk, as it is in earnest."""
    on_disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    with override_settings(MEDIA_ROOT=tmp_path, STORAGES={"default": on_disk}):
        yield tmp_path


@pytest.fixture
def stored() -> StoredFile:
    found: StoredFile = made(lambda: store(check(b"Depths of rivers", "a.txt")))
    return found


def verify(*options: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_files", *options, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue()
    return 0, out.getvalue()


def test_all_is_as_it_was_sent(stored):
    assert verify() == (0, "files: 1; all is as it was sent\n")


def test_a_storage_without_files_is_right():
    assert verify() == (0, "files: 0; all is as it was sent\n")


@pytest.mark.parametrize("content", [b"Depths of others", b"Depths"], ids=["of the same size", "shorter"])
def test_an_altered_file_is_named(content, folder, stored):
    (folder / stored.content.name).write_bytes(content)

    assert verify() == (1, f"altered: {stored.content.name}\n")


def test_a_lost_file_is_named(folder, stored):
    (folder / stored.content.name).unlink()

    assert verify() == (1, f"lost: {stored.content.name}\n")


def test_what_belongs_to_no_row_is_named_and_swept_away_when_it_is_old(stored):
    default_storage.save("papers/ab/cut-off", ContentFile(b"Dep"))

    assert verify() == verify("--sweep") == (1, "orphaned: papers/ab/cut-off\n")
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert verify("--sweep") == (0, "files: 1; all is as it was sent\n")
    assert not default_storage.exists("papers/ab/cut-off")
    assert default_storage.exists(stored.content.name)


def test_findings_as_json(folder, stored):
    (folder / stored.content.name).unlink()

    code, said = verify("--json")

    finding = {"fault": "lost", "name": stored.content.name, "sha256": stored.sha256}
    assert (code, json.loads(said)) == (1, {"files": 1, "findings": [finding]})
