"""Business time between moments, and the moment after some business time: exact, and fast for millions.

The centre is open at an instant when the clock on its wall shows a time inside one of the day's windows
(from ``start`` until just before ``end``). So a shift 00:00-08:00 lasts 7 hours on the night the clocks go
forward and 9 on the night they go back; an hour that the wall shows twice counts twice.

Method: all windows of a UTC year become sorted UTC intervals [open, close) (cut where the zone's offset
changes, merged where they touch) with prefix sums of their lengths; each question is then one binary search.
Years are compiled on demand between 1900 and 2199.
Units of the ``_many`` functions: int64 microseconds, instants since 1970-01-01T00:00Z; a datetime64 array
becomes such instants by ``.astype("datetime64[us]").astype(np.int64)``.
Source: SPEC 13.1, 13.2; DOMAIN 3.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from hilo.businesstime.calendar import CalendarRules
from hilo.businesstime.zones import (
    DAY,
    FIRST_YEAR,
    LAST_YEAR,
    MICROSECOND,
    MINUTE,
    Micros,
    OffsetSpans,
    end_of_local_day,
    from_micros,
    local_midnight,
    offset_spans,
    to_micros,
)

type Instants = npt.NDArray[np.int64] | int | np.int64

ONE_DAY = timedelta(days=1)
LONGEST = (LAST_YEAR - FIRST_YEAR + 1) * 366 * DAY


class NoWorkingTime(ValueError):
    """The calendar has no open time (or not enough of it until 2199) to answer the question."""


class OutsideYears(ValueError):
    """A moment lies outside the years 1900 to 2199: a slip of the pen, never business."""


@dataclass(frozen=True, slots=True)
class _Table:
    """Open intervals of the years ``first`` to ``last``: arrays of one length, sorted, apart from each other.

    ``before[i]`` is the business time from the beginning of ``first`` until ``opens[i]``, ``after[i]`` until
    ``closes[i]``. ``edges`` are the same opens, closes and befores as lists: for one instant a search in a
    list is many times quicker than one in an array. ``begin`` and ``end`` bound the years.
    """

    first: int
    last: int
    opens: Micros
    closes: Micros
    before: Micros
    after: Micros
    edges: tuple[list[int], list[int], list[int]]
    begin: int
    end: int

    @property
    def total(self) -> int:
        return int(self.after[-1]) if self.after.size else 0

    def elapsed(self, at: Micros) -> Micros:
        """Business time from the beginning of the table until each instant; shape of ``at``."""
        if not self.opens.size:
            return np.zeros_like(at)
        last_begun = np.maximum(np.searchsorted(self.opens, at, side="right") - 1, 0)
        inside = np.clip(at, self.opens[last_begun], self.closes[last_begun]) - self.opens[last_begun]
        return inside + self.before[last_begun]

    def elapsed_at(self, at: int) -> int:
        """``elapsed`` for one instant."""
        opens, closes, before = self.edges
        last_begun = bisect_right(opens, at) - 1
        if last_begun < 0:
            return 0
        return before[last_begun] + min(at, closes[last_begun]) - opens[last_begun]

    def earliest(self, elapsed: Micros) -> Micros:
        """The first instant by which that much has elapsed: the end of a shift, not the next opening."""
        window = np.minimum(np.searchsorted(self.after, elapsed, side="left"), self.after.size - 1)
        return self.closes[window] - (self.after[window] - elapsed)

    def latest(self, elapsed: Micros) -> Micros:
        """The last instant at which no more than that has elapsed: the beginning of a shift."""
        window = np.maximum(np.searchsorted(self.before, elapsed, side="right") - 1, 0)
        return self.opens[window] + (elapsed - self.before[window])


class WorkingTime:
    """Arithmetic on one calendar. Compiles years as they are asked for; safe to share between threads.

    ``first`` and ``last`` only compile ahead. ``working_time(rules)`` gives a shared one. Moments given must
    be aware (ValueError) and within 1900 to 2199 (OutsideYears); moments returned are aware UTC.
    """

    def __init__(self, rules: CalendarRules, first: date | None = None, last: date | None = None) -> None:
        self.rules = rules
        self._table: _Table | None = None
        self._counted: dict[int, list[int]] = {}
        if first or last:
            years = [day.year for day in (first, last) if day]
            self._covering(min(years), max(years))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Business time from ``start`` to ``end``; negative when ``end`` is earlier (minus the way back)."""
        first, last = to_micros(start), to_micros(end)
        table = self._table
        if table is None or min(first, last) < table.begin or max(first, last) >= table.end:
            table = self._covering_instants(np.int64(min(first, last)), np.int64(max(first, last)))
        return (table.elapsed_at(last) - table.elapsed_at(first)) * MICROSECOND

    def add(self, start: datetime, duration: timedelta) -> datetime:
        """The EARLIEST moment by which ``duration`` of business time has passed since ``start``.

        Hence adding exactly the rest of a shift gives the end of that shift, not the next opening; adding
        zero gives ``start`` itself, open or not. A negative duration subtracts. Raises NoWorkingTime.
        """
        return from_micros(int(self.add_many(to_micros(start), _micros_of(duration))))

    def subtract(self, end: datetime, duration: timedelta) -> datetime:
        """The LATEST moment from which ``duration`` of business time passes until ``end``; mirror of ``add``.

        Subtracting exactly what has run of a shift gives its opening, not the close before. Raises
        NoWorkingTime.
        """
        return self.add(end, -duration)

    def is_open(self, at: datetime) -> bool:
        """Open from the opening itself until just before the close."""
        micros, table = self._instant(at)
        window = int(np.searchsorted(table.opens, micros, side="right")) - 1
        return window >= 0 and micros < int(table.closes[window])

    def next_open(self, at: datetime) -> datetime:
        """``at`` itself when open, otherwise the next opening. Raises NoWorkingTime when there is none."""
        micros, table = self._instant(at)
        while table.total == 0 or micros >= int(table.closes[-1]):
            table = self._later(table)
        window = np.searchsorted(table.closes, micros, side="right")
        return from_micros(max(micros, int(table.opens[window])))

    def previous_close(self, at: datetime) -> datetime:
        """The last end of a shift at or before ``at``, also while open. 24x7 raises NoWorkingTime."""
        micros, table = self._instant(at)
        while table.total == 0 or micros < int(table.closes[0]):
            table = self._earlier(table)
        window = np.searchsorted(table.closes, micros, side="right") - 1
        return from_micros(int(table.closes[window]))

    def end_of_day(self, day: date) -> datetime:
        """The last microsecond of that local date: until then what was promised "for that day" is in time."""
        _refuse_years(day.year, day.year)
        return from_micros(end_of_local_day(self.rules.zone, day))

    def next_working_day(self, day: date) -> date:
        """The first working day AFTER ``day`` (CalendarRules.is_working_day). Raises NoWorkingTime."""
        return self.add_working_days(day, 1)

    def add_working_days(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``, which itself is not counted, working or not.

        Zero gives ``day`` itself; a negative count goes back. Raises NoWorkingTime.
        """
        missing = abs(count)
        days = self._days_from(day, 1 if count > 0 else -1)
        while missing:
            day = next(days)
            missing -= self.rules.is_working_day(day)
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after ``first`` up to and including ``last``; negative when ``last`` is earlier.

        So that ``working_days_between(day, add_working_days(day, n)) == n`` for n >= 0.
        """
        if last < first:
            return -self.working_days_between(last, first)
        _refuse_years(first.year, last.year)
        whole_years = sum(self._working_days_of(year)[-1] for year in range(first.year, last.year))
        return whole_years + self._working_days_by(last) - self._working_days_by(first)

    def _working_days_by(self, day: date) -> int:
        """From the first of its year up to and including it."""
        return self._working_days_of(day.year)[day.timetuple().tm_yday]

    def _working_days_of(self, year: int) -> list[int]:
        """``[n]``: how many of the first n days of that year are working days."""
        known = self._counted.get(year)
        if known is None:
            begin = date(year, 1, 1)
            days = (begin + ONE_DAY * number for number in range((date(year, 12, 31) - begin).days + 1))
            known = self._counted[year] = [0, *accumulate(map(self.rules.is_working_day, days))]
        return known

    def between_many(self, starts: Instants, ends: Instants) -> Micros:
        """``between`` for arrays of instants that broadcast together; microseconds in the broadcast shape.

        Raises TypeError unless both are integers, OutsideYears, ValueError for shapes that do not fit.
        """
        starts, ends = np.broadcast_arrays(_integers(starts), _integers(ends))
        if not starts.size:
            return np.zeros(starts.shape, dtype=np.int64)
        table = self._covering_instants(min(starts.min(), ends.min()), max(starts.max(), ends.max()))
        return table.elapsed(ends) - table.elapsed(starts)

    def add_many(self, starts: Instants, durations: Instants) -> Micros:
        """``add`` for arrays: instants and signed microseconds that broadcast together; instants, same shape.

        Raises what ``between_many`` raises, and NoWorkingTime if it is out of reach for any one of them.
        """
        starts, durations = np.broadcast_arrays(_integers(starts), _integers(durations))
        if not durations.any():
            return starts.copy()
        table, reached = self._reaching(starts, durations)
        moved = np.where(durations > 0, table.earliest(reached), table.latest(reached))
        return np.where(durations == 0, starts, moved)

    def _reaching(self, starts: Micros, durations: Micros) -> tuple[_Table, Micros]:
        """A table wide enough for every answer, and how much of it each answer lies after its beginning."""
        if durations.max() > LONGEST or durations.min() < -LONGEST:
            raise NoWorkingTime("No calendar reaches that far: it ends in 2199 and begins in 1900.")
        table = self._covering_instants(starts.min(), starts.max())
        while True:
            reached = table.elapsed(starts) + durations
            if reached.max() > table.total:
                table = self._later(table)
            elif reached.min() < 0:
                table = self._earlier(table)
            else:
                return table, reached

    def _instant(self, at: datetime) -> tuple[int, _Table]:
        micros = to_micros(at)
        return micros, self._covering_instants(np.int64(micros), np.int64(micros))

    def _covering_instants(self, first: np.int64, last: np.int64) -> _Table:
        return self._covering(_year_of(first), _year_of(last))

    def _covering(self, first: int, last: int) -> _Table:
        """The table of at least these years; a wider one replaces it whole: nobody sees half of one."""
        table = self._table
        if table is None or first < table.first or last > table.last:
            _refuse_years(first, last)
            if table is not None:
                first, last = min(first, table.first), max(last, table.last)
            table = self._table = _compile(self.rules, first, last)
        return table

    def _later(self, table: _Table) -> _Table:
        self._refuse_more(table.last >= LAST_YEAR)
        return self._covering(table.first, min(LAST_YEAR, 2 * table.last - table.first + 1))

    def _earlier(self, table: _Table) -> _Table:
        self._refuse_more(table.first <= FIRST_YEAR)
        return self._covering(max(FIRST_YEAR, 2 * table.first - table.last - 1), table.last)

    def _refuse_more(self, at_the_end: bool) -> None:
        if self.rules.never_opens:
            raise NoWorkingTime("This calendar is never open: give it at least one window.")
        if at_the_end:
            raise NoWorkingTime(
                f"This calendar is not open long enough between {FIRST_YEAR} and {LAST_YEAR}."
            )

    def _days_from(self, day: date, step: int) -> Iterator[date]:
        _refuse_years(day.year, day.year)
        self._refuse_more(at_the_end=False)
        while FIRST_YEAR <= (day := day + ONE_DAY * step).year <= LAST_YEAR:
            yield day
        self._refuse_more(at_the_end=True)


@lru_cache(maxsize=256)
def working_time(rules: CalendarRules) -> WorkingTime:
    """The shared arithmetic of a calendar; equal rules give the same object, with what it has compiled."""
    return WorkingTime(rules)


def _compile(rules: CalendarRules, first: int, last: int) -> _Table:
    years = [_open_intervals(rules, year) for year in range(first, last + 1)]
    opens, closes = _merged(
        np.concatenate([year[0] for year in years]), np.concatenate([year[1] for year in years])
    )
    after = np.cumsum(closes - opens, dtype=np.int64)
    before = after - (closes - opens)
    edges = opens.tolist(), closes.tolist(), before.tolist()
    begin, end = local_midnight(date(first, 1, 1)), local_midnight(date(last + 1, 1, 1))
    return _Table(first, last, opens, closes, before, after, edges, begin, end)


@lru_cache(maxsize=4096)
def _open_intervals(rules: CalendarRules, year: int) -> tuple[Micros, Micros]:
    """Openings and closes within one UTC year, in order."""
    opens, closes = _local_windows(rules, year)
    spans = offset_spans(rules.zone, year)
    cuts = [_cut(opens, closes, spans, number) for number in range(spans.starts.size)]
    return _joined(cut[0] for cut in cuts), _joined(cut[1] for cut in cuts)


def _local_windows(rules: CalendarRules, year: int) -> tuple[Micros, Micros]:
    """Wall-clock windows that may touch the UTC year (two days more at either end), merged."""
    first = date(year, 1, 1) - 2 * ONE_DAY
    moments = [
        (midnight + window.start * MINUTE, midnight + window.end * MINUTE)
        for day in (first + ONE_DAY * number for number in range(370))
        for midnight in (local_midnight(day),)
        for window in sorted(rules.windows_on(day))
    ]
    pairs = np.array(moments, dtype=np.int64).reshape(-1, 2)
    return _merged(pairs[:, 0], pairs[:, 1])


def _cut(opens: Micros, closes: Micros, spans: OffsetSpans, number: int) -> tuple[Micros, Micros]:
    """What of the wall-clock windows falls into one span of constant offset, as UTC instants."""
    start, end, offset = spans.starts[number], spans.ends[number], spans.offsets[number]
    begun, ended = np.maximum(opens - offset, start), np.minimum(closes - offset, end)
    within = begun < ended
    return begun[within], ended[within]


def _merged(opens: Micros, closes: Micros) -> tuple[Micros, Micros]:
    """The union of intervals sorted by opening: those that touch or overlap become one."""
    if not opens.size:
        return opens, closes
    latest_close = np.maximum.accumulate(closes)
    apart = opens[1:] > latest_close[:-1]
    return opens[np.append(True, apart)], latest_close[np.append(apart, True)]


def _joined(parts: Iterable[Micros]) -> Micros:
    return np.concatenate(list(parts))


def _integers(values: Instants) -> Micros:
    array = np.asarray(values)
    if array.dtype.kind != "i":
        raise TypeError(f"Instants and durations are int64 microseconds, not {array.dtype}.")
    return array.astype(np.int64, copy=False)


def _micros_of(duration: timedelta) -> int:
    """Any timedelta fits: one beyond int64 is cut to what is refused anyway."""
    return max(-2 * LONGEST, min(2 * LONGEST, duration // MICROSECOND))


def _year_of(micros: np.int64) -> int:
    return int(micros.astype("datetime64[us]").astype("datetime64[Y]").astype(np.int64)) + 1970


def _refuse_years(first: int, last: int) -> None:
    if first < FIRST_YEAR or last > LAST_YEAR:
        raise OutsideYears(f"Business time runs from {FIRST_YEAR} to {LAST_YEAR}, not in {first} to {last}.")
