"""A case: what went wrong (or nearly), what the customer wants back, and how far its repair has come."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(models.TextChoices):
    """Of impact, of urgency, and of the severity that the policy makes of both."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


class Stage(models.TextChoices):
    """How far it has come (ISO 10002). A case nobody outside knows of skips what is told to the customer."""

    RECEIVED = "received", _("Received")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    ASSESSED = "assessed", _("Assessed")
    INVESTIGATING = "investigating", _("Investigating")
    RESPONDED = "responded", pgettext_lazy("stage of a case", "Answered")
    DECIDED = "decided", pgettext_lazy("stage of a case", "Decided")
    CLOSED = "closed", pgettext_lazy("stage of a case", "Closed")


class Case(models.Model):
    """It lives on one thread and may touch others. ``work_item`` carries one StepRun per area at work on it.

    There is no field for who did it: a case is about a place in the process (SPEC 7.5). ``owner`` answers
    for the repair, ``author`` wrote it down.
    """

    class Kind(models.TextChoices):
        INCIDENT = "incident", _("Incident")
        COMPLAINT = "complaint", _("Complaint")
        RETURN = "return", pgettext_lazy("kind of case", "Return")
        NONPAYMENT = "nonpayment", _("Unpaid invoice")
        QUERY = "query", _("Query")
        SUGGESTION = "suggestion", _("Suggestion")
        NEAR_MISS = "near_miss", _("Near miss")

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("Yes, as asked")
        PARTLY = "partly", _("In part")
        NOT_UPHELD = "not_upheld", _("No, and why")

    # What counts as a failure towards the customer: the second one on a thread goes to the director.
    ANSWERED_ENOUGH = (Kind.QUERY, Kind.SUGGESTION)  # closed by our answer: there is no solution to verify
    FAILURES = (Kind.INCIDENT, Kind.COMPLAINT, Kind.RETURN, Kind.NONPAYMENT)

    code = models.CharField(max_length=20, unique=True)  # R-2026-031
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(_("what happens"), max_length=200)
    text = models.TextField(blank=True)
    thread = models.ForeignKey("work.Thread", models.PROTECT, related_name="cases")
    work_item = models.OneToOneField("work.WorkItem", models.PROTECT, related_name="case")
    delegation = models.ForeignKey("parties.Delegation", models.PROTECT, related_name="cases")
    area = models.ForeignKey("parties.Area", models.PROTECT, related_name="cases")  # whose hours count
    owner = models.ForeignKey("parties.Person", models.PROTECT, related_name="owned_cases")
    author = models.ForeignKey("parties.Person", models.PROTECT, null=True, blank=True, related_name="+")
    contact = models.ForeignKey(
        "parties.Contact", models.PROTECT, null=True, blank=True, related_name="cases"
    )
    remedy = models.TextField(_("what the customer asks for"), blank=True)  # in their words
    customer_knows = models.BooleanField(default=True)  # False: nobody outside has seen it yet
    found_by_us = models.BooleanField(default=False)  # we found it before the customer did
    same_failure_as = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="others_of_failure"
    )  # one failure, several customers: the other case carries the areas' work

    impact = models.CharField(_("impact"), max_length=6, choices=Level)
    urgency = models.CharField(_("urgency"), max_length=6, choices=Level)
    severity = models.CharField(max_length=6, choices=Level)
    policy = models.ForeignKey("quality.CasePolicy", models.PROTECT, related_name="+")

    stage = models.CharField(max_length=13, choices=Stage, default=Stage.RECEIVED)
    received_at = models.DateTimeField()  # when the customer told us, or we saw it
    closed_at = models.DateTimeField(null=True, blank=True)
    containment = models.CharField(_("meanwhile"), max_length=500, blank=True)
    solution = models.TextField(_("what was done"), blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)  # the customer says it is solved
    verified_by = models.ForeignKey(
        "parties.Contact", models.PROTECT, null=True, blank=True, related_name="+"
    )
    verified_how = models.CharField(max_length=300, blank=True)
    refused_count = models.PositiveSmallIntegerField(default=0)  # solutions the customer did not accept
    reopened_count = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(stage="closed", closed_at__isnull=False)
                | ~Q(stage="closed") & Q(closed_at__isnull=True),
                name="closed_case_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(stage="closed")
                | Q(customer_knows=False)
                | Q(kind__in=["query", "suggestion"])
                | Q(verified_at__isnull=False) & ~Q(outcome=""),
                name="closed_case_is_verified_and_decided",
            ),
            models.CheckConstraint(
                condition=Q(customer_knows=False) | Q(contact__isnull=False),
                name="case_the_customer_knows_has_a_contact",
            ),
            models.CheckConstraint(
                condition=~Q(kind="near_miss") | Q(found_by_us=True), name="near_miss_is_found_by_us"
            ),
            models.CheckConstraint(
                condition=Q(customer_knows=True) | Q(found_by_us=True),
                name="what_nobody_outside_knows_we_found",
            ),
            models.CheckConstraint(condition=~Q(same_failure_as=F("id")), name="case_not_its_own_failure"),
        )
        indexes = (
            models.Index(fields=["stage", "received_at"], name="case_by_stage"),
            models.Index(fields=["thread", "stage"], name="case_by_thread"),
            models.Index(fields=["owner", "stage"], name="case_by_owner"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def is_open(self) -> bool:
        return self.stage != Stage.CLOSED


class CaseStage(models.Model):
    """A stage reached: when it truly was, and who wrote it down. Reopening begins a new ``run``."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="stages")
    stage = models.CharField(max_length=13, choices=Stage)
    run = models.PositiveSmallIntegerField(default=1)
    reached_at = models.DateTimeField()
    author = models.ForeignKey("parties.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("reached_at", "id")
        constraints = (models.UniqueConstraint(fields=["case", "stage", "run"], name="stage_once_per_run"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.stage}"


class CaseThread(models.Model):
    """Another thread that the case touches; the archive of that one waits for it as well."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="also_on")
    thread = models.ForeignKey("work.Thread", models.PROTECT, related_name="touched_by_cases")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "thread"], name="case_touches_thread_once"),)

    def __str__(self) -> str:
        return f"{self.case_id} touches {self.thread_id}"


