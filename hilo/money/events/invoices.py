"""Invoices as the ERP issued them, what was paid, and rates. Texts of lines stand in their rows alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from hilo.ledger.record import Event, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceRecorded(Event):
    kind: ClassVar[str] = "invoice.recorded"
    number: str
    issued_on: date
    due_on: date | None
    currency: str
    total: Decimal
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceChanged(Event):
    kind: ClassVar[str] = "invoice.changed"
    number: str
    fields: tuple[str, ...]
    issued_on: date
    due_on: date | None
    currency: str
    total: Decimal
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicePaid(Event):
    """Nothing of it is owed any more."""

    kind: ClassVar[str] = "invoice.paid"
    number: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceUnpaid(Event):
    """It was paid and is owed again: a payment came back, or the invoice grew."""

    kind: ClassVar[str] = "invoice.unpaid"
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceCancelled(Event):
    kind: ClassVar[str] = "invoice.cancelled"
    number: str
    reason: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRecorded(Event):
    kind: ClassVar[str] = "payment.recorded"
    number: str
    invoice: int
    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentChanged(Event):
    kind: ClassVar[str] = "payment.changed"
    number: str
    invoice: int
    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSet(Event):
    kind: ClassVar[str] = "rate.set"
    currency: str
    on: date
    rate: Decimal
