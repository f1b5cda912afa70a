"""At the borders between areas: what bounces, and what is forgotten on the way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hilo.insight.findings.candidate import Looked, busiest, in_place, of_share, per_case, touched
from hilo.insight.findings.comparing import above_share, upper_tail
from hilo.insight.findings.forgotten import forgotten
from hilo.insight.findings.ground import Floats, Ground, Places, Side, Truths, numbered
from hilo.insight.findings.shares import Items, Least, Spot, searched
from hilo.insight.findings.wording import placed, share, spot_facts
from hilo.insight.results import Kind
from hilo.insight.speaking import Hours, Said, _

OTHERS = 0.25  # of what is wrong at a border: where other areas have more of it, the border is not why


def border_wait(ground: Ground) -> Looked:
    """Handovers forgotten for days, against how often that happens at other borders. The usual wait of a
    border is its own, and of the case at hand its pace: a border that is merely slow is none of this."""
    policy = ground.policy
    over = np.flatnonzero(ground.is_border)
    if not len(over):
        return Looked()
    thing, borders = busiest(_border(ground, over), ground.areas**2, policy.most_things)
    over, thing = over[thing >= 0], thing[thing >= 0]
    found_so = forgotten(ground, over)
    wait, bad = found_so.wait, found_so.bad
    items, hours = per_case(ground, thing, ground.case[over], bad, wait - found_so.usual, len(borders))
    if found_so.odds is not None:
        items = replace(items, odds=_highest(thing, ground.case[over], found_so.odds, items))
    least = Least(policy.forgotten, policy.forgotten_ratio, natural=policy.forgotten_natural)
    found = searched(ground, items, least)
    looked = Looked(tests=found.tests)
    for spot in found.spots:
        here = (thing == spot.thing) & in_place(spot.side, spot.value, ground.case[over])
        if spot.k < policy.min_cases:
            continue
        is_slow = spot.k > policy.forgotten_most * spot.n
        if is_slow or not told_by_area(ground, over, here, bad.astype(np.float64), (spot.side, spot.value)):
            continue
        words = _forgotten_words(ground, spot, wait[here], bad[here], borders[spot.thing])
        cases, cost = touched(items, hours, spot)
        about = _from_to(ground, borders[spot.thing])
        looked.candidates.append(of_share(Kind.BORDER_WAIT, about, spot, cases, cost, words))
    return looked


def _highest(thing: Places, case: Places, odds: Floats, items: Items) -> Floats:
    _, place = numbered(case * items.things + thing)
    highest = np.zeros(len(items.case))
    np.maximum.at(highest, place, odds)
    return highest


def told_by_area(
    ground: Ground, over: Places, here: Truths, score: Floats, place: tuple[Side | None, int]
) -> bool:
    """Whether what is wrong ``here``, at one border, has to do with its areas: not if the same activities, at
    the same place, go just as wrong on their way into other areas. ``score`` (over,): high where bad."""
    target = ground.area[over]
    others = in_place(*place, ground.case[over]) & ~here & (target != target[here][0])
    activity = ground.activity[over] + 1
    n = np.bincount(activity[others], minlength=ground.activities + 1)
    mean = np.bincount(activity[others], score[others], ground.activities + 1) / np.maximum(n, 1)
    known = n[activity[here]] >= ground.policy.min_cases
    if known.mean() < 0.5:
        return True
    return bool(mean[activity[here]][known].mean() < OTHERS * score[here][known].mean())


def ping_pong(ground: Ground) -> Looked:
    """Work handed over that comes straight back to be done again. Coming back to go on with the next step is
    how some work is meant to run, and no bounce. The peers are the other borders and, where areas follow each
    other as by lot, what the lot would bring."""
    policy = ground.policy
    visits = Visits(ground)
    if len(visits.step) < 3:
        return Looked()
    going, bounced, cost = _bounces(ground, visits)
    if not len(going):
        return Looked()
    thing, borders = busiest(
        visits.area[going - 1] * ground.areas + visits.area[going], ground.areas**2, policy.most_things
    )
    kept = thing >= 0
    looked = _to_and_fro(ground, visits, (going, bounced, cost))
    case = visits.case[going[kept]]
    items, hours = per_case(ground, thing[kept], case, bounced[kept], cost[kept], len(borders))
    usual = _by_lot(ground, visits, borders, float(bounced.mean()))
    found = searched(ground, items, Least(policy.bounced, policy.bounced_times), usual)
    looked.tests += found.tests
    for spot in found.spots:
        cases, hours_of = touched(items, hours, spot)
        words = _bounce_words(ground, spot, float(np.median(hours_of)), borders[spot.thing])
        about = _from_to(ground, borders[spot.thing])
        looked.candidates.append(of_share(Kind.PING_PONG, about, spot, cases, hours_of, words))
    return looked


def _to_and_fro(ground: Ground, visits: Visits, bounces: tuple[Places, Truths, Floats]) -> Looked:
    """The whole log, where far more comes back than by lot: with hundreds of teams no pair says it."""
    going, bounced, cost = bounces
    lot = _overall_lot(visits, ground.areas)
    share = float(bounced.mean())
    policy = ground.policy
    if share < max(policy.bounced_anywhere, policy.bounced_by_lot * lot) or bounced.sum() < policy.min_cases:
        return Looked()
    p = float(upper_tail(above_share(np.array([bounced.sum()]), np.array([len(going)]), np.array([lot])))[0])
    cases, place = numbered(visits.case[going[bounced]])
    hours = np.bincount(place, cost[bounced])
    k, n = len(cases), ground.log.cases
    spot = Spot(0, None, -1, k, n, lot, p)
    words = _to_and_fro_words(spot, float(np.median(cost[bounced])))
    return Looked([of_share(Kind.PING_PONG, {}, spot, cases, hours, words)], [np.array([p])])


class Visits:
    """Steps of a case in one area after another, equal neighbours taken together. ``step`` is the first."""

    def __init__(self, ground: Ground) -> None:
        known = np.flatnonzero(ground.area >= 0)
        area, case = ground.area[known], ground.case[known]
        fresh = np.ones(len(known), bool)
        fresh[1:] = (area[1:] != area[:-1]) | (case[1:] != case[:-1])
        self.step: Places = known[fresh]
        self.area, self.case = area[fresh], case[fresh]


def _bounces(ground: Ground, visits: Visits) -> tuple[Places, Truths, Floats]:
    """The visits that were gone to from another area, but for those that are themselves a coming back; which
    of them bounced; and the hours from going to being back where it was."""
    area, case, step = visits.area, visits.case, visits.step
    n = len(area)
    again = _done_before(ground)
    back = np.zeros(n, bool)
    back[2:] = (area[2:] == area[:-2]) & (case[2:] == case[:-2]) & again[step[2:]]
    back &= _odd_in_row(back)
    going = np.flatnonzero((np.arange(n) > 0) & (np.roll(case, 1) == case) & ~back)
    bounced = np.append(back, False)[going + 1]
    ended = np.append(ground.hours[step], 0.0)
    returned = np.minimum(going + 2, n - 1)  # the next visit after it came back: there again
    is_there = (case[returned] == case[going]) & (returned == going + 2)
    until = np.where(is_there, ended[returned], ended[np.minimum(going + 1, n - 1)])
    return going, bounced, np.maximum(until - ended[going], 0.0)


def _odd_in_row(flags: Truths) -> Truths:
    """Of flags in a row, the first, third, fifth: A, B, A, B is one bounce, not two."""
    place = np.arange(len(flags))
    last_off = np.maximum.accumulate(np.where(flags, -1, place))
    return np.asarray((place - last_off) % 2 == 1)


def _done_before(ground: Ground) -> Truths:
    """Whether the activity of a step stood in its case before."""
    key = ground.case * (ground.activities + 1) + ground.activity
    order = np.argsort(key, kind="stable")
    repeated = np.zeros(len(key), bool)
    repeated[order[1:]] = key[order[1:]] == key[order[:-1]]
    return repeated


def _by_lot(ground: Ground, visits: Visits, borders: Places, found: float) -> Floats:
    """The share that would come back if the next area were drawn by lot, as far as this log runs by lot:
    where less than half as much comes back as by lot, work has a way, and the lot says nothing."""
    part = np.bincount(visits.area, minlength=ground.areas) / len(visits.area)
    came, went = borders // ground.areas, borders % ground.areas
    lot = part[came] / np.maximum(1 - part[went], 1e-9)
    overall = _overall_lot(visits, ground.areas)
    return np.asarray(lot * np.clip(2 * found / max(overall, 1e-9) - 1, 0, 1))


def _overall_lot(visits: Visits, areas: int) -> float:
    """The chance that, of three areas drawn by their shares and no two neighbours alike, the third is the
    first."""
    part = np.bincount(visits.area, minlength=areas) / len(visits.area)
    return float((part**2 * ((part / (1 - part + 1e-9)).sum() - part / (1 - part + 1e-9))).sum())


def _border(ground: Ground, over: Places) -> Places:
    return ground.area[over - 1] * ground.areas + ground.area[over]


def _from_to(ground: Ground, border: int) -> dict[str, str]:
    names = ground.log.area.names if ground.log.area is not None else ()
    return {"from": names[border // ground.areas], "to": names[border % ground.areas]}


def _forgotten_words(ground: Ground, spot: Spot, wait: Floats, bad: Truths, border: int) -> tuple[Said, Said]:
    pair = _from_to(ground, border)
    text = _(
        "%(k)s of %(n)s handovers from %(source)s to %(target)s are forgotten for over %(limit)s (elsewhere"
        " %(usual)s) and make up %(part)s of the waiting there; the usual one takes %(median)s.",
        source=pair["from"],
        target=pair["to"],
        limit=Hours(ground.policy.forgotten_after_h),
        part=share(float(wait[bad].sum() / max(wait.sum(), 1e-9))),
        median=Hours(float(np.median(wait))),
        **spot_facts(spot),
    )
    todo = _(
        "Look each morning at what %(source)s handed over and %(target)s has not taken on after a day; one"
        " named role in %(target)s says yes or no to each.",
        source=pair["from"],
        target=pair["to"],
    )
    return placed(text, spot.side, spot.value), todo


def _to_and_fro_words(spot: Spot, trip: float) -> tuple[Said, Said]:
    text = _(
        "%(k)s of %(n)s cases (%(share)s) go to and fro between the same two areas; a round trip takes"
        " %(trip)s at the median.",
        k=spot.k,
        n=spot.n,
        share=share(spot.k / spot.n),
        trip=Hours(trip),
    )
    todo = _(
        "Take the two pairs with most round trips, read ten of their cases with both at one table, and settle"
        " who keeps the case and what is asked without handing it over."
    )
    return text, todo


def _bounce_words(ground: Ground, spot: Spot, trip: float, border: int) -> tuple[Said, Said]:
    pair = _from_to(ground, border)
    text = _(
        "%(k)s of %(n)s cases that %(source)s hands to %(target)s come straight back (elsewhere %(usual)s); a"
        " round trip takes %(trip)s at the median.",
        source=pair["from"],
        target=pair["to"],
        trip=Hours(trip),
        **spot_facts(spot),
    )
    todo = _(
        "Read ten of these cases with %(source)s and %(target)s at one table, write down what was missing,"
        " and make it the list that is checked before handing over.",
        source=pair["from"],
        target=pair["to"],
    )
    return placed(text, spot.side, spot.value), todo
