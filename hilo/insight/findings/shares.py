"""Where a bad share is: over a whole border or step against its like, or in one segment against the rest."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from hilo.insight.findings.comparing import above_rest, above_share, upper_tail
from hilo.insight.findings.ground import Floats, Ground, Places, Side, Truths
from hilo.insight.findings.mixture import share_in, told_by_odds
from hilo.insight.records import record


@record
class Items:
    """One row per thing and case: ``thing`` (a border, an activity; below ``things``), ``case``, ``bad``.
    ``odds``, where being bad is not known for certain, are how many times likelier a row is if it is bad."""

    thing: Places
    case: Places
    bad: Truths
    things: int
    odds: Floats | None = None

    def only(self, chosen: Truths) -> Items:
        odds = None if self.odds is None else self.odds[chosen]
        return Items(self.thing[chosen], self.case[chosen], self.bad[chosen], self.things, odds)


@record
class Least:
    """The least that counts: points above the peers, and times their share. ``natural`` is what no peer need
    show; ``anywhere``, where a thing has no peers, the share from which the whole is told."""

    points: float
    times: float
    natural: float = 0.01
    anywhere: float | None = None
    in_whole: bool = True
    customers: bool = False  # whether a customer may be the segment; otherwise its site or its product is
    tolerated: float | None = None  # of the points, in a segment; the policy's where not said
    by_nature: float | None = None  # points, between the values of columns other than site


@record
class Spot:
    """A place with a bad share: k of n cases, against ``usual`` among its peers."""

    thing: int
    side: Side | None
    value: int
    k: int
    n: int
    usual: float
    p: float


@dataclass(slots=True)
class Searched:
    spots: list[Spot] = field(default_factory=list)
    tests: list[NDArray[np.float64]] = field(default_factory=list)


def searched(ground: Ground, items: Items, least: Least, usual: Floats | None = None) -> Searched:
    """``usual`` (things,) is the share expected of each thing where the peers alone do not say it."""
    sure = np.ones(items.things)
    if items.odds is not None:
        sure = told_by_odds(items.odds, items.thing, items.things, least.points)
    n, k = _told(items, items.thing, items.things, sure)
    base = _of_peers(k, n, ground.policy.min_group, least)
    if usual is not None:
        base = np.maximum(base, usual)
    found = Searched()
    slack = 0.0 if least.anywhere is not None else least.points * ground.policy.tolerated
    whole_p = upper_tail(above_share(k, n, base + slack))
    if least.in_whole:
        found.tests.append(whole_p[n >= ground.policy.min_group])
    best: dict[int, Spot] = {}
    for side in ground.sides:
        if side.role != "customer" or least.customers:
            _look_in(ground, items, side, (k, n, base, sure), least, found, best)
    for thing in range(items.things):
        spot = best.get(thing)
        if spot is None or (least.in_whole and _rest_is_bad(ground, spot, k, n, base, least)):
            spot = _whole(ground, thing, k, n, base, whole_p, least)
        if spot is not None:
            found.spots.append(spot if items.odds is None else _counted(items, spot))
    return found


def _counted(items: Items, spot: Spot) -> Spot:
    """As it is told: of a share that was worked out by odds, the items that one can look up."""
    n = np.bincount(items.thing, minlength=items.things)
    k = np.bincount(items.thing, items.bad, items.things)
    here = items.thing == spot.thing
    if spot.side is None:
        others = k[n > 0] / n[n > 0]
        return replace(spot, k=int(k[spot.thing]), n=int(n[spot.thing]), usual=float(np.median(others)))
    here &= spot.side.codes[items.case] == spot.value
    own_n, own_k = int(here.sum()), int((here & items.bad).sum())
    usual = (k[spot.thing] - own_k) / max(n[spot.thing] - own_n, 1)
    return replace(spot, k=own_k, n=own_n, usual=float(usual))


def _of_peers(k: Floats, n: Floats, min_group: int, least: Least) -> Floats:
    """The median share of the other things, so that one bad one does not hide itself or another."""
    counted = np.flatnonzero(n >= min_group)
    if least.anywhere is not None or len(counted) < 2:
        return np.full(len(n), least.natural if least.anywhere is None else least.anywhere)
    rates = k[counted] / n[counted]
    ordered = np.sort(rates)
    m = len(ordered) - 1  # leaving one out of a sorted row: the median of the rest, without sorting again
    place = np.searchsorted(ordered, rates)
    lower, upper = (m - 1) // 2, m // 2
    median = (ordered[lower + (place <= lower)] + ordered[upper + (place <= upper)]) / 2
    base = np.full(len(n), float(np.median(rates)))
    base[counted] = median
    return np.asarray(np.maximum(base, least.natural))


def _look_in(
    ground: Ground,
    items: Items,
    side: Side,
    whole: tuple[Floats, Floats, Floats, Floats],
    least: Least,
    found: Searched,
    best: dict[int, Spot],
) -> None:
    policy = ground.policy
    width = len(side.names)
    codes = side.codes[items.case]
    known = codes >= 0
    k_all, n_all, base, sure = whole
    cells, place = _cells(items.thing[known] * width + codes[known], items.things * width)
    thing = cells // width
    n, k = _told(items.only(known), place, len(cells), sure[thing])
    n_rest, k_rest = n_all[thing] - n, k_all[thing] - k
    floor = np.full(len(cells), least.natural) if least.anywhere is not None else base[thing]
    usual = np.maximum(k_rest / np.maximum(n_rest, 1), floor)
    points = least.points
    if least.by_nature is not None and side.role != "site":
        points = least.by_nature
    slack = policy.tolerated_in_segment if least.tolerated is None else least.tolerated
    reachable = n * (floor + 3 * points) >= policy.min_cases  # too small to show much is not looked at
    tested = np.flatnonzero((n >= policy.min_group) & (n_rest >= policy.min_group) & reachable)
    usual = usual[tested]
    share = k[tested] / n[tested]
    beyond = above_share(k[tested], n[tested], np.minimum(usual + points * slack, 1.0))
    apart = above_rest(k[tested], n[tested], k_rest[tested], n_rest[tested])
    ps = upper_tail(np.minimum(beyond, apart))
    found.tests.append(ps)
    bad = (share - usual >= points) & (share >= least.times * usual) & (ps < policy.screen)
    bad &= k[tested] >= policy.min_cases
    for at in np.flatnonzero(bad).tolist():
        cell, own = int(tested[at]), int(thing[tested[at]])
        if own not in best or ps[at] < best[own].p:
            value = int(cells[cell] % width)
            best[own] = Spot(own, side, value, int(k[cell]), int(n[cell]), float(usual[at]), float(ps[at]))


def _cells(cell: Places, cells: int) -> tuple[Places, Places]:
    """Which cells there are, and of each item the place of its own among them."""
    if cells >= 8 * len(cell) + 1000:
        return np.unique(cell, return_inverse=True)
    n = np.bincount(cell, minlength=cells)
    return np.flatnonzero(n), (np.cumsum(n > 0) - 1)[cell]


def _told(items: Items, group: Places, groups: int, sure: Floats) -> tuple[Floats, Floats]:
    """How many items a group has, and how many bad ones: counted or, by their odds, the likeliest number.
    Both as many as would tell as much if all were certain."""
    n = np.bincount(group, minlength=groups).astype(np.float64)
    if items.odds is None:
        return n * sure, np.bincount(group, items.bad, groups) * sure
    return n * sure, share_in(items.odds, group, groups) * n * sure


def _rest_is_bad(ground: Ground, spot: Spot, k: Floats, n: Floats, base: Floats, least: Least) -> bool:
    """Whether the thing is bad outside the segment as well: then the segment does not explain it."""
    at = spot.thing
    k_rest, n_rest = k[at] - spot.k, n[at] - spot.n
    share = k_rest / max(n_rest, 1)
    score = above_share(np.array([k_rest]), np.array([n_rest]), base[at : at + 1])
    enough = share - base[at] >= (0.0 if least.anywhere is not None else least.points / 2)
    return bool(enough and upper_tail(score)[0] < ground.policy.screen and k_rest >= ground.policy.min_cases)


def _whole(
    ground: Ground, at: int, k: Floats, n: Floats, base: Floats, ps: Floats, least: Least
) -> Spot | None:
    policy = ground.policy
    if not least.in_whole or n[at] < policy.min_group or k[at] < policy.min_cases:
        return None
    share = k[at] / n[at]
    if least.anywhere is None and (share - base[at] < least.points or share < least.times * base[at]):
        return None
    if ps[at] >= policy.screen:
        return None
    return Spot(at, None, -1, int(k[at]), int(n[at]), float(base[at]), float(ps[at]))


def bad_cases(items: Items, spot: Spot) -> Truths:
    """(items,) the bad ones of a spot."""
    chosen = items.bad & (items.thing == spot.thing)
    return chosen if spot.side is None else np.asarray(chosen & (spot.side.codes[items.case] == spot.value))
