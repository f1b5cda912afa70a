"""Ownership of a thread moves only by an offer that the new owner accepts (SPEC 2.2, 9.8)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.errors import NotAllowed, RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, Related, record, seal
from hilo.parties.actor import Actor
from hilo.parties.holdings import Holding, locked, register_holding
from hilo.parties.models import CompanyPolicy, Person
from hilo.parties.queries.calendars import clock_of_person
from hilo.parties.queries.people import hold_active
from hilo.work.access import require_on
from hilo.work.commands.threads import ARCHIVED, NOT_ARCHIVED
from hilo.work.events.threads import (
    OwnershipAccepted,
    OwnershipDeclined,
    OwnershipOffered,
    OwnershipWithdrawn,
    ThreadCaretaken,
)
from hilo.work.models import OwnershipTransfer, Thread, ThreadReader
from hilo.work.relations import require_charge
from hilo.work.settling import settle
from hilo.work.texts import line, no_longer_here

_ANSWERED = gettext_lazy("Somebody has already answered this offer, or it was withdrawn.")
_OFFERED: dict[str, object] = {"state": OwnershipTransfer.State.OFFERED}


@command
def offer_ownership(
    thread: Thread, *, to: Person, reason: str, seen: int, by: Actor, now: datetime
) -> OwnershipTransfer:
    """Offer the thread to another owner; until they accept, the old one holds it."""
    require_on(by, "thread.transfer", thread)
    require_charge(by, thread)
    why = line(reason, field="reason", missing=_("Say why it changes hands."))
    hold_active(to, refused=no_longer_here(to), field="to")
    if to.pk == thread.owner_id:
        raise RuleViolation(_("%(name)s owns it already.") % {"name": to.name}, field="to")
    move(thread, only_if=NOT_ARCHIVED, refused=ARCHIVED, seen=seen)
    if thread.ownership_transfers.filter(**_OFFERED).exists():
        raise RuleViolation(_("It is already offered to somebody: withdraw that offer first."), field="to")
    if thread.is_confidential:  # who is to answer for it must be able to read it
        ThreadReader.objects.get_or_create(thread=thread, person=to)
    minutes = CompanyPolicy.objects.get(pk=1).full_response_minutes
    transfer = OwnershipTransfer.objects.create(
        thread=thread,
        from_person=thread.owner,
        to_person=to,
        reason=why,
        offered_at=now,
        respond_by=clock_of_person(to.pk).add(now, timedelta(minutes=minutes)),
    )
    record(
        OwnershipOffered(
            subject=Ref("ownership_transfer", transfer.pk),
            thread_id=thread.pk,
            customer_id=thread.customer_id,
            related=(Related("thread", thread.pk, "thread"),),
            from_person=thread.owner_id,
            to_person=to.pk,
            reason=seal(why),
        ),
        by=by,
        now=now,
    )
    settle(thread, now=now)
    return transfer


@command
def accept_ownership(transfer: OwnershipTransfer, *, seen: int, by: Actor, now: datetime) -> None:
    """Only the person offered can take it; from this moment they answer for the thread."""
    _require_receiver(transfer, by)
    hold_active(transfer.to_person, refused=no_longer_here(transfer.to_person))
    move(
        transfer,
        only_if=_OFFERED,
        refused=_ANSWERED,
        seen=seen,
        state=OwnershipTransfer.State.ACCEPTED,
        answered_at=now,
    )
    thread = transfer.thread
    move(thread, only_if=NOT_ARCHIVED, refused=ARCHIVED, owner=transfer.to_person, is_caretaken=False)
    record(
        OwnershipAccepted(
            subject=Ref("ownership_transfer", transfer.pk),
            thread_id=thread.pk,
            customer_id=thread.customer_id,
            related=(Related("thread", thread.pk, "thread"),),
            from_person=transfer.from_person_id,
            to_person=transfer.to_person_id,
        ),
        by=by,
        now=now,
    )
    settle(thread, now=now)


@command
def decline_ownership(
    transfer: OwnershipTransfer, *, comment: str, seen: int, by: Actor, now: datetime
) -> None:
    """The thread stays with its owner, who reads why."""
    _require_receiver(transfer, by)
    why = line(comment, field="comment", missing=_("Say why not, so that the owner can look further."))
    move(
        transfer,
        only_if=_OFFERED,
        refused=_ANSWERED,
        seen=seen,
        state=OwnershipTransfer.State.DECLINED,
        answered_at=now,
        answer_comment=why,
    )
    record(
        OwnershipDeclined(
            subject=Ref("ownership_transfer", transfer.pk),
            thread_id=transfer.thread_id,
            customer_id=transfer.thread.customer_id,
            comment=seal(why),
        ),
        by=by,
        now=now,
    )
    settle(transfer.thread, now=now)


@command
def withdraw_ownership(transfer: OwnershipTransfer, *, seen: int, by: Actor, now: datetime) -> None:
    """Whoever has charge of the thread takes the offer back while nobody has answered."""
    require_on(by, "thread.transfer", transfer.thread)
    require_charge(by, transfer.thread)
    move(
        transfer,
        only_if=_OFFERED,
        refused=_ANSWERED,
        seen=seen,
        state=OwnershipTransfer.State.WITHDRAWN,
        answered_at=now,
    )
    record(_withdrawn(transfer), by=by, now=now)
    settle(transfer.thread, now=now)


def _withdrawn(transfer: OwnershipTransfer) -> OwnershipWithdrawn:
    return OwnershipWithdrawn(
        subject=Ref("ownership_transfer", transfer.pk),
        thread_id=transfer.thread_id,
        customer_id=transfer.thread.customer_id,
    )


def _require_receiver(transfer: OwnershipTransfer, by: Actor) -> None:
    """Not even a substitute: answering for a customer is nobody else's to accept."""
    if by.person is None or by.person.pk != transfer.to_person_id:
        raise NotAllowed(_("Only %(name)s can answer this offer.") % {"name": transfer.to_person.name})
    require_on(by, "thread.transfer", transfer.thread)


