"""A database of its own with real worker processes on it, looked at through the bare driver.

The workers run with ``tests.jobs.settings`` unless a subclass says otherwise; nothing here uses the ORM, so
that what is counted is what is in the tables.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
INTERVALS = {
    "beat": 0.25,
    "silent_beats": 4,
    "poll": 0.05,
    "hard_stop_after": 1,
    "stop_grace": 10,
    "idle_in_transaction": 3,
}
PATIENCE = 120.0
TABLES = (
    "counted_effect",
    "counted_offer",
    "jobs_done",
    "jobs_slot",
    "jobs_workerbeat",
    "django_tasks_database_dbtaskresult",
)


def wait_until(is_so: Callable[[], Any], *, what: str, patience: float = PATIENCE) -> Any:
    """The truthy answer. Patience is for a machine under load; a test never sleeps for a result."""
    give_up = time.monotonic() + patience
    while not (answer := is_so()):
        assert time.monotonic() < give_up, f"waited {patience:.0f} s in vain for: {what}"
        time.sleep(0.02)
    return answer


class WorkerHouse:
    settings = "tests.jobs.settings"

    def __init__(self, database: dict[str, Any], log: Path) -> None:
        self._database = database
        self._log = log
        self.workers: list[subprocess.Popen[bytes]] = []
        self._started: list[subprocess.Popen[bytes]] = []
        self.intervals: dict[str, float] = dict(INTERVALS)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return list(self._connection.execute(sql).fetchall())

    def empty(self) -> None:
        for table in TABLES:
            self._connection.execute(f"DELETE FROM {table}")

    @cached_property
    def _connection(self) -> Any:
        """Kept open: a new one for every look would cost the workers their processor."""
        where = self._database
        if "postgresql" not in where["ENGINE"]:
            return sqlite3.connect(where["NAME"], timeout=30, autocommit=True)
        import psycopg

        return psycopg.connect(host=where["HOST"], user=where["USER"], dbname=where["NAME"], autocommit=True)

    @contextmanager
    def transaction(self) -> Iterator[Callable[..., object]]:
        """Statements of somebody else's who does not come to an end, on PostgreSQL; rolled back."""
        import psycopg

        where = self._database
        with psycopg.connect(host=where["HOST"], user=where["USER"], dbname=where["NAME"]) as other:
            yield lambda sql, *values: other.execute(sql, values)
            other.rollback()

    def number(self, sql: str) -> int:
        return int(self.rows(sql)[0][0])

    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": self.settings,
            "HILO_JOBS_TEST_DATABASE": json.dumps(self._database),
            "HILO_JOBS_TEST_INTERVALS": json.dumps(self.intervals),
            "PYTHONPATH": str(PROJECT),
        }

    def _popen(self, *command: str) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *command], env=self._environment(), cwd=PROJECT, stdout=log, stderr=log
            )
        self._started.append(process)
        return process

    def do(self, code: str) -> None:
        """Run a few lines with Django set up, to their end."""
        finished = self._popen("-c", f"import django; django.setup()\n{code}").wait(PATIENCE)
        assert finished == 0, self._log.read_text()

    def manage(self, *arguments: str) -> None:
        assert self._popen("-m", "django", *arguments).wait(PATIENCE) == 0, self._log.read_text()

    def start_worker(self, *arguments: str) -> subprocess.Popen[bytes]:
        worker = self._popen("-m", "django", "hilo_worker", *arguments)
        self.workers.append(worker)
        return worker

    def all_registered(self) -> bool:
        known = {pid for (pid,) in self.rows("SELECT pid FROM jobs_workerbeat")}
        return {worker.pid for worker in self.workers} <= known

    def kill_one_that_runs(self) -> tuple[str, subprocess.Popen[bytes]] | None:
        """Freeze a busy worker, look again that it is still in a task, and kill it; its task, or None."""
        for pid, task in self.rows("SELECT pid, running FROM jobs_workerbeat WHERE running IS NOT NULL"):
            worker = next((w for w in self.workers if w.pid == pid and w.poll() is None), None)
            if worker is None:
                continue
            worker.send_signal(signal.SIGSTOP)
            held = self.rows(f"SELECT running FROM jobs_workerbeat WHERE pid = {pid} AND running IS NOT NULL")
            if (task,) not in held:
                worker.send_signal(signal.SIGCONT)
                continue
            worker.kill()
            worker.wait()
            self.workers.remove(worker)
            return str(task), worker
        return None

    def freeze(self, worker: subprocess.Popen[bytes]) -> None:
        """At a moment when it holds no lock that nobody can take from it: SQLite's one write lock."""
        worker.send_signal(signal.SIGSTOP)
        while not self._can_write():
            worker.send_signal(signal.SIGCONT)
            time.sleep(0.02)
            worker.send_signal(signal.SIGSTOP)

    def _can_write(self) -> bool:
        if "postgresql" in self._database["ENGINE"]:
            return True
        with (
            suppress(sqlite3.OperationalError),
            closing(sqlite3.connect(self._database["NAME"], timeout=0.5)) as other,
        ):
            other.execute("BEGIN IMMEDIATE")
            return True
        return False

    def stop_all(self) -> list[int]:
        """Ask all to stop; the exit codes."""
        for worker in self.workers:
            worker.terminate()
        codes = [worker.wait(PATIENCE) for worker in self.workers]
        self.workers.clear()
        return codes

    def log_text(self) -> str:
        return self._log.read_text() if self._log.exists() else ""

    def close(self) -> None:
        """Nothing that was started here outlives it, or it would write under the next test."""
        for process in self._started:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait()
        self._connection.close()


@contextmanager
def database_like(like: dict[str, Any], folder: Path) -> Iterator[dict[str, Any]]:
    """A fresh one of the same kind, dropped at the end."""
    if "postgresql" not in like["ENGINE"]:
        keep = {"ENGINE": like["ENGINE"], "OPTIONS": dict(like["OPTIONS"])}
        yield keep | {"NAME": str(folder / "workers.sqlite3")}
        return
    import psycopg

    name = f"workers_{uuid.uuid4().hex}"
    with psycopg.connect(host=like["HOST"], user=like["USER"], dbname="postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
        # Workers are killed here, never the server: waiting for its disk would prove nothing.
        server.execute(f"ALTER DATABASE {name} SET synchronous_commit = off".encode())
        try:
            yield {key: like[key] for key in ("ENGINE", "USER", "HOST")} | {"NAME": name}
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
