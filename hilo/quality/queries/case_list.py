"""The list of cases: what is open, in which order it matters, and whose turn each one is.

A response's due moment is computed on reading, so the list reads all open cases of the reader in a few
columns, orders them here, and fetches whole rows for one page alone: as many
queries for ten as for a hundred.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from django.db.models import Q, QuerySet

from hilo.parties.actor import Actor
from hilo.quality.access import cases_visible_to
from hilo.quality.clocks import ClockState
from hilo.quality.models import Case, Escalation, Level, Stage
from hilo.quality.queries.clocks import CaseClocks, clocks_of
from hilo.work.models import Handoff, StepRun

RISK = timedelta(hours=16)  # two working days: a response with no more left is at risk
_GRAVITY = {Level.HIGH: 0, Level.MEDIUM: 1, Level.LOW: 2}
_OVER = (StepRun.State.DONE, StepRun.State.SKIPPED)


class CaseOrder(StrEnum):
    NEWS = "news"
    RESPONSE = "response"
    SEVERITY = "severity"
    MONEY = "money"


class CaseView(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NarrowedCases:
    """What the list is narrowed to; empty means everything. ``owner_id`` narrows open cases alone."""

    kind: str = ""
    delegation_id: int | None = None
    area_id: int | None = None
    customer_ids: tuple[int, ...] = ()
    owner_id: int | None = None


@dataclass(slots=True)
class Strand:
    """One area at work on a case, with the offer that waits for an answer, if any does."""

    run: StepRun
    offer: Handoff | None = None


@dataclass(slots=True)
class CaseFacts:
    """One case of the list with everything its row says."""

    case: Case
    clocks: CaseClocks
    strands: list[Strand] = field(default_factory=list)
    escalated: bool = False

    @property
    def news_at(self) -> datetime | None:
        return news_of(self.case)

    @property
    def waits(self) -> list[Strand]:
        return [strand for strand in self.strands if strand.offer is not None]


@dataclass(frozen=True, slots=True)
class CaseTally:
    """The figures above the list, over every open case the reader may see."""

    open: int
    late: int
    oldest_late: datetime | None
    today: int
    first_today: datetime | None
    at_risk: int


@dataclass(frozen=True, slots=True)
class CaseListing:
    """``ordered`` are the ids of all that fit; ``page_of`` fetches some of them whole. ``rows`` are every
    open case, without its long texts."""

    tally: CaseTally
    rows: list[Case]
    ordered: list[int]
    by_kind: Mapping[str, int]
    clocks: Mapping[int, CaseClocks]


def news_of(case: Case) -> datetime | None:
    """The thread's own date; a case nobody outside knows of owes no news."""
    return case.thread.next_news_at if case.customer_knows else None


def open_cases(actor: Actor) -> list[Case]:
    """Every open case the reader may see, in the columns that order and count it."""
    return list(_light(cases_visible_to(actor).exclude(stage=Stage.CLOSED)))


def cases_listed(
    rows: list[Case],
    *,
    narrowed: NarrowedCases,
    order: CaseOrder,
    money: Mapping[int, Decimal],
    now: datetime,
    end_of_today: datetime,
) -> CaseListing:
    """``rows`` are the ``open_cases``; ``money`` what stands behind each, counted in a package above this one
    and empty for whom money is not shown to: the order itself would tell."""
    clocks = clocks_of(rows, now)
    fitting = [case for case in rows if _fits(case, narrowed)]
    shown = [case for case in fitting if not narrowed.kind or case.kind == narrowed.kind]
    shown.sort(key=lambda case: _place(case, clocks[case.pk], order, money))
    by_kind = Counter(case.kind for case in fitting)
    tally = _tally(rows, clocks, now=now, end_of_today=end_of_today)
    return CaseListing(tally, rows, [case.pk for case in shown], by_kind, clocks)


def closed_cases(actor: Actor, narrowed: NarrowedCases) -> QuerySet[Case]:
    """The newest first; never by who answered for them (SPEC 14.1)."""
    rows = cases_visible_to(actor).filter(stage=Stage.CLOSED)
    if narrowed.kind:
        rows = rows.filter(kind=narrowed.kind)
    exact = {
        "delegation": narrowed.delegation_id,
        "area": narrowed.area_id,
        "thread__customer__in": narrowed.customer_ids,
    }
    return rows.filter(**{name: value for name, value in exact.items() if value}).order_by(
        "-closed_at", "-pk"
    )


