"""The list of threads: its views, filters and orders. Everything starts from what the actor may see.

Written for 100,000 open threads: the first page walks an index in the list's order (``Listing.tiers``), what
frays and what is late come from small sets of their own, and nothing is counted past ``COUNTED_TO``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    Case,
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
from hilo.prepared import Fixed, Prepared, Statements
from hilo.work.access import threads_visible_to
from hilo.work.models import (
    AffectedGroup,
    Ask,
    Contradiction,
    Handoff,
    Promise,
    Span,
    StepRun,
    Thread,
    TurnOf,
)

COUNTED_TO = 1_000  # "1.000 o más": nobody reads further, and counting costs
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
    """Those that an index serves."""

    CONSEQUENCE = "consequence"
    DUE = "due"
    NEWS = "news"
    AGE = "age"
    YOUNGEST = "youngest"
    AMOUNT = "amount"
    CODE = "code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What the list is narrowed to; empty means everything."""

    customer_ids: tuple[int, ...] = ()
    delegation_id: int | None = None
    owner_id: int | None = None
    kind: str = ""
    priority: str = ""
    text: str = ""
    amount_from: Decimal | None = None  # nothing for whom money is not shown to: the list itself would tell
    template_id: int | None = None
    step_key: str = ""  # at which step of that process work is open


@dataclass(frozen=True, slots=True)
class MoneyBehind:
    """What open threads are worth in one currency, and how much of it hangs on those that fray."""

    currency: str
    open: Decimal
    frayed: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One list of one person: what is in it and in which order."""

    actor: Actor
    view: ListView
    narrowed: Narrowed
    order: ListOrder
    now: datetime

    def rows(self) -> QuerySet[Thread]:
        """In no order. A list filtered by a person is their current work, never their past (SPEC 14.1):
        in the archive the owner's filter does nothing."""
        rows = threads_visible_to(self.actor).filter(in_view(self.view, self.actor, self.now))
        return narrow(rows, self.narrowed, self.actor, past=self.view is ListView.ARCHIVED)

    def tiers(self) -> list[QuerySet[Thread]]:
        """Querysets that make up the list one after the other, each in an order that an index serves."""
        if self.view is ListView.ARCHIVED or self.order is not ListOrder.CONSEQUENCE:
            return [part.order_by(*self._keys()) for part in self._by_amount(self.rows())]
        late = Q(pk__in=overdue_threads(self.now))
        waits = Q(pk__in=waiting_threads())
        rows = self.rows()
        # Few among many: found by their state, not met on a walk through all amounts.
        paused = Q(pk__in=Thread.objects.filter(state=Thread.State.PAUSED).values("pk"))
        ranks = (late, ~late & waits, ~late & ~waits & ~paused, ~late & ~waits & paused)
        return [tier.order_by(*self._keys()) for rank in ranks for tier in self._by_amount(rows.filter(rank))]

    def page(self, number: int, size: int) -> tuple[list[Thread], bool]:
        """The threads of a page with their row facts, and whether there are more."""
        ids = self._ids(first=(number - 1) * size, most=size + 1)
        rows = _rows_with_facts(ids=ids[:size], soon=self.now + LAUNCH_IS_NEAR)
        found = {row.pk: row for row in rows}
        return [found[pk] for pk in ids[:size] if pk in found], len(ids) > size

    def _ids(self, *, first: int, most: int) -> list[int]:
        """In a large company the first tier fills the page, and the others are not asked for."""
        statements = self._statements(Fixed(first + most))
        found = _ids_of(statements[:1], first=first, most=most)
        return found if len(found) == most else _ids_of(statements, first=first, most=most)

    def _statements(self, most: Fixed) -> list[_Statement | None]:
        if self.narrowed != Narrowed():
            return [statement_of(ids) for ids in _numbered(self.tiers(), most.value)]
        return _statements_of_tiers(
            actor=self.actor, view=self.view, order=self.order, now=self.now, most=most
        )

    def _by_amount(self, rows: QuerySet[Thread]) -> list[QuerySet[Thread]]:
        """What has no amount comes last, without sorting what an index has sorted; SQLite does so itself."""
        if not self._orders_by_amount() or connection.vendor == "sqlite":
            return [rows]
        return [rows.filter(amount__isnull=False), rows.filter(amount__isnull=True)]

    def _orders_by_amount(self) -> bool:
        """Amounts order nothing for whom money is not shown to: the order itself would tell."""
        weighed = self.order is ListOrder.CONSEQUENCE and self.view is not ListView.ARCHIVED
        return self.actor.sees_money and (weighed or self.order is ListOrder.AMOUNT)

    def _keys(self) -> tuple[str, ...]:
        if self._orders_by_amount():
            return ("-amount", "next_due", "pk")
        if self.order in _PLAIN_KEYS:
            return _PLAIN_KEYS[self.order]
        if self.view is ListView.ARCHIVED:
            return ("-archived_at", "-pk")
        return ("next_news_at", "pk") if self.order is ListOrder.NEWS else ("next_due", "pk")


