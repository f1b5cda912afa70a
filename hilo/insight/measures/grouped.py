"""Counts, sums and quantiles of values by group, each from one sort of plain integers.

A group and its value are put into one int64 (group x span + value) and sorted: numpy sorts such values
several times faster than it sorts places (argsort), and everything asked of a group then lies side by side.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hilo.insight.records import record

type Floats = NDArray[np.float64]
type Places = NDArray[np.int64]
type AnyInts = NDArray[np.int32] | NDArray[np.int64]

ROOM = 2**62


@record
class Grouped:
    """Integers sorted within their group. ``starts`` (groups + 1,): those of group g are
    ``keys[starts[g]:starts[g + 1]] - offsets[g]``."""

    keys: Places
    starts: Places
    offsets: Places
    span: int

    @property
    def counts(self) -> Places:
        counts: Places = np.diff(self.starts)
        return counts

    def sums(self) -> Floats:
        """Exact up to 2**63, beyond that to the rounding of floats; 0 for an empty group."""
        counts = self.counts
        filled = counts > 0
        totals = np.zeros(counts.size)
        begins = self.starts[:-1][filled]
        if not begins.size:
            return totals
        if self.keys.size * self.span < ROOM:  # wraps around and back: offsets come off again
            totals[filled] = np.add.reduceat(self.keys, begins) - self.offsets[filled] * counts[filled]
        else:
            values = (self.keys - np.repeat(self.offsets, counts)).astype(np.float64)
            totals[filled] = np.add.reduceat(values, begins)
        return totals

    def means(self) -> Floats:
        return self.sums() / np.maximum(self.counts, 1)

    def quantiles(self, part: int, whole: int) -> Floats:
        """The part/whole quantile of each group, linear between neighbours (type 7); 0 for an empty group."""
        counts = self.counts
        filled = np.flatnonzero(counts)
        base, rest = np.divmod((counts[filled] - 1) * part, whole)
        places = self.starts[filled] + base
        low = self.keys[places]
        high = self.keys[places + (rest > 0)]
        found = np.zeros(counts.size)
        found[filled] = (low - self.offsets[filled]) + (high - low) * rest / whole
        return found

    def medians(self) -> Floats:
        return self.quantiles(1, 2)

    def at(self, groups: Places, places: Places) -> Places:
        """The value at a place (from 0) of each of these groups."""
        found: Places = self.keys[self.starts[groups] + places] - self.offsets[groups]
        return found


def grouped(group: AnyInts, values: NDArray[np.int64], groups: int) -> Grouped:
    """``group`` (n,) holds 0 to groups - 1, ``values`` (n,) any integers."""
    if not values.size:
        return Grouped(values, np.zeros(groups + 1, np.int64), np.zeros(groups, np.int64), 0)
    low, high = int(values.min()), int(values.max())
    span = high - low + 1
    if groups * span + abs(low) >= ROOM:
        return _grouped_by_places(group, values, groups, max(abs(low), abs(high)) + 1)
    keys = group.astype(np.int64)
    keys *= span
    keys += values
    if low:
        keys -= low
    keys.sort()
    bounds = np.arange(groups + 1, dtype=np.int64) * span
    return Grouped(keys, np.searchsorted(keys, bounds), bounds[:-1] - low, max(span, abs(low), abs(high)))


def _grouped_by_places(group: AnyInts, values: NDArray[np.int64], groups: int, span: int) -> Grouped:
    order = np.lexsort((values, group))
    starts = np.searchsorted(group[order], np.arange(groups + 1))
    return Grouped(values[order], starts, np.zeros(groups, np.int64), span)


def distinct_members(group: AnyInts, member: AnyInts, groups: int, members: int) -> Places:
    """How many different members (0 to members - 1) each group has: cases by activity, for one."""
    return np.diff(np.searchsorted(_distinct(group, member, members), _bounds(groups, members)))


def repeated_members(group: AnyInts, member: AnyInts, groups: int, members: int) -> Places:
    """How many different members each group has more than once."""
    keys = _keys(group, member, members)
    same = keys[1:] == keys[:-1]
    again = same.copy()  # the second of each, not the third and later ones
    again[1:] &= ~same[:-1]
    return np.diff(np.searchsorted(keys[1:][again], _bounds(groups, members)))


def _distinct(group: AnyInts, member: AnyInts, members: int) -> Places:
    keys = _keys(group, member, members)
    return keys[np.concatenate(([True], keys[1:] != keys[:-1]))] if keys.size else keys


def _keys(group: AnyInts, member: AnyInts, members: int) -> Places:
    keys = group.astype(np.int64)
    keys *= members
    keys += member
    keys.sort()
    return keys


def _bounds(groups: int, members: int) -> Places:
    return np.arange(groups + 1, dtype=np.int64) * members


@record
class Pairs:
    """Ordered pairs of codes that occur. ``which`` (n,) says which of them stands at each place."""

    which: NDArray[np.int32]
    left: Places
    right: Places

    def __len__(self) -> int:
        return self.left.size


def pairs_of(left: NDArray[np.int32], right: NDArray[np.int32], names: int) -> Pairs:
    keys: AnyInts = left.astype(np.int64) if names > 46_340 else left.copy()
    keys *= names
    keys += right
    if names * names <= max(keys.size, 1 << 16):
        present = np.flatnonzero(np.bincount(keys, minlength=names * names))
        place = np.zeros(names * names, np.int32)
        place[present] = np.arange(present.size, dtype=np.int32)
        which = place[keys]
    else:
        present, inverse = np.unique(keys, return_inverse=True)
        which = inverse.astype(np.int32)
    return Pairs(which, *np.divmod(present.astype(np.int64), names))
