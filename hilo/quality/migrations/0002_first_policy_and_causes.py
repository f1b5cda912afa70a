"""What every company starts with: the first case policy, the causes of SPEC 7.5, the deadlines of DOMAIN 6."""

from __future__ import annotations

from datetime import UTC, datetime

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

LEVELS = ("low", "medium", "high")
HOUR, DAY = 60, 8 * 60  # business minutes
# Severity: acknowledge, response, news, overdue to the head, overdue to the director.
FOR_TIER_B = {
    "high": (HOUR, 5 * DAY, DAY, 2 * HOUR, DAY),
    "medium": (2 * HOUR, 10 * DAY, 3 * DAY, 4 * HOUR, 2 * DAY),
    "low": (DAY, 15 * DAY, 5 * DAY, DAY, 3 * DAY),
}
TIERS = {"A": 0.8, "B": 1.0, "C": 1.0}
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
DEADLINES = (("", 15, "working"), ("nonpayment", 5, "days"))


def severity_of(impact: str, urgency: str) -> str:
    """The middle of both, rounded up: what is urgent and matters little is no low case."""
    return LEVELS[(LEVELS.index(impact) + LEVELS.index(urgency) + 1) // 2]


def seed(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    policy = apps.get_model("quality", "CasePolicy").objects.create(
        number=1,
        severity={f"{i}:{u}": severity_of(i, u) for i in LEVELS for u in LEVELS},
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    rule = apps.get_model("quality", "PolicyRule")
    for severity, (acknowledge, response, news, head, director) in FOR_TIER_B.items():
        for tier, share in TIERS.items():
            rule.objects.create(
                policy=policy,
                severity=severity,
                tier=tier,
                acknowledge_minutes=round(acknowledge * share),
                response_minutes=round(response * share),
                news_minutes=round(news * share),
                head_after_minutes=head,
                director_after_minutes=director,
            )
    for place, code in enumerate(CAUSES, start=1):
        apps.get_model("quality", "CauseKind").objects.create(code=code, position=place)
    for kind, days, unit in DEADLINES:
        apps.get_model("quality", "LegalDeadline").objects.create(
            customer_kind="consumer", case_kind=kind, days=days, unit=unit, source="Ley 10/2025"
        )


class Migration(migrations.Migration):
    dependencies = (("quality", "0001_initial"),)
    operations = (migrations.RunPython(seed, migrations.RunPython.noop),)
