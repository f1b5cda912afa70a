"""Since a week on, all work takes longer: process-behaviour (XmR) charts of weekly figures."""

from __future__ import annotations

import numpy as np

from hilo.insight.findings.candidate import Candidate, Looked
from hilo.insight.findings.comparing import typical_difference, upper_tail
from hilo.insight.findings.ground import WEEK_H, Floats, Ground, Places, Side
from hilo.insight.findings.wording import day, placed
from hilo.insight.records import record
from hilo.insight.results import Kind
from hilo.insight.speaking import Number, Said, _

SETTLING_WEEKS = 4  # in the first weeks of a log only what is quick has ended
BASELINE = 20
LIMIT = 2.66
FEWEST = 8  # pieces, for a week to have a figure


@record
class Shift:
    week: int  # the first one after it
    size: float  # a logarithm
    error: float
    p: float


def drift(ground: Ground) -> Looked:
    """The figure of a week is how much longer its pieces took than their like. Where a log was collected by
    end date early weeks hold long cases only, so there nothing is said."""
    if ground.collected_by_end:
        return Looked()
    rows = np.flatnonzero(ground.follows & (ground.activity >= 0))
    side = ground.side("site")
    looked = Looked()
    whole = _shift(ground, rows, looked)
    if side is None:
        at_sites: dict[int, Shift] = {}
        width = 0
    else:
        width = len(side.names)
        site = side.codes[ground.case[rows]]
        shifts = {value: _shift(ground, rows[site == value], looked) for value in range(min(width, 60))}
        at_sites = {value: shift for value, shift in shifts.items() if shift is not None}
    if side is not None and at_sites and len(at_sites) <= width / 2:
        for value, shift in at_sites.items():
            looked.candidates.append(_drifted(ground, rows[site == value], shift, side, value))
    elif whole is not None:
        looked.candidates.append(_drifted(ground, rows, whole, None, -1))
    return looked


def _shift(ground: Ground, rows: Places, looked: Looked) -> Shift | None:
    """A shift that the chart signals, that lasts, and that most kinds of pieces share."""
    policy = ground.policy
    week = (ground.hours[rows] // WEEK_H).astype(np.int64)
    weeks = int(ground.horizon // WEEK_H)  # the last one is not over
    kept = (week >= SETTLING_WEEKS) & (week < weeks)
    n = np.bincount(week[kept], minlength=weeks)
    total = np.bincount(week[kept], ground.surplus[rows[kept]], weeks)
    usable = np.flatnonzero(n >= FEWEST)
    if len(usable) < 10 + policy.drift_weeks:
        return None
    values = total[usable] / n[usable]
    at = _likeliest_break(values, policy.drift_weeks)
    before, after = values[:at], values[at:]
    size = float(after.mean() - before.mean())
    error = float(np.sqrt(before.var(ddof=1) / len(before) + after.var(ddof=1) / len(after)))
    beyond = size - policy.tolerated * float(np.log(policy.drift))
    p = min(float(upper_tail(np.array([beyond / max(error, 1e-9)]))[0]) * len(values), 1.0)
    looked.tests.append(np.array([p]))
    if size < np.log(policy.drift) or p >= policy.screen or not _signalled(values, at, policy.drift_weeks):
        return None
    later = week >= usable[at]
    if ground.noted_otherwise(rows[kept][~later[kept]], rows[kept][later[kept]]):
        return None
    typical = typical_difference(ground.surplus[rows[kept]], ground.piece[rows[kept]], later[kept], FEWEST)
    if typical < np.log(policy.drift) / 2:  # one step that grew is a slow step, and no drift
        return None
    lost = ground.gap[rows[kept][later[kept]]] * (1 - np.exp(-size))
    return Shift(int(usable[at]), size, error, p) if lost.mean() >= policy.least_lost_h else None


def _likeliest_break(values: Floats, least: int) -> int:
    """Where two levels explain most, with enough weeks on either side."""
    n = len(values)
    place = np.arange(least, n - least + 1)
    sums = np.cumsum(values)
    left = sums[place - 1] / place
    right = (sums[-1] - sums[place - 1]) / (n - place)
    return int(place[np.argmax(place * (n - place) * (right - left) ** 2)])


def _signalled(values: Floats, at: int, run: int) -> bool:
    """DOMAIN 1: a point outside mean + 2.66 mean moving ranges of the baseline, and eight in a row above."""
    baseline = values[: min(at, BASELINE)]
    centre = baseline.mean()
    limit = centre + LIMIT * np.abs(np.diff(baseline)).mean()
    later = values[at:]
    return bool(
        (later > limit).any() and (later > centre)[:run].sum() >= run - 1 and (later[-run:] > centre).all()
    )


def _drifted(ground: Ground, rows: Places, shift: Shift, side: Side | None, value: int) -> Candidate:
    ratio = float(np.exp(shift.size))
    own = rows[ground.hours[rows] >= shift.week * WEEK_H]
    cases, place = np.unique(ground.case[own], return_inverse=True)
    text, todo = _drift_words(ground, shift, ratio)
    return Candidate(
        kind=Kind.DRIFT,
        about={},
        side=side,
        value=value,
        p=shift.p,
        cases=cases,
        hours=np.bincount(place, ground.gap[own] * (1 - 1 / ratio)),
        effect=ratio,
        interval=(
            float(np.exp(shift.size - 1.96 * shift.error)),
            float(np.exp(shift.size + 1.96 * shift.error)),
        ),
        text=placed(text, side, value),
        on_monday=todo,
    )


def _drift_words(ground: Ground, shift: Shift, ratio: float) -> tuple[Said, Said]:
    text = _(
        "Since the week of %(since)s the same work takes %(times)s times as long (95 %% CI: %(low)s"
        " to %(high)s).",
        since=day(ground, shift.week * WEEK_H),
        times=Number(ratio, 1),
        low=Number(float(np.exp(shift.size - 1.96 * shift.error)), 1),
        high=Number(float(np.exp(shift.size + 1.96 * shift.error)), 1),
    )
    todo = _(
        "Ask what changed around %(since)s: people, a system, a rule, the kind of order; tell customers with"
        " an open date whether it still holds.",
        since=day(ground, shift.week * WEEK_H),
    )
    return text, todo
