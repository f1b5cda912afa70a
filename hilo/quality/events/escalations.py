"""The customer turned to management, or a second failure went to the directors by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hilo.ledger.record import Event, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationNoted(Event):
    kind: ClassVar[str] = "escalation.noted"
    contact: int
    owner: int
    text: Sealed
    case: int | None
    promises: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationRaised(Event):
    """``earlier`` is the failure before, on the same thread; ``directors`` are those told."""

    kind: ClassVar[str] = "escalation.raised"
    case: int
    earlier: int
    directors: tuple[int, ...]
