"""What was said: to the customer, by the customer, and among us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hilo.ledger.record import Event, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSaid(Event):
    kind: ClassVar[str] = "update.said"
    channel: str
    text: Sealed
    contacts: tuple[int, ...]
    next_news: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateMailed(Event):
    kind: ClassVar[str] = "update.mailed"


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateMailFailed(Event):
    kind: ClassVar[str] = "update.mail_failed"
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWritten(Event):
    kind: ClassVar[str] = "note.written"
    note_kind: str
    text: Sealed
    channel: str
    contact: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementStated(Event):
    kind: ClassVar[str] = "requirement.stated"
    text: Sealed
    contact: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementWithdrawn(Event):
    kind: ClassVar[str] = "requirement.withdrawn"
    reason: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedGroupNamed(Event):
    kind: ClassVar[str] = "affected_group.named"
    name: Sealed
    people: int | None
    launch: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedGroupTold(Event):
    kind: ClassVar[str] = "affected_group.told"
    at: datetime
    who: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedGroupTrained(Event):
    kind: ClassVar[str] = "affected_group.trained"
    at: datetime
    who: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingQuestionAsked(Event):
    kind: ClassVar[str] = "closing_question.asked"
    contact: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingQuestionSuppressed(Event):
    kind: ClassVar[str] = "closing_question.suppressed"
    contact: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingQuestionAnswered(Event):
    kind: ClassVar[str] = "closing_question.answered"
    aim_reached: bool
    score: int | None
    comment: Sealed | None
