"""Areas, delegations, their working calendars, and the company's own numbers."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class WorkCalendar(models.Model):
    """A working timetable with holidays; its rules stand in versions, so that a closed clock never moves."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name


class CalendarVersion(models.Model):
    """The rules as ``businesstime.CalendarRules.to_dict()``; the highest number is in force."""

    calendar = models.ForeignKey(WorkCalendar, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    rules = models.JSONField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("parties.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["calendar", "number"], name="calendar_number_once"),)

    def __str__(self) -> str:
        return f"{self.calendar} v{self.number}"


class Delegation(models.Model):
    """A branch or site. It limits who acts, never who sees (SPEC 14.1)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    zone = models.CharField(_("time zone"), max_length=60, default="Europe/Madrid")
    country = models.CharField(_("country"), max_length=2, default="ES")
    region = models.CharField(_("region"), max_length=10, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    calendar = models.ForeignKey(WorkCalendar, models.PROTECT, related_name="delegations")
    closed_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Area(models.Model):
    """A department. An area that ends keeps its past; its open work passes to its successors."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    sees_money = models.BooleanField(_("sees money"), default=False)
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="area_ends_after_start",
            ),
        )

    def __str__(self) -> str:
        return self.name


class AreaSuccession(models.Model):
    """Open work of ``predecessor`` passed to ``successor`` that day; a split has several rows."""

    predecessor = models.ForeignKey(Area, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Area, models.PROTECT, related_name="inherited")
    on = models.DateField()
    takes_open_work = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="succession_to_another"),
            models.UniqueConstraint(
                fields=["predecessor"],
                condition=Q(takes_open_work=True),
                name="one_successor_takes_open_work",
            ),
        )

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class AreaCalendar(models.Model):
    """An area that keeps other hours than its delegation (Production's shifts)."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="own_calendars")
    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="area_calendars")
    calendar = models.ForeignKey(WorkCalendar, models.PROTECT, related_name="areas")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["area", "delegation"], name="one_calendar_per_area_and_site"),
        )

    def __str__(self) -> str:
        return f"{self.area}, {self.delegation}"


class CompanyPolicy(models.Model):
    """The company's own numbers, one row. Every number a policy or law sets has its default here."""

    name = models.CharField(_("company name"), max_length=200, blank=True)
    currency = models.CharField(_("reporting currency"), max_length=3, default="EUR")
    light_response_minutes = models.PositiveIntegerField(default=240)
    full_response_minutes = models.PositiveIntegerField(default=480)
    news_working_days = models.PositiveSmallIntegerField(default=5)
    urgent_news_working_days = models.PositiveSmallIntegerField(default=2)
    tacit_acceptance_working_days = models.PositiveSmallIntegerField(default=10)
    survey_quiet_days = models.PositiveSmallIntegerField(default=90)
    interruptions_per_day = models.PositiveSmallIntegerField(default=3)
    invitation_hours = models.PositiveSmallIntegerField(default=72)
    session_idle_days = models.PositiveSmallIntegerField(default=14)
    default_reserve_share = models.PositiveSmallIntegerField(default=15)  # % of the planned time
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="one_company_policy"),)

    def __str__(self) -> str:
        return self.name or "policy"
