"""How thousands of clocks stand, worked out together: what ``clocks.standing`` says of each, some ten times
quicker, because business time is asked for whole arrays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from hilo.businesstime import OutsideYears, WorkingTime, from_micros, to_micros
from hilo.quality.clocks import NOTHING, Clock, LegalClock, Standing, TargetClock, standing, state_of

MICROSECOND = timedelta(microseconds=1)
LAST_YEAR = 2199

type Span = tuple[datetime, datetime]


def standings(clocks: Sequence[Clock], *, now: datetime) -> list[Standing]:
    """In the order given."""
    found: dict[int, Standing] = {}
    together: dict[WorkingTime, list[int]] = {}
    for place, clock in enumerate(clocks):
        together.setdefault(clock.hours, []).append(place)
    for hours, places in together.items():
        rows = [clocks[place] for place in places]
        found |= zip(places, _standings_in(hours, rows, now), strict=True)
    return [found[place] for place in range(len(clocks))]


def _standings_in(hours: WorkingTime, clocks: list[Clock], now: datetime) -> list[Standing]:
    try:
        dues = _dues(hours, clocks)
        used = _sums(hours, [_spans_used(clock, now) for clock in clocks])
        ahead = _sums(hours, [_spans_left(clock, due, now) for clock, due in zip(clocks, dues, strict=True)])
    except OutsideYears:  # one mad date among them: each by itself
        return [standing(clock, now=now) for clock in clocks]
    rows = zip(clocks, dues, used, ahead, strict=True)
    return [
        Standing(
            state=state_of(clock, due, now), due=due, used=spent, left=_left(clock, due, spent, rest, now)
        )
        for clock, due, spent, rest in rows
    ]


def _left(clock: Clock, due: datetime, used: timedelta, ahead: timedelta, now: datetime) -> timedelta:
    if isinstance(clock, TargetClock):
        return clock.target - used
    if (isinstance(clock, LegalClock) and not clock.in_working_days) or due.year > LAST_YEAR:
        return due - now
    return ahead


def _dues(hours: WorkingTime, clocks: list[Clock]) -> list[datetime]:
    """A target falls due after the last pause that began before it was used up."""
    targets = [clock for clock in clocks if isinstance(clock, TargetClock)]
    worked = iter(_between(hours, [stint for clock in targets for stint in _stints(clock)]))
    reached, rest = [], []
    for clock in targets:
        since, missing = clock.started_at, clock.target
        for (_begins, ends), stint in zip(
            clock.stretches, [next(worked) for _ in clock.stretches], strict=True
        ):
            if stint >= missing:
                break
            since, missing = ends, missing - stint
        reached.append(to_micros(since))
        rest.append(missing // MICROSECOND)
    ends_at = iter(hours.add_many(_micros(reached), _micros(rest)))
    return [from_micros(next(ends_at)) if isinstance(clock, TargetClock) else clock.due for clock in clocks]


def _stints(clock: TargetClock) -> list[Span]:
    """What lies between its pauses, but for the last stint, which has no end."""
    begins, ends = [begin for begin, _end in clock.stretches], [end for _begin, end in clock.stretches]
    return list(zip([clock.started_at, *ends], begins, strict=False))


def _spans_used(clock: Clock, now: datetime) -> list[Span]:
    if isinstance(clock, TargetClock):
        last = clock.stretches[-1][1] if clock.stretches else clock.started_at
        spans = [*_stints(clock), (last, now)]
    else:
        spans = [(clock.started_at, now)]
    return [(begin, min(end, now)) for begin, end in spans if begin < now]


def _spans_left(clock: Clock, due: datetime, now: datetime) -> list[Span]:
    if isinstance(clock, TargetClock) or due.year > LAST_YEAR:
        return []
    return [(now, due)]


def _sums(hours: WorkingTime, spans: list[list[Span]]) -> list[timedelta]:
    each = iter(_between(hours, [span for several in spans for span in several]))
    return [sum((next(each) for _ in several), NOTHING) for several in spans]


def _between(hours: WorkingTime, spans: list[Span]) -> list[timedelta]:
    starts, ends = (
        _micros([to_micros(start) for start, _ in spans]),
        _micros([to_micros(end) for _, end in spans]),
    )
    return [int(found) * MICROSECOND for found in hours.between_many(starts, ends)]


def _micros(values: list[int]) -> npt.NDArray[np.int64]:
    return np.array(values, dtype=np.int64)
