"""How people look at the list of threads, and what they do to many at once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """A list that somebody named: the parameters of its address as data, read afresh when it is opened."""

    owner = models.ForeignKey("parties.Person", models.PROTECT, related_name="saved_views")
    name = models.CharField(_("name"), max_length=80)
    is_shared = models.BooleanField(default=False)
    query = models.JSONField(default=dict)  # {"view": "frayed", "delegation": "3", ...}
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name


class DefaultView(models.Model):
    """With which saved view somebody's list opens; gone with the view."""

    person = models.OneToOneField("parties.Person", models.CASCADE, related_name="default_view")
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="default_of")

    def __str__(self) -> str:
        return f"{self.person_id} begins with {self.view_id}"


class BulkRun(models.Model):
    """One thing done to many threads, each by the ordinary command in a transaction of its own.

    Not history: that is what the commands record. It says who got what done and what was refused, and goes on
    where it was after a worker died.
    """

    class Act(models.TextChoices):
        TRANSFER = "transfer", _("Offer who answers for them")
        NEWS = "news", _("Move the next news")
        ARCHIVE = "archive", _("Put in the archive")

    person = models.ForeignKey("parties.Person", models.PROTECT, related_name="bulk_runs")
    act = models.CharField(max_length=8, choices=Act)
    to_person = models.ForeignKey("parties.Person", models.PROTECT, null=True, blank=True, related_name="+")
    to_moment = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.act} by {self.person_id}"


class BulkItem(models.Model):
    """One thread of it, as the person saw it (``seen``), and how it ended: a refusal has its sentence."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="items")
    thread = models.ForeignKey("work.Thread", models.PROTECT, related_name="+")
    seen = models.PositiveIntegerField()
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    sentence = models.TextField(blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["run", "thread"], name="thread_once_in_a_bulk_run"),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(sentence=""), name="refused_in_bulk_says_why"
            ),
        )

    def __str__(self) -> str:
        return f"{self.thread_id} in run {self.run_id}: {self.state}"
