"""What a case may take: the company's policy, in versions, and what law or contract sets (SPEC 7.2, 7.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.errors import RuleViolation, Stale
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, record, seal
from hilo.parties.actor import Actor
from hilo.parties.changing import one_at_a_time
from hilo.parties.models import Customer
from hilo.parties.permissions import require
from hilo.parties.texts import one_of
from hilo.quality.events.clocks import CasePolicyChanged, LegalDeadlineDropped, LegalDeadlineSet
from hilo.quality.models import Case, CasePolicy, LegalDeadline, Level, PolicyRule
from hilo.work.texts import line

LONGEST_TARGET = 366 * 24 * 60  # minutes; also keeps every due moment within the calendars
LONGEST_DEADLINE = 366  # days
MOST_DAYS = 3660
_CHANGED = gettext_lazy("Somebody changed the policy while you were writing. Look at it and send it again.")
_GONE = gettext_lazy("This deadline no longer holds.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """For one severity and customer tier, in business minutes."""

    severity: str
    tier: str
    acknowledge_minutes: int
    response_minutes: int
    news_minutes: int
    head_after_minutes: int
    director_after_minutes: int


@command
def change_case_policy(
    *,
    severity: Mapping[str, str],
    rules: Iterable[Targets],
    second_failure_days: int,
    stuck_working_days: int,
    slow_factor: int,
    cause_working_days: int | None = None,
    customer_first_severity: str | None = None,
    case_on_broken_promise: bool | None = None,
    seen_number: int,
    by: Actor,
    now: datetime,
) -> CasePolicy:
    """The next version, for cases opened from now on; those under way keep theirs.

    When a cause is looked for by itself stays as it is where nothing is said of it.
    """
    require(by, "case_policy.manage")
    targets = list(rules)
    _refuse_unclear_severity(severity)
    _refuse_unclear_targets(targets)
    for field, days in (
        ("second_failure_days", second_failure_days),
        ("stuck_working_days", stuck_working_days),
    ):
        _refuse_outside(days, most=MOST_DAYS, field=field)
    _refuse_outside(slow_factor, most=100, field="slow_factor")
    one_at_a_time()
    newest = CasePolicy.objects.order_by("-number")[0]
    if newest.number != seen_number:
        raise Stale(_CHANGED)
    looked_for = _when_causes_are_looked_for(
        newest,
        cause_working_days=cause_working_days,
        customer_first_severity=customer_first_severity,
        case_on_broken_promise=case_on_broken_promise,
    )
    policy = CasePolicy.objects.create(
        number=newest.number + 1,
        severity=dict(severity),
        second_failure_days=second_failure_days,
        stuck_working_days=stuck_working_days,
        slow_factor=slow_factor,
        created_at=now,
        author=by.person,
        **looked_for,
    )
    PolicyRule.objects.bulk_create(PolicyRule(policy=policy, **asdict(each)) for each in targets)
    record(CasePolicyChanged(subject=Ref("case_policy", policy.pk), number=policy.number), by=by, now=now)
    return policy


def _when_causes_are_looked_for(
    newest: CasePolicy,
    *,
    cause_working_days: int | None,
    customer_first_severity: str | None,
    case_on_broken_promise: bool | None,
) -> dict[str, Any]:
    days = newest.cause_working_days if cause_working_days is None else cause_working_days
    _refuse_outside(days, most=LONGEST_DEADLINE, field="cause_working_days")
    severity = newest.customer_first_severity if customer_first_severity is None else customer_first_severity
    opens = newest.case_on_broken_promise if case_on_broken_promise is None else case_on_broken_promise
    return {
        "cause_working_days": days,
        "customer_first_severity": one_of(severity, list(Level.values), field="customer_first_severity"),
        "case_on_broken_promise": opens,
    }


def _refuse_unclear_severity(severity: Mapping[str, str]) -> None:
    wanted = {f"{impact}:{urgency}" for impact in Level for urgency in Level}
    if set(severity) != wanted or not set(severity.values()) <= set(Level):
        raise RuleViolation(
            _("Say for each impact and each urgency how severe the case is."), field="severity"
        )


def _refuse_unclear_targets(targets: list[Targets]) -> None:
    wanted = sorted((severity, tier) for severity in Level for tier in Customer.Tier)
    if sorted((each.severity, each.tier) for each in targets) != wanted:
        raise RuleViolation(
            _("Give the times for each severity and each kind of customer, once."), field="rules"
        )
    for each in targets:
        for minutes in (each.acknowledge_minutes, each.response_minutes, each.news_minutes):
            _refuse_outside(minutes, most=LONGEST_TARGET, field="rules")
        if not 0 <= each.head_after_minutes <= each.director_after_minutes <= LONGEST_TARGET:
            raise RuleViolation(
                _("The area head is told before the director, and both within a year."), field="rules"
            )


def _refuse_outside(value: int, *, most: int, field: str) -> None:
    if not 1 <= value <= most:
        raise RuleViolation(_("Give a number between 1 and %(most)s.") % {"most": most}, field=field)


@command
def set_legal_deadline(
    *,
    customer_kind: str,
    case_kind: str = "",
    days: int,
    unit: str = LegalDeadline.Unit.WORKING_DAYS,
    source: str,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> LegalDeadline:
    """For one kind of customer, and one kind of case or all. Clocks that run under it follow the new days;
    those that stopped stay as they were. ``seen`` is the version of the one there is."""
    require(by, "case_policy.manage")
    _refuse_unknown_kinds(customer_kind, case_kind, unit)
    _refuse_outside(days, most=LONGEST_DEADLINE, field="days")
    words = line(source, field="source", most=200, missing=_("Say which law or contract sets it."))
    one_at_a_time()
    facts = {"days": days, "unit": unit, "source": words, "is_active": True}
    deadline = LegalDeadline.objects.filter(customer_kind=customer_kind, case_kind=case_kind).first()
    if deadline is None:
        deadline = LegalDeadline.objects.create(customer_kind=customer_kind, case_kind=case_kind, **facts)
    else:
        move(deadline, only_if={}, refused="", seen=seen, **facts)
    record(
        LegalDeadlineSet(
            subject=Ref("legal_deadline", deadline.pk),
            customer_kind=customer_kind,
            case_kind=case_kind,
            days=days,
            unit=unit,
            source=seal(words),
        ),
        by=by,
        now=now,
    )
    return deadline


def _refuse_unknown_kinds(customer_kind: str, case_kind: str, unit: str) -> None:
    if customer_kind not in Customer.Kind.values:
        raise RuleViolation(_("Choose the kind of customer."), field="customer_kind")
    if case_kind and case_kind not in Case.Kind.values:
        raise RuleViolation(_("Choose the kind of case, or all of them."), field="case_kind")
    if unit not in LegalDeadline.Unit.values:
        raise RuleViolation(_("Choose working days or natural days."), field="unit")


@command
def drop_legal_deadline(deadline: LegalDeadline, *, seen: int, by: Actor, now: datetime) -> None:
    """For cases received from now on; a clock that began under it runs on to its end."""
    require(by, "case_policy.manage")
    move(deadline, only_if={"is_active": True}, refused=_GONE, seen=seen, is_active=False)
    record(LegalDeadlineDropped(subject=Ref("legal_deadline", deadline.pk)), by=by, now=now)
