"""Every table as plain rows, and the register of what must hold of them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from django.db.models import Model

from hilo.ledger.models import LedgerEvent
from hilo.parties import models as parties
from hilo.work import models as work

type Row = Any
type Faults = Iterator[str]

OVER = ("done", "skipped")
OPEN_OFFER = ("draft", "offered", "conditional")
UNSETTLED_ASK = ("open", "countered", "accepted")


class InvariantBroken(AssertionError):
    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Rows:
    """Every table once, as plain rows; read again for every check."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._read: dict[type[Model], list[Row]] = {}

    def of(self, model: type[Model]) -> list[Row]:
        if model not in self._read:
            rows = model._default_manager.order_by("pk").values()
            self._read[model] = [SimpleNamespace(**row) for row in rows]
        return self._read[model]

    def by_id(self, model: type[Model]) -> dict[int, Row]:
        return {row.id: row for row in self.of(model)}

    def grouped(self, model: type[Model], column: str) -> dict[int, list[Row]]:
        found: dict[int, list[Row]] = defaultdict(list)
        for row in self.of(model):
            found[getattr(row, column)].append(row)
        return found

    @cached_property
    def inactive(self) -> set[int]:
        return {person.id for person in self.of(parties.Person) if not person.is_active}

    @cached_property
    def threads(self) -> list[Row]:
        return self.of(work.Thread)

    @cached_property
    def runs(self) -> list[Row]:
        return self.of(work.StepRun)

    @cached_property
    def run_by_id(self) -> dict[int, Row]:
        return self.by_id(work.StepRun)

    @cached_property
    def handoffs_of_run(self) -> dict[int, list[Row]]:
        groups = self.grouped(work.Handoff, "step_run_id")
        return {run: sorted(each, key=lambda handoff: handoff.attempt) for run, each in groups.items()}

    @cached_property
    def spans_of_run(self) -> dict[int, list[Row]]:
        return self.grouped(work.Span, "step_run_id")

    @cached_property
    def waits_for_others(self) -> set[int]:
        """Step runs with one before them that is not over."""
        links = self.of(work.StepRunLink)
        return {link.after_id for link in links if self.run_by_id[link.before_id].state not in OVER}

    @cached_property
    def events(self) -> dict[str, list[Row]]:
        """By kind, only those the invariants read; payloads opened."""
        found: dict[str, list[Row]] = defaultdict(list)
        rows = LedgerEvent.objects.filter(kind__in=READ_KINDS).order_by("id")
        for row in rows.values("id", "kind", "subject_id", "thread_id", "author_id", "payload"):
            found[row["kind"]].append(SimpleNamespace(**{**row, "payload": json.loads(row["payload"])}))
        return found

    def happened(self, *kinds: str) -> list[Row]:
        return sorted((row for kind in kinds for row in self.events[kind]), key=lambda row: row.id)


READ_KINDS = (
    "thread.opened",
    "thread.archived",
    "thread.reopened",
    "thread.caretaken",
    "ownership.accepted",
    "step.started",
    "step.passed",
    "promise.broken",
    "policy.changed",
    "case.reopened",
    "case.solution_refused",
    "escalation.raised",
)

INVARIANTS: list[Callable[[Rows], Faults]] = []
AFTER_THE_CLOCK: list[Callable[[Rows], Faults]] = []


def invariant(check: Callable[[Rows], Faults]) -> Callable[[Rows], Faults]:
    INVARIANTS.append(check)
    return check


def once_the_clock_ran(check: Callable[[Rows], Faults]) -> Callable[[Rows], Faults]:
    AFTER_THE_CLOCK.append(check)
    return check


def check(now: object, *, clock_ran: bool = False) -> None:
    """Raise ``InvariantBroken`` with every fault found, each named by its check."""
    assert isinstance(now, datetime)
    rows = Rows(now)
    checks = [*INVARIANTS, *(AFTER_THE_CLOCK if clock_ran else [])]
    faults = [f"{each.__name__}: {fault}" for each in checks for fault in each(rows)]
    if faults:
        raise InvariantBroken(faults)
