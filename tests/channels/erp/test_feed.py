"""What flows in from the ERP becomes or moves what it should, once, in whatever order it comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hilo.channels.erp.models import TakenFile, UnsettledRow
from hilo.ledger.models import LedgerEvent
from hilo.money.models import Invoice
from hilo.parties.models import Customer, ExternalRef, Notice
from hilo.work.models import Deliverable, Order, Thread
from tests.channels.erp.conftest import CUSTOMERS, DELIVERIES, INVOICES, ORDERS, PAYMENTS, Feed
from tests.factories.parties import a_customer


def test_everything_lands_where_it_belongs(feed: Feed) -> None:
    feed.put_everything()
    run = feed.run()
    assert [(taken.name, taken.added, taken.refused) for taken in run.taken] == [
        ("clientes.csv", 1, 0),
        ("pedidos.csv", 2, 0),
        ("albaranes.csv", 3, 0),
        ("facturas.csv", 2, 0),
        ("cobros.csv", 1, 0),
    ]
    order = Order.objects.get()
    thread = order.thread
    assert (thread.kind, thread.year, thread.owner) == ("supply", 2026, feed.house.person("sales"))
    assert thread.customer.name == "Conservas del Ebro"
    assert order.placed_at == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    lines = [(line.position, line.quantity, line.amount) for line in order.lines.all()]
    assert lines == [(10, Decimal(100), Decimal(1250)), (20, Decimal(4), Decimal("186.50"))]
    noon = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
    assert set(order.deliverables.values_list("state", "delivered_at")) == {("delivered", noon)}
    invoice = Invoice.objects.get()
    assert (invoice.thread, invoice.state, invoice.total) == (thread, "paid", Decimal("1436.50"))
    assert [line.order_line.position for line in invoice.lines.all() if line.order_line] == [10, 20]
    assert feed.waiting_files() == []
    assert sorted(each.name for each in (feed.folder / "done" / "2026-11-23").iterdir())[0] == "albaranes.csv"


def test_the_delivering_step_and_what_led_to_it_end_and_billing_begins(feed: Feed) -> None:
    feed.put_everything()
    feed.run()
    steps = {run.step.key: run.state for run in Order.objects.get().work_item.step_runs.all() if run.step}
    assert steps == {"take": "done", "make": "skipped", "send": "skipped", "bill": "offered"}


def test_a_step_somebody_is_doing_ends_when_it_was_truly_delivered(feed: Feed) -> None:
    from hilo.parties.actor import system
    from hilo.work.commands.handoffs import accept_handoff
    from hilo.work.commands.step_runs import finish_step
    from hilo.work.models import Handoff

    feed.put("clientes.csv", CUSTOMERS, ["C1", "Conservas", "", ""])
    feed.put("pedidos.csv", ORDERS, ["4711", "C1", "20.11.2026 09:30", "10", "Juntas", "1", "1"])
    feed.run()
    order, by = Order.objects.get(), system()
    feed.now += timedelta(hours=1)
    for key in ("make", "send"):
        run = order.work_item.step_runs.get(step__key=key)
        offer = run.handoffs.get(state__in=Handoff.OPEN_STATES)
        people = {"make": "production", "send": "logistics"}
        accept_handoff(offer, seen=offer.version, by=feed.house.actor(people[key]), now=feed.now)
        if key == "make":
            run.refresh_from_db()
            finish_step(run, seen=run.version, by=by, now=feed.now)
    feed.now += timedelta(hours=5)
    feed.put("albaranes.csv", DELIVERIES, ["A1", "4711", "10", "23.11.2026 13:00", "1"])
    feed.run()
    sent = order.work_item.step_runs.get(step__key="send")
    assert (sent.state, sent.finished_at) == ("done", datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
    event = LedgerEvent.objects.get(kind="step.finished", subject_id=sent.pk)
    assert (event.occurred_at, event.recorded_at) == (sent.finished_at, feed.now)
    assert event.facts["by_rule"] == "delivered"


def test_the_same_files_again_change_nothing(feed: Feed) -> None:
    feed.put_everything()
    feed.run()
    before = LedgerEvent.objects.count()
    feed.now += timedelta(hours=1)
    feed.put_everything()
    run = feed.run()
    assert {(taken.same == taken.rows, taken.added) for taken in run.taken} == {(True, 0)}
    assert LedgerEvent.objects.count() == before


def test_a_changed_row_changes_what_changed_and_no_more(feed: Feed) -> None:
    feed.put_everything()
    feed.run()
    known = Customer.objects.get(name="Conservas del Ebro")
    Customer.objects.filter(pk=known.pk).update(city="Logroño")  # somebody here knew better
    feed.put("clientes-2.csv", CUSTOMERS, ["C1", "Conservas del Ebro, S.A.", "B50123452", "Alfaro"])
    feed.put(
        "pedidos-2.csv",
        ORDERS,
        ["4711", "C1", "20.11.2026 09:30", "10", "Juntas 202", "100", "1.300,00"],
        ["4711", "C1", "20.11.2026 09:30", "20", "Discos 307", "4", "186,5"],
    )
    run = feed.run()
    assert [(taken.changed, taken.added) for taken in run.taken] == [(1, 0), (2, 0)]
    known.refresh_from_db()
    assert (known.name, known.city) == ("Conservas del Ebro, S.A.", "Logroño")
    assert Order.objects.get().lines.get(position=10).amount == Decimal(1300)
    assert LedgerEvent.objects.get(kind="order.changed").facts["lines"] == [10]


def test_what_comes_too_early_waits_and_is_settled_when_the_rest_comes(feed: Feed) -> None:
    feed.put("cobros.csv", PAYMENTS, ["P1", "F1", "23.11.2026", "1"])
    feed.put("facturas.csv", INVOICES, ["F1", "C1", "22.11.2026", "", "1", "Juntas", "1", "4711", "10"])
    feed.put("albaranes.csv", DELIVERIES, ["A1", "4711", "10", "21.11.2026 08:00", ""])
    feed.put("pedidos.csv", ORDERS, ["4711", "C1", "20.11.2026 09:30", "10", "Juntas", "1", "1"])
    assert [taken.waiting for taken in feed.run().taken] == [1, 1, 1, 1]
    assert (Order.objects.count(), UnsettledRow.objects.count()) == (0, 4)
    feed.put("clientes.csv", CUSTOMERS, ["C1", "Conservas", "", ""])
    assert feed.run().settled == 4
    assert not UnsettledRow.objects.exists()
    assert (Invoice.objects.get().state, Deliverable.objects.get().state) == ("paid", "delivered")


def test_who_waits_too_long_is_told_to_the_administrator_once(feed: Feed) -> None:
    feed.put("albaranes.csv", DELIVERIES, ["A1", "4711", "10", "21.11.2026 08:00", ""])
    assert feed.run().waiting_told == 0
    feed.now += timedelta(days=6)
    assert (feed.run().waiting_told, feed.run().waiting_told) == (1, 0)
    notice = Notice.objects.get(kind="erp.waiting")
    assert notice.person == feed.house.person("administrator")


def test_a_customer_with_the_same_tax_number_is_recognised_not_made_twice(feed: Feed) -> None:
    here = a_customer(
        "Conservas Ebro",
        delegation=feed.house.company.zaragoza,
        keeper=feed.house.person("sales"),
        tax_id="B-50.123.452",
    )
    feed.put("clientes.csv", CUSTOMERS, ["C1", "CONSERVAS DEL EBRO SA", "ESB50123452", "Alfaro"])
    feed.run()
    here.refresh_from_db()
    assert (here.name, here.city) == ("Conservas Ebro", "Alfaro")  # only its blanks are filled
    assert ExternalRef.objects.get(kind="customer").object_id == here.pk
    assert Customer.objects.count() == 2


def test_an_order_from_before_is_left_out_and_its_delivery_and_invoice_wait_for_nothing(feed: Feed) -> None:
    feed.put("clientes.csv", CUSTOMERS, ["C1", "Conservas", "", ""])
    feed.put("pedidos.csv", ORDERS, ["99", "C1", "20.12.2025", "1", "Juntas", "1", "1"])
    feed.put("albaranes.csv", DELIVERIES, ["A1", "99", "1", "10.01.2026 08:00", ""])
    feed.put("facturas.csv", INVOICES, ["F1", "C1", "11.01.2026", "", "1", "Juntas", "1", "99", "1"])
    run = feed.run()
    assert [(taken.passed, taken.waiting) for taken in run.taken] == [(0, 0), (1, 0), (1, 0), (0, 0)]
    assert (Order.objects.count(), Thread.objects.count()) == (0, 0)
    assert Invoice.objects.get().lines.get().order_line is None


def test_an_order_is_cancelled_when_the_erp_says_so(feed: Feed) -> None:
    columns = [*ORDERS, "Anulado"]
    row = ["4711", "C1", "20.11.2026 09:30", "10", "Juntas", "1", "1"]
    feed.put("clientes.csv", CUSTOMERS, ["C1", "Conservas", "", ""])
    feed.put("pedidos-1.csv", columns, [*row, "no"])
    feed.put("pedidos-2.csv", columns, [*row, "sí"])
    feed.run()
    assert (Order.objects.get().state, Deliverable.objects.get().state) == ("cancelled", "cancelled")


def test_an_older_state_of_a_row_that_comes_late_changes_nothing(feed: Feed) -> None:
    columns = [*CUSTOMERS, "Cambio"]
    feed.put("clientes-1.csv", columns, ["C1", "Nombre nuevo", "", "", "20.11.2026 12:00"])
    feed.put("clientes-2.csv", columns, ["C1", "Nombre viejo", "", "", "19.11.2026 12:00"])
    feed.run()
    assert Customer.objects.filter(name="Nombre nuevo").exists()
    assert not Customer.objects.filter(name="Nombre viejo").exists()


def test_a_paused_thread_makes_the_order_wait_until_it_wakes(feed: Feed) -> None:
    from hilo.work.commands.pausing import pause_thread, wake_thread

    feed.put("clientes.csv", CUSTOMERS, ["C1", "Conservas", "", ""])
    feed.put("pedidos-1.csv", ORDERS, ["1", "C1", "20.11.2026 09:30", "10", "Juntas", "1", "1"])
    feed.run()
    thread, by = Thread.objects.get(), feed.house.actor("sales")
    until = feed.now + timedelta(days=3)
    pause_thread(thread, until=until, reason="Obras", seen=thread.version, by=by, now=feed.now)
    feed.put("pedidos-2.csv", ORDERS, ["2", "C1", "20.11.2026 09:30", "10", "Juntas", "1", "1"])
    feed.run()
    assert Order.objects.count() == 1
    thread.refresh_from_db()
    wake_thread(thread, seen=thread.version, by=by, now=feed.now)
    feed.run()
    assert (Order.objects.count(), UnsettledRow.objects.count()) == (2, 0)


def test_what_was_taken_stands_on_the_administrators_list(feed: Feed) -> None:
    feed.put_everything()
    feed.run()
    taken = TakenFile.objects.get(name="pedidos.csv")
    assert (taken.source, taken.kind, taken.rows, taken.added) == ("sap", "orders", 2, 2)
