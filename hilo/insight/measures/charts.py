"""Process-behaviour (XmR) charts by the week: is this change, or the noise of always?

Source: DOMAIN 1; Wheeler, Understanding Variation: limits are mean +- 2.66 x mean moving range.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from hilo.insight.log import EventLog
from hilo.insight.measures.cases import DAY, Mask, case_begins, case_durations, case_ends, closed_cases
from hilo.insight.measures.grouped import grouped
from hilo.insight.measures.lateness import deadlines
from hilo.insight.measures.periods import Period, Zoned
from hilo.insight.results import Charted
from hilo.insight.speaking import Said, _
from hilo.insight.statistics import Floats

LIMITS = 2.66
BASELINE = 20
PROVISIONAL_FROM = 10
RUN = 8
SHOWN_FROM = 5
MOST_WEEKS = 2_000

type Weeks = NDArray[np.int64]


def charts(log: EventLog, fulfils: Mask | None = None) -> tuple[Charted, ...]:
    """Of each whole week: cases that arrived; of those finished in it, the median duration and the share that
    was late. The first and the last week of a log are cut short and left out, and so are, for the median and
    the share, weeks with fewer than five cases. No chart below ten points."""
    found = (arrivals(log), weekly_duration(log), weekly_late(log, fulfils))
    return tuple(chart for chart in found if chart is not None)


def arrivals(log: EventLog) -> Charted | None:
    zoned, first, last = _weeks(log)
    weeks = zoned.numbers(case_begins(log))
    inside = weeks[(weeks > first) & (weeks < last)] - first - 1
    if not 0 < last - first - 1 <= MOST_WEEKS:
        return None
    counts = np.bincount(inside, minlength=last - first - 1).astype(np.float64)
    return xmr(_("Cases that arrived in the week"), zoned.starts(first + 1, last - 1), counts)


def weekly_duration(log: EventLog) -> Charted | None:
    closed = closed_cases(log)
    name = _("Median duration of the cases finished in the week, in days")
    return _by_week(log, name, case_ends(log)[closed], case_durations(log)[closed], DAY)


def weekly_late(log: EventLog, fulfils: Mask | None = None) -> Charted | None:
    when = deadlines(log, fulfils)
    if when is None:
        return None
    due = when.due[when.is_judged]
    name = _("Share of the cases due in the week that were late")
    return _by_week(log, name, due, when.is_late[when.is_judged].astype(np.int64), 1, is_share=True)


def _by_week(
    log: EventLog,
    name: Said,
    moments: NDArray[np.int64],
    values: NDArray[np.int64],
    unit: int,
    *,
    is_share: bool = False,
) -> Charted | None:
    zoned, first, last = _weeks(log)
    weeks = zoned.numbers(moments)
    inside = (weeks > first) & (weeks < last)
    if not 0 < last - first - 1 <= MOST_WEEKS:
        return None
    found = grouped(weeks[inside] - first - 1, values[inside], last - first - 1)
    enough = np.flatnonzero(found.counts >= SHOWN_FROM)
    figures = (found.means() if is_share else found.medians())[enough] / unit
    starts = zoned.starts(first + 1, last - 1)
    return xmr(name, [starts[week] for week in enough.tolist()], figures)


def _weeks(log: EventLog) -> tuple[Zoned, int, int]:
    zoned = Zoned(log.zone, Period.WEEK)
    first, last = zoned.numbers(np.array([case_begins(log).min(), log.time.max()])).tolist()
    return zoned, first, last


def xmr(name: Said, starts: Sequence[datetime], values: Floats) -> Charted | None:
    """The first 20 points set the limits, provisional from ten; none below. No figure here can be negative,
    so the lower limit is at least 0. ``runs`` are the places at which eight in a row have just stood on one
    side of the centre: a note, not an alert."""
    if values.size < PROVISIONAL_FROM:
        return None
    baseline = values[:BASELINE]
    centre = float(baseline.mean())
    reach = LIMITS * float(np.abs(np.diff(baseline)).mean())
    lower, upper = max(centre - reach, 0.0), centre + reach
    outside = np.flatnonzero((values < lower) | (values > upper))
    return Charted(
        name=name,
        starts=tuple(starts),
        values=tuple(values.tolist()),
        centre=centre,
        lower=lower,
        upper=upper,
        is_provisional=values.size < BASELINE,
        outside=tuple(outside.tolist()),
        runs=_runs(np.sign(values - centre)),
    )


def _runs(sides: Floats) -> tuple[int, ...]:
    """A point on the centre itself ends a run."""
    found, length = [], 0
    for place, side in enumerate(sides.tolist()):
        length = (length + 1 if place and side == sides[place - 1] else 1) if side else 0
        if length == RUN:
            found.append(place)
    return tuple(found)
