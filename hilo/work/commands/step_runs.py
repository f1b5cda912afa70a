"""Steps being done: planned, finished, not needed after all, reopened, waiting for others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import F, Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import record, seal
from hilo.parties.actor import Actor, system
from hilo.parties.models import Area, Delegation, Person
from hilo.parties.queries.calendars import while_no_calendar_changes
from hilo.parties.queries.people import hold_active
from hilo.rows import change_row
from hilo.work.access import require_on
from hilo.work.commands import spans
from hilo.work.commands.passing import (
    PLAN_MOVED,
    STEP_FINISHED,
    UNBEGUN,
    WORK_ITEM_ENDED,
    Giver,
    about_step,
    advance,
    begin,
    offer,
    prepare,
    require_open,
    start,
    withdraw_open,
)
from hilo.work.commands.plan import OVER, Clocks, in_order, is_ready, proposed_due
from hilo.work.commands.unfolding import planned_runs, record_planned, steps_of, unfold
from hilo.work.events.steps import (
    StepFinished,
    StepReopened,
    StepResumed,
    StepSkipped,
    StepWaiting,
)
from hilo.work.events.threads import ThreadOpened
from hilo.work.models import Span, Step, StepRun, StepRunLink, TemplateVersion, Thread, WorkItem
from hilo.work.settling import settle
from hilo.work.sides import (
    answers_for,
    open_to_work,
    require_in_force,
    require_side,
    sites_of,
    takes_part,
    works_at,
)
from hilo.work.texts import line, no_longer_here

__all__ = [
    "PLAN_MOVED",
    "STEP_FINISHED",
    "WORK_ITEM_ENDED",
    "add_step",
    "end_delivered",
    "end_step",
    "finish_due_steps",
    "finish_on_date",
    "finish_step",
    "plan_steps",
    "reopen_step",
    "resume_step",
    "skip_remaining",
    "skip_step",
    "wait_for",
]

CUSTOMER, SUPPLIER = "customer", "supplier"
_RUNNING: dict[str, object] = {"state": StepRun.State.RUNNING}
_ALREADY_OR_NONE = gettext_lazy("This work has its steps already, or the process has none.")
_NOT_RUNNING = gettext_lazy("This step is not being done now. Look at where it stands.")


# Planning -------------------------------------------------------------------------------------------------


@command
def plan_steps(
    work_item: WorkItem,
    version: TemplateVersion,
    *,
    answerable: Person,
    delegation: Delegation,
    by: Actor,
    now: datetime,
) -> list[StepRun]:
    """Instantiate a version for a work item: its graph with planned dates, the first steps begun.

    A first step of the answerable person's own area is theirs at once; the others are offered or drafted.
    On an order the placing is that person's first step: if it ends on its date, it has ended with it.
    """
    thread = open_to_work(work_item.thread_id)
    require_on(by, "thread.work", thread)
    if work_item.step_runs.exists():
        raise RuleViolation(_ALREADY_OR_NONE)
    hold_active(answerable, refused=no_longer_here(answerable), field="holder")
    begin_process(
        work_item,
        steps_of(version),
        thread=thread,
        answerable=answerable,
        delegation_id=delegation.pk,
        by=by,
        now=now,
    )
    settle(thread, now=now)
    return list(work_item.step_runs.select_related("step", "area"))


def begin_process(
    work_item: WorkItem,
    steps: Sequence[Step],
    *,
    thread: Thread,
    answerable: Person,
    delegation_id: int,
    opened: ThreadOpened | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """Part of a command, which has locked the thread or has just opened it, keeps ``answerable`` from leaving
    and settles the thread afterwards. ``opened`` is the event of its opening, recorded here with the others.
    """
    if not steps:
        raise RuleViolation(_ALREADY_OR_NONE)
    with while_no_calendar_changes():
        first = unfold(
            work_item, steps, thread=thread, delegation_id=delegation_id, opened=opened, by=by, now=now
        )
        _begin_first(first, answerable, by=by, now=now)


def plan_run(work_item: WorkItem, step: Step, delegation: Delegation, by: Actor, now: datetime) -> StepRun:
    """One more step of a template, in work that is under way; it has no date and waits for nothing yet."""
    [step_run] = planned_runs(
        work_item, [step], thread=work_item.thread, delegation_id=delegation.pk, now=now
    )
    step_run.save(force_insert=True)
    record_planned([step_run], by=by, now=now)
    return step_run


def _begin_first(first: list[StepRun], answerable: Person, *, by: Actor, now: datetime) -> None:
    sites = sites_of(answerable, now=now)
    for step_run in first:
        _bring_to_desk(step_run, sites)
        begin(step_run, _giving(answerable, step_run, sites), just_planned=True, by=by, now=now)
        if _is_the_placing(step_run):
            _finish(step_run, seen=None, by_rule="on_date", by=by, now=now)


def _bring_to_desk(step_run: StepRun, sites: list[tuple[int, int]]) -> None:
    """A member of the step's own area does it where they work."""
    desks = [site for area_id, site in sites if area_id == step_run.area_id]
    if desks and step_run.delegation_id not in desks:
        related = step_run.thread, step_run.work_item, step_run.step
        change_row(step_run, {"delegation_id": desks[0]}, only_if={})
        step_run.thread, step_run.work_item, step_run.step = related


