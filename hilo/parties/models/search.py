"""What Ctrl K looks through: one row per thing that can be found."""

from __future__ import annotations

from django.db import models


class SearchEntry(models.Model):
    """``tokens`` are the folded and stemmed words; the full-text index over them is made by a migration."""

    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    title = models.CharField(max_length=300)
    subtitle = models.CharField(max_length=300, blank=True)
    title_key = models.CharField(max_length=300, blank=True)  # folded words, to put "begins with" first
    tokens = models.TextField(blank=True)
    thread_id = models.BigIntegerField(null=True, blank=True)  # only readers of that thread may find it

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "object_id"], name="search_entry_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
