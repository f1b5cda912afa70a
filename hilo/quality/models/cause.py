"""Why it could happen: places in the process, whys with evidence, a catalogue. Never a person (SPEC 7.5)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CauseKind(models.Model):
    """An entry of the catalogue. The seeded ones are named by the translations of their code."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)  # empty: a seeded one
    position = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name or self.code


class Analysis(models.Model):
    """One search for causes; several cases can share it. ``owner`` leads it, and is not its subject."""

    class State(models.TextChoices):
        OPEN = "open", _("Under way")
        CONCLUDED = "concluded", _("Concluded")

    class Trigger(models.TextChoices):
        BY_HAND = "by_hand", _("Somebody began it")
        BROKEN_PROMISE = "broken", _("A promise to the customer was broken")
        ESCALATION = "escalation", _("The customer turned to management")
        CUSTOMER_FIRST = "customer", _("The customer noticed before us")
        RETURN_OR_UNPAID = "return", _("A return or an unpaid invoice out of dissatisfaction")
        SLOW = "slow", _("It took long to solve")

    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    trigger = models.CharField(max_length=10, choices=Trigger, default=Trigger.BY_HAND)
    owner = models.ForeignKey("parties.Person", models.PROTECT, related_name="led_analyses")
    what_happened = models.CharField(max_length=500)
    cause = models.ForeignKey(CauseKind, models.PROTECT, null=True, blank=True, related_name="analyses")
    conclusion = models.CharField(max_length=500, blank=True)
    # The process line with its three marks; the step as it stood in the version that was running.
    lost_at = models.ForeignKey("work.Step", models.PROTECT, null=True, blank=True, related_name="+")
    lost_at_entry = models.BooleanField(default=False)  # in the handoff into that step, not while doing it
    lost_from_area = models.ForeignKey(
        "parties.Area", models.PROTECT, null=True, blank=True, related_name="+"
    )
    visible_at = models.ForeignKey("work.Step", models.PROTECT, null=True, blank=True, related_name="+")
    seen_at = models.ForeignKey("work.Step", models.PROTECT, null=True, blank=True, related_name="+")
    lost_on = models.DateField(null=True, blank=True)
    visible_on = models.DateField(null=True, blank=True)
    seen_on = models.DateField(null=True, blank=True)
    started_at = models.DateTimeField()
    concluded_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state="open", concluded_at__isnull=True)
                | Q(state="concluded", concluded_at__isnull=False, cause__isnull=False) & ~Q(conclusion=""),
                name="concluded_analysis_names_a_cause",
            ),
            models.CheckConstraint(
                condition=Q(lost_at_entry=False) | Q(lost_at__isnull=False), name="a_border_leads_into_a_step"
            ),
        )
        indexes = (models.Index(fields=["cause", "concluded_at"], name="analysis_by_cause"),)

    def __str__(self) -> str:
        return self.conclusion or self.what_happened


class AnalysedCase(models.Model):
    analysis = models.ForeignKey(Analysis, models.PROTECT, related_name="analysed")
    case = models.OneToOneField("quality.Case", models.PROTECT, related_name="analysed")

    def __str__(self) -> str:
        return f"{self.case_id} in {self.analysis_id}"


class AnalysisArea(models.Model):
    """An area that looks for the cause together with the others (8D: the team)."""

    analysis = models.ForeignKey(Analysis, models.PROTECT, related_name="team")
    area = models.ForeignKey("parties.Area", models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["analysis", "area"], name="area_in_team_once"),)

    def __str__(self) -> str:
        return f"{self.area_id} in {self.analysis_id}"


class Why(models.Model):
    """An answer to "why?", under the one it explains. Branch A: why it happened; B: why nobody saw it."""

    analysis = models.ForeignKey(Analysis, models.PROTECT, related_name="whys")
    branch = models.CharField(max_length=1)  # A, B, C...
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="deeper")
    depth = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    evidence = models.CharField(max_length=300, blank=True)  # in words: "traspaso del 16 mar"
    evidence_type = models.CharField(max_length=40, blank=True)  # and, if it stands in Hilo, which thing
    evidence_id = models.BigIntegerField(null=True, blank=True)
    is_root = models.BooleanField(default=False)  # something we can change
    author = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("branch", "depth", "id")
        constraints = (
            models.CheckConstraint(condition=~Q(parent=F("id")), name="why_not_its_own_reason"),
            models.CheckConstraint(condition=Q(is_root=False) | ~Q(evidence=""), name="root_has_evidence"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, depth=1) | Q(parent__isnull=False, depth__gt=1),
                name="why_depth",
            ),
        )

    def __str__(self) -> str:
        return self.text