def side_of(person: Person, step_run: StepRun, now: datetime) -> Giver:
    """For which area and delegation somebody gives: their primary ones; without any, the step's own."""
    return _giving(person, step_run, sites_of(person, now=now))


def _giving(person: Person, step_run: StepRun, sites: list[tuple[int, int]]) -> Giver:
    return Giver(person, *(sites or [(step_run.area_id, step_run.delegation_id)])[0])


def _is_the_placing(step_run: StepRun) -> bool:
    return (
        step_run.work_item.kind == WorkItem.Kind.ORDER
        and step_run.state == StepRun.State.RUNNING
        and step_run.step is not None
        and step_run.step.finishes == Step.Finishes.ON_DATE
    )


@command
def add_step(
    work_item: WorkItem,
    *,
    name: str,
    area: Area,
    delegation: Delegation,
    after: Iterable[StepRun] = (),
    target_minutes: int,
    by: Actor,
    now: datetime,
) -> StepRun:
    """Add a step that no template foresaw; it begins once those in ``after`` are over."""
    thread = open_to_work(work_item.thread_id)
    require_on(by, "thread.work", thread)
    _require_part(work_item, by, now)
    require_open(work_item)
    before = list(after)
    _refuse_odd_step(work_item, area, before, target_minutes, now)
    step_run = StepRun.objects.create(
        work_item=work_item,
        thread=thread,
        name=line(name, field="name", most=120, missing=_("Say in a few words what is to be done.")),
        position=(work_item.step_runs.aggregate(last=Max("position"))["last"] or 0) + 1,
        area=area,
        delegation=delegation,
        due_at=_due_after(before, area, delegation, target_minutes, now),
    )
    StepRunLink.objects.bulk_create(StepRunLink(before=each, after=step_run) for each in before)
    record_planned([step_run], by=by, now=now)
    if is_ready(step_run):
        begin(step_run, side_of(by.one, step_run, now), by=by, now=now)
    settle(thread, now=now)
    step_run.refresh_from_db()
    return step_run


def _refuse_odd_step(
    work_item: WorkItem, area: Area, before: list[StepRun], target_minutes: int, now: datetime
) -> None:
    require_in_force(area, now=now)
    if target_minutes <= 0:
        raise RuleViolation(_("Say how much working time it should take."), field="target")
    if any(each.work_item_id != work_item.pk for each in before):
        raise RuleViolation(_("A step can only wait for steps of the same work."), field="after")


