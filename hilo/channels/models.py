"""What the channels remember from one time to the next. Not history: forgetting it loses nothing."""

from __future__ import annotations

from django.db import models


class RememberedMapping(models.Model):
    """Which column was which field, for files of that source with exactly these columns."""

    what = models.CharField(max_length=20)
    source = models.CharField(max_length=20)
    columns_key = models.CharField(max_length=64)  # SHA-256 of the column names, in any order
    mapping = models.TextField()  # Mapping.to_json()
    used_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["what", "source", "columns_key"], name="mapping_remembered_once"),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.what} {self.columns_key[:8]}"


class Leaving(models.Model):
    """A message that one worker is sending right now; the others leave it alone until the lease ends.

    A row left behind is a worker that died in between: whether its message left, nobody knows, so it goes
    again, recognisable by its Message-ID. ``tries`` counts how often.
    """

    key = models.CharField(max_length=60, primary_key=True)  # "update:12"
    until = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=1)

    def __str__(self) -> str:
        return self.key
