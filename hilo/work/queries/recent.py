"""The threads somebody looked at last: where Ctrl K starts before anything is typed."""

from __future__ import annotations

from hilo.parties.actor import Actor
from hilo.work.access import threads_visible_to
from hilo.work.models import Thread

SHOWN = 6


def recent_threads(actor: Actor) -> list[Thread]:
    """Newest visit first, and only what the actor may still see."""
    if actor.person is None:
        return []
    seen = threads_visible_to(actor).filter(visits__person=actor.person)
    people = seen.select_related("customer", "owner", "turn_area", "turn_person", "turn_contact")
    return list(people.order_by("-visits__seen_until")[:SHOWN])
