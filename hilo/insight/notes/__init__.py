"""What a log is and what it cannot tell, said before anybody draws conclusions from it."""

from __future__ import annotations

from collections.abc import Mapping

from hilo.insight.log import EventLog
from hilo.insight.notes import collection, columns, copies, times
from hilo.insight.raw import RawTable, Role
from hilo.insight.results import Taken
from hilo.insight.speaking import Said

__all__ = ["notes_of"]


def notes_of(raw: RawTable, log: EventLog, taken: Mapping[Role, Taken]) -> tuple[Said, ...]:
    """The gravest kinds first, then what was done to read and encode it, then the columns it lacks. ``raw``
    is the table the log was made of (a guess's)."""
    said = (
        collection.by_end_date(log),
        collection.still_open(log),
        collection.never_ended(log),
        times.ties(log),
        times.whole_days(raw, log, taken),
        times.empty_months(log),
        copies.exact_duplicates(raw, log),
        copies.in_another_zone(raw, log),
        columns.filled_in_backwards(raw, log),
        columns.areas_that_stay(log),
        columns.areas_that_change_without_the_person(log),
        columns.a_customer_for_each_case(log),
        *raw.remarks,
        *log.notes,
        *columns.missing(log),
    )
    return tuple(one for one in said if one is not None)
