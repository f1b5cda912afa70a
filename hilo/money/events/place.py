"""What every event about an invoice carries: its thread and its customer come with it."""

from __future__ import annotations

from hilo.ledger.record import Ref
from hilo.money.models import Invoice
from hilo.work.events.place import Place


def place_of_invoice(invoice: Invoice, *, subject: Ref | None = None) -> Place:
    return Place(
        subject=subject or Ref("invoice", invoice.pk),
        thread_id=invoice.thread_id,
        customer_id=invoice.customer_id,
        area_id=None,
        delegation_id=invoice.thread.delegation_id if invoice.thread else invoice.customer.delegation_id,
        related=(),
    )
