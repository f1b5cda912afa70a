"""Cases that nobody moves any more, and queues that grow because more comes in than goes out."""

from __future__ import annotations

import numpy as np

from hilo.insight.findings.candidate import Candidate, Looked, busiest, of_share, per_case, touched
from hilo.insight.findings.comparing import upper_tail
from hilo.insight.findings.ground import MOST_CELLS, WEEK_H, Floats, Ground, Places, Side
from hilo.insight.findings.shares import Least, Spot, searched
from hilo.insight.findings.wording import placed, share
from hilo.insight.records import record
from hilo.insight.results import Kind
from hilo.insight.speaking import Hours, Said, _

USUAL = 0.6  # of what follows a step goes to one area: then what waits there waits for that area


def unfinished(ground: Ground) -> Looked:
    """Open cases idle for longer than nearly all others ever paused at that step, against how often cases
    stop at other steps."""
    policy = ground.policy
    if not ground.knows_ends or ground.finished.all():
        return Looked()
    limit = ground.longest_pause
    had_time = (ground.activity >= 0) & ~ground.ends[ground.activity]
    had_time &= ground.horizon - ground.hours >= limit[ground.activity]
    rows = np.flatnonzero(had_time)
    stalled = ground.stalled
    bad = stalled[ground.case[rows]] & (ground.last[ground.case[rows]] == rows)
    thing, activities = busiest(ground.activity[rows], ground.activities, policy.most_things)
    kept = thing >= 0
    idle = ground.horizon - ground.hours[rows]
    items, hours = per_case(
        ground, thing[kept], ground.case[rows[kept]], bad[kept], idle[kept], len(activities)
    )
    found = searched(ground, items, Least(policy.stalled, policy.stalled_times, natural=0.002))
    looked = Looked(tests=found.tests)
    for spot in found.spots:
        cases, cost = touched(items, hours, spot)
        name = ground.log.activity.names[activities[spot.thing]]
        words = _stalled_words(spot, name, float(cost.min()))
        looked.candidates.append(of_share(Kind.UNFINISHED, {"activity": name}, spot, cases, cost, words))
    return looked


# Queues ----------------------------------------------------------------------------------------------------


@record
class Queued:
    """Stays of work with an area, from being handed over to being handed on; ``left`` is infinite for what is
    there still. One row per stay."""

    case: Places
    area: Places
    came: Floats
    left: Floats


@record
class Flow:
    arrived: int
    done: int
    before: float  # in the queue, in the weeks compared with
    after: float
    expected: float  # in the queue now, had it grown with what comes in
    p: float
    lost: float  # share of what came that was not done
    wait_h: float  # in the queue, in the weeks compared with: its length by how many came an hour


