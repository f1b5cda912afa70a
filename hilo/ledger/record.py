"""The only place that writes history."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple, Protocol

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.ledger import registry
from hilo.ledger.canonical import (
    SHEET_COLUMNS,
    NotForTheLedger,
    Payload,
    Sealed,
    Sheet,
    encode_payload,
    event_hash,
    text_digest,
)
from hilo.ledger.models import EventObject, LedgerEvent, PrivateText
from hilo.rows import insert, insert_all

__all__ = [
    "Author",
    "AuthorKind",
    "Event",
    "HasAuthor",
    "NotInATransaction",
    "Ref",
    "Related",
    "Sealed",
    "erase_private_texts",
    "record",
    "record_all",
    "recorded_so_far",
    "seal",
]

_recorded: ContextVar[int] = ContextVar("events recorded in this context", default=0)


class NotInATransaction(AssertionError):
    """A programming error: history and the change it describes must be one transaction."""


@dataclass(frozen=True, slots=True)
class Ref:
    """An object by type and id; ``str()`` names its chain."""

    type: str
    id: int

    def __str__(self) -> str:
        return f"{self.type}:{self.id}"


@dataclass(frozen=True, slots=True)
class Related:
    """Another object that the event touches, and as what: the promise "inherited", the thread "moved"."""

    type: str
    id: int
    qualifier: str


class AuthorKind(StrEnum):
    PERSON = "person"
    CONTACT = "contact"
    SYSTEM = "system"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Author:
    """Who did it, through which door, and where they belonged at that moment."""

    kind: AuthorKind
    id: int | None
    door: str
    area_id: int | None
    delegation_id: int | None


class HasAuthor(Protocol):
    @property
    def author(self) -> Author: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact worth keeping, read alone years later.

    A subclass names its activity code (``kind``) and adds its own fields, which become the payload: codes,
    numbers, dates, decimals, ``Sealed`` texts and tuples of those. ``subject`` is the object whose state
    changed and whose chain the event joins (the handoff, never its thread). ``area_id`` and
    ``delegation_id`` are those of the time; left out, they are the author's.
    """

    kind: ClassVar[str]
    subject: Ref
    thread_id: int | None = None
    customer_id: int | None = None
    area_id: int | None = None
    delegation_id: int | None = None
    related: tuple[Related, ...] = ()

    def __init_subclass__(cls) -> None:
        if "kind" not in cls.__dict__:
            raise TypeError(
                f"{cls.__qualname__} has no activity code: kind: ClassVar[str] = 'noun.participle'"
            )
        registry.register(cls)


_COMMON_FIELDS = frozenset(field.name for field in fields(Event))


def record(event: Event, *, by: HasAuthor, now: datetime, occurred_at: datetime | None = None) -> LedgerEvent:
    """Append ``event`` to the chain of its subject. ``occurred_at`` is when it truly happened."""
    return record_all([event], by=by, now=now, occurred_at=occurred_at)[0]


def record_all(
    events: Sequence[Event], *, by: HasAuthor, now: datetime, occurred_at: datetime | None = None
) -> list[LedgerEvent]:
    """``record`` for several that happened together, in their order: as many rows, far fewer statements."""
    _require_transaction()
    happened = now if occurred_at is None else occurred_at
    if happened > now:
        raise RuleViolation(
            _("That moment is still to come. Give the time when it happened."), field="occurred_at"
        )
    rows = _next_in_chains(events, by.author, happened, now) if events else []
    _append(rows)
    objects = [one for row, event in zip(rows, events, strict=True) for one in _objects(row, event)]
    insert_all(objects)
    _recorded.set(_recorded.get() + len(rows))
    return rows


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise NotInATransaction("history must share a transaction with the change it describes")


def _next_in_chains(
    events: Sequence[Event], author: Author, occurred_at: datetime, now: datetime
) -> list[LedgerEvent]:
    ids, heads = _reserve([str(event.subject) for event in events])
    rows = []
    for event_id, event in zip(ids, events, strict=True):
        row = _row(event, event_id, heads.get(str(event.subject), _EMPTY), author, occurred_at, now)
        heads[row.chain] = Head(row.seq, row.hash)
        rows.append(row)
    return rows


def _row(
    event: Event, event_id: int, head: Head, author: Author, occurred_at: datetime, now: datetime
) -> LedgerEvent:
    sheet = Sheet(
        id=event_id,
        chain=str(event.subject),
        seq=head.seq + 1,
        kind=event.kind,
        occurred_at=occurred_at,
        recorded_at=now,
        author_kind=author.kind.value,
        author_id=author.id,
        door=author.door,
        subject_type=event.subject.type,
        subject_id=event.subject.id,
        thread_id=event.thread_id,
        customer_id=event.customer_id,
        area_id=author.area_id if event.area_id is None else event.area_id,
        delegation_id=author.delegation_id if event.delegation_id is None else event.delegation_id,
        payload=encode_payload(_payload(event)),
        prev_hash=head.hash,
    )
    columns = {name: getattr(sheet, name) for name in SHEET_COLUMNS}
    return LedgerEvent(**columns, hash=event_hash(sheet, _related_keys(event)))


