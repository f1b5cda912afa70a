"""How a step comes to somebody: prepared, offered, started, and what begins when one is over.

Not commands: the commands of steps and of handoffs are made of these, inside their own transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypedDict

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.errors import RuleViolation
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, Related, record, seal
from hilo.parties.actor import Actor
from hilo.parties.models import Area, CompanyPolicy, Person
from hilo.parties.queries.calendars import clock_of
from hilo.parties.queries.people import hold_active
from hilo.work.commands import spans
from hilo.work.commands.plan import OVER, is_ready, proposed_due, push_planned
from hilo.work.events.handoffs import HandoffOffered, HandoffPrepared, HandoffWithdrawn
from hilo.work.events.steps import StepStarted
from hilo.work.models import DocumentVersion, Handoff, HandoffItem, Span, StepRun, Weight, WorkItem
from hilo.work.prefill import PREFILLS
from hilo.work.sides import require_in_force, works_at
from hilo.work.texts import no_longer_here


class OnStepFinished(Protocol):
    def __call__(self, step_run: StepRun, /, *, by: Actor, now: datetime) -> None: ...


class OnWorkItemEnded(Protocol):
    def __call__(self, work_item: WorkItem, /, *, by: Actor, now: datetime) -> None: ...


class OnPlanMoved(Protocol):
    def __call__(self, work_item: WorkItem, /, *, by: Actor, now: datetime) -> None: ...


class RefusesWork(Protocol):
    def __call__(self, work_item: WorkItem, /) -> None: ...


WORK_ITEM_REFUSES: list[RefusesWork] = []
"""Asked before a step is added to a work item or taken up again: what it is run for may be closed."""

STEP_FINISHED: list[OnStepFinished] = []
"""Called in the transaction in which a step ends as done; ``step_run.step.delivers`` says what it means."""

WORK_ITEM_ENDED: list[OnWorkItemEnded] = []
"""Called when the last step of a work item is over. After a reopened step ends it is called again."""

PLAN_MOVED: list[OnPlanMoved] = []
"""Called after accepted or planned dates moved, so that what stands on the plan can be compared with it."""

UNBEGUN = (StepRun.State.PLANNED, StepRun.State.OFFERED)
OPEN_OFFER: dict[str, object] = {"state__in": list(Handoff.OPEN_STATES)}
NOT_A_DRAFT = gettext_lazy("This handoff has already been offered. Look at what became of it.")
NOT_WAITING = gettext_lazy("Nobody is waiting for this step to begin. Look at where it stands.")
STARTS_UNDER_WAY = gettext_lazy("This step has already begun or is over. Look at who has it.")


@dataclass(frozen=True, slots=True)
class Giver:
    """Who hands on, and the area and delegation they do it for."""

    person: Person
    area_id: int
    delegation_id: int


class Common(TypedDict):
    """What every event of a step or a handoff carries; its area is the one acting."""

    subject: Ref
    thread_id: int
    customer_id: int
    area_id: int
    delegation_id: int
    related: tuple[Related, ...]


def require_open(work_item: WorkItem) -> None:
    for refuse in WORK_ITEM_REFUSES:
        refuse(work_item)


def about_step(step_run: StepRun) -> Common:
    order_id = step_run.work_item.order_id
    return Common(
        subject=Ref("step_run", step_run.pk),
        thread_id=step_run.thread_id,
        customer_id=step_run.thread.customer_id,
        area_id=step_run.area_id,
        delegation_id=step_run.delegation_id,
        related=(Related("order", order_id, "order"),) if order_id else (),
    )


def about_handoff(handoff: Handoff, *, receiver: bool = False, people: tuple[Related, ...] = ()) -> Common:
    """``receiver`` says that the receiving side acts; otherwise it is the giving one."""
    return Common(
        subject=Ref("handoff", handoff.pk),
        thread_id=handoff.thread_id,
        customer_id=handoff.thread.customer_id,
        area_id=handoff.to_area_id if receiver else handoff.from_area_id,
        delegation_id=handoff.to_delegation_id if receiver else handoff.from_delegation_id,
        related=(Related("step_run", handoff.step_run_id, "step"), *people),
    )


def prepare(step_run: StepRun, giver: Giver, *, by: Actor, now: datetime) -> Handoff:
    """A new draft with the receiving area's list, filled in from the last attempt and from the thread."""
    hold_active(giver.person, refused=no_longer_here(giver.person))
    earlier = list(step_run.handoffs.order_by("-attempt"))
    handoff = Handoff.objects.create(
        thread=step_run.thread,
        step_run=step_run,
        attempt=earlier[0].attempt + 1 if earlier else 1,
        weight=step_run.step.weight if step_run.step else Weight.LIGHT,
        giver=giver.person,
        from_area_id=giver.area_id,
        from_delegation_id=giver.delegation_id,
        to_area_id=step_run.area_id,
        to_delegation_id=step_run.delegation_id,
        ask=earlier[0].ask if earlier and not earlier[0].is_within_area else "",
        proposed_due=proposed_due(step_run, now=now),
        created_at=now,
    )
    between_areas = next((each for each in earlier if not each.is_within_area), None)
    HandoffItem.objects.bulk_create(_items(handoff, between_areas))
    _fill_in(handoff)
    _record_prepared(handoff, by=by, now=now)
    return handoff


