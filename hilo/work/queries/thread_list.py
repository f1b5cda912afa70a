"""The list of threads: its views, filters and orders. Everything starts from what the actor may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable

from hilo.parties.actor import Actor
from hilo.parties.search import find
from hilo.work.access import threads_visible_to
from hilo.work.models import AffectedGroup, Ask, Contradiction, Handoff, Promise, Span, Thread, TurnOf

MOST_FOUND = 2_000  # threads that a typed text may narrow a list to
LAUNCH_IS_NEAR = timedelta(days=30)


class ListView(StrEnum):
    """``paused`` threads count as open (SPEC 2.4): they are in ``OPEN``, and apart."""

    OPEN = "open"
    MINE = "mine"
    MY_TURN = "my_turn"
    FRAYED = "frayed"
    SILENT = "silent"
    PAUSED = "paused"
    ARCHIVED = "archived"


class ListOrder(StrEnum):
    CONSEQUENCE = "consequence"
    DUE = "due"
    AGE = "age"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What the list is narrowed to; empty means everything."""

    customer_ids: tuple[int, ...] = ()
    delegation_id: int | None = None
    owner_id: int | None = None
    kind: str = ""
    priority: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class MoneyBehind:
    """What open threads are worth in one currency, and how much of it hangs on those that fray."""

    currency: str
    open: Decimal
    frayed: Decimal


def threads_listed(
    actor: Actor, *, view: ListView, narrowed: Narrowed, order: ListOrder, now: datetime
) -> QuerySet[Thread]:
    """The rows in order, with what a row shows: no further query per row.

    A list filtered by a person is their current work, never their past (SPEC 14.1): in the archive the
    owner's filter does nothing.
    """
    rows = threads_visible_to(actor).filter(_in_view(view, actor, now))
    rows = _narrow(rows, narrowed, actor, past=view is ListView.ARCHIVED)
    return with_row_facts(rows, now=now).order_by(*_order(order, view, actor))


def with_row_facts(threads: QuerySet[Thread], *, now: datetime) -> QuerySet[Thread]:
    """People, places and signals of each row: ``has_contradiction``, ``has_unprepared``."""
    return threads.select_related(
        "customer__merged_into__merged_into",
        "delegation",
        "owner",
        "turn_area",
        "turn_person",
        "turn_contact",
    ).annotate(
        has_contradiction=Exists(
            Contradiction.objects.filter(thread=OuterRef("pk"), settled_at__isnull=True)
        ),
        has_unprepared=Exists(_unprepared(now).filter(thread=OuterRef("pk"))),
        rank=_rank(now),
    )


def counts_of_views(actor: Actor, *, now: datetime) -> dict[ListView, int]:
    """How many threads each view holds, in one query."""
    counts = {view.value: Count("pk", filter=_in_view(view, actor, now)) for view in ListView}
    found = threads_visible_to(actor).aggregate(**counts)
    return {view: found[view.value] for view in ListView}


def money_behind(actor: Actor, *, now: datetime) -> list[MoneyBehind]:
    """The largest currency first; nothing for whom money is not shown to."""
    if not actor.sees_money:
        return []
    threads = threads_visible_to(actor).filter(_IS_OPEN, amount__isnull=False)
    sums = threads.values("currency").annotate(all=Sum("amount"), frayed=Sum("amount", filter=frays(now)))
    behind = [MoneyBehind(row["currency"], row["all"], row["frayed"] or Decimal(0)) for row in sums]
    return sorted(behind, key=lambda each: -each.open)


# ---- what the words mean --------------------------------------------------------------------------------


_IS_OPEN = ~Q(state=Thread.State.ARCHIVED)


def frays(now: datetime) -> Q:
    """What the thread line shows as frayed today: waiting, silent, or returned and not offered again."""
    borders = Span.objects.filter(kind=Span.Kind.BORDER)
    waiting = borders.filter(thread=OuterRef("pk"), closed_at__isnull=True)
    again = borders.filter(
        thread=OuterRef("thread"),
        from_area=OuterRef("from_area"),
        area=OuterRef("area"),
        opened_at__gt=OuterRef("opened_at"),
    )
    bounced = borders.filter(thread=OuterRef("pk"), ended_as=Span.End.RETURNED).exclude(Exists(again))
    returned = Q(Exists(bounced), state=Thread.State.OPEN)  # a pause explains why nobody offers it again
    return is_silent(now) | _IS_OPEN & (Q(Exists(waiting)) | returned)


