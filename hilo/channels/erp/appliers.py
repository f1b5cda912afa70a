"""Which function takes which kind of group, and how its rows are recognised when they come again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hilo.channels.erp.bills import bill_mark, take_invoice, take_payment, take_rate
from hilo.channels.erp.customers import customer_mark, take_customer
from hilo.channels.erp.deliveries import delivery_mark, take_delivery
from hilo.channels.erp.grouping import Group
from hilo.channels.erp.orders import order_mark, take_order
from hilo.channels.erp.references import Mark
from hilo.channels.erp.rows import Kind
from hilo.channels.erp.terms import Terms


@dataclass(frozen=True, slots=True)
class Applier:
    """``take`` runs in one transaction and is False when nothing was to be made of the group; ``ref`` is the
    kind of its reference."""

    ref: str
    mark: Callable[[Group[Any]], Mark]
    take: Callable[[Group[Any], Terms], bool]


APPLIERS: dict[Kind, Applier] = {
    Kind.RATES: Applier("rate", bill_mark, take_rate),
    Kind.CUSTOMERS: Applier("customer", customer_mark, take_customer),
    Kind.ORDERS: Applier("order", order_mark, take_order),
    Kind.DELIVERIES: Applier("delivery", delivery_mark, take_delivery),
    Kind.INVOICES: Applier("invoice", bill_mark, take_invoice),
    Kind.PAYMENTS: Applier("payment", bill_mark, take_payment),
}
