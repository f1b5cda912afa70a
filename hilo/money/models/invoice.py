"""Invoices, their lines and payments, read-only from the ERP; and dated rates into the reporting currency."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Invoice(models.Model):
    """Hilo links and checks invoices; it does not issue fiscal ones (DOMAIN 5)."""

    class State(models.TextChoices):
        ISSUED = "issued", _("Issued")
        PAID = "paid", _("Paid")
        CANCELLED = "cancelled", pgettext_lazy("invoice", "Cancelled")

    number = models.CharField(max_length=60)
    customer = models.ForeignKey("parties.Customer", models.PROTECT, related_name="invoices")
    thread = models.ForeignKey("work.Thread", models.PROTECT, null=True, blank=True, related_name="invoices")
    issued_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    total = models.DecimalField(max_digits=14, decimal_places=2)
    paid = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    state = models.CharField(max_length=9, choices=State, default=State.ISSUED)
    source = models.CharField(max_length=40)  # which system issued it
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "number"], name="invoice_number_once"),)
        indexes = (models.Index(fields=["customer", "issued_on"], name="invoice_by_customer"),)

    def __str__(self) -> str:
        return self.number


class InvoiceLine(models.Model):
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    order_line = models.ForeignKey(
        "work.OrderLine", models.PROTECT, null=True, blank=True, related_name="invoice_lines"
    )

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["invoice", "position"], name="invoice_line_once"),)

    def __str__(self) -> str:
        return self.text


class Payment(models.Model):
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="payments")
    reference = models.CharField(max_length=80)
    paid_on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["invoice", "reference"], name="payment_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="payment_is_something"),
        )

    def __str__(self) -> str:
        return f"{self.amount} of {self.invoice_id}"


class Rate(models.Model):
    """One unit of ``currency`` in the company's reporting currency from that day on."""

    currency = models.CharField(max_length=3)
    on = models.DateField()
    rate = models.DecimalField(max_digits=14, decimal_places=6)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["currency", "on"], name="rate_once_a_day"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_is_positive"),
        )

    def __str__(self) -> str:
        return f"{self.currency} {self.on}"
