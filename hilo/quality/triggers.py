"""What makes a search for causes begin by itself (DOMAIN 4). Others call it; who searches registers.

``triggered`` is called with a case and the reason. The conditions that a case itself fulfils stand here, so
that each is said once: what it is when it comes in, and how long it took when it was answered.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from hilo.quality.models import Analysis, Case, Level

type Begins = Callable[[Case, str, datetime], object]

TRIGGERED: list[Begins] = []

_GRAVITY = {Level.LOW: 0, Level.MEDIUM: 1, Level.HIGH: 2}
_OUT_OF_DISSATISFACTION = (Case.Kind.RETURN, Case.Kind.NONPAYMENT)


def triggered(case: Case, trigger: str, now: datetime) -> None:
    """Tell everybody registered; each makes sure that it begins once per case."""
    for begin in TRIGGERED:
        begin(case, trigger, now)


def trigger_of(case: Case) -> str | None:
    """Why a case needs its cause found from the moment it is received, or is graver than first thought."""
    if case.kind in _OUT_OF_DISSATISFACTION and case.customer_knows:
        return Analysis.Trigger.RETURN_OR_UNPAID
    least = case.policy.customer_first_severity
    noticed = case.customer_knows and not case.found_by_us and case.kind in Case.FAILURES
    if noticed and _GRAVITY[Level(case.severity)] >= _GRAVITY[Level(least)]:
        return Analysis.Trigger.CUSTOMER_FIRST
    return None


def trigger_by_itself(case: Case, now: datetime) -> None:
    """After a case was opened or its severity changed."""
    trigger = trigger_of(case)
    if trigger is not None:
        triggered(case, trigger, now)


def trigger_if_slow(case: Case, *, used_minutes: int, target_minutes: int, now: datetime) -> None:
    """After the response clock stopped: so many times its target is slow, by the case's own policy."""
    if case.kind in Case.FAILURES and used_minutes > case.policy.slow_factor * target_minutes:
        triggered(case, Analysis.Trigger.SLOW, now)
