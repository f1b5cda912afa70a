"""What changes, who does it, who else checks, and whether it worked (SPEC 7.6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hilo.errors import NotAllowed, RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import record, seal
from hilo.parties.actor import Actor
from hilo.parties.days import local_day
from hilo.parties.holdings import Holding, locked, register_area_work, register_holding
from hilo.parties.models import Area, Person
from hilo.parties.queries.calendars import end_of_next_working_day
from hilo.parties.queries.people import caretaker_for, directors, hold_active
from hilo.parties.texts import one_of
from hilo.quality.analysing import (
    analyses_visible_to,
    cases_of,
    first_cases,
    require_on_analysis,
    require_on_cases,
)
from hilo.quality.blameless import customers_of, impersonal_line
from hilo.quality.commands.recurring import place_of_action, reopen
from hilo.quality.events.actions import (
    ActionAreaChanged,
    ActionDone,
    ActionDropped,
    ActionExtended,
    ActionJudged,
    ActionPassed,
    ActionPlanned,
    ActionWindowEnded,
)
from hilo.quality.models import ActionExtension, AnalysedCase, Analysis, Case, CorrectiveAction
from hilo.quality.queries.recurrence import watch
from hilo.work.owed import Debtor, Owed, OwedTo, Reads, owed
from hilo.work.sides import require_in_force
from hilo.work.texts import no_longer_here

State = CorrectiveAction.State
LONGEST_WINDOW = 1_000  # days, or exposures
_OPEN: dict[str, object] = {"state": State.OPEN}
_NOT_OPEN = gettext_lazy("This action is done or dropped already.")
_UNSETTLED = (State.OPEN, State.WATCHING, State.TO_JUDGE)


@command
def plan_action(
    analysis: Analysis,
    *,
    kind: str = CorrectiveAction.Kind.CORRECTIVE,
    text: str,
    owner: Person,
    checker: Person,
    area: Area,
    criterion: str,
    metric: str = CorrectiveAction.Metric.RECURRENCES,
    allowed: int = 0,
    window_days: int = 90,
    window_exposures: int = 20,
    due_at: datetime,
    by: Actor,
    now: datetime,
) -> CorrectiveAction:
    """Something that changes, who does it by when, who else checks, and when it is called working."""
    require_on_analysis(by, analysis)
    customers = customers_of(analysis)
    words = impersonal_line(
        text, field="text", missing=_("Say what changes from now on."), customers=customers
    )
    works_if = impersonal_line(
        criterion,
        field="criterion",
        missing=_("Say by what you will see that it works."),
        customers=customers,
    )
    _refuse_own_checker(owner, checker)
    _refuse_unmeasurable(analysis, kind, metric, allowed, window_days, window_exposures)
    if due_at <= now:
        raise RuleViolation(_("Choose a moment still to come."), field="due_at")
    require_in_force(area, now=now)
    for person, field in ((owner, "owner"), (checker, "checker")):
        hold_active(person, refused=no_longer_here(person), field=field)
    action = CorrectiveAction.objects.create(
        analysis=analysis,
        kind=kind,
        text=words,
        owner=owner,
        checker=checker,
        area=area,
        criterion=works_if,
        metric=metric,
        allowed=allowed,
        window_days=window_days,
        window_exposures=window_exposures,
        due_at=due_at,
        first_due_at=due_at,
        created_at=now,
    )
    _record_planned(action, by=by, now=now)
    return action


def _record_planned(action: CorrectiveAction, *, by: Actor, now: datetime) -> None:
    record(
        ActionPlanned(
            **place_of_action(action),
            action_kind=action.kind,
            text=seal(action.text),
            owner=action.owner_id,
            checker=action.checker_id,
            area=action.area_id,
            criterion=seal(action.criterion),
            metric=action.metric,
            allowed=action.allowed,
            window_days=action.window_days,
            window_exposures=action.window_exposures,
            due=action.due_at,
        ),
        by=by,
        now=now,
    )


def _refuse_own_checker(owner: Person, checker: Person) -> None:
    if owner.pk == checker.pk:
        raise RuleViolation(
            _("Whoever does it cannot be the one who checks it. Choose somebody who takes no part."),
            field="checker",
        )


def _refuse_unmeasurable(
    analysis: Analysis, kind: str, metric: str, allowed: int, days: int, exposures: int
) -> None:
    one_of(kind, list(CorrectiveAction.Kind.values), field="kind")
    one_of(metric, list(CorrectiveAction.Metric.values), field="metric")
    for value, least, field in (
        (allowed, 0, "allowed"),
        (days, 1, "window_days"),
        (exposures, 0, "window_exposures"),
    ):
        if not least <= value <= LONGEST_WINDOW:
            raise RuleViolation(
                _("Give a number between %(least)s and %(most)s.") % {"least": least, "most": LONGEST_WINDOW},
                field=field,
            )
    analysis.refresh_from_db()
    border = analysis.lost_at_entry and analysis.lost_from_area_id is not None
    if metric == CorrectiveAction.Metric.MISSING_ITEMS and not border:
        raise RuleViolation(
            _("Mark first between which areas it got lost: their handoffs are what is counted."),
            field="metric",
        )


def _require_doer(action: CorrectiveAction, by: Actor) -> None:
    """Its owner, who covers them, or the head of its area."""
    mine = by.acts_for(action.owner_id) or action.area_id in by.headed_area_ids
    require_on_cases(by, cases_of(action.analysis), personally=mine)
    if not mine:
        raise NotAllowed(
            _("%(name)s does this: only they say when it is done.") % {"name": action.owner.name}
        )


@command
def extend_action(
    action: CorrectiveAction,
    *,
    due_at: datetime,
    reason: str,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> ActionExtension:
    """A later date is a decision of its own; the first one stays on record."""
    mine = by.acts_for(action.owner_id) or by.acts_for(action.checker_id)
    require_on_cases(by, cases_of(action.analysis), personally=mine)
    words = impersonal_line(
        reason,
        field="reason",
        missing=_("Say why it needs longer."),
        customers=customers_of(action.analysis),
    )
    action.refresh_from_db()
    old = action.due_at
    if due_at <= max(old, now):
        raise RuleViolation(_("Choose a later date than the one agreed."), field="due_at")
    move(action, only_if={**_OPEN, "due_at": old}, refused=_NOT_OPEN, seen=seen, due_at=due_at)
    extension = ActionExtension.objects.create(
        action=action, old=old, new=due_at, reason=words, author=by.one, at=now
    )
    record(ActionExtended(**place_of_action(action), old=old, new=due_at, reason=seal(words)), by=by, now=now)
    return extension


@command
def finish_action(
    action: CorrectiveAction, *, how: str, seen: int | None = None, by: Actor, now: datetime
) -> None:
    """Done: from now on it is watched whether it comes back."""
    _require_doer(action, by)
    words = impersonal_line(
        how,
        field="how",
        missing=_("Say what was changed, and where it can be seen."),
        customers=customers_of(action.analysis),
    )
    move(
        action,
        only_if=_OPEN,
        refused=_NOT_OPEN,
        seen=seen,
        state=State.WATCHING,
        done_at=now,
        done_how=words,
    )
    record(ActionDone(**place_of_action(action), how=seal(words)), by=by, now=now)


@command
def end_window(action: CorrectiveAction, *, now: datetime, by: Actor) -> None:
    """The time of watching is over, or it is clear already that it came back: the checker judges it."""
    if not by.is_system:
        raise RuleViolation(_("The window ends by the clock alone."))
    standing = watch(action, now)
    if not (standing.window_ended(now) or standing.is_recurring):
        raise RuleViolation(_("This action is still being watched."))
    move(
        action,
        only_if={"state": State.WATCHING},
        refused=_("This action is not being watched."),
        state=State.TO_JUDGE,
        to_judge_at=now,
    )
    record(
        ActionWindowEnded(
            **place_of_action(action), recurrences=standing.recurrences, exposures=standing.exposures
        ),
        by=by,
        now=now,
    )


@command
def judge_action(
    action: CorrectiveAction,
    *,
    works: bool,
    judgement: str,
    due_at: datetime | None = None,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """The checker says whether it works; the figures counted at that moment are kept.

    Not working opens it again, with a new date (``due_at``); that can be said before the window ends too.
    """
    _require_checker(action, by)
    words = impersonal_line(
        judgement,
        field="judgement",
        missing=_("Say what you looked at, and what you saw."),
        customers=customers_of(action.analysis),
    )
    standing = watch(action, now)
    if works and standing.is_recurring:
        raise RuleViolation(
            ngettext(
                "It came back once since it was done: it cannot be called working.",
                "It came back %(count)s times since it was done: it cannot be called working.",
                standing.recurrences,
            )
            % {"count": standing.recurrences},
            field="works",
        )
    if not works and (due_at is None or due_at <= now):
        raise RuleViolation(_("Say by when it is done differently."), field="due_at")
    move(
        action,
        only_if={"state": State.TO_JUDGE} if works else {"state__in": [State.TO_JUDGE, State.WATCHING]},
        refused=_not_yet(action),
        seen=seen,
        state=State.EFFECTIVE if works else State.TO_JUDGE,
        judged_at=now,
        judgement=words,
        recurrences=standing.recurrences,
        exposures=standing.exposures,
    )
    record(
        ActionJudged(
            **place_of_action(action),
            works=works,
            recurrences=standing.recurrences,
            exposures=standing.exposures,
            judgement=seal(words),
        ),
        by=by,
        now=now,
    )
    if due_at is not None and not works:
        reopen(action, why="not_effective", analysis=None, due=due_at, by=by, now=now)


def _require_checker(action: CorrectiveAction, by: Actor) -> None:
    """The checker or who covers them; never whoever does it, not even as a substitute."""
    mine = by.acts_for(action.checker_id)
    require_on_cases(by, cases_of(action.analysis), personally=mine)
    if not mine or by.one.pk == action.owner_id:
        raise NotAllowed(
            _("%(name)s checks this: nobody else says whether it works.") % {"name": action.checker.name}
        )


def _not_yet(action: CorrectiveAction) -> str:
    action.refresh_from_db()
    if action.state == State.WATCHING:
        return _("It is still being watched: judge it when the time and the uses agreed have passed.")
    return _("This action is not waiting to be judged.")


@command
def drop_action(
    action: CorrectiveAction, *, reason: str, seen: int | None = None, by: Actor, now: datetime
) -> None:
    """It will not be done: said by its checker, who leads the analysis, or a director; not by its owner."""
    others = by.acts_for(action.checker_id) or by.acts_for(action.analysis.owner_id)
    require_on_cases(by, cases_of(action.analysis), personally=others)
    if not (others or by.one.is_director) or by.one.pk == action.owner_id:
        raise NotAllowed(
            _("%(name)s, who checks it, decides whether it is dropped.") % {"name": action.checker.name}
        )
    words = impersonal_line(
        reason,
        field="reason",
        missing=_("Say why it will not be done."),
        customers=customers_of(action.analysis),
    )
    move(
        action,
        only_if={"state__in": [State.OPEN, State.WATCHING, State.TO_JUDGE]},
        refused=gettext_lazy("This action is judged or dropped already."),
        seen=seen,
        state=State.DROPPED,
    )
    record(ActionDropped(**place_of_action(action), reason=seal(words)), by=by, now=now)


# What is owed and held ------------------------------------------------------------------------------------


def _to_do_or_judge(debtor: Debtor) -> QuerySet[CorrectiveAction]:
    return CorrectiveAction.objects.filter(
        Q(state=State.OPEN, owner__in=debtor.people) | Q(state=State.TO_JUDGE, checker__in=debtor.people),
        analysis__in=analyses_visible_to(debtor.actor),
    )


def _analysed(debtor: Debtor) -> QuerySet[AnalysedCase]:
    return AnalysedCase.objects.filter(analysis__in=_to_do_or_judge(debtor).values("analysis"))


@owed(
    Reads(_to_do_or_judge, "owner", "checker"),
    Reads(_analysed),
    Reads(lambda debtor: Case.objects.filter(pk__in=_analysed(debtor).values("case")), "thread"),
)
def actions_owed(
    debtor: Debtor,
    actions: Iterable[CorrectiveAction],
    analysed: Iterable[AnalysedCase],
    cases: Iterable[Case],
) -> Iterator[Owed]:
    """To do, and to judge. The thread is that of the first case; archived or not, the action goes on."""
    first = first_cases(analysed, cases)
    for action in actions:
        judging = action.state == State.TO_JUDGE
        yield Owed(
            kind="judge_action" if judging else "do_action",
            type="action",
            id=action.pk,
            version=action.version,
            label=action.text,
            due=_judge_by(action, debtor) if judging else action.due_at,
            to=OwedTo.SELF,
            thread=first[action.analysis_id].thread,
            whom=action.owner.name if judging else action.checker.name,
            covers=debtor.in_whose_stead(action.checker if judging else action.owner),
        )


def _judge_by(action: CorrectiveAction, debtor: Debtor) -> datetime:
    """The end of the checker's working day after the window ended."""
    assert action.to_judge_at is not None
    return end_of_next_working_day(debtor.hours.of_person(action.checker_id), action.to_judge_at)


