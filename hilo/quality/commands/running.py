"""The clocks of a case begin, stop and begin again. Parts of other commands, which record what happened."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Max, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.quality.clocks import Frozen, frozen
from hilo.quality.models import Case, ClockPause, ClockRun
from hilo.quality.queries.clocks import deadline_for, running_clock

Clock = ClockRun.Clock
LONGEST_AGO = timedelta(days=3660)


def start_clocks(case: Case, *, now: datetime, since: datetime | None = None) -> None:
    """Acknowledgement, response and, where law or contract sets one, the legal deadline; each once.

    They run from the receipt, however late it is written down, or from ``since`` (when the customer came to
    know of it). Nobody outside waits for what nobody outside knows: then none begins.
    """
    start = min(since or case.received_at, now)
    refuse_another_age(start, now=now)
    if not case.customer_knows:
        return
    begun = set(ClockRun.objects.filter(case=case).values_list("clock", flat=True))
    for clock in Clock:
        if clock not in begun:
            _begin(case, clock, run=1, at=start)


def refuse_another_age(moment: datetime, *, now: datetime, field: str = "received_at") -> None:
    """The year 26 typed for 2026: no calendar reaches back to it."""
    if moment < now - LONGEST_AGO:
        raise RuleViolation(_("That was more than ten years ago. Check the date."), field=field)


def stop_clock(case: Case, clock: str, *, at: datetime) -> Frozen | None:
    """Stop it at ``at`` and keep what it showed then. None if it was not running: a second acknowledgement
    or the customer's thanks change nothing. Stopping the response ends its pause."""
    run = ClockRun.objects.select_for_update().filter(case=case, clock=clock, stopped_at__isnull=True).first()
    if run is None:
        return None
    stopped_at = max(at, run.started_at)
    kept = frozen(running_clock(run), stopped_at=stopped_at)
    ClockRun.objects.filter(pk=run.pk, stopped_at__isnull=True).update(
        stopped_at=stopped_at,
        due_at=kept.due_at,
        used_minutes=kept.used_minutes,
        was_late=kept.was_late,
    )
    if clock == Clock.RESPONSE:
        _end_pauses(case, at=stopped_at)
    return kept


def stop_clocks(case: Case, *, at: datetime) -> None:
    """All that still run, when the case is closed."""
    for clock in Clock:
        stop_clock(case, clock, at=at)


def restart_clocks(case: Case, *, at: datetime) -> None:
    """The customer waits for us again, after reopening or refusing a solution: a new run with a full target.

    Response and legal deadline begin anew unless they run; an acknowledgement is not owed twice, for whoever
    reopens has just heard the customer.
    """
    if not case.customer_knows:
        return
    for clock in (Clock.RESPONSE, Clock.LEGAL):
        runs = ClockRun.objects.filter(case=case, clock=clock)
        if not runs.filter(stopped_at__isnull=True).exists():
            last = runs.aggregate(last=Max("run"))["last"] or 0
            _begin(case, clock, run=last + 1, at=at)


def _begin(case: Case, clock: str, *, run: int, at: datetime) -> None:
    deadline = deadline_for(case) if clock == Clock.LEGAL else None
    if clock != Clock.LEGAL or deadline is not None:
        ClockRun.objects.create(case=case, clock=clock, run=run, started_at=at, deadline=deadline)


def _end_pauses(case: Case, *, at: datetime) -> None:
    still = Q(resumed_at__isnull=True) | Q(resumed_at__gt=at)
    ClockPause.objects.filter(still, case=case, until__gt=at).update(resumed_at=Greatest(F("paused_at"), at))
