"""Events of the ledger's own tests; the product has none of these kinds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import ClassVar

from hilo.ledger.models import LedgerEvent
from hilo.ledger.record import Author, AuthorKind, Event, Ref, Related, Sealed, record

NOW = datetime(2026, 11, 21, 9, 30, 15, 123456, tzinfo=UTC)
PARCEL = Ref("parcel", 12)


@dataclass(frozen=True)
class Somebody:
    """Has an author, as every actor of the product does."""

    author: Author


MARTA = Somebody(Author(AuthorKind.PERSON, 7, "web", area_id=3, delegation_id=2))


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelWeighed(Event):
    kind: ClassVar[str] = "parcel.weighed"
    grams: int = 0
    price: Decimal | None = None
    due: date | None = None
    labels: tuple[str, ...] = ()
    note: Sealed | None = None


def weigh(
    subject: Ref = PARCEL,
    *,
    grams: int = 100,
    thread_id: int | None = 5,
    customer_id: int | None = 9,
    related: tuple[Related, ...] = (),
    note: Sealed | None = None,
    now: datetime = NOW,
    occurred_at: datetime | None = None,
) -> LedgerEvent:
    event = ParcelWeighed(
        subject=subject,
        grams=grams,
        price=Decimal("12.50"),
        due=date(2026, 12, 1),
        labels=("fragile", "cold"),
        thread_id=thread_id,
        customer_id=customer_id,
        related=related,
        note=note,
    )
    return record(event, by=MARTA, now=now, occurred_at=occurred_at)
