"""What changes so that it cannot happen again, whether that worked, and where the lesson is kept."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CorrectiveAction(models.Model):
    """``owner`` does it, ``checker`` is somebody else. It is watched for ``window_days`` or until so many
    exposures, whichever comes later; then the checker judges it by what recurred in the ledger."""

    class Kind(models.TextChoices):
        CORRECTIVE = "corrective", _("Corrective")
        PREVENTIVE = "preventive", _("Preventive")

    class State(models.TextChoices):
        OPEN = "open", _("To be done")
        WATCHING = "watching", _("Done, being watched")
        TO_JUDGE = "to_judge", _("To be judged")
        EFFECTIVE = "effective", _("It works")
        DROPPED = "dropped", _("Dropped")

    class Metric(models.TextChoices):
        RECURRENCES = "recurrences", _("cases with the same cause at the same place")
        CAUSE = "cause", _("cases with the same cause anywhere")
        MISSING_ITEMS = "missing", _("handoffs between these areas with something marked missing")

    analysis = models.ForeignKey("quality.Analysis", models.PROTECT, related_name="actions")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.CORRECTIVE)
    text = models.CharField(_("what changes"), max_length=300)
    owner = models.ForeignKey("parties.Person", models.PROTECT, related_name="owned_actions")
    checker = models.ForeignKey("parties.Person", models.PROTECT, related_name="checked_actions")
    area = models.ForeignKey("parties.Area", models.PROTECT, related_name="+")
    criterion = models.CharField(_("it works if"), max_length=300)
    metric = models.CharField(max_length=11, choices=Metric, default=Metric.RECURRENCES)
    allowed = models.PositiveSmallIntegerField(default=0)  # so many are still called working
    window_days = models.PositiveSmallIntegerField(default=90)
    window_exposures = models.PositiveSmallIntegerField(default=20)
    due_at = models.DateTimeField()
    first_due_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    done_at = models.DateTimeField(null=True, blank=True)
    done_how = models.CharField(max_length=300, blank=True)
    to_judge_at = models.DateTimeField(null=True, blank=True)  # the window ended
    judged_at = models.DateTimeField(null=True, blank=True)
    recurrences = models.PositiveIntegerField(null=True, blank=True)  # as counted when it was judged
    exposures = models.PositiveIntegerField(null=True, blank=True)
    judgement = models.CharField(max_length=300, blank=True)
    reopened_count = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(checker=F("owner")), name="checker_is_not_the_owner"),
            models.CheckConstraint(
                condition=~Q(state__in=["watching", "to_judge", "effective"]) | Q(done_at__isnull=False),
                name="watched_action_was_done",
            ),
            models.CheckConstraint(
                condition=~Q(state="effective")
                | Q(judged_at__isnull=False, recurrences__isnull=False, exposures__isnull=False),
                name="effective_action_was_counted",
            ),
            models.CheckConstraint(condition=~Q(criterion=""), name="action_has_a_criterion"),
        )
        indexes = (
            models.Index(fields=["owner", "state", "due_at"], name="action_by_owner"),
            models.Index(fields=["checker", "state"], name="action_by_checker"),
        )

    def __str__(self) -> str:
        return self.text


class ActionExtension(models.Model):
    """A later date is a decision of its own, with its reason; the first date stays on record."""

    action = models.ForeignKey(CorrectiveAction, models.PROTECT, related_name="extensions")
    old = models.DateTimeField()
    new = models.DateTimeField()
    reason = models.CharField(max_length=300)
    author = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="extension_says_why"),
            models.CheckConstraint(condition=Q(new__gt=F("old")), name="extension_is_later"),
        )

    def __str__(self) -> str:
        return f"{self.action_id} until {self.new}"


class Lesson(models.Model):
    """A line in the next draft of a process, with the story it comes from (SPEC 7.7).

    In a list it stands under ``key``; whoever meets the line finds the case by it.
    """

    class Where(models.TextChoices):
        HANDOFF = "needs", _("Handoff checklist")
        EXIT = "exit_checklist", _("Exit of the step")
        ADVICE = "advice", _("Hint for advice")

    analysis = models.ForeignKey("quality.Analysis", models.PROTECT, related_name="lessons")
    where = models.CharField(max_length=14, choices=Where)
    template = models.ForeignKey("work.ProcessTemplate", models.PROTECT, related_name="+")
    step_key = models.SlugField(max_length=40)
    key = models.SlugField(max_length=60, unique=True)  # leccion-12
    text = models.CharField(max_length=200)
    draft = models.ForeignKey("work.TemplateVersion", models.PROTECT, related_name="+")
    author = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text
