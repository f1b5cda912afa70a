"""How the clocks of cases stand: of one or of thousands, in one query (SPEC 7.3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Protocol

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from hilo.businesstime import WorkingTime
from hilo.parties.queries.calendars import Place, clock_of_person
from hilo.quality.clocks import (
    Clock,
    Frozen,
    LegalClock,
    NewsClock,
    Pause,
    Standing,
    TargetClock,
    standing,
    standing_of_stopped,
)
from hilo.quality.models import Case, ClockPause, ClockRun, LegalDeadline, PolicyRule, Stage
from hilo.work.models import Thread, Update
from hilo.work.queries.hours import Hours, hours_parts
from hilo.work.queries.together import Columns, Part, Together, as_moment

NEWS = "news"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClocks:
    """The current run of each clock; None where there is none (an internal case has none at all)."""

    acknowledge: Standing | None = None
    response: Standing | None = None
    legal: Standing | None = None
    news: Standing | None = None
    pause: ClockPause | None = None  # the one that holds the response clock now


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveClock:
    """One that has not stopped; ``key`` names its lateness for the ladder (``Rung.key``)."""

    case_id: int
    name: str  # a ClockRun.Clock, or NEWS
    key: str
    clock: Clock
    rule: PolicyRule


def clocks_of(cases: Iterable[Case], now: datetime) -> dict[int, CaseClocks]:
    """By case, whatever the stage: the clocks that stopped as they stopped, the others as they stand."""
    return stand(Facts.of(case.pk for case in cases), now)


def stand(facts: Facts, now: datetime) -> dict[int, CaseClocks]:
    shown = {(run.case_id, run.clock): _kept(run) for run in facts.stopped_runs()}
    live = _live(facts)  # a run that goes on is newer than those that stopped
    shown |= {(each.case_id, each.name): standing(each.clock, now=now) for each in live}
    return {pk: _of_one(pk, shown, facts.pause_at(pk, now)) for pk in facts.cases}


def _of_one(case_id: int, shown: Mapping[tuple[int, str], Standing], pause: ClockPause | None) -> CaseClocks:
    return CaseClocks(
        acknowledge=shown.get((case_id, ClockRun.Clock.ACKNOWLEDGE)),
        response=shown.get((case_id, ClockRun.Clock.RESPONSE)),
        legal=shown.get((case_id, ClockRun.Clock.LEGAL)),
        news=shown.get((case_id, NEWS)),
        pause=pause,
    )


def _kept(run: ClockRun) -> Standing:
    assert run.due_at is not None and run.used_minutes is not None  # the database insists
    return standing_of_stopped(
        Frozen(due_at=run.due_at, used_minutes=run.used_minutes, was_late=bool(run.was_late))
    )


def live_clocks(case_ids: Iterable[int]) -> list[LiveClock]:
    """Every clock of these cases that has not stopped."""
    return _live(Facts.of(case_ids))


def _live(facts: Facts) -> list[LiveClock]:
    return [clock for pk in facts.cases for clock in _live_of_one(facts, pk)]


def _live_of_one(facts: Facts, case_id: int) -> Iterable[LiveClock]:
    rule = facts.rule_of(case_id)
    for run in facts.runs.get(case_id, ()):
        if run.stopped_at is None:
            yield LiveClock(
                case_id=case_id,
                name=run.clock,
                key=f"{run.clock}:{run.run}",
                clock=facts.clock_of(run),
                rule=rule,
            )
    if news := facts.news_clock(case_id):
        key = f"{NEWS}:{news.due.isoformat()}"
        yield LiveClock(case_id=case_id, name=NEWS, key=key, clock=news, rule=rule)


def running_clock(run: ClockRun) -> Clock:
    """The arithmetic of one run, from the calendar, the policy and the pauses of this moment."""
    return Facts.of([run.case_id]).clock_of(run)


def news_due_by_policy(case: Case, *, since: datetime) -> datetime:
    """By when the policy wants the customer to hear, in the thread owner's business time."""
    minutes = Facts.of([case.pk]).rule_of(case.pk).news_minutes
    return clock_of_person(case.thread.owner_id).add(since, timedelta(minutes=minutes))


def deadline_for(case: Case) -> LegalDeadline | None:
    """What law or contract sets for this kind of customer; the one for this kind of case goes first."""
    kind = case.thread.customer.kind
    found = LegalDeadline.objects.filter(
        customer_kind=kind, case_kind__in=["", case.kind], is_active=True
    ).order_by("-case_kind")
    return found.first()


