"""The plan of a thread as its people handle it: dates moved, moments to look in, the calendar outside."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PlanMove(models.Model):
    """A date that somebody moved on the map, and every date that moved with it: what undoing puts back.

    ``dates`` is [[step run, old or null, new], ...] in ISO; the step moved by hand comes first.
    """

    thread = models.ForeignKey("work.Thread", models.PROTECT, related_name="plan_moves")
    work_item = models.ForeignKey("work.WorkItem", models.PROTECT, related_name="plan_moves")
    step_run = models.ForeignKey("work.StepRun", models.PROTECT, related_name="plan_moves")
    dates = models.JSONField()
    reason = models.CharField(max_length=300, blank=True)
    moved_by = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    moved_at = models.DateTimeField()
    reserve_use = models.OneToOneField(
        "work.ReserveUse", models.SET_NULL, null=True, blank=True, related_name="plan_move"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = (models.Index(fields=["work_item", "-moved_at"], name="plan_move_newest"),)

    def __str__(self) -> str:
        return f"{self.step_run_id} moved"


class ReviewMoment(models.Model):
    """When the owner looks in on what others have in hand (SPEC 2.2, 10.4): always the owner's of today.

    ``changed_at`` and ``version`` are what a calendar outside knows it by: DTSTAMP and SEQUENCE.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    thread = models.ForeignKey("work.Thread", models.PROTECT, related_name="reviews")
    step_run = models.ForeignKey(
        "work.StepRun", models.PROTECT, null=True, blank=True, related_name="reviews"
    )
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    text = models.CharField(_("what to look at"), max_length=200)
    starts_at = models.DateTimeField(_("when"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=30)
    with_customer = models.BooleanField(_("with the customer"), default=False)
    planned_by = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED)
    settled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("starts_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state="planned", settled_at__isnull=True)
                | ~Q(state="planned") & Q(settled_at__isnull=False),
                name="settled_review_says_when",
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="review_takes_time"),
        )
        indexes = (models.Index(fields=["state", "starts_at"], name="review_by_state"),)

    def __str__(self) -> str:
        return self.text


class CalendarAddress(models.Model):
    """The secret address at which a person's reviews stand for their calendar; only a digest is kept."""

    person = models.ForeignKey("parties.Person", models.PROTECT, related_name="calendar_addresses")
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person"], condition=Q(revoked_at__isnull=True), name="one_calendar_address"
            ),
        )

    def __str__(self) -> str:
        return f"calendar of {self.person_id}"
