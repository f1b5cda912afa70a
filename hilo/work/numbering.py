"""Codes people can say on the telephone: 2026-0148."""

from __future__ import annotations

from django.db.models import F

from hilo.work.models import Numbering


def next_code(year: int, series: str = "thread") -> str:
    """The next code of the year; call it inside the transaction that uses it."""
    row, _made = Numbering.objects.get_or_create(series=f"{series}:{year}")
    Numbering.objects.filter(pk=row.pk).update(last=F("last") + 1)
    row.refresh_from_db()
    return f"{year}-{row.last:04d}"
