"""Rows that stand twice: exactly, or as copies of a log that were made in another zone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hilo.insight.lean import arrow
from hilo.insight.log import EventLog
from hilo.insight.mapping.looking import encoded
from hilo.insight.notes.times import QUARTER, tied
from hilo.insight.raw import RawTable
from hilo.insight.speaking import Hours, Said, _, ngettext

COPIED = 0.5
"""Of the events of the smaller file, found in the other as well: from here on it is a copy."""
_ALIKE = 0.8  # of those, at one and the same distance in time (or two: summer and winter)
_DAY = 86_400_000_000


def exact_duplicates(raw: RawTable, log: EventLog) -> Said | None:
    """Rows equal to an earlier one in every column. Only events tied in time can be."""
    n = _duplicates(raw, log)
    if not n:
        return None
    return ngettext(
        "%(n)s row repeats another in every column. It counts as an event: if it is a slip of the export, its"
        " repetition is none.",
        "%(n)s rows repeat another in every column. They count as events: if they are a slip of the export,"
        " the repetitions they make are none.",
        n=n,
    )


def _duplicates(raw: RawTable, log: EventLog) -> int:
    same = tied(log)
    places = np.flatnonzero(np.r_[same, False] | np.r_[False, same])
    if not len(places):
        return 0
    rows = raw.data.take(arrow(log.row[places]))
    group = np.zeros(rows.num_rows, np.int64)
    for name in rows.column_names:
        codes, count = encoded(rows[name])
        group = np.unique(group * (count + 1) + codes + 1, return_inverse=True)[1]
    return len(group) - len(np.unique(group))


def in_another_zone(raw: RawTable, log: EventLog) -> Said | None:
    """Whether a second file tells the same events a whole number of quarters of an hour later or earlier."""
    for place, file in enumerate(raw.files[1:], 1):
        shift = _shift(log, _of_file(raw, log, 0), _of_file(raw, log, place))
        if shift is not None:
            return _copied(raw.files[0].name, file.name, shift)
    return None


def _copied(one: str, other: str, shift: int) -> Said:
    if shift == 0:
        return _(
            "%(one)s and %(other)s tell the same events: they are counted twice. Leave one of them out.",
            one=one,
            other=other,
        )
    return _(
        "%(one)s and %(other)s are copies of one log whose clocks differ by %(shift)s: the events are counted"
        " twice, and one of the zones is wrong. Leave one of them out.",
        one=one,
        other=other,
        shift=Hours(abs(shift) / 3_600_000_000),
    )


def _of_file(raw: RawTable, log: EventLog, place: int) -> NDArray[np.int64]:
    """The events of one file, by case, activity and time."""
    file = raw.files[place]
    events = np.flatnonzero((log.row >= file.first) & (log.row < file.first + file.rows))
    order = np.lexsort((log.time[events], log.activity.codes[events], log.case[events]))
    return events[order]


def _shift(log: EventLog, one: NDArray[np.int64], other: NDArray[np.int64]) -> int | None:
    """The n-th time that a case does something in one file, against the n-th in the other."""
    a, b = _keys(log, one), _keys(log, other)
    both, in_one, in_other = np.intersect1d(a, b, assume_unique=True, return_indices=True)
    if len(both) < max(20, COPIED * min(len(one), len(other))):
        return None
    shifts, counts = np.unique(log.time[other[in_other]] - log.time[one[in_one]], return_counts=True)
    often = np.argsort(-counts)[:2]
    often = often[(shifts[often] % QUARTER == 0) & (np.abs(shifts[often]) <= _DAY)]
    if not len(often) or counts[often].sum() < _ALIKE * len(both):
        return None
    return int(shifts[often[0]])


def _keys(log: EventLog, events: NDArray[np.int64]) -> NDArray[np.int64]:
    """One number for case, activity and the how-manieth time."""
    what = log.case[events].astype(np.int64) * len(log.activity.names) + log.activity.codes[events]
    new = np.r_[True, what[1:] != what[:-1]] if len(what) else np.zeros(0, np.bool_)
    begins = np.flatnonzero(new)
    nth = np.arange(len(what)) - np.repeat(begins, np.diff(np.r_[begins, len(what)]))
    keys: NDArray[np.int64] = what * (len(log) + 1) + nth
    return keys
