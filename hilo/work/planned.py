"""A work item's plan read for ``planning``, and what a move of it would mean, in rows and minutes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from django.db.models import Q

from hilo.businesstime import ALWAYS, WorkingTime, working_time
from hilo.parties.queries.calendars import Place, clocks_of_places
from hilo.work.models import Promise, ReviewMoment, StepRun, StepRunLink, Thread, WorkItem
from hilo.work.planning import (
    Edge,
    Move,
    Obstacle,
    Outcome,
    Piece,
    Standing,
    begins,
    dues,
    finish,
    foreseen,
    obstacle,
)

_STANDING = {
    StepRun.State.PLANNED: Standing.PLANNED,
    StepRun.State.OFFERED: Standing.OFFERED,
    StepRun.State.RUNNING: Standing.RUNNING,
}


@dataclass(slots=True)
class Plan:
    """The steps of one work item with what they wait for; ``pieces`` is the same for the arithmetic."""

    runs: dict[int, StepRun]
    pieces: list[Piece]

    def piece(self, pk: int) -> Piece:
        return next(piece for piece in self.pieces if piece.id == pk)

    def clock_of(self, pk: int) -> WorkingTime:
        return self.piece(pk).clock

    def begins(self, pk: int, *, now: datetime) -> datetime | None:
        return begins(self.piece(pk), {one.id: one.due for one in self.pieces}, now=now)


class ClocksByPlace(Protocol):
    def __getitem__(self, place: Place, /) -> WorkingTime: ...


def plan_of(
    runs: Iterable[StepRun],
    links: Iterable[tuple[int, int]],
    clocks: ClocksByPlace,
) -> Plan:
    """``links``: (before, after). Steps that were not needed stand in nobody's way."""
    rows = {run.pk: run for run in runs}
    before: dict[int, list[int]] = {}
    for first, then in links:
        if first in rows and then in rows:
            before.setdefault(then, []).append(first)
    return Plan(rows, [_piece(run, before.get(run.pk, []), clocks) for run in rows.values()])


def _piece(run: StepRun, before: Sequence[int], clocks: ClocksByPlace) -> Piece:
    standing = _STANDING.get(StepRun.State(run.state), Standing.OVER)
    is_over = standing == Standing.OVER  # then nobody asks for its hours
    return Piece(
        id=run.pk,
        standing=standing,
        due=run.finished_at or run.due_at,
        target=timedelta(minutes=run.step.target_minutes) if run.step else None,
        clock=working_time(ALWAYS) if is_over else clocks[run.area_id, run.delegation_id],
        before=tuple(before),
        delivers=bool(run.step and run.step.delivers),
    )


def read_plan(work_item: WorkItem) -> Plan:
    runs = list(work_item.step_runs.select_related("step", "area", "delegation"))
    return plan_of(
        runs, links_of(work_item), clocks_of_places((run.area_id, run.delegation_id) for run in runs)
    )


def links_of(work_item: WorkItem) -> list[tuple[int, int]]:
    links = StepRunLink.objects.filter(after__work_item=work_item)
    return list(links.values_list("before_id", "after_id"))


# ---- what a move would mean -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shift:
    run: StepRun
    old: datetime | None
    new: datetime


@dataclass(slots=True)
class Foresight:
    """What moving one date would bring, or why it cannot be; nothing of it is saved."""

    plan: Plan
    run: StepRun
    move: Move
    obstacle: Obstacle | None = None
    outcome: Outcome | None = None
    shifts: list[Shift] = field(default_factory=list)  # the step moved by hand first
    late: list[Promise] = field(default_factory=list)  # held before, and no longer would
    reviews: list[ReviewMoment] = field(default_factory=list)  # would fall outside the step they look at
    reserve_left: int | None = None  # minutes, before this; below zero when more was used; None: it has none

    @property
    def lost(self) -> int:
        """Minutes of business time by which the customer has it later."""
        return self.outcome.reserve_minutes if self.outcome else 0

    @property
    def minutes(self) -> int:
        """What that takes out of the reserve."""
        return self.lost if self.reserve_left is not None else 0

    @property
    def is_later(self) -> bool:
        return any(shift.old is None or shift.new > shift.old for shift in self.shifts)

    @property
    def needs_reason(self) -> bool:
        """Bringing a step forward that nobody has begun explains itself."""
        return self.is_later or bool(self.late) or self.run.state == StepRun.State.RUNNING

    @property
    def shown(self) -> str:
        """What a person saw before saving; another answer today means that the plan changed meanwhile."""
        facts = [(shift.run.pk, _second(shift.old), _second(shift.new)) for shift in self.shifts]
        said = repr((facts, [promise.pk for promise in self.late], self.minutes))
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def _second(moment: datetime | None) -> int | None:
    """The same for a moment of any zone, and for one that went through a form."""
    return int(moment.timestamp()) if moment else None


