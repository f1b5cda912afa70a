"""What steps and handoffs make somebody owe: next steps, what hangs, and the rows of Mi día."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from hilo.parties.actor import Actor
from hilo.parties.models import CompanyPolicy, Membership, Person
from hilo.work.access import threads_visible_to
from hilo.work.commands.plan import OVER, Clocks
from hilo.work.gate import Hang, hangs
from hilo.work.models import Handoff, StepRun, StepRunLink, Thread, TurnOf, Weight
from hilo.work.owed import Owed, OwedTo, owed
from hilo.work.settling import NextStep, next_steps
from hilo.work.sides import in_force, people_behind

_UNBEGUN = (StepRun.State.PLANNED, StepRun.State.OFFERED)


def to_be_prepared(handoffs: QuerySet[Handoff]) -> QuerySet[Handoff]:
    """Drafts, and the last attempt of a step that came back and waits to be offered again."""
    later = Handoff.objects.filter(step_run=OuterRef("step_run"), attempt__gt=OuterRef("attempt"))
    blocked = StepRunLink.objects.filter(after=OuterRef("step_run")).exclude(before__state__in=OVER)
    came_back = Q(
        ~Exists(later),
        ~Exists(blocked),
        state__in=["returned", "withdrawn"],
        step_run__state__in=_UNBEGUN,
    )
    return handoffs.filter(Q(state=Handoff.State.DRAFT) | came_back)


class PreparationClock:
    """By when a giver should offer: the response time of the weight, in the giver's own hours."""

    def __init__(self) -> None:
        policy = CompanyPolicy.objects.get(pk=1)
        self._minutes = {
            Weight.LIGHT: policy.light_response_minutes,
            Weight.FULL: policy.full_response_minutes,
        }
        self._clocks = Clocks()

    def due(self, handoff: Handoff) -> datetime:
        since = handoff.answered_at or handoff.created_at
        minutes = self._minutes[Weight(handoff.weight)]
        clock = self._clocks.of(handoff.from_area_id, handoff.from_delegation_id)
        return clock.add(since, timedelta(minutes=minutes))


# The thread's next step -----------------------------------------------------------------------------------


@next_steps(lambda thread: thread.step_runs.filter(state=StepRun.State.RUNNING))
def steps_under_way(thread: Thread, running: Iterable[StepRun], now: datetime) -> Iterator[NextStep]:
    """The holder's turn, or the customer's or supplier's while it waits for them."""
    for step_run in running:
        assert step_run.due_at is not None
        yield NextStep(
            due=step_run.due_at,
            kind="do_step",
            type="step_run",
            id=step_run.pk,
            label=step_run.waits_for_what or step_run.name,
            turn=TurnOf(step_run.waits_for or TurnOf.AREA),
            area_id=step_run.area_id,
            person_id=step_run.holder_id,
        )


@next_steps(
    lambda thread: thread.handoffs.filter(state__in=["offered", "conditional"]).select_related("step_run")
)
def handoffs_waiting(thread: Thread, waiting: Iterable[Handoff], now: datetime) -> Iterator[NextStep]:
    """Offers wait for the receiver, conditions for the giver, a colleague's offer for the colleague."""
    for handoff in waiting:
        to_giver = handoff.state == Handoff.State.CONDITIONAL
        yield NextStep(
            due=handoff.respond_by or now,
            kind=_answer_kind(handoff),
            type="handoff",
            id=handoff.pk,
            label=handoff.ask or handoff.step_run.name,
            area_id=handoff.from_area_id if to_giver else handoff.to_area_id,
            person_id=handoff.giver_id if to_giver else handoff.to_person_id,
            waits=not handoff.is_within_area,
        )


def _answer_kind(handoff: Handoff) -> str:
    if handoff.state == Handoff.State.CONDITIONAL:
        return "confirm_conditions"
    return "start_colleague_offer" if handoff.is_within_area else "answer_handoff"


@next_steps(lambda thread: to_be_prepared(thread.handoffs.select_related("step_run")))
def handoffs_to_prepare(thread: Thread, unprepared: Iterable[Handoff], now: datetime) -> Iterator[NextStep]:
    clock = PreparationClock()
    for handoff in unprepared:
        yield NextStep(
            due=clock.due(handoff),
            kind="prepare_handoff",
            type="handoff",
            id=handoff.pk,
            label=handoff.step_run.name,
            area_id=handoff.from_area_id,
            person_id=handoff.giver_id,
        )


# The archive gate -----------------------------------------------------------------------------------------


