"""Moving a date of the plan with all that follows from it, and putting it back (SPEC 2.9, 2.11).

What a page showed and what is saved here come from the same ``foresee``: nobody saves consequences they did
not see, and a date the customer was promised moves with a message to them or not at all.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.errors import RuleViolation, Stale
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Related, record, seal
from hilo.parties.actor import Actor
from hilo.parties.texts import one_of
from hilo.work.access import require_on
from hilo.work.commands.passing import Common, about_step, replan
from hilo.work.commands.promised_dates import Telling, require_telling, tell_of
from hilo.work.contradictions import look_for_contradictions
from hilo.work.events.plan import PlanMoved, PlanMoveUndone
from hilo.work.models import PlanMove, ReserveUse, StepRun, Thread, Update
from hilo.work.news import said_working_moment
from hilo.work.planned import Foresight, foresee_on, made_late
from hilo.work.planning import Edge, Why
from hilo.work.settling import settle
from hilo.work.sides import answers_for, open_to_work, require_side
from hilo.work.texts import line

MOVABLE: dict[str, object] = {"state__in": [StepRun.State.PLANNED, StepRun.State.RUNNING]}
FURTHEST_YEARS = 20
_UNDER_WAY = gettext_lazy("This step is no longer planned as you saw it. Look at the plan again.")
_CHANGED = gettext_lazy("The plan changed since you looked: what follows is different now. Look at it again.")


@command
def replan_step(
    step_run: StepRun,
    *,
    edge: str,
    to: datetime,
    reason: str = "",
    telling: Telling | None = None,
    shown: str | None = None,
    seen: int,
    by: Actor,
    now: datetime,
) -> PlanMove:
    """Move the end or the start of a step: later steps follow, and what that takes of the reserve is logged.

    ``shown`` is the ``Foresight.shown`` of the page: refused when the move would do something else by now.
    Beginning and ending a step are other commands: no date ever makes a step begun or done.
    """
    thread = open_to_work(step_run.thread_id)
    require_on(by, "thread.work", thread)
    step_run.refresh_from_db()
    _require_answerable(step_run, by)
    if abs(to.year - now.year) > FURTHEST_YEARS:
        raise RuleViolation(_("Check the year of that date."), field="to")
    foresight = foresee_on(step_run, edge=Edge(one_of(edge, list(Edge), field="edge")), to=to, now=now)
    refuse_impossible(foresight)
    if shown is not None and shown != foresight.shown:
        raise Stale(_CHANGED)
    why = _reason_for(foresight, reason)
    require_telling(foresight.late, telling)
    saved = _save(foresight, thread, why, seen=seen, by=by, now=now)
    tell_of(foresight.late, thread, telling, by=by, now=now)
    look_for_contradictions(thread, by=by, now=now)
    settle(thread, now=now)
    return saved


def _require_answerable(step_run: StepRun, by: Actor) -> None:
    who = step_run.holder if step_run.state == StepRun.State.RUNNING else step_run.thread.owner
    require_side(
        answers_for(by, step_run),
        _("%(person)s answers for the date of this step: ask them, or the head of %(area)s.")
        % {"person": who.name if who else step_run.thread.owner.name, "area": step_run.area.name},
    )


def refuse_impossible(foresight: Foresight) -> None:
    if foresight.obstacle is not None:
        raise RuleViolation(said_obstacle(foresight), field="to")


def said_obstacle(foresight: Foresight) -> str:
    """Why the date cannot be there, and what to do instead."""
    found, run = foresight.obstacle, foresight.run
    assert found is not None
    clock = foresight.plan.clock_of(run.pk)
    facts = {
        "step": run.name,
        "area": run.area.name,
        "possible": said_working_moment(found.possible, clock) if found.possible else "",
        "before": foresight.plan.runs[found.waits_for].name if found.waits_for else "",
    }
    needs_only_time = found.why == Why.TOO_EARLY and found.waits_for is None
    return str((_TIME_ALONE if needs_only_time else _OBSTACLES[found.why]) % facts)


_OBSTACLES = {
    Why.OVER: gettext_lazy("«%(step)s» is over: its dates are history. If it is not done, reopen it."),
    Why.OFFERED: gettext_lazy(
        "«%(step)s» is on offer, and the offer carries its date. %(area)s can accept it with another one."
    ),
    Why.BEGUN: gettext_lazy("«%(step)s» has begun: only its end can still move."),
    Why.PAST: gettext_lazy(
        "A date in the past makes no step begun or done: whoever does «%(step)s» says so. "
        "Choose a moment from %(possible)s on."
    ),
    Why.CLOSED: gettext_lazy("%(area)s does not work then. The next working moment is %(possible)s."),
    Why.TOO_EARLY: gettext_lazy(
        "«%(step)s» waits for «%(before)s» and needs its own time: it can be there on %(possible)s at the "
        "earliest."
    ),
    Why.SAME: gettext_lazy("That is the date it has already."),
}


_TIME_ALONE = gettext_lazy("«%(step)s» needs its own time: it can be there on %(possible)s at the earliest.")


def _reason_for(foresight: Foresight, given: str) -> str:
    missing = _("Say why the date moves: the next plan learns from it.") if foresight.needs_reason else ""
    if foresight.lost and foresight.reserve_left is None:
        missing = _("This plan has no reserve, so every day counts: say why the date moves.")
    return line(given, field="reason", missing=missing)


def _save(foresight: Foresight, thread: Thread, why: str, *, seen: int, by: Actor, now: datetime) -> PlanMove:
    first, *others = foresight.shifts
    run = first.run
    move(run, only_if=MOVABLE, refused=_UNDER_WAY, seen=seen, due_at=first.new)
    for shift in others:
        planned = StepRun.objects.filter(pk=shift.run.pk, state=StepRun.State.PLANNED)
        planned.update(due_at=shift.new)
    saved = PlanMove.objects.create(
        thread=thread,
        work_item=run.work_item,
        step_run=run,
        dates=[[one.run.pk, _iso(one.old), one.new.isoformat()] for one in foresight.shifts],
        reason=why,
        moved_by=by.one,
        moved_at=now,
        reserve_use=_use_reserve(foresight, thread, why, by=by, now=now),
    )
    record(
        PlanMoved(
            **_about(run, [shift.run.pk for shift in others]),
            old=first.old,
            new=first.new,
            pushed=len(others),
            minutes=foresight.minutes,
            reason=seal(why) if why else None,
        ),
        by=by,
        now=now,
    )
    replan(run.work_item, by=by, now=now)
    return saved


def _about(run: StepRun, pushed: list[int]) -> Common:
    common = about_step(run)
    common["related"] = (*common["related"], *(Related("step_run", pk, "pushed") for pk in pushed))
    return common


def _use_reserve(
    foresight: Foresight, thread: Thread, why: str, *, by: Actor, now: datetime
) -> ReserveUse | None:
    if not foresight.minutes:
        return None
    return ReserveUse.objects.create(
        thread=thread, minutes=foresight.minutes, reason=why, used_by=by.one, used_at=now
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


# ---- putting it back ------------------------------------------------------------------------------------


@command
def undo_replan(plan_move: PlanMove, *, seen: int, by: Actor, now: datetime) -> None:
    """Every date as it was, and the reserve with it: only while nothing has followed from the move."""
    thread = open_to_work(plan_move.thread_id)
    require_on(by, "thread.work", thread)
    run = StepRun.objects.select_related("work_item", "thread__owner", "area", "holder").get(
        pk=plan_move.step_run_id
    )
    _require_answerable(run, by)
    refused = why_not_undone(plan_move, now=now)
    if refused:
        raise RuleViolation(refused)
    _refuse_to_break_a_newer_promise(plan_move)
    already = gettext_lazy("This change was undone already.")
    move(plan_move, only_if={"undone_at": None}, refused=already, seen=seen, undone_at=now)
    for pk, old, _new in plan_move.dates:
        StepRun.objects.filter(pk=pk).update(due_at=_moment(old))
    minutes = _give_back(plan_move)
    _first, old, new = plan_move.dates[0]
    run.refresh_from_db()
    move(run, only_if=MOVABLE, refused=_UNDER_WAY)  # who looked at it before looks again
    record(
        PlanMoveUndone(
            **_about(run, [pk for pk, *_rest in plan_move.dates[1:]]),
            old=datetime.fromisoformat(new),
            new=datetime.fromisoformat(old) if old else datetime.fromisoformat(new),
            minutes=minutes,
        ),
        by=by,
        now=now,
    )
    replan(run.work_item, by=by, now=now)
    look_for_contradictions(thread, by=by, now=now)
    settle(thread, now=now)


def _refuse_to_break_a_newer_promise(plan_move: PlanMove) -> None:
    """Promised on the earlier date that the move brought: the way back is a move that tells the customer."""
    late = made_late(plan_move.work_item, {pk: _moment(old) for pk, old, _new in plan_move.dates})
    if late:
        raise RuleViolation(
            _("«%(promise)s» was promised to %(contact)s since then. Move the date, and tell them as well.")
            % {"promise": late[0].text, "contact": late[0].contact}
        )


def _moment(iso: str | None) -> datetime | None:
    return datetime.fromisoformat(iso) if iso else None


def _give_back(plan_move: PlanMove) -> int:
    use = plan_move.reserve_use
    if use is None:
        return 0
    minutes = use.minutes
    PlanMove.objects.filter(pk=plan_move.pk).update(reserve_use=None)
    use.delete()
    plan_move.refresh_from_db()
    return minutes


def why_not_undone(plan_move: PlanMove, *, now: datetime) -> str:
    """The sentence that says what followed; empty while the move can be undone."""
    if plan_move.undone_at is not None:
        return _("This change was undone already.")
    later = PlanMove.objects.filter(work_item=plan_move.work_item_id, undone_at=None, pk__gt=plan_move.pk)
    if later.exists():
        return _("The plan moved again since then. Move the date to where it should be.")
    if not _dates_stand(plan_move):
        return _("Work went on since then. Move the date to where it should be.")
    if any(old and datetime.fromisoformat(old) <= now for _pk, old, _new in plan_move.dates):
        return _("The date it had has passed meanwhile. Choose another one.")
    if Update.objects.filter(thread=plan_move.thread_id, said_at__gte=plan_move.moved_at).exists():
        return _("The customer has had a message since then. Move the date, and tell them that as well.")
    return ""


def _dates_stand(plan_move: PlanMove) -> bool:
    found = StepRun.objects.filter(pk__in=[pk for pk, *_rest in plan_move.dates], **MOVABLE)
    dates = dict(found.values_list("pk", "due_at"))
    return all(dates.get(pk) == datetime.fromisoformat(new) for pk, _old, new in plan_move.dates)
