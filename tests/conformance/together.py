"""Several people at once: on PostgreSQL each in a process forked from this one, on SQLite each in a thread.

Forking is quicker than sixteen fresh interpreters, but a file that SQLite has open must never be carried
across a fork, and a browser's server may still hold it in another thread: that destroyed a test's database.
The test must be transactional, or the others see nothing of it.
"""

from __future__ import annotations

import multiprocessing
import threading
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier

from django.db import connection
from django.utils import translation

from hilo.errors import RuleViolation
from tests.support.processes import Outcome

WITHIN = 120.0


def together(calls: Sequence[Callable[[], object]]) -> list[Outcome]:
    """Outcomes in the order of the calls. Whatever is no refusal with a sentence fails the test."""
    outcomes = _in_threads(calls) if connection.vendor == "sqlite" else _in_processes(calls)
    if errors := [one.error for one in outcomes if one.error]:
        raise AssertionError(errors[0])
    assert all(one.refusal.endswith((".", "?")) for one in outcomes if not one.succeeded)
    return outcomes


def _in_threads(calls: Sequence[Callable[[], object]]) -> list[Outcome]:
    start = threading.Barrier(len(calls))
    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(partial(_in_thread, start), calls))


def _in_thread(start: threading.Barrier, call: Callable[[], object]) -> Outcome:
    """With a connection of its own, which is its thread's."""
    try:
        connection.ensure_connection()
        start.wait(timeout=WITHIN)
        with translation.override("en"):
            return _told(call)
    finally:
        connection.close()


def _in_processes(calls: Sequence[Callable[[], object]]) -> list[Outcome]:
    connection.close()  # a child must not inherit it
    forking = multiprocessing.get_context("fork")
    start = forking.Barrier(len(calls))
    pipes = [forking.Pipe(duplex=False) for _ in calls]
    processes = [
        forking.Process(target=_child, args=(call, start, sender))
        for call, (_receiver, sender) in zip(calls, pipes, strict=True)
    ]
    for process in processes:
        process.start()
    outcomes = [_outcome(receiver) for receiver, _sender in pipes]
    for process in processes:
        process.join(timeout=WITHIN)
    return outcomes


def _outcome(receiver: Connection) -> Outcome:
    if not receiver.poll(WITHIN):
        return Outcome(error="a process said nothing")
    outcome = receiver.recv()
    assert isinstance(outcome, Outcome)
    return outcome


def _child(call: Callable[[], object], start: Barrier, sender: Connection) -> None:
    connection.ensure_connection()
    start.wait(timeout=WITHIN)
    with translation.override("en"):
        sender.send(_told(call))
    connection.close()


def _told(call: Callable[[], object]) -> Outcome:
    try:
        call()
    except RuleViolation as refusal:
        return Outcome(refusal=str(refusal), kind=type(refusal).__name__)
    except BaseException:
        return Outcome(error=traceback.format_exc())
    return Outcome(value="done")


def won(outcomes: Sequence[Outcome]) -> list[int]:
    """The places of those who got through."""
    return [place for place, outcome in enumerate(outcomes) if outcome.succeeded]
