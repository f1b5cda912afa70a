"""What the five kinds of file (and the rates) say, and what each of their columns is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    """In the order in which the files of one run are taken."""

    RATES = "rates"
    CUSTOMERS = "customers"
    ORDERS = "orders"
    DELIVERIES = "deliveries"
    INVOICES = "invoices"
    PAYMENTS = "payments"

    @property
    def label(self) -> str | Promise:
        return _LABELS[self]


_LABELS: dict[Kind, Promise] = {
    Kind.RATES: _("exchange rates"),
    Kind.CUSTOMERS: _("customers"),
    Kind.ORDERS: _("orders"),
    Kind.DELIVERIES: _("deliveries"),
    Kind.INVOICES: _("invoices"),
    Kind.PAYMENTS: _("payments"),
}


class Type(StrEnum):
    TEXT = "text"
    CODE = "code"
    """An identifier: never empty inside, compared letter by letter."""
    DATE = "date"
    MOMENT = "moment"
    AMOUNT = "amount"
    QUANTITY = "quantity"
    RATE = "rate"
    WHOLE = "whole"
    CURRENCY = "currency"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Column:
    """``most``: how many letters fit. A required one must be mapped, and its cells are never empty."""

    name: str
    type: Type
    is_required: bool = False
    most: int = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamped:
    """``number`` is the row's in the spreadsheet; ``changed_at`` when the ERP last changed it, if it says."""

    number: int
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRow(Stamped):
    customer: str
    name: str
    tax_id: str = ""
    tier: str = ""
    country: str = ""
    city: str = ""
    phone: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow(Stamped):
    order: str
    customer: str
    ordered_at: datetime
    line: int = 1
    text: str
    quantity: Decimal = Decimal(1)
    unit: str = ""
    amount: Decimal | None = None
    currency: str = ""
    reference: str = ""
    cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow(Stamped):
    delivery: str
    order: str
    line: int | None = None
    delivered_at: datetime
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceRow(Stamped):
    invoice: str
    customer: str
    issued_on: date
    due_on: date | None = None
    currency: str = ""
    total: Decimal | None = None
    line: int = 1
    text: str
    amount: Decimal
    order: str = ""
    order_line: int | None = None
    cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRow(Stamped):
    payment: str
    invoice: str
    paid_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRow(Stamped):
    currency: str
    on: date
    rate: Decimal


type AnyRow = CustomerRow | OrderRow | DeliveryRow | InvoiceRow | PaymentRow | RateRow

_CHANGED = Column("changed_at", Type.MOMENT)
ROWS: dict[Kind, type[AnyRow]] = {
    Kind.RATES: RateRow,
    Kind.CUSTOMERS: CustomerRow,
    Kind.ORDERS: OrderRow,
    Kind.DELIVERIES: DeliveryRow,
    Kind.INVOICES: InvoiceRow,
    Kind.PAYMENTS: PaymentRow,
}
COLUMNS: dict[Kind, tuple[Column, ...]] = {
    Kind.RATES: (
        Column("currency", Type.CURRENCY, True),
        Column("on", Type.DATE, True),
        Column("rate", Type.RATE, True),
    ),
    Kind.CUSTOMERS: (
        Column("customer", Type.CODE, True, 100),
        Column("name", Type.TEXT, True, 200),
        Column("tax_id", Type.TEXT, most=30),
        Column("tier", Type.CODE, most=1),
        Column("country", Type.TEXT, most=60),
        Column("city", Type.TEXT, most=120),
        Column("phone", Type.TEXT, most=60),
        Column("website", Type.TEXT, most=255),
        _CHANGED,
    ),
    Kind.ORDERS: (
        Column("order", Type.CODE, True, 40),
        Column("customer", Type.CODE, True, 100),
        Column("ordered_at", Type.MOMENT, True),
        Column("line", Type.WHOLE),
        Column("text", Type.TEXT, True),
        Column("quantity", Type.QUANTITY),
        Column("unit", Type.TEXT, most=20),
        Column("amount", Type.AMOUNT),
        Column("currency", Type.CURRENCY),
        Column("reference", Type.TEXT, most=80),
        Column("cancelled", Type.FLAG),
        _CHANGED,
    ),
    Kind.DELIVERIES: (
        Column("delivery", Type.CODE, True, 100),
        Column("order", Type.CODE, True, 40),
        Column("line", Type.WHOLE),
        Column("delivered_at", Type.MOMENT, True),
        Column("quantity", Type.QUANTITY),
        _CHANGED,
    ),
    Kind.INVOICES: (
        Column("invoice", Type.CODE, True, 60),
        Column("customer", Type.CODE, True, 100),
        Column("issued_on", Type.DATE, True),
        Column("due_on", Type.DATE),
        Column("currency", Type.CURRENCY),
        Column("total", Type.AMOUNT),
        Column("line", Type.WHOLE),
        Column("text", Type.TEXT, True),
        Column("amount", Type.AMOUNT, True),
        Column("order", Type.CODE, most=40),
        Column("order_line", Type.WHOLE),
        Column("cancelled", Type.FLAG),
        _CHANGED,
    ),
    Kind.PAYMENTS: (
        Column("payment", Type.CODE, True, 80),
        Column("invoice", Type.CODE, True, 60),
        Column("paid_on", Type.DATE, True),
        Column("amount", Type.AMOUNT, True),
        _CHANGED,
    ),
}
