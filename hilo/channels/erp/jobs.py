"""The feed as background work; imported by ``hilo.jobs`` at start-up."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from hilo.channels.erp.models import TakenFile
from hilo.channels.erp.running import run_feed
from hilo.channels.imports.refused import Unreadable
from hilo.jobs import periodic
from hilo.parties.modules import is_on

KEPT = timedelta(days=90)  # on the administrator's page

log = logging.getLogger(__name__)


@periodic(name="channels.erp", every=timedelta(minutes=1), timeout=timedelta(minutes=10))
def take_what_the_erp_left(slot: datetime) -> None:
    """A large file takes several slots, so that no clock waits behind it."""
    if not settings.HILO_ERP_FOLDER or not is_on("erp"):
        return
    now = timezone.now()
    try:
        run_feed(Path(settings.HILO_ERP_FOLDER), now=now, budget=timedelta(seconds=45))
    except Unreadable as sentence:  # told on the administrator's page; trying again changes nothing
        log.warning("the ERP's folder: %s", sentence)
    TakenFile.objects.filter(taken_at__lt=now - KEPT).delete()
