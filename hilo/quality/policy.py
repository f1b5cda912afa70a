"""The case policy: which version holds, what severity impact and urgency make, what each may take."""

from __future__ import annotations

from hilo.parties.texts import one_of
from hilo.quality.models import Case, CasePolicy, Level, PolicyRule


def policy_in_force() -> CasePolicy:
    """The highest number; the first one comes with the tables."""
    return CasePolicy.objects.order_by("-number")[0]


def severity_of(policy: CasePolicy, impact: str, urgency: str) -> str:
    """Refuses what is no level, beside its field."""
    one_of(impact, list(Level.values), field="impact")
    one_of(urgency, list(Level.values), field="urgency")
    return str(policy.severity[f"{impact}:{urgency}"])


def rule_of(case: Case) -> PolicyRule:
    """What the case's own version of the policy sets for its severity and its customer's tier of today."""
    return PolicyRule.objects.get(
        policy=case.policy_id, severity=case.severity, tier=case.thread.customer.tier
    )