def growing_backlog(ground: Ground) -> Looked:
    """By area, arrivals against finishes of the last weeks, and the queue against what it would be if each
    case still waited as long as before. Never in a log that was collected by end date: it cannot show it."""
    policy = ground.policy
    weeks = int(ground.horizon // WEEK_H)
    if (
        not ground.knows_ends
        or ground.collected_by_end
        or weeks < 2 * policy.backlog_weeks
        or not ground.areas
    ):
        return Looked()
    if ground.activities * ground.areas * (int(ground.stratum.max()) + 1) > MOST_CELLS:
        return Looked()
    queued = _stays(ground)
    looked = Looked()
    for area in range(min(ground.areas, 60)):
        own = Queued(*(column[queued.area == area] for column in _columns(queued)))
        _look_at(ground, own, area, looked)
    return looked


def _look_at(ground: Ground, queued: Queued, area: int, looked: Looked) -> None:
    """The whole queue of an area, or the one site that makes it grow."""
    side = ground.side("site")
    whole = _flow(ground, queued)
    flows = [] if side is None else [_flow(ground, _at(queued, side, v)) for v in range(len(side.names))]
    looked.tests.append(np.array([flow.p for flow in (whole, *flows) if flow is not None]))
    growing = [v for v, flow in enumerate(flows) if flow is not None and _grows(ground, flow)]
    if side is not None and len(growing) == 1:
        looked.candidates.append(_backlog(ground, _at(queued, side, growing[0]), area, side, growing[0]))
    elif whole is not None and _grows(ground, whole):
        looked.candidates.append(_backlog(ground, queued, area, None, -1))


def _grows(ground: Ground, flow: Flow) -> bool:
    policy = ground.policy
    return (
        flow.p < policy.screen
        and flow.lost >= policy.backlog_deficit
        and flow.after >= policy.backlog_grew * flow.expected
        and flow.after - flow.expected >= policy.backlog_min
    )


def _flow(ground: Ground, queued: Queued) -> Flow | None:
    """Little's law: a queue that keeps its waiting time is as long as arrivals times that time."""
    now, window = ground.horizon, ground.policy.backlog_weeks * WEEK_H
    old = 0.25 * now, 0.45 * now
    came = [_between(queued.came, *span) for span in (old, (now - window, now))]
    if min(came) < ground.policy.min_group:
        return None
    before = float(np.mean([_open_at(queued, moment) for moment in np.linspace(*old, 9)]))
    after = float(np.mean([_open_at(queued, now - WEEK_H * back) for back in (0, 1, 2)]))
    wait = before * (old[1] - old[0]) / came[0]
    expected = max(wait * came[1] / window, 1.0)
    done = _between(queued.left, now - window, now)
    score = _above_poisson(after, expected)
    lost = (came[1] - done) / came[1]
    p = float(upper_tail(np.array([score]))[0])
    return Flow(came[1], done, before, after, expected, p, lost, wait)


def _above_poisson(found: float, expected: float) -> float:
    """Normal score of a queue longer than expected. What was expected is itself counted, and arrivals come in
    bursts: the likelihood ratio of a Poisson count is taken at two thirds."""
    gain = found * np.log(max(found, 1e-9) / expected) - (found - expected)
    return float(np.sign(found - expected) * np.sqrt(2 * max(gain, 0.0) / 1.5))


def _between(moments: Floats, begin: float, end: float) -> int:
    return int(((moments > begin) & (moments <= end)).sum())


def _open_at(queued: Queued, moment: float) -> int:
    return int(((queued.came <= moment) & (queued.left > moment)).sum())


def _stays(ground: Ground) -> Queued:
    """What is stalled belongs to no queue: nobody is about to do it. Work that waits to be handed on counts
    for the area that usually takes it from there."""
    alive = ~ground.stalled
    rows = np.flatnonzero((ground.area >= 0) & alive[ground.case])
    case, area = ground.case[rows], ground.area[rows]
    enters = np.ones(len(rows), bool)
    enters[1:] = (case[1:] != case[:-1]) | (area[1:] != area[:-1])
    leaves = np.append(enters[1:], True)
    came, left = ground.before[rows[enters]], ground.hours[rows[leaves]]
    last_row = rows[leaves]
    is_open = ~ground.finished[case[leaves]] & (ground.last[case[leaves]] == last_row)
    usual = _usual_next_area(ground, last_row)
    stays_on = is_open & (usual == area[leaves])
    goes_on = np.flatnonzero(is_open & (usual >= 0) & ~stays_on)
    return Queued(
        np.concatenate((case[enters], case[leaves][goes_on])),
        np.concatenate((area[enters], usual[goes_on])),
        np.concatenate((came, left[goes_on])),
        np.concatenate((np.where(stays_on, np.inf, left), np.full(len(goes_on), np.inf))),
    )


def _usual_next_area(ground: Ground, rows: Places) -> Places:
    """(rows,) the area that most often has the step after this one, in cases of the same kind; -1 where
    nothing usually follows."""
    strata = int(ground.stratum.max(initial=0)) + 1
    cell = (ground.activity + 1) * strata + ground.stratum[ground.case]  # 0: no activity
    to = np.flatnonzero(ground.follows & (ground.area >= 0))
    cells = (ground.activities + 1) * strata
    counts = np.bincount(cell[to - 1] * ground.areas + ground.area[to], minlength=cells * ground.areas)
    table = counts.reshape(cells, ground.areas)
    usual = np.where(table.max(axis=1) > USUAL * table.sum(axis=1), table.argmax(axis=1), -1)
    return np.asarray(usual[cell[rows]])


def _at(queued: Queued, side: Side, value: int) -> Queued:
    here = side.codes[queued.case] == value
    return Queued(*(column[here] for column in _columns(queued)))


def _columns(queued: Queued) -> tuple[Places, Places, Floats, Floats]:
    return queued.case, queued.area, queued.came, queued.left


def _backlog(ground: Ground, queued: Queued, area: int, side: Side | None, value: int) -> Candidate:
    flow = _flow(ground, queued)
    assert flow is not None
    window = ground.policy.backlog_weeks * WEEK_H
    recent = queued.left > ground.horizon - window
    waited = np.minimum(queued.left, ground.horizon)[recent] - queued.came[recent]
    cases, place = np.unique(queued.case[recent], return_inverse=True)
    lost = np.bincount(place, np.maximum(waited - flow.wait_h, 0))
    name = ground.log.area.names[area] if ground.log.area is not None else ""
    text, todo = _backlog_words(ground, flow, name)
    return Candidate(
        kind=Kind.GROWING_BACKLOG,
        about={"area": name},
        side=side,
        value=value,
        p=flow.p,
        cases=cases,
        hours=lost,
        effect=flow.lost,
        interval=_difference_interval(flow),
        text=placed(text, side, value),
        on_monday=todo,
    )


def _difference_interval(flow: Flow) -> tuple[float, float]:
    """Of the share not done: arrivals and finishes as counts of independent things."""
    error = 1.96 * np.sqrt(flow.arrived + flow.done) / flow.arrived
    return max(flow.lost - error, 0.0), min(flow.lost + error, 1.0)


def _backlog_words(ground: Ground, flow: Flow, name: str) -> tuple[Said, Said]:
    text = _(
        "%(area)s gets more than it finishes: in the last %(weeks)s weeks %(arrived)s came and %(done)s went;"
        " the queue has gone from %(before)s to %(after)s.",
        area=name,
        weeks=ground.policy.backlog_weeks,
        arrived=flow.arrived,
        done=flow.done,
        before=round(flow.before),
        after=round(flow.after),
    )
    todo = _(
        "Agree with those who send work to %(area)s what it takes on each week; stop, hand back or lend hands"
        " for the rest, and tell its customers a date that is true.",
        area=name,
    )
    return text, todo


def _stalled_words(spot: Spot, name: str, shortest: float) -> tuple[Said, Said]:
    text = _(
        "%(k)s of %(n)s cases that reached “%(activity)s” stopped there: nothing has been done for at least"
        " %(limit)s (at other steps %(usual)s stop).",
        activity=name,
        limit=Hours(shortest),
        k=spot.k,
        n=spot.n,
        usual=share(spot.usual),
    )
    todo = _(
        "Go through these cases once, oldest first: each gets somebody who answers for it and a next step"
        " with a day, or is closed and the customer told."
    )
    return placed(text, spot.side, spot.value), todo
