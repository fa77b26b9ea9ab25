"""The full-text index of each database, and how it is asked.

PostgreSQL keeps a column `vector`: every word as it is written, and as the configuration of the entry's language stems
it. Accents are gone before, in `words`, so that the extension unaccent is not needed. pg_trgm finds near misses; any
owner of a database may create it from PostgreSQL 13 on, and where nobody did there are none. SQLite keeps a table
`documents_search` of FTS5, without words of its own, which three triggers hold in step.

A later change of a column makes SQLite's table anew and drops the triggers, so that such a migration ends with
`FullText()` again; the tests of the search would all fail.
"""

from typing import Any, Final

from django.db import DatabaseError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.operations.base import Operation
from django.db.models import FloatField, QuerySet
from django.db.models.expressions import RawSQL

from documents.searching.words import Query, Word

ENTRIES: Final = "documents_searchentry"
CONFIGURATIONS: Final = {"en": "english", "es": "spanish", "fr": "french", "pt": "portuguese"}
_WORDS: Final = "title_words || ' ' || text_words"
_STEMS: Final = " ".join(
    f"WHEN '{language}' THEN to_tsvector('{name}'::regconfig, {_WORDS})" for language, name in CONFIGURATIONS.items()
)
_POSTGRESQL: Final = [
    f"ALTER TABLE {ENTRIES} ADD COLUMN IF NOT EXISTS vector tsvector GENERATED ALWAYS AS ("
    f"strip(to_tsvector('simple'::regconfig, {_WORDS}) || CASE language {_STEMS} ELSE ''::tsvector END)) STORED",
    f"CREATE INDEX IF NOT EXISTS {ENTRIES}_vector ON {ENTRIES} USING gin (vector) WITH (fastupdate = off)",
]
_TRIGRAMS: Final = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    f"CREATE INDEX IF NOT EXISTS {ENTRIES}_trigrams ON {ENTRIES} USING gin (title_words gin_trgm_ops)",
]
_OLD: Final = (
    "INSERT INTO documents_search (documents_search, rowid, title_words, text_words) "
    "VALUES ('delete', old.id, old.title_words, old.text_words);"
)
_NEW: Final = (
    "INSERT INTO documents_search (rowid, title_words, text_words) VALUES (new.id, new.title_words, new.text_words);"
)
_SQLITE: Final = [
    "CREATE VIRTUAL TABLE IF NOT EXISTS documents_search USING fts5(title_words, text_words, "
    f"content='{ENTRIES}', content_rowid='id', tokenize='unicode61 remove_diacritics 0', prefix='2 3 4', "
    "detail='none', columnsize=0)",
    f"CREATE TRIGGER IF NOT EXISTS {ENTRIES}_found AFTER INSERT ON {ENTRIES} BEGIN {_NEW} END",
    f"CREATE TRIGGER IF NOT EXISTS {ENTRIES}_lost AFTER DELETE ON {ENTRIES} BEGIN {_OLD} END",
    f"CREATE TRIGGER IF NOT EXISTS {ENTRIES}_reworded AFTER UPDATE OF title_words, text_words ON {ENTRIES} "
    f"BEGIN {_OLD} {_NEW} END",
]


def make(database: BaseDatabaseWrapper) -> None:
    with database.cursor() as cursor:
        for statement in _POSTGRESQL if database.vendor == "postgresql" else _SQLITE:
            cursor.execute(statement)
    make_trigrams(database)


def make_trigrams(database: BaseDatabaseWrapper) -> None:
    """Only where this account may create the extension, or somebody has."""
    if database.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=database.alias), database.cursor() as cursor:
            for statement in _TRIGRAMS:
                cursor.execute(statement)
    except DatabaseError:
        return


def unmake(database: BaseDatabaseWrapper) -> None:
    """Only for going back in migrations. The extension stays: others may use it."""
    if database.vendor == "postgresql":
        statements = [f"DROP INDEX IF EXISTS {ENTRIES}_trigrams", f"ALTER TABLE {ENTRIES} DROP COLUMN vector"]
    else:
        triggers = [f"DROP TRIGGER IF EXISTS {ENTRIES}_{act}" for act in ("found", "lost", "reworded")]
        statements = [*triggers, "DROP TABLE IF EXISTS documents_search"]
    with database.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


class FullText(Operation):
    """Migration operation: the full-text index of the entries."""

    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """It is no part of the models' state."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        make(schema_editor.connection)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        unmake(schema_editor.connection)

    def describe(self) -> str:
        return "Index the entries of the search"


def matching(entries: QuerySet[Any], query: Query) -> QuerySet[Any]:
    """Those that have all the words, the latest entered first. Both databases walk them in this order and can stop."""
    if connection.vendor == "postgresql":
        parts = [_tsquery(word) for word in query.words]
        where = f"{ENTRIES}.vector @@ ({' && '.join(sql for sql, _params in parts)})"
        found = entries.extra(where=[where], params=[value for _sql, params in parts for value in params])  # noqa: S610
        return found.order_by("-id")
    wanted = " ".join(f'"{word.stem}"' + "*" * (not word.is_whole) for word in query.words)
    return entries.extra(  # noqa: S610 (no part of it is typed by anybody)
        tables=["documents_search"],
        where=["documents_search MATCH %s", f"documents_search.rowid = {ENTRIES}.id"],
        params=[wanted],
        order_by=["-documents_search.rowid"],
    )


def _tsquery(word: Word) -> tuple[str, list[str]]:
    if word.is_whole:
        return "to_tsquery('simple', %s)", [f"'{word.text}'"]
    stems = " || ".join(f"plainto_tsquery('{name}', %s)" for name in CONFIGURATIONS.values())
    return f"(to_tsquery('simple', %s) || {stems})", [f"'{word.stem}':*", *[word.text] * len(CONFIGURATIONS)]


def near(entries: QuerySet[Any], query: Query) -> QuerySet[Any]:
    """Those whose title has words much like these, the nearest first; none where the database cannot tell."""
    typed = " ".join(word.text for word in query.words)
    if connection.vendor != "postgresql" or not _has_trigrams():
        return entries.none()
    nearness = RawSQL(f"word_similarity(%s, {ENTRIES}.title_words)", [typed], output_field=FloatField())  # noqa: S611
    found = entries.extra(where=[f"%s <%% {ENTRIES}.title_words"], params=[typed])  # noqa: S610
    nearest: QuerySet[Any] = found.annotate(nearness=nearness).order_by("-nearness", "-id")
    return nearest


def _has_trigrams() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        return cursor.fetchone() is not None
