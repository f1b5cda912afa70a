"""What happens to a thread as a whole, and to who owns it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from hilo.ledger.record import Event, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadOpened(Event):
    kind: ClassVar[str] = "thread.opened"
    code: str
    thread_kind: str
    title: Sealed
    purpose: Sealed | None
    owner: int
    priority: str
    template_version: int | None
    amount: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadChanged(Event):
    kind: ClassVar[str] = "thread.changed"
    fields: tuple[str, ...]
    title: Sealed | None = None
    purpose: Sealed | None = None
    priority: str | None = None
    amount: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadPaused(Event):
    kind: ClassVar[str] = "thread.paused"
    until: datetime
    reason: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadWoken(Event):
    kind: ClassVar[str] = "thread.woken"
    by_itself: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadArchived(Event):
    kind: ClassVar[str] = "thread.archived"
    forced: bool
    reason: Sealed | None
    hanging: int  # how many things hung when it was forced
    tacit_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadReopened(Event):
    kind: ClassVar[str] = "thread.reopened"
    reason: Sealed
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadMadeConfidential(Event):
    kind: ClassVar[str] = "thread.made_confidential"
    readers: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadMadeOpen(Event):
    kind: ClassVar[str] = "thread.made_open"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadRelated(Event):
    kind: ClassVar[str] = "thread.related"
    other: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadCaretaken(Event):
    kind: ClassVar[str] = "thread.caretaken"
    leaver: int
    caretaker: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsMoved(Event):
    kind: ClassVar[str] = "news.moved"
    old: datetime
    new: datetime
    reason: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveSet(Event):
    kind: ClassVar[str] = "reserve.set"
    minutes: int
    justification: Sealed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveUsed(Event):
    kind: ClassVar[str] = "reserve.used"
    minutes: int
    reason: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnershipOffered(Event):
    kind: ClassVar[str] = "ownership.offered"
    from_person: int
    to_person: int
    reason: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnershipAccepted(Event):
    kind: ClassVar[str] = "ownership.accepted"
    from_person: int
    to_person: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnershipDeclined(Event):
    kind: ClassVar[str] = "ownership.declined"
    comment: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnershipWithdrawn(Event):
    kind: ClassVar[str] = "ownership.withdrawn"
