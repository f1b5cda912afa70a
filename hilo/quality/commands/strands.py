"""One strand per area at work on a case: a StepRun of its own, offered, accepted, spanned like any step.

Not commands: the commands of cases are made of these. The strand of who answers for the case begins with it
and ends with it; those of other areas must be over first (SPEC 7.1).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from hilo.ledger.moving import move
from hilo.ledger.record import record, seal
from hilo.parties.actor import Actor
from hilo.parties.models import Area, Delegation, Person
from hilo.parties.queries.calendars import clock_of
from hilo.quality.models import Case
from hilo.quality.policy import rule_of
from hilo.work.commands.passing import Giver, about_step, begin, start
from hilo.work.commands.plan import OVER
from hilo.work.commands.step_runs import end_step
from hilo.work.events.steps import StepDueMoved, StepPassed, StepPlanned
from hilo.work.models import StepRun

NAME = StepRun._meta.get_field("name").max_length or 120


def begin_own(case: Case, *, since: datetime, by: Actor, now: datetime) -> StepRun:
    """The strand of who answers for the case: to lead it until it is closed, first of all to answer."""
    minutes = rule_of(case).response_minutes
    strand = _planned(case, case.title[:NAME], case.area, case.delegation, since, minutes, by, now)
    assert strand.due_at is not None
    start(strand, holder=case.owner, due=strand.due_at, by=by, now=now)
    return strand


def begin_other(
    case: Case, *, name: str, area: Area, delegation: Delegation, minutes: int, by: Actor, now: datetime
) -> StepRun:
    """Offered to the area by whoever adds it; in their own area they go on with it themselves."""
    strand = _planned(case, name, area, delegation, now, minutes, by, now)
    begin(strand, _giver(case, by), by=by, now=now)
    strand.refresh_from_db()
    return strand


def _planned(
    case: Case,
    name: str,
    area: Area,
    delegation: Delegation,
    since: datetime,
    minutes: int,
    by: Actor,
    now: datetime,
) -> StepRun:
    strand = StepRun.objects.create(
        work_item=case.work_item,
        thread=case.thread,
        name=name,
        position=(case.work_item.step_runs.aggregate(last=Max("position"))["last"] or 0) + 1,
        area=area,
        delegation=delegation,
        due_at=clock_of(area.pk, delegation.pk).add(since, timedelta(minutes=minutes)),
    )
    planned = StepPlanned(
        **about_step(strand),
        step=None,
        area=area.pk,
        delegation=delegation.pk,
        work_item=case.work_item_id,
    )
    record(planned, by=by, now=now)
    return strand


def _giver(case: Case, by: Actor) -> Giver:
    if by.person is not None and by.area_id is not None and by.delegation_id is not None:
        return Giver(by.person, by.area_id, by.delegation_id)
    return Giver(case.owner, case.area_id, case.delegation_id)


def own_strands(case: Case) -> QuerySet[StepRun]:
    """What who answers for the case is doing on it."""
    return case.work_item.step_runs.filter(state=StepRun.State.RUNNING, holder=case.owner_id)


def others_at_work(case: Case) -> list[StepRun]:
    """Strands that keep the case open: of this case, and of the one that carries the work of its failure."""
    cases = [case, case.same_failure_as] if case.same_failure_as else [case]
    return [strand for each in cases for strand in _others(each)]


def _others(case: Case) -> Iterable[StepRun]:
    own = own_strands(case).values("pk")
    left = case.work_item.step_runs.exclude(state__in=OVER).exclude(pk__in=own)
    return left.select_related("area").order_by("position", "pk")


def end_own(case: Case, *, by: Actor, now: datetime) -> None:
    for strand in own_strands(case).select_related("work_item", "thread", "holder"):
        end_step(strand, by_rule="case_closed", by=by, now=now)


def pass_own(case: Case, *, old: Person, new: Person, by: Actor, now: datetime) -> None:
    """A colleague takes the case over: what its owner was doing on it is theirs too."""
    running = case.work_item.step_runs.filter(state=StepRun.State.RUNNING, holder=old)
    for strand in running.select_related("work_item", "thread"):
        move(strand, only_if={"holder": old}, refused="the row changed under its own lock", holder=new)
        passed = StepPassed(**about_step(strand), old_holder=old.pk, new_holder=new.pk, why="colleague")
        record(passed, by=by, now=now)


def follow_the_news(case: Case, *, until: datetime, by: Actor, now: datetime) -> None:
    """Answered: what is left of leading the case goes on until the date the customer was given."""
    leading = own_strands(case).filter(step=None, due_at__lt=until)
    for strand in leading.select_related("work_item", "thread"):
        old = strand.due_at
        move(strand, only_if={"due_at": old}, refused="the row changed under its own lock", due_at=until)
        why = _("The customer has our answer; what is left follows the next news.")
        moved = StepDueMoved(**about_step(strand), old=old, new=until, reason=seal(why))
        record(moved, by=by, now=now)