def _due_after(
    before: list[StepRun], area: Area, delegation: Delegation, target_minutes: int, now: datetime
) -> datetime:
    open_dates = [each.due_at for each in before if each.state not in OVER and each.due_at]
    clock = Clocks().of(area.pk, delegation.pk)
    return clock.add(max([now, *open_dates]), timedelta(minutes=target_minutes))


# Ending ---------------------------------------------------------------------------------------------------


@command
def finish_step(step_run: StepRun, *, seen: int, by: Actor, now: datetime) -> None:
    """Done: its work span closes, and what waited for it begins."""
    thread = open_to_work(step_run.thread_id)
    _require_answerable(step_run, by)
    _finish(step_run, seen=seen, by_rule=None, by=by, now=now)
    settle(thread, now=now)


@command
def finish_on_date(step_run: StepRun, *, now: datetime) -> None:
    """The accepted date passed and nobody said otherwise (docs/adr/0002)."""
    thread = open_to_work(step_run.thread_id)
    step_run.refresh_from_db()
    if not _ends_by_itself(step_run, now):
        raise RuleViolation(_("This step does not end by itself now."))
    _finish(step_run, seen=None, by_rule="on_date", by=system("job"), now=now)
    settle(thread, now=now)


def _ends_by_itself(step_run: StepRun, now: datetime) -> bool:
    return (
        step_run.step is not None
        and step_run.step.finishes == Step.Finishes.ON_DATE
        and step_run.reopened_count == 0
        and not step_run.waits_for
        and step_run.due_at is not None
        and step_run.due_at <= now
    )


def finish_due_steps(now: datetime) -> int:
    """End every step whose date has passed and that ends on it; how many. Each in its own transaction."""
    due = StepRun.objects.filter(
        state=StepRun.State.RUNNING,
        due_at__lte=now,
        step__finishes=Step.Finishes.ON_DATE,
        reopened_count=0,
        waits_for="",
        thread__state="open",
    )
    return sum(_finish_unless_changed(step_run, now) for step_run in due.order_by("due_at", "pk"))


def _finish_unless_changed(step_run: StepRun, now: datetime) -> bool:
    """False when somebody was quicker: moved the date, paused the thread, finished it by hand."""
    try:
        finish_on_date(step_run, now=now)
    except RuleViolation:
        return False
    return True


def _finish(
    step_run: StepRun,
    *,
    seen: int | None,
    by_rule: str | None,
    by: Actor,
    now: datetime,
    at: datetime | None = None,
) -> None:
    """``at`` is when it truly ended, never before it began here."""
    ended = max(at, step_run.started_at or at) if at else now
    move(
        step_run,
        only_if=_RUNNING,
        refused=_NOT_RUNNING,
        seen=seen,
        state=StepRun.State.DONE,
        finished_at=ended,
        waits_for="",
        waits_for_what="",
    )
    withdraw_open(step_run, reason=_("The step is done."), by=by, now=now)
    spans.close(step_run, ended_as=Span.End.DONE, now=ended)
    record(StepFinished(**about_step(step_run), by_rule=by_rule), by=by, now=now, occurred_at=ended)
    for hook in STEP_FINISHED:
        hook(step_run, by=by, now=now)
    advance(step_run, giver_after(step_run), by=by, now=now)


def end_step(step_run: StepRun, *, by_rule: str, by: Actor, now: datetime) -> None:
    """Part of a command that ends what the step was for: a case is closed, and leading it is done."""
    _finish(step_run, seen=None, by_rule=by_rule, by=by, now=now)


def giver_after(step_run: StepRun) -> Giver:
    """Who had it hands on; of a step that nobody had, who was to give it; failing that the owner."""
    last = step_run.handoffs.select_related("giver").order_by("-attempt").first()
    if step_run.holder is not None and step_run.holder.is_active:
        return Giver(step_run.holder, step_run.area_id, step_run.delegation_id)
    if last is not None and last.giver.is_active:
        return Giver(last.giver, last.from_area_id, last.from_delegation_id)
    return Giver(step_run.thread.owner, step_run.area_id, step_run.delegation_id)


