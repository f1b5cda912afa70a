"""Which activity comes right after which, how often and after how long."""

from __future__ import annotations

import numpy as np

from hilo.insight.log import EventLog
from hilo.insight.measures.cases import HOUR, within_case
from hilo.insight.measures.grouped import distinct_members, grouped, pairs_of
from hilo.insight.results import Follows


def directly_follows(log: EventLog) -> tuple[Follows, ...]:
    """All ordered pairs of neighbouring events of a case, by count. Time runs from one event's time to the
    next one's (with start times: from end to end, so it holds the waiting and the work)."""
    inside = within_case(log)
    codes, names = log.activity.codes, log.activity.names
    pairs = pairs_of(codes[:-1][inside], codes[1:][inside], len(names))
    hours = grouped(pairs.which, np.diff(log.time)[inside], len(pairs))
    cases = distinct_members(pairs.which, log.case[1:][inside], len(pairs), log.cases)
    columns = (pairs.left, pairs.right, hours.counts, cases, hours.means() / HOUR, hours.medians() / HOUR)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    found = (Follows(names[left], names[right], *figures) for left, right, *figures in rows)
    return tuple(sorted(found, key=lambda pair: (-pair.count, pair.source, pair.target)))
