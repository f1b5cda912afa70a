"""Pause a thread and wake it; move the date of its next news without a message."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, record, seal
from hilo.parties.actor import Actor
from hilo.parties.models import Person
from hilo.work.access import require_on
from hilo.work.commands.threads import ARCHIVED, NOT_ARCHIVED
from hilo.work.events.threads import NewsMoved, ThreadPaused, ThreadWoken
from hilo.work.models import NewsMove, Pause, Thread
from hilo.work.news import require_working_moment
from hilo.work.relations import require_charge
from hilo.work.settling import settle
from hilo.work.texts import line

_NOT_OPEN = gettext_lazy("Only an open thread can be paused, and this one is not open any more.")
_NOT_PAUSED = gettext_lazy("This thread is not paused: somebody has already woken it.")


@command
def pause_thread(
    thread: Thread, *, reason: str, until: datetime, seen: int, by: Actor, now: datetime
) -> Pause:
    """Who, why, until when. The news clock runs on: a pause is no reason for silence (SPEC 7.3)."""
    require_on(by, "thread.work", thread)
    require_charge(by, thread)
    why = line(reason, field="reason", missing=_("Say why it waits: the customer will ask."))
    if until <= now:
        raise RuleViolation(_("A pause ends in the future. Choose a later day."), field="until")
    move(
        thread,
        only_if={"state": Thread.State.OPEN},
        refused=_NOT_OPEN,
        seen=seen,
        state=Thread.State.PAUSED,
    )
    pause = Pause.objects.create(thread=thread, paused_by=by.one, reason=why, paused_at=now, until=until)
    record(
        ThreadPaused(
            subject=Ref("thread", thread.pk),
            thread_id=thread.pk,
            customer_id=thread.customer_id,
            until=until,
            reason=seal(why),
        ),
        by=by,
        now=now,
    )
    settle(thread, now=now)
    return pause


@command
def wake_thread(thread: Thread, *, seen: int | None, by: Actor, now: datetime) -> None:
    """End the pause: somebody before its time, or the job when its time has come."""
    if not by.is_system:
        require_on(by, "thread.work", thread)
    move(
        thread,
        only_if={"state": Thread.State.PAUSED},
        refused=_NOT_PAUSED,
        seen=seen,
        state=Thread.State.OPEN,
    )
    Pause.objects.filter(thread=thread, woken_at__isnull=True).update(woken_at=now)
    record(
        ThreadWoken(
            subject=Ref("thread", thread.pk),
            thread_id=thread.pk,
            customer_id=thread.customer_id,
            by_itself=by.is_system,
        ),
        by=by,
        now=now,
    )
    settle(thread, now=now)


@command
def move_news(thread: Thread, *, to: datetime, reason: str, seen: int, by: Actor, now: datetime) -> NewsMove:
    """Move the next news date without telling the customer anything: allowed with a reason, and counted."""
    require_on(by, "thread.work", thread)
    require_charge(by, thread)
    why = line(
        reason,
        field="reason",
        missing=_("Say why the customer hears later, or write them a message instead."),
    )
    require_working_moment(thread.owner_id, to, now=now, field="to")
    old = thread.next_news_at
    if old is None or to == old:
        raise RuleViolation(_("That is the date it has already."), field="to")
    move(thread, only_if=NOT_ARCHIVED, refused=ARCHIVED, seen=seen, next_news_at=to)
    moved = count_news_move(thread, old=old, new=to, reason=why, person=by.one, by=by, now=now)
    settle(thread, now=now)
    return moved


def count_news_move(
    thread: Thread, *, old: datetime, new: datetime, reason: str, person: Person, by: Actor, now: datetime
) -> NewsMove:
    """The date moved without a message: the reason stands on record and is counted (SPEC 2.1)."""
    moved = NewsMove.objects.create(
        thread=thread, moved_by=person, reason=reason, old=old, new=new, moved_at=now
    )
    record(
        NewsMoved(
            subject=Ref("thread", thread.pk),
            thread_id=thread.pk,
            customer_id=thread.customer_id,
            old=old,
            new=new,
            reason=seal(reason),
        ),
        by=by,
        now=now,
    )
    return moved
