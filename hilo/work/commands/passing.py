"""How a step comes to somebody: prepared, offered, started, and what begins when one is over.

Not commands: the commands of steps and of handoffs are made of these, inside their own transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hilo.ledger.record import Ref, Related
from hilo.parties.actor import Actor
from hilo.parties.models import Person
from hilo.work.models import StepRun, WorkItem


class OnStepFinished(Protocol):
    def __call__(self, step_run: StepRun, *, by: Actor, now: datetime) -> None: ...


class OnWorkItemEnded(Protocol):
    def __call__(self, work_item: WorkItem, *, by: Actor, now: datetime) -> None: ...


STEP_FINISHED: list[OnStepFinished] = []
"""Called in the transaction in which a step ends as done; ``step_run.step.delivers`` says what it means."""

WORK_ITEM_ENDED: list[OnWorkItemEnded] = []
"""Called when the last step of a work item is over. After a reopened step ends it is called again."""

UNBEGUN = (StepRun.State.PLANNED, StepRun.State.OFFERED)


@dataclass(frozen=True, slots=True)
class Giver:
    """Who hands on, and the area and delegation they do it for."""

    person: Person
    area_id: int
    delegation_id: int


def holder_as_giver(step_run: StepRun, fallback: Person) -> Giver:
    """Who finished a step hands on what comes after it."""
    return Giver(step_run.holder or fallback, step_run.area_id, step_run.delegation_id)


# Events ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """The common fields of an event about a step or a handoff."""

    subject: Ref
    thread_id: int
    customer_id: int
    area_id: int
    delegation_id: int
    related: tuple[Related, ...]


def about_step(step_run: StepRun) -> dict[str, object]:
    """Keyword arguments that every event of a step run shares."""
    return {
        "subject": Ref("step_run", step_run.pk),
        "thread_id": step_run.thread_id,
        "customer_id": step_run.thread.customer_id,
        "area_id": step_run.area_id,
        "delegation_id": step_run.delegation_id,
    }