def _pass_on_threads(leaver: Person, caretaker: Person, *, by: Actor, now: datetime) -> int:
    """A leaver's threads: the caretaker owns them at once, flagged, until somebody accepts each."""
    threads = list(locked(Thread.objects.filter(owner=leaver).exclude(state=Thread.State.ARCHIVED)))
    for thread in threads:
        move(thread, only_if=NOT_ARCHIVED, refused=ARCHIVED, owner=caretaker, is_caretaken=True)
        if thread.is_confidential:
            ThreadReader.objects.get_or_create(thread=thread, person=caretaker)
        record(
            ThreadCaretaken(
                subject=Ref("thread", thread.pk),
                thread_id=thread.pk,
                customer_id=thread.customer_id,
                leaver=leaver.pk,
                caretaker=caretaker.pk,
            ),
            by=by,
            now=now,
        )
        settle(thread, now=now)
    return len(threads)


def _withdraw_offers_to(leaver: Person, caretaker: Person, *, by: Actor, now: datetime) -> int:
    """Offers waiting for the leaver go back: nobody would ever answer them."""
    waiting = OwnershipTransfer.objects.filter(to_person=leaver, **_OFFERED)
    offers = list(locked(waiting.select_related("thread")))
    for transfer in offers:
        move(
            transfer,
            only_if=_OFFERED,
            refused=_ANSWERED,
            state=OwnershipTransfer.State.WITHDRAWN,
            answered_at=now,
        )
        record(_withdrawn(transfer), by=by, now=now)
        settle(transfer.thread, now=now)
    return len(offers)


register_holding(
    Holding(
        kind="thread",
        count=lambda person: Thread.objects.filter(owner=person).exclude(state="archived").count(),
        pass_on=_pass_on_threads,
    )
)
register_holding(
    Holding(
        kind="ownership_offer",
        count=lambda person: OwnershipTransfer.objects.filter(to_person=person, state="offered").count(),
        pass_on=_withdraw_offers_to,
    )
)
