"""What planned reviews make their owner owe. None of them keeps a thread from the archive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hilo.work.models import ReviewMoment
from hilo.work.owed import Debtor, Owed, OwedTo, Reads, owed
from hilo.work.queries.reviews import reviews_owed


@owed(Reads(lambda debtor: reviews_owed(debtor.actor), "thread"))
def reviews_to_hold(debtor: Debtor, reviews: Iterable[ReviewMoment]) -> Iterator[Owed]:
    for review in reviews:
        yield Owed(
            kind="hold_review",
            type="review_moment",
            id=review.pk,
            version=review.version,
            label=review.text,
            due=review.starts_at,
            to=OwedTo.SELF,
            thread=review.thread,
            covers=debtor.in_whose_stead(review.thread.owner),
        )