def _record_prepared(handoff: Handoff, *, by: Actor, now: datetime) -> None:
    record(
        HandoffPrepared(
            **about_handoff(handoff, people=(Related("person", handoff.giver_id, "giver"),)),
            step_run=handoff.step_run_id,
            from_area=handoff.from_area_id,
            to_area=handoff.to_area_id,
            attempt=handoff.attempt,
            weight=handoff.weight,
            within_area=handoff.is_within_area,
        ),
        by=by,
        now=now,
    )


def _items(handoff: Handoff, last: Handoff | None) -> list[HandoffItem]:
    """Carried over from the last attempt, but what prevented the start must be dealt with again."""
    if last is None:
        needs = enumerate(_needs(handoff.step_run).values())
        return [HandoffItem(handoff=handoff, key=n["key"], text=n["text"], position=p) for p, n in needs]
    return [_carried(handoff, item) for item in last.items.all()]


def _needs(step_run: StepRun) -> dict[str, dict[str, str]]:
    return {need["key"]: need for need in (step_run.step.needs if step_run.step else [])}


def _carried(handoff: Handoff, item: HandoffItem) -> HandoffItem:
    again = HandoffItem(handoff=handoff, key=item.key, text=item.text, position=item.position)
    if not _was_missed(item):
        again.state = item.state
        again.explanation = item.explanation
        again.document_version = item.document_version
    return again


def _was_missed(item: HandoffItem) -> bool:
    return item.prevents_start or item.marked_missing_at is not None


def _fill_in(handoff: Handoff) -> None:
    """What the thread knows by now. The very thing that was returned before does not count again."""
    needs = _needs(handoff.step_run)
    earlier = HandoffItem.objects.filter(handoff__step_run=handoff.step_run_id).exclude(handoff=handoff)
    missed = {item.key: item for item in earlier.order_by("handoff__attempt") if _was_missed(item)}
    for item in handoff.items.filter(state=HandoffItem.State.MISSING):
        source = PREFILLS.get(needs.get(item.key, {}).get("prefill", ""))
        found = source(handoff.step_run) if source else None
        if found is None or _is_the_same_again(found.document_version, missed.get(item.key)):
            continue
        item.state, item.document_version = HandoffItem.State.COMPLETE, found.document_version
        item.save(update_fields=["state", "document_version"])


def _is_the_same_again(version: DocumentVersion | None, missed: HandoffItem | None) -> bool:
    return missed is not None and (version is None or version.pk == missed.document_version_id)


def named_gaps(handoff: Handoff) -> list[HandoffItem]:
    """What the receiving area needs and the giver has neither completed nor explained."""
    optional = _optional_keys(handoff.step_run)
    missing = handoff.items.filter(state=HandoffItem.State.MISSING)
    return [item for item in missing if item.key not in optional]


def _optional_keys(step_run: StepRun) -> set[str]:
    needs = step_run.step.needs if step_run.step else []
    return {need["key"] for need in needs if not need.get("required", True)}


