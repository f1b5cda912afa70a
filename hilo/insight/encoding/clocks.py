"""Wall-clock times into instants, and which dates are none.

The hour that a wall shows twice is taken as its first pass; one that it never shows (the clocks went
forward) as if they had not. Both are counted.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from hilo.insight.log import FIRST_YEAR, LAST_YEAR, NO_TIME, Micros
from hilo.insight.records import record

_MICROS_A_DAY = 86_400_000_000
_DAYS_400_YEARS = 146_097
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_STAND_IN_DAYS = (-25_569, -25_568, -25_567, -1, 0)
"""1899-12-30 to 1900-01-01 (a spreadsheet's zero) and 1970-01-01, in any zone: no dates but their absence."""
_LATER_THAN = 10 * 365 * _MICROS_A_DAY  # 1980: a log of the sixties has no stand-ins at 1970


@record
class Instants:
    """``repeated``: shown twice by the wall; ``skipped``: never shown. Masks of the same length."""

    at: Micros
    repeated: NDArray[np.bool_]
    skipped: NDArray[np.bool_]


def plausible(moments: Micros) -> NDArray[np.bool_]:
    """Between 1900 and 2199, and no stand-in for "no date"."""
    first, end = _midnight_of(FIRST_YEAR), _midnight_of(LAST_YEAR + 1)
    good: NDArray[np.bool_] = (moments >= first) & (moments < end)
    early = good & (moments < _MICROS_A_DAY)
    if early.any():
        known = moments[good]
        if int(np.partition(known, len(known) // 2)[len(known) // 2]) > _LATER_THAN:
            days = moments[early] // _MICROS_A_DAY
            good[np.flatnonzero(early)[np.isin(days, _STAND_IN_DAYS)]] = False
    return good


def from_wall(moments: Micros, zone: str) -> Instants:
    """Of times as the wall of ``zone`` shows them; all plausible or ``NO_TIME``."""
    known = moments != NO_TIME
    nothing = np.zeros(len(moments), np.bool_)
    if zone == "UTC" or not known.any():
        return Instants(moments, nothing, nothing)
    changes, offsets = _changes(zone, moments[known])
    if len(changes) == 0:
        return Instants(np.where(known, moments - offsets[0], NO_TIME), nothing, nothing)
    before, after = changes + offsets[:-1], changes + offsets[1:]
    place = np.searchsorted(np.maximum(before, after), moments, side="right")
    at = np.where(known, moments - offsets[place], NO_TIME)
    odd = np.minimum(place, len(changes) - 1)  # the next change: only before it can a time be odd
    near = known & (place < len(changes)) & (moments >= np.minimum(before, after)[odd])
    return Instants(at, near & (after < before)[odd], near & (after > before)[odd])


def _changes(zone: str, moments: Micros) -> tuple[Micros, Micros]:
    """Instants at which the zone's offset changes around these times, and the offsets between them."""
    from hilo.businesstime.zones import offset_spans  # many logs say their offsets, or mean UTC

    years = range(_year(int(moments.min())) - 1, _year(int(moments.max())) + 2)
    starts, offsets = [], []
    for year in years:
        if FIRST_YEAR <= year <= LAST_YEAR:
            spans = offset_spans(zone, year)
            starts.append(spans.starts)
            offsets.append(spans.offsets)
    start, offset = np.concatenate(starts), np.concatenate(offsets)
    new = np.r_[True, offset[1:] != offset[:-1]]
    return start[new][1:], offset[new]


def _year(moment: int) -> int:
    return 1970 + int(moment // _MICROS_A_DAY * 400 // _DAYS_400_YEARS)


def _midnight_of(year: int) -> int:
    return (date(year, 1, 1).toordinal() - _EPOCH_DAY) * _MICROS_A_DAY
