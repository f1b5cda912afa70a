"""Timelines read from the ledger: page by page, each page two queries, as fast at 10,000 lines as at 10."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from hilo.ledger.models import EventObject, LedgerEvent, Place, PrivateText
from hilo.prepared import Fixed, Prepared, Statements


def events_of_thread(
    thread_ids: Collection[int],
    before: Place | None = None,
    limit: int = 50,
    kinds: Collection[str] | None = None,
    *,
    area_ids: Collection[int] | None = None,
) -> list[LedgerEvent]:
    """Newest first: events on these threads, and those of elsewhere that name one as a related "thread".

    The next page is ``before=events[-1].place``; ask for one more than you show to know if any is left.
    """
    return _page(_on_threads, thread_ids, before, limit, kinds, area_ids)


def events_of_customer(
    customer_ids: Collection[int],
    before: Place | None = None,
    limit: int = 50,
    kinds: Collection[str] | None = None,
    *,
    area_ids: Collection[int] | None = None,
    without_threads: Collection[int] = (),
) -> list[LedgerEvent]:
    """As ``events_of_thread``, over all threads of a customer: give the ids merged into it as well.

    ``without_threads``: those that whoever reads may not see. Left out here, so that pages stay full and
    their number tells nothing.
    """
    return _page(_of_customers, customer_ids, before, limit, kinds, area_ids, without_threads)


def _page(
    ask: Statements,
    objects: Collection[int],
    before: Place | None,
    limit: int,
    kinds: Collection[str] | None,
    area_ids: Collection[int] | None,
    without_threads: Collection[int] = (),
) -> list[LedgerEvent]:
    halves = ask(
        objects=set(objects),
        before_at=before.occurred_at if before else None,
        before_id=before.id if before else None,
        limit=Fixed(limit),
        kinds=None if kinds is None else tuple(sorted(kinds)),
        area_ids=None if area_ids is None else set(area_ids),
        without_threads=set(without_threads) or None,
    )
    found: list[LedgerEvent] = _events(ids=_ids_of([each for each in halves if each is not None]))
    return found[:limit]


_events = Prepared(lambda *, ids: LedgerEvent.objects.filter(pk__in=ids).order_by("-occurred_at", "-id"))


def _ids_of(halves: list[tuple[str, tuple[Any, ...]]]) -> set[int]:
    """By themselves: as a condition on the events PostgreSQL may work the halves out anew for each event,
    when it does not know yet how many there are (after an import, say)."""
    if not halves:
        return set()
    union = " UNION ".join(
        f"SELECT * FROM ({sql}) AS half{place}" for place, (sql, _given) in enumerate(halves)
    )
    with connection.cursor() as cursor:
        cursor.execute(union, [value for _sql, given in halves for value in given])
        return {pk for pk, _moment in cursor.fetchall()}


def _halves(
    column: str,
    object_type: str,
    *,
    objects: Collection[int],
    before_at: datetime | None,
    before_id: int | None,
    limit: Fixed,
    kinds: tuple[str, ...] | None,
    area_ids: Collection[int] | None,
    without_threads: Collection[int] | None,
) -> list[QuerySet[Any, Any]]:
    # Each half is cut to a page by its own index before the two are joined: a plain OR over both would
    # read and sort the whole history of the thread.
    own = LedgerEvent.objects.filter(**{f"{column}__in": objects})
    touching = EventObject.objects.filter(type=object_type, object_id__in=objects)
    if kinds is not None:
        own, touching = own.filter(kind__in=kinds), touching.filter(event__kind__in=kinds)
    if area_ids is not None:
        own, touching = own.filter(area_id__in=area_ids), touching.filter(event__area_id__in=area_ids)
    if without_threads is not None:
        own = own.exclude(thread_id__in=without_threads)
        touching = touching.exclude(event__thread_id__in=without_threads)
    if before_at is not None and before_id is not None:
        before = Place(before_at, before_id)
        own, touching = own.filter(_older("id", before)), touching.filter(_older("event_id", before))
    touching = touching.order_by("-occurred_at", "-event_id").distinct()
    return [
        own.order_by("-occurred_at", "-id").values_list("id", "occurred_at")[: limit.value],
        touching.values_list("event_id", "occurred_at")[: limit.value],
    ]


_on_threads = Statements(partial(_halves, "thread_id", "thread"))
_of_customers = Statements(partial(_halves, "customer_id", "customer"))


def _older(id_column: str, place: Place) -> Q:
    same_moment = Q(occurred_at=place.occurred_at, **{f"{id_column}__lt": place.id})
    # The first condition says nothing new; it lets the index start at the right line.
    return Q(occurred_at__lte=place.occurred_at) & (Q(occurred_at__lt=place.occurred_at) | same_moment)


_texts = Prepared(
    lambda *, wanted: PrivateText.objects.filter(pk__in=wanted).values_list("id", "body", "erased_at")
)


def open_texts(events: Iterable[LedgerEvent]) -> dict[int, str | None]:
    """The private texts of these events by id, in one query; None stands for one that was erased."""
    wanted = {text_id for event in events for text_id in event.sealed_ids.values()}
    rows = _texts(wanted=wanted) if wanted else []
    return {text_id: body if erased_at is None else None for text_id, body, erased_at in rows}
