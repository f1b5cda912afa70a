"""Timelines read from the ledger: page by page, each page one query, as fast at 10,000 lines as at 10."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from hilo.ledger.models import EventObject, LedgerEvent, Place, PrivateText


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
    own = LedgerEvent.objects.filter(thread_id__in=thread_ids)
    return _page(own, "thread", thread_ids, before, limit, kinds, area_ids)


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
    own = LedgerEvent.objects.filter(customer_id__in=customer_ids)
    return _page(own, "customer", customer_ids, before, limit, kinds, area_ids, without_threads)


def _page(
    own: QuerySet[LedgerEvent],
    object_type: str,
    object_ids: Collection[int],
    before: Place | None,
    limit: int,
    kinds: Collection[str] | None,
    area_ids: Collection[int] | None,
    without_threads: Collection[int] = (),
) -> list[LedgerEvent]:
    # Each half is cut to a page by its own index before the two are joined: a plain OR over both would
    # read and sort the whole history of the thread.
    touching = EventObject.objects.filter(type=object_type, object_id__in=object_ids)
    if kinds is not None:
        own, touching = own.filter(kind__in=kinds), touching.filter(event__kind__in=kinds)
    if area_ids is not None:
        own, touching = own.filter(area_id__in=area_ids), touching.filter(event__area_id__in=area_ids)
    if without_threads:
        own = own.exclude(thread_id__in=without_threads)
        touching = touching.exclude(event__thread_id__in=without_threads)
    if before is not None:
        own, touching = own.filter(_older("id", before)), touching.filter(_older("event_id", before))
    own_ids = own.order_by("-occurred_at", "-id").values("id")[:limit]
    touching_ids = touching.order_by("-occurred_at", "-event_id").values("event_id").distinct()[:limit]
    either = LedgerEvent.objects.filter(Q(id__in=own_ids) | Q(id__in=touching_ids))
    return list(either.order_by("-occurred_at", "-id")[:limit])


def _older(id_column: str, place: Place) -> Q:
    same_moment = Q(occurred_at=place.occurred_at, **{f"{id_column}__lt": place.id})
    # The first condition says nothing new; it lets the index start at the right line.
    return Q(occurred_at__lte=place.occurred_at) & (Q(occurred_at__lt=place.occurred_at) | same_moment)


def open_texts(events: Iterable[LedgerEvent]) -> dict[int, str | None]:
    """The private texts of these events by id, in one query; None stands for one that was erased."""
    wanted = {text_id for event in events for text_id in event.sealed_ids.values()}
    rows = PrivateText.objects.filter(pk__in=wanted).values_list("id", "body", "erased_at")
    return {text_id: body if erased_at is None else None for text_id, body, erased_at in rows}
