"""Cases and their clocks, causes, actions, lessons, praise."""

from hilo.quality.models.action import ActionExtension, CorrectiveAction, Lesson
from hilo.quality.models.case import (
    Case,
    CaseLink,
    CaseStage,
    CaseThread,
    CaseUpdate,
    Escalation,
    Level,
    Stage,
)
from hilo.quality.models.cause import AnalysedCase, Analysis, AnalysisArea, CauseKind, Why
from hilo.quality.models.clock import CasePolicy, ClockPause, ClockRun, LegalDeadline, PolicyRule, Rung
from hilo.quality.models.praise import Praise, Praised

__all__ = [
    "ActionExtension",
    "AnalysedCase",
    "Analysis",
    "AnalysisArea",
    "Case",
    "CaseLink",
    "CasePolicy",
    "CaseStage",
    "CaseThread",
    "CaseUpdate",
    "CauseKind",
    "ClockPause",
    "ClockRun",
    "CorrectiveAction",
    "Escalation",
    "LegalDeadline",
    "Lesson",
    "Level",
    "PolicyRule",
    "Praise",
    "Praised",
    "Rung",
    "Stage",
    "Why",
]
