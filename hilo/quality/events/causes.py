"""The search for a cause: where in the process, why, with what evidence. Never who."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from hilo.ledger.record import Event, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisBegun(Event):
    kind: ClassVar[str] = "analysis.begun"
    trigger: str
    owner: int
    cases: tuple[int, ...]
    what_happened: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisCaseAdded(Event):
    kind: ClassVar[str] = "analysis.case_added"
    case: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisTeamSet(Event):
    kind: ClassVar[str] = "analysis.team_set"
    areas: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisPlaceMarked(Event):
    """``template`` and ``step`` are codes, so that the place is known in every version; empty: unmarked."""

    kind: ClassVar[str] = "analysis.place_marked"
    mark: str
    template: str
    step: str
    on: date | None
    at_entry: bool
    from_area: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisConcluded(Event):
    """Says cause and place whole: recurrences can be counted from these events alone."""

    kind: ClassVar[str] = "analysis.concluded"
    cause: str
    conclusion: Sealed
    template: str
    step: str
    at_entry: bool
    from_area: int | None
    cases: tuple[int, ...]
    roots: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisReopened(Event):
    kind: ClassVar[str] = "analysis.reopened"
    reason: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisPassed(Event):
    kind: ClassVar[str] = "analysis.passed"
    old_owner: int
    new_owner: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyAdded(Event):
    kind: ClassVar[str] = "why.added"
    branch: str
    depth: int
    parent: int | None
    text: Sealed
    evidence: Sealed | None
    evidence_type: str
    evidence_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyChanged(Event):
    kind: ClassVar[str] = "why.changed"
    text: Sealed
    evidence: Sealed | None
    evidence_type: str
    evidence_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyRemoved(Event):
    kind: ClassVar[str] = "why.removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyRootSet(Event):
    kind: ClassVar[str] = "why.root_set"
    is_root: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseAdded(Event):
    kind: ClassVar[str] = "cause.added"
    code: str
    name: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseRenamed(Event):
    kind: ClassVar[str] = "cause.renamed"
    old: Sealed
    new: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseRetired(Event):
    kind: ClassVar[str] = "cause.retired"
