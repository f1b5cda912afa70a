"""What happens to a handoff: each event says which step moves between which areas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from hilo.ledger.record import Event, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffPrepared(Event):
    kind: ClassVar[str] = "handoff.prepared"
    step_run: int
    from_area: int
    to_area: int
    attempt: int
    weight: str
    within_area: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffItemFilled(Event):
    kind: ClassVar[str] = "handoff.item_filled"
    key: str
    state: str
    explanation: Sealed | None = None
    document_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffOffered(Event):
    kind: ClassVar[str] = "handoff.offered"
    step_run: int
    giver: int
    from_area: int
    to_area: int
    to_person: int | None
    proposed_due: datetime
    respond_by: datetime
    gaps: tuple[str, ...]  # keys of what is explained instead of complete, or left out


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffAccepted(Event):
    kind: ClassVar[str] = "handoff.accepted"
    holder: int
    due: datetime
    read_back: Sealed | None
    first_time: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffConditionsProposed(Event):
    kind: ClassVar[str] = "handoff.conditions_proposed"
    due: datetime
    hours: Decimal | None
    conditions: Sealed
    read_back: Sealed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffConditionsConfirmed(Event):
    kind: ClassVar[str] = "handoff.conditions_confirmed"
    holder: int
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffReturned(Event):
    kind: ClassVar[str] = "handoff.returned"
    reason: str
    comment: Sealed
    blocking_items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffWithdrawn(Event):
    kind: ClassVar[str] = "handoff.withdrawn"
    reason: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffReminded(Event):
    kind: ClassVar[str] = "handoff.reminded"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffEscalated(Event):
    kind: ClassVar[str] = "handoff.escalated"
    heads: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffItemMarkedMissing(Event):
    kind: ClassVar[str] = "handoff.item_marked_missing"
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffPassed(Event):
    """The giver or the person named left: who stands in their place, or None when the whole area does."""

    kind: ClassVar[str] = "handoff.passed"
    side: str  # "giver" or "receiver"
    old_person: int
    new_person: int | None
