"""Cases of one site, customer or segment beside the rest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hilo.insight.log import Codes, EventLog
from hilo.insight.measures.cases import DAY, case_durations, value_of_case
from hilo.insight.measures.grouped import Grouped, grouped
from hilo.insight.results import Group
from hilo.insight.statistics import (
    Floats,
    benjamini_hochberg,
    median_interval_place,
    midranks,
    rank_sum_test,
)

SHOWN_FROM = 5
MOST = 1_000


def groups(log: EventLog, column: Codes, most: int = MOST) -> tuple[Group, ...]:
    """The ``most`` largest groups of a column, by cases; a case belongs to its first known value. q corrects
    for all groups of the column that have at least five cases, shown or not."""
    of_case = value_of_case(log, column)
    known = of_case >= 0
    found = grouped(of_case[known], case_durations(log)[known], len(column.names))
    effects, qs = _compared(found)
    counts = found.counts
    largest = sorted(np.flatnonzero(counts).tolist(), key=lambda code: (-counts[code], column.names[code]))
    medians = found.medians()
    return tuple(_group(column.names, code, found, medians, effects, qs) for code in largest[:most])


def _compared(found: Grouped) -> tuple[Floats, Floats]:
    """Cliff's delta and q of each group; NaN where nothing is compared: fewer than five cases, or no rest."""
    counts = found.counts
    effects, qs = np.full(counts.size, np.nan), np.full(counts.size, np.nan)
    total = int(counts.sum())
    usable = np.flatnonzero((counts >= SHOWN_FROM) & (counts < total))
    if not usable.size:
        return effects, qs
    group = np.repeat(np.arange(counts.size), counts)
    ranks, ties = midranks(found.keys - found.offsets[group])
    sums = np.bincount(group, ranks, counts.size)
    ps, deltas = rank_sum_test(sums[usable], counts[usable], total, ties)
    effects[usable], qs[usable] = deltas, benjamini_hochberg(ps)
    return effects, qs


def _group(
    names: Sequence[str], code: int, found: Grouped, medians: Floats, effects: Floats, qs: Floats
) -> Group:
    cases = int(found.counts[code])
    if cases < SHOWN_FROM:
        return Group(names[code], cases, None, None, None, None)
    left_out = median_interval_place(cases)
    low, high = found.at(np.array([code, code]), np.array([left_out, cases - 1 - left_out])).tolist()
    effect, q = (None if np.isnan(value) else float(value) for value in (effects[code], qs[code]))
    return Group(names[code], cases, float(medians[code]) / DAY, (low / DAY, high / DAY), effect, q)
