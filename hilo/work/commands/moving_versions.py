"""Running work moved to another version of its process: explicitly, or not at all (SPEC 3.2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from hilo.errors import RuleViolation, Stale
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, Related, record
from hilo.parties.actor import Actor
from hilo.parties.permissions import require
from hilo.work.access import require_on
from hilo.work.commands.passing import UNBEGUN, Giver, begin, replan, require_open, withdraw_open
from hilo.work.commands.plan import is_ready
from hilo.work.commands.step_runs import giver_after, plan_run, side_of, skip_run
from hilo.work.events.templates import ThreadProcessMoved
from hilo.work.models import (
    Handoff,
    HandoffItem,
    Step,
    StepRun,
    StepRunLink,
    TemplateVersion,
    Thread,
    WorkItem,
)
from hilo.work.settling import settle
from hilo.work.sides import delegation_for, in_force_or_successor, open_to_work
from hilo.work.version_moves import Fate, MovePlan, Node, StepFate, movable_items, plan_moves, standings_of


@command
def move_to_version(
    thread: Thread, *, version: TemplateVersion, seen: int, by: Actor, now: datetime
) -> list[WorkItem]:
    """All that runs on this thread on another version of that process: its own steps, or its open orders'.

    ``seen`` is its number in ``standings_of`` when the plan was confirmed: who did anything to a step or a
    handoff meanwhile has changed what would happen. One part that cannot move refuses the whole.
    """
    require(by, "template.manage")
    locked = open_to_work(thread.pk)
    require_on(by, "thread.see", locked)
    items = list(movable_items(version).filter(thread=locked).order_by("pk"))
    if not items:
        raise RuleViolation(
            _("Nothing on this thread runs on another version of “%(process)s”.")
            % {"process": version.template.name}
        )
    if standings_of([locked.pk])[locked.pk] != seen:
        raise Stale(_("The thread went on while you were looking. Look at what would happen now."))
    plans = plan_moves(items, version, now=now)
    if refusals := [refusal for plan in plans for refusal in plan.refusals]:
        raise RuleViolation("\n".join(dict.fromkeys(refusals)))
    for plan in plans:
        require_open(plan.work_item)
        _move(plan, by=by, now=now)
    settle(locked, now=now)
    return items


def _move(plan: MovePlan, *, by: Actor, now: datetime) -> None:
    item = plan.work_item
    old_number = item.template_version.number if item.template_version else 0
    WorkItem.objects.filter(pk=item.pk).update(template_version=plan.version)
    for each in plan.of(Fate.TAKEN_OUT):
        assert each.run is not None
        why = _("Version %(number)s of the process no longer has this step.") % {
            "number": plan.version.number
        }
        skip_run(each.run, why, seen=None, by=by, now=now)
    for each in plan.of(Fate.GOES_ON, Fate.REPLACED):
        _take_over(each, plan, by=by, now=now)
    made = {
        each.step.pk: plan_run(item, each.step, item.thread.delegation, by, now)
        for each in plan.of(Fate.NEW)
        if each.step is not None
    }
    _relink(plan, made)
    _renumber(plan)
    _record(plan, old_number, made, by=by, now=now)
    replan(item, by=by, now=now)
    _begin_ready(plan, by=by, now=now)


def _take_over(each: StepFate, plan: MovePlan, *, by: Actor, now: datetime) -> None:
    """The same row as the step of the new version; only what nobody holds goes to another area."""
    run, step = each.run, each.step
    assert run is not None and step is not None
    changes: dict[str, Any] = {"step": step, "name": step.name, "position": step.position}
    area = in_force_or_successor(step.area, now=now)
    if each.fate == Fate.REPLACED and area.pk != run.area_id:
        site = delegation_for(area, plan.work_item.thread.delegation_id, now=now)
        changes |= {"area": area, "delegation_id": site}
    if each.gives_back:
        withdraw_open(run, reason=_("The process changed: it waits once more."), by=by, now=now)
    move(run, only_if={"state": run.state}, refused=_("This step has just changed."), **changes)
    _complete_lists(run, step)


def _complete_lists(run: StepRun, step: Step) -> None:
    """A list that is being prepared asks for what the new version needs besides; an offer stands as it is."""
    for handoff in run.handoffs.filter(state=Handoff.State.DRAFT, is_within_area=False):
        known = set(handoff.items.values_list("key", flat=True))
        last = handoff.items.aggregate(last=Max("position"))["last"]
        position = 0 if last is None else last + 1
        new = [need for need in step.needs if need["key"] not in known]
        HandoffItem.objects.bulk_create(
            HandoffItem(handoff=handoff, key=need["key"], text=need["text"], position=position + place)
            for place, need in enumerate(new)
        )


def _relink(plan: MovePlan, made: dict[int, StepRun]) -> None:
    def pk_of(node: Node) -> int:
        return node[1] if node[0] == "run" else made[node[1]].pk

    StepRunLink.objects.filter(after__work_item=plan.work_item).delete()
    StepRunLink.objects.bulk_create(
        StepRunLink(before_id=pk_of(before), after_id=pk_of(after)) for before, after in sorted(plan.links)
    )


def _renumber(plan: MovePlan) -> None:
    """What was done keeps its place unless the new version says another; by-hand steps come last."""
    places = {step.key: step.position for step in plan.version.steps.all()}
    for each in plan.of(Fate.STAYS):
        if each.run is not None and each.run.step is not None and each.run.step.key in places:
            StepRun.objects.filter(pk=each.run.pk).update(position=places[each.run.step.key])
    after = len(places)
    for place, each in enumerate(plan.of(Fate.BY_HAND), start=after + 1):
        if each.run is not None:
            StepRun.objects.filter(pk=each.run.pk).update(position=place)


def _record(plan: MovePlan, old_number: int, made: dict[int, StepRun], *, by: Actor, now: datetime) -> None:
    item = plan.work_item
    kept = plan.of(Fate.STAYS, Fate.GOES_ON, Fate.REPLACED, Fate.BY_HAND)
    record(
        ThreadProcessMoved(
            subject=Ref("thread", item.thread_id),
            thread_id=item.thread_id,
            customer_id=item.thread.customer_id,
            related=(Related("order", item.order_id, "order"),) if item.order_id else (),
            work_item=item.pk,
            template=plan.version.template_id,
            from_number=old_number,
            to_number=plan.version.number,
            kept=tuple(each.run.pk for each in kept if each.run is not None),
            planned=tuple(run.pk for run in made.values()),
            taken_out=tuple(each.run.pk for each in plan.of(Fate.TAKEN_OUT) if each.run is not None),
        ),
        by=by,
        now=now,
    )


def _begin_ready(plan: MovePlan, *, by: Actor, now: datetime) -> None:
    """What no longer waits for anything begins; what was returned to its giver stays with them."""
    free = {each.run.pk for each in plan.fates if (each.gives_back or each.waited) and each.run is not None}
    planned = plan.work_item.step_runs.filter(state__in=UNBEGUN)
    for run in planned.select_related("step", "work_item", "thread__customer", "area"):
        if (run.pk in free or not run.handoffs.exists()) and _is_free(run):
            begin(run, _giver(run, now), by=by, now=now)


def _is_free(run: StepRun) -> bool:
    return is_ready(run) and not run.handoffs.filter(state__in=Handoff.OPEN_STATES).exists()


def _giver(run: StepRun, now: datetime) -> Giver:
    before = StepRun.objects.filter(links_after__after=run, state=StepRun.State.DONE)
    last = before.select_related("holder", "thread__owner").order_by("-finished_at").first()
    return giver_after(last) if last is not None else side_of(run.thread.owner, run, now)
