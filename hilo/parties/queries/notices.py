"""What a person has been told and has not read yet."""

from __future__ import annotations

from django.db.models import QuerySet

from hilo.parties.actor import Actor
from hilo.parties.models import Notice


def unread_notices(actor: Actor) -> QuerySet[Notice]:
    """Those that interrupted first, the newest of each first."""
    mine = Notice.objects.filter(person=actor.person, read_at__isnull=True)
    return mine.order_by("-interrupts", "-created_at", "-pk")
