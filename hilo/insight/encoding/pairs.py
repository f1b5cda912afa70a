"""Two rows of one activity, its start and its completion, into one event that has both moments."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hilo.insight.log import NO_TIME, Codes, Ints, Micros
from hilo.insight.mapping.names import folded, listed
from hilo.insight.records import record

type Places = NDArray[np.int64]

_STARTS = listed(
    "start started begin begun inicio iniciar iniciada iniciado comienzo empezar empezada empezado"
)
_COMPLETES = listed(
    "complete completed end ended finish finished fin finalizar finalizada finalizado completar completada"
    " completado terminada terminado"
)
_TRULY = 0.5
"""Of the starts that must find their completion before a log is taken as one of pairs."""


@record
class Paired:
    """``kept``: places of the rows that stay, in file order; ``start``: theirs; ``joined``: the pairs."""

    kept: Places
    start: Micros
    joined: int


def phases_of(lifecycle: Codes) -> tuple[Ints, Ints]:
    """The codes that mean start, and those that mean complete."""
    names = [folded(name).strip() for name in lifecycle.names]
    starts = [place for place, name in enumerate(names) if name in _STARTS]
    completes = [place for place, name in enumerate(names) if name in _COMPLETES]
    return np.array(starts, np.int32), np.array(completes, np.int32)


def paired(
    case: Ints, activity: Codes, person: Codes | None, time: Micros, lifecycle: Codes
) -> Paired | None:
    """None where the log has no true pairs. First within one person, then what is left within the case."""
    starts, completes = phases_of(lifecycle)
    is_start, is_complete = np.isin(lifecycle.codes, starts), np.isin(lifecycle.codes, completes)
    if not is_start.any() or not is_complete.any():
        return None
    what = case.astype(np.int64) * len(activity.names) + activity.codes
    partner = np.full(len(case), -1, np.int64)  # of a completion: the place of its start
    if person is not None:
        _match((what, person.codes), time, is_start, is_complete, partner)
        is_start[partner[partner >= 0]] = False
    _match((what,), time, is_start, is_complete & (partner < 0), partner)
    used = partner[partner >= 0]
    if len(used) < _TRULY * np.isin(lifecycle.codes, starts).sum():
        return None
    kept = np.setdiff1d(np.arange(len(case)), used)
    start = np.where(partner >= 0, time[partner], NO_TIME)[kept]
    return Paired(kept, start, len(used))


def _match(
    keys: tuple[NDArray[np.integer], ...],
    time: Micros,
    is_start: NDArray[np.bool_],
    is_complete: NDArray[np.bool_],
    partner: Places,
) -> None:
    """Where a group has as many starts as completions the first is paired with the first; elsewhere a
    completion with the start right before it."""
    order = np.lexsort((is_complete, time, *keys))
    order = order[(is_start | is_complete)[order]]
    if not len(order):
        return
    group = _groups(keys, order)
    opens, closes = is_start[order], is_complete[order]
    even = np.bincount(group, opens) == np.bincount(group, closes)
    in_even = even[group]
    _pair_by_rank(order, group, opens & in_even, closes & in_even, time, partner)
    beside = np.r_[False, opens[:-1] & closes[1:] & (group[1:] == group[:-1])] & ~in_even
    partner[order[beside]] = order[np.flatnonzero(beside) - 1]


def _groups(keys: tuple[NDArray[np.integer], ...], order: Places) -> Places:
    new = np.zeros(len(order), np.bool_)
    for key in keys:
        new[1:] |= key[order][1:] != key[order][:-1]
    return np.cumsum(new)


def _pair_by_rank(
    order: Places,
    group: Places,
    opens: NDArray[np.bool_],
    closes: NDArray[np.bool_],
    time: Micros,
    partner: Places,
) -> None:
    first, last = order[opens], order[closes]  # as many of each, group by group in the same order
    sound = time[first] <= time[last]
    partner[last[sound]] = first[sound]
