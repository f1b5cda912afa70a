"""Background work on people; imported by ``hilo.jobs`` at start-up."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from hilo.jobs import periodic
from hilo.parties.commands.sessions import forget_idle_sessions


@periodic(name="parties.sessions", every=timedelta(hours=1), timeout=timedelta(minutes=5))
def sweep_sessions(slot: datetime) -> None:
    """A browser that nobody used for as long as the company says is signed out, and forgotten."""
    forget_idle_sessions(timezone.now())
