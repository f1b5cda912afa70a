"""Lateness reaches people in order, once; pauses do not overlap; what stopped is complete (SPEC 7.3)."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from hilo.quality import models as quality
from hilo.work import models as work
from tests.conformance.invariants import cases
from tests.conformance.invariants.rows import Faults, Row, Rows, invariant, once_the_clock_ran

ORDER = ["owner", "head", "director"]


@invariant
def the_ladder_is_climbed_in_order_and_each_step_once(rows: Rows) -> Faults:
    for (where, key), steps in _steps_taken(rows).items():
        if steps != ORDER[: len(steps)]:
            yield f"{key} of {where} climbed {steps}"


def _steps_taken(rows: Rows) -> dict[tuple[str, str], list[str]]:
    """By case, but by thread for the news, whose date the cases of a thread share."""
    by_id = rows.by_id(quality.Case)
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for rung in rows.of(quality.Rung):
        news = rung.key.startswith("news:")
        where = f"thread {by_id[rung.case_id].thread_id}" if news else f"case {rung.case_id}"
        found[where, rung.key].append(rung.step)
    return found


@invariant
def pauses_do_not_overlap_and_end_when_they_were_to_end(rows: Rows) -> Faults:
    for case_id, pauses in rows.grouped(quality.ClockPause, "case_id").items():
        ordered = sorted(pauses, key=lambda pause: (pause.paused_at, pause.id))
        for before, after in pairwise(ordered):
            if after.paused_at < min(before.until, before.resumed_at or before.until):
                yield f"case {case_id} was paused at {after.paused_at} while it was paused"
        if any(pause.resumed_at and pause.resumed_at > pause.until for pause in pauses):
            yield f"case {case_id}: a pause lasted longer than it was to last"


@invariant
def the_runs_of_a_clock_follow_each_other(rows: Rows) -> Faults:
    for case_id, runs in rows.grouped(quality.ClockRun, "case_id").items():
        for clock in {run.clock for run in runs}:
            numbers = sorted(run.run for run in runs if run.clock == clock)
            if numbers != list(range(1, len(numbers) + 1)):
                yield f"case {case_id}: runs {numbers} of {clock}"
        for run in runs:
            if run.stopped_at is not None and run.was_late != (run.stopped_at > run.due_at):
                yield f"case {case_id}: {run.clock} {run.run} kept that it was late, or was not"


@once_the_clock_ran
def what_is_late_has_been_told_to_who_answers_for_it(rows: Rows) -> Faults:
    taken = _steps_taken(rows)
    threads = rows.by_id(work.Thread)
    for case in cases.open_cases(rows):
        thread = threads[case.thread_id]
        if thread.state == "archived":
            continue
        for run in _running(rows, case):
            due = cases.due_of_answer(rows, case, run)
            if due < rows.now and not taken.get((f"case {case.id}", f"{run.clock}:{run.run}")):
                yield f"case {case.id}: {run.clock} is late since {due} and nobody knows"
        if case.customer_knows and thread.next_news_at < rows.now:
            key = f"news:{thread.next_news_at.isoformat()}"
            if not taken.get((f"thread {thread.id}", key)):
                yield f"case {case.id}: the customer waits for news since {thread.next_news_at}"


def _running(rows: Rows, case: Row) -> list[Row]:
    runs = rows.of(quality.ClockRun)
    return [run for run in runs if run.case_id == case.id and run.stopped_at is None]


@once_the_clock_ran
def no_pause_that_is_over_is_left_unwritten(rows: Rows) -> Faults:
    for pause in rows.of(quality.ClockPause):
        if pause.resumed_at is None and pause.until <= rows.now:
            yield f"pause {pause.id} ended at {pause.until} and nobody wrote it down"
