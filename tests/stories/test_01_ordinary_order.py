"""Story 1. Ordinary order. Conservas del Ebro sends the monthly order for seals. It rides on the customer's
supply thread of the year; nobody types owner, next step or news date; four areas accept with one key each;
delivered, accepted tacitly after ten working days, counted as tacit. At most 6 clicks and one typed line in
all.

Here the work half; a browser counts the clicks elsewhere. Comercial's own step ends with the placing, so that
three of the four areas have a key to press.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import system
from hilo.work.commands.deliverables import deliver
from hilo.work.commands.orders import place_order
from hilo.work.commands.templates import seed_templates
from hilo.work.commands.threads import open_thread
from hilo.work.jobs.clocks import run_clocks
from hilo.work.models import Deliverable, StepRun, Thread
from tests.factories.work import House, accepted, open_handoff, step
from tests.work.watching import refused


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


def test_silence_accepts_at_the_end_of_the_tenth_working_day_and_is_counted_apart(house: House) -> None:
    """NOW is Monday 23 November; 7 and 8 December are holidays of nobody in this calendar."""
    thread = an_order(house)
    line = thread.deliverables.get()
    deliver(line, seen=line.version, by=house.actor("logistics"), now=house.at)
    last = datetime(2026, 12, 7, 23, 59, 59, 999999, tzinfo=ZoneInfo("Europe/Madrid"))
    assert line.tacit_at == last
    run_clocks(last)
    assert Deliverable.objects.get().state == "delivered"
    run_clocks(last + timedelta(minutes=1))
    accepted_by_silence = Deliverable.objects.get()
    assert (accepted_by_silence.state, accepted_by_silence.settled_at) == ("tacit", last)
    assert accepted_by_silence.accepted_by is None
    event = LedgerEvent.objects.get(kind="deliverable.accepted_tacitly")
    assert (event.occurred_at, event.author_kind, event.facts["days"]) == (last, "system", 10)


def test_the_order_rides_on_the_one_supply_thread_of_the_year(house: House) -> None:
    thread = an_order(house)
    assert (thread.year, thread.owner) == (2026, house.person("sales"))
    place_order(thread, text="300 discos de cierre", by=house.actor("sales"), now=house.later(days=30))
    assert thread.orders.count() == 2 and Thread.objects.count() == 1
    with refused(saying="already has its supply thread of 2026"):
        open_thread(
            customer=house.customer,
            title="Otra vez",
            kind="supply",
            owner=house.person("sales"),
            by=house.actor("sales"),
            now=house.at,
        )


def test_the_thread_is_never_without_owner_next_step_and_news(house: House) -> None:
    thread = an_order(house)
    for day in range(12):
        run_clocks(house.at + timedelta(days=day))
        thread.refresh_from_db()
        assert thread.owner.is_active and thread.next_kind and thread.next_due and thread.next_news_at


def test_the_delivery_itself_is_news_to_the_customer_and_starts_the_count_of_silence(house: House) -> None:
    thread = an_order(house)
    line = thread.deliverables.get()
    before = thread.next_news_at
    deliver(line, seen=line.version, by=house.actor("logistics"), now=house.later(days=1))
    notice = thread.updates.get()
    thread.refresh_from_db()
    assert list(notice.contacts.all()) == [house.contact] and notice.said_at == line.notified_at == house.at
    order = thread.orders.get()
    assert notice.text.startswith(f"Su pedido {order.number}: ") and "10 días laborables" in notice.text
    assert thread.next_news_at == notice.next_news_at > before


def test_where_there_is_nobody_to_tell_no_silence_counts_and_the_owner_asks(house: House) -> None:
    thread = an_order(house)
    house.contact.left_at = house.at
    house.contact.save()
    line = thread.deliverables.get()
    deliver(line, seen=line.version, by=house.actor("logistics"), now=house.at)
    thread.refresh_from_db()
    assert (line.notified_at, line.tacit_at) == (None, None) and not thread.updates.exists()
    assert (thread.next_kind, thread.turn_person_id) == ("ask_acceptance", thread.owner_id)
    run_clocks(house.at + timedelta(days=60))
    assert Deliverable.objects.get().state == "delivered"
