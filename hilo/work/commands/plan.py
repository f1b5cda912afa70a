"""The planned dates of a work item: each step begins when those before it are due, and takes its target.

Planned dates are derived from accepted ones and from the template, so moving one records no event of its own.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from hilo.businesstime import WorkingTime
from hilo.parties.models import CompanyPolicy
from hilo.parties.queries.calendars import Place, clock_of
from hilo.work.models import StepRun, WorkItem
from hilo.work.planned import links_of, plan_of
from hilo.work.planning import pushed

OVER = (StepRun.State.DONE, StepRun.State.SKIPPED)


class Clocks:
    """The working hours of each area and delegation, read once per command."""

    def __init__(self) -> None:
        self._known: dict[Place, WorkingTime] = {}

    def __getitem__(self, place: Place) -> WorkingTime:
        if place not in self._known:
            self._known[place] = clock_of(*place)
        return self._known[place]

    def of(self, area_id: int, delegation_id: int) -> WorkingTime:
        return self[area_id, delegation_id]


def target_of(step_run: StepRun) -> timedelta:
    """The template's target in business time; a step added by hand keeps to the policy's full response."""
    if step_run.step is not None:
        return timedelta(minutes=step_run.step.target_minutes)
    return timedelta(minutes=CompanyPolicy.objects.get(pk=1).full_response_minutes)


def proposed_due(step_run: StepRun, *, now: datetime) -> datetime:
    """The planned date, or if that cannot be met any more, the target counted from now."""
    clock = clock_of(step_run.area_id, step_run.delegation_id)
    if step_run.step is None and step_run.due_at is not None and step_run.due_at > now:
        return step_run.due_at
    earliest = clock.add(now, target_of(step_run))
    return max(earliest, step_run.due_at) if step_run.due_at else earliest


def push_planned(work_item: WorkItem, *, now: datetime) -> None:
    """Move planned dates that the steps before no longer allow; later only, never earlier."""
    runs = work_item.step_runs.select_related("step")
    plan = plan_of(runs, links_of(work_item), Clocks())
    for pk, due in pushed(plan.pieces, now=now).items():
        StepRun.objects.filter(pk=pk, state=StepRun.State.PLANNED).update(due_at=due)


def in_order(runs: list[StepRun], before: dict[int, list[int]]) -> list[StepRun]:
    """Those before first. The graph has no cycles: ``draft_template`` and ``add_step`` see to it."""
    placed: dict[int, StepRun] = {}
    waiting = list(runs)
    while waiting:
        ready = [run for run in waiting if all(pk in placed for pk in before.get(run.pk, []))]
        if not ready:
            raise AssertionError("the steps of a work item form a cycle")
        placed.update({run.pk: run for run in ready})
        waiting = [run for run in waiting if run.pk not in placed]
    return list(placed.values())


def is_ready(step_run: StepRun) -> bool:
    """Every step before it is over."""
    return not step_run.links_before.exclude(before__state__in=OVER).exists()
