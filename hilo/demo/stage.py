"""Where the plays are played: the simulated moment, who acts, and the clocks that run in between."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from django.db.models import Min, QuerySet, Value

from hilo.demo.days import Days
from hilo.parties.actor import Actor, actor_for
from hilo.parties.models import Area, Contact, Customer, Delegation, Person
from hilo.quality.jobs.clocks import run_case_clocks
from hilo.work.jobs.clocks import run_clocks
from hilo.work.models import Deliverable, Handoff, Pause, Promise, StepRun

type Play = Generator[datetime]
"""Yields when it goes on; what it does between two yields happens then."""

DOOR = "demo"


@dataclass
class Stage:
    days: Days
    rng: Random
    now: datetime
    ends: datetime  # the real now: nothing happens after it
    people: dict[str, Person] = field(default_factory=dict)
    areas: dict[str, Area] = field(default_factory=dict)
    delegations: dict[str, Delegation] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)
    contacts: dict[tuple[str, str], Contact] = field(default_factory=dict)
    somebody_is_away: bool = False
    _actors: dict[tuple[str, date], Actor] = field(default_factory=dict)
    _clocks_ran: datetime = datetime(2000, 1, 1, tzinfo=UTC)

    # Time ---------------------------------------------------------------------------------------------

    def at(self, number: int, clock: str = "") -> datetime:
        """A working day counted from today, and an hour of it; without one, some hour of the morning."""
        return self.days.at(number, clock or f"{self.rng.randint(9, 12):02}:{self.rng.randint(5, 55):02}")

    def due(self, number: int, clock: str = "18:30") -> datetime:
        return self.days.at(number, clock)

    def tick(self) -> datetime:
        """What somebody does takes them a moment."""
        self.now = min(self.now + timedelta(seconds=self.rng.randint(20, 80)), self.ends)
        return self.now

    def go_on_to(self, moment: datetime) -> None:
        """Let time pass: what falls due meanwhile happens when it is due."""
        while (due := self._next_due()) is not None and due < moment:
            self._run_clocks(due + timedelta(minutes=1))
        self.now = max(self.now, moment)

    def end(self) -> None:
        self.go_on_to(self.ends)
        run_clocks(self.ends)
        run_case_clocks(self.ends)

    def _run_clocks(self, moment: datetime) -> None:
        self.now = max(self.now, min(moment, self.ends))
        run_clocks(self.now)
        self._clocks_ran = moment

    def _next_due(self) -> datetime | None:
        first, *others = [self._earliest(rows, due) for rows, due in _clocks()]
        moments = [moment for (moment,) in first.union(*others, all=True) if moment is not None]
        return min(moments, default=None)

    def _earliest(self, rows: QuerySet[Any], due: str) -> QuerySet[Any, Any]:
        coming: QuerySet[Any, Any] = rows.filter(**{f"{due}__gte": self._clocks_ran}).order_by()
        first: QuerySet[Any, Any] = coming.values(all=Value(1)).annotate(earliest=Min(due))
        return first.values_list("earliest")

    # People -------------------------------------------------------------------------------------------

    def by(self, key: str) -> Actor:
        """Who acts, with the roles they have; asked anew each day once somebody is away."""
        day = self.now.date() if self.somebody_is_away else date.min
        if (key, day) not in self._actors:
            person = self.people[key]
            person.refresh_from_db()
            self._actors[key, day] = actor_for(person, now=self.now, door=DOOR)
        return self._actors[key, day]

    def forget_roles(self) -> None:
        """After somebody came or left."""
        self._actors.clear()

    def contact(self, customer: str, name: str) -> Contact:
        return self.contacts[customer, name]


def _clocks() -> list[tuple[QuerySet[Any], str]]:
    """What the clocks look for, with the column that says when (``hilo.work.jobs.clocks``)."""
    waiting = Handoff.objects.filter(state__in=["offered", "conditional"])
    return [
        (Pause.objects.filter(woken_at__isnull=True), "until"),
        (Promise.objects.filter(state="open"), "due_at"),
        (Deliverable.objects.filter(state="delivered"), "tacit_at"),
        (StepRun.objects.filter(state="running", step__finishes="on_date"), "due_at"),
        (waiting.filter(reminded_at=None), "remind_at"),
        (waiting.filter(escalated_at=None), "respond_by"),
    ]
