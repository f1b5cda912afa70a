"""Impact and urgency beside each other, and the severity they make, said before it is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from hilo.quality.models import CasePolicy, Level, PolicyRule
from hilo.web.base.words import Status
from hilo.web.cases.words import days_said, severity_shown


@dataclass(frozen=True, slots=True)
class Severity:
    """``levels`` is "impact:urgency"; the page shows the one whose two radios are chosen."""

    levels: str
    status: Status
    means: str


def severities(policy: CasePolicy, tier: str) -> list[Severity]:
    rules = {rule.severity: rule for rule in PolicyRule.objects.filter(policy=policy, tier=tier)}
    return [
        Severity(levels, severity_shown(severity, long=True), _means(rules.get(severity)))
        for levels, severity in sorted(policy.severity.items())
    ]


def _means(rule: PolicyRule | None) -> str:
    if rule is None:
        return ""
    return _("We answer within %(answer)s, and they hear from us every %(news)s at the latest.") % {
        "answer": days_said(timedelta(minutes=rule.response_minutes)),
        "news": days_said(timedelta(minutes=rule.news_minutes)),
    }


def impact_choices() -> list[tuple[str, str]]:
    return [
        (Level.LOW, _("Low: a nuisance, they go on working")),
        (Level.MEDIUM, _("Medium: part of their work suffers")),
        (Level.HIGH, _("High: they cannot work, or somebody could be hurt")),
    ]


def urgency_choices() -> list[tuple[str, str]]:
    return [
        (Level.LOW, _("Low: it can wait some weeks")),
        (Level.MEDIUM, _("Medium: this week or the next")),
        (Level.HIGH, _("High: every hour counts")),
    ]
