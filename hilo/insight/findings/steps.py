"""Steps that take longer than at their peers, or than they did."""

from __future__ import annotations

import numpy as np

from hilo.insight.findings.candidate import Candidate, Looked
from hilo.insight.findings.comparing import Sums, upper_tail
from hilo.insight.findings.ground import CLIP, MOST_CELLS, WEEK_H, Floats, Ground, Places, Side
from hilo.insight.findings.wording import at_place, day
from hilo.insight.results import Kind
from hilo.insight.speaking import Hours, Said, _
from hilo.insight.statistics import median_interval

SETTLING = 4 * WEEK_H  # in the first weeks of a log only what is quick has ended


def slow_step(ground: Ground) -> Looked:
    """Slower than the same step elsewhere, or than it was, beyond what all of its case is slower by."""
    at_sites, grown = _slow_at_a_site(ground), _grown(ground)
    return Looked(at_sites.candidates + grown.candidates, at_sites.tests + grown.tests)


def _slow_at_a_site(ground: Ground) -> Looked:
    side = ground.side("site")
    if side is None or ground.activities * len(side.names) > MOST_CELLS:
        return Looked()
    rows = _measured(ground)
    site = side.codes[ground.case[rows]]
    rows, site = rows[site >= 0], site[site >= 0]
    width = len(side.names)
    cell = ground.activity[rows] * width + site
    within = np.arange(ground.activities * width) // width
    slow, looked = _slower_cells(ground, rows, cell, within)
    for at, ratio, p in slow:
        activity, value = divmod(at, width)
        own, others = rows[cell == at], rows[(ground.activity[rows] == activity) & (site != value)]
        if np.median(ground.inside[own]) <= np.median(ground.inside[others]):
            continue
        if ground.noted_otherwise(others, own):
            continue
        words = _slower_words(ground, activity, own, others, at_place(side, value))
        _add(looked, ground, own, ratio, p, activity, words, side, value)
    return looked


def _grown(ground: Ground) -> Looked:
    """The last third of the log against its first, without the weeks in which it only just began."""
    if ground.horizon < 3 * SETTLING:
        return Looked()
    rows = _measured(ground)
    when = ground.hours[rows]
    third = (ground.horizon - SETTLING) / 3
    late = when > ground.horizon - third
    compared = late | ((when > SETTLING) & (when < SETTLING + third))
    rows, late = rows[compared], late[compared]
    cell = ground.activity[rows] * 2 + late
    within = np.arange(ground.activities * 2) // 2
    slow, looked = _slower_cells(ground, rows, cell, within)
    for at, ratio, p in slow:
        own, before = rows[cell == at], rows[cell == at - 1]
        if not at % 2 or ground.noted_otherwise(before, own):
            continue
        if np.median(ground.inside[own]) > np.median(ground.inside[before]):
            words = _grown_words(ground, at // 2, own, before, ground.horizon - third)
            _add(looked, ground, own, ratio, p, at // 2, words, None, -1)
    return looked


def _measured(ground: Ground) -> Places:
    return np.flatnonzero(~np.isnan(ground.inside) & (ground.activity >= 0))


def _slower_cells(
    ground: Ground, rows: Places, cell: Places, within: Places
) -> tuple[list[tuple[int, float, float]], Looked]:
    """Cells that are slower than their peers ``within`` the same activity: cell, times as long, p."""
    policy = ground.policy
    sums = Sums(_beyond_pace(ground, rows), cell, len(within), within)
    tested = np.flatnonzero((sums.n >= policy.min_group) & (sums.n_rest >= policy.min_group))
    ps = upper_tail(sums.scores(policy.tolerated * np.log(policy.slow_step))[tested])
    ratios = np.exp(sums.difference[tested])
    slow = np.flatnonzero((ps < policy.screen) & (ratios >= policy.slow_step))
    return [(int(tested[at]), float(ratios[at]), float(ps[at])) for at in slow], Looked(tests=[ps])


def _beyond_pace(ground: Ground, rows: Places) -> Floats:
    """How much longer than its like, as a logarithm, and than the rest of its case."""
    logs = np.log(ground.inside[rows] + ground.floor_h)
    groups = int(ground.stratum.max(initial=0)) + 1
    cell = ground.piece[rows] * groups + ground.stratum[ground.case[rows]]
    mean = np.bincount(cell, logs) / np.maximum(np.bincount(cell), 1)
    return np.asarray(np.clip(logs - mean[cell], -CLIP, CLIP) - ground.pace_without[rows])


def _add(
    looked: Looked,
    ground: Ground,
    rows: Places,
    ratio: float,
    p: float,
    activity: int,
    words: tuple[Said, Said],
    side: Side | None,
    value: int,
) -> None:
    took = ground.inside[rows]
    lost = took * (1 - 1 / ratio)
    if lost.mean() < ground.policy.slow_step_min_h:
        return
    cases, place = np.unique(ground.case[rows], return_inverse=True)
    looked.candidates.append(
        Candidate(
            kind=Kind.SLOW_STEP,
            about={"activity": ground.log.activity.names[activity]},
            side=side,
            value=value,
            p=p,
            cases=cases,
            hours=np.bincount(place, lost),
            effect=float(np.median(took)),
            interval=median_interval(np.sort(took)),
            n=len(took),
            text=words[0],
            on_monday=words[1],
            inside=_area_of(ground, rows),
        )
    )


def _area_of(ground: Ground, rows: Places) -> str | None:
    if ground.log.area is None:
        return None
    area = ground.area[rows]
    known = area[area >= 0]
    return ground.log.area.names[int(np.bincount(known).argmax())] if len(known) else None


def _slower_words(
    ground: Ground, activity: int, own: Places, others: Places, place: Said | str
) -> tuple[Said, Said]:
    took = np.sort(ground.inside[own])
    low, high = median_interval(took)
    name = ground.log.activity.names[activity]
    text = _(
        "“%(activity)s” takes a median of %(hours)s in %(scope)s (95 %% CI: %(low)s to %(high)s; n = %(n)s)"
        " against %(other)s at the other sites.",
        activity=name,
        scope=place,
        hours=Hours(float(np.median(took))),
        low=Hours(low),
        high=Hours(high),
        n=len(own),
        other=Hours(float(np.median(ground.inside[others]))),
    )
    todo = _(
        "Have those who do “%(activity)s” in %(scope)s and at the quickest site do one case together, and"
        " note where the time goes: in the work, in waiting for something, or in doing it twice.",
        activity=name,
        scope=place,
    )
    return text, todo


def _grown_words(
    ground: Ground, activity: int, own: Places, before: Places, since: float
) -> tuple[Said, Said]:
    took = np.sort(ground.inside[own])
    low, high = median_interval(took)
    name = ground.log.activity.names[activity]
    text = _(
        "“%(activity)s” takes a median of %(hours)s since %(since)s (95 %% CI: %(low)s to %(high)s; n ="
        " %(n)s) against %(other)s at the beginning.",
        activity=name,
        hours=Hours(float(np.median(took))),
        low=Hours(low),
        high=Hours(high),
        n=len(own),
        since=day(ground, since),
        other=Hours(float(np.median(ground.inside[before]))),
    )
    todo = _(
        "Ask those who do “%(activity)s” what has changed since it was quick: people, tools, what arrives"
        " incomplete; change one thing and look again in four weeks.",
        activity=name,
    )
    return text, todo
