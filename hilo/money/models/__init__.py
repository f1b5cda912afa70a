"""Invoices, payments, rates."""

from hilo.money.models.invoice import Invoice, InvoiceLine, Payment, Rate

__all__ = ["Invoice", "InvoiceLine", "Payment", "Rate"]
