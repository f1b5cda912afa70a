"""Cases when people leave, areas change and contacts are erased: none stays with nobody (SPEC 9.8, 1.3)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hilo.ledger.moving import move
from hilo.ledger.record import record
from hilo.parties.actor import Actor
from hilo.parties.holdings import (
    Holding,
    locked,
    register_area_work,
    register_contact_texts,
    register_holding,
)
from hilo.parties.models import Area, Contact, Person
from hilo.quality.commands.stages import about
from hilo.quality.events.cases import CaseAreaChanged, CaseTakenOver
from hilo.quality.finding import index_case
from hilo.quality.models import Case, Escalation
from hilo.work.models import ThreadReader
from hilo.work.settling import settle

_NEVER = "the row changed under its own lock"


def _led_by(person: Person) -> QuerySet[Case]:
    return Case.objects.filter(owner=person, closed_at__isnull=True)


def _pass_on_cases(leaver: Person, caretaker: Person, *, by: Actor, now: datetime) -> int:
    """The caretaker leads them until a colleague takes each over; what ran on them passes as a step does."""
    cases = list(locked(_led_by(leaver).select_related("thread")))
    for case in cases:
        move(case, only_if={"owner": leaver}, refused=_NEVER, owner=caretaker)
        if case.thread.is_confidential:
            ThreadReader.objects.get_or_create(thread=case.thread, person=caretaker)
        taken = CaseTakenOver(**about(case), old_owner=leaver.pk, new_owner=caretaker.pk, why="departure")
        record(taken, by=by, now=now)
        settle(case.thread, now=now)
    return len(cases)


register_holding(Holding("case", lambda person: _led_by(person).count(), _pass_on_cases))


def _pass_on_area_work(old_area: Area, new_area: Area, /, *, by: Actor, now: datetime) -> int:
    """From now on the hours of the successor count; what stopped before stays as it was."""
    cases = list(locked(Case.objects.filter(area=old_area, closed_at__isnull=True).select_related("thread")))
    for case in cases:
        move(case, only_if={"area": old_area}, refused=_NEVER, area=new_area)
        changed = CaseAreaChanged(**about(case), old_area=old_area.pk, new_area=new_area.pk)
        record(changed, by=by, now=now)
        settle(case.thread, now=now)
    return len(cases)


register_area_work("case", _pass_on_area_work)


def _erase_said(contact: Contact, /, *, by: Actor, now: datetime) -> int:
    """Their words go: what they told us, asked for, and said to management; what we did about it stays."""
    gone = _("(erased)")
    theirs = Case.objects.filter(contact=contact)
    erased = (
        theirs.exclude(remedy="").update(remedy=gone)
        + theirs.exclude(text="").update(text=gone)
        + Case.objects.filter(verified_by=contact).exclude(verified_how="").update(verified_how=gone)
        + Escalation.objects.filter(contact=contact).update(text=gone)
    )
    for case in theirs.select_related("thread__customer"):
        index_case(case)
    return erased


register_contact_texts("quality", _erase_said)
