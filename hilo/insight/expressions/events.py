"""The table of events that the expressions read, and how a log gets into an engine.

Codes only, no strings: ``activity``, ``area`` and ``person`` are places in the column's names IN ORDER OF THE
ALPHABET, -1 where the value is missing, so that ordering by code is ordering by name on every engine,
whatever its collation. Times are int64 microseconds: no engine rounds them or moves them to its own zone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from hilo.insight.log import NO_TIME, Codes, EventLog, Ints
from hilo.insight.measures.cases import event_begins
from hilo.insight.records import record

if TYPE_CHECKING:
    import psycopg

SCHEMA = ibis.schema(
    {
        "case": "int32",
        "activity": "int32",
        "time": "int64",
        "row": "int64",
        "began": "int64",  # the start of the event where it is known, otherwise its time
        "is_started": "boolean",
        "area": "int32",
        "person": "int32",
    }
)
TABLE = "events"
POSTGRES_TYPES = {"int32": "integer", "int64": "bigint", "boolean": "boolean"}
ROWS_AT_ONCE = 200_000


@record
class Names:
    """What the codes of the table stand for."""

    activity: Sequence[str]
    area: Sequence[str]
    person: Sequence[str]


def events() -> ir.Table:
    """The unbound table: expressions over it are the same for every engine."""
    return ibis.table(SCHEMA, name=TABLE)


def names_of(log: EventLog) -> Names:
    return Names(*(sorted(column.names) if column else () for column in (log.activity, log.area, log.person)))


def columns_of(log: EventLog) -> dict[str, NDArray[np.generic]]:
    """The table's columns, in its order."""
    started = np.zeros(len(log), np.bool_) if log.start is None else _started(log.start, log.time)
    return {
        "case": log.case,
        "activity": _alphabetical(log.activity, len(log)),
        "time": log.time,
        "row": log.row,
        "began": event_begins(log),
        "is_started": started,
        "area": _alphabetical(log.area, len(log)),
        "person": _alphabetical(log.person, len(log)),
    }


def _started(start: NDArray[np.int64], time: NDArray[np.int64]) -> NDArray[np.bool_]:
    known: NDArray[np.bool_] = (start != NO_TIME) & (start <= time)
    return known


def _alphabetical(column: Codes | None, events: int) -> Ints:
    if column is None:
        return np.full(events, -1, np.int32)
    rank = np.full(len(column.names) + 1, -1, np.int32)  # the last place is that of code -1
    order = sorted(range(len(column.names)), key=column.names.__getitem__)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return rank[column.codes]


def into_duckdb(log: EventLog, *, threads: int = 2) -> ibis.BaseBackend:
    """A database in memory of its own, with the table in it."""
    import pyarrow as pa

    connection = ibis.duckdb.connect(threads=threads)
    native = connection.con
    native.register("arrays", pa.table(columns_of(log)))
    native.execute(f"CREATE TABLE {TABLE} AS SELECT * FROM arrays")
    native.unregister("arrays")
    return connection


def into_postgres(log: EventLog, connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """A temporary table of the connection's session; one of an earlier log is replaced."""
    described = ", ".join(f'"{name}" {POSTGRES_TYPES[str(kind)]} NOT NULL' for name, kind in _types())
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
        cursor.execute(f"CREATE TEMPORARY TABLE {TABLE} ({described})")
        with cursor.copy(f"COPY {TABLE} FROM STDIN (FORMAT csv)") as copy:
            for piece in _as_csv(log):
                copy.write(piece)
        cursor.execute(f"ANALYZE {TABLE}")


def _types() -> Iterator[tuple[str, str]]:
    return ((name, str(kind).removeprefix("!")) for name, kind in SCHEMA.items())


def _as_csv(log: EventLog) -> Iterator[str]:
    columns = list(columns_of(log).values())
    for begin in range(0, len(log), ROWS_AT_ONCE):
        text = io.StringIO()
        pieces = (column[begin : begin + ROWS_AT_ONCE].tolist() for column in columns)
        csv.writer(text).writerows(zip(*pieces, strict=True))
        yield text.getvalue()
