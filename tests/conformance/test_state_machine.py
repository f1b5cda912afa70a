"""No open thread without owner, next step and news date, whatever anybody does (SPEC 2, 4, 5, 9.8).

A script touches every command once accepted and once refused; then hypothesis plays random histories of the
same company. ``HILO_STEPS`` asks for a longer run: how many histories.
"""

from __future__ import annotations

import copy
import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.conformance.conftest import Played
from tests.conformance.machine.driver import Driver
from tests.conformance.machine.game import Game, untried
from tests.conformance.machine.world import begin_work, people_a_company
from tests.conftest import LANE

HISTORIES = int(os.environ.get("HILO_STEPS") or {"postgres": 6}.get(LANE, 24))
STEPS_OF_ONE = 50


def test_every_command_there_is_can_be_tried_at_random() -> None:
    assert not untried(), "write a function with @tries for it in tests/conformance/machine/tries_of_…"


def test_the_script_meets_every_command_accepted_and_refused(played: Played) -> None:
    """Without chance: what the random part adds is depth, not coverage."""
    assert (played.coverage.never_accepted, played.coverage.never_refused) == (set(), set())
    assert played.verdict.holds, str(played.verdict)


@pytest.mark.django_db
def test_nothing_anybody_does_breaks_an_invariant_and_every_command_was_met(played: Played) -> None:
    class Today(Game):
        coverage = copy.deepcopy(played.coverage)

    driver = Driver(Today.coverage, checking=False)
    begin_work(driver, people_a_company(driver))
    run_state_machine_as_test(
        Today,
        settings=settings(
            max_examples=HISTORIES,
            stateful_step_count=STEPS_OF_ONE,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert (Today.coverage.never_accepted, Today.coverage.never_refused) == (set(), set())
    assert sum(Today.coverage.accepted.values()) > sum(played.coverage.accepted.values())
