"""One moment in plain Python and thousands in arrays: the same answers, the same refusals."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache, partial

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hilo.businesstime import (
    CalendarRules,
    NoWorkingTime,
    WorkingTime,
    from_micros,
    to_micros,
    working_time,
)
from tests.businesstime.random_calendars import DAYS_WATCHED, random_trial

TRIALS = 240  # each zone with all kinds of hours at both nights of the clocks, New Year and any day
MICROSECOND = timedelta.resolution
SHORT = timedelta(days=DAYS_WATCHED)
LONG = timedelta(days=900)

ONE_MOMENT = """
import sys
from datetime import UTC, date, datetime, timedelta
from hilo.businesstime import to_micros, weekly, working_time
from hilo.businesstime.holidays_seed import special_days
time = working_time(weekly("Europe/Madrid", ["09:00-14:00"], special=special_days("ES", "AR", [2026])))
at, hours = datetime(2026, 3, 28, 12, tzinfo=UTC), timedelta(hours=30)
time.between(time.subtract(at, hours), time.add(at, hours))
time.is_open(at), time.next_open(at), time.previous_close(at)
time.end_of_day(at.date())
time.working_days_between(at.date(), time.add_working_days(at.date(), 3))
assert "numpy" not in sys.modules
assert time.between_many(to_micros(at), to_micros(time.add(at, hours))) == hours // timedelta.resolution
assert "numpy" in sys.modules
"""


@cache
def calendar_of(number: int) -> CalendarRules:
    return CalendarRules.from_dict(random_trial(number).calendar)


@st.composite
def questions(draw: st.DrawFn) -> tuple[int, list[datetime], list[timedelta]]:
    """A trial, moments around its night of the clocks, holidays and half days, and as many durations.

    Many of the moments are openings and closes, and many of the durations lead exactly to one.
    """
    number = draw(st.integers(0, TRIALS - 1))
    time, first = WorkingTime(calendar_of(number)), random_trial(number).first
    offsets = draw(st.lists(st.timedeltas(timedelta(0), SHORT), min_size=1, max_size=6))
    moments = [first + offset for offset in offsets]
    edges = [edge for at in moments for edge in edges_near(time, at)]
    moments += draw(st.lists(st.sampled_from(edges), max_size=6)) if edges else []
    lengths = st.timedeltas(-SHORT, SHORT) | st.timedeltas(-LONG, LONG) | st.just(timedelta(0))
    exact = [time.between(one, other) for one in moments[:4] for other in edges[:4]]
    durations = lengths | st.sampled_from(exact) if exact else lengths
    return number, moments, [draw(durations) for _ in moments]


def edges_near(time: WorkingTime, at: datetime) -> list[datetime]:
    try:
        return [time.next_open(at), time.previous_close(at)]
    except NoWorkingTime:
        return []


def micros(values: list[datetime]) -> np.ndarray:
    return np.array([to_micros(value) for value in values], dtype=np.int64)


@given(questions())
def test_time_between_is_the_same(asked: tuple[int, list[datetime], list[timedelta]]) -> None:
    number, moments, _durations = asked
    one, many = WorkingTime(calendar_of(number)), WorkingTime(calendar_of(number))
    singly = [[one.between(start, end) // MICROSECOND for end in moments] for start in moments]
    assert many.between_many(micros(moments)[:, None], micros(moments)).tolist() == singly


@given(questions())
def test_the_moment_after_is_the_same(asked: tuple[int, list[datetime], list[timedelta]]) -> None:
    number, moments, durations = asked
    one, many = WorkingTime(calendar_of(number)), WorkingTime(calendar_of(number))
    lengths = np.array([duration // MICROSECOND for duration in durations])
    singly = told_of(lambda: [one.add(*each) for each in zip(moments, durations, strict=True)])
    together = told_of(lambda: [from_micros(at) for at in many.add_many(micros(moments), lengths)])
    assert together == singly


@settings(max_examples=15)  # compiling three centuries takes its time
@given(st.integers(0, 3), st.timedeltas(timedelta(days=40_000), timedelta(days=300_000)))
def test_what_is_out_of_reach_is_refused_alike(number: int, far: timedelta) -> None:
    """Some calendars have few hours a week, so that a century of them ends after 2199."""
    time, at = working_time(calendar_of(number)), random_trial(number).first
    for duration in (far, -far):
        singly = told_of(partial(time.add, at, duration))
        together = told_of(partial(time.add_many, to_micros(at), duration // MICROSECOND))
        assert together == (singly if isinstance(singly, str) else to_micros(singly))


def told_of[Answer](ask: Callable[[], Answer]) -> Answer | str:
    """The answer, or the sentence of the refusal."""
    try:
        return ask()
    except NoWorkingTime as refusal:
        return str(refusal)


def test_single_moments_load_no_numpy_and_the_first_array_does() -> None:
    ran = subprocess.run([sys.executable, "-c", ONE_MOMENT], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
