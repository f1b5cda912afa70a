"""What promises make somebody owe, and what of them keeps a thread from the archive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Q, QuerySet

from hilo.parties.actor import Actor
from hilo.parties.holdings import Holding, register_holding
from hilo.parties.models import Person
from hilo.work.gate import Hang, hangs
from hilo.work.models import Promise, Thread
from hilo.work.owed import Debtor, Owed, OwedTo, Reads, owed
from hilo.work.settling import NextStep, next_steps, settle

_UNANSWERED = Q(state=Promise.State.BROKEN, answered_at__isnull=True)
_TO_DELIVER = Q(state__in=[Promise.State.OPEN, Promise.State.BROKEN])


@next_steps(lambda thread: thread.promises.filter(Q(state=Promise.State.OPEN) | _UNANSWERED))
def promises_to_keep(thread: Thread, promises: Iterable[Promise], now: datetime) -> Iterator[NextStep]:
    """An open promise is the promiser's; a broken one nobody has answered for is the owner's."""
    for promise in promises:
        broken = promise.state == Promise.State.BROKEN
        promiser_left = not promise.promised_by.is_active
        yield NextStep(
            due=promise.due_at,
            kind="answer_broken_promise" if broken else "keep_promise",
            type="promise",
            id=promise.pk,
            label=promise.text,
            area_id=None if broken else promise.area_id,
            person_id=thread.owner_id if broken or promiser_left else promise.promised_by_id,
        )


@hangs
def unsettled_promises(thread: Thread, now: datetime) -> Iterator[Hang]:
    """Open, or broken and not answered to the customer. Broken AND answered does not hang (SPEC 2.5)."""
    for promise in thread.promises.filter(Q(state=Promise.State.OPEN) | _UNANSWERED):
        yield Hang(
            kind="broken_promise" if promise.state == Promise.State.BROKEN else "open_promise",
            type="promise",
            id=promise.pk,
            label=promise.text,
            due=promise.due_at,
            person_id=promise.promised_by_id,
        )


def _promised(debtor: Debtor) -> QuerySet[Promise]:
    mine = Promise.objects.filter(promised_by__in=debtor.people, state=Promise.State.OPEN)
    return mine.filter(debtor.on_threads())


def _inherited(debtor: Debtor) -> QuerySet[Promise]:
    """What falls to the thread's owner: of who left, and to be explained."""
    left = _UNANSWERED | Q(state=Promise.State.OPEN, promised_by__is_active=False)
    return Promise.objects.filter(left, debtor.on_threads(), thread__owner__in=debtor.people)


_NAMED = ("thread", "contact", "promised_by")


@owed(Reads(_promised, *_NAMED), Reads(_inherited, *_NAMED))
def promises_owed(
    debtor: Debtor, promised: Iterable[Promise], inherited: Iterable[Promise]
) -> Iterator[Owed]:
    for promise in {each.pk: each for each in (*promised, *inherited)}.values():
        broken = promise.state == Promise.State.BROKEN
        with_promiser = not broken and promise.promised_by.is_active
        answering = promise.promised_by if with_promiser else promise.thread.owner
        yield Owed(
            kind="answer_broken_promise" if broken else "keep_promise",
            type="promise",
            id=promise.pk,
            version=promise.version,
            label=promise.text,
            due=promise.due_at,
            to=OwedTo.CUSTOMER,
            thread=promise.thread,
            whom=str(promise.contact),
            covers="" if answering == debtor.actor.person else answering.name,
        )


def _settle_threads_of(leaver: Person, caretaker: Person, *, by: Actor, now: datetime) -> int:
    """Who promised stays on record; what is still to deliver is the thread owner's turn from now on."""
    open_ones = Promise.objects.filter(_TO_DELIVER, promised_by=leaver).select_related("thread")
    threads = {promise.thread_id: promise.thread for promise in open_ones}
    for thread in threads.values():
        settle(thread, now=now)
    return len(threads)


register_holding(
    Holding(
        kind="promise",
        count=lambda person: Promise.objects.filter(_TO_DELIVER, promised_by=person).count(),
        pass_on=_settle_threads_of,
    )
)