def _held(person: Person) -> Q:
    return Q(state__in=_UNSETTLED) & (Q(owner=person) | Q(checker=person))


def _pass_on(leaver: Person, caretaker: Person, *, by: Actor, now: datetime) -> int:
    """Both sides pass, but never to one person: where the caretaker has the other side, the next one up."""
    held = list(locked(CorrectiveAction.objects.filter(_held(leaver)).select_related("owner", "checker")))
    for action in held:
        side = "owner" if action.owner_id == leaver.pk else "checker"
        other = action.checker if side == "owner" else action.owner
        taker = caretaker if caretaker.pk != other.pk else _another(other, leaver, now)
        move(
            action,
            only_if={"state__in": list(_UNSETTLED)},
            refused=_NOT_OPEN,
            owner=taker if side == "owner" else action.owner,
            checker=taker if side == "checker" else action.checker,
        )
        record(
            ActionPassed(**place_of_action(action), side=side, old=leaver.pk, new=taker.pk), by=by, now=now
        )
    return len(held)


def _another(other: Person, leaver: Person, now: datetime) -> Person:
    """Who keeps a side when the caretaker has the other one already: their own head, a director, anybody."""
    above = caretaker_for(other, local_day(now, other.zone))
    candidates = [above, *directors(), *Person.objects.filter(is_active=True).order_by("pk")[:3]]
    found = (each for each in candidates if each is not None and each.pk not in (other.pk, leaver.pk))
    person = next(found, None)
    if person is None:
        raise RuleViolation(
            _("Nobody is left to check “%(name)s”'s actions. Drop them or judge them first.")
            % {"name": other.name}
        )
    return person


register_holding(
    Holding(
        kind="action",
        count=lambda person: CorrectiveAction.objects.filter(_held(person)).count(),
        pass_on=_pass_on,
    )
)


def _pass_on_to_successor(old_area: Area, new_area: Area, /, *, by: Actor, now: datetime) -> int:
    rows = CorrectiveAction.objects.filter(area=old_area, state__in=_UNSETTLED)
    actions = list(locked(rows))
    for action in actions:
        move(action, only_if={"state__in": list(_UNSETTLED)}, refused=_NOT_OPEN, area=new_area)
        record(
            ActionAreaChanged(**place_of_action(action), old_area=old_area.pk, new_area=new_area.pk),
            by=by,
            now=now,
        )
    return len(actions)


register_area_work("action", _pass_on_to_successor)
