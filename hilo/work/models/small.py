"""Small things that must not be forgotten: loose ends, asks between areas, requirements."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class LooseEnd(models.Model):
    """A small doubt in one line; it has an owner and a date like everything else (SPEC 2.6)."""

    thread = models.ForeignKey("work.Thread", models.PROTECT, related_name="loose_ends")
    text = models.CharField(max_length=300)
    owner = models.ForeignKey("parties.Person", models.PROTECT, related_name="loose_ends")
    due_at = models.DateTimeField()
    pinned_by = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    pinned_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | ~Q(outcome=""), name="settled_loose_end_says_how"
            ),
        )
        indexes = (models.Index(fields=["owner", "settled_at"], name="loose_end_by_owner"),)

    def __str__(self) -> str:
        return self.text


class Ask(models.Model):
    """What one area needs from another, exactly what, why, by when (SPEC 9.4)."""

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        COUNTERED = "countered", _("Another date proposed")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        DONE = "done", _("Done")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    UNSETTLED = (State.OPEN, State.COUNTERED, State.ACCEPTED)

    thread = models.ForeignKey("work.Thread", models.PROTECT, related_name="asks")
    asker = models.ForeignKey("parties.Person", models.PROTECT, related_name="asks_made")
    from_area = models.ForeignKey("parties.Area", models.PROTECT, related_name="asks_made")
    to_area = models.ForeignKey("parties.Area", models.PROTECT, related_name="asks_received")
    to_delegation = models.ForeignKey("parties.Delegation", models.PROTECT, related_name="+")
    taker = models.ForeignKey(
        "parties.Person", models.PROTECT, null=True, blank=True, related_name="asks_taken"
    )
    what = models.CharField(max_length=300)
    why = models.CharField(max_length=300)
    due_at = models.DateTimeField()
    counter_due = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(answer=""), name="declined_ask_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state="countered") | Q(counter_due__isnull=False),
                name="countered_ask_has_a_date",
            ),
        )
        indexes = (models.Index(fields=["to_area", "state", "due_at"], name="ask_by_receiver"),)

    def __str__(self) -> str:
        return self.what


class Requirement(models.Model):
    """What the customer asks for, as text; advice comes with a later module."""

    thread = models.ForeignKey("work.Thread", models.PROTECT, related_name="requirements")
    text = models.CharField(max_length=500)
    contact = models.ForeignKey("parties.Contact", models.PROTECT, null=True, blank=True, related_name="+")
    author = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    stated_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.text
