"""Opening and closing the stretches of time of a step run (SPEC 2.8): at most one is open at a time.

A border span belongs to both sides together, a work span to the area of the step. An offer within an area
opens none: the time stays the area's, whichever of its people does the work.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Max, Value
from django.db.models.functions import Greatest

from hilo.rows import insert
from hilo.work.models import Span, StepRun


def open_border(step_run: StepRun, *, from_area_id: int, now: datetime) -> Span:
    span = _open(step_run, Span.Kind.BORDER, from_area_id, now)
    came_back = Span.objects.filter(
        thread=span.thread_id,
        kind=Span.Kind.BORDER,
        ended_as=Span.End.RETURNED,
        offered_again_at__isnull=True,
        from_area=from_area_id,
        area=span.area_id,
        opened_at__lt=span.opened_at,
    )
    came_back.update(offered_again_at=span.opened_at)
    return span


def open_work(step_run: StepRun, *, just_planned: bool = False, now: datetime) -> Span:
    """``just_planned``: the step has had no span yet."""
    return _open(step_run, Span.Kind.WORK, None, now, is_first=just_planned)


def close(step_run: StepRun, *, ended_as: Span.End, now: datetime) -> bool:
    """Close the open span; False when there is none, as between a return and the next offer.

    ``now`` is when the request began: one that waited for another can be older than the span it closes.
    """
    still_open = Span.objects.filter(step_run=step_run, closed_at__isnull=True)
    return bool(still_open.update(closed_at=Greatest(F("opened_at"), Value(now)), ended_as=ended_as))


def _open(
    step_run: StepRun, kind: Span.Kind, from_area_id: int | None, now: datetime, *, is_first: bool = False
) -> Span:
    last = None if is_first else _last_closed(step_run)
    return insert(
        Span(
            thread_id=step_run.thread_id,
            step_run=step_run,
            kind=kind,
            from_area_id=from_area_id,
            area_id=step_run.area_id,
            delegation_id=step_run.delegation_id,
            opened_at=max(now, last) if last else now,
        )
    )


def _last_closed(step_run: StepRun) -> datetime | None:
    found: datetime | None = Span.objects.filter(step_run=step_run).aggregate(closed=Max("closed_at"))[
        "closed"
    ]
    return found
