"""Parquet: columns come with their types; only texts that are all moments are read as such."""

from __future__ import annotations

import pyarrow as pa
from pyarrow import parquet

from hilo.insight.raw import Unreadable
from hilo.insight.reading.piece import Piece
from hilo.insight.reading.separators import names_of
from hilo.insight.reading.told import Told
from hilo.insight.reading.unpacking import Source
from hilo.insight.speaking import Listed, _

_CODES = pa.dictionary(pa.int32(), pa.string())


def read_parquet(source: Source, told: Told) -> Piece:
    try:
        table = parquet.ParquetFile(source.path).read()
    except (pa.ArrowException, OSError):
        raise Unreadable(_("%(file)s is a damaged Parquet file: write it again.", file=source.name)) from None
    columns: dict[str, pa.ChunkedArray] = {}
    nested = []
    names, _unnamed = names_of(table.column_names, table.num_columns)
    for name, column in zip(names, table.columns, strict=True):
        kind = _kind_for(column.type)
        if kind is None:
            nested.append(name)
        else:
            columns[name] = column if column.type == kind else _cast(column, kind)
    if nested:
        told.say(
            _(
                "%(file)s has columns with lists or records in them, which were left out: %(names)s.",
                file=source.name,
                names=Listed(tuple(nested)),
            )
        )
    if len(columns) < 2:
        raise Unreadable(
            _(
                "%(file)s has one column only: a log needs a case, an activity and a time, in columns of "
                "their own.",
                file=source.name,
            )
        )
    return Piece(source.name, "parquet", columns, table.num_rows, states_types=True)


def _kind_for(kind: pa.DataType) -> pa.DataType | None:
    """The one of our few types that holds ``kind``; None for what is no single value."""
    types = pa.types
    if types.is_dictionary(kind):
        return _CODES if _is_words(kind.value_type) else _kind_for(kind.value_type)
    if types.is_timestamp(kind):
        return pa.timestamp("us", "UTC") if kind.tz else pa.timestamp("us")
    if types.is_date(kind):
        return pa.timestamp("us")
    if types.is_integer(kind):
        return pa.int64()
    if types.is_floating(kind) or types.is_decimal(kind):
        return pa.float64()
    if types.is_boolean(kind):
        return pa.bool_()
    if types.is_nested(kind) or types.is_binary(kind) or types.is_large_binary(kind):
        return None
    return pa.string()


def _is_words(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _cast(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type) and not pa.types.is_dictionary(kind):
        column = column.cast(column.type.value_type)
    return column.cast(kind, safe=False)
