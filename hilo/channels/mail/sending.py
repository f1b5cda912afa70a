"""Messages to customers leave the house here: after the commit, at least once, recognisable when twice.

The mail's Message-ID is made of the update's id, so a copy sent again after a crash (between the server's
"250 OK" and our commit) is the same message to every mail program. The window is that one instant: a lease
keeps two workers from sending the same message at once.
"""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from email.utils import formataddr, parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import formats, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from hilo.channels.mail.leases import leaving
from hilo.parties.actor import system
from hilo.parties.models import Contact
from hilo.work.commands.mailing import note_mail_failed, note_mailed
from hilo.work.models import Update

GIVE_UP_AFTER = timedelta(hours=24)


def send_queued(now: datetime) -> int:
    """Send what waits, the oldest first; returns how many left. A server that is down is tried later."""
    sent = 0
    waiting = Update.objects.filter(mail=Update.Mail.QUEUED).order_by("said_at", "pk")
    for update in waiting.select_related("thread__customer", "thread__delegation", "said_by"):
        with leaving(f"update:{update.pk}", now) as is_ours:
            # Somebody may have sent it between our look and our lease.
            if is_ours and waiting.filter(pk=update.pk).exists():
                sent += _send(update, now)
    return sent


def _send(update: Update, now: datetime) -> bool:
    people = [contact for contact in update.contacts.all() if contact.email and not contact.erased_at]
    if not people:
        note_mail_failed(update, code="no_address", by=system("mail"), now=now)
        return False
    try:
        message_of(update, people).send()
    except smtplib.SMTPRecipientsRefused:
        note_mail_failed(update, code="refused", by=system("mail"), now=now)
        return False
    except (OSError, smtplib.SMTPException):
        if now - update.said_at > GIVE_UP_AFTER:
            note_mail_failed(update, code="unreachable", by=system("mail"), now=now)
        return False
    note_mailed(update, message_id=message_id(update), by=system("mail"), now=now)
    return True


def message_of(update: Update, people: list[Contact]) -> EmailMessage:
    """The mail in the language of the first person it goes to."""
    with translation.override(people[0].language):
        return EmailMessage(
            subject=f"{update.thread.title} [{update.thread.code}]",
            body=_body(update),
            from_email=_sender(update),
            to=[formataddr((contact.name, contact.email)) for contact in people],
            reply_to=[update.said_by.email],
            headers={"Message-ID": message_id(update), "References": thread_id(update)},
        )


def _body(update: Update) -> str:
    zone = ZoneInfo(update.thread.delegation.zone)
    moment = formats.date_format(update.next_news_at.astimezone(zone), "l j F, H:i")
    news = _("You will hear from us again on %(moment)s at the latest.") % {"moment": moment}
    return f"{update.text}\n\n{news}\n\n{update.said_by.name}\n"


def _sender(update: Update) -> str:
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((update.said_by.name, address))


def message_id(update: Update) -> str:
    """The same for every attempt; nobody outside can guess that of another message."""
    return stable_id("update", update.pk)


def thread_id(update: Update) -> str:
    """All mails of a thread refer to it, so that mail programs keep them together."""
    return stable_id("thread", update.thread_id)


def stable_id(kind: str, pk: int) -> str:
    mark = salted_hmac(f"hilo.mail.{kind}", str(pk), algorithm="sha256").hexdigest()[:16]
    return f"<{kind}-{pk}.{mark}@{_domain()}>"


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
