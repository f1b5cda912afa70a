"""A thread's place in a list follows its case's clocks: after a change of calendar it is written anew."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from hilo.jobs import periodic
from hilo.quality.models import Case, Stage
from hilo.work.models import Thread
from hilo.work.settling import settle


@periodic(name="quality.settling", daily_at=time(2, 20), timeout=timedelta(minutes=30))
def settle_threads_of_cases(slot: datetime) -> None:
    settle_with_open_cases(timezone.now())


def settle_with_open_cases(now: datetime) -> None:
    """Clocks are computed on reading, the thread's next step is kept: nothing else happens on it at night."""
    with_cases = Thread.objects.exclude(state=Thread.State.ARCHIVED).filter(
        pk__in=Case.objects.exclude(stage=Stage.CLOSED).values("thread")
    )
    for thread in with_cases.order_by("pk").iterator(chunk_size=500):
        with transaction.atomic():
            settle(thread, now=now)
