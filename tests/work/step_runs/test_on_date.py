"""Steps that end on their accepted date when nobody says otherwise (docs/adr/0002)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import system
from hilo.work.commands.orders import cancel_order, place_order
from hilo.work.commands.pausing import pause_thread
from hilo.work.commands.replanning import replan_step
from hilo.work.commands.step_runs import (
    finish_due_steps,
    finish_on_date,
    reopen_step,
    wait_for,
)
from hilo.work.commands.templates import seed_templates
from hilo.work.commands.threads import open_thread
from hilo.work.models import StepRun, Thread
from tests.factories.work import House, accepted, open_handoff, step
from tests.work.watching import refused


@pytest.fixture
def thread(house: House) -> Thread:
    """An order of the month, accepted by production."""
    seed_templates(by=system(), now=house.at)
    thread = open_thread(
        customer=house.customer,
        title="Juntas 2026",
        kind="supply",
        owner=house.person("sales"),
        by=house.actor("sales"),
        now=house.at,
    )
    place_order(thread, text="500 juntas", by=house.actor("sales"), now=house.at)
    accepted(house, open_handoff(step(thread, "preparar")), receiver="production")
    return thread


def production(thread: Thread) -> StepRun:
    return step(thread, "preparar")


def test_placing_ends_the_placers_own_step_and_offers_the_next(house: House, thread: Thread) -> None:
    placing = step(thread, "recoger")
    assert (placing.state, placing.finished_at) == ("done", placing.started_at)
    event = LedgerEvent.objects.get(kind="step.finished")
    assert (event.facts["by_rule"], event.author_id) == ("on_date", house.person("sales").pk)


def test_it_ends_when_its_date_passes_not_before(house: House, thread: Thread) -> None:
    due = production(thread).due_at
    assert due is not None
    assert finish_due_steps(due - timedelta(seconds=1)) == 0
    with refused("does not end by itself"):
        finish_on_date(production(thread), now=due - timedelta(seconds=1))

    assert finish_due_steps(due) == 1
    assert finish_due_steps(due) == 0
    assert production(thread).state == "done"
    event = LedgerEvent.objects.filter(kind="step.finished").latest("id")
    assert (event.author_kind, event.facts["by_rule"]) == ("system", "on_date")
    assert open_handoff(step(thread, "enviar")).giver == house.person("production")


def test_a_moved_date_counts_from_then_on(house: House, thread: Thread) -> None:
    run = production(thread)
    old = run.due_at
    assert old is not None
    replan_step(
        run,
        edge="end",
        to=old + timedelta(days=1),
        reason="Falta goma",
        seen=run.version,
        by=house.actor("production"),
        now=house.at,
    )
    assert finish_due_steps(old) == 0
    assert finish_due_steps(old + timedelta(days=1)) == 1


def test_what_waits_for_others_does_not_end(house: House, thread: Thread) -> None:
    run = production(thread)
    wait_for(run, whom="supplier", what="Goma", seen=run.version, by=house.actor("production"), now=house.at)
    assert finish_due_steps(house.at + timedelta(days=30)) == 0


def test_what_was_reopened_ends_by_hand(house: House, thread: Thread) -> None:
    run = production(thread)
    assert run.due_at is not None
    house.at = run.due_at
    finish_due_steps(house.at)
    run.refresh_from_db()
    reopen_step(
        run, reason="Faltan 40", seen=run.version, by=house.actor("production"), now=house.later(hours=1)
    )
    assert finish_due_steps(house.at + timedelta(days=30)) == 0
    assert production(thread).state == "running"


def test_a_paused_thread_stands_still(house: House, thread: Thread) -> None:
    thread.refresh_from_db()
    pause_thread(
        thread,
        reason="Agosto",
        until=house.at + timedelta(days=60),
        seen=thread.version,
        by=house.actor("sales"),
        now=house.at,
    )
    assert finish_due_steps(house.at + timedelta(days=30)) == 0


def test_silence_never_accepts_an_offer(house: House, thread: Thread) -> None:
    run = production(thread)
    assert run.due_at is not None
    finish_due_steps(run.due_at)
    assert finish_due_steps(run.due_at + timedelta(days=60)) == 0
    assert step(thread, "enviar").state == "offered"


def test_a_cancelled_order_skips_what_is_left_and_begins_nothing(house: House, thread: Thread) -> None:
    order = thread.orders.get()
    handoffs = set(thread.handoffs.values_list("pk", flat=True))
    cancel_order(
        order,
        reason="Se lo queda otro",
        seen=order.version,
        by=house.actor("sales"),
        now=house.later(hours=1),
    )
    assert list(thread.step_runs.values_list("state", flat=True)) == ["done", "skipped", "skipped", "skipped"]
    assert set(thread.handoffs.values_list("pk", flat=True)) == handoffs
    order.refresh_from_db()
    assert order.state == "cancelled"
