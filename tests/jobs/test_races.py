"""Several workers at the same row at the same moment, on real connections."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connections
from django_tasks_db.models import DBTaskResult

from hilo.jobs import claims, exactly_once
from hilo.jobs.caretaker import bury, register
from hilo.jobs.slots import fire
from tests.jobs import sample_jobs
from tests.jobs.test_periodic import LATEST

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
AT_ONCE = 6


def all_at_once(act: Callable[[int], object]) -> list[object]:
    """Run it in several threads that start together; what each returned."""
    start = threading.Barrier(AT_ONCE)
    results: list[object] = []

    def go(number: int) -> None:
        try:
            start.wait()
            results.append(act(number))
        except Exception as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_reapers_give_a_dead_workers_task_back_once() -> None:
    sample_jobs.note.enqueue("a")
    register("dead", now=NOW)
    assert claims.claim_next("dead")

    results = all_at_once(lambda _: bury("dead", silent_since=0))

    assert sorted(map(str, results)) == ["False"] * (AT_ONCE - 1) + ["True"]
    assert DBTaskResult.objects.get().worker_ids == ["dead"]
    assert DBTaskResult.objects.get().status == "READY"


def test_one_task_is_claimed_by_one_worker() -> None:
    sample_jobs.note.enqueue("a")
    for number in range(AT_ONCE):
        register(f"w{number}", now=NOW)

    results = all_at_once(lambda number: claims.claim_next(f"w{number}"))

    [claim] = [result for result in results if result is not None]
    assert isinstance(claim, claims.Claim), claim
    assert DBTaskResult.objects.get().worker_ids == [claim.worker]


def test_a_reaper_and_the_worker_that_finishes_do_not_both_win() -> None:
    sample_jobs.note.enqueue("a")
    register("slow", now=NOW)
    claim = claims.claim_next("slow")
    assert claim is not None

    results = all_at_once(
        lambda number: bury("slow", silent_since=0) if number % 2 else claims.settle_success(claim)
    )

    assert not [result for result in results if isinstance(result, Exception)], results
    assert DBTaskResult.objects.get().status in {"READY", "SUCCESSFUL"}


def test_a_key_gets_through_once() -> None:
    def effect(number: int) -> bool:
        with exactly_once("the same") as is_first:
            return is_first

    assert sorted(map(str, all_at_once(effect))) == ["False"] * (AT_ONCE - 1) + ["True"]


def test_a_slot_is_fired_once() -> None:
    assert sorted(map(str, all_at_once(lambda _: fire(LATEST, NOW)))) == ["False"] * (AT_ONCE - 1) + ["True"]
    assert DBTaskResult.objects.count() == 1
