"""How long a worker may hold on PostgreSQL what others wait for.

A process that was frozen (a stopped container, a machine that sleeps, a debugger) keeps its connection, and
with it every lock of the transaction it was in. The server ends such a session by itself when it is told how
long to wait; SQLite has nobody who could: there all wait until the frozen process goes on or is killed.
"""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from hilo.jobs.config import job_settings

WATCHES = "caretaker of "
NO_LIMIT = timedelta(0)


def bound_the_waiting() -> None:
    """From now on, for each connection this process opens."""
    connection_created.connect(_bound, dispatch_uid="hilo.jobs.patience")


def _bound(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if connection.vendor != "postgresql":
        return
    limits, watches = job_settings(), threading.current_thread().name.startswith(WATCHES)
    idle = limits.late_after if watches else limits.idle_in_transaction
    # One who beats must not wait long for a lock, or it would be taken for dead itself; it tries again.
    lock = limits.beat if watches else NO_LIMIT
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('idle_in_transaction_session_timeout', %s, false),"
            " set_config('lock_timeout', %s, false)",
            [_milliseconds(idle), _milliseconds(lock)],
        )


def _milliseconds(span: timedelta) -> str:
    return str(round(span.total_seconds() * 1000))
