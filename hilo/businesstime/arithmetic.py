"""Business time between moments, and the moment after some business time: exact, and fast for millions.

The centre is open at an instant when the clock on its wall shows a time inside one of the day's windows
(from ``start`` until just before ``end``). So a shift 00:00-08:00 lasts 7 hours on the night the clocks go
forward and 9 on the night they go back; an hour that the wall shows twice counts twice.

Method: ``openings`` holds the open intervals of the years asked for so far, between 1900 and 2199, with
prefix sums of their lengths; each question is then one binary search. Single moments are answered in plain
Python, arrays by ``arrays``, which is imported when the first array is asked for.
Units of the ``_many`` functions: int64 microseconds, instants since 1970-01-01T00:00Z; a datetime64 array
becomes such instants by ``.astype("datetime64[us]").astype(np.int64)``.
Source: SPEC 13.1, 13.2; DOMAIN 3.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from hilo.businesstime.calendar import CalendarRules
from hilo.businesstime.openings import (
    ONE_DAY,
    NoWorkingTime,
    Openings,
    OpenYears,
    OutsideYears,
    refuse_longer,
    refuse_years,
)
from hilo.businesstime.zones import (
    FIRST_YEAR,
    LAST_YEAR,
    MICROSECOND,
    end_of_local_day,
    from_micros,
    to_micros,
)

if TYPE_CHECKING:
    from hilo.businesstime.arrays import Instants, Micros

__all__ = ["NoWorkingTime", "OutsideYears", "WorkingTime", "working_time"]


class WorkingTime:
    """Arithmetic on one calendar. Compiles years as they are asked for; safe to share between threads.

    ``first`` and ``last`` only compile ahead. ``working_time(rules)`` gives a shared one. Moments given must
    be aware (ValueError) and within 1900 to 2199 (OutsideYears); moments returned are aware UTC.
    """

    def __init__(self, rules: CalendarRules, first: date | None = None, last: date | None = None) -> None:
        self.rules = rules
        self._years = OpenYears(rules)
        self._counted: dict[int, list[int]] = {}
        if first or last:
            years = [day.year for day in (first, last) if day]
            self._years.covering(min(years), max(years))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Business time from ``start`` to ``end``; negative when ``end`` is earlier (minus the way back)."""
        first, last = to_micros(start), to_micros(end)
        known = self._years.around(min(first, last), max(first, last))
        return (known.elapsed(last) - known.elapsed(first)) * MICROSECOND

    def add(self, start: datetime, duration: timedelta) -> datetime:
        """The EARLIEST moment by which ``duration`` of business time has passed since ``start``.

        Hence adding exactly the rest of a shift gives the end of that shift, not the next opening; adding
        zero gives ``start`` itself, open or not. A negative duration subtracts. Raises NoWorkingTime.
        """
        begin, micros = to_micros(start), duration // MICROSECOND
        if not micros:
            return from_micros(begin)
        known, reached = self._reaching(begin, micros)
        return from_micros(known.earliest(reached) if micros > 0 else known.latest(reached))

    def subtract(self, end: datetime, duration: timedelta) -> datetime:
        """The LATEST moment from which ``duration`` of business time passes until ``end``; mirror of ``add``.

        Subtracting exactly what has run of a shift gives its opening, not the close before. Raises
        NoWorkingTime.
        """
        return self.add(end, -duration)

    def is_open(self, at: datetime) -> bool:
        """Open from the opening itself until just before the close."""
        micros, known = self._instant(at)
        window = bisect_right(known.opens, micros) - 1
        return window >= 0 and micros < known.closes[window]

    def next_open(self, at: datetime) -> datetime:
        """``at`` itself when open, otherwise the next opening. Raises NoWorkingTime when there is none."""
        micros, known = self._instant(at)
        while not known.closes or micros >= known.closes[-1]:
            known = self._years.later(known)
        return from_micros(max(micros, known.opens[bisect_right(known.closes, micros)]))

    def previous_close(self, at: datetime) -> datetime:
        """The last end of a shift at or before ``at``, also while open. 24x7 raises NoWorkingTime."""
        micros, known = self._instant(at)
        while not known.closes or micros < known.closes[0]:
            known = self._years.earlier(known)
        return from_micros(known.closes[bisect_right(known.closes, micros) - 1])

    def end_of_day(self, day: date) -> datetime:
        """The last microsecond of that local date: until then what was promised "for that day" is in time."""
        refuse_years(day.year, day.year)
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
        refuse_years(first.year, last.year)
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
        from hilo.businesstime import arrays

        return arrays.between(self._years, starts, ends)

    def add_many(self, starts: Instants, durations: Instants) -> Micros:
        """``add`` for arrays: instants and signed microseconds that broadcast together; instants, same shape.

        Raises what ``between_many`` raises, and NoWorkingTime if it is out of reach for any one of them.
        """
        from hilo.businesstime import arrays

        return arrays.add(self._years, starts, durations)

    def _reaching(self, start: int, duration: int) -> tuple[Openings, int]:
        """Openings wide enough for the answer, and how much of them it lies after their beginning."""
        refuse_longer(duration, duration)
        known = self._years.around(start, start)
        while True:
            reached = known.elapsed(start) + duration
            wider = self._years.reaching(known, reached, reached)
            if wider is known:
                return known, reached
            known = wider

    def _instant(self, at: datetime) -> tuple[int, Openings]:
        micros = to_micros(at)
        return micros, self._years.around(micros, micros)

    def _days_from(self, day: date, step: int) -> Iterator[date]:
        refuse_years(day.year, day.year)
        self._years.refuse_more(at_the_end=False)
        while FIRST_YEAR <= (day := day + ONE_DAY * step).year <= LAST_YEAR:
            yield day
        self._years.refuse_more(at_the_end=True)


@lru_cache(maxsize=256)
def working_time(rules: CalendarRules) -> WorkingTime:
    """The shared arithmetic of a calendar; equal rules give the same object, with what it has compiled."""
    return WorkingTime(rules)
