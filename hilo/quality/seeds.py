"""What every company starts with: a first case policy, the causes of SPEC 7.5, the deadlines of DOMAIN 6."""

from __future__ import annotations

from datetime import UTC, datetime

from hilo.quality.models import CasePolicy, CauseKind, LegalDeadline, Level, PolicyRule

HOUR, DAY = 60, 8 * 60  # business minutes
# By severity: acknowledge, response, news, overdue to the head, overdue to the director.
FOR_TIER_B = {
    Level.HIGH: (HOUR, 5 * DAY, DAY, 2 * HOUR, DAY),
    Level.MEDIUM: (2 * HOUR, 10 * DAY, 3 * DAY, 4 * HOUR, 2 * DAY),
    Level.LOW: (DAY, 15 * DAY, 5 * DAY, DAY, 3 * DAY),
}
SHARE_OF_TIER = {"A": 0.8, "B": 1.0, "C": 1.0}
CAUSES = (
    "not_advised",
    "infeasibility_not_detected",
    "specification_not_corrected",
    "our_function_left_to_customer",
    "information_lost_in_handoff",
    "wrong_or_contradictory_promise",
    "no_news_given",
    "capacity",
    "supplier",
    "customers_users_not_prepared",
)
# Ley 10/2025, a law for large companies towards consumers (check): 15 working days, for billing 5 days.
DEADLINES = (("", 15, LegalDeadline.Unit.WORKING_DAYS), ("nonpayment", 5, LegalDeadline.Unit.DAYS))


def seed_quality(using: str) -> None:
    """Once, into tables that hold no policy yet: what a company dropped or renamed later stays so."""
    if CasePolicy.objects.using(using).exists():
        return
    levels = list(Level)
    policy = CasePolicy.objects.using(using).create(
        number=1,
        severity={f"{i}:{u}": _severity(levels, i, u) for i in levels for u in levels},
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    PolicyRule.objects.using(using).bulk_create(
        _rule(policy, severity, tier) for severity in FOR_TIER_B for tier in SHARE_OF_TIER
    )
    CauseKind.objects.using(using).bulk_create(
        CauseKind(code=code, position=place) for place, code in enumerate(CAUSES, start=1)
    )
    LegalDeadline.objects.using(using).bulk_create(
        LegalDeadline(customer_kind="consumer", case_kind=kind, days=days, unit=unit, source="Ley 10/2025")
        for kind, days, unit in DEADLINES
    )


def _severity(levels: list[Level], impact: Level, urgency: Level) -> str:
    """The middle of both, rounded up: what is urgent and matters little is no low case."""
    return str(levels[(levels.index(impact) + levels.index(urgency) + 1) // 2])


def _rule(policy: CasePolicy, severity: Level, tier: str) -> PolicyRule:
    acknowledge, response, news, head, director = FOR_TIER_B[severity]
    share = SHARE_OF_TIER[tier]
    return PolicyRule(
        policy=policy,
        severity=severity,
        tier=tier,
        acknowledge_minutes=round(acknowledge * share),
        response_minutes=round(response * share),
        news_minutes=round(news * share),
        head_after_minutes=head,
        director_after_minutes=director,
    )
