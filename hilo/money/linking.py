"""What of an invoice a case can be about: the whole of it, or one line."""

from __future__ import annotations

from django.db.models.functions import Coalesce

from hilo.money.models import Invoice, InvoiceLine
from hilo.quality.linking import by_column, linkable


def thread_of_invoice_line(object_id: int) -> int | None:
    """That of its order, else its invoice's."""
    on = Coalesce("order_line__order__thread", "invoice__thread")
    found = InvoiceLine.objects.filter(pk=object_id).order_by().values_list(on, flat=True).first()
    return None if found is None else int(found)


linkable("invoice_line", thread_of_invoice_line)
linkable("invoice", by_column(Invoice, "thread_id"))
