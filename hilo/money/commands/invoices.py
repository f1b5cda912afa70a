"""Invoices, payments and rates as the ERP says they are: Hilo issues none, and changes none by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TypedDict
from zoneinfo import ZoneInfo

from django.db.models import Sum
from django.utils.translation import gettext as _

from hilo.errors import NotAllowed, RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, Related, record, seal
from hilo.money.events.invoices import (
    InvoiceCancelled,
    InvoiceChanged,
    InvoicePaid,
    InvoiceRecorded,
    InvoiceUnpaid,
    PaymentChanged,
    PaymentRecorded,
)
from hilo.money.events.place import place_of_invoice
from hilo.money.models import Invoice, InvoiceLine, Payment
from hilo.parties.actor import Actor
from hilo.parties.models import Customer
from hilo.parties.queries.customers import customer_family_ids, survivor_of
from hilo.parties.texts import line
from hilo.work.models import OrderLine, Thread

MOST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledLine:
    """One line of an invoice; ``position`` names it when the invoice changes later."""

    position: int
    text: str
    amount: Decimal
    order_line: OrderLine | None = None


@command(may_do_nothing=True)
def record_invoice(
    *,
    source: str,
    number: str,
    customer: Customer,
    issued_on: date,
    due_on: date | None = None,
    currency: str,
    lines: Iterable[BilledLine],
    total: Decimal | None = None,
    thread: Thread | None = None,
    by: Actor,
    now: datetime,
) -> Invoice:
    """The invoice ``number`` of ``source``: new, or changed where it differs; the same again does nothing.

    A line left out stays. ``total`` is what the customer owes, taxes included; without it, the sum of the
    lines. It stands on the thread of its lines' orders when that is one, else on ``thread``.
    """
    _require_feed(by)
    billed = list(lines)
    _refuse_odd(customer, issued_on, due_on, billed, now)
    known = Invoice.objects.select_for_update().filter(source=source, number=number).first()
    if known is None:
        invoice = _new(source, number, survivor_of(customer), issued_on, due_on, currency, thread)
        _put_lines(invoice, billed)
        _sum_up(invoice, total, thread)
        recorded = InvoiceRecorded(
            **place_of_invoice(invoice), number=invoice.number, **_facts(invoice), lines=len(billed)
        )
        record(recorded, by=by, now=now, occurred_at=_start_of(issued_on, invoice.customer, now))
    else:
        invoice = known
        _change(invoice, issued_on, due_on, currency, billed, total, thread, by=by, now=now)
    _settle_paid(invoice, by=by, now=now)
    return invoice


def _require_feed(by: Actor) -> None:
    if not by.is_system:
        raise NotAllowed(_("Invoices come from the ERP. Change it there, and the change comes by itself."))


def _refuse_odd(
    customer: Customer, issued_on: date, due_on: date | None, billed: list[BilledLine], now: datetime
) -> None:
    if not billed:
        raise RuleViolation(_("An invoice has at least one line."), field="line")
    if len({each.position for each in billed}) != len(billed):
        raise RuleViolation(_("Two lines of the invoice have the same number."), field="line")
    if issued_on > now.astimezone(ZoneInfo(customer.delegation.zone)).date():
        raise RuleViolation(_("This invoice is dated in the future."), field="issued_on")
    if due_on is not None and due_on < issued_on:
        raise RuleViolation(_("It falls due before it was issued."), field="due_on")
    family = customer_family_ids(customer) if any(each.order_line for each in billed) else []
    if any(each.order_line and each.order_line.order.thread.customer_id not in family for each in billed):
        raise RuleViolation(_("The order of this line is another customer's."), field="order")


def _new(
    source: str,
    number: str,
    customer: Customer,
    issued_on: date,
    due_on: date | None,
    currency: str,
    thread: Thread | None,
) -> Invoice:
    return Invoice.objects.create(
        source=source,
        number=line(number, field="invoice", most=60, missing=_("Give the invoice's number.")),
        customer=customer,
        thread=thread,
        issued_on=issued_on,
        due_on=due_on,
        currency=currency,
        total=0,
    )


def _put_lines(invoice: Invoice, billed: list[BilledLine]) -> bool:
    """Whether anything is different from before."""
    here = {each.position: each for each in invoice.lines.all()}
    is_changed = False
    for each in billed:
        wanted = {
            "text": line(each.text, field="text"),
            "amount": each.amount,
            "order_line": each.order_line,
        }
        row = here.get(each.position)
        if row is None:
            InvoiceLine.objects.create(invoice=invoice, position=each.position, **wanted)
        elif all(getattr(row, name) == value for name, value in wanted.items()):
            continue
        else:
            InvoiceLine.objects.filter(pk=row.pk).update(**wanted)
        is_changed = True
    return is_changed


def _sum_up(invoice: Invoice, total: Decimal | None, thread: Thread | None) -> set[str]:
    """The columns that follow from the lines, and which of them changed."""
    rows = invoice.lines.all()
    whole = total if total is not None else rows.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    if whole.copy_abs() >= MOST:
        raise RuleViolation(_("This amount is too large. Check it."), field="total")
    threads = set(rows.values_list("order_line__order__thread", flat=True)) - {None}
    given = thread.pk if thread else invoice.thread_id
    wanted = {"total": whole, "thread_id": threads.pop() if len(threads) == 1 else None if threads else given}
    different = {name for name, value in wanted.items() if getattr(invoice, name) != value}
    if different:
        Invoice.objects.filter(pk=invoice.pk).update(**wanted)
    invoice.refresh_from_db()
    return different


def _change(
    invoice: Invoice,
    issued_on: date,
    due_on: date | None,
    currency: str,
    billed: list[BilledLine],
    total: Decimal | None,
    thread: Thread | None,
    *,
    by: Actor,
    now: datetime,
) -> None:
    if invoice.state == Invoice.State.CANCELLED:
        raise RuleViolation(_("This invoice was cancelled: the ERP gives a new one another number."))
    wanted = {"issued_on": issued_on, "due_on": due_on, "currency": currency}
    different = {name for name, value in wanted.items() if getattr(invoice, name) != value}
    if different:
        Invoice.objects.filter(pk=invoice.pk).update(**wanted)
    if _put_lines(invoice, billed):
        different.add("lines")
    different |= {name.removesuffix("_id") for name in _sum_up(invoice, total, thread)}
    if different:
        move(invoice, only_if={}, refused="")
        changed = InvoiceChanged(
            **place_of_invoice(invoice),
            number=invoice.number,
            fields=tuple(sorted(different)),
            **_facts(invoice),
            lines=invoice.lines.count(),
        )
        record(changed, by=by, now=now)


class _Facts(TypedDict):
    issued_on: date
    due_on: date | None
    currency: str
    total: Decimal


def _facts(invoice: Invoice) -> _Facts:
    return _Facts(
        issued_on=invoice.issued_on, due_on=invoice.due_on, currency=invoice.currency, total=invoice.total
    )


@command
def cancel_invoice(invoice: Invoice, *, reason: str, by: Actor, now: datetime) -> None:
    """It counts for nothing any more; what was paid of it stays written down."""
    _require_feed(by)
    why = line(reason, field="reason", missing=_("Say why the invoice is cancelled."))
    move(
        invoice,
        only_if={"state__in": [Invoice.State.ISSUED, Invoice.State.PAID]},
        refused=_("This invoice was cancelled already."),
        state=Invoice.State.CANCELLED,
    )
    cancelled = InvoiceCancelled(**place_of_invoice(invoice), number=invoice.number, reason=seal(why))
    record(cancelled, by=by, now=now)


@command(may_do_nothing=True)
def record_payment(
    invoice: Invoice, *, reference: str, paid_on: date, amount: Decimal, by: Actor, now: datetime
) -> Payment:
    """A payment by its reference: new, or changed; negative when the money went back."""
    _require_feed(by)
    code = line(reference, field="payment", most=80, missing=_("Give the payment's reference."))
    if not amount:
        raise RuleViolation(_("A payment of nothing is none."), field="amount")
    if amount.copy_abs() >= MOST:
        raise RuleViolation(_("This amount is too large. Check it."), field="amount")
    if paid_on > now.astimezone(ZoneInfo(invoice.customer.delegation.zone)).date():
        raise RuleViolation(_("This payment is dated in the future."), field="paid_on")
    Invoice.objects.select_for_update().get(pk=invoice.pk)
    payment, is_new = Payment.objects.get_or_create(
        invoice=invoice, reference=code, defaults={"paid_on": paid_on, "amount": amount}
    )
    if is_new or (payment.paid_on, payment.amount) != (paid_on, amount):
        payment.paid_on, payment.amount = paid_on, amount
        payment.save(update_fields=["paid_on", "amount"])
        event = PaymentRecorded if is_new else PaymentChanged
        place = place_of_invoice(invoice, subject=Ref("payment", payment.pk))
        place["related"] = (Related("invoice", invoice.pk, "of"),)
        at = _start_of(paid_on, invoice.customer, now) if is_new else None
        noted = event(**place, number=invoice.number, invoice=invoice.pk, on=paid_on, amount=amount)
        record(noted, by=by, now=now, occurred_at=at)
    _settle_paid(invoice, by=by, now=now)
    return payment


def _settle_paid(invoice: Invoice, *, by: Actor, now: datetime) -> None:
    """Paid when nothing is owed any more; a credit note when it was given back."""
    invoice.refresh_from_db()
    paid = invoice.payments.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    is_paid = paid >= invoice.total if invoice.total >= 0 else paid <= invoice.total
    state = Invoice.State.PAID if is_paid else Invoice.State.ISSUED
    if invoice.state == Invoice.State.CANCELLED:
        state = Invoice.State.CANCELLED
    if (invoice.paid, invoice.state) == (paid, state):
        return
    was, place = invoice.state, place_of_invoice(invoice)
    move(invoice, only_if={}, refused="", paid=paid, state=state)
    if state == Invoice.State.PAID != was:
        last = invoice.payments.order_by("-paid_on").values_list("paid_on", flat=True).first()
        on = last or invoice.issued_on
        at = _start_of(max(on, invoice.issued_on), invoice.customer, now)
        record(InvoicePaid(**place, number=invoice.number, on=on), by=by, now=now, occurred_at=at)
    elif was == Invoice.State.PAID != state and state == Invoice.State.ISSUED:
        record(InvoiceUnpaid(**place, number=invoice.number), by=by, now=now)


def _start_of(day: date, customer: Customer, now: datetime) -> datetime:
    return min(now, datetime.combine(day, time.min, ZoneInfo(customer.delegation.zone)))
