"""What people do with a plan: dates moved and put back, moments to look in, the calendar outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hilo.ledger.record import Event, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMoved(Event):
    """The subject is the step moved by hand; those that moved along are related as "pushed"."""

    kind: ClassVar[str] = "plan.moved"
    old: datetime | None
    new: datetime
    pushed: int  # how many others moved along
    minutes: int  # of the reserve that it used
    reason: Sealed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMoveUndone(Event):
    kind: ClassVar[str] = "plan.move_undone"
    old: datetime | None
    new: datetime
    minutes: int  # of the reserve that came back


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPlanned(Event):
    kind: ClassVar[str] = "review.planned"
    at: datetime
    minutes: int
    step: int | None
    with_customer: bool
    text: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewMoved(Event):
    kind: ClassVar[str] = "review.moved"
    old: datetime
    new: datetime
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewHeld(Event):
    kind: ClassVar[str] = "review.held"
    outcome: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCancelled(Event):
    kind: ClassVar[str] = "review.cancelled"
    reason: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarAddressMade(Event):
    kind: ClassVar[str] = "calendar_address.made"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarAddressRevoked(Event):
    kind: ClassVar[str] = "calendar_address.revoked"
