"""Process-behaviour charts: the points of whole weeks, limits from the first twenty, alerts and notes."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import numpy as np
import pytest

from hilo.insight.measures import charts
from hilo.insight.measures.charts import xmr
from hilo.insight.results import Charted
from hilo.insight.speaking import _
from tests.insight.measures import twins
from tests.insight.measures.logs import Row, log_of

HOUR = 3_600_000_000
DAY = 24 * HOUR
SPRING = 1_772_000_000_000_000  # 2026-02-25: clocks change twice in the weeks that follow
ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def orders(weeks: int, seed: int) -> list[Row]:
    chance = random.Random(seed)
    rows = []
    for number in range(weeks * 9):
        at = SPRING + chance.randrange(weeks * 7 * 24 * 60) * 60_000_000
        due = at + chance.randrange(1, 9) * DAY
        rows.append(Row(f"{number}", "Order", at, due=due))
        if chance.random() < 0.9:
            rows.append(Row(f"{number}", "Ship", at + chance.randrange(8 * 24 * 60) * 60_000_000))
    return rows


@pytest.mark.parametrize("zone", ["UTC", "Europe/Madrid"])
@pytest.mark.parametrize("weeks", [14, 40])
def test_points_and_limits_are_those_of_the_twin(weeks: int, zone: str) -> None:
    rows = orders(weeks, seed=weeks)
    found, wanted = charts(log_of(rows, zone)), twins.weekly_charts(rows, zone)
    assert len(found) == 3
    for chart, points in zip(found, wanted, strict=True):
        assert [at.date() for at in chart.starts] == [day for day, _value in points]
        assert chart.values == pytest.approx([value for _day, value in points])
        limits = (chart.centre, chart.lower, chart.upper)
        assert limits == pytest.approx(twins.limits([value for _day, value in points]))
        assert chart.is_provisional == (len(points) < 20)
        assert all(at.hour == 0 and at.weekday() == 0 for at in chart.starts)


def charted(values: list[float]) -> Charted | None:
    return xmr(_("none"), [ANY_DAY] * len(values), np.array(values))


def test_below_ten_points_there_is_no_chart_and_below_twenty_it_is_provisional() -> None:
    assert charted([5.0, 6] * 4 + [5]) is None
    assert [chart and chart.is_provisional for chart in (charted([5.0, 6] * 5), charted([5.0, 6] * 10))] == [
        True,
        False,
    ]


def test_limits_are_those_of_the_first_twenty_points_whatever_comes_after() -> None:
    """Mean 5.5, moving ranges all 1: limits 5.5 -+ 2.66."""
    chart = charted([5.0, 6] * 10 + [9.0, 8.16, 8.17, 2.83, 2.84])
    assert chart is not None
    assert (chart.centre, chart.lower, chart.upper) == pytest.approx((5.5, 2.84, 8.16))
    assert {20, 22, 23} <= set(chart.outside) <= {20, 21, 22, 23, 24}


def test_the_lower_limit_is_never_below_nothing() -> None:
    chart = charted([0.0, 4] * 10)
    assert chart is not None
    assert chart.lower == 0
    assert chart.outside == ()


def test_eight_in_a_row_are_noted_once_and_a_point_on_the_centre_ends_the_run() -> None:
    chart = charted([5.0, 6] * 10 + [5.6] * 9 + [5.5] + [5.6] * 7)
    assert chart is not None
    assert chart.runs == (26,)  # the last of the first twenty, 6, already stands above
    assert chart.outside == ()
