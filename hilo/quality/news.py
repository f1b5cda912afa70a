"""When the customer hears from us next about a case: prefilled by policy, never while nobody is at work.

One date per thread, the same inside and outside: this is the thread's own ``next_news_at``.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _

from hilo.businesstime import NoWorkingTime, WorkingTime
from hilo.errors import RuleViolation
from hilo.ledger.moving import move
from hilo.parties.actor import Actor
from hilo.parties.queries.calendars import clock_of_person
from hilo.quality.models import Case
from hilo.quality.queries.clocks import news_due_by_policy
from hilo.work.commands.pausing import count_news_move
from hilo.work.models import Thread


class NotAWorkingMoment(RuleViolation):
    """``next_moment`` is what the form offers instead."""

    def __init__(self, sentence: str, next_moment: datetime) -> None:
        super().__init__(sentence, field="next_news_at")
        self.next_moment = next_moment


def require_working_moment(thread: Thread, moment: datetime | None, *, now: datetime) -> datetime:
    """The date for the next news, if it was given, is still to come and somebody of ours works then."""
    if moment is None:
        raise RuleViolation(
            _("Say when they will hear from us next: that date is what they count on."), field="next_news_at"
        )
    hours = clock_of_person(thread.owner_id)
    if moment <= now:
        following = hours.next_open(now)
        raise NotAWorkingMoment(
            _("That moment has passed. The next working moment is %(moment)s.")
            % {"moment": _said(following, hours)},
            following,
        )
    if not _somebody_works(hours, moment):
        following = hours.next_open(moment)
        raise NotAWorkingMoment(
            _("Nobody works here then, so nobody could tell them. The next working moment is %(moment)s.")
            % {"moment": _said(following, hours)},
            following,
        )
    return moment


def _somebody_works(hours: WorkingTime, moment: datetime) -> bool:
    """The very end of a shift counts: "before 14:00" is said of a shift that ends at 14:00."""
    try:
        return hours.is_open(moment) or hours.previous_close(moment) == moment
    except NoWorkingTime:
        return False


def _said(moment: datetime, hours: WorkingTime) -> str:
    local = moment.astimezone(ZoneInfo(hours.rules.zone))
    # Translators: how a day and an hour are written out, in the letters of Django's date formats.
    return formats.date_format(local, _("l, F j, H:i"))


def prefilled_news(case: Case, *, said_at: datetime, now: datetime) -> datetime:
    """By policy, counted from what was said; from now if that has passed already."""
    due = news_due_by_policy(case, since=said_at)
    return due if due > now else news_due_by_policy(case, since=now)


def tighten_news(case: Case, *, by: Actor, now: datetime) -> None:
    """Bring the date forward to what the policy wants for such a case; a date that is earlier stands.

    Moved without a message, so counted with its reason like any other (SPEC 2.1).
    """
    thread = case.thread
    wanted = news_due_by_policy(case, since=now)
    old = thread.next_news_at
    if not case.customer_knows or old is None or old <= wanted:
        return
    reason = _("A case was opened: the customer should hear sooner.")
    move(thread, only_if={"next_news_at": old}, refused=reason, next_news_at=wanted)
    count_news_move(
        thread, old=old, new=wanted, reason=reason, person=by.person or case.owner, by=by, now=now
    )
