"""No open thread without owner, next step and news date, whatever anybody does (SPEC 2, 4, 5, 9.8).

``HILO_STEPS`` asks for a longer run: how many random histories are played.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.conformance.machine.driver import Coverage, Driver
from tests.conformance.machine.game import Game, untried
from tests.conformance.machine.world import begin_work, people_a_company

pytestmark = pytest.mark.django_db
HISTORIES = int(os.environ.get("HILO_STEPS", "0"))


def test_random(capsys) -> None:
    coverage = Coverage()
    driver = Driver(coverage, checking=False)
    begin_work(driver, people_a_company(driver))
    assert not untried()

    class Today(Game):
        pass

    Today.coverage = coverage
    run_state_machine_as_test(
        Today,
        settings=settings(
            max_examples=HISTORIES or 5,
            stateful_step_count=60,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=[Phase.generate],
            report_multiple_bugs=False,
        ),
    )
    with capsys.disabled():
        print(sum(coverage.accepted.values()), sum(coverage.refused.values()))
        print("never accepted", len(coverage.never_accepted), "never refused", len(coverage.never_refused))
