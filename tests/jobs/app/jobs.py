"""The three ways docs/jobs.md gives for an effect that happens exactly once, and two clocks."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from datetime import datetime, timedelta

from django.db import transaction

from hilo.jobs import exactly_once, job, periodic

PAUSE = 0.03


def leave(kind: str, subject: object) -> None:
    from tests.jobs.app.models import Effect

    Effect.objects.create(kind=kind, subject=str(subject), worker_pid=os.getpid())


@job(timeout=timedelta(seconds=30), max_tries=30)
def keyed(number: int) -> None:
    time.sleep(PAUSE)
    with exactly_once(f"keyed {number}") as is_first:
        if is_first:
            leave("keyed", number)
            time.sleep(PAUSE)
    time.sleep(PAUSE)


@job(timeout=timedelta(seconds=30), max_tries=30, atomic=True)
def atomic(number: int) -> None:
    leave("atomic", number)
    time.sleep(PAUSE)


@job(timeout=timedelta(seconds=30), max_tries=30)
def guarded(number: int) -> None:
    from tests.jobs.app.models import Offer

    time.sleep(PAUSE)
    with transaction.atomic():
        if Offer.objects.filter(number=number, state="open").update(state="taken"):
            leave("guarded", number)
    time.sleep(PAUSE)


@periodic(name="counted.tick", every=timedelta(seconds=1), atomic=True, max_tries=30)
def tick(slot: datetime) -> None:
    leave("tick", slot.isoformat())


@periodic(name="counted.each", every=timedelta(seconds=1), catch_up="each", atomic=True, max_tries=30)
def each(slot: datetime) -> None:
    leave("each", slot.isoformat())


@job()
def slow_keyed(number: int) -> None:
    time.sleep(1)
    with exactly_once(f"slow {number}") as is_first:
        if is_first:
            leave("slow_keyed", number)


@job()
def freezing(number: int) -> None:
    """The first who runs it is frozen in the middle of its transaction."""
    with exactly_once(f"freezing {number}") as is_first:
        if is_first:
            leave("freezing", number)
            if claims_of_running("freezing") == 1:
                os.kill(os.getpid(), signal.SIGSTOP)


def claims_of_running(name: str) -> int:
    from django_tasks_db.models import DBTaskResult

    return len(DBTaskResult.objects.get(task_path__endswith=f".{name}", status="RUNNING").worker_ids)


@job()
def slow(number: int) -> None:
    time.sleep(0.5)
    leave("slow", number)


@job()
def endless() -> None:
    while True:
        time.sleep(0.05)


@job(timeout=timedelta(seconds=0.3), max_tries=1)
def deaf() -> None:
    while True:
        with contextlib.suppress(BaseException):
            time.sleep(60)
