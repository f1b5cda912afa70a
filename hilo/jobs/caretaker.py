"""The thread beside each worker: it beats, notices who no longer does, and fires the slots that are due."""

from __future__ import annotations

import logging
import os
import platform
import threading
from collections.abc import Callable
from datetime import datetime

from django.db import connections, transaction
from django.db.models import F
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from hilo.jobs.claims import RUNNING, claim_of, take_back
from hilo.jobs.config import job_settings
from hilo.jobs.models import WorkerBeat
from hilo.jobs.patience import WATCHES
from hilo.jobs.slots import SlotPlanner

log = logging.getLogger("hilo.jobs")


def register(worker: str, *, now: datetime) -> None:
    """Must come before the worker's first claim: a task whose worker has no row is an orphan."""
    WorkerBeat.objects.get_or_create(
        name=worker,
        defaults={
            "host": platform.node(),
            "pid": os.getpid(),
            "started_at": now,
            "last_beat_at": now,
        },
    )


def beat(worker: str, *, now: datetime) -> None:
    beaten = WorkerBeat.objects.filter(name=worker).update(beats=F("beats") + 1, last_beat_at=now)
    if not beaten:
        log.warning("worker %s was taken for dead while it lived; it registers again", worker)
        register(worker, now=now)


class SilenceWatch:
    """Decides who is dead without any clock: silence is counted in the watcher's own successful beats.

    So a clock that jumps, clocks that differ between machines, a laptop that slept, or a database that
    nobody could write to for a while make nobody look dead.
    """

    def __init__(self, watcher: str) -> None:
        self._watcher = watcher
        self._silent: dict[str, tuple[int, int]] = {}

    def after_own_beat(self) -> list[tuple[str, int]]:
        """Those silent too long, as (name, the beat at which they fell silent)."""
        beats = dict(WorkerBeat.objects.exclude(name=self._watcher).values_list("name", "beats"))
        self._silent = {name: self._count(name, number) for name, number in beats.items()}
        limit = job_settings().silent_beats
        return [(name, number) for name, (number, silent) in self._silent.items() if silent >= limit]

    def _count(self, name: str, number: int) -> tuple[int, int]:
        known, silent = self._silent.get(name, (None, 0))
        return (number, silent + 1 if known == number else 0)


@transaction.atomic
def bury(worker: str, *, silent_since: int) -> bool:
    """Declare a worker dead and give its task back, unless it beat again or another caretaker was first."""
    dead = WorkerBeat.objects.select_for_update().filter(name=worker, beats=silent_since).first()
    if dead is None or not WorkerBeat.objects.filter(name=worker, beats=silent_since).delete()[0]:
        return False
    held = DBTaskResult.objects.filter(pk=dead.running, status=RUNNING).first() if dead.running else None
    if held is not None and held.worker_ids[-1:] == [worker]:
        take_back(claim_of(held))
    log.warning("worker %s is dead; it was running %s", worker, dead.running)
    return True


def take_back_orphans() -> int:
    """Running tasks whose worker has no row: a restored backup, a row deleted by hand. Once per start.

    Tasks are read before workers: a worker that registers and claims in between is then seen as alive.
    """
    running = [claim_of(row) for row in DBTaskResult.objects.filter(status=RUNNING)]
    alive = set(WorkerBeat.objects.values_list("name", flat=True))
    return sum(take_back(claim) for claim in running if claim.worker not in alive)


class Caretaker(threading.Thread):
    """Goes on whatever happens to the database; a beat that fails is tried again at the next."""

    def __init__(self, worker: str, *, on_orphaned: Callable[[], None], parent: int | None = None) -> None:
        super().__init__(name=f"{WATCHES}{worker}", daemon=True)
        self._worker = worker
        self._parent = parent
        self._on_orphaned = on_orphaned
        self._watch = SilenceWatch(worker)
        self._planner = SlotPlanner()
        self._stop_asked = threading.Event()

    def run(self) -> None:
        self._survive(take_back_orphans)
        self._survive(self._plan)
        while not self._stop_asked.wait(job_settings().beat.total_seconds()):
            self._look_for_parent()
            self._survive(self._round)
            self._survive(self._plan)
        connections.close_all()

    def stop(self) -> None:
        self._stop_asked.set()
        self.join(timeout=30)

    def _round(self) -> None:
        beat(self._worker, now=timezone.now())
        for name, silent_since in self._watch.after_own_beat():
            bury(name, silent_since=silent_since)

    def _plan(self) -> None:
        self._planner.plan(timezone.now())

    def _look_for_parent(self) -> None:
        """A worker whose supervisor was killed stops, or the next start would double the workers."""
        if self._parent is not None and os.getppid() != self._parent:
            self._on_orphaned()

    @staticmethod
    def _survive(step: Callable[[], object]) -> None:
        try:
            step()
        except Exception:
            log.exception("the caretaker's step failed; it tries again at the next beat")
            connections.close_all()
