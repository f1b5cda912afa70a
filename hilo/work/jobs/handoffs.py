"""The clocks of handoffs, worked off with the others of this package (``clocks.run_clocks``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from hilo.errors import RuleViolation
from hilo.work.commands.silence import escalate_silence, remind_receiver
from hilo.work.models import Handoff


def run_handoff_clocks(now: datetime) -> None:
    """Reminders at half time and silence told to both heads; each in a transaction of its own."""
    waiting = Handoff.objects.filter(state__in=["offered", "conditional"], thread__state="open")
    _each(remind_receiver, waiting.filter(reminded_at=None, remind_at__lte=now), now)
    _each(escalate_silence, waiting.filter(escalated_at=None, respond_by__lte=now), now)


def _each(command: Callable[[Handoff, datetime], None], handoffs: Iterable[Handoff], now: datetime) -> None:
    """One that was answered meanwhile is refused by its command and passed over."""
    for handoff in handoffs:
        try:
            command(handoff, now)
        except RuleViolation:
            continue
