"""Late, today, this week, later: by the viewer's own calendar day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from django.utils import timezone


class Group(StrEnum):
    LATE = "late"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"


def end_of_today(now: datetime) -> datetime:
    """The first moment of tomorrow where the viewer is."""
    return _midnight_after(now, days=1)


def end_of_week(now: datetime) -> datetime:
    """The first moment of next Monday."""
    return _midnight_after(now, days=7 - timezone.localtime(now).weekday())


@dataclass(frozen=True, slots=True)
class Edges:
    """Where one group ends and the next begins, for many rows of one moment."""

    now: datetime
    tomorrow: datetime
    next_week: datetime

    @classmethod
    def at(cls, now: datetime) -> Edges:
        return cls(now, end_of_today(now), end_of_week(now))

    def group_of(self, due: datetime) -> Group:
        if due < self.now:
            return Group.LATE
        if due < self.tomorrow:
            return Group.TODAY
        return Group.WEEK if due < self.next_week else Group.LATER


def group_of(due: datetime, now: datetime) -> Group:
    return Edges.at(now).group_of(due)


def _midnight_after(now: datetime, *, days: int) -> datetime:
    day = timezone.localtime(now).date() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time.min))
