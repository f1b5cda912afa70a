"""A corrective action in words: its state, how long it is watched, and what its watching can prove."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hilo.parties.actor import Actor
from hilo.quality.models import CorrectiveAction
from hilo.quality.queries.recurrence import rule_of_three
from hilo.web.base.words import Status

State = CorrectiveAction.State
OPEN_STATES = (State.OPEN, State.WATCHING, State.TO_JUDGE)


@dataclass(frozen=True, slots=True)
class ActionRow:
    action: CorrectiveAction
    status: Status
    is_late: bool
    is_mine: bool
    is_to_check: bool
    watched: str
    proves: str

    @property
    def is_over(self) -> bool:
        return self.action.state not in OPEN_STATES


def action_row(action: CorrectiveAction, actor: Actor, now: datetime) -> ActionRow:
    late = action.state == State.OPEN and action.due_at < now
    return ActionRow(
        action,
        status_of(action, late=late),
        is_late=late,
        is_mine=actor.acts_for(action.owner_id),
        is_to_check=actor.acts_for(action.checker_id),
        watched=watched_for(action),
        proves=what_it_proves(action),
    )


def status_of(action: CorrectiveAction, *, late: bool = False) -> Status:
    if late:
        return Status(_("Late"), "alert-circle", "late")
    shown = {
        State.OPEN: Status(_("Under way"), "hourglass"),
        State.WATCHING: Status(_("Done, being watched"), "eye", "accent"),
        State.TO_JUDGE: Status(_("To be judged"), "gavel", "warn"),
        State.EFFECTIVE: Status(_("It works"), "circle-check", "ok"),
        State.DROPPED: Status(_("Dropped"), "ban"),
    }
    return shown[State(action.state)]


def watched_for(action: CorrectiveAction) -> str:
    """20 veces o 90 días, lo que llegue más tarde."""
    days = ngettext("%(n)d day", "%(n)d days", action.window_days) % {"n": action.window_days}
    if not action.window_exposures:
        return days
    times = ngettext("%(n)d time", "%(n)d times", action.window_exposures) % {"n": action.window_exposures}
    return _("%(times)s or %(days)s") % {"times": times, "days": days}


def what_it_proves(action: CorrectiveAction) -> str:
    """What so many times without a failure would show; if it comes back, the action opens again by itself."""
    limit = rule_of_three(action.window_exposures) if action.window_exposures else ""
    return f"{limit} {_('If it happens again, this action opens again by itself.')}".strip()
