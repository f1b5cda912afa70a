"""The thread: one engagement with one customer, from the first requirement to the archive."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class TurnOf(models.TextChoices):
    """Whose action is awaited (SPEC 0, Turn)."""

    AREA = "area", _("an area of ours")
    CUSTOMER = "customer", _("the customer")
    SUPPLIER = "supplier", _("a supplier")
    NOBODY = "nobody", _("nobody: it is paused")


class Thread(models.Model):
    """While open (or paused) it ALWAYS has an owner, a next step and a next news date: the database says so.

    ``next_*`` and ``turn_*`` are derived by ``work.settling.settle`` in the transaction of every change, kept
    here because lists of 100,000 threads sort by them. Nobody else writes them.
    """

    class Kind(models.TextChoices):
        NEW_ACCOUNT = "new_account", _("New account")
        SUPPLY = "supply", _("Supply")
        FIRST_OF_KIND = "first_of_kind", _("First of its kind")
        SERVICE = "service", _("Service contract")
        COMPLAINT = "complaint", _("Complaint")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        PAUSED = "paused", _("Paused")
        ARCHIVED = "archived", _("Archived")

    class Priority(models.TextChoices):
        NORMAL = "normal", _("Normal")
        HIGH = "high", _("High")
        URGENT = "urgent", _("Urgent")

    code = models.CharField(max_length=20, unique=True)  # 2026-0148
    title = models.CharField(_("title"), max_length=200)
    purpose = models.CharField(_("what the customer gains by it"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    priority = models.CharField(_("priority"), max_length=6, choices=Priority, default=Priority.NORMAL)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    customer = models.ForeignKey("parties.Customer", models.PROTECT, related_name="threads")
    delegation = models.ForeignKey("parties.Delegation", models.PROTECT, related_name="threads")
    owner = models.ForeignKey("parties.Person", models.PROTECT, related_name="owned_threads")
    is_caretaken = models.BooleanField(default=False)  # the owner holds it only until somebody accepts it
    is_confidential = models.BooleanField(default=False)
    year = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # supply threads: one per customer and year
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    opened_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)
    reopened_count = models.PositiveSmallIntegerField(default=0)

    next_news_at = models.DateTimeField(null=True, blank=True)
    next_kind = models.CharField(max_length=30, blank=True)  # a code of work.settling.NEXT_STEPS
    next_type = models.CharField(max_length=40, blank=True)
    next_id = models.BigIntegerField(null=True, blank=True)
    next_label = models.CharField(max_length=300, blank=True)  # the step's name, the promise's text...
    next_due = models.DateTimeField(null=True, blank=True)
    turn_of = models.CharField(max_length=8, choices=TurnOf, blank=True)
    turn_area = models.ForeignKey("parties.Area", models.PROTECT, null=True, blank=True, related_name="+")
    turn_person = models.ForeignKey("parties.Person", models.PROTECT, null=True, blank=True, related_name="+")
    turn_contact = models.ForeignKey(
        "parties.Contact", models.PROTECT, null=True, blank=True, related_name="+"
    )
    turn_waits = models.BooleanField(default=False)  # work waits at a border: offered, not accepted

    reserve_minutes = models.PositiveIntegerField(default=0)
    reserve_justification = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state="archived")
                | Q(next_due__isnull=False, next_news_at__isnull=False) & ~Q(next_kind="") & ~Q(turn_of=""),
                name="open_thread_has_next_step_and_news",
            ),
            models.CheckConstraint(
                condition=Q(state="archived", archived_at__isnull=False)
                | ~Q(state="archived") & Q(archived_at__isnull=True),
                name="archived_thread_says_when",
            ),
            models.CheckConstraint(
                condition=Q(reserve_minutes__gt=0) | ~Q(reserve_justification="") | Q(kind="supply"),
                name="no_reserve_needs_a_justification",
            ),
            models.UniqueConstraint(
                fields=["customer", "year"],
                condition=Q(kind="supply", year__isnull=False),
                name="one_supply_thread_per_customer_and_year",
            ),
        )
        indexes = (
            models.Index(fields=["state", "next_due"], name="thread_by_next_due"),
            models.Index(fields=["state", "next_news_at"], name="thread_by_news"),
            models.Index(fields=["owner", "state"], name="thread_by_owner"),
            models.Index(fields=["customer", "state"], name="thread_by_customer"),
            models.Index(fields=["turn_area", "turn_person"], name="thread_by_turn"),
            # Pages of the list of threads (work.queries.thread_list) walk these in their order.
            models.Index(
                fields=["-amount", "next_due", "id"],
                condition=Q(archived_at__isnull=True),
                name="open_thread_by_amount",
            ),
            models.Index(
                fields=["next_due", "id"], condition=Q(archived_at__isnull=True), name="open_thread_by_due"
            ),
            models.Index(
                fields=["next_news_at", "id"],
                condition=Q(archived_at__isnull=True),
                name="open_thread_by_news",
            ),
            models.Index(
                fields=["opened_at", "id"], condition=Q(archived_at__isnull=True), name="open_thread_by_age"
            ),
            models.Index(
                fields=["-archived_at", "-id"],
                condition=Q(archived_at__isnull=False),
                name="archived_thread_by_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def is_open(self) -> bool:
        return self.state != self.State.ARCHIVED


class Numbering(models.Model):
    """The last number given, per series: its row is locked until the commit, so no number comes twice."""

    series = models.CharField(max_length=40, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series}: {self.last}"


class ThreadReader(models.Model):
    """Somebody named on a confidential thread; nobody else inside sees it."""

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="readers")
    person = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["thread", "person"], name="reader_once"),)

    def __str__(self) -> str:
        return f"{self.person} reads {self.thread_id}"


class ThreadRelation(models.Model):
    thread = models.ForeignKey(Thread, models.PROTECT, related_name="relations")
    other = models.ForeignKey(Thread, models.PROTECT, related_name="related_from")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["thread", "other"], name="relation_once"),
            models.CheckConstraint(condition=~Q(thread=F("other")), name="related_to_another"),
        )

    def __str__(self) -> str:
        return f"{self.thread_id} ~ {self.other_id}"


class Pause(models.Model):
    """Who paused, why, until when; a job wakes the thread. A pause is open while ``woken_at`` is empty."""

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="pauses")
    paused_by = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    paused_at = models.DateTimeField()
    until = models.DateTimeField()
    woken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["thread"], condition=Q(woken_at__isnull=True), name="one_pause_at_a_time"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("paused_at")), name="pause_ends_later"),
        )
        indexes = (models.Index(fields=["woken_at", "until"], name="pause_due"),)

    def __str__(self) -> str:
        return f"pause of {self.thread_id} until {self.until}"


class ClosingQuestion(models.Model):
    """Was the aim reached? Asked to one contact, or not, by rule: one survey per contact in 90 days."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        ANSWERED = "answered", _("Answered")
        SUPPRESSED = "suppressed", _("Not asked, by rule")

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="closing_questions")
    contact = models.ForeignKey("parties.Contact", models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    aim_reached = models.BooleanField(null=True, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)  # 0 to 10
    comment = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__lte=10), name="score_up_to_ten"
            ),
        )

    def __str__(self) -> str:
        return f"closing question of {self.thread_id}"


class Visit(models.Model):
    """When a person last looked at a thread: what changed since is the catch-up (SPEC 2.10). Not history."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="visits")
    person = models.ForeignKey("parties.Person", models.CASCADE, related_name="+")
    seen_until = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["thread", "person"], name="visit_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} saw {self.thread_id}"


class ReserveUse(models.Model):
    """What used up the plan's reserve, and why; anybody may log it."""

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="reserve_uses")
    minutes = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)
    used_by = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    used_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(minutes__gt=0), name="reserve_use_positive"),)

    def __str__(self) -> str:
        return f"{self.minutes} min of {self.thread_id}"