def is_silent(now: datetime) -> Q:
    """They have not heard from us by when we said; the news clock survives a pause (DOMAIN 3)."""
    return _IS_OPEN & Q(next_news_at__lt=now)


def my_turn(actor: Actor) -> Q:
    """The next step is the actor's (or of whom they cover), or anybody's in an area of theirs there."""
    if actor.person is None:
        return Q(pk__in=[])
    in_person = Q(turn_person__in={actor.person.pk, *actor.covers_ids})
    my_area = Q(turn_of=TurnOf.AREA, turn_person__isnull=True, turn_area__in=actor.area_ids)
    return Q(state=Thread.State.OPEN) & (in_person | my_area & _is_here(actor))


def _is_here(actor: Actor) -> Q:
    """The awaited thing says at which delegation; what says nothing is where the thread is."""
    mine = actor.delegation_ids
    offered = Exists(Handoff.objects.filter(pk=OuterRef("next_id"), to_delegation__in=mine))
    asked = Exists(Ask.objects.filter(pk=OuterRef("next_id"), to_delegation__in=mine))
    elsewhere = ~Q(next_type__in=["handoff", "ask"]) & Q(delegation__in=mine)
    return Q(offered, next_type="handoff") | Q(asked, next_type="ask") | elsewhere


def _in_view(view: ListView, actor: Actor, now: datetime) -> Q:
    match view:
        case ListView.OPEN:
            return _IS_OPEN
        case ListView.MINE:
            return _IS_OPEN & Q(owner=actor.person) if actor.person else Q(pk__in=[])
        case ListView.MY_TURN:
            return my_turn(actor)
        case ListView.FRAYED:
            return frays(now)
        case ListView.SILENT:
            return is_silent(now)
        case ListView.PAUSED:
            return Q(state=Thread.State.PAUSED)
        case ListView.ARCHIVED:
            return Q(state=Thread.State.ARCHIVED)


def _unprepared(now: datetime) -> QuerySet[AffectedGroup]:
    """People at the customer whom a near launch touches, and nobody has told or trained (SPEC 5.4)."""
    near = Q(launch_at__isnull=True) | Q(launch_at__lte=now + LAUNCH_IS_NEAR)
    return AffectedGroup.objects.filter(near, Q(told_at__isnull=True) | Q(trained_at__isnull=True))


def _rank(now: datetime) -> Case:
    """By consequence: first what is overdue towards the customer, then what waits at a border."""
    overdue = Promise.objects.filter(thread=OuterRef("pk"), answered_at__isnull=True).filter(
        Q(state=Promise.State.BROKEN) | Q(state=Promise.State.OPEN, due_at__lt=now)
    )
    waiting = Span.objects.filter(thread=OuterRef("pk"), kind=Span.Kind.BORDER, closed_at__isnull=True)
    return Case(
        When(Q(state=Thread.State.ARCHIVED), then=Value(4)),
        When(is_silent(now) | Exists(overdue), then=Value(0)),
        When(Exists(waiting), then=Value(1)),
        When(Q(state=Thread.State.PAUSED), then=Value(3)),
        default=Value(2),
        output_field=IntegerField(),
    )


def by_consequence(actor: Actor) -> tuple[str | Combinable, ...]:
    """The order of rows of ``with_row_facts`` in which they matter."""
    return _order(ListOrder.CONSEQUENCE, ListView.OPEN, actor)


def _order(order: ListOrder, view: ListView, actor: Actor) -> tuple[str | Combinable, ...]:
    """Amounts order nothing for whom money is not shown to: the order itself would tell."""
    by_amount = (F("amount").desc(nulls_last=True),) if actor.sees_money else ()
    if order is ListOrder.AMOUNT and by_amount:
        return (*by_amount, "-pk")
    if order is ListOrder.AGE:
        return ("opened_at", "pk")
    if view is ListView.ARCHIVED:
        return ("-archived_at", "-pk")
    if order is ListOrder.DUE:
        return ("next_due", "pk")
    return ("rank", *by_amount, "next_due", "pk")


def _narrow(rows: QuerySet[Thread], by: Narrowed, actor: Actor, *, past: bool) -> QuerySet[Thread]:
    exact: dict[str, object] = {
        "customer__in": by.customer_ids,
        "delegation": by.delegation_id,
        "owner": None if past else by.owner_id,
        "kind": by.kind,
        "priority": by.priority,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if not by.text.strip():
        return rows
    hits = find(actor, by.text, limit=MOST_FOUND, kinds=["thread"])
    return rows.filter(pk__in=[hit.object_id for hit in hits])
