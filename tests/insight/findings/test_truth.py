"""Faults planted in simulated logs are found where they are, and nothing else. The seeds are none of those
that the findings were built with (1 to 50). ``HILO_TRUTH_SEEDS`` says how many logs of each kind; without it
few enough for every day. ``-s`` shows the rates of each kind; measured_truth.py has other strengths."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from hilo.insight.findings import find
from hilo.insight.results import Finding, Kind
from tests.insight.findings.simulated_log import event_log, is_found, is_right, meanings_of
from tests.simulation.company import simulate
from tests.simulation.faults import CALLED, STRENGTHS, Fault, planted
from tests.simulation.words import ENGLISH, SPANISH, Vocabulary

SEEDS = int(os.environ.get("HILO_TRUTH_SEEDS", "3"))
FIRST_SEED = 3001
CASES = 2000
ALL_SEEDS = range(FIRST_SEED, FIRST_SEED + SEEDS)
CLEAN_SEEDS = range(FIRST_SEED + 5000, FIRST_SEED + 5000 + 5 * SEEDS)
AREA_ROLES = {"from", "to", "area"}


@dataclass(frozen=True)
class Told:
    seed: int
    fault: Fault
    findings: Sequence[Finding]

    @property
    def is_found(self) -> bool:
        return is_found(self.findings, self.fault)

    @property
    def right(self) -> int:
        return sum(is_right(finding, self.fault) for finding in self.findings)


def findings_in(
    seed: int, *faults: Fault, words: Vocabulary = SPANISH, starts: bool = True, by_end: bool = False
) -> tuple[list[Fault], list[Finding]]:
    simulated = simulate(seed, CASES, faults, words, collected_by_end=by_end)
    return simulated.truth, find(event_log(simulated, starts=starts), meanings_of(words))


@cache
def told(kind: str, strength: str = "clear", starts: bool = True) -> tuple[Told, ...]:
    found = []
    for seed in ALL_SEEDS:
        truth, findings = findings_in(seed, planted(kind, strength, seed), starts=starts)
        found.append(Told(seed, truth[0], findings))
    hits, right = sum(log.is_found for log in found), sum(log.right for log in found)
    said = sum(len(log.findings) for log in found)
    print(f"\n{kind:24} {strength:6} {'with' if starts else 'no'} starts: found {hits}/{SEEDS}", end="")
    print(f", right {right}/{said}", end="")
    return tuple(found)


@pytest.mark.parametrize("kind", STRENGTHS)
def test_a_clear_fault_is_among_the_first_ten_at_its_place(kind: str) -> None:
    missed = [(log.seed, dict(log.fault.where)) for log in told(kind) if not log.is_found]
    assert len(missed) <= max(0.1 * SEEDS, 1), missed


def test_nine_in_ten_clear_faults_are_found() -> None:
    logs = [log for kind in STRENGTHS for log in told(kind)]
    assert sum(log.is_found for log in logs) >= 0.9 * len(logs)


def test_nine_in_ten_findings_are_right() -> None:
    logs = [log for kind in STRENGTHS for log in told(kind)]
    assert sum(log.right for log in logs) >= 0.9 * sum(len(log.findings) for log in logs)


def test_the_simulated_faults_are_of_every_kind() -> None:
    assert {CALLED.get(kind, kind) for kind in STRENGTHS} == set(Kind)


def test_at_most_one_clean_log_in_twenty_raises_a_finding() -> None:
    raised = {seed: findings_in(seed)[1] for seed in CLEAN_SEEDS}
    loud = {seed: [(f.kind.value, dict(f.where)) for f in found] for seed, found in raised.items() if found}
    print(f"\nclean: {len(loud)}/{len(CLEAN_SEEDS)} {loud}", end="")
    assert len(loud) <= max(len(CLEAN_SEEDS) / 20, 1), loud


@pytest.mark.parametrize("kind", ["ping_pong", "border_wait", "site_difference_border", "growing_backlog"])
def test_with_area_labels_shuffled_between_cases_findings_about_areas_vanish(kind: str) -> None:
    loud = []
    for seed in ALL_SEEDS:
        simulated = simulate(seed, CASES, [planted(kind, "clear", seed)])
        areas = np.random.default_rng(seed).permutation(simulated.rows[simulated.roles["area"]])
        findings = find(event_log(simulated, areas=areas), meanings_of(SPANISH))
        loud += [(seed, f.kind.value, dict(f.where)) for f in findings if AREA_ROLES & set(f.where)]
    print(f"\n{kind}, areas shuffled: {len(loud)} findings about areas in {SEEDS} logs {loud}", end="")
    assert len(loud) <= SEEDS / 20, loud


@pytest.mark.parametrize("kind", STRENGTHS)
def test_the_same_company_in_other_words_has_the_same_findings(kind: str) -> None:
    fault = planted(kind, "clear", FIRST_SEED)
    spanish, english = findings_in(FIRST_SEED, fault), findings_in(FIRST_SEED, fault, words=ENGLISH)
    assert [_figures(finding) for finding in spanish[1]] == [_figures(finding) for finding in english[1]]
    assert [translated(finding.where) for finding in spanish[1]] == [dict(f.where) for f in english[1]]


def _figures(finding: Finding) -> tuple[object, ...]:
    return (finding.kind, finding.cases, finding.effect, finding.interval, finding.cost_hours, finding.money)


def translated(where: Mapping[str, str]) -> dict[str, str]:
    words: dict[str, str] = {}
    for part in ("columns", "activities", "areas", "sites", "families", "channels", "customers"):
        words |= dict(zip(getattr(SPANISH, part).values(), getattr(ENGLISH, part).values(), strict=True))
    return {words.get(role, role): words[name] for role, name in where.items()}


@pytest.mark.parametrize("seed", ALL_SEEDS)
def test_a_log_collected_by_end_date_never_shows_a_growing_queue_or_a_drift(seed: int) -> None:
    fault = planted("growing_backlog", "clear", seed)
    kinds = {finding.kind for finding in findings_in(seed, fault, by_end=True)[1]}
    assert not kinds & {Kind.GROWING_BACKLOG, Kind.DRIFT}
