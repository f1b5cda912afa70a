"""When a person last caught up with a thread. Bookkeeping for their eyes, no history: it records no event."""

from __future__ import annotations

from datetime import datetime

from hilo.parties.actor import Actor
from hilo.work.models import Thread, Visit


def mark_visit(thread: Thread, *, by: Actor, now: datetime) -> None:
    """From now on, what is older counts as seen by this person."""
    Visit.objects.update_or_create(thread=thread, person=by.one, defaults={"seen_until": now})
