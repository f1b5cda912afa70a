"""Orders, what the customer will receive, and what steps are run for."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Order(models.Model):
    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    thread = models.ForeignKey("work.Thread", models.PROTECT, related_name="orders")
    number = models.CharField(max_length=40)
    text = models.CharField(_("what is ordered"), max_length=300)
    customer_reference = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    placed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["thread", "number"], name="order_number_once"),)

    def __str__(self) -> str:
        return f"{self.number} {self.text}"


class OrderLine(models.Model):
    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    quantity = models.DecimalField(max_digits=12, decimal_places=3, default=1)
    unit = models.CharField(max_length=20, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, default="EUR")

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["order", "position"], name="order_line_once"),)

    def __str__(self) -> str:
        return self.text


class WorkItem(models.Model):
    """What steps are run for: a thread, an order on a supply thread, or a case has exactly one each."""

    class Kind(models.TextChoices):
        THREAD = "thread", _("Thread")
        ORDER = "order", _("Order")
        CASE = "case", _("Case")

    kind = models.CharField(max_length=6, choices=Kind)
    thread = models.ForeignKey("work.Thread", models.PROTECT, related_name="work_items")
    order = models.OneToOneField(Order, models.PROTECT, null=True, blank=True, related_name="work_item")
    template_version = models.ForeignKey(
        "work.TemplateVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["thread"], condition=Q(kind="thread"), name="one_work_item_per_thread"
            ),
            models.CheckConstraint(
                condition=Q(kind="order", order__isnull=False) | ~Q(kind="order") & Q(order__isnull=True),
                name="order_item_has_its_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} item of {self.thread_id}"


class Deliverable(models.Model):
    """What the customer will receive and accept; tacit acceptance is counted apart."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        DELIVERED = "delivered", _("Delivered, not yet accepted")
        ACCEPTED = "accepted", _("Accepted by the customer")
        TACIT = "tacit", _("Accepted tacitly")
        REFUSED = "refused", _("Refused by the customer")
        CANCELLED = "cancelled", _("No longer wanted")

    thread = models.ForeignKey("work.Thread", models.PROTECT, related_name="deliverables")
    order = models.ForeignKey(Order, models.PROTECT, null=True, blank=True, related_name="deliverables")
    order_line = models.ForeignKey(OrderLine, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("what the customer receives"), max_length=200)
    criterion = models.CharField(_("accepted if"), max_length=300, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED)
    planned_for = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    notified_at = models.DateTimeField(null=True, blank=True)  # the tacit clock runs from here
    tacit_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        "parties.Contact", models.PROTECT, null=True, blank=True, related_name="+"
    )
    evidence = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = (models.Index(fields=["state", "tacit_at"], name="deliverable_tacit_due"),)

    def __str__(self) -> str:
        return self.name
