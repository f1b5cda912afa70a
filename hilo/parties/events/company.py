"""What happens to areas, delegations, calendars and the company's own numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from hilo.ledger.record import Event, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaAdded(Event):
    kind: ClassVar[str] = "area.added"
    code: str
    sees_money: bool
    started_on: date
    name: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRenamed(Event):
    kind: ClassVar[str] = "area.renamed"
    old: Sealed
    new: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaMoneyChanged(Event):
    kind: ClassVar[str] = "area.money_changed"
    sees_money: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaEnded(Event):
    kind: ClassVar[str] = "area.ended"
    on: date
    successors: tuple[int, ...]
    open_work_to: int
    passed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationAdded(Event):
    kind: ClassVar[str] = "delegation.added"
    code: str
    zone: str
    country: str
    region: str
    calendar: int
    name: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationChanged(Event):
    kind: ClassVar[str] = "delegation.changed"
    fields: tuple[str, ...]
    name: Sealed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarAdded(Event):
    kind: ClassVar[str] = "calendar.added"
    name: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChanged(Event):
    """``number`` is the version of its rules from then on; those of before stand in their own row."""

    kind: ClassVar[str] = "calendar.changed"
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarAssigned(Event):
    kind: ClassVar[str] = "calendar.assigned"
    area: int
    delegation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarUnassigned(Event):
    """The area keeps the hours of its delegation again."""

    kind: ClassVar[str] = "calendar.unassigned"
    area: int
    delegation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChanged(Event):
    kind: ClassVar[str] = "policy.changed"
    fields: tuple[str, ...]
    numbers: tuple[tuple[str, int], ...] = ()  # the new ones, by name


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleSignOnChanged(Event):
    """Which fields; never what they say, for one of them is a secret."""

    kind: ClassVar[str] = "single_sign_on.changed"
    fields: tuple[str, ...]
    on: bool
    only: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleSwitchedOn(Event):
    kind: ClassVar[str] = "module.switched_on"
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleSwitchedOff(Event):
    """It rests; its data stays."""

    kind: ClassVar[str] = "module.switched_off"
    code: str
