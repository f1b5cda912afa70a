"""Steps and handoffs when people leave and areas change: nothing stays with nobody (SPEC 9.8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from hilo.ledger.moving import move
from hilo.ledger.record import record
from hilo.parties.actor import Actor
from hilo.parties.holdings import Holding, locked, register_area_work, register_holding
from hilo.parties.models import Area, Person
from hilo.work.commands import passing, spans
from hilo.work.commands.passing import about_handoff, about_step
from hilo.work.commands.plan import OVER
from hilo.work.events.handoffs import HandoffPassed
from hilo.work.events.steps import StepAreaChanged, StepPassed
from hilo.work.models import Handoff, Span, StepRun, Thread
from hilo.work.settling import settle

_NEVER = "the row changed under its own lock"


# A leaver -------------------------------------------------------------------------------------------------


def _held_by(person: Person) -> QuerySet[StepRun]:
    return StepRun.objects.filter(holder=person, state=StepRun.State.RUNNING)


def _given_by(person: Person) -> QuerySet[Handoff]:
    """Open ones, and those returned or taken back that wait to be offered again."""
    waiting = Q(state__in=["returned", "withdrawn"], step_run__state__in=["planned", "offered"])
    return Handoff.objects.filter(Q(state__in=Handoff.OPEN_STATES) | waiting, giver=person)


def _offered_to(person: Person) -> QuerySet[Handoff]:
    return Handoff.objects.filter(to_person=person, state__in=Handoff.OPEN_STATES)


def _pass_on_steps(leaver: Person, caretaker: Person, *, by: Actor, now: datetime) -> int:
    """What runs goes on with the caretaker, who finds it in Mi día and can offer it to a colleague."""
    held = list(locked(_held_by(leaver).select_related("thread", "work_item")))
    for step_run in held:
        move(step_run, only_if={"holder": leaver}, refused=_NEVER, holder=caretaker)
        record(
            StepPassed(
                **about_step(step_run), old_holder=leaver.pk, new_holder=caretaker.pk, why="departure"
            ),
            by=by,
            now=now,
        )
    _settle_all((step_run.thread_id for step_run in held), now)
    return len(held)


def _pass_on_given(leaver: Person, caretaker: Person, *, by: Actor, now: datetime) -> int:
    given = list(locked(_given_by(leaver).select_related("thread")))
    for handoff in given:
        if handoff.is_within_area and handoff.to_person_id == caretaker.pk:
            passing.withdraw(handoff, reason=_("They have left."), seen=None, by=by, now=now)
            continue
        move(handoff, only_if={"giver": leaver}, refused=_NEVER, giver=caretaker)
        _record_passed(handoff, "giver", leaver, caretaker, by, now)
    _settle_all((handoff.thread_id for handoff in given), now)
    return len(given)


def _pass_on_received(leaver: Person, caretaker: Person, *, by: Actor, now: datetime) -> int:
    """Between areas the whole area answers now; within one the caretaker, unless it is theirs already."""
    received = list(locked(_offered_to(leaver).select_related("thread", "step_run")))
    for handoff in received:
        if handoff.is_within_area and caretaker.pk in (handoff.giver_id, handoff.step_run.holder_id):
            passing.withdraw(handoff, reason=_("They have left."), seen=None, by=by, now=now)
            continue
        heir = caretaker if handoff.is_within_area else None
        move(handoff, only_if={"to_person": leaver}, refused=_NEVER, to_person=heir)
        _record_passed(handoff, "receiver", leaver, heir, by, now)
    _settle_all((handoff.thread_id for handoff in received), now)
    return len(received)


def _record_passed(
    handoff: Handoff, side: str, old: Person, new: Person | None, by: Actor, now: datetime
) -> None:
    passed = HandoffPassed(
        **about_handoff(handoff, receiver=side == "receiver"),
        side=side,
        old_person=old.pk,
        new_person=new.pk if new else None,
    )
    record(passed, by=by, now=now)


def _settle_all(thread_ids: Iterable[int], now: datetime) -> None:
    for thread in Thread.objects.filter(pk__in=set(thread_ids)).order_by("pk"):
        settle(thread, now=now)


register_holding(Holding("step_run", lambda person: _held_by(person).count(), _pass_on_steps))
register_holding(Holding("handoff_given", lambda person: _given_by(person).count(), _pass_on_given))
register_holding(Holding("handoff_received", lambda person: _offered_to(person).count(), _pass_on_received))


# An area that ends ----------------------------------------------------------------------------------------


def _pass_on_area_work(old_area: Area, new_area: Area, /, *, by: Actor, now: datetime) -> int:
    """Open steps and offers go to the successor; the time up to now stays the old area's."""
    runs = list(StepRun.objects.filter(area=old_area).exclude(state__in=OVER).order_by("pk"))
    for step_run in runs:
        move(step_run, only_if={"area": old_area}, refused=_NEVER, area=new_area)
        record(
            StepAreaChanged(**about_step(step_run), old_area=old_area.pk, new_area=new_area.pk),
            by=by,
            now=now,
        )
    open_offers = Handoff.objects.filter(state__in=Handoff.OPEN_STATES)
    touched = set(open_offers.filter(from_area=old_area).values_list("thread_id", flat=True))
    open_offers.filter(to_area=old_area).update(to_area=new_area)
    open_offers.filter(from_area=old_area).update(from_area=new_area)
    _divide_spans(old_area, new_area, now)
    _settle_all(touched | {step_run.thread_id for step_run in runs}, now)
    return len(runs)


def _divide_spans(old_area: Area, new_area: Area, now: datetime) -> None:
    """Open spans of the old area close as handed on; their twins go on in the new one."""
    theirs = Q(area=old_area) | Q(from_area=old_area)
    for span in Span.objects.filter(theirs, closed_at__isnull=True).select_related("step_run"):
        spans.close(span.step_run, ended_as=Span.End.HANDED_ON, now=now)
        if span.kind == Span.Kind.WORK:
            spans.open_work(span.step_run, now=now)
        else:
            assert span.from_area_id is not None
            other = new_area.pk if span.from_area_id == old_area.pk else span.from_area_id
            spans.open_border(span.step_run, from_area_id=other, now=now)


register_area_work("step_run", _pass_on_area_work)