_COLUMNS = (*SHEET_COLUMNS, "hash")
_APPEND = (
    f"INSERT INTO {LedgerEvent._meta.db_table} ({', '.join(_COLUMNS)})"
    f" VALUES ({', '.join(['%s'] * len(_COLUMNS))})"
)


def _append(rows: Sequence[LedgerEvent]) -> None:
    """Every command comes by here, so the statement is written once and not put together each time."""
    with connection.cursor() as cursor:
        cursor.executemany(_APPEND, [_values(row) for row in rows])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _values(row: LedgerEvent) -> list[Any]:
    moment = connection.ops.adapt_datetimefield_value
    values = (getattr(row, name) for name in _COLUMNS)
    return [moment(value) if isinstance(value, datetime) else value for value in values]


def _payload(event: Event) -> dict[str, Payload]:
    own = (field.name for field in fields(event) if field.name not in _COMMON_FIELDS)
    return {name: getattr(event, name) for name in own}


def _related_keys(event: Event) -> set[tuple[str, int, str]]:
    return {(other.type, other.id, other.qualifier) for other in event.related}


def _objects(row: LedgerEvent, event: Event) -> list[EventObject]:
    return [
        EventObject(event=row, type=kind, object_id=number, qualifier=qualifier, occurred_at=row.occurred_at)
        for kind, number, qualifier in sorted(_related_keys(event))
    ]


class Head(NamedTuple):
    """The last event of a chain so far."""

    seq: int
    hash: str


_EMPTY = Head(0, "")


def _reserve(chains: list[str]) -> tuple[Sequence[int], dict[str, Head]]:
    """The ids of the coming events, which their hashes cover, and what each chain ends in.

    Until the commit nobody else extends these chains. SQLite holds its one write lock already (transaction
    mode IMMEDIATE). On PostgreSQL the locks must be taken by a statement of their own, before the heads are
    read: a statement that waited for a lock would still see the head of the moment at which it began.
    """
    with connection.cursor() as cursor:
        on_sqlite = connection.vendor == "sqlite"
        ids = _following(cursor, len(chains)) if on_sqlite else _taken(cursor, chains)
        return ids, _heads(cursor, chains)


def _following(cursor: CursorWrapper, count: int) -> Sequence[int]:
    cursor.execute(f"SELECT MAX(id) FROM {LedgerEvent._meta.db_table}")
    newest: int = cursor.fetchone()[0] or 0
    return range(newest + 1, newest + 1 + count)


def _taken(cursor: CursorWrapper, chains: list[str]) -> Sequence[int]:
    """One after the other in this order, as commands that record one by one would."""
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')), pg_advisory_xact_lock(number)"
        " FROM unnest(%s::bigint[]) AS number",
        [LedgerEvent._meta.db_table, [_lock_number(chain) for chain in chains]],
    )
    return [taken for taken, _lock in cursor.fetchall()]


def _heads(cursor: CursorWrapper, chains: Iterable[str]) -> dict[str, Head]:
    """An empty chain has none."""
    wanted = sorted(set(chains))
    table, places = LedgerEvent._meta.db_table, ", ".join(["%s"] * len(wanted))
    cursor.execute(
        f"SELECT chain, seq, hash FROM {table} one WHERE chain IN ({places})"
        f" AND seq = (SELECT MAX(seq) FROM {table} WHERE chain = one.chain)",
        wanted,
    )
    return {chain: Head(seq, hashed) for chain, seq, hashed in cursor.fetchall()}


# The server's lock table has room for about 6,400 locks by default; an import of 100,000 rows in one
# transaction must fit. Two chains that share a lock wait for each other now and then: no harm.
_LOCKS = 4096


def _lock_number(chain: str) -> int:
    digest = hashlib.blake2b(chain.encode(), digest_size=8, person=b"hilo-ledger").digest()
    return int.from_bytes(digest) % _LOCKS


def recorded_so_far() -> int:
    """How many events this thread of execution has appended; commands compare it before and after."""
    return _recorded.get()


def forget_recorded_since(count: int) -> None:
    """Events rolled back to a savepoint were never recorded."""
    _recorded.set(count)


def seal(text: str, *, about: Ref | None = None) -> Sealed:
    """Keep ``text`` beside the ledger under a key of its own; ``about`` finds it again to erase it."""
    _require_transaction()
    if "\0" in text:
        raise NotForTheLedger("PostgreSQL keeps no NUL in a text; forms and parsers refuse it earlier")
    key = secrets.token_bytes(32)
    row = insert(
        PrivateText(
            key=key,
            body=text,
            digest=text_digest(key, text),
            about_type=about.type if about else "",
            about_id=about.id if about else None,
        )
    )
    return Sealed(row.pk, row.digest)


def erase_private_texts(*, about: Ref) -> int:
    """Erase body and key of every text about ``about``; the chains that refer to them stay valid."""
    _require_transaction()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:  # else the bytes stay readable in the file's free pages
            cursor.execute("PRAGMA secure_delete = ON")
    texts = PrivateText.objects.filter(about_type=about.type, about_id=about.id, erased_at=None)
    return texts.update(body="", key=None, erased_at=timezone.now())
