"""Append-only, enforced by the database itself: whoever gets past Hilo's code still cannot edit history.

Django remakes a SQLite table to alter it, which drops its triggers without a word: a migration that alters
one of these tables must end with ``install``. ``hilo verify`` names a guard that is missing or disabled.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

HISTORY = ("ledger_ledgerevent", "ledger_eventobject")
TEXTS = "ledger_privatetext"
TABLES = (*HISTORY, TEXTS)

_REFUSED = "the ledger is append-only"
_SAME_ROW = {
    "ledger_ledgerevent": "id = NEW.id OR (chain = NEW.chain AND seq = NEW.seq)",
    "ledger_eventobject": (
        "event_id = NEW.event_id AND type = NEW.type AND object_id = NEW.object_id "
        "AND qualifier = NEW.qualifier"
    ),
    "ledger_privatetext": "id = NEW.id",
}
_IS_ERASURE = (
    "NEW.body = '' AND NEW.key IS NULL AND NEW.erased_at IS NOT NULL AND OLD.erased_at IS NULL "
    "AND NEW.id = OLD.id AND NEW.digest = OLD.digest AND NEW.about_type = OLD.about_type "
    "AND {same_about}"
)


def sqlite_guards() -> dict[str, str]:
    """Trigger name to its statement. ``INSERT OR REPLACE`` fires no DELETE trigger: hence those on INSERT."""
    guards = {f"{table}_no_delete": _sqlite(table, "DELETE") for table in TABLES}
    guards |= {f"{table}_no_update": _sqlite(table, "UPDATE") for table in HISTORY}
    for table, same_row in _SAME_ROW.items():
        taken = f"EXISTS (SELECT 1 FROM {table} WHERE {same_row})"
        guards[f"{table}_no_replace"] = _sqlite(table, "INSERT", taken, "replace")
    only_erasure = f"NOT ({_IS_ERASURE.format(same_about='NEW.about_id IS OLD.about_id')})"
    guards[f"{TEXTS}_only_erasure"] = _sqlite(TEXTS, "UPDATE", only_erasure, "only_erasure")
    return guards


def _sqlite(table: str, deed: str, when: str = "", suffix: str = "") -> str:
    name = f"{table}_{suffix if suffix == 'only_erasure' else f'no_{suffix or deed.lower()}'}"
    condition = f"WHEN {when} " if when else ""
    return (
        f"CREATE TRIGGER {name} BEFORE {deed} ON {table} FOR EACH ROW {condition}"
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
    )


def postgres_guards() -> dict[str, str]:
    guards: dict[str, str] = {}
    for table in TABLES:
        rows = "DELETE" if table == TEXTS else "UPDATE OR DELETE"
        guards[f"{table}_append_only"] = _postgres(f"{table}_append_only", table, rows, "ROW")
        guards[f"{table}_no_truncate"] = _postgres(f"{table}_no_truncate", table, "TRUNCATE", "STATEMENT")
    same_about = "NEW.about_id IS NOT DISTINCT FROM OLD.about_id"
    only_erasure = f" WHEN (NOT ({_IS_ERASURE.format(same_about=same_about)}))"
    name = f"{TEXTS}_only_erasure"
    guards[name] = _postgres(name, TEXTS, "UPDATE", "ROW", only_erasure)
    return guards


def _postgres(name: str, table: str, deed: str, level: str, when: str = "") -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE {deed} ON {table} FOR EACH {level}{when} "
        "EXECUTE FUNCTION ledger_refuse()"
    )


_POSTGRES_REFUSAL = (
    "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
)


def install(connection: BaseDatabaseWrapper) -> None:
    """Put up every guard that is not there."""
    missing = missing_guards(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_REFUSAL)
        for name, statement in _guards(connection).items():
            if name in missing:
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for name, statement in _guards(connection).items():
            table = statement.partition(" ON ")[2].split()[0]
            where = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{where}")


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Without guards, for tests alone: to flush between them, and to tamper as an intruder would."""
    remove(connection)
    try:
        yield
    finally:
        install(connection)


def missing_guards(connection: BaseDatabaseWrapper) -> list[str]:
    """Guards that are absent, disabled, or no longer what they were (SQLite keeps the statement)."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'ledger%%' AND tgenabled IN ('O', 'A')"
            )
            standing = {name for (name,) in cursor.fetchall()}
            return [name for name in postgres_guards() if name not in standing]
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        statements = dict(cursor.fetchall())
    return [name for name, wanted in sqlite_guards().items() if statements.get(name) != wanted]


def _guards(connection: BaseDatabaseWrapper) -> dict[str, str]:
    return postgres_guards() if connection.vendor == "postgresql" else sqlite_guards()