_PLAIN_KEYS = {
    ListOrder.AGE: ("opened_at", "pk"),
    ListOrder.YOUNGEST: ("-opened_at", "-pk"),
    ListOrder.CODE: ("-code",),
}


def ids_in_order(tiers: list[QuerySet[Thread]], *, first: int, most: int) -> list[int]:
    """A stretch of several ordered querysets laid one behind the other, in one query."""
    statements = [statement_of(ids) for ids in _numbered(tiers, first + most)]
    return _ids_of(statements, first=first, most=most)


def _numbered(tiers: Iterable[QuerySet[Thread]], most: int) -> list[QuerySet[Any, Any]]:
    return [
        tier.annotate(tier=Value(place, output_field=IntegerField())).values_list("tier", "id")[:most]
        for place, tier in enumerate(tiers)
    ]


def _tiers_of(
    *, actor: Actor, view: ListView, order: ListOrder, now: datetime, most: Fixed
) -> list[QuerySet[Any, Any]]:
    """Of a list that nobody has narrowed."""
    listing = Listing(actor=actor, view=view, narrowed=Narrowed(), order=order, now=now)
    return _numbered(listing.tiers(), most.value)


_statements_of_tiers = Statements(_tiers_of)


def _ids_of(statements: Sequence[_Statement | None], *, first: int, most: int) -> list[int]:
    parts: list[str] = []
    params: list[str | int] = []
    for place, found in enumerate(statements):
        if found is None:
            continue
        sql, given = found
        # The order of the parts is kept by numbering their rows: a UNION ALL promises none.
        parts.append(f"SELECT tier, id, ROW_NUMBER() OVER () AS place FROM ({sql}) AS t{place}")
        params.extend(given)
    if not parts:
        return []
    union = " UNION ALL ".join(parts)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM ({union}) AS every ORDER BY tier, place LIMIT %s OFFSET %s",
            [*params, most, first],
        )
        return [pk for (pk,) in cursor.fetchall()]


type _Statement = tuple[str, tuple[Any, ...]]


def statement_of(rows: QuerySet[Any, Any]) -> _Statement | None:
    """None when the conditions alone say that there is nothing: an id that nobody has."""
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:
        return None


def counted(rows: dict[str, QuerySet[Any]], *, up_to: int = COUNTED_TO) -> dict[str, int]:
    """How many rows each has, counted to one more than ``up_to`` and no further, in one query."""
    return _counted({name: statement_of(_ones(each, up_to)) for name, each in rows.items()})


def _ones(rows: QuerySet[Any], up_to: int = COUNTED_TO) -> QuerySet[Any, Any]:
    return rows.order_by().values_list(Value(1, output_field=IntegerField()))[: up_to + 1]


def _counted[K](rows: Mapping[K, _Statement | None]) -> dict[K, int]:
    parts: list[str] = []
    params: list[str | int] = []
    for place, statement in enumerate(rows.values()):
        sql, given = statement or ("SELECT 1 WHERE 1 = 0", ())
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS c{place})")
        params.extend(given)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        found = cursor.fetchone()
    return dict(zip(rows, found, strict=True))


