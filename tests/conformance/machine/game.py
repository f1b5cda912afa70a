"""Random histories of one company, chosen by hypothesis: any command, by anybody, while time passes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

from django.db import transaction
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from hilo.ledger.command import COMMANDS
from hilo.ledger.verify import verify
from hilo.quality.jobs.actions import run_action_windows, run_cause_triggers
from hilo.quality.jobs.clocks import run_case_clocks
from hilo.work.jobs.clocks import run_clocks
from tests.conformance import invariants
from tests.conformance.machine import (
    tries_of_analysis,
    tries_of_cases,
    tries_of_causes,
    tries_of_clocks,
    tries_of_lists,
    tries_of_money,
    tries_of_parties,
    tries_of_planning,
    tries_of_processes,
    tries_of_steps,
    tries_of_threads,
)
from tests.conformance.machine.driver import Coverage, Driver
from tests.conformance.machine.world import TRIES, World

__all__ = [
    "Game",
    "tries_of_analysis",
    "tries_of_cases",
    "tries_of_causes",
    "tries_of_clocks",
    "tries_of_lists",
    "tries_of_money",
    "tries_of_parties",
    "tries_of_planning",
    "tries_of_processes",
    "tries_of_steps",
    "tries_of_threads",
]

HOURS = (0.1, 1, 3, 8, 24, 24, 72, 200, 500)


def commands_in(*modules: str) -> list[str]:
    return sorted(name for name in TRIES if name.rpartition(".")[0] in modules)


STEPS = commands_in("work.step_runs", "work.replanning", "work.reviews")
HANDOFFS = commands_in("work.handoffs", "work.silence")
THREADS = commands_in("work.threads", "work.pausing", "work.archiving", "work.ownership")
SAID = commands_in("work.conversation", "work.mailing", "work.promises")
THINGS = commands_in("work.deliverables", "work.orders", "work.documents")
SMALL = commands_in("work.loose_ends", "work.asks")
CASES = commands_in(
    *(
        f"quality.{each}"
        for each in ("cases", "touching", "telling", "closing", "escalations", "pausing", "ladder")
    )
)
CAUSES = commands_in(*(f"quality.{each}" for each in ("causes", "actions", "lessons", "praise")))
ANALYSES = commands_in("analysis.diagnoses")
PEOPLE = commands_in(*(f"parties.{each}" for each in ("leaving", "memberships", "absences", "reorganising")))
REST = sorted(
    set(TRIES) - {*STEPS, *HANDOFFS, *THREADS, *SAID, *THINGS, *SMALL, *CASES, *CAUSES, *ANALYSES, *PEOPLE}
)


class Chosen:
    """``Pick`` out of hypothesis, so that a history that fails is found again and made shorter."""

    def __init__(self) -> None:
        self.data: st.DataObject | None = None

    def _below(self, limit: int) -> int:
        assert self.data is not None
        return 0 if limit == 1 else self.data.draw(st.integers(0, limit - 1))

    def one[T](self, choices: Sequence[T]) -> T:
        return choices[self._below(len(choices))]

    def in_ten(self, times: int) -> bool:
        return self._below(10) < times


class Game(RuleBasedStateMachine):
    """One history begins where the test has prepared the company, and is undone at its end."""

    coverage: ClassVar[Coverage] = Coverage()

    def __init__(self) -> None:
        super().__init__()
        self.beginning = transaction.savepoint_create()
        self.pick = Chosen()
        self.world = World(self.pick, driver=Driver(self.coverage))

    def _try(self, data: st.DataObject, names: list[str]) -> None:
        self.pick.data = data
        for _chance in range(3):  # what there is nothing to try on costs no step
            name = self.pick.one(names)
            outcome = self.world.attempt(name)
            if outcome is not None:
                break
        note(f"{name} at {self.world.now}: {outcome}")

    @rule(data=st.data())
    def somebody_works_on_a_step(self, data: st.DataObject) -> None:
        self._try(data, STEPS)

    @rule(data=st.data())
    def somebody_hands_over(self, data: st.DataObject) -> None:
        self._try(data, HANDOFFS)

    @rule(data=st.data())
    def somebody_answers(self, data: st.DataObject) -> None:
        self._try(data, ["work.handoffs.accept_handoff", "work.handoffs.offer_handoff", *HANDOFFS])

    @rule(data=st.data())
    def somebody_changes_a_thread(self, data: st.DataObject) -> None:
        self._try(data, THREADS)

    @rule(data=st.data())
    def something_is_said(self, data: st.DataObject) -> None:
        self._try(data, SAID)

    @rule(data=st.data())
    def something_is_delivered(self, data: st.DataObject) -> None:
        self._try(data, THINGS)

    @rule(data=st.data())
    def somebody_asks(self, data: st.DataObject) -> None:
        self._try(data, SMALL)

    @rule(data=st.data())
    def a_case_is_worked_on(self, data: st.DataObject) -> None:
        self._try(data, CASES)

    @rule(data=st.data())
    def a_cause_is_looked_for(self, data: st.DataObject) -> None:
        self._try(data, CAUSES)

    @rule(data=st.data())
    def somebody_comes_or_goes(self, data: st.DataObject) -> None:
        self._try(data, PEOPLE)

    @rule(data=st.data())
    def a_log_is_read(self, data: st.DataObject) -> None:
        self._try(data, ANALYSES)

    @rule(data=st.data())
    def something_else_changes(self, data: st.DataObject) -> None:
        self._try(data, REST)

    @rule(data=st.data())
    def time_passes(self, data: st.DataObject) -> None:
        self.pick.data = data
        self.world.now += timedelta(hours=self.pick.one(HOURS))
        if self.pick.in_ten(8):  # else the job comes late
            run_clocks(self.world.now)
            run_case_clocks(self.world.now)
            run_action_windows(self.world.now)
            run_cause_triggers(self.world.now)
            run_case_clocks(self.world.now)  # a promise broken last night opens a case that is late already
            invariants.check(self.world.now, clock_ran=True)

    def teardown(self) -> None:
        verdict = verify()
        transaction.savepoint_rollback(self.beginning)
        assert verdict.holds, str(verdict)


def untried() -> set[str]:
    return set(COMMANDS) ^ set(TRIES)
