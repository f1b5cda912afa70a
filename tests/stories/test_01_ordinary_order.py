"""Story 1, the work half: four areas, one key each, and nobody types owner, next step or news date."""

from __future__ import annotations

from datetime import timedelta

from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import system
from hilo.work.commands.orders import place_order
from hilo.work.commands.templates import seed_templates
from hilo.work.commands.threads import open_thread
from hilo.work.jobs.clocks import run_clocks
from hilo.work.models import Deliverable, StepRun, Thread
from tests.factories.work import House, accepted, open_handoff, step


def an_order(house: House) -> Thread:
    seed_templates(by=system(), now=house.at)
    thread = open_thread(
        customer=house.customer,
        title="Juntas 2026",
        kind="supply",
        owner=house.person("sales"),
        by=house.actor("sales"),
        now=house.at,
    )
    place_order(thread, text="500 juntas de tapa 202", by=house.actor("sales"), now=house.at)
    return thread


def test_one_typed_line_and_one_key_per_area_bring_the_order_to_the_customer(house: House) -> None:
    thread = an_order(house)
    for key, area in (("preparar", "production"), ("enviar", "logistics"), ("facturar", "admin")):
        thread.refresh_from_db()
        assert (thread.next_kind, thread.turn_area, thread.turn_waits) == (
            "answer_handoff",
            house.area(area),
            True,
        )
        house.later(hours=1)
        accepted(house, open_handoff(step(thread, key)), receiver=area)
        run = step(thread, key)
        assert run.due_at is not None
        house.at = run.due_at + timedelta(minutes=1)
        run_clocks(house.at)

    assert set(StepRun.objects.values_list("state", flat=True)) == {"done"}
    assert thread.orders.get().state == "closed"
    assert Deliverable.objects.get().state == "delivered"

    run_clocks(house.at + timedelta(days=21))
    assert Deliverable.objects.get().state == "tacit"
    assert LedgerEvent.objects.filter(kind="deliverable.accepted_tacitly").count() == 1
    answers = LedgerEvent.objects.filter(kind="handoff.accepted")
    assert answers.count() == 3 and all(event.facts["first_time"] for event in answers)


def test_the_thread_is_never_without_owner_next_step_and_news(house: House) -> None:
    thread = an_order(house)
    for day in range(12):
        run_clocks(house.at + timedelta(days=day))
        thread.refresh_from_db()
        assert thread.owner.is_active and thread.next_kind and thread.next_due and thread.next_news_at
