"""Loose ends, asks between areas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hilo.ledger.record import Event, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseEndPinned(Event):
    kind: ClassVar[str] = "loose_end.pinned"
    text: Sealed
    owner: int
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseEndSettled(Event):
    kind: ClassVar[str] = "loose_end.settled"
    outcome: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseEndPassed(Event):
    kind: ClassVar[str] = "loose_end.passed"
    old_owner: int
    new_owner: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskMade(Event):
    kind: ClassVar[str] = "ask.made"
    what: Sealed
    why: Sealed
    to_area: int
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAccepted(Event):
    kind: ClassVar[str] = "ask.accepted"
    taker: int
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCountered(Event):
    kind: ClassVar[str] = "ask.countered"
    taker: int
    due: datetime
    comment: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCounterAgreed(Event):
    kind: ClassVar[str] = "ask.counter_agreed"
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDeclined(Event):
    kind: ClassVar[str] = "ask.declined"
    reason: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDone(Event):
    kind: ClassVar[str] = "ask.done"
    answer: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class AskWithdrawn(Event):
    kind: ClassVar[str] = "ask.withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPassed(Event):
    kind: ClassVar[str] = "ask.passed"
    old: int
    new: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAreaChanged(Event):
    kind: ClassVar[str] = "ask.area_changed"
    old_area: int
    new_area: int
