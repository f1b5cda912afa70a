"""Orders, what the customer receives, documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hilo.ledger.record import Event, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced(Event):
    kind: ClassVar[str] = "order.placed"
    number: str
    text: Sealed
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChanged(Event):
    kind: ClassVar[str] = "order.changed"
    fields: tuple[str, ...]
    lines: tuple[int, ...]  # the positions of those changed or added


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderClosed(Event):
    kind: ClassVar[str] = "order.closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCancelled(Event):
    kind: ClassVar[str] = "order.cancelled"
    reason: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverablePlanned(Event):
    kind: ClassVar[str] = "deliverable.planned"
    name: Sealed
    planned_for: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverableMoved(Event):
    kind: ClassVar[str] = "deliverable.moved"
    old: datetime | None
    new: datetime
    reason: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverableDelivered(Event):
    kind: ClassVar[str] = "deliverable.delivered"
    tacit_at: datetime | None = None  # nobody was told, so no silence counts


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverableRedated(Event):
    """It was delivered on another day than was noted."""

    kind: ClassVar[str] = "deliverable.redated"
    old: datetime
    new: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverableAccepted(Event):
    kind: ClassVar[str] = "deliverable.accepted"
    contact: int
    evidence: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverableAcceptedTacitly(Event):
    kind: ClassVar[str] = "deliverable.accepted_tacitly"
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverableRefused(Event):
    kind: ClassVar[str] = "deliverable.refused"
    contact: int
    reason: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverableCancelled(Event):
    kind: ClassVar[str] = "deliverable.cancelled"
    reason: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentAdded(Event):
    kind: ClassVar[str] = "document.added"
    name: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentVersionAdded(Event):
    kind: ClassVar[str] = "document.version_added"
    number: int
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentApproved(Event):
    kind: ClassVar[str] = "document.approved"
    number: int
    contact: int
    evidence: Sealed
