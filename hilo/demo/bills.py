"""What the demo company's ERP tells: an invoice for each order that was billed, and what was paid of it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hilo.demo.stage import Stage
from hilo.money.commands.invoices import BilledLine, record_invoice, record_payment
from hilo.money.models import Invoice
from hilo.parties.actor import importer
from hilo.work.models import Order

SOURCE = "erp"
TERM = timedelta(days=30)
TAX = Decimal("1.21")


def bill(stage: Stage, order: Order) -> Invoice:
    """Its lines without tax, its total with it; due in thirty days (Ley 3/2004)."""
    customer = order.thread.customer
    today = stage.now.astimezone(ZoneInfo(order.thread.delegation.zone)).date()
    lines = [
        BilledLine(position=line.position, text=line.text, amount=line.amount or Decimal(0), order_line=line)
        for line in order.lines.select_related("order__thread")
    ]
    net = sum((line.amount for line in lines), Decimal(0))
    return record_invoice(
        source=SOURCE,
        number=f"F-{today:%y}-{Invoice.objects.count() + 1:04}",
        customer=customer,
        issued_on=today,
        due_on=today + TERM,
        currency=order.thread.currency,
        lines=lines,
        total=(net * TAX).quantize(Decimal("0.01")),
        by=importer("demo"),
        now=stage.now,
    )


def pay_what_is_due(stage: Stage, customer: str, *, days: int) -> None:
    """What this customer pays, ``days`` after each invoice: booked as far as that day has come."""
    today = stage.now.date()
    unpaid = Invoice.objects.filter(customer=stage.customers[customer], state=Invoice.State.ISSUED)
    for invoice in unpaid.order_by("issued_on", "pk"):
        paid_on = invoice.issued_on + timedelta(days=days)
        if paid_on <= today:
            record_payment(
                invoice,
                reference=f"COBRO-{invoice.number}",
                paid_on=paid_on,
                amount=invoice.total,
                by=importer("demo"),
                now=stage.now,
            )
