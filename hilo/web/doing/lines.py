"""The thread line of ``hilo.web.base`` from the rows of ``hilo.work``: on lists, maps and timelines alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hilo.businesstime import OutsideYears, WorkingTime
from hilo.web.base import saying
from hilo.web.base.spans import (
    BorderSpan,
    DoneStep,
    HowItEnded,
    Pause,
    PlannedStep,
    Reserve,
    Silence,
    WorkSpan,
)
from hilo.web.base.strand import Line, lay_out
from hilo.work.models import Promise, Span, StepRun, Thread
from hilo.work.queries.thread_line import LineFacts, lines_of

WORKING_DAY = timedelta(hours=8)
_ENDS: dict[str, HowItEnded] = {"accepted": "accepted", "returned": "returned"}


def drawn_lines(threads: Iterable[Thread], *, now: datetime) -> dict[int, Line]:
    """The line of each thread by its id; one query for all of them."""
    return {pk: drawn_line(facts, now=now) for pk, facts in lines_of(threads, now=now).items()}


def drawn_line(facts: LineFacts, *, now: datetime) -> Line:
    thread = facts.thread
    return lay_out(
        [_span(facts, span, now) for span in facts.spans],
        [
            Silence(quiet.since, quiet.until, _length(quiet.since, quiet.until or now))
            for quiet in facts.silences
        ],
        [
            Pause(pause.paused_at, pause.woken_at, _day(pause.until, now), pause.reason)
            for pause in facts.pauses
        ],
        [*_ahead(facts), *_promised(facts.promises, now)],
        opened_at=thread.opened_at,
        now=now,
        archived_at=thread.archived_at,
        done=[_done(step) for step in facts.steps if step.state == StepRun.State.DONE and step.finished_at],
        reserve=_reserve(facts),
    )


def _span(facts: LineFacts, span: Span, now: datetime) -> BorderSpan | WorkSpan:
    if span.kind == Span.Kind.WORK or span.from_area is None:
        return WorkSpan(span.area.name, span.opened_at, span.closed_at)
    return BorderSpan(
        span.from_area.name,
        span.area.name,
        span.opened_at,
        span.closed_at,
        "" if span.closed_at is None else _ENDS.get(span.ended_as, "withdrawn"),
        said_working_time(facts.clock, span.opened_at, span.closed_at or now),
        facts.reason_of(span) if span.ended_as == Span.End.RETURNED else "",
    )


def said_working_time(clock: WorkingTime | None, start: datetime, end: datetime) -> str:
    """3 working days; 2 h 10 min within a day; elapsed time where no calendar tells."""
    if clock is None:
        return _length(start, end)
    try:
        worked = clock.between(start, end)
    except OutsideYears:
        return _length(start, end)
    if worked >= WORKING_DAY:
        days = int(worked / WORKING_DAY)
        return ngettext("%(days)d working day", "%(days)d working days", days) % {"days": days}
    hours, minutes = divmod(int(worked.total_seconds()) // 60, 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": minutes}
    return (
        _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes} if minutes else f"{hours} h"
    )


def _ahead(facts: LineFacts) -> Iterator[PlannedStep]:
    waiting = {
        span.step_run_id for span in facts.spans if span.closed_at is None and span.kind == Span.Kind.BORDER
    }
    for step in facts.steps:
        if step.state in {StepRun.State.DONE, StepRun.State.SKIPPED} or step.due_at is None:
            continue
        yield PlannedStep(step.name, step.due_at, step.area.name, is_frayed=step.pk in waiting)


def _promised(promises: Iterable[Promise], now: datetime) -> Iterator[PlannedStep]:
    for promise in promises:
        if promise.state == Promise.State.OPEN:
            yield PlannedStep(promise.text, promise.due_at, "", "promise")


def _done(step: StepRun) -> DoneStep:
    assert step.finished_at is not None
    return DoneStep(step.name, step.finished_at, step.area.name)


def _reserve(facts: LineFacts) -> Reserve | None:
    """In working days of eight hours; a plan whose reserve is under a day still has one."""
    total = facts.thread.reserve_minutes
    if not total:
        return None
    day = WORKING_DAY.total_seconds() / 60
    return Reserve(max(round(total / day), 1), round(facts.reserve_used / day))


def _length(start: datetime, end: datetime) -> str:
    return saying.said_length((end - start).total_seconds(), saying.language(get_language()))


def _day(when: datetime, now: datetime) -> str:
    """el lunes 30: after "until" in Spanish the day takes its article, today and tomorrow do not."""
    language = saying.language(get_language())
    said = saying.said_day(when, now, timezone.get_current_timezone(), language)
    near = saying.NEAR_DAYS[language].values()
    return said if language == "en" or said in near else f"el {said}"
