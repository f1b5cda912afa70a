"""Where customers fall between areas, in a log: findings that survive a minimum effect and the false
discovery rate, at the most specific place that explains them, ranked by what they cost customers."""

from hilo.insight.findings.finding import find
from hilo.insight.findings.meaning import ActivityMeanings
from hilo.insight.findings.policy import Policy

__all__ = ["ActivityMeanings", "Policy", "find"]
