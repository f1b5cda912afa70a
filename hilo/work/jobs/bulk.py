"""What was asked for many threads at once, worked off behind the page."""

from __future__ import annotations

from datetime import timedelta

from hilo.jobs import job


@job(timeout=timedelta(minutes=10), max_tries=5)
def run_bulk(run_id: int) -> None:
    """May begin again after its worker was killed: what is done is marked in the transaction that did it."""
    from hilo.work.bulk import work_off
    from hilo.work.models import BulkRun

    run = BulkRun.objects.select_related("person", "to_person").filter(pk=run_id).first()
    if run is not None:
        work_off(run)
