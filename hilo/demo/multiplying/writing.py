"""Many rows at once: COPY on PostgreSQL, one prepared INSERT on SQLite. The database's own guards stay up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max

from hilo.demo.multiplying import anatomy
from hilo.demo.multiplying.anatomy import Model
from hilo.ledger.models import EventObject, LedgerEvent, PrivateText
from hilo.work.models import Numbering

HISTORY: tuple[Model, ...] = (PrivateText, LedgerEvent, EventObject)
BATCH = 30_000
"""Rows kept until they are written: some tens of megabytes."""


def _with_ids() -> list[Model]:
    return [*anatomy.copied(), PrivateText, LedgerEvent]


class Numbers:
    """The next free id of every table, and the next number of every series."""

    def __init__(self) -> None:
        self.last: dict[str, int] = {}
        for model in _with_ids():
            newest = model._base_manager.aggregate(newest=Max("pk"))["newest"]
            self.last[anatomy.type_of(model)] = newest or 0
        self.series: dict[str, int] = dict(Numbering.objects.values_list("series", "last"))

    def next_id(self, kind: str) -> int:
        self.last[kind] += 1
        return self.last[kind]

    def begin_after(self, series: str, number: int) -> None:
        self.series[series] = max(self.series.get(series, 0), number)

    def next_of(self, series: str) -> int:
        self.series[series] = self.series.get(series, 0) + 1
        return self.series[series]


class Writer:
    """Gathers rows by table and writes them in the order of foreign keys, each batch in one transaction."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._waiting: dict[Model, list[Sequence[Any]]] = defaultdict(list)
        self._count = 0

    def add(self, model: Model, row: Sequence[object]) -> None:
        self._waiting[model].append(row)
        self._count += 1

    def flush(self, *, at_least: int = BATCH) -> None:
        if self._count < at_least or not self._count:
            return
        with transaction.atomic():
            for model in (*anatomy.copied(), *HISTORY):
                if rows := self._waiting.pop(model, []):
                    _insert(model, rows)
            self._keep_numbers()
        self._count = 0

    def _keep_numbers(self) -> None:
        """So that what people add next gets the next number, and the next id."""
        kept = {f"{series}:" for series in ("thread", "order", "case")}
        rows = [
            Numbering(series=series, last=last)
            for series, last in self._numbers.series.items()
            if series[: series.find(":") + 1] in kept
        ]
        Numbering.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["series"], update_fields=["last"]
        )
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), _with_ids()):
                cursor.execute(statement)


def as_kept(moment: datetime) -> datetime:
    """SQLite keeps moments without their zone, which is UTC."""
    return moment.replace(tzinfo=None) if connection.vendor == "sqlite" else moment


def _insert(model: Model, rows: list[Sequence[Any]]) -> None:
    table = connection.ops.quote_name(model._meta.db_table)
    names = [str(column.column) for column in anatomy.columns(model)]
    columns = ", ".join(connection.ops.quote_name(name) for name in names)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy_in(cursor, f"COPY {table} ({columns}) FROM STDIN", rows)
        else:
            places = ", ".join(["%s"] * len(names))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)


def _copy_in(cursor: Any, statement: str, rows: Iterable[Sequence[object]]) -> None:
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def settle_statistics() -> None:
    """The planner believes that the tables are as small as they were."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def roomy_cache() -> Iterator[None]:
    """A quarter of a gigabyte for SQLite's pages while it loads: its indexes grow at random places."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        before = cursor.fetchone()[0]
        cursor.execute("PRAGMA cache_size = -262144")
        yield
        cursor.execute(f"PRAGMA cache_size = {before}")
