"""What belongs in one transaction: an order with its lines, an invoice with its lines, one delivery.

A group stands or falls together: when a row of an order cannot be read, none of its rows is taken. The rows
of a file are gathered in memory, because exports sort by what they like.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from hilo.channels.erp.reading import RawRow, Read
from hilo.channels.erp.rows import AnyRow, Kind
from hilo.channels.imports.refused import RefusedRow

_HEADS: dict[Kind, tuple[str, ...]] = {
    Kind.ORDERS: ("order", "customer", "ordered_at", "reference"),
    Kind.INVOICES: ("invoice", "customer", "issued_on", "due_on", "currency", "total"),
}
_KEYS: dict[Kind, Callable[[Any], str]] = {
    Kind.RATES: lambda row: f"{row.currency} {row.on}",
    Kind.CUSTOMERS: lambda row: str(row.customer),
    Kind.ORDERS: lambda row: str(row.order),
    Kind.DELIVERIES: lambda row: str(row.delivery),
    Kind.INVOICES: lambda row: str(row.invoice),
    Kind.PAYMENTS: lambda row: str(row.payment),
}
_KEY_CELLS = {Kind.ORDERS: "order", Kind.INVOICES: "invoice", Kind.DELIVERIES: "delivery"}
_PARTS: dict[Kind, Callable[[Any], tuple[object, ...]]] = {
    Kind.ORDERS: lambda row: (row.line,),
    Kind.INVOICES: lambda row: (row.line,),
    Kind.DELIVERIES: lambda row: (row.order, row.line or 0),
}
_NOT_CONTENT = ("number", "changed_at")


@dataclass(frozen=True, slots=True)
class Group[R: AnyRow]:
    """``rows`` by line; ``raws`` are the same as they stood in the file."""

    kind: Kind
    key: str
    rows: tuple[R, ...]
    raws: tuple[RawRow, ...]

    @property
    def digest(self) -> str:
        """Of all it says, in whatever order its rows stand."""
        return _sha(*sorted(content(row) for row in self.rows))

    @property
    def changed_at(self) -> datetime | None:
        stamps = [row.changed_at for row in self.rows if row.changed_at is not None]
        return max(stamps, default=None)


def content(row: AnyRow) -> str:
    pairs = ((each.name, getattr(row, each.name)) for each in fields(row) if each.name not in _NOT_CONTENT)
    return "\x1f".join(f"{name}={value}" for name, value in pairs)


def _sha(*texts: str) -> str:
    return hashlib.sha256("\x1e".join(texts).encode("utf-8", "replace")).hexdigest()


class Grouped:
    """All of a file: first fed with every row, then asked for the groups and for what was refused."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.refused: list[RefusedRow] = []
        self.count = 0
        self._groups: dict[str, list[Read]] = {}

    @classmethod
    def of(cls, kind: Kind, rows: Iterable[Read]) -> Grouped:
        grouped = cls(kind)
        for read in rows:
            grouped.add(read)
        return grouped

    def add(self, read: Read) -> None:
        self.count += 1
        self.refused += read.refused
        if read.row is not None:
            self._groups.setdefault(_KEYS[self.kind](read.row), []).append(read)
        elif key := read.raw.cells.get(_KEY_CELLS.get(self.kind, "")):
            self._groups.setdefault(key, []).append(read)

    def groups(self) -> Iterator[Group[Any]]:
        for key, reads in self._groups.items():
            group = self._together(key, reads)
            if group is not None:
                yield group

    def _together(self, key: str, reads: list[Read]) -> Group[Any] | None:
        if broken := next((read for read in reads if read.row is None), None):
            said = _("Row %(row)s: it belongs with row %(other)s, which was refused.")
            for read in reads:
                if read.row is not None:
                    self._refuse(read, said % {"row": read.raw.number, "other": broken.raw.number})
            return None
        newest = self._newest(reads)
        if (odd := self._odd(newest)) is not None:
            for read in reads:
                self._refuse(read, odd % {"row": read.raw.number})
            return None
        rows = tuple(read.row for read in newest if read.row is not None)
        return Group(self.kind, key, rows, tuple(read.raw for read in newest))

    def _refuse(self, read: Read, sentence: str) -> None:
        self.refused.append(RefusedRow(read.raw.number, "", sentence))

    def _newest(self, reads: list[Read]) -> list[Read]:
        """Each line once: of equal rows one; of different ones the last changed, when the ERP says when."""
        kept: dict[tuple[object, ...], Read] = {}
        for read in sorted(reads, key=self._place):
            assert read.row is not None
            is_stamped = read.row.changed_at is not None
            kept[(*self._part(read), "" if is_stamped else content(read.row))] = read
        return list(kept.values())

    def _odd(self, reads: list[Read]) -> str | None:
        """Two rows of one thing that contradict each other, in a sentence."""
        lines: dict[tuple[object, ...], Read] = {}
        for read in reads:
            other = lines.setdefault(self._part(read), read)
            if other is not read:
                said = _("Row %%(row)s: rows %(one)s and %(other)s say different things of the same line.")
                return said % {"one": other.raw.number, "other": read.raw.number}
        for name in _HEADS.get(self.kind, ()):
            for read in reads[1:]:
                if getattr(read.row, name) != getattr(reads[0].row, name):
                    said = _("Row %%(row)s: rows %(one)s and %(other)s of one document differ in “%(name)s”.")
                    return said % {"one": reads[0].raw.number, "other": read.raw.number, "name": name}
        return None

    def _place(self, read: Read) -> tuple[object, ...]:
        assert read.row is not None
        stamp = read.row.changed_at
        return (*self._part(read), stamp.timestamp() if stamp else 0.0, content(read.row))

    def _part(self, read: Read) -> tuple[object, ...]:
        """Which line of its document a row is; of a customer or a payment there is one."""
        return _PARTS[self.kind](read.row) if self.kind in _PARTS else ()
