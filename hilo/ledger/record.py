"""The only place that writes history."""

from __future__ import annotations

import hashlib
import secrets
from contextvars import ContextVar
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol

from django.db import connection
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.ledger import registry
from hilo.ledger.canonical import (
    NotForTheLedger,
    Payload,
    Sealed,
    Sheet,
    encode_payload,
    event_hash,
    text_digest,
)
from hilo.ledger.models import EventObject, LedgerEvent, PrivateText

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
    _require_transaction()
    happened = now if occurred_at is None else occurred_at
    if happened > now:
        raise RuleViolation(
            _("That moment is still to come. Give the time when it happened."), field="occurred_at"
        )
    row = _next_in_chain(event, by.author, happened, now)
    row.save(force_insert=True)
    EventObject.objects.bulk_create(_objects(row, event))
    _recorded.set(_recorded.get() + 1)
    return row


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise NotInATransaction("history must share a transaction with the change it describes")


def _next_in_chain(event: Event, author: Author, occurred_at: datetime, now: datetime) -> LedgerEvent:
    chain = str(event.subject)
    event_id = _reserve(chain)
    head = LedgerEvent.objects.filter(chain=chain).order_by("-seq").values_list("seq", "hash").first()
    seq, prev_hash = head or (0, "")
    sheet = Sheet(
        id=event_id,
        chain=chain,
        seq=seq + 1,
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
        prev_hash=prev_hash,
    )
    columns = {name: getattr(sheet, name) for name in Sheet.__slots__}
    return LedgerEvent(**columns, hash=event_hash(sheet, _related_keys(event)))


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


def _reserve(chain: str) -> int:
    """The id of the coming event, which its hash covers; until the commit nobody else extends ``chain``.

    SQLite holds its one write lock already (transaction mode IMMEDIATE). On PostgreSQL the lock must be
    taken by a statement of its own, before the head is read: a statement that waited for the lock would
    still see the head of the moment at which it began.
    """
    if connection.vendor == "sqlite":
        newest = LedgerEvent.objects.aggregate(newest=Max("id"))["newest"]
        return (newest or 0) + 1
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')), pg_advisory_xact_lock(%s)",
            [LedgerEvent._meta.db_table, _lock_number(chain)],
        )
        return int(cursor.fetchone()[0])


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
    row = PrivateText.objects.create(
        key=key,
        body=text,
        digest=text_digest(key, text),
        about_type=about.type if about else "",
        about_id=about.id if about else None,
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
