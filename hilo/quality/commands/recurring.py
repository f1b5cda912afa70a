"""When it happens again: the action against it opens again, whoever is on holiday (SPEC 7.6).

Not commands: the commands of causes and of actions are made of these, inside their own transaction.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy

from hilo.ledger.moving import move
from hilo.ledger.record import Ref, Related, record
from hilo.parties.actor import Actor
from hilo.parties.commands.notices import notify
from hilo.parties.holdings import locked
from hilo.parties.notice_words import register_notice
from hilo.parties.queries.calendars import clock_of_person, end_of_next_working_day
from hilo.quality.analysing import place_of_analysis, thread_of
from hilo.quality.events.actions import ActionReopened
from hilo.quality.models import Analysis, CorrectiveAction
from hilo.quality.queries.recurrence import actions_against, count_recurrences
from hilo.work.events.place import Place

register_notice(
    "action_reopened", gettext_lazy("An action did not prevent it: it is open again."), "refresh", daily=True
)
State = CorrectiveAction.State
DONE_STATES = (State.WATCHING, State.TO_JUDGE, State.EFFECTIVE)


def place_of_action(action: CorrectiveAction, *also: Related) -> Place:
    place = place_of_analysis(action.analysis, "action", action.pk, area_id=action.area_id)
    return Place(**{**place, "related": (*place["related"], *also)})


def reopen_what_recurred(analysis: Analysis, *, by: Actor, now: datetime) -> list[CorrectiveAction]:
    """Actions against this cause that were being watched when one of its cases came in.

    One judged to work answers for what came in before it was judged: the case was there, its cause not known.
    """
    reopened = []
    rows = actions_against(analysis).filter(state__in=DONE_STATES)
    for action in locked(rows.select_related("analysis__lost_at__template_version", "owner").order_by("pk")):
        until = action.judged_at if action.state == State.EFFECTIVE and action.judged_at else now
        if count_recurrences(action, until=until) > action.allowed:
            reopen(
                action, why="recurrence", analysis=analysis, due=_as_long_again(action, now), by=by, now=now
            )
            reopened.append(action)
    return reopened


def _as_long_again(action: CorrectiveAction, now: datetime) -> datetime:
    """It gets the time it was given first; its owner extends it, with a reason, if that is too short."""
    least = end_of_next_working_day(clock_of_person(action.owner_id), now)
    return max(now + (action.first_due_at - action.created_at), least)


def reopen(
    action: CorrectiveAction,
    *,
    why: str,
    analysis: Analysis | None,
    due: datetime,
    by: Actor,
    now: datetime,
) -> None:
    """To be done again, differently; what was counted when it was judged stays on record in the ledger."""
    move(
        action,
        only_if={"state__in": list(DONE_STATES)},
        refused="",
        state=State.OPEN,
        reopened_count=action.reopened_count + 1,
        due_at=due,
        done_at=None,
        to_judge_at=None,
        judged_at=None,
    )
    also = () if analysis is None else (Related("analysis", analysis.pk, "recurrence"),)
    record(
        ActionReopened(
            **place_of_action(action, *also),
            why=why,
            due=due,
            count=action.reopened_count,
            analysis=analysis.pk if analysis else None,
        ),
        by=by,
        now=now,
    )
    for person in {action.owner, action.checker}:
        notify(
            person,
            key=f"action_reopened:{action.pk}:{action.reopened_count}",
            kind="action_reopened",
            thread_id=thread_of(action.analysis).pk,
            subject=Ref("action", action.pk),
            interrupts=False,
            now=now,
        )
