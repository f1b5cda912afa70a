"""What the queue and its workers look like now, for ``hilo doctor`` and the administrator's page."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min
from django_tasks_db.models import DBTaskResult, get_date_max

from hilo.jobs.claims import FAILED, READY, RUNNING
from hilo.jobs.config import job_settings
from hilo.jobs.models import Slot, WorkerBeat
from hilo.jobs.registry import PERIODIC_JOBS, PeriodicJob


@dataclass(frozen=True, slots=True)
class WorkerHealth:
    """``is_late``: its last beat is older than a living worker's can be, by this machine's clock."""

    name: str
    host: str
    pid: int
    started_at: datetime
    last_beat_at: datetime
    is_late: bool
    running: uuid.UUID | None
    running_since: datetime | None


@dataclass(frozen=True, slots=True)
class FailedTask:
    """Failed for good, with the story of its last try."""

    id: uuid.UUID
    path: str
    args: list[Any]
    kwargs: dict[str, Any]
    enqueued_at: datetime
    finished_at: datetime | None
    tries: int
    error: str
    traceback: str


@dataclass(frozen=True, slots=True)
class QueueHealth:
    """``ready`` is due now, ``waiting`` is for later (a wake, a retry)."""

    ready: int
    waiting: int
    running: int
    failed: int
    oldest_ready_since: datetime | None
    workers: tuple[WorkerHealth, ...]

    @property
    def late_workers(self) -> tuple[WorkerHealth, ...]:
        return tuple(worker for worker in self.workers if worker.is_late)

    @property
    def has_living_worker(self) -> bool:
        return any(not worker.is_late for worker in self.workers)

    @property
    def is_healthy(self) -> bool:
        return self.has_living_worker and not self.late_workers and not self.failed


def queue_health(*, now: datetime) -> QueueHealth:
    counts = {
        row["status"]: row["n"]
        for row in DBTaskResult.objects.order_by().values("status").annotate(n=Count("pk"))
    }
    waiting = _ready().filter(run_after__gt=now).exclude(run_after=get_date_max()).count()
    return QueueHealth(
        ready=counts.get(READY, 0) - waiting,
        waiting=waiting,
        running=counts.get(RUNNING, 0),
        failed=counts.get(FAILED, 0),
        oldest_ready_since=_oldest_ready_since(now),
        workers=tuple(_worker_health(row, now) for row in WorkerBeat.objects.order_by("name")),
    )


def failed_tasks(*, limit: int = 100) -> list[FailedTask]:
    """The latest first. ``hilo.jobs.claims.run_again`` gives one a fresh set of tries."""
    rows = DBTaskResult.objects.filter(status=FAILED).order_by("-finished_at")[:limit]
    return [_failed_task(row) for row in rows]


def _ready() -> Any:
    return DBTaskResult.objects.filter(status=READY).order_by()


def _oldest_ready_since(now: datetime) -> datetime | None:
    at_once = _ready().filter(run_after=get_date_max()).aggregate(since=Min("enqueued_at"))["since"]
    timed = _ready().filter(run_after__lte=now).aggregate(since=Min("run_after"))["since"]
    return min((moment for moment in (at_once, timed) if moment), default=None)


def _worker_health(row: WorkerBeat, now: datetime) -> WorkerHealth:
    return WorkerHealth(
        name=row.name,
        host=row.host,
        pid=row.pid,
        started_at=row.started_at,
        last_beat_at=row.last_beat_at,
        is_late=now - row.last_beat_at > job_settings().late_after,
        running=row.running,
        running_since=row.running_since,
    )


def _failed_task(row: DBTaskResult[..., Any]) -> FailedTask:
    return FailedTask(
        id=row.pk,
        path=row.task_path,
        args=row.args_kwargs["args"],
        kwargs=row.args_kwargs["kwargs"],
        enqueued_at=row.enqueued_at,
        finished_at=row.finished_at,
        tries=len(row.worker_ids),
        error=row.exception_class_path,
        traceback=row.traceback,
    )


@dataclass(frozen=True, slots=True)
class ClockHealth:
    """A periodic job: the last moment it was started for, and how that went.

    ``is_late``: a slot has passed, with ``_GRACE`` to spare, for which nothing was started.
    """

    name: str
    last_slot: datetime | None
    status: str  # of its task: READY, RUNNING, SUCCESSFUL, FAILED; "" when forgotten or never run
    finished_at: datetime | None
    is_late: bool


_GRACE = timedelta(minutes=5)


def clocks_health(*, now: datetime) -> list[ClockHealth]:
    """Every periodic job in the order of its name; two queries."""
    newest = dict(Slot.objects.order_by().values_list("name").annotate(Max("moment")))
    last = {
        slot.name: slot
        for slot in Slot.objects.filter(moment__in=newest.values())
        if slot.moment == newest[slot.name]
    }
    tasks = DBTaskResult.objects.in_bulk([slot.task for slot in last.values() if slot.task])
    return [_clock_health(PERIODIC_JOBS[name], last.get(name), tasks, now) for name in sorted(PERIODIC_JOBS)]


def _clock_health(job: PeriodicJob, slot: Slot | None, tasks: dict[Any, Any], now: datetime) -> ClockHealth:
    task = tasks.get(slot.task) if slot else None
    expected = job.schedule.newest_slot(now - _GRACE)
    return ClockHealth(
        name=job.slot_name,
        last_slot=slot.moment if slot else None,
        status=task.status if task else "",
        finished_at=task.finished_at if task else None,
        is_late=slot is None or slot.moment < expected,
    )
