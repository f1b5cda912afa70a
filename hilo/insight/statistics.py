"""The few statistics that measures and findings need, in numpy alone. Nothing here knows event logs.

Arrays come in as float64 or int64 of one dimension and without NaN. Intervals are 95 %, two-sided.
"""

from __future__ import annotations

from functools import lru_cache
from math import erfc, exp, lgamma, log, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

type Floats = NDArray[np.float64]

Z95 = 1.959963984540054
TAIL = 0.025
DRAWS = 10_000
FEWEST, BOOTSTRAPS, BOOTSTRAPPED_UNTIL = 5, 2_000, 500
EXACT_UNTIL = 2_000
"""Sample size up to which the interval of a median counts its binomial exactly."""


class Comparison(NamedTuple):
    """``delta`` is Cliff's: the chance that a value of x is above one of y, minus that it is below."""

    p: float
    delta: float


class Difference(NamedTuple):
    value: float
    low: float
    high: float


def wilson(k: int, n: int) -> tuple[float, float]:
    """Interval of the share k/n. With n = 0 nothing is known: (0, 1).

    Source: Wilson 1927, JASA 22; Newcombe 1998, Statistics in Medicine 17, method 3.
    """
    if n == 0:
        return 0.0, 1.0
    share, z2 = k / n, Z95 * Z95
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = Z95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    low = 0.0 if k == 0 else centre - reach
    high = 1.0 if k == n else centre + reach
    return max(low, 0.0), min(high, 1.0)


def total_interval(values: ArrayLike, of: int) -> tuple[float, float] | None:
    """Interval of the sum of what some of ``of`` independent cases cost, the others nothing: how much it
    would stray in another sample of as many cases. None under five values, or where nothing is cost.

    Poisson bootstrap with a seed of its own; over 500 values the normal approximation says the same.
    Source: Efron and Tibshirani, An Introduction to the Bootstrap, 13.3; Hanley and MacGibbon 2006, CMPB 83.
    """
    costs = np.asarray(values, dtype=np.float64)
    total = float(costs.sum())
    if costs.size < FEWEST or total <= 0:
        return None
    if costs.size > BOOTSTRAPPED_UNTIL:
        reach = Z95 * sqrt(max(float((costs**2).sum()) - total**2 / max(of, costs.size), 0.0))
        return max(total - reach, 0.0), total + reach
    drawn = np.random.default_rng(costs.size).poisson(1.0, (BOOTSTRAPS, costs.size)) @ costs
    low, high = np.quantile(drawn, (TAIL, 1 - TAIL))
    return float(low), float(high)


def mann_whitney(x: ArrayLike, y: ArrayLike) -> Comparison:
    """Two-sided p that x and y come from one distribution, and the effect; delta > 0 where x is larger.

    Normal approximation with the variance corrected for ties and a continuity correction of a half: good from
    about 5 values on each side. An empty side, or all values equal: p = 1.
    Source: Mann and Whitney 1947; ties after Lehmann, Nonparametrics, 1.5; delta after Cliff 1993.
    """
    left, right = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if not left.size or not right.size:
        return Comparison(1.0, 0.0)
    ranks, ties = midranks(np.concatenate((left, right)))
    sizes = np.array([left.size])
    ps, deltas = rank_sum_test(np.array([ranks[: left.size].sum()]), sizes, ranks.size, ties)
    return Comparison(float(ps[0]), float(deltas[0]))


def midranks(values: ArrayLike) -> tuple[Floats, float]:
    """Ranks from 1, equal values sharing the mean of theirs; and the sum of t^3 - t over the ties."""
    array = np.asarray(values)
    order = np.argsort(array)
    ordered = array[order]
    begins = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    lengths = np.diff(np.append(begins, array.size))
    ranks = np.empty(array.size)
    ranks[order] = np.repeat(begins + (lengths + 1) / 2, lengths)
    sizes = lengths.astype(np.float64)
    return ranks, float((sizes**3 - sizes).sum())


