"""A process laid out for a piece of work: its steps with their planned dates, what waits for what.

Not a command: ``plan_steps`` and ``open_thread`` are made of it, inside their own transaction, with the
thread's row locked or new. An import lays out thousands, so nothing here asks the database step by step.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from hilo.ledger.record import record_all
from hilo.parties.actor import Actor
from hilo.rows import insert_all
from hilo.unchanged import Remembered
from hilo.work.commands.passing import about_step
from hilo.work.commands.plan import Clocks, target_of
from hilo.work.events.steps import StepPlanned
from hilo.work.events.threads import ThreadOpened
from hilo.work.models import Step, StepLink, StepRun, StepRunLink, TemplateVersion, Thread, WorkItem
from hilo.work.planning import Piece, Standing, pushed
from hilo.work.sides import delegations_for, in_force_or_successor

_steps = Remembered(
    lambda *, version: Step.objects.filter(template_version=version).select_related("area"),
)
_links = Remembered(
    lambda *, steps: StepLink.objects.filter(before__in=steps).values_list("before_id", "after_id"),
)


def steps_of(version: TemplateVersion) -> list[Step]:
    found: list[Step] = _steps(version=version.pk)
    return found


def unfold(
    work_item: WorkItem,
    steps: Sequence[Step],
    *,
    thread: Thread,
    delegation_id: int,
    opened: ThreadOpened | None = None,
    by: Actor,
    now: datetime,
) -> list[StepRun]:
    """Every step planned, with its date, its place in the graph and its event; gives the first ones.

    ``opened`` is the thread's own event, when this command has just opened it: recorded with theirs.
    """
    links = _links(steps=[step.pk for step in steps])
    runs = planned_runs(work_item, steps, thread=thread, delegation_id=delegation_id, now=now)
    of_step = {step.pk: run for step, run in zip(steps, runs, strict=True)}
    for step_id, due in _dates(of_step, links, now).items():
        of_step[step_id].due_at = due
    insert_all(runs)
    insert_all([StepRunLink(before=of_step[before], after=of_step[after]) for before, after in links])
    record_planned(runs, opened=opened, by=by, now=now)
    waiting = {after for _before, after in links}
    return [run for step_id, run in of_step.items() if step_id not in waiting]


def planned_runs(
    work_item: WorkItem, steps: Iterable[Step], *, thread: Thread, delegation_id: int, now: datetime
) -> list[StepRun]:
    """Not saved yet. Each goes to the area that does that work today, where it has people."""
    areas = {step.pk: in_force_or_successor(step.area, now=now) for step in steps}
    sites = delegations_for({area.pk for area in areas.values()}, delegation_id, now=now)
    return [
        StepRun(
            work_item=work_item,
            thread=thread,
            step=step,
            name=step.name,
            position=step.position,
            area=areas[step.pk],
            delegation_id=sites[areas[step.pk].pk],
        )
        for step in steps
    ]


def record_planned(
    runs: Iterable[StepRun], *, opened: ThreadOpened | None = None, by: Actor, now: datetime
) -> None:
    planned = [
        StepPlanned(
            **about_step(run),
            step=run.step_id,
            area=run.area_id,
            delegation=run.delegation_id,
            work_item=run.work_item_id,
        )
        for run in runs
    ]
    record_all([opened, *planned] if opened else planned, by=by, now=now)


def _dates(
    of_step: dict[int, StepRun], links: Iterable[tuple[int, int]], now: datetime
) -> dict[int, datetime]:
    """By step: nothing has begun, so all follows from now and the targets."""
    before: dict[int, list[int]] = {}
    for first, then in links:
        before.setdefault(then, []).append(first)
    clocks = Clocks()
    pieces = [
        Piece(
            id=step_id,
            standing=Standing.PLANNED,
            due=None,
            target=target_of(run),
            clock=clocks[run.area_id, run.delegation_id],
            before=tuple(before.get(step_id, ())),
        )
        for step_id, run in of_step.items()
    ]
    return pushed(pieces, now=now)
