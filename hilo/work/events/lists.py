"""What happens to the views that people keep of the list of threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hilo.ledger.record import Event, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewSaved(Event):
    kind: ClassVar[str] = "view.saved"
    name: Sealed
    is_shared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewChanged(Event):
    kind: ClassVar[str] = "view.changed"
    fields: tuple[str, ...]
    name: Sealed | None = None
    is_shared: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewDeleted(Event):
    kind: ClassVar[str] = "view.deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewMadeDefault(Event):
    kind: ClassVar[str] = "view.made_default"
    person: int
    is_default: bool
