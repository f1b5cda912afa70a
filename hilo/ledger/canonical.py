"""The one way in which an event becomes bytes, the same on every database and every day.

What stands in a payload is hashed for ever, so it is kept to codes, numbers, dates and references: free
text and personal data go into a ``PrivateText`` and stand here as ``Sealed``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

type Payload = int | bool | str | date | datetime | Decimal | Sealed | tuple[Payload, ...] | None
type Encoded = int | bool | str | list[Encoded] | dict[str, Encoded] | None
type Facts = dict[str, Encoded]

LONGEST_CODE = 64
MOST_SPACES = 3
_SEALED_KEYS = {"digest", "text_id"}
_as_json = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


@dataclass(frozen=True, slots=True)
class Sealed:
    """What an event keeps of a private text: which row, and its digest under that row's key."""

    text_id: int
    digest: str


class NotForTheLedger(AssertionError):
    """A programming error: a value which must not, or cannot, stand in history."""


def encode(value: Payload) -> Encoded:
    """A JSON value without floats; refuses what is not a code, a number, a date or a sealed text."""
    match value:
        case None | bool():
            return value
        case int():
            return _whole_number(value)
        case str():
            return _code(value)
        case datetime():
            return instant(value)
        case date():
            return value.isoformat()
        case Decimal():
            return _decimal(value)
        case Sealed():
            return {"digest": value.digest, "text_id": value.text_id}
        case tuple():
            return [encode(item) for item in value]
    raise NotForTheLedger(f"{type(value).__name__} cannot stand in an event: {value!r}")


def encode_payload(fields: Mapping[str, Payload]) -> str:
    return as_json({name: encode(value) for name, value in fields.items()})


def as_json(value: Encoded) -> str:
    """Sorted keys, no spaces, nothing escaped that need not be: one text per value."""
    return _as_json(value)


def instant(moment: datetime) -> str:
    """UTC with all six digits, whatever zone and precision it came in."""
    if moment.tzinfo is None:
        raise NotForTheLedger(f"a moment without a zone cannot stand in history: {moment!r}")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _whole_number(value: int) -> int:
    if not -(2**63) <= value < 2**63:
        raise NotForTheLedger(f"{value} does not fit in 64 bits")
    return int(value)


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise NotForTheLedger(f"{value} is no amount")
    return format(value, "f")


def _code(value: str) -> str:
    """Codes only. The guard is mechanical, so that a sentence or an address is caught on its first test."""
    text = str.__str__(value)  # an enumeration's value, not its Python name
    prose = len(text) > LONGEST_CODE or text.count(" ") > MOST_SPACES or "@" in text
    if prose or _is_unreadable(text):
        raise NotForTheLedger(f"only codes stand in an event; seal() free text and personal data: {text!r}")
    return text


def _is_unreadable(text: str) -> bool:
    if text.isprintable():  # then no sign is of those, nor of some others that are allowed
        return False
    return any(unicodedata.category(sign) in ("Cc", "Cs", "Cn") for sign in text)


def facts_of(payload: str) -> Facts:
    facts: Facts = json.loads(payload)
    return facts


def sealed_ids_of(payload: str) -> dict[str, int]:
    return {name: sealed.text_id for name, sealed in sealed_in(payload)}


def sealed_in(payload: str) -> Iterable[tuple[str, Sealed]]:
    """Every sealed text of a payload by field name; those of a tuple are named field.0, field.1 ..."""
    if '"text_id"' not in payload:  # most events have none, and a verification reads millions
        return ()
    return _sealed_below("", facts_of(payload))


def _sealed_below(name: str, value: Encoded) -> Iterable[tuple[str, Sealed]]:
    if isinstance(value, dict):
        if value.keys() == _SEALED_KEYS:
            yield name, Sealed(int(str(value["text_id"])), str(value["digest"]))
            return
        for key, item in value.items():
            yield from _sealed_below(f"{name}.{key}" if name else key, item)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _sealed_below(f"{name}.{place}", item)


def text_digest(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Sheet:
    """Every column of an event except its own hash, and the objects related to it."""

    id: int
    chain: str
    seq: int
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    author_kind: str
    author_id: int | None
    door: str
    subject_type: str
    subject_id: int
    thread_id: int | None
    customer_id: int | None
    area_id: int | None
    delegation_id: int | None
    payload: str
    prev_hash: str


SHEET_COLUMNS = tuple(Sheet.__slots__)


def event_hash(sheet: Sheet, related: Iterable[tuple[str, int, str]]) -> str:
    """SHA-256 over a canonical list; the leading 1 is the layout, so that a later one can stand beside it."""
    columns: list[Encoded] = [1]
    for name in SHEET_COLUMNS:
        value = getattr(sheet, name)
        columns.append(instant(value) if isinstance(value, datetime) else value)
    columns.append([[kind, number, role] for kind, number, role in sorted(related)])
    return hashlib.sha256(as_json(columns).encode()).hexdigest()
