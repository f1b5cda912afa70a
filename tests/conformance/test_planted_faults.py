"""The invariants can fail: faults planted in the code are caught, by the script and by chance."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from hilo.parties.holdings import HOLDINGS
from hilo.work.commands import ownership as ownership_commands
from hilo.work.commands import passing, promises, spans
from hilo.work.models import OwnershipTransfer, Span, StepRun, Thread
from tests.conformance.invariants import InvariantBroken
from tests.conformance.machine import script
from tests.conformance.machine.driver import Coverage, Driver
from tests.conformance.machine.game import Game
from tests.conformance.machine.script_of_steps import offered, run_of
from tests.conformance.machine.scripting import CURRENT, Script, opened, typed
from tests.conformance.machine.world import begin_work, people_a_company

pytestmark = pytest.mark.django_db
type Plant = Callable[[pytest.MonkeyPatch], None]


# The faults -----------------------------------------------------------------------------------------------


def nothing_is_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that forgets to work out the next step anew."""
    monkeypatch.setattr(promises, "settle", lambda thread, *, now: None)


def the_border_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Accepting leaves the time with the border: nobody's work is ever charged."""

    def close(step_run: StepRun, *, ended_as: Span.End, now: object) -> bool:
        return False

    monkeypatch.setattr(passing.spans, "close", close)
    monkeypatch.setattr(spans, "open_work", lambda step_run, **facts: None)


def loose_ends_stay_with_who_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(HOLDINGS, "loose_end")


def the_thread_goes_with_the_offer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ownership moved by offering it, as if nobody had to accept."""
    settle = ownership_commands.settle

    def settle_and_move(thread: Thread, *, now: object) -> None:
        for offer in OwnershipTransfer.objects.filter(thread=thread, state="offered"):
            Thread.objects.filter(pk=thread.pk).update(owner=offer.to_person)
        settle(thread, now=now)  # type: ignore[arg-type]

    monkeypatch.setattr(ownership_commands, "settle", settle_and_move)


def a_promise_breaks_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promises, "record", lambda event, **facts: None)


# By the script --------------------------------------------------------------------------------------------


def promising(s: Script, thread: Thread) -> None:
    script.promises(s, thread)


def accepting(s: Script, thread: Thread) -> None:
    s.accepted("work.step_runs.finish_step", run_of(thread, "sell"), seen=CURRENT, by=s.people.seller)
    handoff = offered(s, run_of(thread, "design"))
    taken = {"read_back": typed("Hoy"), "seen": CURRENT, "by": s.people.technician}
    s.accepted("work.handoffs.accept_handoff", handoff, **taken)


def leaving(s: Script, thread: Thread) -> None:
    s.accepted("work.loose_ends.pin_loose_end", thread, text=typed("¿Cabe?"), by=s.people.seller)
    s.accepted("parties.leaving.leave_company", s.people.seller, seen=CURRENT, by=s.people.administrator)


def offering(s: Script, thread: Thread) -> None:
    facts = {"to": s.people.head, "reason": typed("Zona"), "seen": CURRENT, "by": s.people.seller}
    s.accepted("work.ownership.offer_ownership", thread, **facts)


SCRIPTED: list[tuple[Plant, Callable[[Script, Thread], None], str]] = [
    (nothing_is_settled, promising, "the_next_step_is_the_earliest_thing_awaited"),
    (the_border_stays_open, accepting, "one_open_span_and_only_while_somebody_is_charged"),
    (loose_ends_stay_with_who_leaves, leaving, "who_has_left_holds_nothing"),
    (the_thread_goes_with_the_offer, offering, "a_thread_is_owned_by_whom_the_ledger_says"),
    (a_promise_breaks_in_silence, promising, "without recording an event"),
]


@pytest.mark.parametrize(("plant", "chapter", "named"), SCRIPTED, ids=[each[0].__name__ for each in SCRIPTED])
def test_the_script_names_a_planted_fault(
    monkeypatch: pytest.MonkeyPatch,
    plant: Plant,
    chapter: Callable[[Script, Thread], None],
    named: str,
) -> None:
    driver = Driver(checking=False)
    s = Script(driver, people_a_company(driver))
    thread = opened(s, script.processes(s)["two-steps"], "new_account")
    driver.checking = True
    plant(monkeypatch)
    with pytest.raises((InvariantBroken, AssertionError), match=named):
        chapter(s, thread)


# By chance ------------------------------------------------------------------------------------------------

AT_RANDOM: list[tuple[Plant, list[str]]] = [
    (nothing_is_settled, ["work.promises.make_promise", "work.conversation.tell_customer"]),
    (
        the_border_stays_open,
        ["work.handoffs.fill_item", "work.handoffs.offer_handoff", "work.handoffs.accept_handoff"],
    ),
    (loose_ends_stay_with_who_leaves, ["work.loose_ends.pin_loose_end", "parties.leaving.leave_company"]),
    (the_thread_goes_with_the_offer, ["work.ownership.offer_ownership", "work.pausing.move_news"]),
]


class NarrowGame(Game):
    """The same histories, of the few commands that a fault touches, so that it is met soon."""

    names: ClassVar[list[str]] = []

    def _try(self, data: object, names: list[str]) -> None:
        super()._try(data, self.names)  # type: ignore[arg-type]


@pytest.mark.parametrize(("plant", "names"), AT_RANDOM, ids=[each[0].__name__ for each in AT_RANDOM])
def test_random_histories_meet_a_planted_fault(
    monkeypatch: pytest.MonkeyPatch, plant: Plant, names: list[str]
) -> None:
    driver = Driver(checking=False)
    begin_work(driver, people_a_company(driver))
    plant(monkeypatch)

    class Faulty(NarrowGame):
        coverage = Coverage()

    Faulty.names = names
    with pytest.raises(InvariantBroken):
        run_state_machine_as_test(
            Faulty,
            settings=settings(
                max_examples=30,
                stateful_step_count=30,
                deadline=None,
                derandomize=True,
                phases=[Phase.generate],
                report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
            ),
        )
