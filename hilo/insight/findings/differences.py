"""Sites and customers beside their like: the same work, of the same kind of case, that takes longer."""

from __future__ import annotations

import numpy as np

from hilo.insight.findings.borders import told_by_area
from hilo.insight.findings.candidate import Candidate, Looked
from hilo.insight.findings.comparing import Sums, typical_difference, upper_tail
from hilo.insight.findings.ground import CLIP, Floats, Ground, Places, Side
from hilo.insight.findings.wording import at_place
from hilo.insight.results import Kind
from hilo.insight.speaking import Fact, Hours, Number, Said, _
from hilo.insight.statistics import median_interval


def site_difference(ground: Ground) -> Looked:
    """A site that is slower in all it does, and one where a border waits longer than that border"
    " elsewhere."""
    side = ground.side("site")
    if side is None:
        return Looked()
    all_over = _slower(ground, side, Kind.SITE_DIFFERENCE, ground.policy.site, _pace(ground))
    at_borders = _borders_at_sites(ground, side)
    return Looked(all_over.candidates + at_borders.candidates, all_over.tests + at_borders.tests)


def customer_difference(ground: Ground) -> Looked:
    """Compared within the same site: a customer of a slow site is not the reason."""
    side, site = ground.side("customer"), ground.side("site")
    if side is None:
        return Looked()
    pace = _pace(ground)
    if site is not None:
        own = site.codes + 1
        pace = pace - (np.bincount(own, pace) / np.maximum(np.bincount(own), 1))[own]
    return _slower(ground, side, Kind.CUSTOMER_DIFFERENCE, ground.policy.customer, pace)


def _pace(ground: Ground) -> Floats:
    """(cases,) how much longer the pieces of a case took than their like, as a mean of logarithms."""
    total = np.bincount(ground.case, ground.surplus, ground.log.cases)
    return np.asarray(total / np.maximum(ground.pieces_of_case, 1))


def _slower(ground: Ground, side: Side, kind: Kind, least: float, pace: Floats) -> Looked:
    policy = ground.policy
    rows = np.flatnonzero((side.codes >= 0) & (ground.pieces_of_case > 0))
    sums = Sums(pace[rows], side.codes[rows], len(side.names))
    tested = np.flatnonzero((sums.n >= policy.min_group) & (sums.n_rest >= policy.min_group))
    ps = upper_tail(sums.scores(policy.tolerated * np.log(least))[tested])
    ratios = np.exp(sums.difference[tested])
    looked = Looked(tests=[ps])
    for at in np.flatnonzero((ps < policy.screen) & (ratios >= least)).tolist():
        found = _difference(ground, side, int(tested[at]), kind, float(ratios[at]), float(ps[at]))
        if found is not None:
            looked.candidates.append(found)
    return looked


def _difference(
    ground: Ground, side: Side, value: int, kind: Kind, ratio: float, p: float
) -> Candidate | None:
    """None when it shows in one sort of pieces only, or not in what the customer waits altogether."""
    rows = np.flatnonzero(ground.follows & (side.codes[ground.case] >= 0))
    chosen = side.codes[ground.case[rows]] == value
    fewest = ground.policy.min_cases
    if typical_difference(ground.surplus[rows], ground.piece[rows], chosen, fewest) < np.log(ratio) / 2:
        return None
    if ground.noted_otherwise(rows[~chosen], rows[chosen]):
        return None
    done = ground.finished & (side.codes >= 0)
    own, others = np.flatnonzero(done & (side.codes == value)), np.flatnonzero(done & (side.codes != value))
    if len(own) < ground.policy.min_cases or not len(others):
        return None
    logs = np.log(ground.duration + ground.floor_h)
    like = np.bincount(ground.stratum[others], logs[others], int(ground.stratum.max()) + 1) / np.maximum(
        np.bincount(ground.stratum[others], minlength=int(ground.stratum.max()) + 1), 1
    )
    if float((logs[own] - like[ground.stratum[own]]).mean()) < np.log(ratio) / 3:
        return None
    lost = ground.duration[own] * (1 - 1 / ratio)
    took = np.sort(ground.duration[own])
    if lost.mean() < ground.policy.least_lost_h or np.median(took) <= np.median(ground.duration[others]):
        return None
    return Candidate(
        kind=kind,
        about={},
        side=side,
        value=value,
        p=p,
        cases=own,
        hours=lost,
        effect=float(np.median(took)),
        interval=median_interval(took),
        n=len(took),
        text=_difference_words(ground, side, value, ratio, own, others),
        on_monday=_difference_monday(side, value),
    )