def _light(cases: QuerySet[Case]) -> QuerySet[Case]:
    """``severity``, ``policy`` and the rest that clocks read stay; long texts do not travel."""
    return cases.select_related("thread__customer").defer(
        "text", "remedy", "solution", "containment", "verified_how", "thread__purpose"
    )


def _fits(case: Case, by: NarrowedCases) -> bool:
    return (
        by.delegation_id in (None, case.delegation_id)
        and by.area_id in (None, case.area_id)
        and by.owner_id in (None, case.owner_id)
        and (not by.customer_ids or case.thread.customer_id in by.customer_ids)
    )


def _place(
    case: Case, clocks: CaseClocks, order: CaseOrder, money: Mapping[int, Decimal]
) -> tuple[object, ...]:
    news = _or_far(news_of(case))
    gravity = _GRAVITY[Level(case.severity)]
    match order:
        case CaseOrder.NEWS:
            return (news, gravity, case.pk)
        case CaseOrder.RESPONSE:
            return (_or_far(clocks.response.due if clocks.response else None), news, case.pk)
        case CaseOrder.SEVERITY:
            return (gravity, news, case.pk)
        case CaseOrder.MONEY:
            return (-money.get(case.pk, Decimal(0)), news, case.pk)


def _or_far(moment: datetime | None) -> tuple[int, float]:
    """What has no moment comes last."""
    return (0, moment.timestamp()) if moment is not None else (1, 0.0)


def _tally(
    rows: Sequence[Case],
    clocks: Mapping[int, CaseClocks],
    *,
    now: datetime,
    end_of_today: datetime,
) -> CaseTally:
    news = [moment for case in rows if (moment := news_of(case)) is not None]
    late = [moment for moment in news if moment < now]
    today = [moment for moment in news if now <= moment < end_of_today]
    return CaseTally(
        open=len(rows),
        late=len(late),
        oldest_late=min(late, default=None),
        today=len(today),
        first_today=min(today, default=None),
        at_risk=sum(is_at_risk(clocks[case.pk]) for case in rows),
    )


def is_at_risk(clocks: CaseClocks) -> bool:
    """The response is late already, or two working days at most are left; a paused one waits."""
    response = clocks.response
    if response is None or response.state in (ClockState.STOPPED, ClockState.PAUSED):
        return False
    return response.left <= RISK


# ---- one page of it -------------------------------------------------------------------------------------


def page_of(
    ids: Collection[int], clocks: Mapping[int, CaseClocks] | None = None, *, now: datetime
) -> list[CaseFacts]:
    """Whole rows in the order of ``ids``: which the reader may see, the caller has seen to."""
    found = whole_cases().in_bulk(list(ids))
    cases = [found[pk] for pk in ids if pk in found]
    known = clocks if clocks is not None else clocks_of(cases, now)
    strands = strands_of(cases)
    escalated = set(Escalation.objects.filter(case__in=list(found)).values_list("case_id", flat=True))
    return [CaseFacts(case, known[case.pk], strands[case.pk], case.pk in escalated) for case in cases]


def whole_cases() -> QuerySet[Case]:
    return Case.objects.select_related(
        "thread__customer__merged_into", "delegation", "area", "owner", "contact", "policy", "same_failure_as"
    )


def strands_of(cases: Iterable[Case]) -> dict[int, list[Strand]]:
    """Per case its own areas' work; one that joined another's failure has its own strand alone."""
    items = {case.work_item_id: case.pk for case in cases}
    runs = (
        StepRun.objects.filter(work_item__in=items)
        .select_related("area", "delegation", "holder")
        .order_by("position", "pk")
    )
    found: dict[int, list[Strand]] = {pk: [] for pk in items.values()}
    by_run: dict[int, Strand] = {}
    for run in runs:
        strand = by_run[run.pk] = Strand(run)
        found[items[run.work_item_id]].append(strand)
    for offer in _offers(items):
        by_run[offer.step_run_id].offer = offer
    return found


def _offers(items: Collection[int]) -> QuerySet[Handoff]:
    """What waits for an answer, or for conditions to be confirmed."""
    waiting = Q(state__in=[Handoff.State.OFFERED, Handoff.State.CONDITIONAL])
    return Handoff.objects.filter(waiting, step_run__work_item__in=items).select_related(
        "to_area", "to_person", "giver"
    )


def is_over(run: StepRun) -> bool:
    return run.state in _OVER
