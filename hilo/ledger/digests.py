"""The daily digest: the head of every chain, in a file outside the database.

Whoever cuts the end of a chain, or a whole chain, leaves hashes that fit each other; only something kept
elsewhere can tell. A digest is ``2026-11-21.jsonl.gz``: a first line with the day and the fingerprint of
the digest before, a line per chain head in the order of event ids, a last line with the count and the
SHA-256 of all lines above it, which is the digest's fingerprint. Copy the folder to another machine, or at
least write down the newest fingerprint: who can rewrite database and folder alike can forge both.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Exists, OuterRef

from hilo.ledger.canonical import Encoded, as_json, instant
from hilo.ledger.models import LedgerEvent

_SUFFIX = ".jsonl.gz"


@dataclass(frozen=True, slots=True, order=True)
class Head:
    """The newest event of a chain when the digest was written."""

    id: int
    chain: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What a digest says of itself, once every byte of it has been found to be what was written."""

    day: date
    previous_day: date | None
    previous_fingerprint: str
    fingerprint: str
    last_id: int


class DamagedDigest(Exception):
    """The file is not what was written: cut, altered, or no digest at all."""


def write_daily_digest(now: datetime) -> Path:
    """Write the digest of this day (UTC), once: a second call on the same day changes nothing.

    Streams: a million chains take a million short lines, never a list in memory.
    """
    folder = Path(settings.DIGEST_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    path = path_of(now.astimezone(UTC).date())
    if path.exists():
        return path
    unfinished = folder / f".{path.name}.{os.getpid()}.part"
    try:
        _write(unfinished, now)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    _make_durable(folder)
    return path


def path_of(day: date) -> Path:
    return Path(settings.DIGEST_DIR) / f"{day.isoformat()}{_SUFFIX}"


def digest_days() -> list[date]:
    """Days that have a digest, oldest first."""
    files = Path(settings.DIGEST_DIR).glob(f"????-??-??{_SUFFIX}")
    return sorted(date.fromisoformat(file.name.removesuffix(_SUFFIX)) for file in files)


def read_digest(day: date) -> Digest:
    """Go through the whole file; raises ``DamagedDigest`` if it is not exactly what was written."""
    running, count, last_id, held = hashlib.sha256(), -1, 0, b""
    for line in _lines(day):
        running.update(held)
        count, held = count + 1, line
    if _parsed(held) != {"heads": count - 1, "sha256": running.hexdigest()}:
        raise DamagedDigest(day.isoformat())
    for head in heads_of(day):
        last_id = head.id
    stated_day, previous_day, previous_fingerprint = _header(next(_lines(day)))
    if stated_day != day:
        raise DamagedDigest(day.isoformat())
    return Digest(day, previous_day, previous_fingerprint, running.hexdigest(), last_id)


def heads_of(day: date) -> Iterator[Head]:
    """All heads of a digest that ``read_digest`` found whole, in the order of event ids."""
    for line in _lines(day):
        match _parsed(line):
            case {"id": int(number), "chain": str(chain), "seq": int(seq), "hash": str(digest)}:
                yield Head(number, chain, seq, digest)


def chain_heads() -> Iterator[Head]:
    """One statement, hence one moment: writers go on meanwhile and are in the next digest."""
    follower = LedgerEvent.objects.filter(chain=OuterRef("chain"), seq=OuterRef("seq") + 1)
    heads = LedgerEvent.objects.filter(~Exists(follower)).order_by("id")
    for row in heads.values_list("id", "chain", "seq", "hash").iterator(chunk_size=5_000):
        yield Head(*row)


def _write(path: Path, now: datetime) -> None:
    running = hashlib.sha256()
    with path.open("wb") as raw:
        # No name and no time inside: the same heads make the same file.
        with (
            gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed,
            io.BufferedWriter(packed) as out,
        ):
            count = 0
            for line in _content(now):
                running.update(line)
                out.write(line)
                count += 1
            out.write(_line({"heads": count - 1, "sha256": running.hexdigest()}))
        raw.flush()
        os.fsync(raw.fileno())


def _content(now: datetime) -> Iterator[bytes]:
    today = now.astimezone(UTC).date().isoformat()
    yield _line({"digest": today, "written_at": instant(now), "previous": _previous()})
    for head in chain_heads():
        yield _line({"chain": head.chain, "hash": head.hash, "id": head.id, "seq": head.seq})


def _previous() -> Encoded:
    days = digest_days()
    if not days:
        return None
    try:
        fingerprint = read_digest(days[-1]).fingerprint
    except DamagedDigest:  # named by a verification; it must not keep today's from being written
        fingerprint = ""
    return {"day": days[-1].isoformat(), "sha256": fingerprint}


def _line(value: Encoded) -> bytes:
    return as_json(value).encode() + b"\n"


def _make_durable(folder: Path) -> None:
    """A rename survives a power cut only once its folder has reached the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _lines(day: date) -> Iterator[bytes]:
    try:
        with gzip.open(path_of(day), "rb") as file:
            yield from file
    except (OSError, EOFError, zlib.error) as error:
        raise DamagedDigest(day.isoformat()) from error


def _parsed(line: bytes) -> object:
    try:
        return json.loads(line)
    except ValueError:
        return None


def _header(line: bytes) -> tuple[date, date | None, str]:
    match _parsed(line):
        case {"digest": str(day), "previous": {"day": str(before), "sha256": str(fingerprint)}}:
            return date.fromisoformat(day), date.fromisoformat(before), fingerprint
        case {"digest": str(day), "previous": None}:
            return date.fromisoformat(day), None, ""
    raise DamagedDigest
