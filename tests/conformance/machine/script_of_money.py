"""The ERP tells of an order that changes and is delivered, of its invoice, and of what was paid."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from hilo.money.commands.invoices import BilledLine
from hilo.parties.actor import importer
from hilo.work.commands.orders import LineText
from tests.conformance.machine.scripting import Script, opened, typed

INVOICES, FEED = "money.invoices", "work.order_feed"


def money(s: Script) -> None:
    p, erp = s.people, importer("erp")
    supply = opened(s, None, "supply", p.other_customer)
    order = s.accepted("work.orders.place_order", supply, text=typed("300 juntas"), by=erp)
    more = [LineText(text=typed("Discos"), amount=Decimal(40), position=2)]
    s.both(f"{FEED}.revise_order", order, lines=more, by=erp)
    first, second = order.lines.all()
    yesterday = s.now - timedelta(days=1)
    s.both(f"{FEED}.note_delivery", order, delivered={first.pk: yesterday}, by=erp)
    both = {first.pk: yesterday - timedelta(hours=2), second.pk: s.now}
    s.accepted(f"{FEED}.note_delivery", order, delivered=both, by=erp)
    lines = [BilledLine(position=1, text=typed("Juntas"), amount=Decimal(300), order_line=first)]
    facts = {
        "source": "sap",
        "number": "F-26-0009",
        "customer": p.other_customer,
        "issued_on": yesterday.date(),
        "currency": "EUR",
        "by": erp,
    }
    invoice = s.both(f"{INVOICES}.record_invoice", **facts, lines=lines)
    paid = {"paid_on": yesterday.date(), "by": erp}
    for reference, amount in (("P-1", 100), ("P-1", 300), ("P-2", -50)):
        s.both(f"{INVOICES}.record_payment", invoice, reference=reference, amount=Decimal(amount), **paid)
    changed = [BilledLine(position=1, text=typed("Juntas"), amount=Decimal(310), order_line=first)]
    s.accepted(f"{INVOICES}.record_invoice", **facts, lines=changed)
    s.both(f"{INVOICES}.cancel_invoice", invoice, once=True, reason=typed("Duplicada"), by=erp)
    rate = {"on": yesterday.date(), "rate": Decimal("0.91"), "by": p.administrator}
    s.both("money.rates.set_rate", "USD", **rate)
