"""When a calendar is open, as sorted intervals of UTC: the one place where its rules become instants.

All windows of a UTC year become intervals [open, close), cut where the zone's offset changes and merged where
they touch, with prefix sums of their lengths. ``arithmetic`` answers for single moments by one binary search
in these lists, ``arrays`` for whole arrays from the same lists.
Unit: microseconds as int, instants since 1970-01-01T00:00Z.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate

from hilo.businesstime.calendar import CalendarRules
from hilo.businesstime.zones import (
    DAY,
    FIRST_YEAR,
    LAST_YEAR,
    MINUTE,
    local_midnight,
    offset_spans,
    year_of,
)

type Interval = tuple[int, int]

ONE_DAY = timedelta(days=1)
LONGEST = (LAST_YEAR - FIRST_YEAR + 1) * 366 * DAY


class NoWorkingTime(ValueError):
    """The calendar has no open time (or not enough of it until 2199) to answer the question."""


class OutsideYears(ValueError):
    """A moment lies outside the years 1900 to 2199: a slip of the pen, never business."""


@dataclass(frozen=True, slots=True, eq=False)
class Openings:
    """Open intervals of the years ``first`` to ``last``: lists of one length, sorted, apart from each other.

    ``before[i]`` is the business time from the beginning of ``first`` until ``opens[i]``, ``after[i]`` until
    ``closes[i]``. ``begin`` and ``end`` bound the years.
    """

    first: int
    last: int
    opens: list[int]
    closes: list[int]
    before: list[int]
    after: list[int]
    begin: int
    end: int

    @property
    def total(self) -> int:
        return self.after[-1] if self.after else 0

    def elapsed(self, at: int) -> int:
        """Business time from the beginning of the years until that instant."""
        last_begun = bisect_right(self.opens, at) - 1
        if last_begun < 0:
            return 0
        return self.before[last_begun] + min(at, self.closes[last_begun]) - self.opens[last_begun]

    def earliest(self, elapsed: int) -> int:
        """The first instant by which that much has elapsed: the end of a shift, not the next opening."""
        window = bisect_left(self.after, elapsed)
        return self.closes[window] - (self.after[window] - elapsed)

    def latest(self, elapsed: int) -> int:
        """The last instant at which no more than that has elapsed: the beginning of a shift."""
        window = bisect_right(self.before, elapsed) - 1
        return self.opens[window] + (elapsed - self.before[window])


class OpenYears:
    """The openings of one calendar, compiled as years are asked for; safe to share between threads."""

    def __init__(self, rules: CalendarRules) -> None:
        self.rules = rules
        self._known: Openings | None = None

    def around(self, first: int, last: int) -> Openings:
        """Those of at least the years of these instants, and all years between. Raises OutsideYears."""
        known = self._known
        if known is None or first < known.begin or last >= known.end:
            return self.covering(year_of(first), year_of(last))
        return known

    def covering(self, first: int, last: int) -> Openings:
        """Those of at least these years; wider ones replace them whole: nobody sees half of them."""
        known = self._known
        if known is None or first < known.first or last > known.last:
            refuse_years(first, last)
            if known is not None:
                first, last = min(first, known.first), max(last, known.last)
            known = self._known = _compile(self.rules, first, last)
        return known

    def reaching(self, known: Openings, least: int, most: int) -> Openings:
        """``known`` itself if both amounts lie within what elapses in it, or else wider ones, which may not
        be wide enough yet. Raises NoWorkingTime when there are none."""
        if most > known.total:
            return self.later(known)
        if least < 0:
            return self.earlier(known)
        return known

    def later(self, known: Openings) -> Openings:
        self.refuse_more(known.last >= LAST_YEAR)
        return self.covering(known.first, min(LAST_YEAR, 2 * known.last - known.first + 1))

    def earlier(self, known: Openings) -> Openings:
        self.refuse_more(known.first <= FIRST_YEAR)
        return self.covering(max(FIRST_YEAR, 2 * known.first - known.last - 1), known.last)

    def refuse_more(self, at_the_end: bool) -> None:
        if self.rules.never_opens:
            raise NoWorkingTime("This calendar is never open: give it at least one window.")
        if at_the_end:
            raise NoWorkingTime(
                f"This calendar is not open long enough between {FIRST_YEAR} and {LAST_YEAR}."
            )


def refuse_years(first: int, last: int) -> None:
    if first < FIRST_YEAR or last > LAST_YEAR:
        raise OutsideYears(f"Business time runs from {FIRST_YEAR} to {LAST_YEAR}, not in {first} to {last}.")


def refuse_longer(least: int, most: int) -> None:
    """Signed durations that no two moments lie apart."""
    if most > LONGEST or least < -LONGEST:
        raise NoWorkingTime("No calendar reaches that far: it ends in 2199 and begins in 1900.")


def _compile(rules: CalendarRules, first: int, last: int) -> Openings:
    years = range(first, last + 1)
    intervals = _merged(interval for year in years for interval in _open_intervals(rules, year))
    after = list(accumulate(close - begin for begin, close in intervals))
    return Openings(
        first,
        last,
        opens=[begin for begin, _close in intervals],
        closes=[close for _begin, close in intervals],
        before=[0, *after[:-1]] if after else [],
        after=after,
        begin=local_midnight(date(first, 1, 1)),
        end=local_midnight(date(last + 1, 1, 1)),
    )


@lru_cache(maxsize=4096)
def _open_intervals(rules: CalendarRules, year: int) -> list[Interval]:
    """Openings and closes within one UTC year, in order: what of each window lies in each span of offset."""
    windows = _local_windows(rules, year)
    return [
        (begun, ended)
        for start, end, offset in offset_spans(rules.zone, year)
        for opening, close in windows
        if (begun := max(opening - offset, start)) < (ended := min(close - offset, end))
    ]


def _local_windows(rules: CalendarRules, year: int) -> list[Interval]:
    """Wall-clock windows that may touch the UTC year (two days more at either end), merged."""
    first = date(year, 1, 1) - 2 * ONE_DAY
    return _merged(
        (midnight + window.start * MINUTE, midnight + window.end * MINUTE)
        for day in (first + ONE_DAY * number for number in range(370))
        for midnight in (local_midnight(day),)
        for window in sorted(rules.windows_on(day))
    )


def _merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The union of intervals sorted by opening: those that touch or overlap become one."""
    apart: list[Interval] = []
    for opening, close in intervals:
        if apart and opening <= apart[-1][1]:
            apart[-1] = apart[-1][0], max(close, apart[-1][1])
        else:
            apart.append((opening, close))
    return apart
