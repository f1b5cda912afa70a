"""When a periodic job is due. Slots depend on the clock's reading alone, never on when a worker started."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Schedule(Protocol):
    def newest_slot(self, now: datetime) -> datetime:
        """The last slot that is not in the future."""

    def slots_after(self, moment: datetime, *, until: datetime) -> Iterator[datetime]:
        """The slots later than the moment, oldest first, the last one not later than ``until``."""


@dataclass(frozen=True, slots=True)
class Every:
    """Slots counted from 1970, so that all workers and all restarts agree on them."""

    period: timedelta

    def __post_init__(self) -> None:
        if self.period < timedelta(seconds=1):
            raise ValueError("a periodic job runs at most once a second")

    def newest_slot(self, now: datetime) -> datetime:
        return EPOCH + (now - EPOCH) // self.period * self.period

    def slots_after(self, moment: datetime, *, until: datetime) -> Iterator[datetime]:
        slot = self.newest_slot(moment) + self.period
        while slot <= until:
            yield slot
            slot += self.period


@dataclass(frozen=True, slots=True)
class Daily:
    """Once per local day. A time that the spring night skips falls just after the gap; one that the autumn
    night repeats is its first occurrence."""

    at: time
    zone: ZoneInfo

    def newest_slot(self, now: datetime) -> datetime:
        today = now.astimezone(self.zone).date()
        slot = self._slot_on(today.toordinal())
        return slot if slot <= now else self._slot_on(today.toordinal() - 1)

    def slots_after(self, moment: datetime, *, until: datetime) -> Iterator[datetime]:
        day = moment.astimezone(self.zone).date().toordinal()
        while (slot := self._slot_on(day)) <= until:
            if slot > moment:
                yield slot
            day += 1

    def _slot_on(self, day: int) -> datetime:
        return datetime.combine(datetime.fromordinal(day), self.at, self.zone).astimezone(UTC)
