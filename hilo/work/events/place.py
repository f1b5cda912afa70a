"""What every event of a thread carries, in one typed bundle: ``PromiseKept(**place, evidence=…)``."""

from __future__ import annotations

from typing import TypedDict

from hilo.ledger.record import Ref, Related
from hilo.work.models import Thread


class Place(TypedDict, total=False):
    subject: Ref
    thread_id: int | None
    customer_id: int | None
    area_id: int | None
    delegation_id: int | None
    related: tuple[Related, ...]


def place_of(
    kind: str,
    pk: int,
    thread: Thread,
    *,
    area_id: int | None = None,
    delegation_id: int | None = None,
    related: tuple[Related, ...] = (),
) -> Place:
    """The subject is the object whose state changed; the thread and its customer come with it."""
    return Place(
        subject=Ref(kind, pk),
        thread_id=thread.pk,
        customer_id=thread.customer_id,
        area_id=area_id,
        delegation_id=delegation_id or thread.delegation_id,
        related=related,
    )
