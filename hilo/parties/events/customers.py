"""What happens to customers and their people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hilo.ledger.record import Event, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerAdded(Event):
    kind: ClassVar[str] = "customer.added"
    name: Sealed
    keeper: int
    tier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerChanged(Event):
    kind: ClassVar[str] = "customer.changed"
    fields: tuple[str, ...]
    name: Sealed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerKeeperChanged(Event):
    kind: ClassVar[str] = "customer.keeper_changed"
    old: int
    new: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerMerged(Event):
    kind: ClassVar[str] = "customer.merged"
    survivor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerUnmerged(Event):
    kind: ClassVar[str] = "customer.unmerged"
    survivor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAdded(Event):
    kind: ClassVar[str] = "contact.added"
    name: Sealed
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChanged(Event):
    kind: ClassVar[str] = "contact.changed"
    fields: tuple[str, ...]
    name: Sealed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLeft(Event):
    kind: ClassVar[str] = "contact.left"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactErased(Event):
    kind: ClassVar[str] = "contact.erased"
