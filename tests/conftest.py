"""What all tests share: people in their roles, a small group, and a database that can be emptied between tests."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.commands.flush import Command as Flush
from django.db import connections, transaction
from django.test import Client, override_settings
from django.utils import translation

from documents.models import FROZEN, SEALED
from documents.printing import files
from mandates.models import WorkingGroup
from mispa.ground.changes import changes
from mispa.ground.freezing import freeze, thaw
from mispa.ground.models import User
from mispa.ground.sealing import seal, unseal
from tests import factories
from tests.migrated import django_db_modify_db_settings as django_db_modify_db_settings


@pytest.fixture(scope="session", autouse=True)
def _flush_knows_seals() -> Iterator[None]:
    """Emptying the database after a test is the one thing that may unseal it."""
    plain = Flush.handle

    def unsealed(self: Flush, **options: Any) -> None:
        connection = connections[options["database"]]
        unseal(connection, SEALED)
        for table in FROZEN:
            thaw(connection, table)
        try:
            plain(self, **options)
        finally:
            seal(connection, SEALED)
            for table, (when, columns) in FROZEN.items():
                freeze(connection, table, when, columns)

    patch = pytest.MonkeyPatch()
    patch.setattr(Flush, "handle", unsealed)
    yield
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def _settings_of_tests() -> Iterator[None]:
    """No collectstatic before tests, files in memory, quick hashes for made-up passwords, and no redirect to HTTPS."""
    in_memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        STORAGES={"default": in_memory, "staticfiles": plain},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        SECURE_SSL_REDIRECT=False,
    ):
        yield


@pytest.fixture(autouse=True)
def _language_of_tests() -> Iterator[None]:
    """The language in which a page was answered stays active in the thread; the next test begins without it."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _cache_of_tests() -> None:
    """What a test left there is of a database that is gone; another may give the same numbers to other rows."""
    cache.clear()


@pytest.fixture(scope="module")
def module_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """For what the tests of a module share: written once, undone after the last. Each is marked `django_db` as well."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def writing(db: None) -> Iterator[None]:
    """All writes of the test are one change-set of the system."""
    with changes(by=None, reason="made for a test", source="command"):
        yield


@pytest.fixture
def group(db: None) -> WorkingGroup:
    """A public group with a plan: one paragraph with a note, one row with one mandate and an area, one meeting."""
    return factories.whole_group()


@pytest.fixture(scope="session", autouse=True)
def _papers_of_2013_are_made_once() -> Iterator[None]:
    """Its twelve papers take seven seconds, and are the same each time: a process of tests makes each of them once.

    Likewise each sheet, which every reader of the same rights gets.
    """
    made, kept = files.made, dict[str, bytes]()

    def remembered(inputs: dict[str, Any]) -> bytes:
        if "sheet" not in inputs and inputs["envelope"]["text"]["group"]["slug"] != "mispa-iv":
            return made(inputs)
        key = files.key_of(inputs | {"edition": None})  # its number in the database goes into no file
        if key not in kept:
            kept[key] = made(inputs)
        return kept[key]

    patch = pytest.MonkeyPatch()
    patch.setattr(files, "made", remembered)
    yield
    patch.undo()


def load_mispa_iv() -> WorkingGroup:
    """The working group of 2013, as the fixture tells it, entered at one and the same instant in all tests."""
    at = datetime(2013, 8, 30, 15, tzinfo=UTC)
    with changes(by=None, reason="the group of 2013", source="command", at=at):
        call_command("load_mispa_iv", verbosity=0)
    return WorkingGroup.objects.get(slug="mispa-iv")


@pytest.fixture
def mispa_iv(db: None) -> WorkingGroup:
    return load_mispa_iv()


@pytest.fixture
def secretariat(group: WorkingGroup) -> User:
    return factories.member(group, "secretariat")


@pytest.fixture
def chair(group: WorkingGroup) -> User:
    return factories.member(group, "chair")


@pytest.fixture
def vice_chair(group: WorkingGroup) -> User:
    return factories.member(group, "vice-chair")


@pytest.fixture
def delegate(group: WorkingGroup) -> User:
    return factories.member(group, "delegate")


@pytest.fixture
def administrator(db: None) -> User:
    return factories.UserFactory(username="administrator", is_staff=True, is_superuser=True)


@pytest.fixture
def outsider(db: None) -> User:
    """Signed in, without a role in any group."""
    return factories.UserFactory(username="outsider")


@pytest.fixture
def as_secretariat(secretariat: User) -> Client:
    return signed_in(secretariat)


@pytest.fixture
def as_chair(chair: User) -> Client:
    return signed_in(chair)


@pytest.fixture
def as_delegate(delegate: User) -> Client:
    return signed_in(delegate)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
