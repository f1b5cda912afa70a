"""Telling a person something: once, to their substitute too, and at most so often that it still helps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from hilo.ledger.record import Ref
from hilo.parties.days import local_day
from hilo.parties.models import Notice, Person
from hilo.parties.queries.company import policy
from hilo.parties.queries.people import substitute_of


def notify(
    person: Person,
    *,
    key: str,
    kind: str,
    thread_id: int | None,
    subject: Ref,
    interrupts: bool,
    now: datetime,
) -> list[Notice]:
    """The notices made now; none if they were told under this ``key`` before, or have left.

    Not a change of any domain object, so no event: what it tells about has its own. One that should
    interrupt, but comes after the day's last interruption, waits in Mi día like the rest.
    """
    with transaction.atomic():
        told = (person, substitute_of(person, local_day(now, person.zone)))
        made = [
            _tell(each, key, kind, thread_id, subject, interrupts, now) for each in told if each is not None
        ]
    return [notice for notice in made if notice is not None]


def _tell(
    person: Person,
    key: str,
    kind: str,
    thread_id: int | None,
    subject: Ref,
    interrupts: bool,
    now: datetime,
) -> Notice | None:
    # The lock makes two notices at once count each other; it also reads whether they are still here.
    row = Person.objects.select_for_update(no_key=True).filter(pk=person.pk, is_active=True).first()
    if row is None:
        return None
    notice, is_new = Notice.objects.get_or_create(
        person=row,
        key=key,
        defaults={
            "kind": kind,
            "thread_id": thread_id,
            "subject_type": subject.type,
            "subject_id": subject.id,
            "created_at": now,
            "interrupts": interrupts and _may_interrupt(row, now),
        },
    )
    return notice if is_new else None


def _may_interrupt(person: Person, now: datetime) -> bool:
    zone = ZoneInfo(person.zone)
    today = local_day(now, person.zone)
    begins = datetime.combine(today, time.min, zone)
    ends = datetime.combine(today + timedelta(days=1), time.min, zone)
    so_far = person.notices.filter(interrupts=True, created_at__gte=begins, created_at__lt=ends).count()
    return so_far < policy().interruptions_per_day


def read_notices(person: Person, *, ids: Iterable[int], now: datetime) -> int:
    """They have seen these; how many they had not seen before. Only their own can be among them."""
    return person.notices.filter(pk__in=list(ids), read_at__isnull=True).update(read_at=now)
