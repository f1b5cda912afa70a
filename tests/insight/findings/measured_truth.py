"""Rates at other strengths and without start times, on as many logs as one likes. Not of the daily suite:

HILO_TRUTH_SEEDS=30 pytest -s tests/insight/findings/measured_truth.py
"""

from __future__ import annotations

import pytest

from tests.insight.findings.test_truth import CLEAN_SEEDS, SEEDS, findings_in, told
from tests.simulation.faults import STRENGTHS


@pytest.mark.parametrize("strength", ["faint", "strong"])
@pytest.mark.parametrize("kind", STRENGTHS)
def test_rates_at_other_strengths(kind: str, strength: str) -> None:
    """A faint fault may go untold; a strong one may not."""
    found = sum(log.is_found for log in told(kind, strength))
    assert strength == "faint" or found >= 0.9 * SEEDS


def test_rates_in_exports_without_start_times() -> None:
    logs = [log for kind in STRENGTHS for log in told(kind, starts=False)]
    assert sum(log.is_found for log in logs) >= 0.9 * len(logs)
    assert sum(log.right for log in logs) >= 0.9 * sum(len(log.findings) for log in logs)


def test_clean_exports_without_start_times_raise_as_little() -> None:
    loud = [seed for seed in CLEAN_SEEDS if findings_in(seed, starts=False)[1]]
    print(f"\nclean, no starts: {len(loud)}/{len(CLEAN_SEEDS)} {loud}", end="")
    assert len(loud) <= max(len(CLEAN_SEEDS) / 20, 1), loud
