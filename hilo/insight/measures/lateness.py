"""Cases against the date they were due."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hilo.insight.log import NO_TIME, EventLog, Micros
from hilo.insight.measures.cases import DAY, HOUR, case_ends, closed_cases
from hilo.insight.measures.grouped import grouped
from hilo.insight.measures.periods import wall_clock
from hilo.insight.records import record
from hilo.insight.results import Lateness
from hilo.insight.statistics import wilson

type Mask = NDArray[np.bool_]


@record
class Deadlines:
    """By case. ``due``: its first promised date, NO_TIME where it has none. ``done``: when it was fulfilled,
    NO_TIME where it is not. ``is_judged``: it was due, and is fulfilled or the log reaches beyond its date.
    ``is_late``: judged, and not fulfilled by then."""

    due: Micros
    done: Micros
    is_judged: Mask
    is_late: Mask


def lateness(log: EventLog, fulfils: Mask | None = None) -> Lateness | None:
    """None in a log in which nothing is due. Open cases past their date at the log's end count as missed."""
    when = deadlines(log, fulfils)
    if when is None:
        return None
    judged, late = int(when.is_judged.sum()), int(when.is_late.sum())
    finished_late = when.is_late & (when.done != NO_TIME)
    delays = when.done[finished_late] - when.due[finished_late]
    middle = grouped(np.zeros(delays.size, np.int32), delays, 1).medians()
    return Lateness(
        due=judged,
        late=late,
        open_past_due=late - delays.size,
        share=late / judged if judged else 0.0,
        interval=wilson(late, judged),
        median_late_h=float(middle[0]) / HOUR if delays.size else None,
    )


def deadlines(log: EventLog, fulfils: Mask | None = None) -> Deadlines | None:
    """``fulfils`` (n,) marks the events that keep the promise (a delivery): the first of a case counts.
    Without it a case is done with its last event, if that closes it. Dates without an hour hold until their
    day ends."""
    due = _first_due(log)
    if due is None:
        return None
    done = _closed_at(log) if fulfils is None else _first_marked(log, fulfils)
    end = int(log.time.max())
    is_done = done != NO_TIME
    is_judged = (due != NO_TIME) & (is_done | (due < end))
    return Deadlines(due, done, is_judged, is_judged & np.where(is_done, done > due, True))


def _first_due(log: EventLog) -> Micros | None:
    if log.due is None:
        return None
    due = _first_marked(log, log.due != NO_TIME, log.due)
    known = due != NO_TIME
    if not known.any():
        return None
    if not (wall_clock(due[known], log.zone) % DAY).any():
        due[known] = _end_of_day(due[known], log.zone)
    return due


def _end_of_day(midnights: Micros, zone: str) -> Micros:
    """The last microsecond of the day that begins then: 23 or 25 hours later when the clocks change."""
    next_day = midnights + DAY
    shift = wall_clock(next_day, zone) - wall_clock(midnights, zone) - DAY
    return next_day - shift - 1


def _closed_at(log: EventLog) -> Micros:
    return np.where(closed_cases(log), case_ends(log), NO_TIME)


def _first_marked(log: EventLog, marked: Mask, values: Micros | None = None) -> Micros:
    """The value (or time) of the first marked event of each case, NO_TIME where there is none."""
    places = np.where(marked, np.arange(len(log)), len(log))
    first = np.minimum.reduceat(places, log.first[:-1])
    return np.append(log.time if values is None else values, NO_TIME)[first]
