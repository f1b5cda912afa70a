"""Stuck topics: what nobody has moved for long, by age (SPEC 7.9). The money behind is added above.

Moving is what a person of ours, the customer, or a feed did: reminders, ladders and other work of the clock
move nothing, however often they say so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched

from django.db.models import Exists, F, Max, OuterRef, QuerySet, Value

from hilo.ledger.models import EventObject, LedgerEvent
from hilo.ledger.record import AuthorKind
from hilo.parties.actor import Actor
from hilo.parties.queries.calendars import clock_of, day_of, while_no_calendar_changes
from hilo.quality.access import cases_visible_to
from hilo.quality.models import Case, Stage
from hilo.quality.policy import policy_in_force
from hilo.work.access import threads_visible_to
from hilo.work.models import Ask, Handoff, Promise, StepRun, Thread

_AT_WORK = (StepRun.State.OFFERED, StepRun.State.RUNNING)
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that stands still on the topic: a step, an ask, a promise; ``area``: whose step it is."""

    type: str
    id: int
    label: str
    area: str
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Stuck:
    """``kind``: case or thread. A thread with a stuck case on it is told by the case alone."""

    kind: str
    id: int
    thread: Thread
    case: Case | None
    since: datetime
    working_days: int
    waiting: tuple[Waiting, ...] = ()


def stuck_topics(actor: Actor, *, now: datetime) -> list[Stuck]:
    """The oldest first: open cases and threads, not moved for more working days than the policy says."""
    most = policy_in_force().stuck_working_days
    cases = dict(_unmoved_cases(actor, now - timedelta(days=most)))
    threads = dict(_unmoved_threads(actor, now - timedelta(days=most)))
    with while_no_calendar_changes():
        found = [topic for case, since in cases.items() if (topic := _case_topic(case, since, most, now))]
        told = {topic.thread.pk for topic in found}
        rest = ((thread, since) for thread, since in threads.items() if thread.pk not in told)
        found += [topic for thread, since in rest if (topic := _thread_topic(thread, since, most, now))]
    return sorted(_with_waiting(found), key=lambda topic: (topic.since, topic.kind, topic.id))


def _case_topic(case: Case, since: datetime, most: int, now: datetime) -> Stuck | None:
    days = _working_days(case.area_id, case.delegation_id, since, now)
    return Stuck("case", case.pk, case.thread, case, since, days) if days > most else None


def _thread_topic(thread: Thread, since: datetime, most: int, now: datetime) -> Stuck | None:
    days = _working_days(None, thread.delegation_id, since, now)
    return Stuck("thread", thread.pk, thread, None, since, days) if days > most else None


def _working_days(area_id: int | None, delegation_id: int, since: datetime, now: datetime) -> int:
    clock = clock_of(area_id, delegation_id)
    return clock.working_days_between(day_of(clock, since), day_of(clock, now))


# When something last moved --------------------------------------------------------------------------------


def _unmoved_threads(actor: Actor, limit: datetime) -> Iterator[tuple[Thread, datetime]]:
    """Open ones with nothing since ``limit``, which lies no later than the working days asked for."""
    moved = _moves().filter(thread_id=OuterRef("pk"), occurred_at__gt=limit)
    still = threads_visible_to(actor).filter(~Exists(moved), state=Thread.State.OPEN, opened_at__lte=limit)
    threads = list(still.select_related("customer", "owner"))
    last: dict[int, datetime] = {}
    for some in batched((thread.pk for thread in threads), _AT_ONCE):
        rows = _moves().filter(thread_id__in=some).values_list("thread_id").annotate(Max("occurred_at"))
        last |= dict(rows)
    for thread in threads:
        yield thread, last.get(thread.pk, thread.opened_at)


def _unmoved_cases(actor: Actor, limit: datetime) -> Iterator[tuple[Case, datetime]]:
    open_cases = cases_visible_to(actor).exclude(stage=Stage.CLOSED).filter(received_at__lte=limit)
    cases = list(open_cases.select_related("thread__customer", "thread__owner", "owner"))
    last = last_moves_of_cases(cases)
    for case in cases:
        since = last.get(case.pk, case.received_at)
        if since <= limit:
            yield case, since


def last_moves_of_cases(cases: Collection[Case]) -> dict[int, datetime]:
    """By case: its own events, those that name it, and those of the steps and handoffs of its areas."""
    chains: dict[str, int] = {f"case:{case.pk}": case.pk for case in cases}
    case_of_item = {case.work_item_id: case.pk for case in cases}
    runs = StepRun.objects.filter(work_item__in=case_of_item).values_list("pk", "work_item")
    chains |= {f"step_run:{pk}": case_of_item[item] for pk, item in runs}
    handoffs = Handoff.objects.filter(step_run__work_item__in=case_of_item)
    chains |= {
        f"handoff:{pk}": case_of_item[item] for pk, item in handoffs.values_list("pk", "step_run__work_item")
    }
    last: dict[int, datetime] = {}
    for some in batched(chains, _AT_ONCE):
        _keep_latest(last, ((chains[chain], at) for chain, at in _latest_by_chain(some)))
    for some_pks in batched((case.pk for case in cases), _AT_ONCE):
        _keep_latest(last, _latest_naming(some_pks))
    return last


def _latest_by_chain(chains: Collection[str]) -> Iterable[tuple[str, datetime]]:
    return _moves().filter(chain__in=chains).values_list("chain").annotate(Max("occurred_at"))


def _latest_naming(case_ids: Collection[int]) -> Iterable[tuple[int, datetime]]:
    naming = EventObject.objects.filter(type="case", object_id__in=case_ids)
    rows = naming.exclude(event__author_kind=AuthorKind.SYSTEM)
    return rows.values_list("object_id").annotate(Max("occurred_at"))


def _keep_latest(last: dict[int, datetime], rows: Iterable[tuple[int, datetime]]) -> None:
    for pk, at in rows:
        last[pk] = max(at, last.get(pk, at))


def _moves() -> QuerySet[LedgerEvent]:
    return LedgerEvent.objects.exclude(author_kind=AuthorKind.SYSTEM)


# What stands still there ----------------------------------------------------------------------------------


def _with_waiting(topics: list[Stuck]) -> Iterator[Stuck]:
    waiting = _waiting_on({topic.thread.pk for topic in topics})
    for topic in topics:
        here = sorted(
            waiting[topic.thread.pk], key=lambda each: (each.due is None, each.due, each.type, each.id)
        )
        yield Stuck(
            topic.kind, topic.id, topic.thread, topic.case, topic.since, topic.working_days, tuple(here)
        )


def _waiting_on(thread_ids: Collection[int]) -> defaultdict[int, list[Waiting]]:
    found: defaultdict[int, list[Waiting]] = defaultdict(list)
    steps = StepRun.objects.filter(thread__in=thread_ids, state__in=_AT_WORK)
    asks = Ask.objects.filter(thread__in=thread_ids, state__in=Ask.UNSETTLED)
    promises = Promise.objects.filter(thread__in=thread_ids, state=Promise.State.OPEN)
    for kind, rows, label, area in (
        ("step_run", steps, "name", F("area__name")),
        ("ask", asks, "what", Value("")),
        ("promise", promises, "text", Value("")),
    ):
        for thread_id, pk, words, whose, due in rows.values_list("thread", "pk", label, area, "due_at"):
            found[thread_id].append(Waiting(kind, pk, words, whose, due))
    return found
