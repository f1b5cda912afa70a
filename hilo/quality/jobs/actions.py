"""What the clock does for causes and actions: windows end, reasons to look for a cause are noticed.

Each command refuses what is settled already, so that a late, repeated or parallel run changes nothing twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from hilo.errors import RuleViolation
from hilo.jobs import periodic
from hilo.parties.actor import system
from hilo.parties.modules import is_on
from hilo.quality.commands.actions import end_window
from hilo.quality.commands.broken_promises import look_into_broken_promise, promises_nobody_looks_into
from hilo.quality.models import Analysis, CorrectiveAction
from hilo.quality.queries.recurrence import watch
from hilo.quality.triggers import slow_without_analysis, triggered, without_analysis

# A worker may have stood still; what is older happened before anybody could look into it by itself.
LOOK_BACK = timedelta(days=7)


@periodic(name="quality.actions", every=timedelta(minutes=15), timeout=timedelta(minutes=5))
def check_actions(slot: datetime) -> None:
    if is_on("causes"):
        run_action_windows(timezone.now())


def run_action_windows(now: datetime) -> None:
    """The longest watched first."""
    watching = CorrectiveAction.objects.filter(state=CorrectiveAction.State.WATCHING)
    for action in watching.select_related("analysis__lost_at__template_version").order_by("done_at"):
        standing = watch(action, now)
        if standing.window_ended(now) or standing.is_recurring:
            _end_unless_settled(action, now)


def _end_unless_settled(action: CorrectiveAction, now: datetime) -> None:
    try:
        end_window(action, by=system(), now=now)
    except RuleViolation:
        return  # somebody judged or dropped it meanwhile


@periodic(name="quality.causes", every=timedelta(minutes=5), timeout=timedelta(minutes=5))
def look_for_causes(slot: datetime) -> None:
    if is_on("causes"):
        run_cause_triggers(timezone.now())


def run_cause_triggers(now: datetime) -> None:
    """Broken promises first: they may open the case that the others then find."""
    since = now - LOOK_BACK
    for promise in promises_nobody_looks_into(since):
        try:
            look_into_broken_promise(promise, now=now)
        except RuleViolation:
            continue  # its thread was archived, or somebody opened the case meanwhile
    for case, trigger in list(without_analysis()):
        triggered(case, trigger, now)
    for case in list(slow_without_analysis(since)):
        triggered(case, Analysis.Trigger.SLOW, now)
