"""A diagnosis that was asked for: what it reads, how far it is, and where its report lies."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Diagnosis(models.Model):
    """Files and reports lie in the folder named by ``token`` (``hilo.analysis.folders``), never in a row.

    ``run`` counts how often it was asked for: what comes of an older run changes nothing any more.
    ``ticket`` was made with the form, so that a form sent twice is one diagnosis. ``result`` names the folder
    of the last finished report, which stays readable while another run is under way. ``said`` and
    ``headline`` are sentences by language.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        ASKING = "asking"
        DONE = "done"
        REFUSED = "refused"
        FAILED = "failed"

    name = models.CharField(_("name"), max_length=120)
    token = models.CharField(max_length=43, unique=True)
    ticket = models.CharField(max_length=36)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    phase = models.CharField(max_length=16, blank=True)
    run = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    task_id = models.UUIDField(null=True)
    is_example = models.BooleanField(default=False)
    files = models.JSONField(default=list)  # [{"name": ..., "size": ...}]
    options = models.JSONField(default=dict)  # {"calendar": {"name": ..., "folder": ...}}
    columns = models.JSONField(default=dict)  # {"case": "Pedido"}, as a person said
    zone = models.CharField(max_length=64, blank=True)  # of times that name none, as a person said
    asked_by = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=43, blank=True)
    cases = models.PositiveBigIntegerField(null=True)
    events = models.PositiveBigIntegerField(null=True)
    findings = models.PositiveIntegerField(null=True)
    headline = models.JSONField(default=dict)
    said = models.JSONField(default=dict)

    class Meta:
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=["asked_by", "ticket"], name="diagnosis_form_once"),
            models.CheckConstraint(
                condition=~models.Q(state="done") | ~models.Q(result=""), name="finished_diagnosis_has_report"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY


UNDER_WAY = (Diagnosis.State.WAITING, Diagnosis.State.RUNNING)
AT_REST = (
    Diagnosis.State.ASKING,
    Diagnosis.State.DONE,
    Diagnosis.State.REFUSED,
    Diagnosis.State.FAILED,
)
