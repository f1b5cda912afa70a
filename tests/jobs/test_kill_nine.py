"""Real worker processes, killed with -9 while they work. See docs/jobs.md for what is promised."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from tests.jobs.worker_house import WorkerHouse, wait_until

EACH_KIND = 50
KILLS = 10
KINDS = ("keyed", "atomic", "guarded")
IN_KINDS = "('keyed', 'atomic', 'guarded')"

ENQUEUE = f"""
from django.db import transaction
from tests.jobs.app import jobs
from tests.jobs.app.models import Offer
with transaction.atomic():
    for number in range({EACH_KIND}):
        Offer.objects.create(number=number)
        jobs.keyed.enqueue(number); jobs.atomic.enqueue(number); jobs.guarded.enqueue(number)
"""
EFFECTS = f"SELECT count(*) FROM counted_effect WHERE kind IN {IN_KINDS}"
UNFINISHED = "SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status IN ('READY', 'RUNNING')"


def test_ten_kills_lose_no_effect_and_double_none(house: WorkerHouse) -> None:
    house.do(ENQUEUE)
    for _ in range(3):
        house.start_worker()

    killed_tasks = kill_workers_at_work(house)
    wait_until(lambda: house.number(EFFECTS) >= 3 * EACH_KIND, what="all effects")
    wait_until(lambda: house.number(UNFINISHED) <= 2, what="the last tasks to be settled")
    wait_until(lambda: len(effects(house, "tick")) >= 2, what="two ticks, which busy workers may leave out")
    wait_until(house.all_registered, what="the last worker started to be ready for its order to stop")
    assert house.stop_all() == [0, 0, 0], house.log_text()
    house.manage("hilo_worker", "--burst")

    assert len(killed_tasks) == KILLS
    assert effects(house, *KINDS) == {(kind, str(n)): 1 for kind in KINDS for n in range(EACH_KIND)}
    assert house.number(UNFINISHED) == 0
    assert tries_of(house, killed_tasks) >= 2, "a killed task was not tried again"
    assert not house.rows("SELECT * FROM jobs_workerbeat")
    assert_periodic_jobs_ran_once_per_slot(house)


def kill_workers_at_work(house: WorkerHouse) -> list[str]:
    """Ten kills spread over the work, each replaced at once; the tasks that were running."""
    tasks = []
    for nth in range(KILLS):
        enough = 12 * nth
        wait_until(partial(has_effects, house, enough), what=f"{enough} effects")
        task, _ = wait_until(house.kill_one_that_runs, what="a worker in the middle of a task")
        tasks.append(task)
        house.start_worker()
    return tasks


def has_effects(house: WorkerHouse, enough: int) -> bool:
    return house.number(EFFECTS) >= enough


def effects(house: WorkerHouse, *kinds: str) -> Counter[tuple[str, str]]:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return Counter(
        (str(kind), str(subject))
        for kind, subject in house.rows(f"SELECT kind, subject FROM counted_effect WHERE kind IN ({listed})")
    )


def tries_of(house: WorkerHouse, tasks: list[str]) -> int:
    """The fewest tries among the tasks, counted by the claims the queue has kept."""
    ids = {task.replace("-", "") for task in tasks}
    rows = house.rows("SELECT id, worker_ids FROM django_tasks_database_dbtaskresult")
    return min(
        len(claims) if isinstance(claims, list) else claims.count('"') // 2
        for task, claims in rows
        if str(task).replace("-", "") in ids
    )


def assert_periodic_jobs_ran_once_per_slot(house: WorkerHouse) -> None:
    ticks, each = effects(house, "tick"), effects(house, "each")
    assert len(ticks) >= 2 and set(ticks.values()) == {1}
    assert set(each.values()) == {1}
    slots = sorted(datetime.fromisoformat(subject) for _, subject in each)
    gaps = {later - earlier for earlier, later in itertools.pairwise(slots)}
    assert gaps == {timedelta(seconds=1)}, "a slot of the job that catches up on each one is missing"


def test_a_worker_frozen_until_it_is_taken_for_dead_does_nothing_when_it_wakes(house: WorkerHouse) -> None:
    house.do("from tests.jobs.app import jobs; jobs.slow_keyed.enqueue(1)")
    frozen = house.start_worker()
    wait_until(lambda: is_running(house, frozen.pid), what="the task to run")
    house.freeze(frozen)
    house.start_worker()
    wait_until(lambda: statuses(house, "slow_keyed") == ["SUCCESSFUL"], what="the other worker to do it")
    assert_it_does_nothing_when_it_wakes(house, frozen, "slow_keyed")


def assert_it_does_nothing_when_it_wakes(
    house: WorkerHouse, frozen: subprocess.Popen[bytes], job: str
) -> None:
    frozen.send_signal(signal.SIGCONT)
    wait_until(house.all_registered, what="the sleeper to register again")
    wait_until(lambda: "was given to another worker" in house.log_text(), what="the sleeper to notice")
    assert house.stop_all() == [0, 0]
    assert effects(house, job) == {(job, "1"): 1}
    assert statuses(house, job) == ["SUCCESSFUL"]


@pytest.mark.postgres_only
def test_a_worker_frozen_inside_its_transaction_keeps_nobody_waiting(house: WorkerHouse) -> None:
    house.do("from tests.jobs.app import jobs; jobs.freezing.enqueue(1)")
    frozen = house.start_worker()
    wait_until(lambda: is_running(house, frozen.pid), what="the task to run")
    house.start_worker()
    wait_until(lambda: statuses(house, "freezing") == ["SUCCESSFUL"], what="the other worker to do it")
    assert_it_does_nothing_when_it_wakes(house, frozen, "freezing")


@pytest.mark.postgres_only
def test_a_slot_somebody_frozen_holds_keeps_no_worker_from_its_rounds(house: WorkerHouse) -> None:
    """What the frozen one held was the next slots of a periodic job: the others' caretakers wait for them."""
    slots = [datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=n) for n in range(-2, 60)]
    house.do("from tests.jobs.app import jobs; jobs.slow_keyed.enqueue(1)")
    frozen = house.start_worker()
    wait_until(lambda: is_running(house, frozen.pid), what="the task to run")
    house.freeze(frozen)
    with house.transaction() as held:
        for name, moment in itertools.product(("counted.tick", "counted.each"), slots):
            held("INSERT INTO jobs_slot (name, moment) VALUES (%s, %s) ON CONFLICT DO NOTHING", name, moment)
        house.start_worker()
        wait_until(lambda: statuses(house, "slow_keyed") == ["SUCCESSFUL"], what="the other worker to do it")


