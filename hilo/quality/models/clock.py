"""The clocks of a case: what each may take by policy or law, its runs, its pauses, whom lateness reached."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hilo.quality.models.case import Case, Level


class CasePolicy(models.Model):
    """One version of the company's case policy; the highest number is in force for new cases.

    A case keeps the version it was opened under. ``severity`` says what impact and urgency make together:
    ``{"high:low": "medium", …}``.
    """

    number = models.PositiveIntegerField(unique=True)
    severity = models.JSONField()
    second_failure_days = models.PositiveSmallIntegerField(default=365)  # a failure so long after is a first
    stuck_working_days = models.PositiveSmallIntegerField(default=15)
    slow_factor = models.PositiveSmallIntegerField(
        default=2
    )  # so many times its target: a cause is looked for
    # When a search for causes begins by itself, and by when it should have found one.
    cause_working_days = models.PositiveSmallIntegerField(default=10)
    customer_first_severity = models.CharField(max_length=6, choices=Level, default=Level.HIGH)
    case_on_broken_promise = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    author = models.ForeignKey("parties.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"case policy {self.number}"


class PolicyRule(models.Model):
    """For one severity and customer tier, in business minutes of the case's area and delegation."""

    policy = models.ForeignKey(CasePolicy, models.CASCADE, related_name="rules")
    severity = models.CharField(max_length=6, choices=Level)
    tier = models.CharField(max_length=1)
    acknowledge_minutes = models.PositiveIntegerField()
    response_minutes = models.PositiveIntegerField()
    news_minutes = models.PositiveIntegerField()  # in the owner's business time
    head_after_minutes = models.PositiveIntegerField()  # overdue for so long: the area head
    director_after_minutes = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["policy", "severity", "tier"], name="policy_rule_once"),
            models.CheckConstraint(
                condition=Q(director_after_minutes__gte=F("head_after_minutes")),
                name="director_after_the_head",
            ),
        )

    def __str__(self) -> str:
        return f"{self.policy_id}: {self.severity} {self.tier}"


class LegalDeadline(models.Model):
    """What law or contract sets, by kind of customer and of case (DOMAIN 6). Nobody can pause it."""

    class Unit(models.TextChoices):
        WORKING_DAYS = "working", _("working days")
        DAYS = "days", _("days")

    customer_kind = models.CharField(max_length=10)  # parties.Customer.Kind
    case_kind = models.CharField(max_length=10, choices=Case.Kind, blank=True)  # empty: every kind
    days = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=7, choices=Unit, default=Unit.WORKING_DAYS)
    source = models.CharField(max_length=200)  # "Ley 10/2025, art. …"
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["customer_kind", "case_kind"], name="legal_deadline_once"),
        )

    def __str__(self) -> str:
        return f"{self.customer_kind} {self.case_kind}: {self.days} {self.unit}"


class ClockRun(models.Model):
    """One run of a clock of a case; reopening begins the next. While it runs, its due moment is computed on
    reading; stopped, it stays as it was, whatever calendars and policies become."""

    class Clock(models.TextChoices):
        ACKNOWLEDGE = "acknowledge", _("Acknowledgement")
        RESPONSE = "response", _("Response")
        LEGAL = "legal", _("Legal deadline")

    case = models.ForeignKey(Case, models.PROTECT, related_name="clock_runs")
    clock = models.CharField(max_length=11, choices=Clock)
    run = models.PositiveSmallIntegerField(default=1)
    deadline = models.ForeignKey(LegalDeadline, models.PROTECT, null=True, blank=True, related_name="runs")
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)  # frozen when it stops
    used_minutes = models.PositiveIntegerField(null=True, blank=True)
    was_late = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "clock", "run"], name="clock_run_once"),
            models.UniqueConstraint(
                fields=["case", "clock"], condition=Q(stopped_at__isnull=True), name="one_running_clock_each"
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, due_at__isnull=True, was_late__isnull=True)
                | Q(
                    stopped_at__isnull=False,
                    due_at__isnull=False,
                    used_minutes__isnull=False,
                    was_late__isnull=False,
                ),
                name="stopped_clock_is_frozen",
            ),
            models.CheckConstraint(
                condition=Q(clock="legal", deadline__isnull=False)
                | ~Q(clock="legal") & Q(deadline__isnull=True),
                name="legal_clock_has_its_deadline",
            ),
        )

    def __str__(self) -> str:
        return f"{self.clock} {self.run} of {self.case_id}"


class ClockPause(models.Model):
    """The response clock stands still: who, why, until when. It goes on by itself at ``until``."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="clock_pauses")
    author = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    paused_at = models.DateTimeField()
    until = models.DateTimeField()
    resumed_at = models.DateTimeField(null=True, blank=True)  # before ``until``, by hand or because it ended

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="clock_pause_says_why"),
            models.CheckConstraint(condition=Q(until__gt=F("paused_at")), name="clock_pause_ends_later"),
            models.CheckConstraint(
                condition=Q(resumed_at__isnull=True) | Q(resumed_at__gte=F("paused_at")),
                name="clock_resumes_after_the_pause",
            ),
        )
        ordering = ("paused_at",)

    def __str__(self) -> str:
        return f"pause of {self.case_id} until {self.until}"


class Rung(models.Model):
    """A late clock reached somebody: the owner, the area head, the director. Each once, whatever happens.

    ``key`` names the very lateness: ``response:2`` is the second run, ``news:2026-11-24T13:00:00+00:00`` the
    date the customer was told.
    """

    class Step(models.TextChoices):
        OWNER = "owner", _("Who answers for it")
        HEAD = "head", _("Area head")
        DIRECTOR = "director", _("Director")

    case = models.ForeignKey(Case, models.PROTECT, related_name="rungs")
    key = models.CharField(max_length=60)
    step = models.CharField(max_length=8, choices=Step)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "key", "step"], name="rung_climbed_once"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.key} {self.step}"
