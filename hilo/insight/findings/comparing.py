"""Tests of many groups at once, over counts and sums. Every p is one-sided: only what is worse is looked for.

For shares: the signed root of the likelihood ratio (McCullagh and Nelder, Generalized Linear Models, 4.4),
which keeps its level at the small shares and unequal groups that findings are made of. For times: Welch's t
on logarithms, groups of 20 and more.
"""

from __future__ import annotations

from math import erfc, sqrt

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]


def upper_tail(z: Floats) -> Floats:
    """One-sided p of normal scores."""
    flat = [0.5 * erfc(value / sqrt(2)) for value in np.ravel(z).tolist()]
    return np.array(flat).reshape(np.shape(z))


def above_share(k: Floats, n: Floats, share: Floats) -> Floats:
    """Normal score of k of n being more than a given share would bring."""
    found = _ratio(k, n)
    return np.asarray(np.sign(found - share) * np.sqrt(2 * np.maximum(_gain(k, n, found, share), 0)))


def above_rest(k: Floats, n: Floats, k_rest: Floats, n_rest: Floats) -> Floats:
    """Normal score of k of n being a larger share than that of the rest."""
    share, rest = _ratio(k, n), _ratio(k_rest, n_rest)
    both = _ratio(k + k_rest, n + n_rest)
    gain = _gain(k, n, share, both) + _gain(k_rest, n_rest, rest, both)
    return np.asarray(np.sign(share - rest) * np.sqrt(2 * np.maximum(gain, 0)))


def _gain(k: Floats, n: Floats, share: Floats, other: Floats) -> Floats:
    """Log-likelihood of a share over that of another."""
    return _weighed(k, share, other) + _weighed(n - k, 1 - share, 1 - other)


def _weighed(count: Floats, share: Floats, other: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(count > 0, count * (np.log(share) - np.log(np.maximum(other, 1e-12))), 0.0)


def _ratio(k: Floats, n: Floats) -> Floats:
    return k / np.maximum(n, 1)


def typical_difference(values: Floats, sort: Ints, chosen: NDArray[np.bool_], fewest: int) -> float:
    """How far the chosen values lie above the others in the middle sort of them, each sort weighing as often
    as it comes: what only one sort shows moves it little."""
    sorts = int(sort.max(initial=0)) + 1
    n = [np.bincount(sort[of], minlength=sorts) for of in (chosen, ~chosen)]
    sums = [np.bincount(sort[of], values[of], sorts) for of in (chosen, ~chosen)]
    both = np.flatnonzero((n[0] >= fewest) & (n[1] >= fewest))
    if not len(both):
        return 0.0
    differences = sums[0][both] / n[0][both] - sums[1][both] / n[1][both]
    order = np.argsort(differences)
    weight = np.cumsum((n[0] + n[1])[both][order])
    return float(differences[order][np.searchsorted(weight, weight[-1] / 2)])


class Sums:
    """Counts, means and variances of values by group, and of the rest beside each group."""

    def __init__(self, values: Floats, group: Ints, groups: int, within: Ints | None = None) -> None:
        """``within`` (groups,): the larger group that a group is compared inside of; all by default."""
        inside = np.zeros(groups, np.int64) if within is None else within
        counts = np.bincount(group, minlength=groups).astype(np.float64)
        totals = (np.bincount(group, weights, groups) for weights in (values, values * values))
        self.n, self.mean, self.variance = _moments(counts, *totals)
        sums = self.n, self.n * self.mean, self.n * (self.variance + self.mean**2)
        whole = [np.bincount(inside, one)[inside] for one in sums]
        rest = [np.maximum(all_ - one, 0) for all_, one in zip(whole, sums, strict=True)]
        rest[1] = whole[1] - sums[1]
        self.n_rest, self.mean_rest, self.variance_rest = _moments(*rest)

    @property
    def difference(self) -> Floats:
        return self.mean - self.mean_rest

    def scores(self, tolerated: float = 0.0) -> Floats:
        """Welch's t of each group being above the rest by more than ``tolerated``; 0 where a side has
        fewer than two."""
        error = self.variance / np.maximum(self.n - 1, 1) + self.variance_rest / np.maximum(
            self.n_rest - 1, 1
        )
        usable = (self.n > 1) & (self.n_rest > 1) & (error > 0)
        return np.where(usable, (self.difference - tolerated) / np.sqrt(np.where(usable, error, 1.0)), 0.0)


def _moments(n: Floats, total: Floats, squares: Floats) -> tuple[Floats, Floats, Floats]:
    count = np.asarray(n, np.float64)
    mean = total / np.maximum(count, 1)
    return count, mean, np.maximum(squares / np.maximum(count, 1) - mean * mean, 0)