def is_running(house: WorkerHouse, pid: int) -> bool:
    return bool(house.rows(f"SELECT 1 FROM jobs_workerbeat WHERE pid = {pid} AND running IS NOT NULL"))


def test_a_worker_told_to_stop_finishes_its_task_first(house: WorkerHouse) -> None:
    house.do("from tests.jobs.app import jobs; jobs.slow.enqueue(1)")
    worker = house.start_worker()
    wait_until(lambda: is_running(house, worker.pid), what="the task to run")

    assert house.stop_all() == [0]
    assert effects(house, "slow") == {("slow", "1"): 1}
    assert statuses(house, "slow") == ["SUCCESSFUL"]


def test_a_task_longer_than_the_grace_goes_back_to_the_queue(house: WorkerHouse) -> None:
    house.intervals["stop_grace"] = 0.1
    house.do("from tests.jobs.app import jobs; jobs.endless.enqueue()")
    worker = house.start_worker()
    wait_until(lambda: is_running(house, worker.pid), what="the task to run")

    assert house.stop_all() == [0]
    assert statuses(house, "endless") == ["READY"]


def test_a_job_that_swallows_its_timeout_costs_its_worker_and_the_supervisor_starts_another(
    house: WorkerHouse,
) -> None:
    house.do("from tests.jobs.app import jobs; jobs.deaf.enqueue(); jobs.slow.enqueue(1)")
    house.start_worker("--processes", "1")

    wait_until(lambda: statuses(house, "deaf") == ["FAILED"], what="the deaf job to fail")
    wait_until(lambda: statuses(house, "slow") == ["SUCCESSFUL"], what="the next job to run")
    assert "Timeout (0:00:0" in house.log_text(), "the log does not show where the job hung"
    assert house.stop_all() == [0]


def test_workers_stop_when_their_supervisor_was_killed(house: WorkerHouse) -> None:
    supervisor = house.start_worker("--processes", "2")
    wait_until(lambda: house.number("SELECT count(*) FROM jobs_workerbeat") == 2, what="two workers")

    os.kill(supervisor.pid, signal.SIGKILL)
    wait_until(lambda: house.number("SELECT count(*) FROM jobs_workerbeat") == 0, what="both to stop")


def statuses(house: WorkerHouse, job: str) -> list[str]:
    sql = f"SELECT status FROM django_tasks_database_dbtaskresult WHERE task_path LIKE '%.{job}'"
    return [status for (status,) in house.rows(sql)]