def with_row_facts(threads: QuerySet[Thread], *, now: datetime) -> QuerySet[Thread]:
    """People, places and signals of each row: ``has_contradiction``, ``has_unprepared``."""
    return _with_facts(threads, now + LAUNCH_IS_NEAR)


def _with_facts(threads: QuerySet[Thread], soon: datetime) -> QuerySet[Thread]:
    return (
        threads.select_related(*_BESIDE)
        .only(*_OF_A_ROW)
        .annotate(
            has_contradiction=Exists(
                Contradiction.objects.filter(thread=OuterRef("pk"), settled_at__isnull=True)
            ),
            has_unprepared=Exists(_unprepared(soon).filter(thread=OuterRef("pk"))),
        )
    )


_BESIDE = (
    "customer__merged_into__merged_into",
    "delegation",
    "owner",
    "turn_area",
    "turn_person",
    "turn_contact",
)
# Of what stands beside a thread only its name; of the thread nothing that fills a page of its own.
_OF_A_ROW = (
    *(
        field.name
        for field in Thread._meta.concrete_fields
        if field.name not in ("purpose", "reserve_justification")
    ),
    "customer__merged_into__merged_into__merged_into",
    *(f"{name}__name" for name in (*_BESIDE, "customer", "customer__merged_into")),
)


def with_rank(threads: QuerySet[Thread], *, now: datetime) -> QuerySet[Thread]:
    """With what ``by_consequence`` orders by."""
    return threads.annotate(rank=_rank(now))


_rows_with_facts = Prepared(lambda *, ids, soon: _with_facts(Thread.objects.filter(pk__in=ids), soon))


def counts_of_views(
    actor: Actor, *, now: datetime, also: QuerySet[Thread] | None = None
) -> dict[ListView | None, int]:
    """How many threads each view holds (``None``: how many ``also`` has), in one query, up to the cap."""
    of_views = _statements_of_views(actor=actor, now=now)
    rows: dict[ListView | None, _Statement | None] = dict(zip(ListView, of_views, strict=True))
    if also is not None:
        rows[None] = statement_of(_ones(also))
    return _counted(rows)


def _views_of(*, actor: Actor, now: datetime) -> list[QuerySet[Any, Any]]:
    visible = threads_visible_to(actor)
    return [_ones(visible.filter(in_view(view, actor, now))) for view in ListView]


_statements_of_views = Statements(_views_of)


def money_behind(actor: Actor, *, now: datetime) -> list[MoneyBehind]:
    """The largest currency first; nothing for whom money is not shown to."""
    if not actor.sees_money:
        return []
    sums = _sums(actor=actor, now=now)
    behind = [MoneyBehind(row["currency"], row["all"], row["frayed"] or Decimal(0)) for row in sums]
    return sorted(behind, key=lambda each: -each.open)


def _amounts(*, actor: Actor, now: datetime) -> QuerySet[Any, Any]:
    threads = threads_visible_to(actor).filter(_IS_OPEN, amount__isnull=False)
    return threads.values("currency").annotate(all=Sum("amount"), frayed=Sum("amount", filter=frays(now)))


_sums = Prepared(_amounts)


# ---- what the words mean --------------------------------------------------------------------------------


# An archived thread says when (a constraint of the table): so said, the partial indexes serve it.
_IS_OPEN = Q(archived_at__isnull=True)


def frays(now: datetime) -> Q:
    """What the thread line shows as frayed today: waiting, silent, or returned and not offered again."""
    return _IS_OPEN & Q(pk__in=_silent_threads(now).union(waiting_threads(), _bounced_threads()))


def is_silent(now: datetime) -> Q:
    """They have not heard from us by when we said; the news clock survives a pause (DOMAIN 3)."""
    return _IS_OPEN & Q(next_news_at__lt=now)


