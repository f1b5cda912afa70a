"""Two dates for one thing are found in the transaction that makes them, not suffered later (SPEC 5.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from hilo.ledger.record import record
from hilo.parties.actor import Actor
from hilo.work.events.place import place_of
from hilo.work.events.promises import ContradictionFound, ContradictionSettled
from hilo.work.models import Contradiction, Deliverable, Promise, Thread, Update
from hilo.work.stated_dates import stated_dates

MESSAGES_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class _Side:
    """One thing that says a date about one deliverable (or about the thread, when it names none)."""

    type: str
    id: int
    at: datetime
    deliverable: int | None

    def __str__(self) -> str:
        return f"{self.type}:{self.id}"


@dataclass(frozen=True, slots=True)
class _Pair:
    kind: Contradiction.Kind
    one: _Side
    other: _Side

    @property
    def key(self) -> str:
        return f"{self.one}@{self.one.at.isoformat()}|{self.other}@{self.other.at.isoformat()}"[:120]


def look_for_contradictions(thread: Thread, *, by: Actor, now: datetime) -> None:
    """Record what newly contradicts, and settle by itself what no longer does."""
    zone = ZoneInfo(thread.delegation.zone)
    pairs = {pair.key: pair for pair in _pairs(thread, zone)}
    unsettled = {row.key: row for row in thread.contradictions.filter(settled_at__isnull=True)}
    known = set(thread.contradictions.values_list("key", flat=True))
    for key, row in unsettled.items():
        if key not in pairs:
            _settle(row, by=by, now=now)
    for key, pair in pairs.items():
        if key not in known:
            _found(thread, key, pair, by=by, now=now)


def _found(thread: Thread, key: str, pair: _Pair, *, by: Actor, now: datetime) -> None:
    row = Contradiction.objects.create(
        thread=thread,
        kind=pair.kind,
        key=key,
        one_type=pair.one.type,
        one_id=pair.one.id,
        one_date=pair.one.at,
        other_type=pair.other.type,
        other_id=pair.other.id,
        other_date=pair.other.at,
        found_at=now,
    )
    record(
        ContradictionFound(
            **place_of("contradiction", row.pk, thread),
            contradiction_kind=pair.kind.value,
            one=str(pair.one),
            one_date=pair.one.at,
            other=str(pair.other),
            other_date=pair.other.at,
        ),
        by=by,
        now=now,
    )


def _settle(row: Contradiction, *, by: Actor, now: datetime) -> None:
    Contradiction.objects.filter(pk=row.pk, settled_at__isnull=True).update(settled_at=now)
    record(
        ContradictionSettled(**place_of("contradiction", row.pk, row.thread), how=None, by_itself=True),
        by=by,
        now=now,
    )


def _pairs(thread: Thread, zone: ZoneInfo) -> Iterator[_Pair]:
    promises = [
        _Side("promise", promise.pk, promise.due_at, promise.deliverable_id)
        for promise in thread.promises.filter(state=Promise.State.OPEN).order_by("pk")
    ]
    plans = [
        _Side("deliverable", each.pk, each.planned_for, each.pk)
        for each in thread.deliverables.filter(state=Deliverable.State.PLANNED, planned_for__isnull=False)
        if each.planned_for is not None
    ]
    yield from _two_promises(promises, zone)
    yield from _promise_and_plan(promises, plans, zone)
    yield from _messages(thread, promises, plans, zone)


def _day(side: _Side, zone: ZoneInfo) -> date:
    return side.at.astimezone(zone).date()


def _two_promises(promises: list[_Side], zone: ZoneInfo) -> Iterator[_Pair]:
    for index, one in enumerate(promises):
        for other in promises[index + 1 :]:
            same_thing = one.deliverable is not None and one.deliverable == other.deliverable
            if same_thing and _day(one, zone) != _day(other, zone):
                yield _Pair(Contradiction.Kind.TWO_PROMISES, one, other)


def _promise_and_plan(promises: list[_Side], plans: list[_Side], zone: ZoneInfo) -> Iterator[_Pair]:
    """A plan that ends before the promised day is no contradiction: that is the reserve."""
    for promise in promises:
        for plan in plans:
            if promise.deliverable == plan.deliverable and _day(plan, zone) > _day(promise, zone):
                yield _Pair(Contradiction.Kind.PROMISE_AND_PLAN, promise, plan)


def _messages(thread: Thread, promises: list[_Side], plans: list[_Side], zone: ZoneInfo) -> Iterator[_Pair]:
    """The newest message that states a date about delivering counts: a later one corrects an earlier one.

    Only where the thread has one thing to deliver can a sentence that names none be told to mean it.
    """
    about = {side.deliverable for side in (*promises, *plans)}
    if len(about) != 1:
        return
    for update in Update.objects.filter(thread=thread).order_by("-said_at", "-pk")[:MESSAGES_LOOKED_AT]:
        said_on = update.said_at.astimezone(zone).date()
        days = {stated.day for stated in stated_dates(update.text, said_on=said_on)}
        known = {_day(side, zone) for side in (*promises, *plans)}
        news = update.next_news_at.astimezone(zone).date()
        strange = sorted(days - known - {news})
        if strange:
            at = datetime.combine(strange[0], datetime.min.time(), zone)
            message = _Side("update", update.pk, at, next(iter(about)))
            for plan in plans[:1]:
                yield _Pair(Contradiction.Kind.MESSAGE_AND_PLAN, message, plan)
            for promise in promises[:1]:
                yield _Pair(Contradiction.Kind.MESSAGE_AND_PROMISE, message, promise)
        if days:
            return
