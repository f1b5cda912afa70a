"""What became of a message that was to leave by mail."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.record import record
from hilo.parties.actor import Actor
from hilo.work.events.conversation import UpdateMailed, UpdateMailFailed
from hilo.work.events.place import place_of
from hilo.work.models import Update

_NOT_WAITING = gettext_lazy("This message is not waiting to be sent.")


@command
def note_mailed(update: Update, *, message_id: str, by: Actor, now: datetime) -> None:
    """The mail server took it."""
    _leave_queue(update, mail=Update.Mail.SENT, mail_sent_at=now, message_id=message_id)
    record(UpdateMailed(**place_of("update", update.pk, update.thread)), by=by, now=now)


@command
def note_mail_failed(update: Update, *, code: str, by: Actor, now: datetime) -> None:
    """It could not be sent for good: the thread says so, since the customer does not know what we wrote."""
    _leave_queue(update, mail=Update.Mail.FAILED)
    record(UpdateMailFailed(**place_of("update", update.pk, update.thread), code=code), by=by, now=now)


def _leave_queue(update: Update, **changes: object) -> None:
    waiting = Update.objects.filter(pk=update.pk, mail=Update.Mail.QUEUED)
    if not waiting.update(**changes):
        raise RuleViolation(_NOT_WAITING)
    update.refresh_from_db()
