"""What is done more than once in a case."""

from __future__ import annotations

from hilo.insight.log import EventLog
from hilo.insight.measures.grouped import repeated_members
from hilo.insight.measures.naming import by_count
from hilo.insight.results import Rework


def rework(log: EventLog) -> tuple[Rework, ...]:
    """Activities that stand more than once in some case, with the number of such cases."""
    names = log.activity.names
    cases = repeated_members(log.activity.codes, log.case, len(names), log.cases)
    return tuple(Rework(name, count) for name, count in by_count(names, cases))
