"""What was said: messages to the customer, what the customer said, notes and decisions among us."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Update(models.Model):
    """A message that tells the customer the state, and when they hear from us next (SPEC 2.1, 7.3)."""

    class Channel(models.TextChoices):
        MAIL = "mail", _("Mail")
        CALL = "call", _("Call")
        MEETING = "meeting", _("Meeting")
        VISIT = "visit", _("Visit")

    class Mail(models.TextChoices):
        NONE = "none", _("Not sent by Hilo")
        QUEUED = "queued", _("On its way")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Could not be sent")

    thread = models.ForeignKey("work.Thread", models.PROTECT, related_name="updates")
    said_by = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    channel = models.CharField(max_length=7, choices=Channel)
    text = models.TextField()
    said_at = models.DateTimeField()
    next_news_at = models.DateTimeField()
    contacts = models.ManyToManyField("parties.Contact", related_name="updates")
    mail = models.CharField(max_length=6, choices=Mail, default=Mail.NONE)
    mail_sent_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = (models.Index(fields=["thread", "-said_at"], name="update_by_thread"),)

    def __str__(self) -> str:
        return f"update {self.pk} on {self.thread_id}"


class NewsMove(models.Model):
    """The next news date moved without an Update: allowed only with a reason, and counted."""

    thread = models.ForeignKey("work.Thread", models.PROTECT, related_name="news_moves")
    moved_by = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    old = models.DateTimeField()
    new = models.DateTimeField()
    moved_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="news_move_has_a_reason"),)

    def __str__(self) -> str:
        return f"news of {self.thread_id}"


class Note(models.Model):
    """Something written down on the thread that is no message of ours to the customer."""

    class Kind(models.TextChoices):
        NOTE = "note", _("Internal note")
        DECISION = "decision", _("Decision")
        CUSTOMER = "customer", _("The customer says")

    class Channel(models.TextChoices):
        NONE = "", "—"
        MAIL = "mail", _("Mail")
        CALL = "call", _("Call")
        MEETING = "meeting", _("Meeting")

    thread = models.ForeignKey("work.Thread", models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=8, choices=Kind)
    channel = models.CharField(max_length=7, choices=Channel, blank=True)
    text = models.TextField()
    author = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    contact = models.ForeignKey("parties.Contact", models.PROTECT, null=True, blank=True, related_name="+")
    happened_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(kind="customer") | Q(contact__isnull=False), name="customer_note_says_who"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} on {self.thread_id}"


class AffectedGroup(models.Model):
    """The customer's own people whom a launch touches: who told AND trained them, and when (SPEC 5.4)."""

    thread = models.ForeignKey("work.Thread", models.PROTECT, related_name="affected_groups")
    name = models.CharField(max_length=120)
    people = models.PositiveIntegerField(null=True, blank=True)
    launch_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.CharField(max_length=200, blank=True)
    trained_at = models.DateTimeField(null=True, blank=True)
    trained_by = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name
