"""The questions of ``arithmetic`` for whole arrays: one search in the same openings answers millions.

The only module here that loads numpy; ``WorkingTime`` imports it when an array is asked for, so that a web
process, which asks for single moments, never carries it.
Units: int64 microseconds, instants since 1970-01-01T00:00Z; a datetime64 array becomes such instants by
``.astype("datetime64[us]").astype(np.int64)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from hilo.businesstime.openings import Openings, OpenYears, refuse_longer

type Micros = npt.NDArray[np.int64]
type Instants = Micros | int | np.int64


def between(years: OpenYears, starts: Instants, ends: Instants) -> Micros:
    """Business time from each start to its end, in the shape in which they broadcast."""
    starts, ends = np.broadcast_arrays(_integers(starts), _integers(ends))
    if not starts.size:
        return np.zeros(starts.shape, dtype=np.int64)
    first, last = min(starts.min(), ends.min()), max(starts.max(), ends.max())
    table = _Table.of(years.around(int(first), int(last)))
    return table.elapsed(ends) - table.elapsed(starts)


def add(years: OpenYears, starts: Instants, durations: Instants) -> Micros:
    """Each start moved by its signed duration, in the shape in which they broadcast."""
    starts, durations = np.broadcast_arrays(_integers(starts), _integers(durations))
    if not durations.any():
        return starts.copy()
    table, reached = _reaching(years, starts, durations)
    moved = np.where(durations > 0, table.earliest(reached), table.latest(reached))
    return np.where(durations == 0, starts, moved)


@dataclass(frozen=True, slots=True)
class _Table:
    """``Openings`` as arrays; its methods are theirs, for arrays of any shape."""

    opens: Micros
    closes: Micros
    before: Micros
    after: Micros

    @classmethod
    def of(cls, openings: Openings) -> Self:
        lists = openings.opens, openings.closes, openings.before, openings.after
        return cls(*(np.array(each, dtype=np.int64) for each in lists))

    def elapsed(self, at: Micros) -> Micros:
        if not self.opens.size:
            return np.zeros_like(at)
        last_begun = np.maximum(np.searchsorted(self.opens, at, side="right") - 1, 0)
        inside = np.clip(at, self.opens[last_begun], self.closes[last_begun]) - self.opens[last_begun]
        return inside + self.before[last_begun]

    def earliest(self, elapsed: Micros) -> Micros:
        window = np.minimum(np.searchsorted(self.after, elapsed, side="left"), self.after.size - 1)
        return self.closes[window] - (self.after[window] - elapsed)

    def latest(self, elapsed: Micros) -> Micros:
        window = np.maximum(np.searchsorted(self.before, elapsed, side="right") - 1, 0)
        return self.opens[window] + (elapsed - self.before[window])


def _reaching(years: OpenYears, starts: Micros, durations: Micros) -> tuple[_Table, Micros]:
    """A table wide enough for every answer, and how much of it each answer lies after its beginning."""
    refuse_longer(int(durations.min()), int(durations.max()))
    openings = years.around(int(starts.min()), int(starts.max()))
    while True:
        table = _Table.of(openings)
        reached = table.elapsed(starts) + durations
        wider = years.reaching(openings, int(reached.min()), int(reached.max()))
        if wider is openings:
            return table, reached
        openings = wider


def _integers(values: Instants) -> Micros:
    array = np.asarray(values)
    if array.dtype.kind != "i":
        raise TypeError(f"Instants and durations are int64 microseconds, not {array.dtype}.")
    return array.astype(np.int64, copy=False)
