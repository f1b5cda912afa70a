"""An event log as arrays of integer codes, sorted once: what every measure and finding reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

import numpy as np
from numpy.typing import NDArray

from hilo.insight.records import record
from hilo.insight.speaking import Said

type Ints = NDArray[np.int32]
type Micros = NDArray[np.int64]

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Those whose clocks ``hilo.businesstime`` knows; its import can wait until a zone is asked for."""
NO_TIME = np.iinfo(np.int64).min
"""Stands in ``Micros`` for a moment that is missing."""


@record
class Codes:
    """One column of labels. ``codes`` (n,) are places in ``names``, -1 where the value is missing."""

    codes: Ints
    names: Sequence[str]

    def __len__(self) -> int:
        return len(self.codes)


@record
class EventLog:
    """``n`` events of ``cases`` cases, sorted by case, then time, then file order.

    Arrays of n: ``case`` (0 to cases-1, not decreasing; cases are numbered by their first appearance in the
    file), ``time`` (microseconds since 1970 UTC; the end of an activity that has a ``start``), ``row`` (its
    place in the file's order, from 0). ``first`` (cases + 1,): the events of case c are
    ``first[c]:first[c + 1]``. ``zone`` is the IANA zone in which the log's days are counted.

    ``person``, ``area``, ``site``, ``customer``, ``due``, ``amount`` and ``start`` are None where the log has
    no such column. ``segments`` are its other columns of few values (product, priority, channel), by name.
    ``detail`` says an event's activity finer where the log does (a sub-status, a transition that is neither
    start nor complete): "Wait - User" beside "Accepted".
    """

    case: Ints
    case_names: Sequence[str]
    first: NDArray[np.int64]
    activity: Codes
    time: Micros
    row: NDArray[np.int64]
    start: Micros | None = None
    person: Codes | None = None
    area: Codes | None = None
    site: Codes | None = None
    customer: Codes | None = None
    due: Micros | None = None
    amount: NDArray[np.float64] | None = None
    segments: Mapping[str, Codes] = field(default_factory=dict)
    detail: Codes | None = None
    zone: str = "UTC"
    notes: tuple[Said, ...] = ()

    def __len__(self) -> int:
        return len(self.case)

    @property
    def cases(self) -> int:
        return len(self.first) - 1
