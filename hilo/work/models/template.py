"""How a kind of thread is meant to run: versioned graphs of steps (SPEC 3)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hilo.work.models.thread import Thread


class Weight(models.TextChoices):
    LIGHT = "light", pgettext_lazy("weight of a step", "Light")
    FULL = "full", _("Full")


class ProcessTemplate(models.Model):
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(max_length=20, choices=Thread.Kind)
    runs_per_order = models.BooleanField(default=False)  # instantiated for each order on a supply thread
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name


class TemplateVersion(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        RETIRED = "retired", _("Retired")

    template = models.ForeignKey(ProcessTemplate, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["template", "number"], name="template_number_once"),
            models.UniqueConstraint(
                fields=["template"], condition=Q(state="published"), name="one_published_version"
            ),
        )

    def __str__(self) -> str:
        return f"{self.template} v{self.number}"


class Step(models.Model):
    """One step of a version. ``needs`` is what the receiving area must get: [{key, text, required}]."""

    class Value(models.TextChoices):
        CUSTOMER = "customer", _("Value for the customer")
        OURS = "ours", _("Needed by us")
        WASTE = "waste", _("Waste")

    class Finishes(models.TextChoices):
        BY_HAND = "by_hand", _("When its holder says so")
        ON_DATE = "on_date", _("On the accepted date, unless somebody says otherwise")

    template_version = models.ForeignKey(TemplateVersion, models.PROTECT, related_name="steps")
    key = models.SlugField(max_length=40)
    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField()
    area = models.ForeignKey("parties.Area", models.PROTECT, related_name="+")
    answerable = models.CharField(_("who answers"), max_length=120, blank=True)
    consulted = models.JSONField(default=list)  # area codes
    informed = models.JSONField(default=list)
    entry_checklist = models.JSONField(default=list)
    exit_checklist = models.JSONField(default=list)
    needs = models.JSONField(default=list)
    advice_hints = models.JSONField(default=list)  # what to think of when advising on this step: texts
    target_minutes = models.PositiveIntegerField()  # business time
    value = models.CharField(max_length=8, choices=Value, default=Value.CUSTOMER)
    touches_customer = models.BooleanField(default=False)
    is_joint_look = models.BooleanField(default=False)  # 3.4: must end before anything is promised
    delivers = models.BooleanField(default=False)  # finishing it delivers the deliverables
    weight = models.CharField(max_length=5, choices=Weight, default=Weight.FULL)
    finishes = models.CharField(max_length=7, choices=Finishes, default=Finishes.BY_HAND)

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["template_version", "key"], name="step_key_once"),)

    def __str__(self) -> str:
        return self.name


class StepLink(models.Model):
    """``after`` may begin once every step before it is over."""

    before = models.ForeignKey(Step, models.CASCADE, related_name="links_after")
    after = models.ForeignKey(Step, models.CASCADE, related_name="links_before")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["before", "after"], name="step_link_once"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="step_not_after_itself"),
        )

    def __str__(self) -> str:
        return f"{self.before_id} → {self.after_id}"
