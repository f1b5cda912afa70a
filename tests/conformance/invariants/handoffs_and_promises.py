"""Nobody gets a mess dumped on them, and what was promised is not forgotten."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

from hilo.parties import models as parties
from hilo.work import models as work
from tests.conformance.invariants.rows import (
    OPEN_OFFER,
    Faults,
    Rows,
    invariant,
    once_the_clock_ran,
)

# SPEC 4: handoffs -----------------------------------------------------------------------------------------


@invariant
def one_open_offer_per_step_and_attempts_without_gaps(rows: Rows) -> Faults:
    for run_id, attempts in rows.handoffs_of_run.items():
        if sum(each.state in OPEN_OFFER for each in attempts) > 1:
            yield f"step run {run_id} has several open offers"
        if [each.attempt for each in attempts] != list(range(1, len(attempts) + 1)):
            yield f"step run {run_id}: attempts {[each.attempt for each in attempts]}"
        if any(each.state in OPEN_OFFER for each in attempts[:-1]):
            yield f"step run {run_id}: an older attempt is still open"


@invariant
def until_it_is_accepted_the_giver_answers(rows: Rows) -> Faults:
    """No limbo: a step whose moment has come is with its giver, who is here, until somebody takes it."""
    for run in rows.runs:
        attempts = rows.handoffs_of_run.get(run.id, [])
        if run.state in ("planned", "offered") and run.id not in rows.waits_for_others:
            if not attempts:
                yield f"step run {run.id} could begin and nobody has been asked to hand it over"
            elif attempts[-1].giver_id in rows.inactive:
                yield f"step run {run.id}: its giver {attempts[-1].giver_id} has left"
            elif attempts[-1].state == "accepted":
                yield f"step run {run.id} is {run.state} though its handoff was accepted"
        for handoff in attempts:
            if handoff.state in OPEN_OFFER and handoff.giver_id in rows.inactive:
                yield f"handoff {handoff.id} is given by {handoff.giver_id}, who has left"
            if handoff.state in OPEN_OFFER and handoff.to_person_id in rows.inactive:
                yield f"handoff {handoff.id} is offered to {handoff.to_person_id}, who has left"


@invariant
def an_open_offer_fits_its_step(rows: Rows) -> Faults:
    for handoff in rows.of(work.Handoff):
        run = rows.run_by_id[handoff.step_run_id]
        if handoff.state not in OPEN_OFFER:
            continue
        if handoff.is_within_area:
            if run.state != "running" or run.holder_id != handoff.giver_id or not handoff.to_person_id:
                yield f"colleague's offer {handoff.id}: the step is {run.state} with {run.holder_id}"
        elif handoff.state != "draft" and run.state != "offered":
            yield f"handoff {handoff.id} is {handoff.state} and its step {run.state}"
        if handoff.state != "draft" and not (handoff.respond_by and handoff.offered_at):
            yield f"handoff {handoff.id} is {handoff.state} without a clock"
        if run.id in rows.waits_for_others and handoff.state == "offered" and run.state != "running":
            yield f"handoff {handoff.id} is offered before the steps before it are over"


@invariant
def what_is_offered_is_complete_or_explained(rows: Rows) -> Faults:
    steps = rows.by_id(work.Step)
    items = rows.grouped(work.HandoffItem, "handoff_id")
    for handoff in rows.of(work.Handoff):
        run = rows.run_by_id[handoff.step_run_id]
        needs = steps[run.step_id].needs if run.step_id else []
        optional = {need["key"] for need in needs if not need.get("required", True)}
        if handoff.state in ("offered", "conditional", "accepted"):
            for item in items[handoff.id]:
                if item.state == "missing" and item.key not in optional:
                    yield f"handoff {handoff.id} was offered with {item.key} missing and unexplained"
                if item.state == "explained" and not item.explanation:
                    yield f"item {item.id} is explained by nothing"


@invariant
def a_full_handoff_is_accepted_with_a_read_back_and_a_return_says_why(rows: Rows) -> Faults:
    for handoff in rows.of(work.Handoff):
        by_border = handoff.weight == "full" and not handoff.is_within_area
        if by_border and handoff.state in ("accepted", "conditional") and not handoff.read_back:
            yield f"handoff {handoff.id} was accepted without reading it back"
        if handoff.state == "returned" and not (handoff.return_reason and handoff.return_comment):
            yield f"handoff {handoff.id} came back without a reason"
        if handoff.state in ("accepted", "conditional", "returned") and not handoff.answered_by_id:
            yield f"handoff {handoff.id} is {handoff.state} and nobody answered it"


# SPEC 5: promises -----------------------------------------------------------------------------------------


@invariant
def a_promise_is_broken_at_most_once_and_says_when(rows: Rows) -> Faults:
    broken = Counter(event.subject_id for event in rows.happened("promise.broken"))
    for promise in rows.of(work.Promise):
        if broken[promise.id] > 1 or (promise.state == "broken" and broken[promise.id] != 1):
            yield f"promise {promise.id} ({promise.state}) was broken {broken[promise.id]} times"
        if promise.state in ("broken", "kept_late") and promise.broken_at != promise.due_at:
            yield f"promise {promise.id} was due {promise.due_at}, broken {promise.broken_at}"
        if promise.state in ("kept", "renegotiated", "open") and (promise.broken_at or broken[promise.id]):
            yield f"promise {promise.id} is {promise.state} though it was broken"
        if promise.state == "kept" and promise.settled_at > promise.due_at:
            yield f"promise {promise.id} was kept late and does not say so"
        if promise.state == "broken" and promise.due_at > rows.now:
            yield f"promise {promise.id} was broken before it was due"


@invariant
def a_renegotiated_promise_has_one_successor_with_the_first_date(rows: Rows) -> Faults:
    promises = rows.by_id(work.Promise)
    successors = rows.grouped(work.Promise, "predecessor_id")
    for promise in promises.values():
        wanted = 1 if promise.state == "renegotiated" else 0
        if len(successors.get(promise.id, [])) != wanted:
            yield f"promise {promise.id} is {promise.state} with {len(successors[promise.id])} successors"
        before = promises.get(promise.predecessor_id)
        first = promise.first_due_at if before is None else before.first_due_at
        if promise.first_due_at != first or (before is None and promise.due_at != first):
            yield f"promise {promise.id} forgot its first date"
        if before is not None and before.settled_at >= before.due_at:
            yield f"promise {before.id} was renegotiated when it was due already"


@invariant
def a_day_lasts_to_its_end_where_it_is_delivered(rows: Rows) -> Faults:
    places = rows.by_id(parties.Delegation)
    for promise in rows.of(work.Promise):
        if promise.due_is_day:
            zone = ZoneInfo(places[promise.delegation_id].zone)
            local = promise.due_at.astimezone(zone)
            after = (promise.due_at + timedelta(seconds=1)).astimezone(zone)
            if local.date() == after.date():
                yield f"promise {promise.id} of a day ends at {local}"


@once_the_clock_ran
def what_time_has_decided_is_decided(rows: Rows) -> Faults:
    for promise in rows.of(work.Promise):
        if promise.state == "open" and promise.due_at < rows.now:
            yield f"promise {promise.id} was due {promise.due_at} and nobody broke it"
    for pause in rows.of(work.Pause):
        if pause.woken_at is None and pause.until <= rows.now:
            yield f"thread {pause.thread_id} should have woken at {pause.until}"
    for each in rows.of(work.Deliverable):
        if each.state == "delivered" and each.tacit_at and each.tacit_at < rows.now:
            yield f"deliverable {each.id} should be accepted since {each.tacit_at}"
    on_their_own = {thread.id for thread in rows.threads if thread.state == "open"}
    for handoff in rows.of(work.Handoff):
        waits = handoff.state in ("offered", "conditional") and handoff.thread_id in on_their_own
        if waits and handoff.respond_by <= rows.now and handoff.escalated_at is None:
            yield f"nobody was told of the silence on handoff {handoff.id}"
