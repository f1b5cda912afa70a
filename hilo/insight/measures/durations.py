"""How long cases take, by the calendar on the wall and in working time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hilo.insight.log import FIRST_YEAR, LAST_YEAR, EventLog, Micros
from hilo.insight.measures.cases import DAY, case_begins, case_durations, case_ends
from hilo.insight.measures.grouped import grouped
from hilo.insight.results import Durations

if TYPE_CHECKING:
    from hilo.businesstime import CalendarRules

EARLIEST, AFTER_LATEST = (
    int(np.datetime64(f"{year}-01-01", "us").astype(np.int64)) for year in (FIRST_YEAR, LAST_YEAR + 1)
)


def durations(log: EventLog) -> Durations:
    """Days of 24 hours from the first to the last event of a case."""
    return _summed_up(case_durations(log), DAY)


def working_durations(log: EventLog, calendar: CalendarRules) -> Durations | None:
    """The same in days of 24 OPEN hours of the calendar: 8 h of work are 0.333. None where no case lies
    within the years that calendars reach (1900 to 2199); cases outside are left out."""
    from hilo.businesstime import working_time

    begins, ends = case_begins(log), case_ends(log)
    usable = (begins >= EARLIEST) & (ends < AFTER_LATEST)
    if not usable.any():
        return None
    return _summed_up(working_time(calendar).between_many(begins[usable], ends[usable]), DAY)


def _summed_up(spans: Micros, unit: int) -> Durations:
    one = grouped(np.zeros(spans.size, np.int32), spans, 1)
    middle, high = (float(one.quantiles(part, whole)[0]) / unit for part, whole in ((1, 2), (9, 10)))
    return Durations(float(one.means()[0]) / unit, middle, high, int(spans.max(initial=0)) / unit)
