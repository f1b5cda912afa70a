"""What happens because time passes: pauses end, promises break, silence accepts. Idempotent by command.

Each slot works through what is due; a row that somebody settled meanwhile is refused by its command's WHERE
and passed over, so a late, repeated or parallel run changes nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta

from django.utils import timezone

from hilo.errors import RuleViolation
from hilo.jobs import periodic
from hilo.ledger.digests import write_daily_digest
from hilo.parties.actor import Actor, system
from hilo.work.commands.deliverables import accept_tacitly
from hilo.work.commands.pausing import wake_thread
from hilo.work.commands.promises import break_promise
from hilo.work.commands.step_runs import finish_due_steps
from hilo.work.jobs.handoffs import run_handoff_clocks
from hilo.work.models import Deliverable, Promise, Thread


@periodic(name="work.clocks", every=timedelta(minutes=1), timeout=timedelta(minutes=5))
def check_clocks(slot: datetime) -> None:
    """Everything in ``work`` whose moment has come."""
    run_clocks(timezone.now())


def run_clocks(now: datetime) -> None:
    """The oldest first, each in a transaction of its own."""
    by = system()
    for thread in Thread.objects.filter(
        state="paused", pauses__woken_at__isnull=True, pauses__until__lte=now
    ).order_by("pauses__until"):
        _unless_settled(wake_thread, thread, seen=None, by=by, now=now)
    _each(break_promise, Promise.objects.filter(state="open", due_at__lt=now).order_by("due_at"), by, now)
    _each(
        accept_tacitly,
        Deliverable.objects.filter(state="delivered", tacit_at__lt=now).order_by("tacit_at"),
        by,
        now,
    )
    finish_due_steps(now)
    run_handoff_clocks(now)


def _each(command: Callable[..., object], rows: Iterable[object], by: Actor, now: datetime) -> None:
    for row in rows:
        _unless_settled(command, row, by=by, now=now)


def _unless_settled(command: Callable[..., object], row: object, **facts: object) -> None:
    """Somebody was quicker, or it stands in the archive: then there is nothing left to do here."""
    try:
        command(row, **facts)
    except RuleViolation:
        return


@periodic(name="ledger.digest", daily_at=time(2, 0), timeout=timedelta(minutes=30))
def keep_digest(slot: datetime) -> None:
    """Outside the database, all chain heads: what is cut before tonight shows tomorrow."""
    write_daily_digest(timezone.now())
