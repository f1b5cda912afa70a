"""What happens to a case, from the receipt to the close. Nothing here says whose doing anything was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hilo.ledger.record import Event, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(Event):
    kind: ClassVar[str] = "case.opened"
    code: str
    case_kind: str
    title: Sealed
    text: Sealed | None
    remedy: Sealed | None
    contact: int | None
    owner: int
    impact: str
    urgency: str
    severity: str
    policy: int
    found_by_us: bool
    customer_knows: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAssessed(Event):
    kind: ClassVar[str] = "case.assessed"
    impact: str
    urgency: str
    severity: str
    containment: Sealed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSeverityChanged(Event):
    kind: ClassVar[str] = "case.severity_changed"
    impact: str
    urgency: str
    old_severity: str
    severity: str
    reason: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseContained(Event):
    kind: ClassVar[str] = "case.contained"
    text: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseInvestigating(Event):
    kind: ClassVar[str] = "case.investigating"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStrandAdded(Event):
    kind: ClassVar[str] = "case.strand_added"
    step_run: int
    area: int
    delegation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTakenOver(Event):
    """``why`` is "colleague" when somebody took it, "departure" when the one who had it left."""

    kind: ClassVar[str] = "case.taken_over"
    old_owner: int
    new_owner: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAreaChanged(Event):
    kind: ClassVar[str] = "case.area_changed"
    old_area: int
    new_area: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseThreadTouched(Event):
    kind: ClassVar[str] = "case.thread_touched"
    other: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLinked(Event):
    kind: ClassVar[str] = "case.linked"
    linked: str  # "promise:12"
    qualifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseUnlinked(Event):
    kind: ClassVar[str] = "case.unlinked"
    linked: str
    qualifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFailureJoined(Event):
    kind: ClassVar[str] = "case.failure_joined"
    main: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFailureLeft(Event):
    kind: ClassVar[str] = "case.failure_left"
    main: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCustomerLearned(Event):
    kind: ClassVar[str] = "case.customer_learned"
    contact: int
    case_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAcknowledged(Event):
    kind: ClassVar[str] = "case.acknowledged"
    update: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTold(Event):
    kind: ClassVar[str] = "case.told"
    update: int
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResponded(Event):
    kind: ClassVar[str] = "case.responded"
    update: int
    solution: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDecided(Event):
    kind: ClassVar[str] = "case.decided"
    update: int
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseVerified(Event):
    kind: ClassVar[str] = "case.verified"
    contact: int
    how: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSolutionRefused(Event):
    kind: ClassVar[str] = "case.solution_refused"
    contact: int
    reason: Sealed
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(Event):
    kind: ClassVar[str] = "case.closed"
    outcome: str
    solution: Sealed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReopened(Event):
    kind: ClassVar[str] = "case.reopened"
    contact: int | None
    reason: Sealed
    count: int
