"""What planned reviews make their owner owe. None of them keeps a thread from the archive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from hilo.parties.actor import Actor
from hilo.work.owed import Owed, OwedTo, owed
from hilo.work.queries.reviews import reviews_owed


@owed
def reviews_to_hold(actor: Actor, now: datetime) -> Iterator[Owed]:
    if actor.person is None:
        return
    for review in reviews_owed(actor).select_related("thread__customer", "thread__owner"):
        owner = review.thread.owner
        yield Owed(
            kind="hold_review",
            type="review_moment",
            id=review.pk,
            version=review.version,
            label=review.text,
            due=review.starts_at,
            to=OwedTo.SELF,
            thread=review.thread,
            covers="" if owner.pk == actor.person.pk else owner.name,
        )
