"""What changes so that it cannot happen again, how that is judged, and where the lesson is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hilo.ledger.record import Event, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPlanned(Event):
    kind: ClassVar[str] = "action.planned"
    action_kind: str
    text: Sealed
    owner: int
    checker: int
    area: int
    criterion: Sealed
    metric: str
    allowed: int
    window_days: int
    window_exposures: int
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionExtended(Event):
    kind: ClassVar[str] = "action.extended"
    old: datetime
    new: datetime
    reason: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDone(Event):
    kind: ClassVar[str] = "action.done"
    how: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionWindowEnded(Event):
    kind: ClassVar[str] = "action.window_ended"
    recurrences: int
    exposures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionJudged(Event):
    kind: ClassVar[str] = "action.judged"
    works: bool
    recurrences: int
    exposures: int
    judgement: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionReopened(Event):
    """``why``: not_effective (the checker judged so) or recurrence (by itself, with the new analysis)."""

    kind: ClassVar[str] = "action.reopened"
    why: str
    due: datetime
    count: int
    analysis: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDropped(Event):
    kind: ClassVar[str] = "action.dropped"
    reason: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPassed(Event):
    """``side``: owner or checker."""

    kind: ClassVar[str] = "action.passed"
    side: str
    old: int
    new: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionAreaChanged(Event):
    kind: ClassVar[str] = "action.area_changed"
    old_area: int
    new_area: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonAdded(Event):
    kind: ClassVar[str] = "lesson.added"
    template: str
    step: str
    where: str
    key: str
    draft: int
    text: Sealed