def offer(
    handoff: Handoff,
    *,
    ask: str,
    due: datetime,
    to_person: Person | None,
    seen: int | None,
    by: Actor,
    now: datetime,
) -> None:
    """Put a draft before the receiving area: its response clock and the border's span begin."""
    if handoff.state == Handoff.State.DRAFT:
        _fill_in(handoff)
    _refuse_gaps(handoff)
    _refuse_impossible(handoff, due, to_person, now)
    remind_at, respond_by = response_clock(handoff, of_giver=False, now=now)
    move(
        handoff,
        only_if={"state": Handoff.State.DRAFT},
        refused=NOT_A_DRAFT,
        seen=seen,
        state=Handoff.State.OFFERED,
        ask=ask,
        proposed_due=due,
        to_person=to_person,
        offered_at=now,
        remind_at=remind_at,
        respond_by=respond_by,
    )
    step_run = handoff.step_run
    waiting: dict[str, object] = {"state__in": list(UNBEGUN)}
    move(step_run, only_if=waiting, refused=NOT_WAITING, state=StepRun.State.OFFERED, due_at=due)
    spans.open_border(step_run, from_area_id=handoff.from_area_id, now=now)
    record_offered(handoff, by=by, now=now)
    replan(step_run.work_item, by=by, now=now)


def record_offered(handoff: Handoff, *, by: Actor, now: datetime) -> None:
    not_complete = handoff.items.exclude(state=HandoffItem.State.COMPLETE)
    people = [Related("person", handoff.giver_id, "giver")]
    if handoff.to_person_id:
        people.append(Related("person", handoff.to_person_id, "receiver"))
    assert handoff.respond_by is not None
    record(
        HandoffOffered(
            **about_handoff(handoff, people=tuple(people)),
            step_run=handoff.step_run_id,
            giver=handoff.giver_id,
            from_area=handoff.from_area_id,
            to_area=handoff.to_area_id,
            to_person=handoff.to_person_id,
            proposed_due=handoff.proposed_due,
            respond_by=handoff.respond_by,
            gaps=tuple(not_complete.values_list("key", flat=True)),
        ),
        by=by,
        now=now,
    )


def _refuse_gaps(handoff: Handoff) -> None:
    gaps = named_gaps(handoff)
    if gaps:
        raise RuleViolation(
            _("%(area)s still needs: %(gaps)s. Complete each, or say why it is missing.")
            % {"area": handoff.to_area.name, "gaps": "; ".join(item.text for item in gaps)},
            field="items",
        )


def _refuse_impossible(handoff: Handoff, due: datetime, to_person: Person | None, now: datetime) -> None:
    require_in_force(handoff.to_area, now=now)
    if due <= now:
        raise RuleViolation(
            _("The date you propose has already passed. Choose one still to come."), field="proposed_due"
        )
    if to_person is not None:
        require_member(to_person, handoff.to_area, handoff.to_delegation_id, field="to_person", now=now)


def require_member(person: Person, area: Area, delegation_id: int, *, field: str, now: datetime) -> None:
    """Refuse who does not work there; who does is kept from leaving until this is committed."""
    hold_active(person, refused=no_longer_here(person), field=field)
    if not works_at([person.pk], area.pk, delegation_id, now=now):
        raise RuleViolation(
            _("%(person)s does not work in %(area)s there. Choose somebody who does.")
            % {"person": person.name, "area": area.name},
            field=field,
        )


def replan(work_item: WorkItem, *, by: Actor, now: datetime) -> None:
    push_planned(work_item, now=now)
    tell_plan_moved(work_item, by=by, now=now)


def tell_plan_moved(work_item: WorkItem, *, by: Actor, now: datetime) -> None:
    for hook in PLAN_MOVED:
        hook(work_item, by=by, now=now)


def response_clock(handoff: Handoff, *, of_giver: bool, now: datetime) -> tuple[datetime, datetime]:
    """Half time and the end of the time to answer, in the business hours of the side that must answer."""
    policy = CompanyPolicy.objects.get(pk=1)
    light = handoff.weight == Weight.LIGHT
    whole = timedelta(minutes=policy.light_response_minutes if light else policy.full_response_minutes)
    if of_giver:
        clock = clock_of(handoff.from_area_id, handoff.from_delegation_id)
    else:
        clock = clock_of(handoff.to_area_id, handoff.to_delegation_id)
    return clock.add(now, whole / 2), clock.add(now, whole)


