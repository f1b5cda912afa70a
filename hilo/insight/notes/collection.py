"""How the cases of a log were chosen, as far as their starts and ends give it away."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from hilo.insight.log import Codes, EventLog, Micros
from hilo.insight.mapping import words
from hilo.insight.speaking import Listed, Said, Share, _, ngettext

MISSING_ENDS = 0.2
"""Of the ends expected by some day, a log collected by end date has at most so many..."""
MISSED_CASES = 0.01
"""... and lacks at least so many, of all its cases."""
EXPECTED_AT_LEAST = 12
_EARLY_ENDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05)
_STILL_ENDING = 0.05  # of the ends, in the last third of the time in which cases end

AN_END = 0.5
"""Of the cases in which an activity stands, those it ends: from here on it is a usual end."""
COVERED = 0.5
"""Of the cases that had time enough, so many must end alike before anything is said of the others."""
OPEN_CASES = 3
NEVER_ENDED = 0.15


def by_end_date(log: EventLog) -> Said | None:
    """Whether cases that ended earlier were left out: of the cases begun before some early day, far fewer
    had ended by then than the log's own durations make likely, and its ends do not thin out at last.

    With F the distribution of all durations and c an early quantile of the ends, the number of ends to expect
    before c is the sum of F(c - start) over the cases begun before c.
    """
    starts, ends = log.time[log.first[:-1]], log.time[log.first[1:] - 1]
    durations, in_order = np.sort(ends - starts), np.sort(ends)
    days = [int(np.quantile(ends, share)) for share in _EARLY_ENDS]
    gaps = [
        (_ends_expected(starts, durations, day), int(np.searchsorted(in_order, day)), day) for day in days
    ]
    clear = [gap for gap in gaps if gap[0] >= EXPECTED_AT_LEAST and gap[1] <= MISSING_ENDS * gap[0]]
    expected, observed, day = max(clear, key=lambda gap: gap[0] - gap[1], default=(0.0, 0, 0))
    if not clear or expected - observed < MISSED_CASES * log.cases or not _ends_do_not_thin_out(in_order):
        return None
    return _(
        "The log was probably collected by end date: by %(day)s some %(expected)s of its cases should have"
        " ended and %(observed)s had, so those that ended earlier are missing. Quick cases abound at the end"
        " and slow ones at the beginning: do not read a trend into durations, and whether the queue grows"
        " cannot be told.",
        observed=observed,
        day=_date(day),
        expected=round(expected),
    )


def _date(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / 1_000_000, UTC)


def _ends_expected(starts: Micros, durations: Micros, day: int) -> float:
    begun = starts[starts < day]
    return float(np.searchsorted(durations, day - begun, side="right").sum()) / max(1, len(durations))


def _ends_do_not_thin_out(ends: Micros) -> bool:
    first, last = float(np.quantile(ends, 0.01)), float(ends[-1])
    return float(np.mean(ends >= last - (last - first) / 3)) >= _STILL_ENDING


# Cases without an end --------------------------------------------------------------------------------------


def still_open(log: EventLog) -> Said | None:
    ends = _Ends(log)
    n = int((ends.unusual & ends.recent).sum())
    if not ends.are_clear or n < OPEN_CASES:
        return None
    return ngettext(
        "%(n)s case was still open when the log was taken: its duration is longer than it looks."
        " Finished cases end with %(ends)s.",
        "%(n)s cases were still open when the log was taken: their durations are longer than they look."
        " Finished cases end with %(ends)s.",
        n=n,
        ends=Listed(ends.names, 3),
    )


def never_ended(log: EventLog) -> Said | None:
    """By the column that says each case's final status: cases that had time enough and are not at the common
    one. A log as it comes has few; an extract that was made to show trouble has many."""
    recent = _recent(log)
    for name, column in log.segments.items():
        if words.is_a_status(name) and (said := _not_at_the_common_status(log, name, column, recent)):
            return said
    return None


def _not_at_the_common_status(
    log: EventLog, name: str, column: Codes, recent: NDArray[np.bool_]
) -> Said | None:
    status = column.codes[log.first[:-1]]
    known = (status >= 0) & ~recent
    counts = np.bincount(status[known], minlength=len(column.names))
    common = int(np.argmax(counts))
    whole, usual = int(counts.sum()), int(counts[common])
    if usual < COVERED * whole or whole - usual < NEVER_ENDED * max(1, whole):
        return None
    return _(
        "%(share)s of the cases that had time enough to end have another %(column)s than “%(common)s”. If"
        " they were picked for this extract, rates such as finished or late mean nothing.",
        share=Share((whole - usual) / whole),
        column=name,
        common=column.names[common],
    )


class _Ends:
    """The activities with which cases usually end, learnt from the cases that had time enough to."""

    def __init__(self, log: EventLog) -> None:
        last = log.activity.codes[log.first[1:] - 1]
        self.recent = _recent(log)
        settled = last[~self.recent]
        size = len(log.activity.names)
        ended = np.bincount(settled, minlength=size)
        usual = ended > AN_END * np.maximum(1, _cases_with(log, ~self.recent, size))
        self.unusual: NDArray[np.bool_] = ~usual[last]
        self.are_clear = len(settled) >= 20 and float(ended[usual].sum()) >= COVERED * len(settled)
        often = np.argsort(-ended)
        self.names = tuple(log.activity.names[int(place)] for place in often if usual[place])


def _recent(log: EventLog) -> NDArray[np.bool_]:
    """(cases,): so near to the end of the log that the next event may only not have happened yet."""
    recent: NDArray[np.bool_] = log.time[log.first[1:] - 1] >= log.time.max() - _longest_pause(log)
    return recent


def _longest_pause(log: EventLog) -> int:
    """What hardly any pause within a case exceeds, one in fifty."""
    pauses = np.diff(log.time)[log.case[1:] == log.case[:-1]]
    return int(np.quantile(pauses, 0.98)) if len(pauses) else 0


def _cases_with(log: EventLog, cases: NDArray[np.bool_], size: int) -> NDArray[np.int64]:
    """(size,): in how many of these cases each activity stands."""
    keys = np.sort((log.case.astype(np.int64) * size + log.activity.codes)[cases[log.case]])
    first = np.r_[True, keys[1:] != keys[:-1]] if len(keys) else keys == 0
    counts: NDArray[np.int64] = np.bincount(keys[first] % size, minlength=size)
    return counts
