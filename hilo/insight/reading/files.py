"""The files of one log put together: each read by what it is, matched by the names of its columns."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path

import pyarrow as pa

from hilo.insight.lean import give_back
from hilo.insight.raw import RawTable, ReadFile, Unreadable
from hilo.insight.reading.delimited import read_delimited
from hilo.insight.reading.kinds import Kind, kind_of
from hilo.insight.reading.piece import Piece
from hilo.insight.reading.settling import Setting, plain, settle
from hilo.insight.reading.told import Told
from hilo.insight.reading.unpacking import Limits, Scratch, Source, unpacked
from hilo.insight.speaking import Listed, Said, _


def read(
    paths: Sequence[Path],
    *,
    object_type: str | None = None,
    limits: Limits | None = None,
    keep_codes: bool = False,
) -> RawTable:
    """One table of all the files. ``object_type`` says what is a case of an object-centric log. With
    ``keep_codes`` columns of few values stay dictionary<int32, string>, which takes a fraction of the memory.

    Raises ``Unreadable`` with a sentence for the person when there is nothing to use.
    """
    if not paths:
        raise Unreadable(_("No file was given: name the log to read."))
    told = Told()
    with Scratch() as scratch:
        pieces = [
            _read_one(source, object_type, told)
            for path in paths
            for source in unpacked(Path(path), scratch, limits or Limits(), told)
        ]
    if not pieces:
        raise Unreadable(_("%(file)s has only empty files inside: pack it again.", file=Path(paths[0]).name))
    table = _as_one(pieces, told, keep_codes)
    give_back()
    return table


def _read_one(source: Source, object_type: str | None, told: Told) -> Piece:
    piece = _reader_of(kind_of(source), object_type)(source, told)
    if piece.rows == 0:
        raise Unreadable(_nothing_in(piece))
    return piece


def _nothing_in(piece: Piece) -> Said:
    if piece.refused:
        return _(
            "No row of %(file)s has as many cells as there are columns, from row %(row)s on: see to its "
            "separators and quotes.",
            file=piece.name,
            row=piece.refused[0],
        )
    return _("%(file)s has columns but no rows: export it again with its data.", file=piece.name)


def _reader_of(kind: Kind, object_type: str | None) -> Callable[[Source, Told], Piece]:
    """Imported when needed: a CSV need not wait for the parsers of other formats."""
    match kind:
        case Kind.CSV:
            return read_delimited
        case Kind.WORKBOOK:
            from hilo.insight.reading.workbook import read_workbook

            return read_workbook
        case Kind.PARQUET:
            from hilo.insight.reading.parquet import read_parquet

            return read_parquet
        case Kind.XES:
            from hilo.insight.reading.xes import read_xes

            return read_xes
        case _:
            from hilo.insight.reading.ocel import ocel_reader

            return ocel_reader(kind, object_type)


# Several files -------------------------------------------------------------------------------------------


def _as_one(pieces: Sequence[Piece], told: Told, keep_codes: bool) -> RawTable:
    for other in pieces[1:]:
        _refuse_other_columns(pieces[0], other)
    begins = list(accumulate((piece.rows for piece in pieces), initial=0))
    setting = Setting(
        where=_where(pieces, begins),
        comma_is_likely=any(piece.separator == ";" for piece in pieces),
        only_moments=all(piece.states_types for piece in pieces),
        dates=frozenset().union(*(piece.dates for piece in pieces)),
        has_serials=any(piece.has_serials for piece in pieces),
    )
    columns = {name: _together([piece.columns[name] for piece in pieces]) for name in pieces[0].columns}
    for piece in pieces:
        piece.columns.clear()  # settling frees each column as it goes
    settled = settle(columns, setting, told)
    if not keep_codes:
        settled = {name: plain(column) for name, column in settled.items()}
    files = tuple(_as_read(piece, first) for piece, first in zip(pieces, begins, strict=False))
    taken = {role: name for piece in reversed(pieces) for role, name in piece.taken.items()}
    return RawTable(pa.table(settled), files, taken, told.all())


def _refuse_other_columns(first: Piece, other: Piece) -> None:
    lacking = tuple(name for name in first.columns if name not in other.columns)
    extra = tuple(name for name in other.columns if name not in first.columns)
    if not lacking and not extra:
        return
    raise Unreadable(
        _(
            "%(first)s and %(other)s do not have the same columns (only in the first: %(lacking)s; only in "
            "the second: %(extra)s): give files of one kind at a time, or make their titles equal.",
            first=first.name,
            other=other.name,
            lacking=Listed(lacking) if lacking else "–",
            extra=Listed(extra) if extra else "–",
        )
    )


def _together(columns: Sequence[pa.ChunkedArray]) -> pa.ChunkedArray:
    kinds = {column.type for column in columns}
    if len(kinds) > 1:
        common = _common(kinds)
        columns = [_converted(column, common) for column in columns]
    return pa.chunked_array([chunk for column in columns for chunk in column.chunks], columns[0].type)


def _common(kinds: set[pa.DataType]) -> pa.DataType:
    """What holds the columns of all files: a number for numbers, UTC where one has a zone, or else text."""
    if all(pa.types.is_integer(kind) or pa.types.is_floating(kind) for kind in kinds):
        return pa.float64()
    if all(pa.types.is_timestamp(kind) for kind in kinds):
        return pa.timestamp("us", "UTC")
    some = {kind for kind in kinds if not pa.types.is_null(kind)}
    return some.pop() if len(some) == 1 else pa.string()


def _converted(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    return (
        plain(column)
        if pa.types.is_string(kind) and pa.types.is_dictionary(column.type)
        else column.cast(kind)
    )


def _where(pieces: Sequence[Piece], begins: Sequence[int]) -> Callable[[int], tuple[str, int]]:
    def where(row: int) -> tuple[str, int]:
        at = min(bisect_right(begins, row) - 1, len(pieces) - 1)
        return pieces[at].name, pieces[at].record(row - begins[at])

    return where


def _as_read(piece: Piece, first: int) -> ReadFile:
    return ReadFile(
        piece.name, piece.format, piece.rows, len(piece.refused), first, piece.encoding, piece.separator
    )
