"""Late, today, this week, later: by the viewer's own calendar day."""

from __future__ import annotations

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


def group_of(due: datetime, now: datetime) -> Group:
    if due < now:
        return Group.LATE
    if due < end_of_today(now):
        return Group.TODAY
    return Group.WEEK if due < end_of_week(now) else Group.LATER


def _midnight_after(now: datetime, *, days: int) -> datetime:
    day = timezone.localtime(now).date() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time.min))
