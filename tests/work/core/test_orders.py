from __future__ import annotations

from datetime import timedelta

import pytest

from hilo.errors import RuleViolation
from hilo.ledger.models import LedgerEvent
from hilo.work.commands.orders import LineText, cancel_order, place_order
from hilo.work.commands.promised_dates import Telling
from hilo.work.commands.promises import make_promise
from hilo.work.commands.replanning import replan_step
from hilo.work.models import Contradiction, Deliverable, Order
from tests.factories.parties import NOW
from tests.work.core.conftest import House


def test_one_line_makes_an_order_with_its_steps_and_one_deliverable(house: House) -> None:
    supply = house.supply()
    order = place_order(supply, text="4.000 juntas", by=house.by_seller, now=NOW)
    assert order.number == "2026-0001"
    assert order.lines.get().text == "4.000 juntas"
    delivery = Deliverable.objects.get()
    ships = supply.step_runs.get(step__delivers=True)
    assert (delivery.order, delivery.planned_for) == (order, ships.due_at)


def test_each_line_is_delivered_and_accepted_by_itself(house: House) -> None:
    lines = [LineText(text="Juntas"), LineText(text="Boquillas")]
    order = place_order(house.supply(), text="Pedido 88", lines=lines, by=house.by_seller, now=NOW)
    assert set(order.deliverables.values_list("name", flat=True)) == {"Juntas", "Boquillas"}


def test_an_order_rides_on_a_supply_thread_only(house: House) -> None:
    with pytest.raises(RuleViolation, match="supply thread") as refusal:
        place_order(house.thread, text="Juntas", by=house.by_seller, now=NOW)
    assert refusal.value.field == "text" and not Order.objects.exists()


def test_a_delivery_follows_its_delivering_step_and_a_promise_it_breaks_is_found(house: House) -> None:
    supply = house.supply()
    order = place_order(supply, text="Juntas", by=house.by_seller, now=NOW)
    delivery = order.deliverables.get()
    assert delivery.planned_for is not None
    make_promise(
        supply,
        text="Las juntas",
        due=delivery.planned_for.date(),
        contact=house.contact,
        where="call",
        deliverable=delivery,
        order=order,
        by=house.by_seller,
        now=NOW,
    )
    ships = supply.step_runs.get(step__delivers=True)
    later = delivery.planned_for + timedelta(days=7)
    told = Telling(text="Hay huelga de transporte: serán unos días más.", contacts=[house.contact])
    moves = {"edge": "end", "to": later, "reason": "Huelga", "seen": ships.version, "by": house.by_seller}
    with pytest.raises(RuleViolation, match="Tell them with this change"):
        replan_step(ships, **moves, now=NOW)
    replan_step(ships, **moves, telling=told, now=NOW)

    delivery.refresh_from_db()
    assert delivery.planned_for == later
    assert LedgerEvent.objects.filter(kind="deliverable.moved", subject_id=delivery.pk).count() == 1
    assert Contradiction.objects.get().kind == "promise_plan"


def test_what_is_delivered_is_not_cancelled(house: House) -> None:
    order = place_order(house.supply(), text="Juntas", by=house.by_seller, now=NOW)
    Deliverable.objects.update(state="delivered")
    with pytest.raises(RuleViolation, match="returned, not cancelled"):
        cancel_order(order, reason="x", seen=order.version, by=house.by_seller, now=NOW)
    order.refresh_from_db()
    assert order.state == "open"
