"""One step being done for one work item, and the spans of time it is made of (SPEC 2.8)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class StepRun(models.Model):
    """``giver`` answers for it while it is planned or offered; ``holder`` once it runs. Never a limbo."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        OFFERED = "offered", _("Offered")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        SKIPPED = "skipped", _("Not needed")

    work_item = models.ForeignKey("work.WorkItem", models.PROTECT, related_name="step_runs")
    thread = models.ForeignKey("work.Thread", models.PROTECT, related_name="step_runs")
    step = models.ForeignKey("work.Step", models.PROTECT, null=True, blank=True, related_name="runs")
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()
    area = models.ForeignKey("parties.Area", models.PROTECT, related_name="step_runs")
    delegation = models.ForeignKey("parties.Delegation", models.PROTECT, related_name="step_runs")
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    holder = models.ForeignKey(
        "parties.Person", models.PROTECT, null=True, blank=True, related_name="held_step_runs"
    )
    due_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    waits_for = models.CharField(max_length=8, blank=True)  # "", "customer" or "supplier" while running
    waits_for_what = models.CharField(max_length=200, blank=True)
    reopened_count = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="running")
                | Q(holder__isnull=False, started_at__isnull=False, due_at__isnull=False),
                name="running_step_has_holder_and_due",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "skipped"]) | Q(finished_at__isnull=False),
                name="ended_step_says_when",
            ),
        )
        indexes = (
            models.Index(fields=["holder", "state", "due_at"], name="step_run_by_holder"),
            models.Index(fields=["thread", "state"], name="step_run_by_thread"),
            models.Index(fields=["state", "due_at"], name="step_run_due"),
        )

    def __str__(self) -> str:
        return self.name


class StepRunLink(models.Model):
    """The graph as it was when the work item began: a running thread stays on its version."""

    before = models.ForeignKey(StepRun, models.PROTECT, related_name="links_after")
    after = models.ForeignKey(StepRun, models.PROTECT, related_name="links_before")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["before", "after"], name="step_run_link_once"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="step_run_not_after_itself"),
        )

    def __str__(self) -> str:
        return f"{self.before_id} → {self.after_id}"


class Span(models.Model):
    """A stretch of time that is either a border's (giver and receiver together) or one area's work.

    A border span opens at the offer and closes when it is accepted, returned or withdrawn. A work span opens
    at acceptance and closes at the end or at the next offer. Nobody is charged for another's time.
    """

    class Kind(models.TextChoices):
        BORDER = "border", _("Waiting at a border")
        WORK = "work", _("Working")

    class End(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        RETURNED = "returned", _("returned")
        WITHDRAWN = "withdrawn", _("withdrawn")
        DONE = "done", _("done")
        HANDED_ON = "handed_on", _("handed on")
        SKIPPED = "skipped", _("not needed")

    thread = models.ForeignKey("work.Thread", models.PROTECT, related_name="spans")
    step_run = models.ForeignKey(StepRun, models.PROTECT, related_name="spans")
    kind = models.CharField(max_length=6, choices=Kind)
    from_area = models.ForeignKey("parties.Area", models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey("parties.Area", models.PROTECT, related_name="+")
    delegation = models.ForeignKey("parties.Delegation", models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    ended_as = models.CharField(max_length=9, choices=End, blank=True)
    # Of a returned one: when something was next offered over that border of the thread.
    offered_again_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["step_run"], condition=Q(closed_at__isnull=True), name="one_open_span_per_step_run"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, ended_as="")
                | Q(closed_at__gte=F("opened_at")) & ~Q(ended_as=""),
                name="closed_span_says_how",
            ),
            models.CheckConstraint(
                condition=Q(kind="work") | Q(from_area__isnull=False), name="border_span_has_two_sides"
            ),
            models.CheckConstraint(
                condition=Q(offered_again_at__isnull=True)
                | Q(kind="border", ended_as="returned", offered_again_at__gt=F("opened_at")),
                name="only_what_came_back_is_offered_again",
            ),
        )
        indexes = (
            models.Index(fields=["thread", "opened_at"], name="span_by_thread"),
            # Few among very many: what frays in the list of threads.
            models.Index(
                fields=["kind", "closed_at", "thread"],
                condition=Q(kind="border", closed_at__isnull=True),
                name="span_waiting",
            ),
            models.Index(
                fields=["thread"],
                condition=Q(kind="border", ended_as="returned", offered_again_at__isnull=True),
                name="span_bounced",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} span of {self.step_run_id}"