class CaseLink(models.Model):
    """What the case is about or brought about: order line, invoice line, promise, handoff, requirement.

    By type and id, as in the ledger: invoices live in a package above this one.
    """

    class As(models.TextChoices):
        ABOUT = "about", _("it is about this")
        RECOVERY = "recovery", _("promised to make up for it")

    case = models.ForeignKey(Case, models.PROTECT, related_name="links")
    type = models.CharField(max_length=40)  # "order_line", "invoice_line", "promise", ...
    object_id = models.BigIntegerField()
    qualifier = models.CharField(max_length=10, choices=As, default=As.ABOUT)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "type", "object_id"], name="case_link_once"),)
        indexes = (models.Index(fields=["type", "object_id"], name="case_link_of"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.qualifier} {self.type}:{self.object_id}"


class CaseUpdate(models.Model):
    """A message to the customer that was said about this case."""

    class Tone(models.TextChoices):
        RECEIPT = "receipt", _("We have it")
        PROGRESS = "progress", _("There is progress")
        STILL = "still", _("We are still on it")
        BAD_NEWS = "bad_news", _("Bad news")
        ANSWER = "answer", _("Our answer")
        DECISION = "decision", _("The decision")

    case = models.ForeignKey(Case, models.PROTECT, related_name="updates")
    update = models.OneToOneField("work.Update", models.PROTECT, related_name="of_case")
    tone = models.CharField(max_length=8, choices=Tone)

    def __str__(self) -> str:
        return f"update {self.update_id} about {self.case_id}"


class Escalation(models.Model):
    """The customer went over somebody's head, or a second failure went to the director by itself (7.4).

    ``owner`` is the manager who took it; what they promised there are promises linked as recovery.
    """

    class Why(models.TextChoices):
        CUSTOMER = "customer", _("The customer turned to management")
        SECOND_FAILURE = "second", _("The second failure on one thread")

    thread = models.ForeignKey("work.Thread", models.PROTECT, related_name="escalations")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="escalations")
    why = models.CharField(max_length=8, choices=Why)
    owner = models.ForeignKey("parties.Person", models.PROTECT, null=True, blank=True, related_name="+")
    author = models.ForeignKey("parties.Person", models.PROTECT, null=True, blank=True, related_name="+")
    contact = models.ForeignKey("parties.Contact", models.PROTECT, null=True, blank=True, related_name="+")
    text = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["case"], condition=Q(why="second"), name="second_failure_told_once_per_case"
            ),
            models.CheckConstraint(
                condition=~Q(why="customer") | Q(contact__isnull=False, owner__isnull=False) & ~Q(text=""),
                name="customers_escalation_says_who_to_whom_and_what",
            ),
        )
        indexes = (models.Index(fields=["thread", "at"], name="escalation_by_thread"),)

    def __str__(self) -> str:
        return f"escalation {self.why} on {self.thread_id}"