@command
def skip_step(step_run: StepRun, *, reason: str, seen: int, by: Actor, now: datetime) -> None:
    """Not needed this time: an open offer of it is taken back, and what waited for it begins."""
    thread = open_to_work(step_run.thread_id)
    _require_answerable(step_run, by, or_owner=True)
    skip_run(step_run, _why_skipped(reason), seen=seen, by=by, now=now)
    advance(step_run, giver_after(step_run), by=by, now=now)
    settle(thread, now=now)


def _why_skipped(reason: str) -> str:
    return line(reason, field="reason", missing=_("Say why this step is not needed."))


def skip_run(step_run: StepRun, why: str, *, seen: int | None, by: Actor, now: datetime) -> None:
    move(
        step_run,
        only_if={"state__in": [StepRun.State.PLANNED, StepRun.State.OFFERED, StepRun.State.RUNNING]},
        refused=gettext_lazy("This step is over already."),
        seen=seen,
        state=StepRun.State.SKIPPED,
        finished_at=now,
        waits_for="",
        waits_for_what="",
    )
    spans.close(step_run, ended_as=Span.End.SKIPPED, now=now)
    withdraw_open(step_run, reason=why, by=by, now=now)
    record(StepSkipped(**about_step(step_run), reason=seal(why)), by=by, now=now)


@command(may_do_nothing=True)
def skip_remaining(work_item: WorkItem, *, reason: str, by: Actor, now: datetime) -> int:
    """Nothing of this work is needed any more: every step that is not over is skipped, none begins."""
    thread = open_to_work(work_item.thread_id)
    require_on(by, "thread.work", thread)
    _require_part(work_item, by, now)
    why = _why_skipped(reason)
    left = list(work_item.step_runs.exclude(state__in=OVER))
    for step_run in left:
        skip_run(step_run, why, seen=None, by=by, now=now)
    settle(thread, now=now)
    return len(left)


def end_delivered(work_item: WorkItem, *, at: datetime, by: Actor, now: datetime) -> None:
    """All of it was delivered: the delivering step and what led to it are over, what follows begins.

    Part of a command. A step that somebody is doing ends as done when it truly was; one that nobody had
    taken over here is not needed any more. The last ones first, so that none of them begins meanwhile.
    """
    runs = list(work_item.step_runs.select_related("step", "work_item", "thread__customer", "area"))
    why, passed_over = _("It was delivered before anybody took this step over."), []
    for step_run in reversed(_up_to_delivering(runs)):
        if step_run.state == StepRun.State.RUNNING:
            _finish(step_run, seen=None, by_rule="delivered", by=by, now=now, at=at)
        elif step_run.state not in OVER:
            skip_run(step_run, why, seen=None, by=by, now=now)
            passed_over.append(step_run)
    for step_run in passed_over:
        if step_run.step is not None and step_run.step.delivers:
            advance(step_run, giver_after(step_run), by=by, now=now)


def _up_to_delivering(runs: list[StepRun]) -> list[StepRun]:
    """The delivering steps and all before them, in the order in which they run."""
    links = StepRunLink.objects.filter(after__in=runs).values_list("before_id", "after_id")
    before: dict[int, list[int]] = {}
    for first, then in links:
        before.setdefault(then, []).append(first)
    wanted = {run.pk for run in runs if run.step and run.step.delivers}
    newest = set(wanted)
    while newest:
        newest = {pk for each in newest for pk in before.get(each, [])} - wanted
        wanted |= newest
    return [run for run in in_order(runs, before) if run.pk in wanted]


