"""What the child processes of the tests do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from hilo.channels.erp import running
from tests.factories.parties import NOW


def take(folder: str) -> str:
    run = running.run_feed(Path(folder), now=NOW, quiet=timedelta(0))
    return "busy" if run.is_busy else "done"


@contextmanager
def _no_lock(folder: Path) -> Iterator[bool]:
    yield True


def take_without_lock(folder: str) -> str:
    """As where the system has no lock of files: only the database keeps two apart."""
    running.alone_in = _no_lock
    return take(folder)
