"""The money behind a thing, counted the slow and obvious way: line by line, one question at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from hilo.money.models import InvoiceLine, Rate
from hilo.parties.models import Customer
from hilo.quality.models import Case, CaseLink

type Figures = tuple[Decimal, Decimal, Decimal, tuple[str, ...]]


def thread_of(line: InvoiceLine) -> int | None:
    return line.order_line.order.thread_id if line.order_line else line.invoice.thread_id


def worth(line: InvoiceLine, amount: Decimal, unknown: set[str]) -> Decimal:
    invoice = line.invoice
    if invoice.currency == "EUR":
        return amount
    rates = Rate.objects.filter(currency=invoice.currency, on__lte=invoice.issued_on)
    latest = rates.order_by("on").last()
    if latest is None:
        unknown.add(invoice.currency)
        return Decimal(0)
    return amount * latest.rate


def owed_on(line: InvoiceLine) -> Decimal:
    invoice = line.invoice
    if invoice.state != "issued":
        return Decimal(0)
    whole = sum((each.amount for each in invoice.lines.all()), Decimal(0))
    part = line.amount / whole if whole else Decimal(1) / invoice.lines.count()
    return (invoice.total - invoice.paid) * part


def things_of(line: InvoiceLine) -> set[tuple[str, int | None]]:
    order = line.order_line.order_id if line.order_line else None
    return {
        ("invoice_line", line.pk),
        ("invoice", line.invoice_id),
        ("order_line", line.order_line_id),
        ("order", order),
    }


def is_disputed(line: InvoiceLine) -> bool:
    for link in CaseLink.objects.exclude(case__stage="closed").filter(qualifier="about"):
        if (link.type, link.object_id) in things_of(line):
            return True
    return False


def slowly(belongs: Callable[[InvoiceLine], bool], today: date) -> Figures:
    """(at risk, year, open, currencies without a rate)."""
    at_risk = year = still_open = Decimal(0)
    unknown: set[str] = set()
    for line in InvoiceLine.objects.all():
        invoice = line.invoice
        if invoice.state == "cancelled" or not belongs(line):
            continue
        if today.replace(year=today.year - 1) < invoice.issued_on <= today:
            year += worth(line, line.amount, unknown)
        owed = owed_on(line)
        if owed:
            still_open += worth(line, owed, unknown)
            late = invoice.due_on is not None and invoice.due_on < today
            if owed > 0 and (late or is_disputed(line)):
                at_risk += worth(line, owed, unknown)
    cent = Decimal("0.01")
    return at_risk.quantize(cent), year.quantize(cent), still_open.quantize(cent), tuple(sorted(unknown))


def of_customer(customer: Customer, today: date) -> Figures:
    while customer.merged_into is not None:
        customer = customer.merged_into
    family = {customer.pk, *Customer.objects.filter(merged_into=customer).values_list("pk", flat=True)}
    return slowly(lambda line: line.invoice.customer_id in family, today)


def of_thread(thread_id: int, today: date) -> Figures:
    return slowly(lambda line: thread_of(line) == thread_id, today)


def of_case(case: Case, today: date) -> Figures:
    links = {(link.type, link.object_id) for link in case.links.all()}
    linked = {link for link in links if link[0] in ("invoice_line", "invoice", "order_line", "order")}
    threads = {case.thread_id, *case.also_on.values_list("thread", flat=True)}

    def belongs(line: InvoiceLine) -> bool:
        if linked:
            return bool(things_of(line) & linked)
        return thread_of(line) in threads

    at_risk, _year, still_open, unknown = slowly(belongs, today)
    year = of_customer(case.thread.customer, today)
    return at_risk, year[1], still_open, tuple(sorted({*unknown, *year[3]}))
