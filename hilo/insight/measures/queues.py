"""How many cases arrive, finish and stand open, period by period."""

from __future__ import annotations

import numpy as np

from hilo.insight.log import EventLog
from hilo.insight.measures.cases import case_begins, case_ends, closed_cases
from hilo.insight.measures.periods import Zoned, period_for
from hilo.insight.results import Queue


def queue(log: EventLog) -> Queue:
    """A case arrives with its first moment and finishes with its last event if that closes it
    (``closed_cases``); otherwise it stays open until the log's end. ``open`` is counted at the end of each
    period."""
    begins, ends = case_begins(log), case_ends(log)
    zoned = Zoned(log.zone, period_for(int(begins.min()), int(ends.max())))
    arrivals, last = zoned.numbers(begins), int(zoned.numbers(ends).max())
    first = int(arrivals.min())
    arrived = np.bincount(arrivals - first, minlength=last - first + 1)
    finished = np.bincount(zoned.numbers(ends[closed_cases(log)]) - first, minlength=last - first + 1)
    still_open = np.cumsum(arrived - finished)
    return Queue(zoned.starts(first, last), *(tuple(c.tolist()) for c in (arrived, finished, still_open)))
