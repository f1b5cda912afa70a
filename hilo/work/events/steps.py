"""What happens to one step being done for one work item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hilo.ledger.record import Event, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPlanned(Event):
    kind: ClassVar[str] = "step.planned"
    step: int | None  # None: added by hand, no step of the template
    area: int
    delegation: int
    work_item: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStarted(Event):
    kind: ClassVar[str] = "step.started"
    holder: int
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFinished(Event):
    kind: ClassVar[str] = "step.finished"
    by_rule: str | None = None  # "on_date": nobody said otherwise before its accepted date


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSkipped(Event):
    kind: ClassVar[str] = "step.skipped"
    reason: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReopened(Event):
    kind: ClassVar[str] = "step.reopened"
    reason: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDueMoved(Event):
    kind: ClassVar[str] = "step.due_moved"
    old: datetime | None
    new: datetime
    reason: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class StepWaiting(Event):
    kind: ClassVar[str] = "step.waiting"
    for_whom: str
    what: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResumed(Event):
    kind: ClassVar[str] = "step.resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPassed(Event):
    kind: ClassVar[str] = "step.passed"
    old_holder: int
    new_holder: int
    why: str  # "departure", "reorganisation" or "colleague"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAreaChanged(Event):
    kind: ClassVar[str] = "step.area_changed"
    old_area: int
    new_area: int
