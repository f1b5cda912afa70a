"""What somebody told the customer they will get, and when; and what contradicts what (SPEC 5)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Promise(models.Model):
    """Broken once, by a job, when the due moment passes. A renegotiated one opens a successor that keeps
    the first due date, so that nobody improves a figure by moving a date."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        KEPT = "kept", _("Kept")
        KEPT_LATE = "kept_late", _("Kept late")
        BROKEN = "broken", _("Broken")
        RENEGOTIATED = "renegotiated", _("Renegotiated")
        RELEASED = "released", _("Released by the customer")

    class Where(models.TextChoices):
        PROPOSAL = "proposal", _("Proposal")
        MAIL = "mail", _("Mail")
        MEETING = "meeting", _("Meeting")
        CALL = "call", _("Call")
        PORTAL = "portal", _("Portal")

    thread = models.ForeignKey("work.Thread", models.PROTECT, related_name="promises")
    order = models.ForeignKey("work.Order", models.PROTECT, null=True, blank=True, related_name="promises")
    deliverable = models.ForeignKey(
        "work.Deliverable", models.PROTECT, null=True, blank=True, related_name="promises"
    )
    text = models.CharField(_("what the customer will get"), max_length=300)
    criterion = models.CharField(_("kept if"), max_length=300, blank=True)
    due_at = models.DateTimeField()
    due_is_day = models.BooleanField(default=False)  # lasts to the end of that day in the delegation's zone
    first_due_at = models.DateTimeField()
    promised_by = models.ForeignKey("parties.Person", models.PROTECT, related_name="promises")
    area = models.ForeignKey("parties.Area", models.PROTECT, related_name="+")
    delegation = models.ForeignKey("parties.Delegation", models.PROTECT, related_name="+")
    contact = models.ForeignKey("parties.Contact", models.PROTECT, related_name="promises")
    where = models.CharField(_("where it was said"), max_length=8, choices=Where)
    said_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    broken_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)  # the customer was told about the broken one
    evidence = models.CharField(max_length=300, blank=True)
    predecessor = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="successor"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(state__in=["broken", "kept_late"]) | Q(broken_at__isnull=False),
                name="broken_promise_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "broken"]) | Q(settled_at__isnull=False),
                name="settled_promise_says_when",
            ),
        )
        indexes = (
            models.Index(fields=["state", "due_at"], name="promise_due"),
            models.Index(fields=["thread", "state"], name="promise_by_thread"),
        )

    def __str__(self) -> str:
        return self.text


class Contradiction(models.Model):
    """Two dates for one thing, found before the customer finds it (SPEC 5.3)."""

    class Kind(models.TextChoices):
        TWO_PROMISES = "two_promises", _("Two promised dates")
        PROMISE_AND_PLAN = "promise_plan", _("The plan ends after the promised date")
        MESSAGE_AND_PLAN = "message_plan", _("A message states another date than the plan")
        MESSAGE_AND_PROMISE = "message_promise", _("A message states another date than the promise")

    thread = models.ForeignKey("work.Thread", models.PROTECT, related_name="contradictions")
    kind = models.CharField(max_length=15, choices=Kind)
    key = models.CharField(max_length=120)  # the two sides, so that the same pair is found once
    one_type = models.CharField(max_length=40)
    one_id = models.BigIntegerField()
    one_date = models.DateTimeField()
    other_type = models.CharField(max_length=40)
    other_id = models.BigIntegerField()
    other_date = models.DateTimeField()
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_how = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["thread", "key"], name="contradiction_once"),)

    def __str__(self) -> str:
        return f"{self.kind} on {self.thread_id}"
