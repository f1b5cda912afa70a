"""Effects as rows that can be counted. No constraint makes them unique: that is what is tested."""

from django.db import models


class Effect(models.Model):
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=60)
    worker_pid = models.IntegerField()


class Offer(models.Model):
    """For effects that are exactly once because the command tests the old state in WHERE."""

    number = models.IntegerField(unique=True)
    state = models.CharField(max_length=10, default="open")
