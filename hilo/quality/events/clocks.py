"""The clocks of a case: paused, resumed, told to whoever lateness reaches; the numbers they follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hilo.ledger.record import Event, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPaused(Event):
    kind: ClassVar[str] = "clock.paused"
    until: datetime
    reason: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockResumed(Event):
    kind: ClassVar[str] = "clock.resumed"
    by_itself: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LatenessTold(Event):
    kind: ClassVar[str] = "lateness.told"
    clock: str  # "response:2", "news:2026-11-24T13:00:00+00:00"
    due: datetime
    step: str  # owner, head, director
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePolicyChanged(Event):
    kind: ClassVar[str] = "case_policy.changed"
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalDeadlineSet(Event):
    kind: ClassVar[str] = "legal_deadline.set"
    customer_kind: str
    case_kind: str
    days: int
    unit: str
    source: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalDeadlineDropped(Event):
    kind: ClassVar[str] = "legal_deadline.dropped"
