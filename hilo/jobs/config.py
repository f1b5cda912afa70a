"""Intervals of the background machinery, from ``settings.HILO_JOBS`` (keys are the field names)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSettings:
    """``silent_beats`` counts the beats of the one who watches: see ``caretaker.SilenceWatch``.

    ``hard_stop_after``: how long after its timeout a job that ignores it may live before its whole worker
    is ended. ``stop_grace``: how long a stopping worker lets its job go on. ``idle_in_transaction``: how long
    a job may say nothing to PostgreSQL inside a transaction before the server takes it for frozen.
    """

    beat: timedelta = timedelta(seconds=2)
    silent_beats: int = 5
    poll: timedelta = timedelta(seconds=1)
    timeout: timedelta = timedelta(minutes=5)
    max_tries: int = 5
    retry_base: timedelta = timedelta(seconds=5)
    retry_longest: timedelta = timedelta(hours=1)
    hard_stop_after: timedelta = timedelta(seconds=15)
    stop_grace: timedelta = timedelta(seconds=20)
    idle_in_transaction: timedelta = timedelta(minutes=5)
    keep_successful: timedelta = timedelta(days=7)
    keep_slots: timedelta = timedelta(days=30)

    @property
    def late_after(self) -> timedelta:
        return self.beat * self.silent_beats


def job_settings() -> JobSettings:
    """Read anew each time, so that a test may override the setting."""
    return JobSettings(**getattr(settings, "HILO_JOBS", {}))
