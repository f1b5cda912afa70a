"""Who holds which task. Every step out of a state tests that state in WHERE.

A claim appends the worker to the task's ``worker_ids``, so that list differs for each claim and serves as
the fencing token: a worker that was taken for dead finds its token replaced and changes nothing. The order
of locks is always worker row, then task row.
"""

from __future__ import annotations

import random
import traceback
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult, get_date_max

from hilo.jobs.config import job_settings
from hilo.jobs.errors import GiveUp, WorkerUnknown
from hilo.jobs.models import WorkerBeat
from hilo.jobs.registry import Job

READY, RUNNING, SUCCESSFUL, FAILED = "READY", "RUNNING", "SUCCESSFUL", "FAILED"
DIED = (
    "The worker ended while it ran this task: killed, out of memory, the machine stopped, or the task did"
    " not obey its timeout."
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt at one task by one worker."""

    task_id: uuid.UUID
    path: str
    token: tuple[str, ...]
    args: list[Any]
    kwargs: dict[str, Any]

    @property
    def worker(self) -> str:
        return self.token[-1]

    @property
    def tries(self) -> int:
        return len(self.token)

    def load_job(self) -> Job[...]:
        found = import_string(self.path)
        if not isinstance(found, Job):
            raise ImportError(f"{self.path} is not a job; a newer version of Hilo may have moved it")
        return found


def claim_of(row: DBTaskResult[..., Any]) -> Claim:
    stored = row.args_kwargs
    return Claim(row.pk, row.task_path, tuple(row.worker_ids), stored["args"], stored["kwargs"])


def claim_next(worker: str) -> Claim | None:
    """Take the next task that is due, or None. The look before costs no write lock on an idle SQLite."""
    if not DBTaskResult.objects.ready().exists():
        return None
    with transaction.atomic():
        row = DBTaskResult.objects.ready().select_for_update(skip_locked=True).first()
        return _take(row, worker) if row is not None else None


def _take(row: DBTaskResult[..., Any], worker: str) -> Claim | None:
    now, before = timezone.now(), row.worker_ids
    row.worker_ids = [*before, worker]
    taken = DBTaskResult.objects.filter(pk=row.pk, status=READY, worker_ids=before).update(
        status=RUNNING, started_at=now, worker_ids=row.worker_ids
    )
    if not taken:
        return None
    if not WorkerBeat.objects.filter(name=worker).update(running=row.pk, running_since=now):
        raise WorkerUnknown(worker)
    return claim_of(row)


def settle_success(claim: Claim) -> bool:
    return _settle(
        claim, status=SUCCESSFUL, finished_at=timezone.now(), exception_class_path="", traceback=""
    )


def settle_failure(claim: Claim, error: BaseException, *, tries_allowed: int) -> bool:
    """Back to the queue with a growing delay, or failed for good. The traceback is kept either way."""
    story = {
        "exception_class_path": f"{type(error).__module__}.{type(error).__qualname__}",
        "traceback": "".join(traceback.format_exception(error)),
    }
    now = timezone.now()
    if claim.tries >= tries_allowed or isinstance(error, GiveUp):
        return _settle(claim, status=FAILED, finished_at=now, **story)
    return _settle(claim, status=READY, run_after=now + delay_after(claim.tries), **story)


def release(claim: Claim) -> bool:
    """Give the task back as if it had not been tried: its worker was told to stop."""
    return _settle(claim, status=READY, run_after=get_date_max(), worker_ids=list(claim.token[:-1]))


def _settle(claim: Claim, **values: object) -> bool:
    """Whether the claim still held; if not, nothing was changed."""
    with transaction.atomic():
        WorkerBeat.objects.filter(name=claim.worker, running=claim.task_id).update(
            running=None, running_since=None
        )
        return _held(claim).update(**values) == 1


def _held(claim: Claim) -> QuerySet[Any]:
    return DBTaskResult.objects.filter(pk=claim.task_id, status=RUNNING, worker_ids=list(claim.token))


def take_back(claim: Claim) -> bool:
    """From a dead worker: to the queue at once, or failed for good when it has died too often.

    ``get_date_max`` is the queue's word for "no waiting": it holds even if the machine's clock goes back.
    """
    if claim.tries < _tries_allowed(claim):
        return _held(claim).update(status=READY, run_after=get_date_max(), traceback=DIED) == 1
    return (
        _held(claim).update(
            status=FAILED,
            finished_at=timezone.now(),
            exception_class_path="hilo.jobs.errors.WorkerDied",
            traceback=DIED,
        )
        == 1
    )


def _tries_allowed(claim: Claim) -> int:
    try:
        return claim.load_job().tries_allowed
    except ImportError:
        return job_settings().max_tries


def delay_after(tries: int) -> timedelta:
    """Doubling, capped, with up to a fifth more so that tasks that failed together do not return together."""
    limits = job_settings()
    delay = min(limits.retry_base * (1 << min(tries - 1, 30)), limits.retry_longest)
    return delay * (1 + random.random() / 5)


def run_again(task_id: uuid.UUID, *, now: datetime) -> bool:
    """Give a task that failed for good a fresh set of tries; False if it is not in that state."""
    failed = DBTaskResult.objects.filter(pk=task_id, status=FAILED)
    return failed.update(status=READY, run_after=now, worker_ids=[], finished_at=None) == 1
