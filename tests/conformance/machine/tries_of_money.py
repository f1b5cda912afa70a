"""What the ERP tells: invoices, payments, rates, orders that change, deliveries."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.db.models import Q

from hilo.money.commands.invoices import BilledLine
from hilo.money.models import Invoice
from hilo.parties.actor import Actor, importer
from hilo.parties.models import Customer
from hilo.work.commands.orders import LineText
from hilo.work.models import Order, OrderLine
from tests.conformance.machine.world import Call, World, tries

NUMBERS = ("F-26-0001", "F-26-0002", "F-26-0003")


def the_feed(w: World) -> Actor:
    return importer("erp") if w.pick.in_ten(9) else w.by()


def cents(w: World) -> Decimal:
    return Decimal(w.pick.one((100, 4_550, 99_999, -2_000, 10**15)))


@tries("money.invoices.record_invoice")
def record_invoice(w: World) -> Call:
    customer = w.row(Customer.objects.all(), Q(merged_into=None))
    issued = w.now.date() - timedelta(days=w.pick.one((0, 3, 40, 400, -2)))
    line = w.maybe(OrderLine.objects.filter(order__thread__customer=customer))
    billed = BilledLine(position=1, text=w.words("Juntas"), amount=cents(w), order_line=line)
    return w.call(
        source="sap",
        number=w.pick.one(NUMBERS),
        customer=customer,
        issued_on=issued,
        due_on=w.pick.one((None, issued + timedelta(days=30), issued - timedelta(days=1))),
        currency=w.pick.one(("EUR", "USD")),
        lines=[billed],
        by=the_feed(w),
    )


@tries("money.invoices.cancel_invoice")
def cancel_invoice(w: World) -> Call:
    invoice = w.row(Invoice.objects.all(), ~Q(state="cancelled"))
    return w.call(invoice, reason=w.words("Duplicada"), by=the_feed(w))


@tries("money.invoices.record_payment")
def record_payment(w: World) -> Call:
    invoice = w.row(Invoice.objects.all())
    day = w.now.date() - timedelta(days=w.pick.one((0, 1, 9, -2)))
    reference = w.pick.one(("P-1", "P-2", ""))
    return w.call(invoice, reference=reference, paid_on=day, amount=cents(w), by=the_feed(w))


@tries("money.rates.set_rate")
def set_rate(w: World) -> Call:
    currency = w.pick.one(("USD", "GBP", "EUR", "euro"))
    rate = w.pick.one((Decimal("0.91"), Decimal("1.17"), Decimal(0)))
    return w.call(currency, on=w.now.date(), rate=rate, by=w.administrator())


@tries("work.order_feed.revise_order")
def revise_order(w: World) -> Call:
    order = w.row(Order.objects.all(), Q(state="open"))
    amount = w.pick.one((None, Decimal(12), Decimal(40)))
    lines = [LineText(text=w.words("Botellas"), amount=amount, position=w.pick.one((1, 2, 3)))]
    by = importer("erp") if w.pick.in_ten(5) else w.by(*w.workers(order.thread))
    return w.call(order, text=w.words("300 botellas"), lines=lines, by=by)


@tries("work.order_feed.note_delivery")
def note_delivery(w: World) -> Call:
    order = w.row(Order.objects.all(), Q(thread__state="open"))
    moment = w.before() or w.now
    lines = list(order.lines.order_by("position").values_list("pk", flat=True))
    delivered = dict.fromkeys(lines[: w.pick.one((1, 9))], moment)
    by = importer("erp") if w.pick.in_ten(5) else w.by(*w.workers(order.thread))
    return w.call(order, delivered=delivered, by=by)
