"""The rows of history. Only ``ledger.record`` writes them; the database refuses to change them.

The ledger is the lowest layer: ``thread_id``, ``customer_id`` and the rest are plain numbers, because it
knows nothing of the objects whose history it keeps.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import models

from hilo.ledger.canonical import Facts, facts_of, sealed_ids_of


class Place(NamedTuple):
    """Where a reader stands in a timeline: pass the place of the last line read to get older ones."""

    occurred_at: datetime
    id: int


class LedgerEvent(models.Model):
    """One thing that happened. ``payload`` is canonical JSON kept as text: its very bytes are hashed."""

    id = models.BigAutoField(primary_key=True)
    chain = models.CharField(max_length=64)
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=64)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    author_kind = models.CharField(max_length=8)
    author_id = models.BigIntegerField(null=True)
    door = models.CharField(max_length=20)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    thread_id = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField(null=True)
    area_id = models.BigIntegerField(null=True)
    delegation_id = models.BigIntegerField(null=True)
    payload = models.TextField()
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    related: models.Manager[EventObject]

    class Meta:
        constraints = (models.UniqueConstraint(fields=["chain", "seq"], name="one_event_per_place_in_chain"),)
        indexes = (
            # The kind lets a story be counted, and narrowed, without a look at its events.
            models.Index(fields=["thread_id", "-occurred_at", "-id", "kind"], name="ledger_by_thread"),
            models.Index(fields=["customer_id", "-occurred_at", "-id"], name="ledger_by_customer"),
            models.Index(fields=["kind", "occurred_at"], name="ledger_by_kind"),
            models.Index(fields=["recorded_at"], name="ledger_by_recorded"),
        )

    def __str__(self) -> str:
        return f"{self.kind} ({self.chain} no. {self.seq})"

    @property
    def facts(self) -> Facts:
        """The payload read back: dates and decimals are text, a private text is its id and digest."""
        return facts_of(self.payload)

    @property
    def sealed_ids(self) -> dict[str, int]:
        """Field name to the id of the private text it refers to; see ``reading.open_texts``."""
        return sealed_ids_of(self.payload)

    @property
    def place(self) -> Place:
        return Place(self.occurred_at, self.id)


class EventObject(models.Model):
    """Another object that an event touches, and how (object-centric, as in OCEL 2.0).

    ``occurred_at`` repeats the event's, so that one index pages through an object's timeline.
    """

    pk = models.CompositePrimaryKey("event_id", "type", "object_id", "qualifier")
    event = models.ForeignKey(LedgerEvent, models.PROTECT, related_name="related", db_index=False)
    type = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    qualifier = models.CharField(max_length=40)
    occurred_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=["type", "object_id", "-occurred_at", "-event"], name="ledger_by_object"),
        )

    def __str__(self) -> str:
        return f"{self.type}:{self.object_id} as {self.qualifier}"


class PrivateText(models.Model):
    """Free text or personal data that an event refers to by id and digest.

    The digest is an HMAC under the row's own random key: once body and key are erased, the digest in the
    ledger still fits its chain, and nobody can find the text by trying likely ones.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.BinaryField(null=True)
    body = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    about_type = models.CharField(max_length=40, blank=True)
    about_id = models.BigIntegerField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["about_type", "about_id"], name="private_text_by_about"),)

    def __str__(self) -> str:
        return f"private text {self.pk}"
