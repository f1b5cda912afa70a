"""How long a million business-time intervals take. ``python -m benchmarks.businesstime`` prints it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter

import numpy as np

from hilo.businesstime import CalendarRules, MonthDay, Season, Window, WorkingTime, to_micros
from hilo.businesstime.holidays_seed import special_days

INTERVALS = 1_000_000
SPLIT = (Window.parse("09:00-14:00"), Window.parse("16:00-19:00"))
MORNINGS = (Window.parse("08:00-15:00"),)


def zaragoza() -> CalendarRules:
    """Split shifts, a summer timetable and five years of holidays."""
    seasons = (
        Season.whole_year("General", (SPLIT,) * 5 + ((), ())),
        Season("Verano", MonthDay(6, 15), MonthDay(9, 15), (MORNINGS,) * 5 + ((), ())),
    )
    return CalendarRules("Europe/Madrid", seasons, special_days("ES", "AR", range(2023, 2028)))


def main() -> None:
    chance = np.random.default_rng(1)
    first, last = (to_micros(datetime(year, 1, 1, tzinfo=UTC)) for year in (2023, 2028))
    starts, ends = chance.integers(first, last, (2, INTERVALS))
    durations = chance.integers(0, 200 * 3_600_000_000, INTERVALS)
    time = WorkingTime(zaragoza())
    _print_time("compile five years", lambda: time.between_many(first, last - 1))
    _print_time(f"between_many, {INTERVALS:,}", lambda: time.between_many(starts, ends))
    _print_time(f"add_many, {INTERVALS:,}", lambda: time.add_many(starts, durations))
    since, until = datetime(2026, 3, 6, 12, tzinfo=UTC), datetime(2026, 4, 6, 12, tzinfo=UTC)
    _print_time("between, 10,000 single ones", lambda: [time.between(since, until) for _ in range(10_000)])


def _print_time(what: str, task: Callable[[], object]) -> None:
    begun = perf_counter()
    task()
    sys.stdout.write(f"{what:>30}: {perf_counter() - begun:.3f} s\n")


if __name__ == "__main__":
    main()
