"""Invoices of the ERP hang on the lines of its orders; payments settle them; rates make them comparable."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from hilo.channels.erp.customers import customer_called
from hilo.channels.erp.grouping import Group
from hilo.channels.erp.references import NOTHING, Mark, claim, keep, refs_of, short
from hilo.channels.erp.rows import InvoiceRow, PaymentRow, RateRow
from hilo.channels.erp.terms import NotYet, Terms
from hilo.errors import RuleViolation
from hilo.money.commands.invoices import BilledLine, cancel_invoice, record_invoice, record_payment
from hilo.money.commands.rates import set_rate
from hilo.money.models import Invoice, Payment
from hilo.work.models import OrderLine, Thread


def bill_mark(group: Group[InvoiceRow] | Group[PaymentRow] | Group[RateRow]) -> Mark:
    return Mark(short(group.digest), group.changed_at)


def take_invoice(group: Group[InvoiceRow], terms: Terms) -> bool:
    ref, mark = claim(terms, "invoice", group.key), bill_mark(group)
    if ref.object_id != NOTHING and mark.changes_nothing(Mark.read(ref.row_digest)):
        return True
    known = Invoice.objects.filter(pk=ref.object_id).first()
    if known is not None and known.state == Invoice.State.CANCELLED:
        invoice = known
    else:
        invoice = _recorded(group, terms)
    if all(row.cancelled for row in group.rows) and invoice.state != Invoice.State.CANCELLED:
        cancel_invoice(invoice, reason=_("The ERP says that it was cancelled."), by=terms.by, now=terms.now)
    keep(ref, invoice.pk, mark, terms.now)
    return True


def _recorded(group: Group[InvoiceRow], terms: Terms) -> Invoice:
    head = group.rows[0]
    customer = customer_called(head.customer, terms)
    lines, thread = _billed(group.rows, terms)
    return record_invoice(
        source=terms.source,
        number=group.key,
        customer=customer,
        issued_on=head.issued_on,
        due_on=head.due_on,
        currency=head.currency or terms.mapping.currency,
        lines=lines,
        total=head.total,
        thread=thread,
        by=terms.by,
        now=terms.now,
    )


def _billed(rows: Iterable[InvoiceRow], terms: Terms) -> tuple[list[BilledLine], Thread | None]:
    """The lines with those of their orders; and the thread of the orders named without a line."""
    order_ids = _order_ids(rows, terms)
    theirs: dict[int, dict[int, OrderLine]] = {}
    of_orders = OrderLine.objects.filter(order__in=order_ids.values()).select_related("order__thread")
    for line in of_orders:
        theirs.setdefault(line.order_id, {})[line.position] = line
    billed = [
        BilledLine(
            position=row.line,
            text=row.text,
            amount=row.amount,
            order_line=_order_line(row, theirs.get(order_ids.get(row.order, 0), {})),
        )
        for row in sorted(rows, key=lambda row: row.line)
    ]
    threads = {line.order.thread for lines in theirs.values() for line in lines.values()}
    return billed, threads.pop() if len(threads) == 1 else None


def _order_ids(rows: Iterable[InvoiceRow], terms: Terms) -> dict[str, int]:
    """An invoice from before Hilo followed waits for no order; of an order from before there is no line."""
    refs = refs_of(terms, [("order", row.order) for row in rows if row.order])
    found: dict[str, int] = {}
    for row in rows:
        if not row.order:
            continue
        ref = refs.get(("order", row.order))
        if ref is None and row.issued_on >= terms.mapping.follow_from:
            raise NotYet("order", row.order)
        if ref is not None and ref.object_id != NOTHING:
            found[row.order] = ref.object_id
    return found


def _order_line(row: InvoiceRow, lines: dict[int, OrderLine]) -> OrderLine | None:
    """The line it names; without one, the only line of its order."""
    if not lines:
        return None
    if row.order_line is None:
        return next(iter(lines.values())) if len(lines) == 1 else None
    if row.order_line not in lines:
        raise NotYet("order_line", f"{row.order}#{row.order_line}")
    return lines[row.order_line]


def take_payment(group: Group[PaymentRow], terms: Terms) -> bool:
    (row,) = group.rows
    ref, mark = claim(terms, "payment", group.key), bill_mark(group)
    if ref.object_id != NOTHING and mark.changes_nothing(Mark.read(ref.row_digest)):
        return True
    of = refs_of(terms, [("invoice", row.invoice)]).get(("invoice", row.invoice))
    if of is None:
        raise NotYet("invoice", row.invoice)
    if ref.object_id != NOTHING and Payment.objects.get(pk=ref.object_id).invoice_id != of.object_id:
        raise RuleViolation(
            _("This payment was another invoice's: the ERP must give it back there and book it anew."),
            field="invoice",
        )
    payment = record_payment(
        Invoice.objects.select_related("customer__delegation", "thread").get(pk=of.object_id),
        reference=row.payment,
        paid_on=row.paid_on,
        amount=row.amount,
        by=terms.by,
        now=terms.now,
    )
    keep(ref, payment.pk, mark, terms.now)
    return True


def take_rate(group: Group[RateRow], terms: Terms) -> bool:
    (row,) = group.rows
    ref, mark = claim(terms, "rate", group.key), bill_mark(group)
    if ref.object_id != NOTHING and mark.changes_nothing(Mark.read(ref.row_digest)):
        return True
    rate = set_rate(row.currency, on=row.on, rate=row.rate, by=terms.by, now=terms.now)
    keep(ref, rate.pk, mark, terms.now)
    return True
