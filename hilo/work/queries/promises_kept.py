"""How many promises were kept on time, counted so that nobody improves the figure by moving a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from django.db.models import Count, F, Q, QuerySet

from hilo.work.models import Promise

FEWEST = 5  # below, a count says nothing (DOMAIN 1, small samples)
FEWEST_FOR_A_RATE = 30
_Z = 1.959964  # of a 95 % interval


@dataclass(frozen=True, slots=True)
class Kept:
    """``kept`` on the first promised date, of ``due`` that were due."""

    kept: int
    due: int

    @property
    def is_enough(self) -> bool:
        return self.due >= FEWEST

    @property
    def rate(self) -> float | None:
        """None below thirty: then the two counts and the interval say all there is to say."""
        return self.kept / self.due if self.due >= FEWEST_FOR_A_RATE else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's, 95 %: 4 of 5 is 38-96 %."""
        share, n = self.kept / self.due, self.due
        middle = share + _Z**2 / (2 * n)
        reach = _Z * sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
        scale = 1 + _Z**2 / n
        return (middle - reach) / scale, (middle + reach) / scale


def promises_kept(promises: QuerySet[Promise], *, now: datetime) -> Kept:
    """A promise moved to another date counts once, against its first one; released ones do not count.

    Open ones past their first date count as missed (DOMAIN 1, OTIF).
    """
    last_of_each = promises.filter(successor__isnull=True).exclude(state=Promise.State.RELEASED)
    due = ~Q(state=Promise.State.OPEN) | Q(first_due_at__lte=now)
    never_moved = Q(due_at=F("first_due_at"))  # it may be written down as kept days after it was
    on_time = Q(state=Promise.State.KEPT) & (never_moved | Q(settled_at__lte=F("first_due_at")))
    found = last_of_each.aggregate(due=Count("pk", filter=due), kept=Count("pk", filter=on_time))
    return Kept(found["kept"], found["due"])
