"""The figures of a log: each measure a pure function of an EventLog, in numpy over its sorted codes.

Definitions, formulas and sources: docs/diagnose-definitions.md. ``hilo.insight.expressions`` says the same in
Ibis for databases; tests/insight holds both against slow and obvious twins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hilo.insight.log import EventLog
from hilo.insight.measures.cases import Mask
from hilo.insight.measures.charts import charts
from hilo.insight.measures.conformance import conformance
from hilo.insight.measures.durations import durations, working_durations
from hilo.insight.measures.ends import ends, starts
from hilo.insight.measures.follows import directly_follows
from hilo.insight.measures.groups import groups
from hilo.insight.measures.handovers import handovers
from hilo.insight.measures.intended import Intended
from hilo.insight.measures.lateness import lateness
from hilo.insight.measures.queues import queue
from hilo.insight.measures.rework import rework
from hilo.insight.measures.steps import activity_times, area_times
from hilo.insight.measures.variants import variants
from hilo.insight.results import Measures

if TYPE_CHECKING:
    from hilo.businesstime import CalendarRules

__all__ = [
    "activity_times",
    "area_times",
    "charts",
    "conformance",
    "directly_follows",
    "durations",
    "ends",
    "groups",
    "handovers",
    "lateness",
    "measure",
    "queue",
    "rework",
    "starts",
    "variants",
    "working_durations",
]


def measure(
    log: EventLog,
    *,
    calendar: CalendarRules | None = None,
    template: Intended | None = None,
    fulfils: Mask | None = None,
) -> Measures:
    """Everything the log has columns for. It must have at least one event. ``fulfils`` (n,) marks the events
    that keep a promise, where the log knows deliveries."""
    return Measures(
        durations=durations(log),
        working_durations=working_durations(log, calendar) if calendar else None,
        variants=variants(log),
        follows=directly_follows(log),
        starts=starts(log),
        ends=ends(log),
        rework=rework(log),
        handovers=handovers(log, log.area) if log.area else None,
        handovers_people=handovers(log, log.person) if log.person else None,
        steps=activity_times(log),
        areas=area_times(log, log.area) if log.area else (),
        sites=groups(log, log.site) if log.site else (),
        customers=groups(log, log.customer) if log.customer else (),
        segments={name: groups(log, column) for name, column in log.segments.items()},
        charts=charts(log, fulfils),
        queue=queue(log),
        lateness=lateness(log, fulfils),
        conformance=conformance(log, template),
    )
