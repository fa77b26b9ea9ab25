"""The empty SQLite database of tests, migrated once for each state of the migrations and copied after that.

Migrating takes most of a minute of a slow processor, and each process of tests begins with it. PostgreSQL is migrated
each time: there it is seen that the migrations work in order.
"""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import django
import pytest
from django.apps import apps
from django.conf import settings
from django.db.backends.signals import connection_created

KEPT: Final = Path(settings.BASE_DIR) / ".local" / "tests"
MADE_IN: Final = (  # what migrations call to make triggers and tables
    "mispa/ground/sealing.py",
    "mispa/ground/freezing.py",
    "documents/searching/tables.py",
)


def _state() -> str:
    """A name for everything that the tables, their triggers and what migrations write into them are made from."""
    told = hashlib.sha256(f"{django.VERSION} {sys.version}".encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        for path in sorted((Path(app.path) / "migrations").glob("*.py")):
            told.update(f"{app.label} {path.name} ".encode() + path.read_bytes())
    for name in MADE_IN:
        told.update((Path(settings.BASE_DIR) / name).read_bytes())
    return told.hexdigest()[:16]


def _migrated() -> Path:
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / f"{_state()}.sqlite3"
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            for older in KEPT.glob("*.sqlite3*"):
                older.unlink()
            made = path.with_suffix(".new")
            made.unlink(missing_ok=True)
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
                cwd=settings.BASE_DIR,
                env=os.environ | {"DATABASE_URL": f"sqlite:///{made}"},
                check=True,
            )
            with closing(sqlite3.connect(made)) as connection:
                connection.execute("PRAGMA journal_mode=DELETE")
            made.replace(path)
    return path


def _fill(connection: Any, **others: Any) -> None:
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        return
    if not connection.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        with closing(sqlite3.connect(f"file:{_migrated()}?mode=ro", uri=True)) as source:
            source.backup(connection.connection)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """pytest-django asks for this before it makes the database; Django's own migrating then finds nothing to do."""
    connection_created.connect(_fill)
    yield
    connection_created.disconnect(_fill)