def rank_sum_test(
    rank_sums: Floats, sizes: NDArray[np.int64], total: int, ties: float
) -> tuple[Floats, Floats]:
    """``mann_whitney`` of many groups at once, each against the rest of ``total`` values ranked together.

    ``rank_sums`` and ``sizes`` (groups,) and ``ties`` are what ``midranks`` of all values gives. Groups of
    nobody or of everybody: p = 1, delta = 0.
    """
    n = sizes.astype(np.float64)
    m = total - n
    pairs = n * m
    usable = pairs > 0
    above = rank_sums - n * (n + 1) / 2
    deltas = np.zeros(n.size)
    deltas[usable] = 2 * above[usable] / pairs[usable] - 1
    variance = pairs / 12 * ((total + 1) - ties / max(total * (total - 1), 1))
    distance = np.maximum(np.abs(above - pairs / 2) - 0.5, 0)
    ps = np.ones(n.size)
    apart = usable & (variance > 0) & (distance > 0)
    scores = distance[apart] / np.sqrt(variance[apart])
    ps[apart] = [erfc(score / sqrt(2)) for score in scores.tolist()]
    return ps, deltas


def benjamini_hochberg(ps: ArrayLike) -> Floats:
    """q of each p, in the order given: the false discovery rate at which it would be called.

    Source: Benjamini and Hochberg 1995, JRSS B 57 (independent or positively dependent tests).
    """
    given = np.asarray(ps, dtype=np.float64)
    order = np.argsort(given, kind="stable")
    raised = given[order] * given.size / np.arange(1, given.size + 1)
    qs = np.empty(given.size)
    qs[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1)
    return qs


def median_interval(sorted_values: ArrayLike) -> tuple[float, float]:
    """Distribution-free interval of the median of values that come sorted: two of them.

    Covers at least 95 % from 6 values on; with fewer it is smallest and largest (5: 93.75 %, 4: 87.5 %).
    Source: Conover, Practical Nonparametric Statistics, 3.2 (order statistics and the sign test).
    """
    values = np.asarray(sorted_values, dtype=np.float64)
    place = median_interval_place(values.size)
    return float(values[place]), float(values[values.size - 1 - place])


@lru_cache(maxsize=4096)
def median_interval_place(n: int) -> int:
    """How many values to leave out on each side of n sorted ones, so that 95 % is kept between the rest."""
    if n > EXACT_UNTIL:
        return max(int((n - Z95 * sqrt(n)) / 2) - 1, 0)
    below, place = 0.0, 0
    while place < n // 2:
        below += exp(lgamma(n + 1) - lgamma(place + 1) - lgamma(n - place + 1) - n * log(2))
        if below > TAIL:
            break
        place += 1
    return max(place - 1, 0)


def bootstrap_median_difference(x: ArrayLike, y: ArrayLike, seed: int, draws: int = DRAWS) -> Difference:
    """median(x) - median(y) with its percentile bootstrap interval; the same seed gives the same interval.

    Nothing is resampled value by value: the k-th of n sorted draws from x stands at the place that a Beta(k,
    n - k + 1) variate points to, so a draw costs the same for ten values as for ten million.
    Source: Efron and Tibshirani, An Introduction to the Bootstrap, 13.3 and (for the law of the k-th) 2.2.
    """
    chance = np.random.default_rng(seed)
    left, right = np.sort(np.asarray(x, dtype=np.float64)), np.sort(np.asarray(y, dtype=np.float64))
    drawn = _resampled_medians(left, draws, chance) - _resampled_medians(right, draws, chance)
    low, high = np.quantile(drawn, (TAIL, 1 - TAIL))
    return Difference(float(np.median(left) - np.median(right)), float(low), float(high))


def _resampled_medians(values: Floats, draws: int, chance: np.random.Generator) -> Floats:
    n = values.size
    k = (n + 1) // 2
    lower = chance.beta(k, n - k + 1, draws)
    if n % 2:
        return _at(values, lower)
    upper = lower + (1 - lower) * chance.beta(1, n - k, draws)
    return (_at(values, lower) + _at(values, upper)) / 2


def _at(values: Floats, shares: Floats) -> Floats:
    return values[np.minimum((shares * values.size).astype(np.int64), values.size - 1)]
