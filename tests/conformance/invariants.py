"""What must hold after every step (SPEC 2, 4, 5, 9.8), read from the rows and worked out anew.

Nothing here asks the code under test: the next step, what hangs and who answers are computed a second time,
slowly, from the specification. Only the arithmetic of business hours is shared; it has its own brute force.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model

from hilo.ledger.models import LedgerEvent
from hilo.parties import models as parties
from hilo.parties.holdings import HOLDINGS
from hilo.parties.queries.calendars import clock_of
from hilo.work import models as work

type Row = Any
type Faults = Iterator[str]

OVER = ("done", "skipped")
OPEN_OFFER = ("draft", "offered", "conditional")
UNSETTLED_ASK = ("open", "countered", "accepted")


class InvariantBroken(AssertionError):
    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Rows:
    """Every table once, as plain rows; read again for every check."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._read: dict[type[Model], list[Row]] = {}

    def of(self, model: type[Model]) -> list[Row]:
        if model not in self._read:
            rows = model._default_manager.order_by("pk").values()
            self._read[model] = [SimpleNamespace(**row) for row in rows]
        return self._read[model]

    def by_id(self, model: type[Model]) -> dict[int, Row]:
        return {row.id: row for row in self.of(model)}

    def grouped(self, model: type[Model], column: str) -> dict[int, list[Row]]:
        found: dict[int, list[Row]] = defaultdict(list)
        for row in self.of(model):
            found[getattr(row, column)].append(row)
        return found

    @cached_property
    def inactive(self) -> set[int]:
        return {person.id for person in self.of(parties.Person) if not person.is_active}

    @cached_property
    def threads(self) -> list[Row]:
        return self.of(work.Thread)

    @cached_property
    def runs(self) -> list[Row]:
        return self.of(work.StepRun)

    @cached_property
    def run_by_id(self) -> dict[int, Row]:
        return self.by_id(work.StepRun)

    @cached_property
    def handoffs_of_run(self) -> dict[int, list[Row]]:
        groups = self.grouped(work.Handoff, "step_run_id")
        return {run: sorted(each, key=lambda handoff: handoff.attempt) for run, each in groups.items()}

    @cached_property
    def spans_of_run(self) -> dict[int, list[Row]]:
        return self.grouped(work.Span, "step_run_id")

    @cached_property
    def waits_for_others(self) -> set[int]:
        """Step runs with one before them that is not over."""
        links = self.of(work.StepRunLink)
        return {link.after_id for link in links if self.run_by_id[link.before_id].state not in OVER}

    @cached_property
    def events(self) -> dict[str, list[Row]]:
        """By kind, only those the invariants read; payloads opened."""
        found: dict[str, list[Row]] = defaultdict(list)
        rows = LedgerEvent.objects.filter(kind__in=READ_KINDS).order_by("id")
        for row in rows.values("id", "kind", "subject_id", "thread_id", "author_id", "payload"):
            found[row["kind"]].append(SimpleNamespace(**{**row, "payload": json.loads(row["payload"])}))
        return found

    def happened(self, *kinds: str) -> list[Row]:
        return sorted((row for kind in kinds for row in self.events[kind]), key=lambda row: row.id)


READ_KINDS = (
    "thread.opened",
    "thread.archived",
    "thread.reopened",
    "thread.caretaken",
    "ownership.accepted",
    "step.started",
    "step.passed",
    "promise.broken",
    "policy.changed",
)

INVARIANTS: list[Callable[[Rows], Faults]] = []
AFTER_THE_CLOCK: list[Callable[[Rows], Faults]] = []


def invariant(check: Callable[[Rows], Faults]) -> Callable[[Rows], Faults]:
    INVARIANTS.append(check)
    return check


def once_the_clock_ran(check: Callable[[Rows], Faults]) -> Callable[[Rows], Faults]:
    AFTER_THE_CLOCK.append(check)
    return check


def check(now: object, *, clock_ran: bool = False) -> None:
    """Raise ``InvariantBroken`` with every fault found, each named by its check."""
    assert isinstance(now, datetime)
    rows = Rows(now)
    checks = [*INVARIANTS, *(AFTER_THE_CLOCK if clock_ran else [])]
    faults = [f"{each.__name__}: {fault}" for each in checks for fault in each(rows)]
    if faults:
        raise InvariantBroken(faults)


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
            yield Awaited(each.tacit_at, "deliverable", each.id, "await_acceptance", "customer")
        elif each.thread_id == thread.id and each.state == "refused":
            yield Awaited(each.settled_at, "deliverable", each.id, "put_right", person=thread.owner_id)


def _questions(rows: Rows, thread: Row) -> Iterator[Awaited]:
    for each in rows.of(work.ClosingQuestion):
        if each.thread_id == thread.id and each.state == "asked":
            yield Awaited(
                thread.next_news_at, "closing_question", each.id, "await_closing_answer", "customer"
            )


SOURCES = (_running, _offered, _to_prepare, _promised, _asked, _acceptances, _questions)