def start(
    step_run: StepRun,
    *,
    holder: Person,
    due: datetime,
    just_planned: bool = False,
    by: Actor,
    now: datetime,
) -> None:
    """From now on it is the holder's, and its time the area's.

    ``just_planned``: this command has planned it, worked out the dates of all that follows and keeps its
    holder from leaving.
    """
    plan_stands = just_planned and due == step_run.due_at
    # What this command has just made needs not be read to be fresh.
    related: dict[str, Any] = {"keeping" if just_planned else "reading": ("thread", "work_item")}
    if not just_planned:
        hold_active(holder, refused=_("They no longer work here. Choose somebody else."), field="holder")
    move(
        step_run,
        only_if={"state__in": list(UNBEGUN)},
        refused=STARTS_UNDER_WAY,
        **related,
        state=StepRun.State.RUNNING,
        holder=holder,
        due_at=due,
        started_at=step_run.started_at or now,
        finished_at=None,
        waits_for="",
        waits_for_what="",
    )
    if not just_planned:
        spans.close(step_run, ended_as=Span.End.ACCEPTED, now=now)
    spans.open_work(step_run, just_planned=just_planned, now=now)
    record(StepStarted(**about_step(step_run), holder=holder.pk, due=due), by=by, now=now)
    if not plan_stands:
        push_planned(step_run.work_item, now=now)
    tell_plan_moved(step_run.work_item, by=by, now=now)


def begin(step_run: StepRun, giver: Giver, *, just_planned: bool = False, by: Actor, now: datetime) -> None:
    """The step's moment has come: who hands on goes on with it in their own area, else it is offered.

    A light one is offered by itself when its list is complete; otherwise a draft waits for the giver.
    ``just_planned``: this command has planned it and worked out the dates of all that follows.
    """
    if works_at([giver.person.pk], step_run.area_id, step_run.delegation_id, now=now):
        due = proposed_due(step_run, now=now)
        start(step_run, holder=giver.person, due=due, just_planned=just_planned, by=by, now=now)
        return
    handoff = prepare(step_run, giver, by=by, now=now)
    if handoff.weight == Weight.LIGHT and not named_gaps(handoff):
        offer(handoff, ask=handoff.ask, due=handoff.proposed_due, to_person=None, seen=None, by=by, now=now)


def advance(ended: StepRun, giver: Giver, *, by: Actor, now: datetime) -> None:
    """What waited for ``ended`` alone begins; with no step left the work item has ended."""
    waiting = StepRun.objects.filter(links_before__before=ended, state__in=UNBEGUN)
    for step_run in waiting.select_related("step", "work_item", "thread__customer", "area"):
        if is_ready(step_run) and not step_run.handoffs.filter(**OPEN_OFFER).exists():
            begin(step_run, giver, by=by, now=now)
    item = ended.work_item
    if not item.step_runs.exclude(state__in=OVER).exists():
        for hook in WORK_ITEM_ENDED:
            hook(item, by=by, now=now)


def withdraw_open(step_run: StepRun, *, reason: str, by: Actor, now: datetime) -> None:
    """Take back the open offer of a step, if it has one."""
    handoff = step_run.handoffs.filter(**OPEN_OFFER).first()
    if handoff is not None:
        withdraw(handoff, reason=reason, seen=None, by=by, now=now)


def withdraw(handoff: Handoff, *, reason: str, seen: int | None, by: Actor, now: datetime) -> None:
    move(
        handoff,
        only_if=OPEN_OFFER,
        refused=gettext_lazy("This handoff has already been answered. Look at what became of it."),
        seen=seen,
        state=Handoff.State.WITHDRAWN,
    )
    if not handoff.is_within_area:
        spans.close(handoff.step_run, ended_as=Span.End.WITHDRAWN, now=now)
    record(HandoffWithdrawn(**about_handoff(handoff), reason=seal(reason)), by=by, now=now)