def _borders_at_sites(ground: Ground, side: Side) -> Looked:
    over = np.flatnonzero(ground.is_border & (side.codes[ground.case] >= 0))
    if not len(over) or ground.areas > 60:
        return Looked()
    policy = ground.policy
    site, width = side.codes[ground.case[over]], len(side.names)
    border = ground.area[over - 1] * ground.areas + ground.area[over]
    cell = border * width + site
    cells = ground.areas**2 * width
    beyond = _wait_beyond(ground, over)
    sums = Sums(beyond, cell, cells, np.arange(cells) // width)
    tested = np.flatnonzero((sums.n >= policy.min_group) & (sums.n_rest >= policy.min_group))
    ps = upper_tail(sums.scores(policy.tolerated * np.log(policy.border_at_site))[tested])
    ratios = np.exp(sums.difference[tested])
    looked = Looked(tests=[ps])
    for at in np.flatnonzero((ps < policy.screen) & (ratios >= policy.border_at_site)).tolist():
        pair, value = divmod(int(tested[at]), width)
        here = cell == tested[at]
        own, others = over[here], over[(border == pair) & (site != value)]
        lost = ground.border_wait[own] * (1 - 1 / float(ratios[at]))
        is_its_own = told_by_area(ground, over, here, beyond, (side, value))
        if is_its_own and lost.mean() >= policy.border_at_site_min_h:
            looked.candidates.append(
                _border_difference(ground, side, value, pair, own, others, lost, float(ps[at]))
            )
    return looked


def _wait_beyond(ground: Ground, over: Places) -> Floats:
    """Waits as logarithms, beyond those of their like and the pace of their case."""
    logs = np.log(ground.border_wait[over] + ground.floor_h)
    cell = ground.activity[over] + 1
    mean = np.bincount(cell, logs) / np.maximum(np.bincount(cell), 1)
    return np.asarray(np.clip(logs - mean[cell], -CLIP, CLIP) - ground.pace_without[over])


def _border_difference(
    ground: Ground, side: Side, value: int, pair: int, own: Places, others: Places, lost: Floats, p: float
) -> Candidate:
    names = ground.log.area.names if ground.log.area is not None else ()
    source, target = names[pair // ground.areas], names[pair % ground.areas]
    took = np.sort(ground.border_wait[own])
    cases, place = np.unique(ground.case[own], return_inverse=True)
    scope = at_place(side, value)
    return Candidate(
        kind=Kind.SITE_DIFFERENCE,
        about={"from": source, "to": target},
        side=side,
        value=value,
        p=p,
        cases=cases,
        hours=np.bincount(place, lost),
        effect=float(np.median(took)),
        interval=median_interval(took),
        n=len(took),
        text=_(
            "In %(scope)s, work from %(source)s to %(target)s waits %(hours)s at the median (n = %(n)s); at"
            " the other sites, %(other)s.",
            scope=scope,
            source=source,
            target=target,
            hours=Hours(float(np.median(took))),
            n=len(own),
            other=Hours(float(np.median(ground.border_wait[others]))),
        ),
        on_monday=_(
            "Ask the site with the shortest wait from %(source)s to %(target)s how it takes work on, and try"
            " that in %(scope)s for four weeks.",
            source=source,
            target=target,
            scope=scope,
        ),
    )


def _difference_words(
    ground: Ground, side: Side, value: int, ratio: float, own: Places, others: Places
) -> Said:
    facts: dict[str, Fact] = {
        "times": Number(ratio, 1),
        "hours": Hours(float(np.median(ground.duration[own]))),
        "other": Hours(float(np.median(ground.duration[others]))),
    }
    if side.role == "customer":
        return _(
            "%(scope)s waits %(hours)s at the median, other customers %(other)s (n = %(n)s and %(m)s); among"
            " similar orders it is %(times)s times as long.",
            scope=at_place(side, value),
            n=len(own),
            m=len(others),
            **facts,
        )
    return _(
        "%(scope)s takes %(hours)s at the median, the other sites %(other)s (n = %(n)s and %(m)s); for the"
        " same work it is %(times)s times as long.",
        scope=at_place(side, value),
        n=len(own),
        m=len(others),
        **facts,
    )


def _difference_monday(side: Side, value: int) -> Said:
    if side.role == "customer":
        return _(
            "Call %(scope)s before they call you, say what is being done; then lay their last three cases"
            " beside three quick ones and see where they part.",
            scope=at_place(side, value),
        )
    return _(
        "Lay five cases of %(scope)s beside five of the quickest site, step by step, with people of both.",
        scope=at_place(side, value),
    )
