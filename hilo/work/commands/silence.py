"""The response clock of a handoff: half time reminds who must answer, silence reaches both heads."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy

from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, record
from hilo.parties.actor import system
from hilo.parties.commands.notices import notify
from hilo.parties.models import Person
from hilo.parties.notice_words import register_notice
from hilo.work.commands.passing import about_handoff
from hilo.work.events.handoffs import HandoffEscalated, HandoffReminded
from hilo.work.models import Handoff
from hilo.work.sides import heads_for, members_at, open_to_work

_NOT_DUE = gettext_lazy("Nobody has to be told about this handoff now.")
register_notice(
    "handoff_reminder", gettext_lazy("Half of the time to answer this handoff has gone."), "clock"
)
register_notice(
    "handoff_silence",
    gettext_lazy("Nobody answered this handoff in time. Both area heads have been told: talk."),
    "hand-stop",
)
_WAITING = [Handoff.State.OFFERED, Handoff.State.CONDITIONAL]


@command
def remind_receiver(handoff: Handoff, now: datetime) -> None:
    """Half of the time to answer has gone. With conditions proposed, it is the giver who must answer."""
    open_to_work(handoff.thread_id)
    move(
        handoff,
        only_if={"state__in": _WAITING, "reminded_at": None, "remind_at__lte": now},
        refused=_NOT_DUE,
        reminded_at=now,
    )
    record(HandoffReminded(**about_handoff(handoff, receiver=True)), by=system(), now=now)
    interrupted = _who_must_answer(handoff, now)
    for person in interrupted:
        _tell(person, handoff, "handoff_reminder", interrupts=True, now=now)
    if not interrupted:
        for person in members_at(handoff.to_area_id, handoff.to_delegation_id, now=now):
            _tell(person, handoff, "handoff_reminder", interrupts=False, now=now)


def _who_must_answer(handoff: Handoff, now: datetime) -> list[Person]:
    """One person is interrupted, not a whole area: the one named, or who heads it."""
    if handoff.state == Handoff.State.CONDITIONAL:
        return [handoff.giver]
    if handoff.to_person is not None:
        return [handoff.to_person]
    return heads_for(handoff.to_area_id, handoff.to_delegation_id, now=now)


@command
def escalate_silence(handoff: Handoff, now: datetime) -> None:
    """Nobody answered in time: both area heads hear it together, once per handoff."""
    open_to_work(handoff.thread_id)
    move(
        handoff,
        only_if={"state__in": _WAITING, "escalated_at": None, "respond_by__lte": now},
        refused=_NOT_DUE,
        escalated_at=now,
    )
    giving = heads_for(handoff.from_area_id, handoff.from_delegation_id, now=now)
    receiving = heads_for(handoff.to_area_id, handoff.to_delegation_id, now=now)
    both = {person.pk: person for person in (*giving, *receiving)}
    record(
        HandoffEscalated(**about_handoff(handoff, receiver=True), heads=tuple(sorted(both))),
        by=system(),
        now=now,
    )
    for person in both.values():
        _tell(person, handoff, "handoff_silence", interrupts=True, now=now)


def _tell(person: Person, handoff: Handoff, kind: str, *, interrupts: bool, now: datetime) -> None:
    notify(
        person,
        key=f"{kind}:{handoff.pk}:{handoff.state}",
        kind=kind,
        thread_id=handoff.thread_id,
        subject=Ref("handoff", handoff.pk),
        interrupts=interrupts,
        now=now,
    )
