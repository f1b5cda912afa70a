"""The planned dates of a work item: each step begins when those before it are due, and takes its target.

Planned dates are derived from accepted ones and from the template, so moving one records no event of its own.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from hilo.businesstime import WorkingTime
from hilo.parties.models import CompanyPolicy
from hilo.parties.queries.calendars import clock_of
from hilo.work.models import StepRun, StepRunLink, WorkItem

OVER = (StepRun.State.DONE, StepRun.State.SKIPPED)


class Clocks:
    """The working hours of each area and delegation, read once per command."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], WorkingTime] = {}

    def of(self, area_id: int, delegation_id: int) -> WorkingTime:
        key = (area_id, delegation_id)
        if key not in self._known:
            self._known[key] = clock_of(area_id, delegation_id)
        return self._known[key]


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
    runs = list(work_item.step_runs.select_related("step"))
    before = _before(work_item)
    clocks, due = Clocks(), {run.pk: run.finished_at or run.due_at for run in runs}
    for run in in_order(runs, before):
        if run.state != StepRun.State.PLANNED:
            continue
        begins = max((moment for pk in before[run.pk] if (moment := due[pk])), default=now)
        earliest = (
            clocks.of(run.area_id, run.delegation_id).add(begins, target_of(run)) if run.step else begins
        )
        if run.due_at is None or run.due_at < earliest:
            StepRun.objects.filter(pk=run.pk, state=StepRun.State.PLANNED).update(due_at=earliest)
            due[run.pk] = earliest


def _before(work_item: WorkItem) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    links = StepRunLink.objects.filter(after__work_item=work_item).values_list("before_id", "after_id")
    for before, after in links:
        found[after].append(before)
    return found


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
