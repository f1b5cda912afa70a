"""Threads as rows of a file: plain values, chunk by chunk, a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from hilo.parties.models import Customer
from hilo.work.queries.thread_list import Listing

AT_ONCE = 2_000
_COLUMNS = (
    "code",
    "title",
    "customer_id",
    "customer__name",
    "delegation__name",
    "kind",
    "priority",
    "state",
    "owner__name",
    "turn_of",
    "turn_area__name",
    "turn_person__name",
    "turn_contact__name",
    "next_kind",
    "next_label",
    "next_due",
    "next_news_at",
    "opened_at",
    "archived_at",
    "amount",
    "currency",
)


@dataclass(frozen=True, slots=True)
class ExportedThread:
    code: str
    title: str
    customer_id: int
    customer: str
    delegation: str
    kind: str
    priority: str
    state: str
    owner: str
    turn_of: str
    turn_area: str | None
    turn_person: str | None
    turn_contact: str | None
    next_kind: str
    next_label: str
    next_due: datetime | None
    next_news_at: datetime | None
    opened_at: datetime
    archived_at: datetime | None
    amount: Decimal | None
    currency: str


def exported(listing: Listing) -> Iterator[ExportedThread]:
    """In the list's own order. A merged customer is named as its survivor, as everywhere."""
    survivors = _survivors()
    for tier in listing.tiers():
        for values in tier.values_list(*_COLUMNS).iterator(chunk_size=AT_ONCE):
            row = list(values)
            row[3] = survivors.get(row[2], row[3])
            yield ExportedThread(*row)


def _survivors() -> dict[int, str]:
    merged = dict(Customer.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into_id"))
    names = Customer.objects.in_bulk(set(merged.values()) - merged.keys())
    found = {}
    for pk in merged:
        last = pk
        while last in merged:
            last = merged[last]
        if last in names:
            found[pk] = names[last].name
    return found
