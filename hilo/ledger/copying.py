"""Histories copied whole onto new subjects, chained anew: for a company made up of many like ones.

What is copied gets events of its own, hashed and chained as ``record`` would have done it. An existing chain
is never touched: the copy's subjects are new, and the database refuses a second event at one place.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from hilo.ledger.canonical import Facts, Sheet, as_json, event_hash, text_digest
from hilo.ledger.record import Ref

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class CopiedEvent:
    """An event as it will stand, but for its place in a chain. ``related``: type, id and qualifier."""

    id: int
    subject: Ref
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    author_kind: str
    author_id: int | None
    door: str
    thread_id: int | None
    customer_id: int | None
    area_id: int | None
    delegation_id: int | None
    facts: Facts
    related: tuple[tuple[str, int, str], ...]


def chained(copies: Iterable[CopiedEvent]) -> Iterator[tuple[Sheet, str]]:
    """Each with its place and hash. All events of a subject come in one call, in their order."""
    heads: dict[str, tuple[int, str]] = {}
    for copy in copies:
        chain = str(copy.subject)
        seq, prev_hash = heads.get(chain, (0, ""))
        sheet = _sheet(copy, chain, seq + 1, prev_hash)
        digest = event_hash(sheet, copy.related)
        heads[chain] = (seq + 1, digest)
        yield sheet, digest


def _sheet(copy: CopiedEvent, chain: str, seq: int, prev_hash: str) -> Sheet:
    return Sheet(
        id=copy.id,
        chain=chain,
        seq=seq,
        kind=copy.kind,
        occurred_at=copy.occurred_at,
        recorded_at=copy.recorded_at,
        author_kind=copy.author_kind,
        author_id=copy.author_id,
        door=copy.door,
        subject_type=copy.subject.type,
        subject_id=copy.subject.id,
        thread_id=copy.thread_id,
        customer_id=copy.customer_id,
        area_id=copy.area_id,
        delegation_id=copy.delegation_id,
        payload=as_json(dict(copy.facts)),
        prev_hash=prev_hash,
    )


def sealed_again(body: str) -> tuple[bytes, str]:
    """A key of its own for a copied text, and the digest under it."""
    key = secrets.token_bytes(KEY_BYTES)
    return key, text_digest(key, body)
