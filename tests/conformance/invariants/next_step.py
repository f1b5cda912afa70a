"""Never without an owner, a next step, a turn and a date of the next news."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from hilo.ledger.models import LedgerEvent
from hilo.parties import models as parties
from hilo.parties.queries.calendars import clock_of, clock_of_person, end_of_next_working_day
from hilo.quality import models as quality
from hilo.work import models as work
from tests.conformance.invariants import cases
from tests.conformance.invariants.rows import (
    Faults,
    Row,
    Rows,
    invariant,
)

# SPEC 2.1: never without owner, next step and news --------------------------------------------------------


@invariant
def every_open_thread_has_owner_next_step_turn_and_news(rows: Rows) -> Faults:
    for thread in rows.threads:
        if thread.state == "archived":
            if thread.next_kind or thread.next_due or thread.turn_of or not thread.archived_at:
                yield f"thread {thread.id} is archived and something is still awaited on it"
            continue
        if thread.owner_id in rows.inactive:
            yield f"thread {thread.id} is owned by {thread.owner_id}, who has left"
        for column in ("next_kind", "next_type", "next_due", "turn_of", "next_news_at"):
            if not getattr(thread, column):
                yield f"thread {thread.id} is {thread.state} without {column}"
        if thread.turn_person_id in rows.inactive:
            yield f"thread {thread.id}: the turn is {thread.turn_person_id}'s, who has left"


@dataclass(frozen=True, order=True)
class Awaited:
    due: datetime
    type: str
    id: int
    kind: str
    turn: str = "area"
    area: int | None = None
    person: int | None = None

    def __str__(self) -> str:
        return f"{self.kind} {self.type}:{self.id} by {self.due} ({self.turn}, {self.area}, {self.person})"


@invariant
def the_next_step_is_the_earliest_thing_awaited(rows: Rows) -> Faults:
    """Recomputed from all rows. Response times counted under rules that changed since are left as stored."""
    for thread in rows.threads:
        if thread.state == "archived":
            continue
        expected, stored = _next_step(rows, thread), _stored(thread)
        if thread.next_kind == "decide" and expected is not None and expected.kind == "decide":
            continue
        if stored != expected and not (_counts_hours(rows, thread) and _rules_changed_since(thread.id)):
            yield f"thread {thread.id}: stored {stored}, but awaited is {expected}"


def _stored(thread: Row) -> Awaited:
    return Awaited(
        thread.next_due,
        thread.next_type,
        thread.next_id,
        thread.next_kind,
        thread.turn_of,
        thread.turn_area_id,
        thread.turn_person_id,
    )


def _next_step(rows: Rows, thread: Row) -> Awaited | None:
    if thread.state == "paused":
        pauses = [pause for pause in rows.of(work.Pause) if pause.thread_id == thread.id]
        return next(
            (
                Awaited(pause.until, "pause", pause.id, "wake", "nobody")
                for pause in pauses
                if pause.woken_at is None
            ),
            None,
        )
    found = [each for source in SOURCES for each in source(rows, thread)]
    decide = Awaited(thread.next_due, "thread", thread.id, "decide", person=thread.owner_id)
    return min(found, key=lambda each: (each.due, each.type, each.id), default=decide)


def _running(rows: Rows, thread: Row) -> Iterator[Awaited]:
    for run in rows.runs:
        if run.thread_id == thread.id and run.state == "running":
            turn = run.waits_for or "area"
            yield Awaited(run.due_at, "step_run", run.id, "do_step", turn, run.area_id, run.holder_id)


def _offered(rows: Rows, thread: Row) -> Iterator[Awaited]:
    for each in rows.of(work.Handoff):
        if each.thread_id != thread.id:
            continue
        if each.state == "offered":
            kind = "start_colleague_offer" if each.is_within_area else "answer_handoff"
            yield Awaited(
                each.respond_by,
                "handoff",
                each.id,
                kind,
                area=each.to_area_id,
                person=each.to_person_id,
            )
        elif each.state == "conditional":
            yield Awaited(
                each.respond_by,
                "handoff",
                each.id,
                "confirm_conditions",
                area=each.from_area_id,
                person=each.giver_id,
            )


def _to_prepare(rows: Rows, thread: Row) -> Iterator[Awaited]:
    for handoff in _with_the_giver(rows):
        if handoff.thread_id == thread.id:
            yield Awaited(
                _offer_by(rows, handoff),
                "handoff",
                handoff.id,
                "prepare_handoff",
                area=handoff.from_area_id,
                person=handoff.giver_id,
            )


def _with_the_giver(rows: Rows) -> Iterator[Row]:
    """Drafts, and the last attempt that came back for a step whose moment has come."""
    for run_id, attempts in rows.handoffs_of_run.items():
        run, last = rows.run_by_id[run_id], attempts[-1]
        came_back = last.state in ("returned", "withdrawn") and run.state in ("planned", "offered")
        if last.state == "draft" or (came_back and run_id not in rows.waits_for_others):
            yield last


def _offer_by(rows: Rows, handoff: Row) -> datetime:
    policy = rows.of(parties.CompanyPolicy)[0]
    minutes = policy.light_response_minutes if handoff.weight == "light" else policy.full_response_minutes
    clock = clock_of(handoff.from_area_id, handoff.from_delegation_id)
    return clock.add(handoff.answered_at or handoff.created_at, timedelta(minutes=minutes))


def _promised(rows: Rows, thread: Row) -> Iterator[Awaited]:
    for each in rows.of(work.Promise):
        if each.thread_id != thread.id:
            continue
        if each.state == "broken" and each.answered_at is None:
            yield Awaited(each.due_at, "promise", each.id, "answer_broken_promise", person=thread.owner_id)
        elif each.state == "open":
            gone = each.promised_by_id in rows.inactive
            yield Awaited(
                each.due_at,
                "promise",
                each.id,
                "keep_promise",
                area=each.area_id,
                person=thread.owner_id if gone else each.promised_by_id,
            )


def _asked(rows: Rows, thread: Row) -> Iterator[Awaited]:
    kinds = {"open": "answer_ask", "accepted": "fulfil_ask", "countered": "agree_ask"}
    for ask in rows.of(work.Ask):
        if ask.thread_id == thread.id and ask.state in kinds:
            theirs = ask.state == "countered"
            yield Awaited(
                ask.due_at,
                "ask",
                ask.id,
                kinds[ask.state],
                area=ask.from_area_id if theirs else ask.to_area_id,
                person=ask.asker_id if theirs else ask.taker_id,
            )


def _acceptances(rows: Rows, thread: Row) -> Iterator[Awaited]:
    for each in rows.of(work.Deliverable):
        if each.thread_id == thread.id and each.state == "delivered":
            if each.tacit_at:
                yield Awaited(each.tacit_at, "deliverable", each.id, "await_acceptance", "customer")
            else:
                owner = thread.owner_id
                yield Awaited(each.delivered_at, "deliverable", each.id, "ask_acceptance", person=owner)
        elif each.thread_id == thread.id and each.state == "refused":
            yield Awaited(each.settled_at, "deliverable", each.id, "put_right", person=thread.owner_id)


def _questions(rows: Rows, thread: Row) -> Iterator[Awaited]:
    for each in rows.of(work.ClosingQuestion):
        if each.thread_id == thread.id and each.state == "asked":
            yield Awaited(
                thread.next_news_at, "closing_question", each.id, "await_closing_answer", "customer"
            )


def _cases(rows: Rows, thread: Row) -> Iterator[Awaited]:
    for case in cases.open_cases(rows):
        if case.thread_id != thread.id:
            continue
        lead = {"area": case.area_id, "person": case.owner_id}
        running = [r for r in rows.of(quality.ClockRun) if r.case_id == case.id and r.stopped_at is None]
        for run in sorted(running, key=lambda each: each.clock):
            kind = "acknowledge_case" if run.clock == "acknowledge" else "answer_case"
            yield Awaited(cases.due_of_answer(rows, case, run), "case", case.id, kind, **lead)
        if case.customer_knows:
            if case.stage == "decided" and case.verified_at is None:
                yield Awaited(thread.next_news_at, "case", case.id, "await_verification", "customer")
            yield Awaited(thread.next_news_at, "case", case.id, "give_case_news", **lead)
        since = cases.could_close_since(rows, case)
        if since is not None and not cases.others_are_at_work(rows, case):
            due = end_of_next_working_day(clock_of_person(case.owner_id), since)
            yield Awaited(due, "case", case.id, "close_case", **lead)


SOURCES = (_running, _offered, _to_prepare, _promised, _asked, _acceptances, _questions, _cases)


def _counts_hours(rows: Rows, thread: Row) -> bool:
    counted = (*_with_the_giver(rows), *cases.open_cases(rows))
    return any(row.thread_id == thread.id for row in counted)


def _rules_changed_since(thread_id: int) -> bool:
    """Whether hours or response times changed after the thread's last event."""
    rules = Q(kind__in=["policy.changed", "delegation.changed", "customer.changed"])
    for noun in ("calendar.", "membership.", "legal_deadline.", "area."):
        rules |= Q(kind__startswith=noun)
    newest = LedgerEvent.objects.order_by("-id").values_list("id", flat=True)
    return (newest.filter(rules).first() or 0) > (newest.filter(thread_id=thread_id).first() or 0)
