"""The statistics against published figures and against slow, obvious counting."""

from __future__ import annotations

from math import comb, erfc, sqrt
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hilo.insight.statistics import (
    benjamini_hochberg,
    bootstrap_median_difference,
    mann_whitney,
    median_interval,
    median_interval_place,
    midranks,
    rank_sum_test,
    total_interval,
    wilson,
)

few = st.lists(st.integers(0, 6), min_size=1, max_size=12)


@pytest.mark.parametrize(("k", "n", "low", "high"), [(4, 5, 38, 96), (16, 20, 58, 92), (80, 100, 71, 87)])
def test_wilson_gives_the_figures_of_the_house(k: int, n: int, low: int, high: int) -> None:
    assert [round(100 * bound) for bound in wilson(k, n)] == [low, high]


def test_wilson_stays_within_a_share_and_knows_nothing_of_nobody() -> None:
    assert wilson(0, 0) == (0, 1)
    assert wilson(0, 10)[0] == 0
    assert wilson(10, 10)[1] == 1
    assert wilson(0, 10)[1] == pytest.approx(0.2775, abs=1e-4)  # Newcombe 1998


def slow_mann_whitney(x: list[int], y: list[int]) -> tuple[float, float]:
    above = sum((a > b) + (a == b) / 2 for a in x for b in y)
    n, m, pooled = len(x), len(y), x + y
    ties = sum(pooled.count(value) ** 3 - pooled.count(value) for value in set(pooled))
    total = n + m
    variance = n * m / 12 * (total + 1 - ties / (total * (total - 1)))
    distance = max(abs(above - n * m / 2) - 0.5, 0)
    p = erfc(distance / sqrt(variance) / sqrt(2)) if variance > 0 and distance else 1.0
    return p, 2 * above / (n * m) - 1


@given(few, few)
def test_mann_whitney_counts_every_pair(x: list[int], y: list[int]) -> None:
    assert tuple(mann_whitney(x, y)) == pytest.approx(slow_mann_whitney(x, y), rel=1e-9, abs=1e-12)


def test_mann_whitney_gives_a_published_p() -> None:
    """The example of R's own help page: wilcox.test(Ozone ~ Month, airquality), May against August."""
    may = "41 36 12 18 28 23 19 8 7 16 11 14 18 14 34 6 30 11 1 11 4 32 23 45 115 37"
    august = "39 9 16 78 35 66 122 89 110 44 28 65 22 59 23 31 44 21 9 45 168 73 76 118 84 85"
    p, delta = mann_whitney([*map(int, may.split())], [*map(int, august.split())])
    assert (delta + 1) / 2 * 26 * 26 == pytest.approx(127.5)
    assert p == pytest.approx(0.0001208, abs=5e-8)


def test_nobody_differs_from_nobody() -> None:
    assert mann_whitney([], [1, 2]) == (1, 0)
    assert mann_whitney([3, 3, 3], [3, 3]) == (1, 0)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), min_size=1, max_size=20))
def test_groups_tested_together_come_out_as_one_by_one(rows: list[tuple[int, int]]) -> None:
    groups = np.array([group for group, _ in rows])
    values = np.array([value for _, value in rows])
    ranks, ties = midranks(values)
    sizes = np.bincount(groups, minlength=4)
    ps, deltas = rank_sum_test(np.bincount(groups, ranks, 4), sizes, len(rows), ties)
    for group in range(4):
        alone = mann_whitney(values[groups == group], values[groups != group])
        assert (ps[group], deltas[group]) == pytest.approx(tuple(alone))


def test_benjamini_hochberg_raises_each_p_by_its_rank() -> None:
    assert benjamini_hochberg([0.01, 0.04, 0.03, 0.005]).tolist() == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert benjamini_hochberg([]).tolist() == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=15))
def test_q_is_the_smallest_rate_at_which_the_procedure_rejects(ps: list[float]) -> None:
    for p, q in zip(ps, benjamini_hochberg(ps).tolist(), strict=True):
        rates = [min(1.0, x * len(ps) / sum(y <= x for y in ps)) for x in ps if x >= p]
        assert q == pytest.approx(min(rates))


@pytest.mark.parametrize(("n", "first"), [(6, 1), (9, 2), (10, 2), (20, 6), (30, 10), (100, 40)])
def test_interval_of_a_median_lies_between_the_tabled_ranks(n: int, first: int) -> None:
    assert median_interval(np.arange(1, n + 1)) == (first, n + 1 - first)


@given(st.integers(6, 300))
def test_interval_of_a_median_covers_95_percent_and_no_narrower_one_does(n: int) -> None:
    left_out = median_interval_place(n)
    outside = [2 * sum(comb(n, i) for i in range(place + 1)) / 2**n for place in (left_out, left_out + 1)]
    assert outside[0] <= 0.05 < outside[1]


def test_few_values_span_their_interval() -> None:
    assert median_interval([7]) == (7, 7)
    assert median_interval([1, 2, 3, 4]) == (1, 4)


def test_interval_of_large_samples_meets_the_exact_one() -> None:
    outside = 2 * sum(comb(5000, i) for i in range(median_interval_place(5000) + 1)) / 2**5000
    assert 0.045 < outside <= 0.05


def test_bootstrap_agrees_with_resampling_value_by_value() -> None:
    chance = np.random.default_rng(4)
    x, y = chance.lognormal(1, 0.7, 41), chance.lognormal(0.5, 0.7, 60)
    value, low, high = bootstrap_median_difference(x, y, seed=1)
    drawn = [np.median(chance.choice(x, x.size)) - np.median(chance.choice(y, y.size)) for _ in range(20_000)]
    assert value == median(x.tolist()) - median(y.tolist())
    assert (low, high) == pytest.approx(np.quantile(drawn, (0.025, 0.975)), abs=0.05)
    assert bootstrap_median_difference(x, y, seed=1) == (value, low, high)


@pytest.mark.parametrize("touched", [40, 900])
def test_the_interval_of_a_total_holds_it_in_95_of_100_samples(touched: int) -> None:
    """4,000 cases, a part of which cost something: the bootstrap for few, the normal for many."""
    chance = np.random.default_rng(11)
    true, inside = touched * 20.0, 0
    for _sample in range(400):
        costs = chance.exponential(20.0, chance.binomial(4000, touched / 4000))
        low, high = total_interval(costs, 4000) or (0.0, 0.0)
        inside += low <= true <= high
    assert 0.90 <= inside / 400 <= 0.98


def test_a_total_of_a_handful_or_of_nothing_has_no_interval_and_the_same_one_twice() -> None:
    assert total_interval([3.0, 4.0, 5.0, 6.0], 100) is None
    assert total_interval(np.zeros(50), 100) is None
    costs = np.arange(1.0, 60.0)
    assert total_interval(costs, 100) == total_interval(costs, 100)
