"""Tables that only grow: the database itself refuses to change, delete or empty their rows.

The triggers are made in migrations. On SQLite a change of a column remakes the table and silently drops them, so a
migration that alters a sealed table ends with `Seal(table)` again; a test looks for every trigger after all migrations.
"""

from collections.abc import Iterable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.operations.base import Operation

_REFUSAL = "sealed: rows of {table} are never changed or deleted"


def _sqlite(table: str) -> list[str]:
    refusal = _REFUSAL.format(table=table)
    return [
        f'CREATE TRIGGER "{table}_sealed_{act.lower()}" BEFORE {act} ON "{table}" '
        f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        for act in ("UPDATE", "DELETE")
    ]


def _postgresql(table: str) -> list[str]:
    refusal = _REFUSAL.format(table=table)
    return [
        f'CREATE OR REPLACE FUNCTION "{table}_refuse"() RETURNS trigger LANGUAGE plpgsql AS '
        f"$$ BEGIN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f'CREATE TRIGGER "{table}_sealed_update" BEFORE UPDATE OR DELETE ON "{table}" '
        f'FOR EACH ROW EXECUTE FUNCTION "{table}_refuse"()',
        # Row triggers do not see TRUNCATE.
        f'CREATE TRIGGER "{table}_sealed_truncate" BEFORE TRUNCATE ON "{table}" '
        f'FOR EACH STATEMENT EXECUTE FUNCTION "{table}_refuse"()',
    ]


def seal(connection: BaseDatabaseWrapper, tables: Iterable[str]) -> None:
    make = _postgresql if connection.vendor == "postgresql" else _sqlite
    with connection.cursor() as cursor:
        for table in tables:
            for statement in make(table):
                cursor.execute(statement)


def unseal(connection: BaseDatabaseWrapper, tables: Iterable[str]) -> None:
    """Only for going back in migrations, and for emptying a test database."""
    on = ' ON "{table}"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for table in tables:
            for act in ("update", "delete", "truncate"):
                cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_sealed_{act}"' + on.format(table=table))


def sealed_tables(connection: BaseDatabaseWrapper) -> dict[str, int]:
    """How many sealing triggers each table has."""
    query = (
        "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%%_sealed_%%'"
        if connection.vendor == "postgresql"
        else "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%%_sealed_%%'"
    )
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(query.replace("%%", "%"))
        for (table,) in cursor.fetchall():
            found[table] = found.get(table, 0) + 1
    return found


class Seal(Operation):
    """Migration operation: seal tables."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, *tables: str) -> None:
        self.tables = tables

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Triggers are no part of the models' state."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        seal(schema_editor.connection, self.tables)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        unseal(schema_editor.connection, self.tables)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, list(self.tables), {}

    def describe(self) -> str:
        return f"Seal {', '.join(self.tables)}"


class Unseal(Seal):
    """Migration operation: open sealed tables for what follows; `Seal` closes them again."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        unseal(schema_editor.connection, self.tables)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        seal(schema_editor.connection, self.tables)

    def describe(self) -> str:
        return f"Unseal {', '.join(self.tables)}"
