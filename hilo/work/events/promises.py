"""What the customer was told they will get, and what contradicts it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hilo.ledger.record import Event, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseMade(Event):
    kind: ClassVar[str] = "promise.made"
    text: Sealed
    criterion: Sealed | None
    due: datetime
    day_only: bool
    first_due: datetime
    contact: int
    where: str
    deliverable: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseKept(Event):
    kind: ClassVar[str] = "promise.kept"
    evidence: Sealed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseKeptLate(Event):
    kind: ClassVar[str] = "promise.kept_late"
    evidence: Sealed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseBroken(Event):
    kind: ClassVar[str] = "promise.broken"
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseAnswered(Event):
    kind: ClassVar[str] = "promise.answered"
    update: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseRenegotiated(Event):
    kind: ClassVar[str] = "promise.renegotiated"
    successor: int
    old_due: datetime
    new_due: datetime
    contact: int
    evidence: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseReleased(Event):
    kind: ClassVar[str] = "promise.released"
    contact: int
    evidence: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ContradictionFound(Event):
    kind: ClassVar[str] = "contradiction.found"
    contradiction_kind: str
    one: str  # "promise:12"
    one_date: datetime
    other: str
    other_date: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContradictionSettled(Event):
    kind: ClassVar[str] = "contradiction.settled"
    how: Sealed | None
    by_itself: bool
