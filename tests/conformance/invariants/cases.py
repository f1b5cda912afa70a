"""A case is repaired by somebody, told to the customer, and not closed behind anybody's back (SPEC 7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hilo.businesstime import WorkingTime
from hilo.parties import models as parties
from hilo.parties.queries.calendars import clock_of
from hilo.quality import models as quality
from hilo.work import models as work
from tests.conformance.invariants.rows import OVER, Faults, Row, Rows, invariant

BEFORE_THE_ANSWER = ("received", "acknowledged", "assessed", "investigating")
ANSWERED_ENOUGH = ("query", "suggestion")


def open_cases(rows: Rows) -> Iterator[Row]:
    return (case for case in rows.of(quality.Case) if case.closed_at is None)


def run_of(case: Row) -> int:
    return int(1 + case.reopened_count + case.refused_count)


@invariant
def an_open_case_has_somebody_of_ours_who_leads_it(rows: Rows) -> Faults:
    for case in open_cases(rows):
        if case.owner_id in rows.inactive:
            yield f"case {case.id} is led by {case.owner_id}, who has left"


@invariant
def a_closed_case_left_nobody_at_work_and_the_customer_said_so(rows: Rows) -> Faults:
    for case in rows.of(quality.Case):
        if case.closed_at is None:
            continue
        left = [
            run.id for run in rows.runs if run.work_item_id == case.work_item_id and run.state not in OVER
        ]
        if left:
            yield f"case {case.id} is closed while {left} are at work"
        if not case.customer_knows or case.kind in ANSWERED_ENOUGH:
            continue
        if case.verified_at is None or not case.outcome:
            yield f"case {case.id} is closed without a decision told or a customer who says it is solved"


@invariant
def every_stage_says_when_it_was_reached_and_the_run_is_counted(rows: Rows) -> Faults:
    reached = {(row.case_id, row.stage, row.run) for row in rows.of(quality.CaseStage)}
    reopened = Counter(event.subject_id for event in rows.happened("case.reopened"))
    refused = Counter(event.subject_id for event in rows.happened("case.solution_refused"))
    for case in rows.of(quality.Case):
        if (case.id, case.stage, run_of(case)) not in reached:
            yield f"case {case.id} is {case.stage} in run {run_of(case)} and does not say since when"
        if (case.reopened_count, case.refused_count) != (reopened[case.id], refused[case.id]):
            yield f"case {case.id} counts its reopenings otherwise than the ledger"


@invariant
def the_response_clock_runs_exactly_while_the_customer_waits(rows: Rows) -> Faults:
    running = Counter((run.case_id, run.clock) for run in rows.of(quality.ClockRun) if run.stopped_at is None)
    told = {(row.case_id) for row in rows.of(quality.CaseStage) if row.stage == "acknowledged"}
    for case in rows.of(quality.Case):
        waits = case.customer_knows and case.stage in BEFORE_THE_ANSWER
        if running[case.id, "response"] != waits:
            yield f"case {case.id} is {case.stage}, and its response clock runs, or does not"
        if running[case.id, "acknowledge"] and (case.id in told or not case.customer_knows):
            yield f"case {case.id} was acknowledged, and the clock for it runs on"
        if case.closed_at is not None and any(pk == case.id for pk, _clock in running):
            yield f"case {case.id} is closed and a clock of it runs"


@invariant
def the_second_failure_is_told_once(rows: Rows) -> Faults:
    raised = Counter(event.payload["case"] for event in rows.happened("escalation.raised"))
    for pk, times in raised.items():
        if times > 1:
            yield f"the second failure of case {pk} was told {times} times"


# What its thread awaits (see next_step) -------------------------------------------------------------------


def due_of_answer(rows: Rows, case: Row, run: Row) -> datetime:
    """So many business minutes, each pause left out, one after the other."""
    rule = _rule(rows, case)
    clock = clock_of(case.area_id, case.delegation_id)
    if run.clock == "legal":
        return _due_by_law(rows, run, clock)
    if run.clock == "acknowledge":
        return clock.add(run.started_at, timedelta(minutes=rule.acknowledge_minutes))
    reached, left = run.started_at, timedelta(minutes=rule.response_minutes)
    for pause in sorted(rows.of(quality.ClockPause), key=lambda each: each.paused_at):
        ends = min(pause.until, pause.resumed_at or pause.until)
        if pause.case_id != case.id or pause.paused_at < run.started_at or ends <= reached:
            continue
        worked = clock.between(reached, max(reached, pause.paused_at))
        if worked >= left:
            break
        reached, left = ends, left - worked
    return clock.add(reached, left)


def _due_by_law(rows: Rows, run: Row, clock: WorkingTime) -> datetime:
    """Day by day after the one of receipt."""
    deadline = rows.by_id(quality.LegalDeadline)[run.deadline_id]
    day, missing = run.started_at.astimezone(ZoneInfo(clock.rules.zone)).date(), deadline.days
    while missing:
        day += timedelta(days=1)
        missing -= deadline.unit == "days" or clock.rules.is_working_day(day)
    end = clock.end_of_day(day)
    return end if deadline.unit == "days" else clock.previous_close(end)


def _rule(rows: Rows, case: Row) -> Row:
    customer = _customer_of(rows, case)
    return next(
        rule
        for rule in rows.of(quality.PolicyRule)
        if (rule.policy_id, rule.severity, rule.tier) == (case.policy_id, case.severity, customer.tier)
    )


def _customer_of(rows: Rows, case: Row) -> Row:
    thread = rows.by_id(work.Thread)[case.thread_id]
    return rows.by_id(parties.Customer)[thread.customer_id]


def could_close_since(rows: Rows, case: Row) -> datetime | None:
    if not case.customer_knows:
        return None
    if case.kind in ANSWERED_ENOUGH and case.stage in ("responded", "decided"):
        answers = [
            row.reached_at
            for row in rows.of(quality.CaseStage)
            if row.case_id == case.id and row.stage == "responded"
        ]
        return max(answers)
    return case.verified_at if case.stage == "decided" else None


def others_are_at_work(rows: Rows, case: Row) -> bool:
    main = rows.by_id(quality.Case).get(case.same_failure_as_id or 0)
    if main is not None and main.closed_at is None:
        return True
    return any(
        run.work_item_id == case.work_item_id
        and run.state not in OVER
        and not (run.state == "running" and run.holder_id == case.owner_id)
        for run in rows.runs
    )
