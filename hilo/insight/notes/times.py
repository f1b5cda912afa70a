"""What the times of a log hide: ties, days without an hour, months without events."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from hilo.insight.log import NO_TIME, EventLog, Micros
from hilo.insight.mapping.looking import micros
from hilo.insight.raw import RawTable, Role
from hilo.insight.results import Taken
from hilo.insight.speaking import Listed, Said, Share, _, ngettext

DAY = 86_400_000_000
QUARTER = 900_000_000
MIDNIGHTS = 0.1
"""The share of events at midnight from which days are taken to stand without an hour."""
MONTHLY = 20
"""Events a month on average, from which a month without any is worth a word."""
_MIDDLE = (0.01, 0.99)  # of the events: before and after, months may well be thin


def tied(log: EventLog) -> NDArray[np.bool_]:
    """(n - 1,): this event and the next are of one case and one time."""
    same: NDArray[np.bool_] = (log.case[1:] == log.case[:-1]) & (log.time[1:] == log.time[:-1])
    return same


def ties(log: EventLog) -> Said | None:
    n = int(tied(log).sum())
    if not n:
        return None
    return ngettext(
        "%(n)s event (%(share)s) has the same time as the one before it in its case: which came first is told"
        " by the order of the file alone.",
        "%(n)s events (%(share)s) have the same time as the one before them in their case: which came first"
        " is told by the order of the file alone.",
        n=n,
        share=Share(n / len(log), 1),
    )


def whole_days(raw: RawTable, log: EventLog, taken: Mapping[Role, Taken]) -> Said | None:
    share = _midnights(raw, log, taken)
    if share < MIDNIGHTS:
        return None
    return _(
        "%(share)s of the events have a day and no hour: within a day their order is uncertain, and durations"
        " are good to a day at best.",
        share=Share(share),
    )


def _midnights(raw: RawTable, log: EventLog, taken: Mapping[Role, Taken]) -> float:
    """A wall clock's own midnight where the file has no zone; else the two commonest moments of the UTC day
    (two, for summer and winter), if they are those of a whole offset."""
    column = raw.data[taken[Role.TIME].column]
    if column.type.tz is None:
        return _share_at_midnight(micros(column)[log.row])
    whole = log.time[log.time % QUARTER == 0] % DAY
    _moments, counts = np.unique(whole, return_counts=True)
    return float(np.sort(counts)[-2:].sum()) / max(1, len(log))


def _share_at_midnight(wall: Micros) -> float:
    known = wall[wall != NO_TIME]
    return float(np.mean(known % DAY == 0)) if len(known) else 0.0


def empty_months(log: EventLog) -> Said | None:
    low, high = np.quantile(log.time, _MIDDLE, method="nearest")
    middle = log.time[(log.time >= low) & (log.time <= high)]
    months = middle.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
    counts = np.bincount(months - months.min())
    empty = np.flatnonzero(counts == 0) + months.min()
    if not len(empty) or len(middle) / len(counts) < MONTHLY:
        return None
    names = tuple(str(month) for month in empty.astype("datetime64[M]"))
    return ngettext(
        "There is a month without a single event in the midst of the log: %(months)s. Perhaps a part of the"
        " export is missing.",
        "There are %(n)s months without a single event in the midst of the log: %(months)s. Perhaps a part of"
        " the export is missing.",
        n=len(names),
        months=Listed(names),
    )
