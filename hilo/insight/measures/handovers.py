"""Work that goes from one unit to another: areas, teams, people; and that comes back.

A handover is two consecutive events of a case with different KNOWN units. An event without a unit belongs to
nobody: it makes no handover on either side, and what lies behind it is not joined to what lies before it (in
VINST-new.csv this gives the 3,919 handovers between named divisions; leaving such events out first would
invent 51 that nobody saw).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hilo.insight.log import Codes, EventLog, Ints, Micros
from hilo.insight.measures.cases import HOUR, event_begins
from hilo.insight.measures.grouped import distinct_members, grouped, pairs_of
from hilo.insight.records import record
from hilo.insight.results import Handovers, UnitPair

type Places = NDArray[np.int64]
type Mask = NDArray[np.bool_]


@record
class Blocks:
    """Runs of consecutive events of a case with one unit, -1 for runs without one. All arrays (blocks,).

    ``received``: its work came by a handover, that is, from the block before it, whose unit is known.
    ``begins`` is when its first event began, ``ends`` the time of its last.
    """

    case: Ints
    unit: Ints
    begins: Micros
    ends: Micros
    received: Mask


def handovers(log: EventLog, unit: Codes) -> Handovers:
    """Between the units of one column. Times: a handover's from the last event of one unit to the first of
    the next; a ping-pong's (X, Y, X) from the last event of X to the first of X again."""
    blocks = blocks_of(log, unit)
    to = np.flatnonzero(blocks.received)
    back = bounces(blocks)
    returned = blocks.case[returns(blocks)]
    passed = _pairs(log, unit, blocks, to, to - 1)
    return Handovers(
        count=to.size,
        cases=_different(blocks.case[to]),
        ordered_pairs=len(passed),
        pairs=passed,
        ping_pong_count=back.size,
        ping_pong_cases=_different(blocks.case[back]),
        ping_pong_pairs=_pairs(log, unit, blocks, back, back - 2),
        returns_count=returned.size,
        returns_cases=_different(returned),
    )


def blocks_of(log: EventLog, unit: Codes) -> Blocks:
    codes = unit.codes
    begins_block = np.empty(len(log), np.bool_)
    begins_block[:1] = True
    np.not_equal(codes[1:], codes[:-1], out=begins_block[1:])
    begins_block[log.first[:-1]] = True
    places = np.flatnonzero(begins_block)
    last = np.append(places[1:], len(log)) - 1
    case, units = log.case[places], codes[places]
    received = np.zeros(places.size, np.bool_)
    received[1:] = (case[1:] == case[:-1]) & (units[1:] >= 0) & (units[:-1] >= 0)
    return Blocks(case, units, event_begins(log)[places], log.time[last], received)


def bounces(blocks: Blocks) -> Places:
    """The blocks with which a ping-pong X, Y, X closes. Overlaps count: X, Y, X, Y has two."""
    closes = np.zeros(blocks.unit.size, np.bool_)
    if closes.size > 2:
        closes[2:] = blocks.received[2:] & blocks.received[1:-1] & (blocks.unit[2:] == blocks.unit[:-2])
    return np.flatnonzero(closes)


def returns(blocks: Blocks) -> Places:
    """The blocks by which work re-enters, through a handover, a unit that the case has been in before."""
    known = np.flatnonzero(blocks.unit >= 0)
    if not known.size:
        return known
    visits = blocks.case[known].astype(np.int64)
    visits *= int(blocks.unit.max()) + 1
    visits += blocks.unit[known]
    order = np.argsort(visits, kind="stable")
    ordered = visits[order]
    again = known[order[1:][ordered[1:] == ordered[:-1]]]
    return np.sort(again[blocks.received[again]])


def _pairs(
    log: EventLog, unit: Codes, blocks: Blocks, later: Places, earlier: Places
) -> tuple[UnitPair, ...]:
    """From the unit of the block ``earlier`` to that of the block after it; its time ends with ``later``."""
    source, target = blocks.unit[earlier], blocks.unit[earlier + 1]
    waited = np.maximum(blocks.begins[later] - blocks.ends[earlier], 0)
    pairs = pairs_of(source, target, len(unit.names))
    hours = grouped(pairs.which, waited, len(pairs))
    cases = distinct_members(pairs.which, blocks.case[later], len(pairs), log.cases)
    columns = (pairs.left, pairs.right, hours.counts, cases, hours.means() / HOUR, hours.medians() / HOUR)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    found = (UnitPair(unit.names[left], unit.names[right], *figures) for left, right, *figures in rows)
    return tuple(sorted(found, key=lambda pair: (-pair.count, pair.source, pair.target)))


def _different(sorted_cases: Ints) -> int:
    """How many cases, of a list in which equal ones stand together."""
    return int(np.count_nonzero(np.diff(sorted_cases))) + bool(sorted_cases.size)
