"""What another system calls a thing of ours, and how its row looked when it was last imported.

The digest keeps a few letters for each field and not one for the row: of a row that changed only the changed
fields are taken, so that what somebody corrected in Hilo meanwhile stays as they left it.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import fields

from hilo.channels.imports.fields import ContactRow, CustomerRow, ImportedRow, Source, ThreadRow
from hilo.parties.models import ExternalRef

_LETTERS = 4  # of base64, 24 bits: fifteen fields fit in the column
_NOT_CONTENT = ("number", "external_id")
_CONTENT: dict[type[ImportedRow], tuple[str, ...]] = {
    kind: tuple(field.name for field in fields(kind) if field.name not in _NOT_CONTENT)
    for kind in (CustomerRow, ContactRow, ThreadRow)
}
DERIVED = "~"  # how an id made by ``derived_id`` begins


class References:
    """The references of one source to things of one kind."""

    def __init__(self, source: Source, kind: str) -> None:
        self.source, self.kind = source, kind
        self._mine = ExternalRef.objects.filter(source=source, kind=kind)
        self._new: list[ExternalRef] = []

    def of(self, external_ids: Iterable[str]) -> dict[str, ExternalRef]:
        wanted = {one for one in external_ids if one}
        return {ref.external_id: ref for ref in self._mine.filter(external_id__in=wanted)}

    def named_objects(self) -> set[int]:
        """The things this source called by an id of its own, not by one made from their name."""
        return set(self._mine.exclude(external_id__startswith=DERIVED).values_list("object_id", flat=True))

    def add(self, external_id: str, object_id: int, digest: str, now: dt.datetime) -> None:
        """Kept until ``flush``: a batch is written at once. Call it last, after all that may be refused."""
        new = ExternalRef(
            source=self.source,
            kind=self.kind,
            external_id=external_id,
            object_id=object_id,
            row_digest=digest,
            seen_at=now,
        )
        self._new.append(new)

    def flush(self) -> None:
        ExternalRef.objects.bulk_create(self._new)
        self._new.clear()

    def seen(self, ref: ExternalRef, digest: str, now: dt.datetime, object_id: int | None = None) -> None:
        ref.row_digest, ref.seen_at, ref.object_id = digest, now, object_id or ref.object_id
        ref.save(update_fields=["row_digest", "seen_at", "object_id"])


def digest_of(row: ImportedRow) -> str:
    return "".join(_digest(name, getattr(row, name)) for name in _CONTENT[type(row)])


def changed_fields(row: ImportedRow, digest: str) -> frozenset[str]:
    """The names of the fields that differ from the row as it was; all of them when nobody knows."""
    names = _CONTENT[type(row)]
    if len(digest) != len(names) * _LETTERS:
        return frozenset(names)
    before = (digest[place * _LETTERS : (place + 1) * _LETTERS] for place in range(len(names)))
    return frozenset(
        name for name, was in zip(names, before, strict=True) if _digest(name, getattr(row, name)) != was
    )


def _digest(name: str, value: object) -> str:
    said = hashlib.sha256(f"{name}={value!s}".encode("utf-8", "replace")).digest()
    return base64.urlsafe_b64encode(said)[:_LETTERS].decode()
