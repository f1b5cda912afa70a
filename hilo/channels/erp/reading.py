"""A file's rows as dataclasses, or the sentence that says why a row is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from hilo.channels.erp.mapping import FileMapping, SourceMapping
from hilo.channels.erp.rows import COLUMNS, ROWS, AnyRow, Column, Kind, Type
from hilo.channels.imports import cleaning, settling
from hilo.channels.imports.cleaning import Unfit
from hilo.channels.imports.refused import RefusedRow, Unreadable
from hilo.channels.imports.tables import Row, Table

MOST_LINE = 32_767
_SMALLEST = {Type.AMOUNT: Decimal("0.01"), Type.QUANTITY: Decimal("0.001"), Type.RATE: Decimal("0.000001")}
_MOST = {
    Type.AMOUNT: Decimal(10) ** 12,
    Type.QUANTITY: Decimal(10) ** 9,
    Type.RATE: Decimal(10) ** 8,
}

type Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class RawRow:
    """The cells that are mapped, by our names, as they stand in the file."""

    number: int
    cells: Cells


@dataclass(frozen=True, slots=True)
class Read:
    """Either a row or why there is none. ``raw`` is empty when the row could not be cut into cells."""

    raw: RawRow
    row: AnyRow | None
    refused: tuple[RefusedRow, ...] = ()


@dataclass
class Reader:
    """``now`` refuses what is still to come. Rows kept from an earlier file are read again with ``read``."""

    source: SourceMapping
    kind: Kind
    columns: Mapping[str, str]
    now: datetime
    _places: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of_table(cls, source: SourceMapping, mapping: FileMapping, table: Table, now: datetime) -> Reader:
        reader = cls(source, mapping.kind, mapping.columns, now)
        reader._find_columns(table)
        return reader

    def _find_columns(self, table: Table) -> None:
        known = {cleaning.squeezed(column): place for place, column in reversed([*enumerate(table.columns)])}
        for name, column in self.columns.items():
            place = known.get(cleaning.squeezed(column))
            if place is not None:
                self._places[name] = place
            elif any(each.name == name and each.is_required for each in COLUMNS[self.kind]):
                raise Unreadable(
                    _("%(file)s has no column “%(column)s”. It has: %(columns)s.")
                    % {"file": table.path.name, "column": column, "columns": ", ".join(table.columns)}
                )

    def all(self, table: Table) -> Iterator[Read]:
        for row in table.rows():
            yield self._trouble(row) if row.trouble else self.read(self._raw(row))

    def _trouble(self, row: Row) -> Read:
        return Read(RawRow(row.number, {}), None, (RefusedRow(row.number, "", row.trouble),))

    def _raw(self, row: Row) -> RawRow:
        cells = {name: row.values[place].strip() for name, place in self._places.items()}
        return RawRow(row.number, {name: text for name, text in cells.items() if text})

    def read(self, raw: RawRow) -> Read:
        facts: dict[str, Any] = {"number": raw.number}
        refused = []
        for column in COLUMNS[self.kind]:
            text = raw.cells.get(column.name, "")
            try:
                if text:
                    facts[column.name] = self._value(column, text)
                elif column.is_required:
                    raise Unfit(_("it is empty."))
            except Unfit as why:
                refused.append(self._refusal(raw.number, column, str(why)))
        if refused:
            return Read(raw, None, tuple(refused))
        return Read(raw, ROWS[self.kind](**facts))

    def _refusal(self, number: int, column: Column, why: str) -> RefusedRow:
        name = self.columns.get(column.name, column.name)
        said = _("Row %(row)s, column “%(column)s”: %(why)s")
        return RefusedRow(number, name, said % {"row": number, "column": name, "why": why})

    # One cell ---------------------------------------------------------------------------------------------

    def _value(self, column: Column, text: str) -> object:
        match column.type:
            case Type.TEXT | Type.CODE:
                return _text(text, column.most)
            case Type.DATE:
                return self._moment(text).astimezone(self.source.zone).date()
            case Type.MOMENT:
                return self._past(text)
            case Type.AMOUNT | Type.QUANTITY | Type.RATE:
                return self._number(text, column.type)
            case Type.WHOLE:
                return _whole(text)
            case Type.CURRENCY:
                return _currency(text)
            case Type.FLAG:
                return cleaning.flag(text)

    def _moment(self, text: str) -> datetime:
        for pattern in (*self.source.times, *self.source.dates):
            try:
                read = datetime.strptime(text, pattern)  # noqa: DTZ007 (_aware gives it its zone)
            except ValueError:
                continue
            return self._aware(read, text)
        return self._aware(_iso(text), text)

    def _aware(self, read: datetime, text: str) -> datetime:
        if not 1990 <= read.year <= 2199:
            raise Unfit(_("“%(text)s” is no date of business: check the year.") % {"text": text})
        return read if read.tzinfo else read.replace(tzinfo=self.source.zone)

    def _past(self, text: str) -> datetime:
        """A day without an hour is its beginning: never ahead of the day on which it is told."""
        moment = self._moment(text).astimezone(UTC)
        if moment > self.now:
            raise Unfit(_("“%(text)s” is still to come: check the date.") % {"text": text})
        return moment

    def _number(self, text: str, kind: Type) -> Decimal:
        value, _currency_written = settling.amount(text, self.source.decimals)
        if value.copy_abs() >= _MOST[kind]:
            raise Unfit(_("“%(text)s” is too large: check it.") % {"text": text})
        exact = value.quantize(_SMALLEST[kind], ROUND_HALF_UP)
        if kind is not Type.AMOUNT and exact <= 0:
            raise Unfit(_("“%(text)s” must be more than nothing.") % {"text": text})
        return exact


def _text(text: str, most: int) -> str:
    read = cleaning.line(text, most)
    if not read:
        raise Unfit(_("it holds no letter that can be read."))
    return read


def _iso(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Unfit(
            _("“%(text)s” is no date: write it as 2026-12-31, or say in the mapping how dates are written.")
            % {"text": text}
        ) from None


def _whole(text: str) -> int:
    bare = text.removesuffix(".0").removesuffix(",0")  # spreadsheets give 10 as 10.0
    if not (bare.isascii() and bare.isdecimal()) or len(bare) > 9 or not 0 < int(bare) <= MOST_LINE:
        raise Unfit(
            _("“%(text)s” is no line number: a whole number from 1 to %(most)s.")
            % {"text": text, "most": MOST_LINE}
        )
    return int(bare)


def _currency(text: str) -> str:
    code = text.upper()
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise Unfit(_("“%(text)s” is no currency: write three letters, such as EUR.") % {"text": text})
    return code
