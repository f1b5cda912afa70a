"""What makes a search for causes begin by itself (DOMAIN 4). Others call it; who searches registers.

``triggered`` is called by whatever sees it happen: a case opened, an escalation noted, a promise linked.
What a case itself fulfils is also looked for by a job, so that a change of severity, or a response that took
too long, needs nobody to think of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from hilo.quality.models import Analysis, Case, ClockRun, Level, PolicyRule, Stage

type Begins = Callable[[Case, str, datetime], object]

TRIGGERED: list[Begins] = []

_GRAVITY = {Level.LOW: 0, Level.MEDIUM: 1, Level.HIGH: 2}
_OUT_OF_DISSATISFACTION = (Case.Kind.RETURN, Case.Kind.NONPAYMENT)


def triggered(case: Case, trigger: str, now: datetime) -> None:
    """Tell everybody registered; each makes sure that it begins once per case.

    That the customer noticed first is a reason from the severity on that the case's policy names.
    """
    if trigger == Analysis.Trigger.CUSTOMER_FIRST and not is_grave_enough(case):
        return
    for begin in TRIGGERED:
        begin(case, trigger, now)


def is_grave_enough(case: Case) -> bool:
    least = Level(case.policy.customer_first_severity)
    return _GRAVITY[Level(case.severity)] >= _GRAVITY[least]


def trigger_of(case: Case) -> str | None:
    """What the case is, or has become, as a reason to look for its cause."""
    if not case.customer_knows or case.kind not in Case.FAILURES:
        return None
    if case.kind in _OUT_OF_DISSATISFACTION:
        return Analysis.Trigger.RETURN_OR_UNPAID
    if not case.found_by_us and is_grave_enough(case):
        return Analysis.Trigger.CUSTOMER_FIRST
    return None


def without_analysis() -> Iterator[tuple[Case, str]]:
    """Open failures whose cause nobody looks for although there is a reason to."""
    rows = Case.objects.filter(analysed__isnull=True, kind__in=Case.FAILURES, customer_knows=True)
    for case in rows.exclude(stage=Stage.CLOSED).select_related("policy").order_by("received_at"):
        trigger = trigger_of(case)
        if trigger is not None:
            yield case, trigger


def slow_without_analysis(since: datetime) -> Iterator[Case]:
    """Answered so many times later than its target, by the case's own policy, and nobody looks why."""
    runs = ClockRun.objects.filter(
        clock=ClockRun.Clock.RESPONSE,
        stopped_at__gt=since,
        case__analysed__isnull=True,
        case__kind__in=Case.FAILURES,
    )
    for run in runs.select_related("case__policy", "case__thread__customer").order_by("stopped_at"):
        rule = PolicyRule.objects.get(
            policy=run.case.policy_id, severity=run.case.severity, tier=run.case.thread.customer.tier
        )
        if (run.used_minutes or 0) > run.case.policy.slow_factor * rule.response_minutes:
            yield run.case
