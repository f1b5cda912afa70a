"""Which handovers were forgotten, and how surely.

A log with start times shows how long work waited at a border. Without them the time from the last step
in one area to the first in the next holds the waiting and the work. Where several areas do the same step they
are compared with each other; where one alone does it, the work has to be told from the waiting by its shape:
the times of one step spread as a lognormal about their median, and forgotten handovers are a heap of their
own beyond it, six days after the usual and more. Nights and weekends, which would blur the shape, are taken
out by the log's own clock. How many were forgotten is then the share of that heap in the mixture of both (its
maximum likelihood), which needs no line between them.
"""

from __future__ import annotations

import numpy as np

from hilo.insight.findings.ground import Floats, Ground, Places, Truths, numbered, quantiles
from hilo.insight.records import record

PACE_NOISE = 0.2  # how far the pace of a usual case strays, as a logarithm
UPPER_QUARTILE = 0.6745  # of a normal, in its spreads from the median
LEAST_SPREAD = 0.3  # a step that always takes the same strays too, now and then
BEYOND = 0.8  # how far forgotten ones lie beyond six days, as the spread of a half normal of logarithms
SURE = 1e6  # odds of what is known


@record
class Forgotten:
    """One row per handover: its wait, the usual one of its like, whether it counts as forgotten, and how many
    times likelier its wait is of a forgotten one than of another; None where that is known."""

    wait: Floats
    usual: Floats
    bad: Truths
    odds: Floats | None


def forgotten(ground: Ground, over: Places) -> Forgotten:
    policy = ground.policy
    wait = ground.border_wait[over]
    pace = np.exp(np.maximum(ground.pace_without[over] - PACE_NOISE, 0))
    usual, _ = _body(ground, over, wait)
    bad = wait / pace > np.maximum(policy.forgotten_after_h, policy.forgotten_times * usual)
    mixed = np.flatnonzero(_is_mixed(ground, over))
    if not len(mixed):
        return Forgotten(wait, usual, bad, None)
    took = (ground.own_clock[over[mixed]] - ground.own_clock[over[mixed] - 1]) / pace[mixed]
    odds = np.where(bad, SURE, 0.0)
    odds[mixed] = _odds(took, *_body(ground, over[mixed], took), policy.forgotten_after_h, ground.floor_h)
    odds[mixed] *= wait[mixed] > policy.forgotten_after_h  # what is told is told in days of the calendar
    bad[mixed] = odds[mixed] * policy.forgotten > 1 - policy.forgotten
    return Forgotten(wait, usual, bad, odds)


def _is_mixed(ground: Ground, over: Places) -> Truths:
    """Handovers whose working time is not known, into a step that hardly any other area does."""
    activity = ground.activity[over] + 1
    pairs, place = numbered(activity * ground.areas + ground.area[over])
    n = np.bincount(place)
    others = np.bincount(pairs // ground.areas, n)[pairs // ground.areas] - n
    alone = others < ground.policy.min_group
    return np.asarray(~ground.knows_start[over] & alone[place] & (activity > 0))


def _body(ground: Ground, over: Places, took: Floats) -> tuple[Floats, Floats]:
    """The usual time of each one's like and its spread as a logarithm: by quartiles, which a few forgotten
    ones hardly move."""
    strata = int(ground.stratum.max(initial=0)) + 1
    like = (ground.activity[over] + 1) * strata + ground.stratum[ground.case[over]]
    groups = (ground.activities + 1) * strata
    middle, upper = (quantiles(took, like, groups, part)[like] for part in (0.5, 0.75))
    spread = np.log((upper + ground.floor_h) / (middle + ground.floor_h)) / UPPER_QUARTILE
    return middle, np.maximum(spread, LEAST_SPREAD)


def _odds(took: Floats, middle: Floats, spread: Floats, after: float, floor: float) -> Floats:
    """Densities of the logarithm of a time: half a normal beyond ``after``, against a normal."""
    beyond = np.maximum((took - middle) / after, 1e-9)
    far = np.log(beyond) / BEYOND
    near = np.log((took + floor) / (middle + floor)) / spread
    ratio = 2 * spread / BEYOND * took / np.maximum(took - middle, 1e-9) * np.exp((near**2 - far**2) / 2)
    return np.where(far >= 0, np.minimum(ratio, SURE), 0.0)