@hangs
def steps_not_over(thread: Thread, now: datetime) -> Iterator[Hang]:
    """Each step once: running, planned, or at a border between its giver and its receiver."""
    open_offers = {
        handoff.step_run_id: handoff for handoff in thread.handoffs.filter(state__in=Handoff.OPEN_STATES)
    }
    for step_run in thread.step_runs.exclude(state__in=OVER):
        offer = open_offers.get(step_run.pk)
        if step_run.state == StepRun.State.RUNNING:
            yield _step_hang("running_step", step_run)
        elif offer is not None:
            yield Hang(
                kind="pending_handoff",
                type="handoff",
                id=offer.pk,
                label=step_run.name,
                due=offer.respond_by,
                person_id=offer.to_person_id or offer.giver_id,
            )
        else:
            kind = "planned_step" if step_run.state == StepRun.State.PLANNED else "pending_handoff"
            yield _step_hang(kind, step_run)


def _step_hang(kind: str, step_run: StepRun) -> Hang:
    return Hang(
        kind=kind,
        type="step_run",
        id=step_run.pk,
        label=step_run.name,
        due=step_run.due_at,
        person_id=step_run.holder_id,
    )


# Mi día ---------------------------------------------------------------------------------------------------


def handoffs_for(actor: Actor, *, today: date) -> QuerySet[Handoff]:
    """Offers that the actor may answer: to their areas where they work, to them, or to whom they cover."""
    people = people_behind(actor)
    theirs = Membership.objects.filter(
        in_force(today),
        person__in=people,
        area=OuterRef("to_area"),
        delegation=OuterRef("to_delegation"),
    )
    visible = threads_visible_to(actor).filter(state=Thread.State.OPEN)
    return Handoff.objects.filter(
        Q(to_person__in=people) | Q(Exists(theirs), is_within_area=False),
        state=Handoff.State.OFFERED,
        thread__in=visible,
    )


def handoffs_of_giver(actor: Actor) -> QuerySet[Handoff]:
    """Those that the actor, or whom they cover, gives, on threads that are not paused."""
    visible = threads_visible_to(actor).filter(state=Thread.State.OPEN)
    return Handoff.objects.filter(giver__in=people_behind(actor), thread__in=visible)


def _in_whose_stead(actor: Actor, person: Person | None) -> str:
    if person is None or person.pk not in actor.covers_ids:
        return ""
    return person.name


@owed
def steps_to_do(actor: Actor, now: datetime) -> Iterator[Owed]:
    """Running steps; one that waits for the customer or a supplier comes back when its date has passed."""
    visible = threads_visible_to(actor).filter(state=Thread.State.OPEN)
    mine = StepRun.objects.filter(
        Q(waits_for="") | Q(due_at__lte=now),
        holder__in=people_behind(actor),
        state=StepRun.State.RUNNING,
        thread__in=visible,
    )
    rows = mine.select_related("thread__customer", "holder").prefetch_related("links_after__after__area")
    for step_run in rows:
        next_areas = sorted({link.after.area.name for link in step_run.links_after.all()})
        yield Owed(
            kind="do_step",
            type="step_run",
            id=step_run.pk,
            version=step_run.version,
            label=step_run.name,
            due=step_run.due_at or now,
            to=OwedTo.AREA if next_areas else OwedTo.CUSTOMER,
            thread=step_run.thread,
            whom=", ".join(next_areas) or step_run.thread.customer.name,
            covers=_in_whose_stead(actor, step_run.holder),
        )


@owed
def handoffs_to_answer(actor: Actor, now: datetime) -> Iterator[Owed]:
    rows = handoffs_for(actor, today=now.date()).select_related("thread__customer", "step_run", "giver", "to_person")
    for handoff in rows:
        yield Owed(
            kind=_answer_kind(handoff),
            type="handoff",
            id=handoff.pk,
            version=handoff.version,
            label=handoff.ask or handoff.step_run.name,
            due=handoff.respond_by or now,
            to=OwedTo.AREA,
            thread=handoff.thread,
            whom=handoff.giver.name,
            covers=_in_whose_stead(actor, handoff.to_person),
        )


@owed
def handoffs_to_give(actor: Actor, now: datetime) -> Iterator[Owed]:
    """What the giver must finish, offer again, or agree to."""
    given = handoffs_of_giver(actor).select_related("thread__customer", "step_run", "to_area", "giver")
    clock = PreparationClock()
    for handoff in to_be_prepared(given):
        yield _owed_to_area(actor, handoff, "prepare_handoff", clock.due(handoff))
    for handoff in given.filter(state=Handoff.State.CONDITIONAL):
        yield _owed_to_area(actor, handoff, "confirm_conditions", handoff.respond_by or now)


def _owed_to_area(actor: Actor, handoff: Handoff, kind: str, due: datetime) -> Owed:
    return Owed(
        kind=kind,
        type="handoff",
        id=handoff.pk,
        version=handoff.version,
        label=handoff.step_run.name,
        due=due,
        to=OwedTo.AREA,
        thread=handoff.thread,
        whom=handoff.to_area.name,
        covers=_in_whose_stead(actor, handoff.giver),
    )
