"""Steps that are done again, called finished too early, or left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hilo.insight.findings.candidate import Candidate, Looked, busiest, of_share, per_case, touched
from hilo.insight.findings.ground import Floats, Ground, Places, Truths
from hilo.insight.findings.shares import Items, Least, Spot, searched
from hilo.insight.findings.wording import placed, share, spot_facts
from hilo.insight.results import Kind
from hilo.insight.speaking import Hours, Said, _
from hilo.insight.statistics import wilson


def rework(ground: Ground) -> Looked:
    """Done again without having been with another area in between (that is a bounce), more often than other
    steps are; and cases that went on after they were called finished."""
    again, opened = _done_again(ground), _opened_again(ground)
    return Looked(again.candidates + opened.candidates, again.tests + opened.tests)


def _done_again(ground: Ground) -> Looked:
    policy = ground.policy
    rows = np.flatnonzero(ground.activity >= 0)
    again, since = _again_in_one_stay(ground, rows)
    thing, activities = busiest(ground.activity[rows], ground.activities, policy.most_things)
    rows, again, since = rows[thing >= 0], again[thing >= 0], since[thing >= 0]
    thing = thing[thing >= 0]
    items, hours = per_case(ground, thing, ground.case[rows], again, since, len(activities))
    items, hours = _without_what_is_meant(items, hours, policy.redone_by_design)
    found = searched(ground, items, Least(policy.redone, policy.redone_times))
    looked = Looked(tests=found.tests)
    for spot in found.spots:
        cases, cost = touched(items, hours, spot)
        name = ground.log.activity.names[activities[spot.thing]]
        words = _rework_words(spot, name, float(np.median(cost)))
        looked.candidates.append(of_share(Kind.REWORK, {"activity": name}, spot, cases, cost, words))
    return looked


def _again_in_one_stay(ground: Ground, rows: Places) -> tuple[Truths, Floats]:
    """Whether a step stood before in its case since the area last changed, and the hours since then."""
    stay = np.cumsum(ground.is_border | ~ground.follows)[rows]
    order = np.argsort(stay * (ground.activities + 1) + ground.activity[rows], kind="stable")
    sorted_stay, sorted_activity = stay[order], ground.activity[rows][order]
    same = np.zeros(len(rows), bool)
    same[1:] = (sorted_stay[1:] == sorted_stay[:-1]) & (sorted_activity[1:] == sorted_activity[:-1])
    hours = ground.hours[rows][order]
    since = np.where(same, np.diff(hours, prepend=0.0), 0.0)
    again, took = np.zeros(len(rows), bool), np.zeros(len(rows))
    again[order], took[order] = same, since
    return again, took


def _without_what_is_meant(items: Items, hours: Floats, most: float) -> tuple[Items, Floats]:
    """Steps that most cases do several times are worked that way."""
    share = np.bincount(items.thing, items.bad, items.things) / np.maximum(
        np.bincount(items.thing, minlength=items.things), 1
    )
    kept = share[items.thing] <= most
    return Items(items.thing[kept], items.case[kept], items.bad[kept], items.things), hours[kept]


def _opened_again(ground: Ground) -> Looked:
    """Cases in which work follows on an end, against none: an end is meant to be one."""
    if not ground.knows_ends:
        return Looked()
    is_end = ground.ends[ground.activity] & (ground.activity >= 0)
    rows = np.flatnonzero(is_end)
    after = np.zeros(len(rows), bool)
    following = np.minimum(rows + 1, len(is_end) - 1)
    after = (following > rows) & (ground.case[following] == ground.case[rows]) & ~is_end[following]
    cost = ground.hours[ground.last[ground.case[rows]]] - ground.hours[rows]
    thing, activities = busiest(ground.activity[rows], ground.activities, ground.policy.most_things)
    items, hours = per_case(ground, thing, ground.case[rows], after, cost, len(activities))
    least = Least(ground.policy.reopened, 1.0, anywhere=ground.policy.reopened)
    found = searched(ground, items, least)
    looked = Looked(tests=found.tests)
    for spot in found.spots:
        cases, lost = touched(items, hours, spot)
        name = ground.log.activity.names[activities[spot.thing]]
        words = _opened_words(spot, name, float(np.median(lost)))
        opened = of_share(Kind.REWORK, {"activity": name}, spot, cases, lost, words)
        looked.candidates.append(replace(opened, subject=_opened_subject(name)))
    return looked


def skipped_step(ground: Ground) -> Looked:
    """What nearly all finished cases of the peers do and a segment sometimes leaves out. Who never does it
    works by another process; that is no leaving out."""
    policy = ground.policy
    does = _does(ground)
    looked = Looked()
    for activity in np.flatnonzero(does.mean(axis=0) > 0.3).tolist() if len(does) else []:
        cases = _meant_to(ground, does[:, activity])
        items = Items(np.zeros(len(cases), np.int64), cases, ~does[cases, activity], 1)
        found = searched(ground, items, Least(policy.skipped, 2.0, in_whole=False))
        looked.tests += found.tests
        for spot in found.spots:
            if spot.usual <= 1 - policy.nearly_all and spot.k <= (1 - policy.nearly_none) * spot.n:
                looked.candidates.append(_skipped(ground, activity, items, spot))
    return looked


def _does(ground: Ground) -> Truths:
    """(cases, activities); a log of many activities has no way that nearly all go."""
    if ground.activities > 200:
        return np.zeros((0, 0), bool)
    does = np.zeros((ground.log.cases, ground.activities + 1), bool)
    does[ground.case, ground.activity] = True
    return does[:, :-1]


def _meant_to(ground: Ground, does: Truths) -> Places:
    """Finished cases, but for segments in which hardly anybody does it."""
    meant = ground.finished & ground.has_steps
    for side in ground.sides:
        known = meant & (side.codes >= 0)
        n = np.bincount(side.codes[known], minlength=len(side.names))
        k = np.bincount(side.codes[known], does[known], len(side.names))
        other_way = (n >= ground.policy.min_group) & (k < ground.policy.nearly_none * n)
        meant &= ~(other_way[np.maximum(side.codes, 0)] & (side.codes >= 0))
    return np.flatnonzero(meant)


def _skipped(ground: Ground, activity: int, items: Items, spot: Spot) -> Candidate:
    cases, hours = touched(items, np.zeros(len(items.case)), spot)
    name = ground.log.activity.names[activity]
    return of_share(Kind.SKIPPED_STEP, {"activity": name}, spot, cases, hours, _skipped_words(spot, name))


def _rework_words(spot: Spot, name: str, cost: float) -> tuple[Said, Said]:
    text = _(
        "%(k)s of %(n)s cases do “%(activity)s” more than once (elsewhere %(usual)s); each time costs"
        " %(cost)s more at the median.",
        activity=name,
        cost=Hours(cost),
        **spot_facts(spot),
    )
    todo = _(
        "Take the last ten cases that did “%(activity)s” twice and write beside each why; what comes up three"
        " times goes into what is checked before the first time.",
        activity=name,
    )
    return placed(text, spot.side, spot.value), todo


def _opened_words(spot: Spot, name: str, cost: float) -> tuple[Said, Said]:
    text = _(
        "%(k)s of %(n)s cases went on after “%(activity)s”: they were called finished too early, and it cost"
        " %(cost)s more at the median.",
        activity=name,
        cost=Hours(cost),
        k=spot.k,
        n=spot.n,
    )
    todo = _(
        "Before “%(activity)s”, have the customer say that it is solved; read the last ten that came back.",
        activity=name,
    )
    return placed(text, spot.side, spot.value), todo


def _opened_subject(name: str) -> Said:
    return _("cases that were called finished too early with “%(place)s”", place=name)


def _skipped_words(spot: Spot, name: str) -> tuple[Said, Said]:
    low, high = wilson(spot.k, spot.n)
    text = _(
        "%(k)s of %(n)s cases leave out “%(activity)s” (95 %% CI: %(low)s to %(high)s); elsewhere"
        " %(usual)s do.",
        activity=name,
        low=share(low),
        high=share(high),
        **spot_facts(spot),
    )
    todo = _(
        "Ask who decides there that “%(activity)s” is not needed; if it may be left out, write down when, and"
        " if not, do not let the next step begin without it.",
        activity=name,
    )
    return placed(text, spot.side, spot.value), todo
