"""Turning the passing of time into tasks: each slot of a periodic job is enqueued at most once."""

from __future__ import annotations

import itertools
import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django_tasks_db.models import DBTaskResult

from hilo.jobs.claims import READY
from hilo.jobs.models import Slot
from hilo.jobs.registry import PERIODIC_JOBS, PeriodicJob

MOST_AT_ONCE = 100


class SlotPlanner:
    """Asked often, queries only when a job's newest slot is one it has not dealt with."""

    def __init__(self) -> None:
        self._dealt_with: dict[str, datetime] = {}

    def plan(self, now: datetime) -> int:
        """Enqueue what has fallen due; how many tasks."""
        return sum(self._plan(job, now) for job in PERIODIC_JOBS.values())

    def _plan(self, job: PeriodicJob, now: datetime) -> int:
        newest = job.schedule.newest_slot(now)
        if self._dealt_with.get(job.slot_name) == newest:
            return 0
        due = due_slots(job, now)
        fired = sum(fire(job, slot) for slot in due)
        if not due or due[-1] == newest:
            self._dealt_with[job.slot_name] = newest
        return fired


def due_slots(job: PeriodicJob, now: datetime) -> list[datetime]:
    """The slots to enqueue now, oldest first, at most MOST_AT_ONCE.

    A job never seen before starts with its next slot: an installation made at noon does not send the
    digest of seven o'clock. Slots in the future of ``now`` (the clock was ahead for a while) do not count
    as the last one, else a wrong clock would silence the job until the real one caught up.
    """
    newest = job.schedule.newest_slot(now)
    known = Slot.objects.filter(name=job.slot_name)
    if not known.exists():
        Slot.objects.get_or_create(name=job.slot_name, moment=newest)
        return []
    last = known.filter(moment__lte=now).aggregate(last=Max("moment"))["last"]
    if last is not None and last >= newest:
        return []
    if job.catch_up == "latest" or last is None:
        return [newest]
    return list(itertools.islice(job.schedule.slots_after(last, until=newest), MOST_AT_ONCE))


@transaction.atomic
def fire(job: PeriodicJob, moment: datetime) -> bool:
    """Enqueue the slot unless another worker did. The unique row and the task commit together."""
    slot, is_first = Slot.objects.get_or_create(name=job.slot_name, moment=moment)
    if not is_first:
        return False
    if job.catch_up == "latest":
        _withdraw_waiting(job, before=moment)
    slot.task = uuid.UUID(job.enqueue_slot(moment).id)
    slot.save(update_fields=["task"])
    return True


def _withdraw_waiting(job: PeriodicJob, *, before: datetime) -> None:
    """An earlier slot that no worker ever started is replaced, or a busy night would pile them up."""
    earlier = Slot.objects.filter(name=job.slot_name, moment__lt=before).order_by("-moment")[:1]
    tasks = [slot.task for slot in earlier if slot.task]
    DBTaskResult.objects.filter(pk__in=tasks, status=READY, worker_ids=[]).delete()
