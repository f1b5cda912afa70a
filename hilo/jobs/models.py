"""What the layer has to remember; the queue itself is the table of django-tasks-db."""

from __future__ import annotations

from django.db import models


class WorkerBeat(models.Model):
    """A worker that is believed alive. Deleting the row is what declares it dead.

    ``running`` is set in the transaction that claims the task and cleared in the one that settles it, so a
    dead worker's row names exactly the task to give back.
    """

    name = models.CharField(max_length=64, primary_key=True)
    host = models.CharField(max_length=255)
    pid = models.IntegerField()
    started_at = models.DateTimeField()
    beats = models.BigIntegerField(default=0)
    last_beat_at = models.DateTimeField()
    running = models.UUIDField(null=True)
    running_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Slot(models.Model):
    """A moment at which a periodic job was due, and the task enqueued for it in the same transaction.

    ``task`` is null for the slot that was current when the job was first seen: that one is not run.
    """

    name = models.CharField(max_length=200)
    moment = models.DateTimeField()
    task = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "moment"], name="jobs_slot_fires_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.moment:%Y-%m-%d %H:%M:%S}"


class Done(models.Model):
    """An effect that has happened, written in the transaction of the effect. Never pruned."""

    key = models.CharField(max_length=200, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key