@command
def reopen_step(step_run: StepRun, *, reason: str, seen: int, by: Actor, now: datetime) -> None:
    """It was not done after all. Its own area goes on with it at once; anybody else offers it to them again.

    Offers of later steps that were not accepted yet are taken back: they wait for this one once more.
    """
    thread = open_to_work(step_run.thread_id)
    require_on(by, "thread.work", thread)
    _require_part(step_run.work_item, by, now)
    require_open(step_run.work_item)
    why = line(reason, field="reason", missing=_("Say what is not done yet."))
    move(
        step_run,
        only_if={"state": StepRun.State.DONE},
        refused=gettext_lazy("Only a step that is done can be reopened."),
        seen=seen,
        state=StepRun.State.OFFERED,
        holder=None,
        finished_at=None,
        due_at=None,
        reopened_count=F("reopened_count") + 1,
    )
    record(StepReopened(**about_step(step_run), reason=seal(why)), by=by, now=now)
    for later in StepRun.objects.filter(links_before__before=step_run, state__in=UNBEGUN):
        withdraw_open(later, reason=why, by=by, now=now)
    _bring_back(step_run, why, by, now)
    settle(thread, now=now)


def _bring_back(step_run: StepRun, why: str, by: Actor, now: datetime) -> None:
    due = proposed_due(step_run, now=now)
    if works_at([by.one.pk], step_run.area_id, step_run.delegation_id, now=now):
        start(step_run, holder=by.one, due=due, by=by, now=now)
        return
    handoff = prepare(step_run, side_of(by.one, step_run, now), by=by, now=now)
    handoff.items.filter(state="missing").update(state="explained", explanation=why)
    offer(handoff, ask=why, due=due, to_person=None, seen=None, by=by, now=now)


# While it runs --------------------------------------------------------------------------------------------


@command
def wait_for(step_run: StepRun, *, whom: str, what: str, seen: int, by: Actor, now: datetime) -> None:
    """It is the customer's or a supplier's turn; the step stays its holder's and its date stands."""
    thread = open_to_work(step_run.thread_id)
    _require_answerable(step_run, by)
    if whom not in (CUSTOMER, SUPPLIER):
        raise RuleViolation(_("Choose whether it waits for the customer or for a supplier."), field="whom")
    awaited = line(what, field="what", most=200, missing=_("Say what you are waiting for."))
    move(
        step_run,
        only_if=_RUNNING,
        refused=_NOT_RUNNING,
        seen=seen,
        waits_for=whom,
        waits_for_what=awaited,
    )
    record(StepWaiting(**about_step(step_run), for_whom=whom, what=seal(awaited)), by=by, now=now)
    settle(thread, now=now)


@command
def resume_step(step_run: StepRun, *, seen: int, by: Actor, now: datetime) -> None:
    """What it waited for has come: the turn is the holder's again."""
    thread = open_to_work(step_run.thread_id)
    _require_answerable(step_run, by)
    move(
        step_run,
        only_if={**_RUNNING, "waits_for__in": [CUSTOMER, SUPPLIER]},
        refused=gettext_lazy("This step is not waiting for anybody."),
        seen=seen,
        waits_for="",
        waits_for_what="",
    )
    record(StepResumed(**about_step(step_run)), by=by, now=now)
    settle(thread, now=now)


def _require_answerable(step_run: StepRun, by: Actor, *, or_owner: bool = False) -> None:
    require_on(by, "thread.work", step_run.thread)
    theirs = answers_for(by, step_run) or (or_owner and by.acts_for(step_run.thread.owner_id))
    who = step_run.holder or step_run.thread.owner
    require_side(
        theirs,
        _("%(person)s answers for this step: only they, who covers them or their area head can do this.")
        % {"person": who.name},
    )


def _require_part(work_item: WorkItem, by: Actor, now: datetime) -> None:
    require_side(
        takes_part(by, work_item, now=now),
        _("Only the owner and the areas that work on this can do this. Ask %(owner)s.")
        % {"owner": work_item.thread.owner.name},
    )
