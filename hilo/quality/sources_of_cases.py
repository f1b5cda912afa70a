"""What cases make somebody owe: the thread's next step, what hangs before its archive, the rows of Mi día."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from hilo.businesstime import WorkingTime
from hilo.parties.queries.calendars import clocks_of_people, end_of_next_working_day
from hilo.quality.access import cases_visible_to
from hilo.quality.clocks import ClockState, Standing
from hilo.quality.models import Case, CaseStage, ClockPause, ClockRun, PolicyRule, Stage
from hilo.quality.queries.clocks import CaseClocks, Facts, clocks_of, stand
from hilo.work.commands.plan import OVER
from hilo.work.gate import Hang, hangs
from hilo.work.models import StepRun, Thread, TurnOf
from hilo.work.owed import Debtor, Owed, OwedTo, Reads, owed
from hilo.work.settling import NextStep, next_steps
from hilo.work.sources_of_threads import NEWS_OWED_WITH


@dataclass(frozen=True, slots=True)
class Debt:
    """Something a case is owed by who leads it; to verify the solution is the customer's turn."""

    kind: str
    due: datetime
    turn: TurnOf = TurnOf.AREA


def debts_of(case: Case, clocks: CaseClocks, close_by: datetime | None) -> Iterator[Debt]:
    """In the order in which they go first when they are due at the same moment."""
    news = case.thread.next_news_at
    if receipt := _due(clocks.acknowledge):
        yield Debt("acknowledge_case", receipt)
    if answers := [due for due in (_due(clocks.response), _due(clocks.legal)) if due]:
        yield Debt("answer_case", min(answers))
    if case.customer_knows and news is not None:
        if case.stage == Stage.DECIDED and case.verified_at is None:
            yield Debt("await_verification", news, TurnOf.CUSTOMER)
        yield Debt("give_case_news", news)
    if close_by is not None:
        yield Debt("close_case", close_by)


def _due(clock: Standing | None) -> datetime | None:
    """Of a clock that still runs, paused or late as it may be."""
    return None if clock is None or clock.state == ClockState.STOPPED else clock.due


def _could_close_since(case: Case, stages: Iterable[CaseStage]) -> datetime | None:
    """When the customer said the last that the close waited for; None while something is missing."""
    if not case.customer_knows:
        return None
    if case.kind in Case.ANSWERED_ENOUGH:
        return _answered_at(case, stages)
    return case.verified_at if case.stage == Stage.DECIDED else None


def _answered_at(case: Case, stages: Iterable[CaseStage]) -> datetime | None:
    answers = [row.reached_at for row in stages if row.stage == Stage.RESPONDED]
    return max(answers, default=None) if case.stage in (Stage.RESPONDED, Stage.DECIDED) else None


def _strands_left(cases: Any) -> QuerySet[StepRun]:
    """What areas still have to do for them, but for the leader's own strand, which ends with the case."""
    left = StepRun.objects.filter(work_item__case__in=cases).exclude(state__in=OVER)
    return left.exclude(state=StepRun.State.RUNNING, holder=F("work_item__case__owner")).only("work_item")


def _waits(case: Case, busy: Collection[int]) -> bool:
    """For other areas that keep it open, or for the case that carries the work of the same failure."""
    main = case.same_failure_as
    return case.work_item_id in busy or (main is not None and main.is_open)


def _close_by(ready: Mapping[Case, datetime], hours: Mapping[int, WorkingTime]) -> dict[int, datetime]:
    """The end of the leader's next working day."""
    return {case.pk: end_of_next_working_day(hours[case.owner_id], since) for case, since in ready.items()}


