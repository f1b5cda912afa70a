"""Codes people can say on the telephone: 2026-0148."""

from __future__ import annotations

from django.db import connection

from hilo.work.models import Numbering

_COUNT_ON = (
    "INSERT INTO {table} (series, last) VALUES (%s, 1)"
    " ON CONFLICT (series) DO UPDATE SET last = {table}.last + 1 RETURNING last"
)


def next_code(year: int, series: str = "thread") -> str:
    """The next code of the year; call it inside the transaction that uses it."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_ON.format(table=Numbering._meta.db_table), [f"{series}:{year}"])
        return f"{year}-{cursor.fetchone()[0]:04d}"
