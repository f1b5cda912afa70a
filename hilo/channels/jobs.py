"""Background work of the channels; imported by ``hilo.jobs`` at start-up."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from hilo.channels.imports.uploads import sweep_uploads
from hilo.channels.mail.notices import mail_notices
from hilo.channels.mail.sending import send_queued
from hilo.jobs import periodic


@periodic(name="channels.mail", every=timedelta(seconds=30), timeout=timedelta(minutes=5))
def send_mail(slot: datetime) -> None:
    """Messages to customers and what our own people are told, when sending is set up."""
    if settings.HILO_SENDS_MAIL:
        send_queued(timezone.now())
        mail_notices(timezone.now())


@periodic(name="channels.uploads", every=timedelta(hours=1), timeout=timedelta(minutes=5))
def sweep(slot: datetime) -> None:
    """Files uploaded for an import that nobody finished."""
    sweep_uploads(timezone.now())
