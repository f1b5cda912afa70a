"""A step moving from one area or person to the next, with what the receiver needs (SPEC 4)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hilo.work.models.template import Weight


class Handoff(models.Model):
    """Work that one side offers to the next; until it is accepted the giver answers for it.

    Within an area (``is_within_area``) it names a colleague and is accepted by starting on it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Being prepared")
        OFFERED = "offered", _("Offered")
        CONDITIONAL = "conditional", _("Accepted with conditions, to be confirmed")
        ACCEPTED = "accepted", _("Accepted")
        RETURNED = "returned", _("Returned")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Reason(models.TextChoices):
        GAPS = "gaps", _("Something is missing")
        NOT_FEASIBLE = "not_feasible", _("It cannot be done like this")
        NOT_OURS = "not_ours", _("It is not ours")
        NO_CAPACITY = "no_capacity", _("We have no capacity by then")

    OPEN_STATES = (State.DRAFT, State.OFFERED, State.CONDITIONAL)

    thread = models.ForeignKey("work.Thread", models.PROTECT, related_name="handoffs")
    step_run = models.ForeignKey("work.StepRun", models.PROTECT, related_name="handoffs")
    attempt = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=11, choices=State, default=State.DRAFT)
    weight = models.CharField(max_length=5, choices=Weight, default=Weight.FULL)
    is_within_area = models.BooleanField(default=False)
    giver = models.ForeignKey("parties.Person", models.PROTECT, related_name="given_handoffs")
    from_area = models.ForeignKey("parties.Area", models.PROTECT, related_name="+")
    from_delegation = models.ForeignKey("parties.Delegation", models.PROTECT, related_name="+")
    to_area = models.ForeignKey("parties.Area", models.PROTECT, related_name="incoming_handoffs")
    to_delegation = models.ForeignKey("parties.Delegation", models.PROTECT, related_name="+")
    to_person = models.ForeignKey(
        "parties.Person", models.PROTECT, null=True, blank=True, related_name="incoming_handoffs"
    )
    ask = models.CharField(_("what is asked"), max_length=500, blank=True)
    proposed_due = models.DateTimeField()
    created_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True)  # half of the response time
    respond_by = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("parties.Person", models.PROTECT, null=True, blank=True, related_name="+")
    read_back = models.CharField(max_length=500, blank=True)
    accepted_due = models.DateTimeField(null=True, blank=True)
    conditions = models.CharField(max_length=500, blank=True)
    condition_hours = models.DecimalField(max_digits=7, decimal_places=1, null=True, blank=True)
    return_reason = models.CharField(max_length=12, choices=Reason, blank=True)
    return_comment = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["step_run"],
                condition=Q(state__in=["draft", "offered", "conditional"]),
                name="one_open_offer_per_step_run",
            ),
            models.UniqueConstraint(fields=["step_run", "attempt"], name="handoff_attempt_once"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"])
                | Q(offered_at__isnull=False, respond_by__isnull=False),
                name="offer_has_its_clock",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(return_reason=""), name="return_has_a_reason"
            ),
        )
        indexes = (
            models.Index(fields=["to_area", "state", "respond_by"], name="handoff_by_receiver"),
            models.Index(fields=["giver", "state"], name="handoff_by_giver"),
            models.Index(fields=["state", "respond_by"], name="handoff_clock"),
        )

    def __str__(self) -> str:
        return f"handoff {self.pk} of {self.step_run_id}"


class HandoffItem(models.Model):
    """One thing the receiver needs: complete, explained, or missing. After acceptance it can be marked."""

    class State(models.TextChoices):
        MISSING = "missing", _("Missing")
        COMPLETE = "complete", _("Complete")
        EXPLAINED = "explained", _("Explained")

    handoff = models.ForeignKey(Handoff, models.PROTECT, related_name="items")
    key = models.SlugField(max_length=60)
    text = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.MISSING)
    explanation = models.CharField(max_length=300, blank=True)
    document_version = models.ForeignKey(
        "work.DocumentVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    prevents_start = models.BooleanField(default=False)  # named by the receiver when returning
    marked_missing_at = models.DateTimeField(null=True, blank=True)  # found missing after acceptance

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=["handoff", "key"], name="handoff_item_once"),
            models.CheckConstraint(
                condition=~Q(state="explained") | ~Q(explanation=""), name="explained_item_says_why"
            ),
        )

    def __str__(self) -> str:
        return self.text


class OwnershipTransfer(models.Model):
    """Ownership moves only when the new owner accepts; until then the old one holds it (SPEC 2.2)."""

    class State(models.TextChoices):
        OFFERED = "offered", _("Offered")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    thread = models.ForeignKey("work.Thread", models.PROTECT, related_name="ownership_transfers")
    from_person = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    to_person = models.ForeignKey("parties.Person", models.PROTECT, related_name="offered_threads")
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=9, choices=State, default=State.OFFERED)
    offered_at = models.DateTimeField()
    respond_by = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_comment = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["thread"], condition=Q(state="offered"), name="one_open_transfer_per_thread"
            ),
        )
        indexes = (models.Index(fields=["to_person", "state"], name="transfer_by_receiver"),)

    def __str__(self) -> str:
        return f"ownership of {self.thread_id}"
