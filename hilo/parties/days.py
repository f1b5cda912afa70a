"""The day that somebody's wall calendar shows."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo


def local_day(now: datetime, zone: str) -> date:
    """At half past midnight in Madrid it is already tomorrow there, whatever UTC says."""
    return now.astimezone(ZoneInfo(zone)).date()
