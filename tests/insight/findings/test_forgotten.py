"""Forgotten handovers where a log has no start times, on the simulator's seeds that building may see."""

from __future__ import annotations

import numpy as np
import pytest

from hilo.insight.findings import find
from hilo.insight.findings.forgotten import SURE
from hilo.insight.findings.ground import Ground
from hilo.insight.findings.mixture import share_in, told_by_odds
from hilo.insight.findings.policy import Policy
from hilo.insight.results import Finding, Kind
from tests.insight.findings.simulated_log import event_log, is_found, meanings_of
from tests.simulation.company import simulate
from tests.simulation.faults import planted
from tests.simulation.words import SPANISH

ONE = np.zeros(20_000, np.int64)


def without_starts(seed: int, *kinds: str) -> tuple[bool, list[Finding]]:
    simulated = simulate(seed, 2000, [planted(kind, "clear", seed) for kind in kinds])
    findings = find(event_log(simulated, starts=False), meanings_of(SPANISH))
    return all(is_found(findings, fault) for fault in simulated.truth), findings


def odds_of_a_heap(share: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Of normal values, a share of which lies two further up."""
    chance = np.random.default_rng(7)
    values = chance.standard_normal(len(ONE)) + 2 * (chance.random(len(ONE)) < share)
    return np.asarray(np.exp(2 * values - 2))


@pytest.mark.parametrize("share", [0.0, 0.02, 0.07, 0.4])
def test_the_share_of_a_heap_is_found_though_nobody_says_who_is_in_it(share: float) -> None:
    assert share_in(odds_of_a_heap(share), ONE, 1)[0] == pytest.approx(share, abs=0.01)


def test_what_is_certain_is_counted() -> None:
    odds = np.where(np.arange(200) < 30, SURE, 0.0)
    group = np.arange(200) % 2
    assert share_in(odds, group, 3) == pytest.approx([0.15, 0.15, 0.0], abs=1e-4)
    assert told_by_odds(odds, group, 2, 0.05) == pytest.approx([1.0, 1.0], abs=1e-3)


def test_blurred_odds_tell_less_than_certainty() -> None:
    assert 0.1 < told_by_odds(odds_of_a_heap(0.05), ONE, 1, 0.05)[0] < 0.6


def test_handovers_forgotten_before_long_work_are_found_without_start_times() -> None:
    seeds = (405, 408, 423, 430, 436, 443, 467, 473, 487, 541)  # six of them were missed by counting alone
    assert sum(without_starts(seed, "border_wait")[0] for seed in seeds) >= 8


@pytest.mark.parametrize("seed", [1321, 1341, 1390, 1409])
def test_work_that_varies_a_lot_behind_a_border_is_no_forgetting(seed: int) -> None:
    """Opening an incident takes from an hour to weeks: beyond six times the usual, and nobody forgot it."""
    assert Kind.BORDER_WAIT not in {finding.kind for finding in without_starts(seed)[1]}


def test_what_is_told_can_be_counted_in_the_log() -> None:
    simulated = simulate(405, 2000, [planted("border_wait", "clear", 405)])
    log = event_log(simulated, starts=False)
    (found,) = [one for one in find(log, meanings_of(SPANISH)) if one.kind is Kind.BORDER_WAIT]
    assert log.area is not None
    assert found.cases == found.text.facts["k"]
    ground = Ground(log, meanings_of(SPANISH), Policy())
    pair = [list(log.area.names).index(found.where[role]) for role in ("from", "to")]
    crossed = ground.is_border & (ground.area == pair[1]) & (np.roll(ground.area, 1) == pair[0])
    for name in found.evidence:
        case = list(log.case_names).index(name)
        assert ground.gap[crossed & (ground.case == case)].max() > 144


def test_a_week_of_the_logs_own_clock_is_a_week_and_its_nights_are_short() -> None:
    log = event_log(simulate(401, 300), starts=False)
    ground = Ground(log, meanings_of(SPANISH), Policy())
    own, clock = ground.own_clock, ground.hours
    assert own.max() - own.min() == pytest.approx(clock.max() - clock.min(), rel=0.01)
    night = ground.follows & (ground.gap > 12) & (ground.gap < 16)
    assert np.median(np.diff(own, prepend=0.0)[night]) < 8
