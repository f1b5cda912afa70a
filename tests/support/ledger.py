"""Lifting the append-only guards, for tests alone.

Django flushes every table after a transactional test, and the ledger's triggers refuse that. In
``tests/conftest.py``, once::

    from tests.support.ledger import flush_lifts_append_only

    @pytest.fixture(scope="session", autouse=True)
    def _flush_may_empty_the_ledger() -> Iterator[None]:
        with flush_lifts_append_only():
            yield

Only the flush itself runs without guards: the test before it had them. A test that plays the intruder
uses ``with lift_append_only(): ...`` and has the guards back afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from django.db import connection
from django.test import TransactionTestCase

from hilo.ledger import guards


def lift_append_only() -> AbstractContextManager[None]:
    return guards.lifted(connection)


@contextmanager
def flush_lifts_append_only() -> Iterator[None]:
    """Wrap the one place where Django empties the tables after a transactional test."""
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def flush_unguarded(case: TransactionTestCase) -> None:
        with lift_append_only():
            flush(case)

    TransactionTestCase._fixture_teardown = flush_unguarded  # type: ignore[attr-defined]
    try:
        yield
    finally:
        TransactionTestCase._fixture_teardown = flush  # type: ignore[attr-defined]
