"""Rows of ``work.queries.thread_line`` as the line that lists, maps and timelines draw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone
from django.utils.translation import get_language

from hilo.businesstime import NoWorkingTime, WorkingTime
from hilo.web.base import saying, spans
from hilo.web.base.strand import Line, lay_out
from hilo.work.models import Pause, Promise, Span, StepRun, Thread
from hilo.work.queries.thread_line import LineFacts, lines_of

A_WORKING_DAY = 8 * 60  # minutes: the reserve is said in days

WORKING_DAYS = {"es": "{n} días laborables", "en": "{n} working days"}  # two at least, as saying.UNITS

_ENDED: dict[str, spans.HowItEnded] = {"": "", "accepted": "accepted", "returned": "returned"}


def lines_shown(threads: Iterable[Thread], *, now: datetime) -> dict[int, Line]:
    """By thread id; one query for all."""
    return {pk: line_shown(facts, now=now) for pk, facts in lines_of(threads, now=now).items()}


def line_shown(facts: LineFacts, *, now: datetime) -> Line:
    thread = facts.thread
    return lay_out(
        [_span(span, facts, now) for span in facts.spans],
        [
            spans.Silence(one.since, one.until, partial(_elapsed, one.since, one.until or now))
            for one in facts.silences
        ],
        [_pause(pause, now) for pause in facts.pauses],
        [*_planned(facts), *_promised(facts.promises), *_looked_in(facts, now)],
        opened_at=thread.opened_at,
        now=now,
        archived_at=thread.archived_at,
        done=list(_done(facts.steps)),
        reserve=_reserve(thread.reserve_minutes, facts.reserve_used),
    )


def _span(span: Span, facts: LineFacts, now: datetime) -> spans.BorderSpan | spans.WorkSpan:
    if span.kind == Span.Kind.WORK or span.from_area is None:
        return spans.WorkSpan(span.area.name, span.opened_at, span.closed_at)
    return spans.BorderSpan(
        span.from_area.name,
        span.area.name,
        span.opened_at,
        span.closed_at,
        _ENDED.get(span.ended_as, "withdrawn"),
        partial(said_working, facts.clock, span.opened_at, span.closed_at or now),
        facts.reason_of(span),
    )


def _pause(pause: Pause, now: datetime) -> spans.Pause:
    here, lang = timezone.get_current_timezone(), saying.language(get_language())
    until = saying.said_on(pause.until, now, here, lang)
    return spans.Pause(pause.paused_at, pause.woken_at, until, pause.reason)


def _planned(facts: LineFacts) -> Iterator[spans.PlannedStep]:
    for step in facts.steps:
        if step.due_at is not None and step.finished_at is None:
            waits = step.state == StepRun.State.OFFERED
            yield spans.PlannedStep(step.name, step.due_at, step.area.name, is_frayed=waits)


def _promised(promises: Iterable[Promise]) -> Iterator[spans.PlannedStep]:
    for promise in promises:
        if promise.state == Promise.State.OPEN:
            yield spans.PlannedStep(promise.text, promise.due_at, "", "promise")


def _looked_in(facts: LineFacts, now: datetime) -> Iterator[spans.PlannedStep]:
    """Reviews still to come; one whose hour has passed is no step that is late."""
    for review in facts.reviews:
        if review.starts_at > now:
            yield spans.PlannedStep(review.text, review.starts_at, "", "review")


def _done(steps: Iterable[StepRun]) -> Iterator[spans.DoneStep]:
    for step in steps:
        if step.state == StepRun.State.DONE and step.finished_at is not None:
            yield spans.DoneStep(step.name, step.finished_at, step.area.name)


def _reserve(minutes: int, used: int) -> spans.Reserve | None:
    if not minutes:
        return None
    return spans.Reserve(max(1, round(minutes / A_WORKING_DAY)), round(used / A_WORKING_DAY))


def said_working(clock: WorkingTime | None, start: datetime, end: datetime) -> str:
    """From the second working day on its days, before that its hours: 3 días laborables, 5 h, 40 min."""
    if clock is None:
        return _elapsed(start, end)
    here = timezone.get_current_timezone()
    first, last = start.astimezone(here).date(), end.astimezone(here).date()
    try:
        days = clock.working_days_between(first, last)
        worked = clock.between(start, end)
    except NoWorkingTime:
        return _elapsed(start, end)
    if days < 2:
        return _hours(worked)
    return WORKING_DAYS[saying.language(get_language())].format(n=days)


def _hours(worked: timedelta) -> str:
    return saying.said_length(worked.total_seconds(), saying.language(get_language()))


def _elapsed(start: datetime, end: datetime) -> str:
    return saying.said_length((end - start).total_seconds(), saying.language(get_language()))
