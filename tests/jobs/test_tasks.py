"""One task's life: enqueued, tried, retried, failed for good, tried again."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from hilo.jobs import claims, exactly_once
from hilo.jobs.caretaker import SilenceWatch, beat, bury, register, take_back_orphans
from hilo.jobs.errors import WorkerUnknown
from hilo.jobs.health import failed_tasks, queue_health
from hilo.jobs.jobs import forget_old
from hilo.jobs.models import Done, Slot, WorkerBeat
from hilo.jobs.worker import Worker, run_worker
from tests.jobs import sample_jobs
from tests.jobs.sample_jobs import CALLS

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_done_yet() -> None:
    CALLS.clear()


def the_task() -> Any:
    return DBTaskResult.objects.get()


def make_due() -> None:
    assert DBTaskResult.objects.filter(status="READY").update(run_after=get_date_max())


# Enqueueing


def test_a_task_runs_once_and_leaves_no_worker_behind() -> None:
    sample_jobs.note.enqueue("a")

    assert run_worker(burst=True) == 1
    assert run_worker(burst=True) == 0
    assert CALLS == ["a"]
    assert the_task().status == "SUCCESSFUL"
    assert not WorkerBeat.objects.exists()


def test_enqueueing_rolls_back_with_the_callers_transaction() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        sample_jobs.note.enqueue("a")
        raise ZeroDivisionError

    assert run_worker(burst=True) == 0
    assert not DBTaskResult.objects.exists()


def test_a_task_for_later_waits_for_its_moment() -> None:
    sample_jobs.note.enqueue_at(timezone.now() + timedelta(hours=1), "later")
    sample_jobs.note.enqueue_at(timezone.now() - timedelta(hours=1), "overdue")

    assert run_worker(burst=True) == 1
    assert CALLS == ["overdue"]


def test_a_job_called_as_a_function_does_it_here_and_now() -> None:
    sample_jobs.note("now")

    assert CALLS == ["now"]
    assert not DBTaskResult.objects.exists()


# Failing


def test_a_failure_is_tried_again_with_growing_delays_then_stays_visible_with_its_traceback() -> None:
    sample_jobs.broken.enqueue("x")
    delays = []
    for _ in range(2):
        before = timezone.now()
        assert run_worker(burst=True) == 1
        assert (the_task().status, the_task().finished_at) == ("READY", None)
        delays.append((the_task().run_after - before).total_seconds())
        assert run_worker(burst=True) == 0, "it was tried before its delay was over"
        make_due()
    run_worker(burst=True)

    assert 5 <= delays[0] < 7 and 10 <= delays[1] < 13
    assert CALLS == ["x", "x", "x"]
    [failed] = failed_tasks()
    assert (failed.error, failed.tries, failed.args) == ("builtins.ValueError", 3, ["x"])
    assert "cannot do x" in failed.traceback and "sample_jobs.py" in failed.traceback


def test_delays_double_up_to_the_longest() -> None:
    hour = timedelta(hours=1)
    assert timedelta(seconds=20) <= claims.delay_after(3) <= timedelta(seconds=24)
    assert hour <= claims.delay_after(11) <= hour * 1.2
    assert hour <= claims.delay_after(10_000) <= hour * 1.2


def test_a_job_that_gives_up_is_not_tried_again() -> None:
    sample_jobs.hopeless.enqueue()
    run_worker(burst=True)

    assert CALLS == ["hopeless"]
    assert the_task().status == "FAILED"


def test_a_task_whose_function_is_gone_fails_visibly() -> None:
    sample_jobs.note.enqueue("a")
    DBTaskResult.objects.update(task_path="hilo.work.jobs.renamed_long_ago", worker_ids=["a", "b", "c", "d"])
    run_worker(burst=True)

    assert "renamed_long_ago" in failed_tasks()[0].traceback or "hilo.work" in failed_tasks()[0].traceback


def test_what_failed_for_good_gets_fresh_tries_when_somebody_says_so() -> None:
    sample_jobs.hopeless.enqueue()
    run_worker(burst=True)

    assert claims.run_again(the_task().pk, now=timezone.now())
    assert not claims.run_again(the_task().pk, now=timezone.now())
    assert (the_task().status, the_task().worker_ids) == ("READY", [])
    assert run_worker(burst=True) == 1


def test_a_hanging_job_is_ended_at_its_timeout_though_it_swallows_exceptions() -> None:
    sample_jobs.hanging.enqueue()
    sample_jobs.note.enqueue("next")
    run_worker(burst=True)

    assert CALLS == ["next"]
    [failed] = failed_tasks()
    assert failed.error == "hilo.jobs.errors.JobTimedOut"
    assert "sample_jobs.py" in failed.traceback, "the traceback does not say where it hung"


def test_an_atomic_job_that_fails_leaves_nothing() -> None:
    sample_jobs.half_done.enqueue()
    run_worker(burst=True)

    assert failed_tasks()[0].error == "builtins.ValueError"
    assert not Done.objects.exists()


def test_an_atomic_job_whose_worker_was_taken_for_dead_meanwhile_leaves_nothing() -> None:
    sample_jobs.done.enqueue("effect")
    sleeper = Worker()
    claim = claimed_by(sleeper.name)
    assert bury(sleeper.name, silent_since=0)

    sleeper.attempt(claim)
    assert CALLS == ["effect"] and not Done.objects.exists()
    assert run_worker(burst=True) == 1
    assert CALLS == ["effect", "effect"] and Done.objects.get().key == "effect"
    assert the_task().status == "SUCCESSFUL"


# Exactly once


def test_an_effect_under_a_key_happens_once() -> None:
    sample_jobs.once.enqueue("minutes of 5 to 7")
    sample_jobs.once.enqueue("minutes of 5 to 7")
    sample_jobs.once.enqueue("minutes of 5 to 8")
    run_worker(burst=True)

    assert CALLS == ["minutes of 5 to 7", "minutes of 5 to 8"]


def test_an_effect_that_fails_leaves_its_key_free() -> None:
    with pytest.raises(ZeroDivisionError), exactly_once("k") as is_first:
        assert is_first
        raise ZeroDivisionError
    with exactly_once("k") as is_first:
        assert is_first


# Claims


def claimed_by(worker: str) -> claims.Claim:
    register(worker, now=NOW)
    claim = claims.claim_next(worker)
    assert claim is not None
    return claim


def test_a_claimed_task_is_nobody_elses() -> None:
    sample_jobs.note.enqueue("a")
    claimed_by("first")
    register("second", now=NOW)

    assert claims.claim_next("second") is None
    assert WorkerBeat.objects.get(name="first").running == the_task().pk


def test_a_worker_taken_for_dead_can_neither_settle_nor_claim() -> None:
    sample_jobs.note.enqueue("a")
    lost = claimed_by("first")
    assert bury("first", silent_since=0)
    held = claimed_by("second")

    assert not claims.settle_success(lost)
    assert not claims.settle_failure(lost, ValueError(), tries_allowed=1)
    assert not claims.release(lost)
    assert (the_task().status, the_task().worker_ids) == ("RUNNING", ["first", "second"])
    assert WorkerBeat.objects.get(name="second").running == the_task().pk
    sample_jobs.note.enqueue("b")
    with pytest.raises(WorkerUnknown), transaction.atomic():
        claims.claim_next("first")
    assert claims.settle_success(held)


def test_a_task_that_ends_its_workers_again_and_again_fails_for_good() -> None:
    sample_jobs.broken.enqueue("a")
    for worker in ("first", "second", "third"):
        claimed_by(worker)
        assert bury(worker, silent_since=0)

    [failed] = failed_tasks()
    assert (failed.error, failed.tries) == ("hilo.jobs.errors.WorkerDied", 3)
    assert "killed" in failed.traceback


def test_a_stopping_worker_gives_its_task_back_without_counting_a_try() -> None:
    sample_jobs.note.enqueue("a")
    assert claims.release(claimed_by("first"))

    assert (the_task().status, the_task().worker_ids) == ("READY", [])
    assert WorkerBeat.objects.get(name="first").running is None


# Who is dead


def test_only_a_worker_silent_for_the_watchers_own_beats_is_dead() -> None:
    register("silent", now=NOW)
    register("lively", now=NOW)
    watch = SilenceWatch("watcher")
    for _ in range(5):
        assert watch.after_own_beat() == []
        beat("lively", now=NOW)

    assert watch.after_own_beat() == [("silent", 0)]


def test_a_clock_that_jumps_makes_nobody_look_dead() -> None:
    register("other", now=NOW)
    watch = SilenceWatch("watcher")
    for hours in (0, 900, -900, 5, 5, 5, 5, 5):
        beat("other", now=NOW + timedelta(hours=hours))
        assert watch.after_own_beat() == []


def test_a_worker_that_beat_again_at_the_last_moment_is_not_buried() -> None:
    sample_jobs.note.enqueue("a")
    claimed_by("first")
    beat("first", now=NOW)

    assert not bury("first", silent_since=0)
    assert the_task().status == "RUNNING"


def test_a_worker_buried_alive_registers_again() -> None:
    register("first", now=NOW)
    bury("first", silent_since=0)
    beat("first", now=NOW)

    assert WorkerBeat.objects.get(name="first").running is None


def test_running_tasks_of_a_restored_backup_are_taken_back() -> None:
    sample_jobs.note.enqueue("a")
    sample_jobs.note.enqueue("b")
    claimed_by("gone")
    alive = claimed_by("alive")
    WorkerBeat.objects.filter(name="gone").delete()

    assert take_back_orphans() == 1
    assert DBTaskResult.objects.get(status="RUNNING").pk == alive.task_id


# Health and housekeeping


def test_health_counts_what_waits_runs_and_failed_and_names_late_workers() -> None:
    for _ in range(3):
        sample_jobs.note.enqueue("a")
    sample_jobs.note.enqueue_at(NOW + timedelta(days=400), "later")
    first = claimed_by("first")
    claims.settle_failure(first, ValueError("no"), tries_allowed=1)
    claimed_by("second")
    beat("second", now=NOW + timedelta(minutes=1))

    health = queue_health(now=NOW + timedelta(minutes=1))
    assert (health.ready, health.waiting, health.running, health.failed) == (1, 1, 1, 1)
    assert [worker.name for worker in health.late_workers] == ["first"]
    assert health.has_living_worker and not health.is_healthy
    assert (
        health.oldest_ready_since == DBTaskResult.objects.get(status="READY", run_after__gt=FAR).enqueued_at
    )


FAR = datetime(9000, 1, 1, tzinfo=UTC)


def test_old_successes_and_slots_are_forgotten_but_never_what_failed_nor_the_last_slot() -> None:
    long_ago = NOW - timedelta(days=60)
    for status in ("SUCCESSFUL", "FAILED", "READY"):
        sample_jobs.note.enqueue(status)
        DBTaskResult.objects.filter(status="READY").update(status=status, finished_at=long_ago)
    for days in (60, 50):
        Slot.objects.create(name="rare", moment=NOW - timedelta(days=days), task=uuid.uuid4())
    forget_old(NOW)

    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "READY"]
    assert [slot.moment for slot in Slot.objects.all()] == [NOW - timedelta(days=50)]
