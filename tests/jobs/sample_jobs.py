"""Jobs for tests in this process; what they did stands in ``CALLS``."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from hilo.jobs import GiveUp, exactly_once, job
from hilo.jobs.models import Done

CALLS: list[object] = []


@job()
def note(what: str) -> None:
    CALLS.append(what)


@job(max_tries=3)
def broken(what: str) -> None:
    CALLS.append(what)
    raise ValueError(f"cannot do {what}")


@job(max_tries=3)
def hopeless() -> None:
    CALLS.append("hopeless")
    raise GiveUp("there is no such thread")


@job(timeout=timedelta(seconds=0.2), max_tries=1)
def hanging() -> None:
    while True:
        try:
            time.sleep(30)
        except Exception:
            CALLS.append("swallowed")


@job(atomic=True, max_tries=1)
def half_done() -> None:
    Done.objects.create(key="half", at=datetime.now(UTC))
    raise ValueError("after the effect")


@job(atomic=True)
def done(key: str) -> None:
    CALLS.append(key)
    Done.objects.create(key=key, at=datetime.now(UTC))


@job()
def once(key: str) -> None:
    with exactly_once(key) as is_first:
        if is_first:
            CALLS.append(key)