def _counts_hours(rows: Rows, thread: Row) -> bool:
    return any(handoff.thread_id == thread.id for handoff in _with_the_giver(rows))


def _rules_changed_since(thread_id: int) -> bool:
    """Whether hours or response times changed after the thread's last event."""
    rules = ("policy.changed", "delegation.changed")
    newest = LedgerEvent.objects.order_by("-id").values_list("id", flat=True)
    changed = max(
        newest.filter(kind__in=rules).first() or 0, newest.filter(kind__startswith="calendar.").first() or 0
    )
    return changed > (newest.filter(thread_id=thread_id).first() or 0)


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
        if each.state == "delivered" and each.tacit_at < rows.now:
            yield f"deliverable {each.id} should be accepted since {each.tacit_at}"
    on_their_own = {thread.id for thread in rows.threads if thread.state == "open"}
    for handoff in rows.of(work.Handoff):
        waits = handoff.state in ("offered", "conditional") and handoff.thread_id in on_their_own
        if waits and handoff.respond_by <= rows.now and handoff.escalated_at is None:
            yield f"nobody was told of the silence on handoff {handoff.id}"


# SPEC 9.8: life happens -----------------------------------------------------------------------------------

STAYS_ON_RECORD = {
    "promise": "who promised stays on record; what is owed is the owner's turn (checked with the next step)",
    "substitution": "past substitutions stay; those of today and later are scanned below",
}


@invariant
def who_has_left_holds_nothing(rows: Rows) -> Faults:
    today = rows.now.astimezone(UTC).date()
    held: tuple[tuple[type[Model], tuple[str, ...], Callable[[Row], bool]], ...] = (
        (work.Thread, ("owner_id",), lambda row: row.state != "archived"),
        (work.StepRun, ("holder_id",), lambda row: row.state == "running"),
        (work.LooseEnd, ("owner_id",), lambda row: row.settled_at is None),
        (work.Ask, ("asker_id", "taker_id"), lambda row: row.state in UNSETTLED_ASK),
        (work.OwnershipTransfer, ("to_person_id",), lambda row: row.state == "offered"),
        (parties.Customer, ("keeper_id",), lambda row: True),
        (parties.Membership, ("person_id",), lambda row: row.ends_on is None),
        (parties.DelegationManagement, ("person_id",), lambda row: row.ends_on is None),
        (
            parties.Absence,
            ("substitute_id",),
            lambda row: row.cancelled_at is None and row.last_day > today,
        ),
        (
            parties.Invitation,
            ("person_id",),
            lambda row: row.used_at is None and row.withdrawn_at is None,
        ),
    )
    for model, columns, counts in held:
        for row in rows.of(model):
            for column in columns:
                if getattr(row, column) in rows.inactive and counts(row):
                    yield f"{model.__name__} {row.id}: {column} is {getattr(row, column)}, who has left"
    for person in parties.Person.objects.filter(pk__in=rows.inactive):
        counts_of = {
            kind: each.count(person) for kind, each in HOLDINGS.items() if kind not in STAYS_ON_RECORD
        }
        if any(counts_of.values()):
            yield f"person {person.pk} has left and holds {counts_of}"


@invariant
def everybody_here_has_one_primary_membership(rows: Rows) -> Faults:
    primary = Counter(
        each.person_id for each in rows.of(parties.Membership) if each.is_primary and each.ends_on is None
    )
    for person in rows.of(parties.Person):
        if primary[person.id] != person.is_active:
            yield f"person {person.id} has {primary[person.id]} primary memberships"


@invariant
def an_area_that_ended_has_no_open_work(rows: Rows) -> Faults:
    tomorrow = rows.now.date() + timedelta(days=1)
    ended = {a.id for a in rows.of(parties.Area) if a.ended_on is not None and a.ended_on <= tomorrow}
    for run in rows.runs:
        if run.state not in OVER and run.area_id in ended:
            yield f"step run {run.id} waits in area {run.area_id}, which has ended"
    for handoff in rows.of(work.Handoff):
        if handoff.state in OPEN_OFFER and ended & {handoff.to_area_id, handoff.from_area_id}:
            yield f"handoff {handoff.id} lies with an area that has ended"
    for ask in rows.of(work.Ask):
        if ask.state in ("open", "accepted") and ask.to_area_id in ended:
            yield f"ask {ask.id} waits for area {ask.to_area_id}, which has ended"
    for membership in rows.of(parties.Membership):
        if membership.ends_on is None and membership.area_id in ended:
            yield f"person {membership.person_id} works in area {membership.area_id}, which has ended"


@invariant
def a_merged_customer_leads_to_a_survivor(rows: Rows) -> Faults:
    customers = rows.by_id(parties.Customer)
    for customer in customers.values():
        seen: set[int] = set()
        while customer.merged_into_id is not None:
            if customer.id in seen:
                yield f"customer {customer.id} is its own survivor"
                break
            seen.add(customer.id)
            customer = customers[customer.merged_into_id]
