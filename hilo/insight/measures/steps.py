"""Waiting before and working inside, step by step: by activity, and by area with its borders."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hilo.insight.log import NO_TIME, Codes, EventLog, Ints, Micros
from hilo.insight.measures.cases import HOUR, event_begins, within_case
from hilo.insight.measures.grouped import Grouped, grouped
from hilo.insight.measures.handovers import blocks_of
from hilo.insight.results import StepTime


def activity_times(log: EventLog) -> tuple[StepTime, ...]:
    """Before: from the time of the event before to the beginning of this one (0 where they overlap; the first
    event of a case waits for nothing). Inside: from start to end, of events that have both."""
    names, codes = log.activity.names, log.activity.codes
    inner = within_case(log)
    waits = event_begins(log)[1:][inner]
    waits = np.maximum(waits - log.time[:-1][inner], 0)
    before = grouped(codes[1:][inner], waits, len(names))
    counts = np.bincount(codes, minlength=len(names))
    return _step_times(names, counts, before, _inside(log))


def _inside(log: EventLog) -> Grouped | None:
    if log.start is None:
        return None
    known = (log.start != NO_TIME) & (log.start <= log.time)
    spans = log.time[known] - log.start[known]
    return grouped(log.activity.codes[known], spans, len(log.activity.names))


def area_times(log: EventLog, area: Codes) -> tuple[StepTime, ...]:
    """Each stay of a case in an area, that is, a run of its events there. Before: the wait at the border,
    from the last event of the known area before to the first event here; stays that did not come from a known
    area have none. Inside: from its first to its last event."""
    blocks = blocks_of(log, area)
    known, received = blocks.unit >= 0, np.flatnonzero(blocks.received)
    waits = np.maximum(blocks.begins[received] - blocks.ends[received - 1], 0)
    before = _grouped(blocks.unit[received], waits, area.names)
    inside = _grouped(blocks.unit[known], blocks.ends[known] - blocks.begins[known], area.names)
    counts = np.bincount(blocks.unit[known], minlength=len(area.names))
    return _step_times(area.names, counts, before, inside)


def _grouped(unit: Ints, spans: Micros, names: Sequence[str]) -> Grouped:
    return grouped(unit, spans, len(names))


def _step_times(
    names: Sequence[str], counts: np.typing.NDArray[np.int64], before: Grouped, inside: Grouped | None
) -> tuple[StepTime, ...]:
    """By the time waited in all, the longest first."""
    columns = [counts, before.medians(), before.means(), before.quantiles(9, 10), before.sums()]
    if inside is not None:
        columns += [inside.medians(), inside.sums()]
    rows = zip(names, *(column.tolist() for column in columns), strict=True)
    found = [StepTime(name, count, *(span / HOUR for span in spans)) for name, count, *spans in rows if count]
    return tuple(sorted(found, key=lambda step: (-step.total_before_h, -step.count, step.name)))
