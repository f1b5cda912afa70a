"""The layer's own job: what succeeded long ago need not be kept. What failed for good stays."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.db.models import Max, QuerySet
from django_tasks_db.models import DBTaskResult

from hilo.jobs.claims import SUCCESSFUL
from hilo.jobs.config import job_settings
from hilo.jobs.models import Slot
from hilo.jobs.registry import periodic

CHUNK = 500


@periodic(name="jobs.forget_old", daily_at=time(3, 40))
def forget_old(slot: datetime) -> None:
    limits = job_settings()
    old = DBTaskResult.objects.filter(status=SUCCESSFUL, finished_at__lt=slot - limits.keep_successful)
    _delete_in_chunks(old.order_by())
    newest = Slot.objects.values("name").annotate(newest=Max("moment")).values("newest")
    passed = Slot.objects.filter(moment__lt=slot - limits.keep_slots).exclude(moment__in=newest)
    _delete_in_chunks(passed)


def _delete_in_chunks(rows: QuerySet[Any]) -> None:
    """Each chunk is its own transaction, so that nobody waits long for SQLite's one write lock."""
    while chunk := list(rows.values_list("pk", flat=True)[:CHUNK]):
        rows.model._default_manager.filter(pk__in=chunk).delete()
