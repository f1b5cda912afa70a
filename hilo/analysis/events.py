"""What happens to a diagnosis. Names and sentences are sealed: they are erased with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hilo.ledger.record import Event, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosisAsked(Event):
    kind: ClassVar[str] = "diagnosis.asked"
    name: Sealed
    files: int
    size: int
    is_example: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosisAskedAgain(Event):
    kind: ClassVar[str] = "diagnosis.asked_again"
    run: int
    columns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosisColumnsAsked(Event):
    kind: ClassVar[str] = "diagnosis.columns_asked"
    run: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosisFinished(Event):
    kind: ClassVar[str] = "diagnosis.finished"
    run: int
    cases: int
    events: int
    findings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosisRefused(Event):
    kind: ClassVar[str] = "diagnosis.refused"
    run: int
    sentence: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosisFailed(Event):
    kind: ClassVar[str] = "diagnosis.failed"
    run: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosisDeleted(Event):
    kind: ClassVar[str] = "diagnosis.deleted"
    run: int
