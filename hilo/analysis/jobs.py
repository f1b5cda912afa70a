"""Background work: reading the logs that people brought, and clearing up behind it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from hilo.analysis.limits import limits
from hilo.jobs import job, periodic

_MARGIN = timedelta(minutes=2)  # a reading that takes too long is ended by us, with a sentence, before that


@job(timeout=limits().longest + _MARGIN, max_tries=3)
def run_diagnosis(diagnosis_id: int, run: int) -> None:
    """May begin again after its worker was killed: what is made aside is made anew, and one run wins."""
    from hilo.analysis.running import run_one

    run_one(diagnosis_id, run)


@periodic(name="analysis.give_up", every=timedelta(minutes=1))
def give_up(slot: datetime) -> None:
    """A reading that killed its workers cannot say so itself."""
    from hilo.analysis.running import give_up_failed

    give_up_failed(slot)


@periodic(name="analysis.sweep", daily_at=time(4, 10))
def sweep(slot: datetime) -> None:
    """Folders whose upload broke off, or whose deletion did."""
    from hilo.analysis import folders
    from hilo.analysis.models import Diagnosis

    folders.sweep(Diagnosis.objects.values_list("token", flat=True), now=slot)
