"""Rows that a table keeps as they are from a certain state on: the database itself refuses to change or delete them.

As with sealed tables the triggers are made in migrations, and on SQLite a migration that alters a column of the table
drops them silently: it ends with `Freeze` again; a test looks for every trigger after all migrations.
"""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.operations.base import Operation

_REFUSAL = "frozen: these columns of {table} are not changed any more"
_FUNCTION = "{table}_keep_frozen"


def freeze(connection: BaseDatabaseWrapper, table: str, when: str, columns: tuple[str, ...]) -> None:
    """`when` is a condition on the row as it stands, in SQL that both databases know: "OLD.state = 'issued'"."""
    is_postgresql = connection.vendor == "postgresql"
    differs = "IS DISTINCT FROM" if is_postgresql else "IS NOT"
    changed = " OR ".join(f'OLD."{column}" {differs} NEW."{column}"' for column in columns)
    refusal = _REFUSAL.format(table=table)
    function = _FUNCTION.format(table=table)
    act = f"EXECUTE FUNCTION {function}()" if is_postgresql else f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
    with connection.cursor() as cursor:
        if is_postgresql:
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
        for event, condition in (("update", f"{when} AND ({changed})"), ("delete", when)):
            cursor.execute(
                f'CREATE TRIGGER "{table}_frozen_{event}" BEFORE {event.upper()} ON "{table}" '
                f"FOR EACH ROW WHEN ({condition}) {act}"
            )


def thaw(connection: BaseDatabaseWrapper, table: str) -> None:
    """Only for going back in migrations, and for emptying a test database."""
    on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for event in ("update", "delete"):
            cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_frozen_{event}"{on}')


class Freeze(Operation):
    """Migration operation: freeze rows of a table."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str, when: str, columns: tuple[str, ...]) -> None:
        self.table, self.when, self.columns = table, when, columns

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Triggers are no part of the models' state."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        thaw(schema_editor.connection, self.table)
        freeze(schema_editor.connection, self.table, self.when, self.columns)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        thaw(schema_editor.connection, self.table)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, [self.table, self.when, self.columns], {}

    def describe(self) -> str:
        return f"Freeze rows of {self.table}"
