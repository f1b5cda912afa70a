import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import psycopg
import pytest
from django.db import OperationalError, transaction

from hilo.errors import RuleViolation
from hilo.ledger.command import COMMANDS, NothingRecorded, command
from hilo.ledger.models import LedgerEvent
from hilo.ledger.record import Event
from hilo.ledger.registry import EVENT_KINDS
from tests.ledger.events import ParcelWeighed, weigh

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_registries(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("hilo.ledger.command.time.sleep", lambda seconds: None)
    commands, kinds = dict(COMMANDS), dict(EVENT_KINDS)
    yield
    COMMANDS.clear()
    COMMANDS.update(commands)
    EVENT_KINDS.clear()
    EVENT_KINDS.update(kinds)


def deadlock() -> OperationalError:
    error = OperationalError("deadlock detected")
    error.__cause__ = psycopg.errors.DeadlockDetected()
    return error


def locked() -> OperationalError:
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorcode = sqlite3.SQLITE_BUSY
    error = OperationalError("database is locked")
    error.__cause__ = cause
    return error


def test_a_command_commits_its_change_and_its_event() -> None:
    @command
    def ship(grams: int) -> str:
        return weigh(grams=grams).kind

    assert ship(5) == "parcel.weighed"
    assert LedgerEvent.objects.get().facts["grams"] == 5


def test_a_refusal_leaves_nothing() -> None:
    @command
    def ship() -> None:
        weigh()
        raise RuleViolation("no")

    with pytest.raises(RuleViolation):
        ship()
    assert not LedgerEvent.objects.exists()


def test_returning_without_an_event_is_a_programming_error_and_changes_nothing() -> None:
    @command
    def forgetful() -> None:
        pass

    with pytest.raises(NothingRecorded, match="forgetful"):
        forgetful()


def test_a_command_inside_another_must_record_its_own() -> None:
    @command
    def forgetful() -> None:
        pass

    @command
    def ship() -> None:
        weigh()
        forgetful()

    with pytest.raises(NothingRecorded, match="forgetful"):
        ship()
    assert not LedgerEvent.objects.exists()


def test_an_event_rolled_back_inside_does_not_count_as_recorded() -> None:
    @command
    def inner() -> None:
        weigh()
        raise RuleViolation("no")

    @command
    def outer() -> None:
        with pytest.raises(RuleViolation):
            inner()

    with pytest.raises(NothingRecorded, match="outer"):
        outer()


def test_the_event_of_an_inner_command_is_the_outer_ones_too() -> None:
    @command
    def inner() -> None:
        weigh()

    @command
    def outer() -> None:
        inner()

    outer()
    assert LedgerEvent.objects.count() == 1


def test_a_command_that_may_do_nothing_may() -> None:
    @command(may_do_nothing=True)
    def import_again() -> int:
        return 0

    assert import_again() == 0
    assert next(c for c in COMMANDS.values() if c.function is import_again).may_do_nothing


@pytest.mark.parametrize("failure", [deadlock, locked])
def test_a_lost_lock_is_tried_again_from_a_fresh_transaction(failure: type) -> None:
    failures = [failure(), failure()]

    @command
    def ship() -> None:
        weigh()
        if failures:
            raise failures.pop()

    ship()
    assert LedgerEvent.objects.count() == 1


def test_the_third_lost_lock_is_final() -> None:
    tries = []

    @command
    def ship() -> None:
        tries.append(1)
        raise deadlock()

    with pytest.raises(OperationalError):
        ship()
    assert len(tries) == 3


def test_any_other_failure_is_not_tried_again() -> None:
    tries = []

    @command
    def ship() -> None:
        tries.append(1)
        raise OperationalError("disk full")

    with pytest.raises(OperationalError):
        ship()
    assert len(tries) == 1


def test_only_the_outermost_tries_again() -> None:
    tries = {"inner": 0, "outer": 0}

    @command
    def inner() -> None:
        tries["inner"] += 1
        weigh()
        if tries["outer"] < 2:
            raise deadlock()

    @command
    def outer() -> None:
        tries["outer"] += 1
        inner()

    outer()
    assert tries == {"inner": 2, "outer": 2}
    assert LedgerEvent.objects.count() == 1


def test_inside_a_transaction_of_the_caller_nothing_can_be_tried_again() -> None:
    tries = []

    @command
    def ship() -> None:
        tries.append(1)
        raise deadlock()

    with pytest.raises(OperationalError), transaction.atomic():
        ship()
    assert len(tries) == 1


def test_commands_are_registered_by_a_name_without_the_folders() -> None:
    def weigh_parcel() -> None:
        """Says how heavy."""

    weigh_parcel.__module__ = "hilo.work.commands.parcels"
    weigh_parcel.__qualname__ = "weigh_parcel"
    wrapped = command(weigh_parcel)

    assert COMMANDS["work.parcels.weigh_parcel"].function is wrapped
    assert wrapped.__doc__ == "Says how heavy."
    with pytest.raises(TypeError, match=r"work\.parcels\.weigh_parcel"):
        command(weigh_parcel)


def test_two_events_cannot_share_an_activity_code() -> None:
    with pytest.raises(TypeError, match=r"parcel\.weighed"):

        @dataclass(frozen=True, slots=True, kw_only=True)
        class SomethingElse(Event):
            kind: ClassVar[str] = "parcel.weighed"

    assert EVENT_KINDS["parcel.weighed"] is ParcelWeighed


@pytest.mark.parametrize("code", ["parcel", "Parcel.weighed", "parcel.", "parcel weighed", "p." + "x" * 64])
def test_an_activity_code_is_a_noun_and_a_participle(code: str) -> None:
    with pytest.raises(TypeError, match="activity code"):
        type("Odd", (Event,), {"kind": code})


def test_an_event_without_a_code_is_refused() -> None:
    with pytest.raises(TypeError, match="activity code"):
        type("Nameless", (Event,), {})
