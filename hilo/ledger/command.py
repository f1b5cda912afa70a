"""``@command``: one function per state change; it refuses, changes and records, in one transaction."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Protocol, overload

from django.db import OperationalError, connection, transaction

from hilo.ledger.record import forget_recorded_since, recorded_so_far

MOST_ATTEMPTS = 3
_SQLITE_BUSY, _SQLITE_LOCKED = 5, 6
_DEADLOCK, _SERIALIZATION_FAILURE = "40P01", "40001"


class NothingRecorded(AssertionError):
    """A programming error: a command changed something, or should have, and left no history."""


@dataclass(frozen=True, slots=True)
class Command:
    """A registered state change, e.g. ``work.handoffs.return_handoff``."""

    name: str
    function: Callable[..., object]
    may_do_nothing: bool


COMMANDS: dict[str, Command] = {}


class _Decorator(Protocol):
    def __call__[**P, R](self, function: Callable[P, R], /) -> Callable[P, R]: ...


@overload
def command[**P, R](function: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def command(*, may_do_nothing: bool = False) -> _Decorator: ...
def command[**P, R](
    function: Callable[P, R] | None = None, /, *, may_do_nothing: bool = False
) -> Callable[P, R] | _Decorator:
    """Run in one transaction, begun afresh when the database asks to try again; demand an event.

    Only the outermost command tries again, so nothing of a lost attempt remains. Its arguments are the same
    objects, though: a command tests the old state in ``WHERE`` and refreshes, never trusts a field in memory.
    ``may_do_nothing`` is for commands that find their work done already (an import run twice).
    """

    def decorate[**Q, S](undecorated: Callable[Q, S], /) -> Callable[Q, S]:
        return _wrap(undecorated, may_do_nothing)

    return decorate if function is None else decorate(function)


def _wrap[**P, R](function: Callable[P, R], may_do_nothing: bool) -> Callable[P, R]:
    name = _command_name(function)

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        def attempt() -> R:
            return _recorded_by(lambda: function(*args, **kwargs), name, may_do_nothing)

        return attempt() if connection.in_atomic_block else _try_again(attempt)

    _register(Command(name, run, may_do_nothing))
    return run


def _recorded_by[R](call: Callable[[], R], name: str, may_do_nothing: bool) -> R:
    before = recorded_so_far()
    try:
        with transaction.atomic():
            result = call()
            if not may_do_nothing and recorded_so_far() == before:
                raise NothingRecorded(f"{name} returned without recording an event")
    except BaseException:
        forget_recorded_since(before)
        raise
    return result


def _try_again[R](attempt: Callable[[], R]) -> R:
    for number in range(1, MOST_ATTEMPTS):
        try:
            return attempt()
        except OperationalError as error:
            if not _worth_another_try(error):
                raise
            time.sleep(random.uniform(0.01, 0.05) * number)  # apart, or both would meet again
    return attempt()


def _worth_another_try(error: OperationalError) -> bool:
    """Deadlock and serialization failure on PostgreSQL, a lock not got in time on SQLite."""
    cause = error.__cause__
    if getattr(cause, "sqlstate", None) in (_DEADLOCK, _SERIALIZATION_FAILURE):
        return True
    # The low byte is the primary code; the rest tells variants such as BUSY_SNAPSHOT apart.
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF in (_SQLITE_BUSY, _SQLITE_LOCKED)


def _command_name(function: Callable[..., object]) -> str:
    module = function.__module__.removeprefix("hilo.").replace(".commands", "")
    return f"{module}.{function.__qualname__}"


def _register(new: Command) -> None:
    if new.name in COMMANDS:
        raise TypeError(f"two commands are called {new.name}")
    COMMANDS[new.name] = new