def _open(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.filter(closed_at__isnull=True)


def _debts(cases: Iterable[Case], now: datetime) -> Iterator[tuple[Case, Debt]]:
    """A constant number of queries, however many cases."""
    rows = list(cases)
    clocks = clocks_of(rows, now)
    since = {each: at for each in rows if (at := _could_close_since(each, each.stages.all()))}
    busy = {strand.work_item_id for strand in _strands_left([each.pk for each in since])} if since else set()
    ready = {each: at for each, at in since.items() if not _waits(each, busy)}
    closes = _close_by(ready, clocks_of_people({each.owner_id for each in ready})) if ready else {}
    for case in rows:
        for debt in debts_of(case, clocks[case.pk], closes.get(case.pk)):
            yield case, debt


@next_steps(lambda thread: _open(thread.cases.all()))
def cases_awaiting_something(thread: Thread, cases: Iterable[Case], now: datetime) -> Iterator[NextStep]:
    """Who leads the case owes its receipt, its answer, its news and its close; the customer verifies."""
    rows = Case.objects.filter(pk__in=[case.pk for case in cases]).order_by("pk")
    for case, debt in _debts(_with_all(rows), now):
        theirs = debt.turn == TurnOf.CUSTOMER
        yield NextStep(
            due=debt.due,
            kind=debt.kind,
            type="case",
            id=case.pk,
            label=case.title,
            turn=debt.turn,
            area_id=None if theirs else case.area_id,
            person_id=None if theirs else case.owner_id,
            contact_id=case.contact_id if theirs else None,
        )


def _with_all(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.select_related("thread__customer", "owner", "same_failure_as").prefetch_related("stages")


@hangs
def cases_open(thread: Thread, now: datetime) -> Iterator[Hang]:
    """On this thread, and on others but touching it."""
    here = Q(thread=thread) | Q(also_on__thread=thread)
    for case in _open(Case.objects.filter(here)).select_related("thread").distinct().order_by("pk"):
        secret = case.thread.is_confidential and case.thread_id != thread.pk
        yield Hang(
            kind="open_case",
            type="case",
            id=case.pk,
            label=case.code if secret else f"{case.code} {case.title}",
            due=case.thread.next_news_at,
            person_id=case.owner_id,
        )


def _led(debtor: Debtor) -> QuerySet[Case]:
    """Of the cases the actor leads, or covers, those that are open."""
    going_on = (Thread.State.OPEN, Thread.State.PAUSED)
    mine = cases_visible_to(debtor.actor).filter(owner__in=debtor.people, thread__state__in=going_on)
    return _open(mine)


@owed(
    Reads(_led, "thread", "owner", "same_failure_as"),
    Reads(lambda debtor: CaseStage.objects.filter(case__in=_led(debtor))),
    Reads(lambda debtor: ClockRun.objects.filter(case__in=_led(debtor)), "deadline"),
    Reads(lambda debtor: ClockPause.objects.filter(case__in=_led(debtor))),
    Reads(lambda debtor: PolicyRule.objects.filter(policy__in=_led(debtor).values("policy"))),
    Reads(lambda debtor: _strands_left(_led(debtor))),
)
def case_debts(
    debtor: Debtor,
    cases: Iterable[Case],
    stages: Iterable[CaseStage],
    runs: Iterable[ClockRun],
    pauses: Iterable[ClockPause],
    rules: Iterable[PolicyRule],
    strands: Iterable[StepRun],
) -> Iterator[Owed]:
    """What is owed on the cases the actor leads, or covers: the news once per thread, whatever the cases."""
    facts = Facts.without_news(cases, runs=runs, pauses=pauses, rules=rules, calendars=debtor.hours)
    clocks = stand(facts, debtor.now)
    busy = {strand.work_item_id for strand in strands}
    reached: defaultdict[int, list[CaseStage]] = defaultdict(list)
    for row in stages:
        reached[row.case_id].append(row)
    since = {each: at for each in cases if (at := _could_close_since(each, reached[each.pk]))}
    ready = {each: at for each, at in since.items() if not _waits(each, busy)}
    closes = _close_by(ready, debtor.hours.of_people({each.owner_id for each in ready}))
    told: set[int] = set()
    for case in cases:
        for debt in debts_of(case, clocks[case.pk], closes.get(case.pk)):
            if debt.turn == TurnOf.CUSTOMER or (debt.kind == "give_case_news" and case.thread_id in told):
                continue
            if debt.kind == "give_case_news":
                told.add(case.thread_id)
            yield _owed_on(debtor, case, debt)


def _owed_on(debtor: Debtor, case: Case, debt: Debt) -> Owed:
    return Owed(
        kind=debt.kind,
        type="case",
        id=case.pk,
        version=case.version,
        label=case.title,
        due=debt.due,
        to=OwedTo.CUSTOMER,
        thread=case.thread,
        whom=case.thread.customer.name,
        covers=debtor.in_whose_stead(case.owner),
    )


@NEWS_OWED_WITH.append
def _news_of_cases(people: set[int]) -> QuerySet[Case, int]:
    """Who leads a case there owes its news with the case, not a second time with the thread."""
    known = Case.objects.filter(owner__in=people, customer_knows=True, closed_at__isnull=True)
    return known.values_list("thread_id", flat=True)
