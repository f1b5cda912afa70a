"""From files to a diagnosis: read, say what each column is, sort once, measure, find."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from hilo.insight.raw import Role
from hilo.insight.results import Diagnosis


class Phase(StrEnum):
    """What is being done, in this order; a progress bar names it in its reader's language."""

    READING = "reading"
    MAPPING = "mapping"
    SORTING = "sorting"
    MEASURING = "measuring"
    FINDING = "finding"


type Tell = Callable[[Phase], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody said about their log. ``columns`` win over what would be guessed."""

    columns: Mapping[Role, str] = field(default_factory=dict)
    calendar: Path | None = None  # hours and holidays (YAML), for durations in working time
    meaning: Path | None = None  # which activities are a request, an invoice, ... (YAML)
    template: Path | None = None  # how it is meant to run (YAML or BPMN 2.0)
    zone: str | None = None  # in which times without an offset are meant


def diagnose(paths: Sequence[Path], asked: Asked | None = None, *, tell: Tell | None = None) -> Diagnosis:
    """Raises ``Unreadable`` with one sentence when the files are no event log."""
    raise NotImplementedError


class _Clock:
    """Seconds by phase, told as each begins."""

    def __init__(self, tell: Tell | None) -> None:
        self.tell, self.seconds = tell, dict[str, float]()

    @contextmanager
    def phase(self, phase: Phase) -> Iterator[None]:
        if self.tell is not None:
            self.tell(phase)
        began = time.perf_counter()
        yield
        self.seconds[phase.value] = round(time.perf_counter() - began, 3)
