"""Deliveries of the ERP: what left, of which order or line, when. All of it gone, a line is delivered.

A line is delivered at the moment at which the quantities reach what was ordered, in the order of their dates
and not in that of their rows: so late rows and shuffled ones end alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from hilo.channels.erp.grouping import Group
from hilo.channels.erp.models import Delivery
from hilo.channels.erp.references import NOTHING, Mark, claim, keep, refs_of, short
from hilo.channels.erp.rows import DeliveryRow
from hilo.channels.erp.terms import NotYet, Terms
from hilo.work.commands.order_feed import note_delivery
from hilo.work.models import Order, OrderLine, Thread


def delivery_mark(group: Group[DeliveryRow]) -> Mark:
    return Mark(short(group.digest), group.changed_at)


def take_delivery(group: Group[DeliveryRow], terms: Terms) -> bool:
    """False when all its orders are from before Hilo followed."""
    ref, mark = claim(terms, "delivery", group.key), delivery_mark(group)
    if mark.changes_nothing(Mark.read(ref.row_digest)):
        return True
    orders = _orders(group.rows, terms)
    touched = {}
    for row in group.rows:
        order = orders[row.order]
        if order is not None:
            _keep_delivery(group.key, row, order, terms)
            touched[order.pk] = order
    keep(ref, NOTHING, mark, terms.now)
    for order in touched.values():
        look_at_deliveries(order, terms)
    return bool(touched)


def _orders(rows: Iterable[DeliveryRow], terms: Terms) -> dict[str, Order | None]:
    """Each order named; None for one from before Hilo followed."""
    found: dict[str, Order | None] = {}
    refs = refs_of(terms, [("order", row.order) for row in rows])
    for row in rows:
        ref = refs.get(("order", row.order))
        if ref is None and not terms.is_before(row.delivered_at):
            raise NotYet("order", row.order)
        is_here = ref is not None and ref.object_id != NOTHING
        found[row.order] = (
            Order.objects.select_related("thread__customer", "work_item").get(pk=ref.object_id)
            if ref is not None and is_here
            else None
        )
    return found


def _keep_delivery(note: str, row: DeliveryRow, order: Order, terms: Terms) -> None:
    line = None
    if row.line is not None:
        line = order.lines.filter(position=row.line).first()
        if line is None:
            raise NotYet("order_line", f"{row.order}#{row.line}")
    Delivery.objects.update_or_create(
        source=terms.source,
        external_id=f"{note}/{row.order}/{row.line or ''}"[:120],
        defaults={
            "order": order,
            "order_line": line,
            "quantity": row.quantity,
            "delivered_at": row.delivered_at,
        },
    )


def look_at_deliveries(order: Order, terms: Terms) -> None:
    """Tell the order what of it the customer has by now."""
    deliveries = list(Delivery.objects.filter(order=order).order_by("delivered_at", "pk"))
    if not deliveries or order.state == Order.State.CANCELLED:
        return
    moments = {line.pk: _delivered_at(line, deliveries) for line in order.lines.all()}
    delivered = {pk: moment for pk, moment in moments.items() if moment is not None}
    if not delivered:
        return
    if Thread.objects.filter(pk=order.thread_id, state=Thread.State.PAUSED).exists():
        raise NotYet("thread", str(order.thread_id))
    note_delivery(order, delivered=delivered, by=terms.by, now=terms.now)


def _delivered_at(line: OrderLine, deliveries: list[Delivery]) -> datetime | None:
    left = Decimal(0)
    for each in deliveries:
        if each.order_line_id not in (None, line.pk):
            continue
        if each.quantity is None:
            return each.delivered_at
        left += each.quantity if each.order_line_id else 0
        if each.order_line_id and left >= line.quantity:
            return each.delivered_at
    return None
