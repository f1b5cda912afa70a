"""The full-text index over the search entries: FTS5 kept by triggers, or GIN over the same words.

Django remakes a SQLite table to alter it and drops its triggers without a word: a migration that alters
``SearchEntry`` must end with ``put_up``.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "parties_searchentry"
FTS = f"{TABLE}_fts"
_GONE = f"INSERT INTO {FTS}({FTS}, rowid, tokens) VALUES ('delete', OLD.id, OLD.tokens);"
_COME = f"INSERT INTO {FTS}(rowid, tokens) VALUES (NEW.id, NEW.tokens);"
SQLITE_UP = [
    f"""CREATE VIRTUAL TABLE {FTS} USING fts5(
        tokens, content='{TABLE}', content_rowid='id', tokenize='unicode61 remove_diacritics 0', prefix='2 3'
    )""",
    f"CREATE TRIGGER {FTS}_insert AFTER INSERT ON {TABLE} BEGIN {_COME} END",
    f"CREATE TRIGGER {FTS}_delete AFTER DELETE ON {TABLE} BEGIN {_GONE} END",
    f"CREATE TRIGGER {FTS}_update AFTER UPDATE OF tokens ON {TABLE} BEGIN {_GONE} {_COME} END",
    f"INSERT INTO {FTS}({FTS}) VALUES ('rebuild')",
]
SQLITE_DOWN = [
    *(f"DROP TRIGGER IF EXISTS {FTS}_{deed}" for deed in ("insert", "delete", "update")),
    f"DROP TABLE IF EXISTS {FTS}",
]
POSTGRES_UP = [
    f"CREATE INDEX {FTS} ON {TABLE} USING gin (array_to_tsvector(string_to_array(tokens, ' ')))",
]
POSTGRES_DOWN = [f"DROP INDEX IF EXISTS {FTS}"]


def put_up(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    take_down(apps, schema_editor)
    _run(schema_editor, SQLITE_UP, POSTGRES_UP)


def take_down(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, SQLITE_DOWN, POSTGRES_DOWN)


def _run(schema_editor: BaseDatabaseSchemaEditor, sqlite: list[str], postgres: list[str]) -> None:
    for statement in sqlite if schema_editor.connection.vendor == "sqlite" else postgres:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("parties", "0002_searchentry")]
    operations = [migrations.RunPython(put_up, take_down)]
