"""Cases whose clocks ran out long ago, and messages that wait to leave. Run by a process of its own."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from hilo.channels.jobs import send_mail
from hilo.quality.commands.cases import open_case
from hilo.quality.jobs.clocks import check_case_clocks
from hilo.quality.models import Case
from hilo.work.commands.conversation import tell_customer
from hilo.work.commands.threads import open_thread
from hilo.work.models import Thread
from tests.factories.parties import a_company, a_contact, a_customer, acting

LONG_AGO = timedelta(days=40)


def seed(cases: int, messages: int) -> None:
    """Each case runs late on three clocks: acknowledgement, response and news; messages wait to leave."""
    now = timezone.now()
    company = a_company(now=now - LONG_AGO)
    owner = company.people["aftersales"]
    by = acting(owner, now)
    customer = a_customer(delegation=company.zaragoza, keeper=owner, now=now - LONG_AGO)
    contact = a_contact(customer, now=now - LONG_AGO)
    for number in range(cases):
        thread = open_thread(
            customer=customer,
            title=f"Línea {number}",
            kind=Thread.Kind.SERVICE,
            owner=owner,
            by=by,
            now=now - LONG_AGO,
        )
        open_case(
            thread=thread,
            kind=Case.Kind.INCIDENT,
            title=f"Para la línea {number}",
            contact=contact,
            impact="high",
            urgency="high",
            by=by,
            now=now - LONG_AGO,
        )
        for _number in range(messages):
            tell_customer(thread, text="Seguimos en ello.", contacts=[contact], by=by, now=now)
    Thread.objects.update(next_news_at=now - LONG_AGO / 2)


def feed(until: str) -> None:
    """Enqueue the clocks and the mail over and over, quicker than their slots, until the file is there."""
    while not Path(until).exists():
        now = timezone.now()
        check_case_clocks.enqueue_slot(now)
        send_mail.enqueue_slot(now)
        time.sleep(0.2)
