"""What steps and handoffs make somebody owe: next steps, what hangs, and the rows of Mi día."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from django.db.models import Exists, OuterRef, Q, QuerySet

from hilo.businesstime import WorkingTime
from hilo.parties.actor import Actor
from hilo.parties.models import Area, CompanyPolicy, Membership
from hilo.work.access import visible_to
from hilo.work.commands.plan import OVER, Clocks
from hilo.work.gate import Hang, hangs
from hilo.work.models import Handoff, HandoffItem, StepRun, StepRunLink, Thread, TurnOf, Weight
from hilo.work.owed import Debtor, Owed, OwedTo, Reads, owed
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


class HoursOf(Protocol):
    def of(self, area_id: int, delegation_id: int) -> WorkingTime: ...


class PreparationClock:
    """By when a giver should offer: the response time of the weight, in the giver's own hours."""

    def __init__(self, policy: CompanyPolicy, hours: HoursOf) -> None:
        self._minutes = {
            Weight.LIGHT: policy.light_response_minutes,
            Weight.FULL: policy.full_response_minutes,
        }
        self._hours = hours

    def due(self, handoff: Handoff) -> datetime:
        since = handoff.answered_at or handoff.created_at
        minutes = self._minutes[Weight(handoff.weight)]
        clock = self._hours.of(handoff.from_area_id, handoff.from_delegation_id)
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
    clock = PreparationClock(CompanyPolicy.objects.get(pk=1), Clocks())
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
    return Handoff.objects.filter(
        Q(to_person__in=people) | Q(Exists(theirs), is_within_area=False),
        _on_open_threads(actor),
        state=Handoff.State.OFFERED,
    )


def handoffs_of_giver(actor: Actor) -> QuerySet[Handoff]:
    """Those that the actor, or whom they cover, gives, on threads that are not paused."""
    return Handoff.objects.filter(_on_open_threads(actor), giver__in=people_behind(actor))


def _on_open_threads(actor: Actor) -> Q:
    return visible_to(actor, "thread__") & Q(thread__state=Thread.State.OPEN)


def _running(debtor: Debtor) -> QuerySet[StepRun]:
    """One that waits for the customer or a supplier comes back when its date has passed."""
    return StepRun.objects.filter(
        Q(waits_for="") | Q(due_at__lte=debtor.now),
        debtor.on_open_threads(),
        holder__in=debtor.people,
        state=StepRun.State.RUNNING,
    )


def _links_after(debtor: Debtor) -> QuerySet[StepRunLink]:
    return StepRunLink.objects.filter(before__in=_running(debtor))


@owed(Reads(_running, "thread", "holder"), Reads(_links_after, "after"), Reads(lambda _debtor: _all_areas()))
def steps_to_do(
    debtor: Debtor, steps: Iterable[StepRun], links: Iterable[StepRunLink], areas: Iterable[Area]
) -> Iterator[Owed]:
    next_areas = _next_areas(links, areas)
    for step_run in steps:
        waiting = ", ".join(sorted(next_areas[step_run.pk]))
        yield Owed(
            kind="do_step",
            type="step_run",
            id=step_run.pk,
            version=step_run.version,
            label=step_run.name,
            due=step_run.due_at or debtor.now,
            to=OwedTo.AREA if waiting else OwedTo.CUSTOMER,
            thread=step_run.thread,
            whom=waiting or step_run.thread.customer.name,
            covers=debtor.in_whose_stead(step_run.holder),
        )


def _all_areas() -> QuerySet[Area]:
    return Area.objects.only("name")


def _next_areas(links: Iterable[StepRunLink], areas: Iterable[Area]) -> defaultdict[int, set[str]]:
    """By step, the names of the areas that begin when it is over."""
    names = {area.pk: area.name for area in areas}
    found: defaultdict[int, set[str]] = defaultdict(set)
    for link in links:
        found[link.before_id].add(names[link.after.area_id])
    return found


def _of_debtor(debtor: Debtor) -> QuerySet[Handoff]:
    return handoffs_for(debtor.actor, today=debtor.today)


def _incomplete(debtor: Debtor) -> QuerySet[HandoffItem]:
    """What the givers of the offers have not completed."""
    items = HandoffItem.objects.filter(handoff__in=_of_debtor(debtor))
    return items.exclude(state=HandoffItem.State.COMPLETE).only("handoff")


@owed(
    Reads(_of_debtor, "thread", "step_run", "giver", "to_person", "from_area", "to_area"),
    Reads(_incomplete),
)
def handoffs_to_answer(
    debtor: Debtor, offers: Iterable[Handoff], incomplete: Iterable[HandoffItem]
) -> Iterator[Owed]:
    gaps = Counter(item.handoff_id for item in incomplete)
    for handoff in offers:
        handoff.gap_count = gaps[handoff.pk]  # type: ignore[attr-defined]
        yield Owed(
            kind=_answer_kind(handoff),
            type="handoff",
            id=handoff.pk,
            version=handoff.version,
            label=handoff.ask or handoff.step_run.name,
            due=handoff.respond_by or debtor.now,
            to=OwedTo.AREA,
            thread=handoff.thread,
            whom=handoff.giver.name,
            covers=debtor.in_whose_stead(handoff.to_person),
            about=handoff,
        )


def _to_prepare(debtor: Debtor) -> QuerySet[Handoff]:
    return to_be_prepared(handoffs_of_giver(debtor.actor))


@owed(
    Reads(_to_prepare, "thread", "step_run", "from_area", "to_area", "giver"),
    Reads(lambda _debtor: CompanyPolicy.objects.only("light_response_minutes", "full_response_minutes")),
)
def handoffs_to_offer(
    debtor: Debtor, handoffs: Iterable[Handoff], policies: Sequence[CompanyPolicy]
) -> Iterator[Owed]:
    """What the giver must finish, or offer again."""
    for handoff in handoffs:
        clock = PreparationClock(policies[0], debtor.hours)
        yield _owed_to_area(debtor, handoff, "prepare_handoff", clock.due(handoff))


def _with_conditions(debtor: Debtor) -> QuerySet[Handoff]:
    return handoffs_of_giver(debtor.actor).filter(state=Handoff.State.CONDITIONAL)


@owed(Reads(_with_conditions, "thread", "step_run", "from_area", "to_area", "giver"))
def conditions_to_confirm(debtor: Debtor, handoffs: Iterable[Handoff]) -> Iterator[Owed]:
    for handoff in handoffs:
        yield _owed_to_area(debtor, handoff, "confirm_conditions", handoff.respond_by or debtor.now)


def _owed_to_area(debtor: Debtor, handoff: Handoff, kind: str, due: datetime) -> Owed:
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
        covers=debtor.in_whose_stead(handoff.giver),
        about=handoff,
    )
