"""How much somebody owes today and how many handoffs wait for them: the top bar's numbers, in one query.

The rows are those of ``owed_by`` (a test compares them), without what each row says. One thing differs: by
when a giver should prepare a handoff is business time, which no database knows; here what has lain since
before today counts as due.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, DateTimeField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from hilo.parties.actor import Actor
from hilo.prepared import Prepared
from hilo.work.access import visible_to
from hilo.work.models import Ask, Handoff, LooseEnd, OwnershipTransfer, Promise, StepRun, Thread
from hilo.work.queries.reviews import reviews_owed
from hilo.work.sides import people_behind
from hilo.work.sources_of_handoffs import handoffs_for, handoffs_of_giver, to_be_prepared

_A_MOMENT, _A_DAY = timedelta(microseconds=1), timedelta(days=1)

type _Rows = QuerySet[Any, Any]


@dataclass(frozen=True, slots=True)
class Pressing:
    """``due`` counts what is due before the end of the day, the ``late`` ones included."""

    due: int
    late: int
    handoffs: int


def pressing(actor: Actor, *, now: datetime, until: datetime) -> Pressing:
    """``until`` is the end of the actor's day."""
    if actor.person is None:
        return Pressing(0, 0, 0)
    found = _rows_of(
        actor=actor,
        now=now,
        until=until,
        today=now.date(),
        just_before=until - _A_MOMENT,
        day_before=until - _A_DAY,
    )
    due = [moment for _kind, moment in found if moment < until]
    return Pressing(
        due=len(due),
        late=sum(moment < now for moment in due),
        handoffs=sum(kind == "handoff" for kind, _moment in found),
    )


def _rows(
    *,
    actor: Actor,
    now: datetime,
    until: datetime,
    today: date,
    just_before: datetime,
    day_before: datetime,
) -> _Rows:
    offers = _dues(handoffs_for(actor, today=today), F("respond_by"), kind="handoff")
    others = [
        *(_dues(rows.filter(**{f"{due}__lt": until}), F(due)) for rows, due in _owed_rows(actor, now)),
        _dues(_drafts(actor, day_before), Value(just_before, output_field=DateTimeField())),
    ]
    return offers.union(*others, all=True)


_rows_of = Prepared(_rows)


def _dues(rows: _Rows, due: Any, *, kind: str = "") -> _Rows:
    return rows.order_by().values_list(Value(kind, output_field=CharField()), due)


def _owed_rows(actor: Actor, now: datetime) -> Iterator[tuple[_Rows, str]]:
    """The querysets of the sources of ``owed``, each with the column that says by when."""
    people = people_behind(actor)
    mine = Q(owner__in=people)
    yield Thread.objects.filter(_going_on(actor, ""), mine), "next_news_at"
    decide = Q(next_kind="decide", state=Thread.State.OPEN)
    yield Thread.objects.filter(visible_to(actor), mine, decide), "next_due"
    offered = OwnershipTransfer.objects.filter(to_person=actor.person, state="offered")
    yield offered.filter(visible_to(actor, "thread__")), "respond_by"
    for promises in _promises_of(people):
        yield Promise.objects.filter(promises, _going_on(actor)), "due_at"
    yield LooseEnd.objects.filter(_going_on(actor), mine, settled_at__isnull=True), "due_at"
    yield Ask.objects.filter(_asks_of(actor, people), _going_on(actor)), "due_at"
    yield _steps_of(actor, people, now), "due_at"
    yield handoffs_of_giver(actor).filter(state=Handoff.State.CONDITIONAL), "respond_by"
    yield reviews_owed(actor), "starts_at"


def _going_on(actor: Actor, prefix: str = "thread__") -> Q:
    """Of a thread that the actor may read and that is not archived."""
    state = Q(**{f"{prefix}state__in": (Thread.State.OPEN, Thread.State.PAUSED)})
    return visible_to(actor, prefix) & state


def _promises_of(people: set[int]) -> tuple[Q, Q]:
    """Their own, and what falls to them as a thread's owner; apart, so that each has its index."""
    own = Q(promised_by__in=people, state=Promise.State.OPEN)
    broken = Q(state=Promise.State.BROKEN, answered_at__isnull=True)
    inherited = broken | Q(state=Promise.State.OPEN, promised_by__is_active=False)
    return own, Q(thread__owner__in=people) & inherited & ~own


def _asks_of(actor: Actor, people: set[int]) -> Q:
    return (
        Q(state=Ask.State.OPEN, to_area__in=actor.area_ids, to_delegation__in=actor.delegation_ids)
        | Q(state=Ask.State.ACCEPTED, taker__in=people)
        | Q(state=Ask.State.COUNTERED, asker__in=people)
    )


def _steps_of(actor: Actor, people: set[int], now: datetime) -> _Rows:
    return StepRun.objects.filter(
        Q(waits_for="") | Q(due_at__lte=now),
        visible_to(actor, "thread__"),
        holder__in=people,
        state=StepRun.State.RUNNING,
        thread__state=Thread.State.OPEN,
    )


def _drafts(actor: Actor, day_before: datetime) -> _Rows:
    since = Coalesce("answered_at", "created_at")
    waiting = to_be_prepared(handoffs_of_giver(actor)).annotate(since=since)
    return waiting.filter(since__lt=day_before)
