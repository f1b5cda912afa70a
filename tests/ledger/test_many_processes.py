"""Chains never fork, however many processes append at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from hilo.ledger.command import COMMANDS, command
from hilo.ledger.models import LedgerEvent
from hilo.ledger.record import Ref
from hilo.ledger.verify import verify
from tests.ledger.events import weigh
from tests.support.processes import run_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def append(count: int) -> int:
    for grams in range(count):
        weigh_again(grams)
    connection.close()
    return count


def weigh_again(grams: int) -> None:
    with transaction.atomic():
        weigh(Ref("parcel", 1), grams=grams)


def places(parcel: int) -> list[int]:
    chain = LedgerEvent.objects.filter(chain=f"parcel:{parcel}").order_by("seq")
    return list(chain.values_list("seq", flat=True))


def test_eight_processes_append_to_one_chain_without_a_fork_or_a_gap() -> None:
    # Fresh interpreters: a file that SQLite has open must not be carried across a fork.
    outcomes = run_at_once("tests.ledger.test_many_processes:append", [{"count": 25}] * 8, timeout=120)

    assert [one.value for one in outcomes] == [25] * 8

    assert places(1) == list(range(1, 201))
    assert verify().holds


@pytest.mark.postgres_only
def test_of_two_that_deadlock_over_two_chains_the_loser_tries_again_and_both_get_through() -> None:
    """SQLite has one writer at a time, so nothing to deadlock over."""
    both_hold_one = threading.Barrier(2)
    attempts: list[int] = []

    @command
    def weigh_both(first: int, second: int) -> None:
        attempts.append(first)
        weigh(Ref("parcel", first))
        if attempts.count(first) == 1:
            both_hold_one.wait(timeout=20)
        weigh(Ref("parcel", second))

    def run(first: int, second: int) -> None:
        try:
            weigh_both(first, second)
        finally:
            connection.close()

    try:
        with ThreadPoolExecutor(2) as pool:
            for outcome in [pool.submit(run, 1, 2), pool.submit(run, 2, 1)]:
                outcome.result(timeout=60)
    finally:
        COMMANDS.popitem()

    assert len(attempts) == 3
    assert (places(1), places(2)) == ([1, 2], [1, 2])
    assert verify().holds