class _Literal(Value):
    """A code written into the statement: SQLite takes a partial index only when it can read its condition."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        assert str(self.value).isidentifier()
        return f"'{self.value}'", ()


_BORDERS = Q(kind=_Literal("border"))


def _silent_threads(now: datetime) -> QuerySet[Any, Any]:
    return Thread.objects.filter(is_silent(now)).values_list("pk", flat=True)


def waiting_threads() -> QuerySet[Any, Any]:
    """Where work waits at a border: offered, and not answered. Those put away by force are among them."""
    return Span.objects.filter(_BORDERS, closed_at__isnull=True).values_list("thread_id", flat=True)


def _bounced_threads() -> QuerySet[Any, Any]:
    """Of open threads: a pause explains why nobody offers it again, and of what is archived nothing frays."""
    returned = Span.objects.filter(_BORDERS, ended_as=_Literal("returned"), offered_again_at__isnull=True)
    return returned.filter(thread__state=Thread.State.OPEN).values_list("thread_id", flat=True)


def overdue_threads(now: datetime) -> QuerySet[Any, Any]:
    """What is overdue towards the customer: news, or a promise that passed and was not answered for."""
    promised = Promise.objects.filter(answered_at__isnull=True).values_list("thread_id", flat=True)
    return _silent_threads(now).union(
        promised.filter(state=Promise.State.BROKEN),
        promised.filter(state=Promise.State.OPEN, due_at__lt=now),
    )


def my_turn(actor: Actor) -> Q:
    """The next step is the actor's (or of whom they cover), or anybody's in an area of theirs there."""
    if actor.person is None:
        return Q(pk__in=[])
    in_person = Q(turn_person__in={actor.person.pk, *actor.covers_ids})
    my_area = Q(turn_of=TurnOf.AREA, turn_person__isnull=True, turn_area__in=actor.area_ids)
    return in_person | my_area & _is_here(actor)  # paused, or put away, it is nobody's turn


def _is_here(actor: Actor) -> Q:
    """The awaited thing says at which delegation; what says nothing is where the thread is."""
    mine = actor.delegation_ids
    offered = Exists(Handoff.objects.filter(pk=OuterRef("next_id"), to_delegation__in=mine))
    asked = Exists(Ask.objects.filter(pk=OuterRef("next_id"), to_delegation__in=mine))
    elsewhere = ~Q(next_type__in=["handoff", "ask"]) & Q(delegation__in=mine)
    return Q(offered, next_type="handoff") | Q(asked, next_type="ask") | elsewhere


def in_view(view: ListView, actor: Actor, now: datetime) -> Q:
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
            return Q(archived_at__isnull=False)


def _unprepared(soon: datetime) -> QuerySet[AffectedGroup]:
    """People at the customer whom a near launch touches, and nobody has told or trained (SPEC 5.4)."""
    near = Q(launch_at__isnull=True) | Q(launch_at__lte=soon)
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
    """The order of a few rows of ``with_rank`` in which they matter."""
    by_amount = (F("amount").desc(nulls_last=True),) if actor.sees_money else ()
    return ("rank", *by_amount, "next_due", "pk")


def narrow(rows: QuerySet[Thread], by: Narrowed, actor: Actor, *, past: bool) -> QuerySet[Thread]:
    exact: dict[str, object] = {
        "customer__in": by.customer_ids,
        "delegation": by.delegation_id,
        "owner": None if past else by.owner_id,
        "kind": by.kind,
        "priority": by.priority,
        "amount__gte": by.amount_from if actor.sees_money else None,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if by.template_id:
        rows = rows.filter(pk__in=at_step(by.template_id, by.step_key).values("thread"))
    if not by.text.strip():
        return rows
    hits = find(actor, by.text, limit=MOST_FOUND, kinds=["thread"])
    return rows.filter(pk__in=[hit.object_id for hit in hits])


def at_step(template_id: int, key: str = "") -> QuerySet[StepRun]:
    """Work of a process that is under way, at one of its steps or at any."""
    runs = StepRun.objects.filter(under_way(), step__template_version__template=template_id)
    return runs.filter(step__key=key) if key else runs


def under_way() -> Q:
    """Begun, offered, or with its giver who must hand it over: where work stands, not where it is planned."""
    given = Handoff.objects.filter(state__in=["draft", "returned", "withdrawn"], step_run__state="planned")
    begun = Q(state__in=[StepRun.State.OFFERED, StepRun.State.RUNNING])
    return begun | Q(state=StepRun.State.PLANNED, pk__in=given.values("step_run"))
