"""Which sequences of activities cases run through, and how many cases each."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hilo.insight.log import EventLog, Ints
from hilo.insight.records import record
from hilo.insight.results import Variant, Variants

type Hashes = NDArray[np.uint64]

MOST = 50
FEW = 1_000
"""Rows that plain Python may sort by name."""


@record
class VariantTable:
    """``of_case`` (cases,): the number of each case's variant. ``counts`` and ``example`` (a case that runs
    so) are by variant."""

    of_case: Ints
    counts: NDArray[np.int64]
    example: NDArray[np.int64]


def variants(log: EventLog, most: int = MOST) -> Variants:
    """``top``: the ``most`` commonest; equal counts by the names of their activities."""
    table = variant_table(log)
    top = (
        Variant(_activities(log, int(table.example[v])), int(table.counts[v])) for v in _top(log, table, most)
    )
    return Variants(table.counts.size, tuple(sorted(top, key=lambda v: (-v.count, v.activities))))


def variant_table(log: EventLog) -> VariantTable:
    """Cases by a 64-bit hash of their sequence; then every case is compared with the example of its variant,
    event by event, so that two sequences of one hash are never taken for one."""
    position = _positions(log)
    table = _by_hash(_hashes(log, position))
    return table if _holds(log, table, position) else _by_sequence(log)


def _positions(log: EventLog) -> Ints:
    """(n,): the place of each event in its case, from 0."""
    return np.arange(len(log), dtype=np.int32) - log.first.astype(np.int32)[log.case]


def _hashes(log: EventLog, position: Ints) -> Hashes:
    by_activity, by_position = _weights(len(log.activity.names), int(position.max(initial=0)) + 1)
    mixed = by_activity[log.activity.codes]
    mixed *= by_position[position]
    mixed ^= mixed >> np.uint64(29)
    hashes: Hashes = np.add.reduceat(mixed, log.first[:-1])
    return hashes


def _weights(activities: int, positions: int) -> tuple[Hashes, Hashes]:
    """Splitmix64 (Steele, Lea, Flood 2014); ``np.random`` would cost 10 ms to load."""
    drawn = np.arange(1, activities + positions + 1, dtype=np.uint64) * np.uint64(0x9E37_79B9_7F4A_7C15)
    for shift, factor in ((30, 0xBF58_476D_1CE4_E5B9), (27, 0x94D0_49BB_1331_11EB)):
        drawn = (drawn ^ (drawn >> np.uint64(shift))) * np.uint64(factor)
    drawn = (drawn ^ (drawn >> np.uint64(31))) | np.uint64(1)
    return drawn[:activities], drawn[activities:]


def _by_hash(hashes: Hashes) -> VariantTable:
    order = np.argsort(hashes)
    ordered = hashes[order]
    begins = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    counts = np.diff(np.append(begins, hashes.size))
    of_case = np.empty(hashes.size, np.int32)
    of_case[order] = np.repeat(np.arange(begins.size, dtype=np.int32), counts)
    return VariantTable(of_case, counts, order[begins])


def _holds(log: EventLog, table: VariantTable, position: Ints) -> bool:
    example = table.example[table.of_case]
    lengths = np.diff(log.first)
    if not np.array_equal(lengths, lengths[example]):
        return False
    codes = log.activity.codes
    return bool(np.array_equal(codes, codes[log.first[example][log.case] + position]))


def _by_sequence(log: EventLog) -> VariantTable:
    """Slow and sure, for a log in which two sequences share a hash: one in 10^6 logs of 10^6 variants."""
    codes, first = log.activity.codes, log.first.tolist()
    numbers: dict[bytes, int] = {}
    found = [numbers.setdefault(codes[a:b].tobytes(), len(numbers)) for a, b in pairwise(first)]
    of_case = np.array(found, np.int32)
    _, example, counts = np.unique(of_case, return_index=True, return_counts=True)
    return VariantTable(of_case, counts, example)


def _top(log: EventLog, table: VariantTable, most: int) -> list[int]:
    """The numbers of the commonest variants; where equal counts stand at the edge, the first ones by name."""
    if table.counts.size <= most:
        return list(range(table.counts.size))
    edge = np.partition(table.counts, -most)[-most]
    above = np.flatnonzero(table.counts > edge)
    level = _first_by_name(log, table, np.flatnonzero(table.counts == edge), most - above.size)
    return [*above.tolist(), *level]


def _first_by_name(log: EventLog, table: VariantTable, level: NDArray[np.int64], most: int) -> list[int]:
    """Compares longer and longer beginnings until few enough are left to be sorted by their names."""
    rank = np.empty(len(log.activity.names) + 1, np.int32)
    order = sorted(range(len(log.activity.names)), key=log.activity.names.__getitem__)
    rank[order] = np.arange(len(order))
    rank[-1] = -1  # a sequence that has ended comes before one that goes on
    width = 4
    while level.size > max(FEW, most) and width <= 4096:
        beginnings = rank[_padded(log, table.example[level], width)]
        place = np.lexsort(beginnings.T[::-1])
        kept = beginnings[place]
        differs = (kept[most:] != kept[most - 1]).any(axis=1)
        end = most + (int(differs.argmax()) if differs.any() else differs.size)
        level, width = level[place[:end]], width * 4
    return sorted(level.tolist(), key=lambda v: _activities(log, int(table.example[v])))[:most]


def _padded(log: EventLog, cases: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    """(cases, width): the codes of their first activities, -1 after the last."""
    places = log.first[cases][:, None] + np.arange(width)
    ended = places >= log.first[cases + 1][:, None]
    return np.where(ended, -1, log.activity.codes[np.minimum(places, len(log) - 1)])


def _activities(log: EventLog, case: int) -> tuple[str, ...]:
    codes = log.activity.codes[log.first[case] : log.first[case + 1]]
    return tuple(log.activity.names[code] for code in codes.tolist())
