"""Durations in working time, and deadlines that are days."""

from __future__ import annotations

from dataclasses import astuple
from datetime import datetime, timedelta

import pytest

from hilo.businesstime import weekly, working_time
from hilo.insight.measures import lateness, measure, working_durations
from tests.insight.measures import twins
from tests.insight.measures.logs import EPOCH, Row, log_of, micros
from tests.insight.measures.test_charts import orders

OFFICE = weekly("Europe/Madrid", ["09:00-14:00", "16:00-19:00"])


def case(name: str, first: str, last: str, due: str | None = None) -> list[Row]:
    return [
        Row(name, "Order", micros(first), due=micros(due) if due else None),
        Row(name, "Ship", micros(last)),
    ]


def test_a_weekend_takes_no_working_time() -> None:
    log = log_of(case("1", "2026-11-20T18:00:00+01:00", "2026-11-23T10:00:00+01:00"))
    found = measure(log, calendar=OFFICE)
    assert found.durations.max == pytest.approx(64 / 24)
    assert found.working_durations is not None
    assert astuple(found.working_durations) == pytest.approx((2 / 24,) * 4)
    assert measure(log).working_durations is None


def test_working_time_of_many_cases_is_that_of_one_by_one() -> None:
    rows = orders(14, seed=3)
    time = working_time(OFFICE)
    spans = [
        round(time.between(at(case[0].time), at(case[-1].time)).total_seconds() * 1e6)
        for case in twins.cases_of(rows)
    ]
    found = working_durations(log_of(rows), OFFICE)
    assert found is not None
    assert found.median == twins.median(spans) / twins.DAY
    assert found.max == max(spans) / twins.DAY


def at(moment: int) -> datetime:
    return EPOCH + timedelta(microseconds=moment)


def test_a_moment_beyond_calendars_has_no_working_time() -> None:
    log = log_of(case("1", "0001-01-01T00:00:00+00:00", "9999-12-31T00:00:00+00:00"))
    assert working_durations(log, OFFICE) is None


def test_what_is_due_on_a_day_is_in_time_until_that_day_ends() -> None:
    """The day on which the clocks of Madrid go back has 25 hours."""
    due = "2026-10-25T00:00:00+02:00"
    rows = [
        row
        for number, last in enumerate(["2026-10-25T23:59:59+01:00"] * 5 + ["2026-10-26T00:00:00+01:00"] * 2)
        for row in case(f"{number}", "2026-10-20T10:00:00+02:00", last, due)
    ]
    found = lateness(log_of(rows, "Europe/Madrid"))
    assert found is not None
    assert (found.due, found.late, found.open_past_due) == (7, 2, 0)
    assert found.median_late_h == pytest.approx(0, abs=1e-6)


def test_what_stands_open_past_its_date_is_missed_and_what_is_not_due_yet_is_not_judged() -> None:
    done = [case(f"{n}", "2026-10-01T10:00:00+00:00", "2026-10-05T10:00:00+00:00") for n in range(5)]
    opened = [
        Row("late", "Order", micros("2026-10-01T10:00:00+00:00"), due=micros("2026-10-03T10:30:00+00:00")),
        Row("soon", "Order", micros("2026-10-01T10:00:00+00:00"), due=micros("2026-10-09T10:30:00+00:00")),
    ]
    found = lateness(log_of([*(row for rows in done for row in rows), *opened]))
    assert found is not None
    assert (found.due, found.late, found.open_past_due, found.median_late_h) == (1, 1, 1, None)
