"""What our own people are told, by mail: what interrupts at once, other mailed kinds once a morning.

Everything that waits for one person goes in ONE mail, so that a night without workers ends in one mail each
and not in a storm. What was read in Mi día meanwhile is left out.
"""

from __future__ import annotations

import smtplib
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hilo.channels.mail.leases import leaving
from hilo.channels.mail.sending import stable_id
from hilo.parties.actor import actor_for
from hilo.parties.days import local_day
from hilo.parties.models import Notice, NoticeMail, Person
from hilo.parties.notice_words import daily_kinds, words_of
from hilo.work.access import threads_visible_to
from hilo.work.models import Thread

MORNING = time(8)
GIVE_UP_AFTER = timedelta(hours=24)  # it stands in Mi día all the while
MOST_LINES = 30


def mail_notices(now: datetime) -> int:
    """Put together what waits and send it; how many mails left."""
    put_together(now)
    sent = 0
    waiting = NoticeMail.objects.filter(sent_at=None, gave_up_at=None).order_by("pk")
    for mail in waiting.select_related("person"):
        with leaving(f"notices:{mail.pk}", now) as is_ours:
            if is_ours and waiting.filter(pk=mail.pk).exists():
                sent += _send(mail, now)
    return sent


def put_together(now: datetime) -> None:
    """One mail for each person to whom something must be said now."""
    for person in Person.objects.filter(is_active=True, notices__in=_unmailed()).distinct():
        with transaction.atomic():
            # The lock makes two workers queue: the second finds nothing left for this person.
            Person.objects.select_for_update(no_key=True).get(pk=person.pk)
            due = _due_to(person, now)
            if due:
                mail = NoticeMail.objects.create(person=person, created_at=now)
                Notice.objects.filter(pk__in=due, mail=None).update(mail=mail)


def _unmailed() -> QuerySet[Notice]:
    return Notice.objects.filter(
        Q(interrupts=True) | Q(kind__in=daily_kinds()), mail=None, read_at__isnull=True
    )


def _due_to(person: Person, now: datetime) -> list[int]:
    """All that waits, as soon as something of it interrupts; the daily kinds alone wait for the morning."""
    waiting = list(_unmailed().filter(person=person).order_by("pk"))
    interrupts = any(notice.interrupts for notice in waiting)
    if interrupts or _is_time_for_the_daily(person, now):
        return [notice.pk for notice in waiting]
    return []


def _is_time_for_the_daily(person: Person, now: datetime) -> bool:
    today = local_day(now, person.zone)
    begins = datetime.combine(today, MORNING, ZoneInfo(person.zone))
    return now >= begins and not person.notice_mails.filter(created_at__gte=begins).exists()


def _send(mail: NoticeMail, now: datetime) -> bool:
    message = message_of(mail, now)
    if message is None:
        NoticeMail.objects.filter(pk=mail.pk).update(gave_up_at=now)
        return False
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused:
        NoticeMail.objects.filter(pk=mail.pk).update(gave_up_at=now)
        return False
    except (OSError, smtplib.SMTPException):
        if now - mail.created_at > GIVE_UP_AFTER:
            NoticeMail.objects.filter(pk=mail.pk).update(gave_up_at=now)
        return False
    NoticeMail.objects.filter(pk=mail.pk).update(sent_at=now)
    return True


def message_of(mail: NoticeMail, now: datetime) -> EmailMessage | None:
    """None when the person has left, or nothing of it is theirs to see any more."""
    person = mail.person
    if not person.is_active:
        return None
    notices = list(mail.notices.order_by("pk"))
    threads = (
        threads_visible_to(actor_for(person, now=now, door="mail"))
        .select_related("customer")
        .in_bulk([notice.thread_id for notice in notices if notice.thread_id])
    )
    told = [each for each in notices if not each.thread_id or each.thread_id in threads]
    if not told:
        return None
    with translation.override(person.language):
        return EmailMessage(
            subject=_subject(told, threads),
            body=_body(person, told, threads),
            to=[person.email],
            headers={"Message-ID": stable_id("notices", mail.pk), "Auto-Submitted": "auto-generated"},
        )


def _subject(told: list[Notice], threads: dict[int, Thread]) -> str:
    if len(told) == 1:
        sentence = str(words_of(told[0].kind).sentence)
        thread = threads.get(told[0].thread_id or 0)
        return f"{sentence} [{thread.code}]" if thread else sentence
    return ngettext("%(count)d thing you should know", "%(count)d things you should know", len(told)) % {
        "count": len(told)
    }


def _body(person: Person, told: list[Notice], threads: dict[int, Thread]) -> str:
    hello = _("Hello, %(name)s:") % {"name": person.first_name}
    lines = [_line(notice, threads) for notice in told[:MOST_LINES]]
    if len(told) > MOST_LINES:
        lines.append("– " + _("And %(count)d more.") % {"count": len(told) - MOST_LINES})
    end = _("Everything is in your day in Hilo.") + (f" {settings.HILO_URL}" if settings.HILO_URL else "")
    return "\n\n".join([hello, "\n".join(lines), end]) + "\n"


def _line(notice: Notice, threads: dict[int, Thread]) -> str:
    thread = threads.get(notice.thread_id or 0)
    where = f" {thread.title} ({thread.customer.name}, {thread.code})" if thread else ""
    return f"– {words_of(notice.kind).sentence}{where}"
