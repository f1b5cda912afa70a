"""Dated rates into the reporting currency: what an amount was worth on its own day, or that nobody knows."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from hilo.money.models import Rate


class Rates:
    """Read once for the currencies wanted. A rate holds from its day until the next one."""

    def __init__(self, reporting: str, rows: Iterable[Rate]) -> None:
        self.reporting = reporting
        self._days: dict[str, list[date]] = defaultdict(list)
        self._rates: dict[str, list[Decimal]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: row.on):
            self._days[row.currency].append(row.on)
            self._rates[row.currency].append(row.rate)

    @classmethod
    def of(cls, reporting: str, currencies: Iterable[str]) -> Rates:
        foreign = {each for each in currencies if each != reporting}
        return cls(reporting, Rate.objects.filter(currency__in=foreign) if foreign else ())

    def on(self, currency: str, day: date) -> Decimal | None:
        """None when no rate of that day or earlier is known: never guessed from a later one."""
        if currency == self.reporting:
            return Decimal(1)
        place = bisect_right(self._days[currency], day)
        return self._rates[currency][place - 1] if place else None
