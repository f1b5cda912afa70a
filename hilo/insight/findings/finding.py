"""All kinds over one log: looked for, corrected for how much was looked at, merged, ranked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from hilo.insight.findings.borders import border_wait, ping_pong
from hilo.insight.findings.candidate import Candidate, Looked
from hilo.insight.findings.differences import customer_difference, site_difference
from hilo.insight.findings.drift import drift
from hilo.insight.findings.ground import Floats, Ground
from hilo.insight.findings.meaning import ActivityMeanings
from hilo.insight.findings.merging import merged
from hilo.insight.findings.open_cases import growing_backlog, unfinished
from hilo.insight.findings.policy import Policy
from hilo.insight.findings.repeats import rework, skipped_step
from hilo.insight.findings.steps import slow_step
from hilo.insight.findings.towards_customers import invoiced_over_open_case, late, silence
from hilo.insight.log import EventLog
from hilo.insight.results import FEW, Finding
from hilo.insight.statistics import benjamini_hochberg

LOOKING: tuple[Callable[[Ground], Looked], ...] = (
    border_wait,
    ping_pong,
    slow_step,
    rework,
    skipped_step,
    site_difference,
    customer_difference,
    silence,
    invoiced_over_open_case,
    unfinished,
    growing_backlog,
    drift,
)


def find(log: EventLog, meanings: ActivityMeanings, *, policy: Policy | None = None) -> list[Finding]:
    """Findings by what they cost customers, the dearest first; then those of few, which are not ranked.
    Columns that the log lacks are not missed: what needs them is not looked for."""
    if not len(log) or log.cases < 2:
        return []
    ground = Ground(log, meanings, policy or Policy())
    looked = [look(ground) for look in LOOKING]
    candidates = merged([found for one in looked for found in one.candidates])
    tardy = late(ground, _explained(ground, candidates))
    survivors = _surviving(ground, [*candidates, *tardy.candidates], [*looked, tardy])
    ranked = sorted(survivors, key=_rank)
    return [found.finding(ground) for found in ranked[: ground.policy.most_findings]]


def _rank(found: Candidate) -> tuple[bool, float, str, list[tuple[str, str]]]:
    is_of_few = found.n is not None and found.n < FEW
    return is_of_few, 0.0 if is_of_few else -found.cost, found.kind, sorted(found.where.items())


def _explained(ground: Ground, candidates: Sequence[Candidate]) -> Floats:
    """(cases,) hours that findings account for already; where they overlap the larger counts."""
    hours = np.zeros(ground.log.cases)
    for found in candidates:
        np.maximum.at(hours, found.cases, found.hours)
    return hours


def _surviving(ground: Ground, candidates: Sequence[Candidate], looked: Sequence[Looked]) -> list[Candidate]:
    """Benjamini and Hochberg over every test that was made: the p at which the rate is still held. Most tests
    ask whether a thing is worse than a little, and of most things that are not the p lies near 1; so they are
    judged given that p is below a bound fixed beforehand (Ellis, Pecanka and Goeman 2020, Biostatistics 21),
    which leaves those on the edge as they were and no longer pays for those far off it."""
    ps = np.sort(np.concatenate([np.zeros(0), *(tests for one in looked for tests in one.tests)]))
    near = ps[ps <= ground.policy.judged_below]
    qs = benjamini_hochberg(near / ground.policy.judged_below) if len(near) else near
    held = np.flatnonzero(qs <= ground.policy.fdr)
    threshold = float(near[held[-1]]) if len(held) else 0.0
    return [found for found in candidates if found.p <= threshold]
