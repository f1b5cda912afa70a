"""What the customer was glad about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hilo.ledger.record import Event, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class PraiseGiven(Event):
    kind: ClassVar[str] = "praise.given"
    text: Sealed
    where: str
    contact: int | None
    people: tuple[int, ...]
