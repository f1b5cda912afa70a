"""Days, weeks, months and years of the log's own zone, counted for whole arrays of moments."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hilo.insight.log import FIRST_YEAR, LAST_YEAR, Micros
from hilo.insight.measures.cases import DAY
from hilo.insight.records import record

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

EPOCH_DAY = date(1970, 1, 1).toordinal()
MONDAY = 3  # 1970-01-01 was a Thursday


class Period(Enum):
    DAY = "D"
    WEEK = "W"
    MONTH = "M"
    YEAR = "Y"


DAYS_UP_TO = {Period.DAY: 62, Period.WEEK: 3 * 366, Period.MONTH: 100 * 366}
"""The longest log, in days, that is shown by this period; a longer one by the next."""


@record
class Zoned:
    """Counts periods in one zone."""

    zone: str
    period: Period

    def numbers(self, moments: Micros) -> NDArray[np.int64]:
        """The period of each moment, counted from that of 1970-01-01."""
        days: NDArray[np.int64] = np.floor_divide(wall_clock(moments, self.zone), DAY)
        if self.period is Period.DAY:
            return days
        if self.period is Period.WEEK:
            weeks: NDArray[np.int64] = np.floor_divide(days + MONDAY, 7)
            return weeks
        dates = days.astype("datetime64[D]").astype(f"datetime64[{self.period.value}]")
        numbers: NDArray[np.int64] = dates.astype(np.int64)
        return numbers

    def starts(self, first: int, last: int) -> tuple[datetime, ...]:
        """Midnight in the zone at which each of these periods begins."""
        from zoneinfo import ZoneInfo

        zone = ZoneInfo(self.zone)
        return tuple(_midnight(self._first_day(number), zone) for number in range(first, last + 1))

    def _first_day(self, number: int) -> int:
        if self.period is Period.DAY:
            return number
        if self.period is Period.WEEK:
            return number * 7 - MONDAY
        return int(np.datetime64(number, self.period.value).astype("datetime64[D]").astype(np.int64))


def period_for(first: int, last: int) -> Period:
    """By the length of what lies between two moments: days up to two months, weeks up to three years, then
    months, and years beyond a century (a moment in it is wrong, and the rest must still be seen)."""
    days = (last - first) // DAY
    return next((period for period, most in DAYS_UP_TO.items() if days <= most), Period.YEAR)


def wall_clock(moments: Micros, zone: str) -> Micros:
    """What the clock on the wall shows, as microseconds since 1970-01-01 00:00 of that wall. Before 1900 and
    after 2199 the zone keeps its first and last offset of those years."""
    if zone == "UTC" or not moments.size:
        return moments
    from hilo.businesstime.zones import offset_spans

    years = np.array([moments.min(), moments.max()]).astype("datetime64[us]").astype("datetime64[Y]")
    first, last = np.clip(years.astype(np.int64) + 1970, FIRST_YEAR, LAST_YEAR).tolist()
    spans = [offset_spans(zone, year) for year in range(first, last + 1)]
    begins = np.concatenate([span.starts for span in spans])
    offsets = np.concatenate([span.offsets for span in spans])
    shown: Micros = moments + offsets[np.maximum(np.searchsorted(begins, moments, side="right") - 1, 0)]
    return shown


def _midnight(day: int, zone: ZoneInfo) -> datetime:
    """A zone's clock may begin a day later than at 00:00; then this is the moment the same."""
    shown = date.fromordinal(min(max(day + EPOCH_DAY, 1), date.max.toordinal()))
    try:
        return datetime(shown.year, shown.month, shown.day, tzinfo=zone)
    except OverflowError:
        return datetime(shown.year, shown.month, shown.day, tzinfo=UTC)
