"""What the feed remembers from one file to the next: files taken, rows that came too early, deliveries."""

from __future__ import annotations

from django.db import models


class TakenFile(models.Model):
    """One file that was worked through, for the administrator's page. Forgetting it loses nothing."""

    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)  # SHA-256 of its bytes
    taken_at = models.DateTimeField()
    seconds = models.FloatField(default=0)
    rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    passed = models.PositiveIntegerField(default=0)  # from before the day on which Hilo began to follow
    waiting = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    refusals = models.JSONField(default=list)  # the first sentences
    refused_file = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["source", "name", "digest"], name="erp_file_taken_once"),
        )
        indexes = (models.Index(fields=["-taken_at"], name="erp_file_latest"),)

    def __str__(self) -> str:
        return self.name


class UnsettledRow(models.Model):
    """Rows that came before what they belong to, as they were read; ``needs_*`` says what they wait for.

    With a ``sentence`` they were refused when their turn came, and wait for a corrected row instead.
    """

    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    needs_kind = models.CharField(max_length=12)
    needs_id = models.CharField(max_length=120)
    rows = models.JSONField()  # [{"number": 7, "cells": {"order": "4711", ...}}, ...]
    file = models.CharField(max_length=255)
    first_seen_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    sentence = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "kind", "key"], name="erp_unsettled_once"),)
        indexes = (models.Index(fields=["source", "needs_kind", "needs_id"], name="erp_unsettled_needs"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Delivery(models.Model):
    """What the ERP says left: of one line, or of the whole order; how much, or all of it."""

    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=120)
    order = models.ForeignKey("work.Order", models.PROTECT, related_name="+")
    order_line = models.ForeignKey("work.OrderLine", models.PROTECT, null=True, blank=True, related_name="+")
    quantity = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    delivered_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "external_id"], name="erp_delivery_once"),)

    def __str__(self) -> str:
        return self.external_id
