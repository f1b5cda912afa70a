"""Whose a thread and its steps are, the archive, and where the time went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise

from django.db.models import Model

from hilo.quality import models as quality
from hilo.work import models as work
from tests.conformance.invariants.rows import (
    OPEN_OFFER,
    OVER,
    UNSETTLED_ASK,
    Faults,
    Row,
    Rows,
    invariant,
)

# SPEC 2.2: owner, holder and turn -------------------------------------------------------------------------


@invariant
def a_thread_is_owned_by_whom_the_ledger_says(rows: Rows) -> Faults:
    """Opening, an accepted offer and a departure give it an owner, and nothing else."""
    owners: dict[int, set[int]] = {}
    kinds = ("thread.opened", "ownership.accepted", "thread.caretaken", "thread.reopened")
    for event in rows.happened(*kinds):
        if event.kind == "thread.reopened":  # by whoever reopens, if the owner has left meanwhile
            owners[event.thread_id] = owners[event.thread_id] | {event.author_id}
        else:
            key = {"thread.opened": "owner", "thread.caretaken": "caretaker"}.get(event.kind, "to_person")
            owners[event.thread_id] = {event.payload[key]}
    for thread in rows.threads:
        if thread.owner_id not in owners.get(thread.id, set()):
            yield f"thread {thread.id} is owned by {thread.owner_id}, not by {owners.get(thread.id)}"


@invariant
def a_running_step_is_with_whom_the_ledger_says(rows: Rows) -> Faults:
    holders: dict[int, int] = {}
    for event in rows.happened("step.started", "step.passed"):
        key = "holder" if event.kind == "step.started" else "new_holder"
        holders[event.subject_id] = event.payload[key]
    for run in rows.runs:
        if run.state == "running" and holders.get(run.id) != run.holder_id:
            yield f"step run {run.id} is with {run.holder_id}, who never took it on"


@invariant
def a_running_step_has_an_active_holder_and_a_due_moment(rows: Rows) -> Faults:
    for run in rows.runs:
        if run.state == "running" and (
            not run.holder_id or run.holder_id in rows.inactive or not run.due_at or not run.started_at
        ):
            yield f"step run {run.id} runs with {run.holder_id} by {run.due_at}"
        if run.state in ("planned", "offered") and run.holder_id:
            yield f"step run {run.id} is {run.state} and already with {run.holder_id}"
        if run.state in OVER and not run.finished_at:
            yield f"step run {run.id} is {run.state} and does not say since when"


# SPEC 2.4: states -----------------------------------------------------------------------------------------


@invariant
def exactly_the_paused_threads_have_one_open_pause(rows: Rows) -> Faults:
    open_ones = Counter(pause.thread_id for pause in rows.of(work.Pause) if pause.woken_at is None)
    for thread in rows.threads:
        if open_ones[thread.id] != (thread.state == "paused"):
            yield f"thread {thread.id} is {thread.state} with {open_ones[thread.id]} open pauses"


@invariant
def reopenings_are_counted(rows: Rows) -> Faults:
    reopened = Counter(event.thread_id for event in rows.happened("thread.reopened"))
    for thread in rows.threads:
        if thread.reopened_count != reopened[thread.id]:
            yield f"thread {thread.id} counts {thread.reopened_count}, the ledger {reopened[thread.id]}"


# SPEC 2.5: nothing hangs ----------------------------------------------------------------------------------


@invariant
def nothing_hangs_on_an_archived_thread_unless_a_director_forced_it(rows: Rows) -> Faults:
    forced = {event.thread_id: event.payload["forced"] for event in rows.happened("thread.archived")}
    archived = {thread.id for thread in rows.threads if thread.state == "archived"}
    for thread_id, what in _hanging(rows):
        if thread_id in archived and not forced[thread_id]:
            yield f"thread {thread_id} is in the archive, and {what} hangs"
    asked = {question.thread_id for question in rows.of(work.ClosingQuestion)}
    for thread_id in archived - asked:
        if not forced[thread_id]:
            yield f"thread {thread_id} is in the archive without its closing question"


def _hanging(rows: Rows) -> Iterator[tuple[int, str]]:
    unsettled: tuple[tuple[type[Model], Callable[[Row], bool]], ...] = (
        (work.StepRun, lambda row: row.state not in OVER),
        (work.Handoff, lambda row: row.state in OPEN_OFFER),
        (
            work.Promise,
            lambda row: row.state == "open" or (row.state == "broken" and row.answered_at is None),
        ),
        (work.LooseEnd, lambda row: row.settled_at is None),
        (work.Ask, lambda row: row.state in UNSETTLED_ASK),
        (work.Deliverable, lambda row: row.state in ("planned", "delivered", "refused")),
        (work.Order, lambda row: row.state == "open"),
        (work.OwnershipTransfer, lambda row: row.state == "offered"),
    )
    for model, hangs in unsettled:
        for row in rows.of(model):
            if hangs(row):
                yield row.thread_id, f"{model.__name__} {row.id}"
    for case in rows.of(quality.Case):
        if case.closed_at is None:
            touched = {row.thread_id for row in rows.of(quality.CaseThread) if row.case_id == case.id}
            yield from ((thread_id, f"case {case.id}") for thread_id in {case.thread_id, *touched})


@invariant
def one_survey_per_contact_in_ninety_days(rows: Rows) -> Faults:
    if rows.happened("policy.changed"):  # another number of days holds, from then on only
        return
    asked = [each for each in rows.of(work.ClosingQuestion) if each.state in ("asked", "answered")]
    for contact in {each.contact_id for each in asked}:
        moments = sorted(each.asked_at for each in asked if each.contact_id == contact)
        if any(later - earlier < timedelta(days=90) for earlier, later in pairwise(moments)):
            yield f"contact {contact} was asked twice within ninety days"


# SPEC 2.8: spans ------------------------------------------------------------------------------------------


@invariant
def one_open_span_and_only_while_somebody_is_charged(rows: Rows) -> Faults:
    """Running: the area's work. Offered across a border and not answered: the border's. Else none."""
    for run in rows.runs:
        still_open = [span for span in rows.spans_of_run.get(run.id, []) if span.closed_at is None]
        offers = rows.handoffs_of_run.get(run.id, [])
        waits = any(each.state in ("offered", "conditional") and not each.is_within_area for each in offers)
        expected = ["work"] if run.state == "running" else ["border"] if waits else []
        if [span.kind for span in still_open] != expected:
            kinds = [span.kind for span in still_open]
            yield f"step run {run.id} is {run.state} with open spans {kinds}, not {expected}"
        for span in still_open:
            if span.area_id != run.area_id:
                yield f"span {span.id} is charged to area {span.area_id}, the step is {run.area_id}'s"


@invariant
def spans_follow_each_other_without_overlap(rows: Rows) -> Faults:
    for run_id, spans in rows.spans_of_run.items():
        spans = sorted(spans, key=lambda span: span.id)
        for span in spans:
            if span.kind == "border" and span.from_area_id is None:
                yield f"border span {span.id} has one side only"
            if span.closed_at is not None and (span.closed_at < span.opened_at or not span.ended_as):
                yield f"span {span.id} ends before it begins, or does not say how"
        for one, other in pairwise(spans):
            if one.closed_at is None or one.closed_at > other.opened_at:
                yield f"spans {one.id} and {other.id} of step run {run_id} overlap"
            yield from _fits(one, other)
        if spans and spans[-1].ended_as in ("accepted", "handed_on"):
            yield f"span {spans[-1].id} was {spans[-1].ended_as}, and nobody's time goes on"


def _fits(one: Row, other: Row) -> Faults:
    """A border that was accepted goes on as work at that very moment; a twin after a reorganisation."""
    at_once = one.closed_at == other.opened_at
    if one.ended_as == "accepted" and not (one.kind == "border" and other.kind == "work" and at_once):
        yield f"span {one.id} was accepted, and {other.id} is {other.kind} from {other.opened_at}"
    if one.ended_as == "handed_on" and not (one.kind == other.kind and at_once):
        yield f"span {one.id} was handed on, and {other.id} is no twin of it"
    if one.kind == "work" and one.ended_as not in ("done", "skipped", "handed_on"):
        yield f"work span {one.id} ended as {one.ended_as}"
    if one.kind == "border" and other.kind == "work" and one.ended_as == "done":
        yield f"border span {one.id} ended as done"


# SPEC 2.9, 2.6 --------------------------------------------------------------------------------------------


@invariant
def a_plan_without_reserve_says_why(rows: Rows) -> Faults:
    for thread in rows.threads:
        if thread.kind != "supply" and not thread.reserve_minutes and not thread.reserve_justification:
            yield f"thread {thread.id} has no reserve and no reason"