def pause_of(row: ClockPause) -> Pause:
    return Pause(row.paused_at, row.until, row.resumed_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class _CaseFacts:
    place: Place
    rule_key: tuple[int, str, str]
    owner_id: int  # of the thread: whose hours the news date follows
    next_news_at: datetime | None
    told_at: datetime
    awaits_news: bool


class Calendars(Protocol):
    """Whose hours count: looked up, or at hand as ``work.queries.hours.Hours`` has them."""

    def of_places(self, places: Iterable[Place], /) -> dict[Place, WorkingTime]: ...

    def of_people(self, person_ids: Iterable[int], /) -> dict[int, WorkingTime]: ...


@dataclass(frozen=True)
class Facts:
    """All that the clocks of some cases are worked out from, read once."""

    cases: Mapping[int, _CaseFacts]
    runs: Mapping[int, list[ClockRun]]
    pauses: Mapping[int, list[ClockPause]]
    known_rules: Iterable[PolicyRule]
    calendars: Calendars

    @classmethod
    def of(cls, case_ids: Iterable[int]) -> Facts:
        return cls.read(_rows(ids=set(case_ids)))

    @classmethod
    def read(cls, found: Sequence[list[Any]]) -> Facts:
        """From the rows of ``clock_parts``."""
        cases, runs, deadlines, pauses, rules, *hours = found
        facts = {case[0]: _facts_of(case) for case in sorted(cases, key=lambda case: (case[-1], case[0]))}
        of = {deadline.pk: deadline for deadline in deadlines}
        for run in runs:
            run.deadline = of.get(run.deadline_id)
        calendars = Hours({case.owner_id for case in facts.values()}, hours)
        return cls(facts, _by_case(runs), _by_case(pauses), rules, calendars)

    @classmethod
    def without_news(
        cls,
        cases: Iterable[Case],
        *,
        runs: Iterable[ClockRun],
        pauses: Iterable[ClockPause],
        rules: Iterable[PolicyRule],
        calendars: Calendars,
    ) -> Facts:
        """From rows at hand, the cases with their thread and customer, the runs with their deadline.

        Without the clock of the news: it began with the last message, which is not among them.
        """
        facts = {case.pk: _facts_without_news(case) for case in cases}
        return cls(facts, _by_case(runs), _by_case(pauses), rules, calendars)

    @cached_property
    def hours(self) -> dict[Place, WorkingTime]:
        return self.calendars.of_places({case.place for case in self.cases.values()})

    @cached_property
    def owners_hours(self) -> dict[int, WorkingTime]:
        return self.calendars.of_people({case.owner_id for case in self.cases.values() if case.awaits_news})

    @cached_property
    def rules(self) -> dict[tuple[int, str, str], PolicyRule]:
        return {(row.policy_id, row.severity, row.tier): row for row in self.known_rules}

    def stopped_runs(self) -> Iterator[ClockRun]:
        """The older ones of a clock first."""
        return (run for runs in self.runs.values() for run in runs if run.stopped_at is not None)

    def pause_at(self, case_id: int, now: datetime) -> ClockPause | None:
        return next((row for row in self.pauses.get(case_id, ()) if pause_of(row).holds(now)), None)

    def rule_of(self, case_id: int) -> PolicyRule:
        return self.rules[self.cases[case_id].rule_key]

    def clock_of(self, run: ClockRun) -> Clock:
        hours = self.hours[self.cases[run.case_id].place]
        if run.deadline is not None:
            in_working_days = run.deadline.unit == LegalDeadline.Unit.WORKING_DAYS
            return LegalClock(
                started_at=run.started_at,
                days=run.deadline.days,
                in_working_days=in_working_days,
                hours=hours,
            )
        rule = self.rule_of(run.case_id)
        if run.clock == ClockRun.Clock.ACKNOWLEDGE:
            target = timedelta(minutes=rule.acknowledge_minutes)
            return TargetClock(started_at=run.started_at, target=target, hours=hours)
        return TargetClock(
            started_at=run.started_at,
            target=timedelta(minutes=rule.response_minutes),
            hours=hours,
            pauses=tuple(pause_of(row) for row in self.pauses.get(run.case_id, ())),
        )

    def news_clock(self, case_id: int) -> NewsClock | None:
        case = self.cases[case_id]
        if not case.awaits_news or case.next_news_at is None:
            return None
        return NewsClock(
            started_at=case.told_at, due=case.next_news_at, hours=self.owners_hours[case.owner_id]
        )


def _by_case[R: (ClockRun, ClockPause)](rows: Iterable[R]) -> dict[int, list[R]]:
    """The runs of one clock in their order, pauses as they began."""
    found: dict[int, list[R]] = {}
    for row in sorted(rows, key=_order):
        found.setdefault(row.case_id, []).append(row)
    return found


def _order(row: ClockRun | ClockPause) -> tuple[Any, ...]:
    return (row.clock, row.run) if isinstance(row, ClockRun) else (row.paused_at, row.pk)


def _facts_without_news(case: Case) -> _CaseFacts:
    return _CaseFacts(
        place=(case.area_id, case.delegation_id),
        rule_key=(case.policy_id, case.severity, case.thread.customer.tier),
        owner_id=case.thread.owner_id,
        next_news_at=None,
        told_at=case.received_at,
        awaits_news=False,
    )


def clock_parts(*, ids: Collection[int]) -> list[Part]:
    """What ``Facts.read`` needs, for callers that fetch more of these cases in the same query."""
    cases, runs = Case.objects.filter(pk__in=ids), ClockRun.objects.filter(case__in=ids)
    last_said = Update.objects.filter(thread=OuterRef("thread")).order_by("-said_at").values("said_at")[:1]
    told_at = Coalesce(Subquery(last_said), "thread__opened_at")
    return [
        Columns(cases.annotate(told_at=told_at), _OF_A_CASE),
        runs,
        LegalDeadline.objects.filter(pk__in=runs.filter(deadline__isnull=False).values("deadline")),
        ClockPause.objects.filter(case__in=ids),
        PolicyRule.objects.filter(policy__in=cases.values("policy")),
        *hours_parts(people=Thread.objects.filter(cases__in=ids).values("owner")),
    ]


_rows = Together(clock_parts)
_OF_A_CASE = {
    "pk": None,
    **dict.fromkeys(("area_id", "delegation_id", "policy_id", "severity", "thread__customer__tier")),
    **dict.fromkeys(("thread__owner_id", "stage", "customer_knows")),
    **dict.fromkeys(("thread__next_news_at", "told_at", "received_at"), as_moment),
}


def _facts_of(row: tuple[Any, ...]) -> _CaseFacts:
    _pk, area, delegation, policy, severity, tier, owner, stage, known, next_news_at, told_at, _received = row
    return _CaseFacts(
        place=(area, delegation),
        rule_key=(policy, severity, tier),
        owner_id=owner,
        next_news_at=next_news_at,
        told_at=told_at,
        awaits_news=bool(known) and stage != Stage.CLOSED,
    )