def foresee(
    plan: Plan,
    run: StepRun,
    *,
    edge: Edge,
    to: datetime,
    promises: Iterable[Promise],
    reviews: Iterable[ReviewMoment],
    reserve_left: int | None,
    now: datetime,
) -> Foresight:
    """The dry run: the same whether a page shows it or the command does it."""
    seen = Foresight(plan, plan.runs[run.pk], Move(run.pk, edge, to), reserve_left=reserve_left)
    seen.obstacle = obstacle(plan.pieces, seen.move, now=now)
    if seen.obstacle is None:
        seen.outcome = foreseen(plan.pieces, seen.move, now=now)
        seen.shifts = _shifts(seen.outcome, plan, run.pk)
        seen.late = [one for one in promises if seen.outcome.makes_late(one.due_at)]
        seen.reviews = [one for one in reviews if _falls_outside(one, seen, now)]
    return seen


def _shifts(outcome: Outcome, plan: Plan, first: int) -> list[Shift]:
    moved = sorted(outcome.moved.items(), key=lambda each: (each[0] != first, each[1][1], each[0]))
    return [Shift(plan.runs[pk], old, new) for pk, (old, new) in moved]


def _falls_outside(review: ReviewMoment, seen: Foresight, now: datetime) -> bool:
    """A look at a step before it begins, or after it has passed on, sees nothing."""
    assert seen.outcome is not None
    if review.step_run_id is None or review.step_run_id not in seen.outcome.moved:
        return False
    piece = seen.plan.piece(review.step_run_id)
    start, end = begins(piece, seen.outcome.after, now=now), seen.outcome.after[piece.id]
    return not (start is not None and end is not None and start <= review.starts_at <= end)


def promises_on(work_item: WorkItem) -> Q:
    """Which open promises a plan has to keep: its order's, or the thread's own."""
    of_this = Q(order=work_item.order_id) if work_item.order_id else Q(order__isnull=True)
    return of_this & Q(thread=work_item.thread_id, state=Promise.State.OPEN)


def keeps_promises(work_item: WorkItem) -> bool:
    """A case's strands deliver nothing that the customer was promised on the thread."""
    return work_item.kind in (WorkItem.Kind.THREAD, WorkItem.Kind.ORDER)


def open_promises_on(work_item: WorkItem) -> list[Promise]:
    if not keeps_promises(work_item):
        return []
    found = Promise.objects.filter(promises_on(work_item)).select_related("contact")
    return list(found.order_by("due_at", "pk"))


def made_late(work_item: WorkItem, dates: Mapping[int, datetime | None]) -> list[Promise]:
    """Which promises hold today and would no longer with these dates, however they came about."""
    pieces = read_plan(work_item).pieces
    before = dues(pieces)
    after = {**before, **dates}
    outcome = Outcome(before, after, finish(pieces, before), finish(pieces, after))
    return [one for one in open_promises_on(work_item) if outcome.makes_late(one.due_at)]


def foresee_on(run: StepRun, *, edge: Edge, to: datetime, now: datetime) -> Foresight:
    """The same, everything read here."""
    item = run.work_item
    thread = Thread.objects.get(pk=run.thread_id)
    return foresee(
        read_plan(item),
        run,
        edge=edge,
        to=to,
        promises=open_promises_on(item),
        reviews=ReviewMoment.objects.filter(thread=thread, state=ReviewMoment.State.PLANNED),
        reserve_left=reserve_left(thread, item),
        now=now,
    )


def reserve_left(thread: Thread, work_item: WorkItem) -> int | None:
    """The reserve is the thread's: its own plan and its orders draw on it, a case does not."""
    if not thread.reserve_minutes or not keeps_promises(work_item):
        return None
    return thread.reserve_minutes - sum(thread.reserve_uses.values_list("minutes", flat=True))
