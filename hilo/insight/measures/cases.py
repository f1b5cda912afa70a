"""What holds of a whole case: when it began and ended, how long it took, whose it was, if it is closed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hilo.insight.log import NO_TIME, Codes, EventLog, Ints, Micros
from hilo.insight.measures.grouped import distinct_members

type Mask = NDArray[np.bool_]

HOUR = 3_600_000_000
DAY = 24 * HOUR
ENOUGH_TO_CLOSE = 5


def event_begins(log: EventLog) -> Micros:
    """When each event began: its start where it is known and not after its end, otherwise its time."""
    if log.start is None:
        return log.time
    return np.where((log.start == NO_TIME) | (log.start > log.time), log.time, log.start)


def case_begins(log: EventLog) -> Micros:
    """The first moment of each case; where events have a start, the earliest start."""
    if log.start is None:
        return log.time[log.first[:-1]]
    return np.minimum.reduceat(event_begins(log), log.first[:-1])


def case_ends(log: EventLog) -> Micros:
    return log.time[log.first[1:] - 1]


def case_durations(log: EventLog) -> Micros:
    """Microseconds from the first moment to the last event."""
    return case_ends(log) - case_begins(log)


def within_case(log: EventLog) -> Mask:
    """(n - 1,): whether event i + 1 belongs to the case of event i."""
    same: Mask = log.case[1:] == log.case[:-1]
    return same


def value_of_case(log: EventLog, column: Codes) -> Ints:
    """The first known value of the column in each case, -1 where there is none."""
    found = column.codes[log.first[:-1]]
    if (found >= 0).all():
        return found
    places = np.where(column.codes >= 0, np.arange(len(log)), len(log))
    known = np.minimum.reduceat(places, log.first[:-1])
    return np.append(column.codes, np.int32(-1))[known]


def closing_activities(log: EventLog) -> Mask:
    """(activities,): those with which a case is over: at least half of the cases that have one end with it,
    and at least five do."""
    many = len(log.activity.names)
    ends = np.bincount(log.activity.codes[log.first[1:] - 1], minlength=many)
    cases = distinct_members(log.activity.codes, log.case, many, log.cases)
    return (2 * ends >= cases) & (ends >= ENOUGH_TO_CLOSE)


def closed_cases(log: EventLog) -> Mask:
    """(cases,): whose last event closes. In a log without a closing activity nobody can tell: all count as
    closed."""
    closing = closing_activities(log)
    if not closing.any():
        return np.ones(log.cases, np.bool_)
    return closing[log.activity.codes[log.first[1:] - 1]]
